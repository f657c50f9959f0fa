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
    /// When and at how many bytes the reading that goes on now was seen first.
    pub reading_since: Option<(Millis, u64)>,
    /// Bytes read per second since then, once that can be told.
    pub rate: Option<u64>,
}

/// A rate is told after so long, in milliseconds.
const RATE_AFTER: i64 = 500;

impl Progress {
    /// Notes how much of the source has been read; `None` once that is all.
    pub fn note_read(&mut self, now: Millis, bytes: Option<u64>) {
        let Some(bytes) = bytes else {
            (self.reading_since, self.rate) = (None, None);
            return;
        };
        let (since, before) = *self.reading_since.get_or_insert((now, bytes));
        let elapsed = now.0.saturating_sub(since.0);
        if elapsed >= RATE_AFTER {
            let read = u128::from(bytes.saturating_sub(before));
            self.rate = u64::try_from(read * 1000 / u128::from(elapsed.unsigned_abs())).ok();
        }
    }

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

#[cfg(test)]
mod tests {
    use super::{Millis, Progress};

    #[test]
    fn the_rate_is_that_since_reading_began_and_ends_with_it() {
        let mut progress = Progress::default();
        progress.note_read(Millis(1_000), Some(100));
        progress.note_read(Millis(1_100), Some(5_000));
        assert_eq!(progress.rate, None, "too soon to tell");
        progress.note_read(Millis(3_000), Some(8_100));
        assert_eq!(progress.rate, Some(4_000));
        progress.note_read(Millis(3_500), None);
        assert_eq!((progress.rate, progress.reading_since), (None, None));
    }
}
