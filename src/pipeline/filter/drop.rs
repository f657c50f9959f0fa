//! `drop`: the event ends here.

use super::super::fields::Fields;
use super::super::plan::{Effects, Live, Plan};
use super::super::settings::Settings;
use super::super::state::State;
use super::{Filter, Ran};
use crate::diagnostic::Diagnostic;

#[derive(Debug, Clone, Copy)]
struct Drop {
    /// Whether anything is dropped; a share of events is rounded to all or none, so that answers
    /// can be repeated.
    all: bool,
}

pub(super) fn plan(settings: &mut Settings) -> Option<Box<dyn Plan>> {
    let percentage = settings.number("percentage").unwrap_or(100.0);
    Some(Box::new(Drop { all: percentage >= 50.0 }))
}

impl Plan for Drop {
    fn effects(&self) -> Effects {
        Effects { barrier: self.all, ..Effects::default() }
    }

    fn bind(&self, _: &Fields, _: &Live) -> Result<Box<dyn Filter>, Diagnostic> {
        Ok(Box::new(*self))
    }
}

impl Filter for Drop {
    fn run(&self, state: &mut State<'_>) -> Ran {
        state.outcome.dropped = self.all;
        Ran::Matched
    }
}
