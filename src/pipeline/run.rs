//! Runs a compiled pipeline over records.

use std::sync::Arc;

use super::date::ZoneCache;
use super::expression::Expression;
use super::fields::Field;
use super::filter::{Common, Filter, Ran};
use super::state::State;
use crate::event::{Event, Layout, Slot, SlotId, Span};
use crate::grok;
use crate::time::Millis;

/// A compiled configuration. Threads share it; each brings its own [`Scratch`] and [`Event`].
#[derive(Debug)]
pub struct Pipeline {
    layout: Arc<Layout>,
    slots: Slots,
    traits: Traits,
    steps: Vec<Bound>,
}

/// What is known of a pipeline before it runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traits {
    pub(super) tags_wanted: bool,
    /// No filter changes `message`.
    pub(super) keeps_message: bool,
}

/// The slots that every pipeline has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// The record's text.
    pub message: SlotId,
    /// The event's time.
    pub timestamp: SlotId,
    /// The event's tags, a list.
    pub tags: SlotId,
}

/// What a run knows besides the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunContext {
    /// The present, for Logstash's rule about years.
    pub now: Millis,
    /// The year of stamps that have none (`Years::Base`).
    pub base_year: i32,
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// A filter dropped the event.
    pub dropped: bool,
    /// A filter that was not left out failed, and has tagged the event if tags are wanted.
    pub failed: bool,
    /// A pattern took too long.
    pub timed_out: bool,
    /// The event's time came from a stamp without year.
    pub yearless: bool,
}

/// The memory of runs, one for each thread; any pipeline can use it.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) grok: grok::Scratch,
    pub(super) zones: ZoneCache,
}

/// A step that is bound to slots.
#[derive(Debug)]
pub(super) enum Bound {
    Filter { filter: Box<dyn Filter>, common: Common<Field> },
    Branch { arms: Vec<(Expression<Field>, Vec<Bound>)>, otherwise: Vec<Bound> },
}

impl Pipeline {
    pub(super) fn new(
        layout: Arc<Layout>,
        slots: Slots,
        traits: Traits,
        steps: Vec<Bound>,
    ) -> Self {
        Self { layout, slots, traits, steps }
    }

    /// The names of the slots of the events that it fills.
    #[must_use]
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The slots that every pipeline has.
    #[must_use]
    pub fn slots(&self) -> Slots {
        self.slots
    }

    /// Whether nothing is left to do: no wanted field is set by any filter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether `message` is the whole record in every event.
    #[must_use]
    pub fn keeps_message(&self) -> bool {
        self.traits.keeps_message
    }

    /// Empties an event and puts the whole record in `message`, as a run expects it.
    pub fn begin(&self, record: &[u8], event: &mut Event) {
        event.clear();
        let span = Span { start: 0, end: record.len() as u32 };
        event.set(self.slots.message, Slot::Record(span));
    }

    /// Runs the filters on an event that has been begun. Fields of the caller's own may be set
    /// before.
    pub fn run(
        &self,
        ctx: &RunContext,
        scratch: &mut Scratch,
        record: &[u8],
        event: &mut Event,
    ) -> Outcome {
        let mut state = State {
            event,
            record,
            ctx,
            scratch,
            slots: self.slots,
            tags_wanted: self.traits.tags_wanted,
            outcome: Outcome::default(),
        };
        run(&self.steps, &mut state);
        state.outcome
    }
}

fn run(steps: &[Bound], state: &mut State<'_>) {
    for step in steps {
        match step {
            Bound::Filter { filter, common } => {
                if filter.run(state) == Ran::Matched {
                    common.run(state);
                }
            }
            Bound::Branch { arms, otherwise } => branch(arms, otherwise, state),
        }
        if state.outcome.dropped {
            return;
        }
    }
}

fn branch(arms: &[(Expression<Field>, Vec<Bound>)], otherwise: &[Bound], state: &mut State<'_>) {
    for (condition, body) in arms {
        match condition.holds(state) {
            Ok(true) => return run(body, state),
            Ok(false) => {}
            Err(_) => {
                // Values without an order: Logstash drops the event.
                state.outcome.dropped = true;
                return;
            }
        }
    }
    run(otherwise, state);
}
