//! What a pipeline would do, by field names: the form on which it is decided what can be left out.
//!
//! Backward liveness: from the fields that are wanted, step by step towards the front, a filter
//! stays if it can write one of them (or tags, if those are wanted, or does what cannot be
//! foreseen); what it reads is then wanted of the steps before it.

use std::collections::BTreeSet;

use super::expression::Expression;
use super::fields::Fields;
use super::filter::{Common, Filter};
use super::reference::{Reference, overlap};
use crate::diagnostic::Diagnostic;

/// The fields whose values matter from a place of the pipeline on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Live {
    /// All of them.
    All,
    /// These, by dotted names.
    Names(BTreeSet<String>),
}

impl Live {
    /// Whether a write to the field matters.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Live::All => true,
            Live::Names(names) => names.contains(name) || names.iter().any(|n| overlap(n, name)),
        }
    }

    fn add(&mut self, name: &str) {
        if let Live::Names(names) = self {
            names.insert(name.to_owned());
        }
    }

    fn join(&mut self, other: Live) {
        match (&mut *self, other) {
            (Live::Names(names), Live::Names(more)) => names.extend(more),
            _ => *self = Live::All,
        }
    }
}

/// What a filter can do to an event, by dotted names.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Fields whose values it looks at.
    pub(super) reads: Vec<String>,
    /// Fields that it may set or remove.
    pub(super) writes: Vec<String>,
    /// It can tag the event.
    pub(super) tags: bool,
    /// It may drop the event, or write what only the event tells.
    pub(super) barrier: bool,
}

impl Effects {
    pub(super) fn read(&mut self, field: &Reference) {
        self.reads.push(field.stem());
    }

    pub(super) fn write(&mut self, field: &Reference) {
        self.writes.push(field.stem());
    }
}

/// A filter before it is bound to slots.
pub(super) trait Plan: std::fmt::Debug {
    /// What it can do.
    fn effects(&self) -> Effects;

    /// Makes it runnable, for the fields that matter after it.
    fn bind(&self, fields: &Fields, live: &Live) -> Result<Box<dyn Filter>, Diagnostic>;
}

/// A step of a pipeline.
#[derive(Debug)]
pub(super) enum Step {
    /// A filter, what it does after success, and what matters after it.
    Filter { plan: Box<dyn Plan>, common: Common<Reference>, live: Live },
    /// Conditions and what they guard.
    Branch { arms: Vec<(Expression<Reference>, Vec<Step>)>, otherwise: Vec<Step> },
}

/// Leaves out the steps that nobody needs; what matters before the rest.
pub(super) fn project(steps: Vec<Step>, live: &mut Live) -> Vec<Step> {
    let mut kept = Vec::with_capacity(steps.len());
    for step in steps.into_iter().rev() {
        if let Some(step) = project_step(step, live) {
            kept.push(step);
        }
    }
    kept.reverse();
    kept
}

fn project_step(step: Step, live: &mut Live) -> Option<Step> {
    match step {
        Step::Filter { plan, common, .. } => {
            let mut effects = plan.effects();
            common.effects(&mut effects);
            let needed = effects.barrier
                || (effects.tags && live.has("tags"))
                || effects.writes.iter().any(|name| live.has(name));
            if !needed {
                return None;
            }
            let after = live.clone();
            effects.reads.iter().for_each(|name| live.add(name));
            // Appending and renaming look at what was there before.
            effects.writes.iter().for_each(|name| live.add(name));
            Some(Step::Filter { plan, common, live: after })
        }
        Step::Branch { arms, otherwise } => {
            let after = live.clone();
            let mut before = after.clone();
            let mut needed = false;
            let arms: Vec<_> = arms
                .into_iter()
                .map(|(condition, body)| {
                    let mut inside = after.clone();
                    let body = project(body, &mut inside);
                    before.join(inside);
                    needed |= !body.is_empty() || condition.may_drop();
                    (condition, body)
                })
                .collect();
            let mut inside = after;
            let otherwise = project(otherwise, &mut inside);
            before.join(inside);
            if !needed && otherwise.is_empty() {
                return None;
            }
            *live = before;
            for (condition, _) in &arms {
                condition.reads(&mut |field| live.add(&field.stem()));
            }
            Some(Step::Branch { arms, otherwise })
        }
    }
}

/// All names that steps read or write, for the layout.
pub(super) fn names(steps: &[Step], names: &mut BTreeSet<String>) {
    for step in steps {
        match step {
            Step::Filter { plan, common, live } => {
                let mut effects = plan.effects();
                common.effects(&mut effects);
                names.extend(effects.reads);
                names.extend(effects.writes.into_iter().filter(|name| live.has(name)));
            }
            Step::Branch { arms, otherwise } => {
                for (condition, body) in arms {
                    condition.reads(&mut |field| {
                        names.insert(field.stem());
                    });
                    self::names(body, names);
                }
                self::names(otherwise, names);
            }
        }
    }
}
