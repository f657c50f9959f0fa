//! Compiles a configuration's filter sections.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Branch, Config, SectionKind, Statement};
use super::expression::Expression;
use super::fields::Fields;
use super::filter::{self, Setup};
use super::plan::{self, Live, Step};
use super::reference::overlap;
use super::run::{Bound, Pipeline, Slots, Traits};
use super::settings;
use super::{Ecs, MESSAGE, TAGS, TIMESTAMP};
use crate::diagnostic::Diagnostic;
use crate::event::SlotId;
use crate::time::Zone;

/// Which fields a pipeline is compiled for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Wanted {
    /// All that it can set.
    #[default]
    All,
    /// These, by dotted names. Wanting `tags` keeps every filter that can tag.
    Fields(BTreeSet<String>),
}

/// How the year of a stamp without one is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Years {
    /// Logstash's rule: this year, or the one before or after about New Year.
    Logstash,
    /// [`RunContext::base_year`](super::RunContext), which the caller counts.
    #[default]
    Base,
}

/// What a pipeline is compiled with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The fields that matter.
    pub wanted: Wanted,
    /// Names of the built-in patterns' fields.
    pub ecs: Ecs,
    /// The zone of stamps without one.
    pub zone: Zone,
    /// The year of stamps without one.
    pub years: Years,
    /// Fields that the caller sets before each run, by dotted names: they get slots.
    pub preset: Vec<String>,
    /// Values of `${NAME}`.
    pub environment: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            wanted: Wanted::All,
            ecs: Ecs::default(),
            zone: Zone::UTC,
            years: Years::default(),
            preset: Vec::new(),
            environment: BTreeMap::new(),
        }
    }
}

impl Pipeline {
    /// Compiles the filter sections of a configuration.
    ///
    /// # Errors
    /// Unknown plugins and options, values of a wrong type, patterns that are none.
    pub fn compile(config: &Config, options: &Options) -> Result<Self, Vec<Diagnostic>> {
        let setup = Setup { ecs: options.ecs, options, environment: &options.environment };
        let mut findings = Vec::new();
        let statements: Vec<&Statement> = config.statements(SectionKind::Filter).collect();
        let steps = plan_all(statements.iter().copied(), &setup, &mut findings);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut live = match &options.wanted {
            Wanted::All => Live::All,
            Wanted::Fields(names) => Live::Names(names.clone()),
        };
        let tags_wanted = live.has(TAGS);
        let steps = plan::project(steps, &mut live);
        let keeps_message = !writes(&steps, MESSAGE);
        // Tags that conditions read must be there for them.
        let tags_wanted = tags_wanted || reads_tags(&steps);
        let mut names: BTreeSet<String> = options.preset.iter().cloned().collect();
        names.extend([MESSAGE, TIMESTAMP, TAGS].map(str::to_owned));
        plan::names(&steps, &mut names);
        let fields = Fields::new(&names);
        let bound = bind(&steps, &fields).map_err(|finding| vec![finding])?;
        let layout = Arc::new(fields.into_layout());
        let slot = |name: &str| layout.slot(name).unwrap_or(SlotId(u16::MAX));
        let slots = Slots { message: slot(MESSAGE), timestamp: slot(TIMESTAMP), tags: slot(TAGS) };
        Ok(Self::new(layout, slots, Traits { tags_wanted, keeps_message }, bound))
    }
}

/// The steps of statements; what is wrong with them is collected.
fn plan_all<'a>(
    statements: impl Iterator<Item = &'a Statement>,
    setup: &Setup<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for statement in statements {
        match statement {
            Statement::Plugin(plugin) => match filter::plan(plugin, setup) {
                Ok(step) => steps.push(step),
                Err(more) => findings.extend(more),
            },
            Statement::Branch(branch) => steps.push(plan_branch(branch, setup, findings)),
        }
    }
    steps
}

fn plan_branch(branch: &Branch, setup: &Setup<'_>, findings: &mut Vec<Diagnostic>) -> Step {
    let mut arms = Vec::with_capacity(branch.arms.len());
    for (condition, body) in &branch.arms {
        let mut unset = None;
        let expression = Expression::of(condition, &mut |text| {
            settings::expand(text, setup.environment).unwrap_or_else(|name| {
                unset = Some(name);
                text.to_owned()
            })
        });
        if let Some(name) = unset {
            let message = format!("environment variable `{name}` is not set");
            findings.push(Diagnostic::error(message).at(branch.span.clone()));
        }
        let body = plan_all(body.iter(), setup, findings);
        match expression {
            Ok(expression) => arms.push((expression, body)),
            Err(finding) if finding.span.is_some() => findings.push(finding),
            Err(finding) => findings.push(finding.at(branch.span.clone())),
        }
    }
    Step::Branch { arms, otherwise: plan_all(branch.otherwise.iter(), setup, findings) }
}

/// Whether a condition or a filter looks at the tags.
fn reads_tags(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Filter { plan, common, .. } => {
            let mut effects = plan.effects();
            common.effects(&mut effects);
            effects.reads.iter().any(|name| name == TAGS)
        }
        Step::Branch { arms, otherwise } => {
            let mut found = reads_tags(otherwise);
            for (condition, body) in arms {
                found |= reads_tags(body);
                condition.reads(&mut |field| found |= field.segments()[0].as_ref() == TAGS);
            }
            found
        }
    })
}

/// Whether some filter may change a field.
fn writes(steps: &[Step], field: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Filter { plan, common, .. } => {
            let mut effects = plan.effects();
            common.effects(&mut effects);
            effects.barrier || effects.writes.iter().any(|name| overlap(name, field))
        }
        Step::Branch { arms, otherwise } => {
            writes(otherwise, field) || arms.iter().any(|(_, body)| writes(body, field))
        }
    })
}

fn bind(steps: &[Step], fields: &Fields) -> Result<Vec<Bound>, Diagnostic> {
    steps
        .iter()
        .map(|step| {
            Ok(match step {
                Step::Filter { plan, common, live } => Bound::Filter {
                    filter: plan.bind(fields, live)?,
                    common: common.resolve(fields),
                },
                Step::Branch { arms, otherwise } => Bound::Branch {
                    arms: arms
                        .iter()
                        .map(|(condition, body)| {
                            Ok((condition.resolve(fields), bind(body, fields)?))
                        })
                        .collect::<Result<_, Diagnostic>>()?,
                    otherwise: bind(otherwise, fields)?,
                },
            })
        })
        .collect()
}
