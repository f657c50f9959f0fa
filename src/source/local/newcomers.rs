//! Logs that appear while their folder is followed, and named files that did not exist yet.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ingest::tail::{appeared, may_appear};
use crate::ingest::{Files, LogSet, SourceArg};
use crate::source::Notice;

use super::engine::Engine;
use super::follow::Live;
use super::opener::open_sets;

/// The shortest time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// Looking takes at most this share of the time, as one over it: folders may be large.
const SHARE: u32 = 20;

/// Where logs may appear.
pub(super) struct Newcomers {
    wide: Vec<SourceArg>,
    /// The names of all sets so far; a set's number is its place.
    known: Vec<Arc<str>>,
    next: Instant,
}

impl Newcomers {
    /// Looks where the `arguments` lead, for others than the sets of these names.
    pub(super) fn of(arguments: &[SourceArg], known: Vec<Arc<str>>) -> Self {
        let wide = may_appear(arguments, &known);
        Self { wide, known, next: Instant::now() + EVERY }
    }

    /// Whether none can come.
    pub(super) fn is_empty(&self) -> bool {
        self.wide.is_empty()
    }

    /// Opens what has appeared, if it is time to look; gives what may grow of that. `None` if the
    /// source was dropped.
    pub(super) fn step(&mut self, engine: &Arc<Engine>, files: &Arc<Files>) -> Option<Vec<Live>> {
        let began = Instant::now();
        if self.is_empty() || began < self.next {
            return Some(Vec::new());
        }
        let sets = appeared(&self.wide, &self.known);
        self.next = Instant::now() + EVERY.max(began.elapsed() * SHARE);
        if sets.is_empty() {
            return Some(Vec::new());
        }
        engine.will_open(sets.iter().map(|set| set.members.len()).sum());
        for set in &sets {
            let message = format!("{} has appeared and is read too", set.name);
            engine.notice(Notice { message, details: Vec::new() });
        }
        let live = open_sets(engine, &sets, self.known.len(), files)?;
        self.known.extend(sets.iter().map(|set: &LogSet| Arc::clone(&set.name)));
        engine.opened_sets(sets.len());
        Some(live)
    }
}
