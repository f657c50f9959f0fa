//! What is being worked on: one slot for each kind of request.

use std::collections::BTreeMap;

use crate::query::RequestId;
use crate::time::Millis;

/// A kind of request. A new one of a kind replaces the old one, which is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The rows of the table.
    Rows,
    /// Rows before or after the window.
    More,
    /// Total and histogram.
    Totals,
    /// Open facets of the field list.
    Facets,
    /// The open document.
    Document,
    /// Neighbours of a record.
    Surroundings,
    /// The next hit for the find box.
    Find,
    /// Values for suggestions.
    Suggest,
    /// Hits without the pills, when nothing was found.
    HintFilters,
    /// Hits without the time range, when nothing was found.
    HintRange,
    /// The last hit before the time range, when nothing was found.
    HintBefore,
    /// The record nearest to a time.
    GoTo,
}

/// A request under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub id: RequestId,
    /// When it began.
    pub since: Millis,
    /// Parts that are not answered completely.
    pub open: usize,
    /// Whether each part is answered completely.
    pub done: Vec<bool>,
    /// The source's generation when it began.
    pub generation: u64,
}

/// All requests under way.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// By kind.
    pub running: BTreeMap<Slot, Running>,
    /// Whether the mark is shown: something has been running for 100 ms.
    pub shown: bool,
    /// The generation of the source that rows and totals were last asked of.
    pub asked_generation: u64,
    /// Whether a newer generation waits to be asked.
    pub stale: bool,
}

impl Progress {
    /// Whether something that the screen waits for is under way.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let hidden =
            [Slot::More, Slot::Suggest, Slot::HintFilters, Slot::HintRange, Slot::HintBefore];
        let waited = |slot: &Slot| !hidden.contains(slot);
        self.running.keys().any(waited)
    }

    /// When the oldest request under way began.
    #[must_use]
    pub fn since(&self) -> Option<Millis> {
        self.running.values().map(|running| running.since).min()
    }
}
