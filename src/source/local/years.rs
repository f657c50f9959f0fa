//! Years of stamps without year, counted back from the file's end.
//!
//! The last record is the newest: its year is the latest that does not put it behind the file's end.
//! Going back, a stamp that is more than a month later in the calendar than the one after it belongs
//! to the year before. So a segment has to know how often the year changed after it, which
//! each later segment tells with its first and last stamp and its own changes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::time::Millis;

const DAY: i64 = 86_400_000;
/// A log that goes back further than this in the calendar has come into a new year.
const BACK: i64 = 31 * DAY;
/// A log that goes forward further than this has a late record of the year before.
const FORWARD: i64 = 334 * DAY;

/// What a segment's stamps, read as of one year, tell about years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    /// Its first stamp, if it has any without year.
    pub stamps: Option<(Millis, Millis)>,
    /// How often a new year begins inside it.
    pub changes: i32,
}

impl Link {
    /// The link of stamps in file order.
    pub(super) fn of(stamps: impl IntoIterator<Item = Millis>) -> Self {
        let mut link = Self { stamps: None, changes: 0 };
        for at in stamps {
            match &mut link.stamps {
                None => link.stamps = Some((at, at)),
                Some((_, last)) => {
                    link.changes += change(*last, at);
                    *last = at;
                }
            }
        }
        link
    }
}

/// 1 if a new year begins between two stamps that follow each other, -1 if the second is a late
/// record of the year before, else 0.
pub(super) fn change(earlier: Millis, later: Millis) -> i32 {
    let step = later.0 - earlier.0;
    i32::from(step < -BACK) - i32::from(step > FORWARD)
}

/// The years of one file.
#[derive(Debug)]
pub(super) struct Years {
    /// The year as of which stamps are read.
    pub base: i32,
    /// When the file was last written.
    end: AtomicI64,
    links: Mutex<BTreeMap<u64, (u64, Link)>>,
    is_counted: AtomicBool,
}

impl Years {
    pub(super) fn new(base: i32, end: Millis) -> Self {
        let end = AtomicI64::new(end.0);
        Self { base, end, links: Mutex::default(), is_counted: AtomicBool::new(false) }
    }

    /// The file was written at `end`.
    pub(super) fn ends_at(&self, end: Millis) {
        self.end.store(end.0, Ordering::Relaxed);
    }

    /// Keeps what the records that begin in `range` tell.
    pub(super) fn learn(&self, range: Range<u64>, link: Link) {
        self.lock().insert(range.start, (range.end, link));
    }

    /// What records from `start` on told: where that ends, and the link.
    pub(super) fn known_from(&self, start: u64) -> Option<(u64, Link)> {
        self.lock().get(&start).copied()
    }

    /// Whether the file has stamps without year.
    pub(super) fn are_counted(&self) -> bool {
        self.is_counted.load(Ordering::Relaxed)
    }

    /// Where the first range begins, at or after `start`, of which something is known.
    pub(super) fn next_known(&self, start: u64) -> Option<u64> {
        self.lock().range(start..).next().map(|(start, _)| *start)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (u64, Link)>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many years before `base` the last stamp of a segment lies, given the links of all
    /// segments after it, oldest first.
    pub(super) fn behind(&self, link: Link, later: &[Link]) -> i32 {
        self.is_counted.store(true, Ordering::Relaxed);
        let mut years = 0;
        let mut last = link.stamps.map(|(_, last)| last);
        for link in later {
            let Some((first, end)) = link.stamps else { continue };
            years += last.map_or(0, |last| change(last, first)) + link.changes;
            last = Some(end);
        }
        years + i32::from(last.is_some_and(|last| last.0 > self.end.load(Ordering::Relaxed) + DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, Link, Years};
    use crate::time::Millis;

    fn link(days: &[i64]) -> Link {
        Link::of(days.iter().map(|day| Millis(day * DAY)))
    }

    #[test]
    fn years_are_counted_back_over_segments() {
        let years = Years::new(2026, Millis(40 * DAY));
        // December of one year, a whole year, January of the next.
        let (old, middle, new) =
            (link(&[330, 360]), link(&[2, 100, 200, 300, 364]), link(&[1, 30]));
        assert_eq!(years.behind(new, &[]), 0);
        assert_eq!(years.behind(middle, &[new]), 1);
        assert_eq!(years.behind(old, &[middle, new]), 2);
        assert_eq!(link(&[350, 1, 363, 2]).changes, 1, "a late record changes nothing for good");
    }

    #[test]
    fn a_last_stamp_behind_the_files_end_is_of_the_year_before() {
        let years = Years::new(2026, Millis(10 * DAY));
        assert_eq!(years.behind(link(&[360]), &[]), 1);
        assert_eq!(years.behind(link(&[9]), &[]), 0);
    }
}
