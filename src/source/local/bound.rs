//! Which times a segment may hold that nobody has read yet.
//!
//! Logs are written in order of time, more or less. What samples and read segments tell of the
//! order of a file bounds the times of the rest, so that the newest rows are known to be the newest
//! before ten gigabytes were read. A file whose samples are out of order has no such bounds.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::{Place, Summary};
use crate::time::Millis;

use super::order::SortKey;
use super::part::rows::{Rows, Window};
use super::segment::Segment;

/// What is known of the order of a file's records.
#[derive(Debug)]
pub(super) struct Order {
    /// First and last time seen in its samples, if they were in order.
    sampled: Option<Sampled>,
    known: Mutex<Known>,
}

/// What samples of an ordered file tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sampled {
    /// The first time; `None` where it has no year, which depends on the whole file.
    pub first: Option<Millis>,
    /// The last time.
    pub last: Millis,
}

#[derive(Debug, Default)]
struct Known {
    /// Earliest and latest time of each segment read, by where it begins.
    spans: BTreeMap<u64, (Millis, Millis)>,
    /// The farthest that a record was older than one before it, in milliseconds.
    disorder: i64,
    /// Whether the file has grown since its samples were taken.
    has_grown: bool,
}

/// Web servers write a request when it ends and stamp it with when it began.
const MARGIN: i64 = 2_000;

impl Order {
    /// What samples tell.
    pub(super) fn of(sampled: Option<Sampled>) -> Self {
        Self { sampled, known: Mutex::default() }
    }

    /// The time that the file covers, as far as known.
    pub(super) fn span(&self) -> Option<(Millis, Millis)> {
        let known = self.lock();
        let sampled = self.sampled.map(|at| (at.first.unwrap_or(at.last), at.last));
        let spans = known.spans.values().copied().chain(sampled);
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// The file has grown: its last sample is not its end any more.
    pub(super) fn grew(&self) {
        self.lock().has_grown = true;
    }

    /// What a segment tells that begins at `start`.
    pub(super) fn learn(&self, start: u64, summary: &Summary) {
        let mut known = self.lock();
        known.disorder = known.disorder.max(summary.disorder);
        if let Some(span) = summary.span {
            known.spans.insert(start, span);
        }
    }

    /// The latest time that records may have in a segment that begins at `start` and was not read.
    pub(super) fn latest(&self, start: u64) -> Millis {
        let Some(Sampled { last, .. }) = self.sampled else { return Millis(i64::MAX) };
        let known = self.lock();
        let next = match known.spans.range(start + 1..).next() {
            Some((_, span)) => span.0,
            None if known.has_grown => return Millis(i64::MAX),
            None => last,
        };
        Millis(next.0.saturating_add(known.margin()))
    }

    /// The earliest time that records may have in a segment that begins at `start` and was not read.
    pub(super) fn earliest(&self, start: u64) -> Millis {
        let Some(Sampled { first, .. }) = self.sampled else { return Millis(i64::MIN) };
        let known = self.lock();
        let before = known.spans.range(..start).next_back().map(|(_, span)| span.1);
        let Some(before) = before.or(first) else { return Millis(i64::MIN) };
        Millis(before.0.saturating_sub(known.margin()))
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn margin(&self) -> i64 {
        self.disorder.saturating_mul(2).max(MARGIN)
    }
}

/// The latest time that a segment may hold; the earliest there is if it holds none.
pub(super) fn latest(segment: &Segment) -> Millis {
    match segment.summary() {
        Some(summary) => summary.span.map_or(Millis(i64::MIN), |(_, last)| last),
        None if segment.is_gone() => Millis(i64::MIN),
        None => segment.log.order.latest(segment.nominal.start),
    }
}

/// The earliest time that a segment may hold; the latest there is if it holds none.
pub(super) fn earliest(segment: &Segment) -> Millis {
    match segment.summary() {
        Some(summary) => summary.span.map_or(Millis(i64::MAX), |(first, _)| first),
        None if segment.is_gone() => Millis(i64::MAX),
        None => segment.log.order.earliest(segment.nominal.start),
    }
}

/// Whether a segment may hold rows of a window by time; `worst` is the last row, if it is full.
pub(super) fn may_improve(window: &Window, worst: Option<&SortKey>, segment: &Segment) -> bool {
    let (first, last) = (earliest(segment), latest(segment));
    let anchor = window.anchor.as_ref().and_then(|anchor| anchor.time);
    let worst = worst.and_then(|worst| worst.time);
    if window.is_oldest_first() {
        anchor.is_none_or(|anchor| last >= anchor || last.0 == i64::MIN)
            && worst.is_none_or(|worst| first <= worst)
    } else {
        anchor.is_none_or(|anchor| first <= anchor || first.0 == i64::MAX)
            && worst.is_none_or(|worst| last >= worst)
    }
}

/// The segment to look at next for the sake of a window: the one that reaches farthest towards its
/// beginning. `None` if none may hold rows of it.
pub(super) fn most_urgent(rows: &Rows, segments: &[Arc<Segment>]) -> Option<usize> {
    let (window, worst) = (rows.window(), rows.worst());
    let is_oldest_first = window.is_oldest_first();
    let open = segments.iter().enumerate();
    let open = open.filter(|(_, segment)| may_improve(window, worst, segment));
    let urgency = |segment: &Segment| {
        if is_oldest_first {
            Urgency::Oldest(Reverse(earliest(segment)), Reverse(segment.rank()))
        } else {
            Urgency::Newest(latest(segment), segment.rank())
        }
    };
    open.max_by_key(|(_, segment)| urgency(segment)).map(|(at, _)| at)
}

/// Segments of one window compare by the same variant.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Newest(Millis, Place),
    Oldest(Reverse<Millis>, Reverse<Place>),
}

#[cfg(test)]
mod tests {
    use super::{Order, Sampled};
    use crate::store::SummaryBuilder;
    use crate::time::Millis;

    #[test]
    fn segments_that_were_read_bound_the_rest_of_an_ordered_file() {
        let order =
            Order::of(Some(Sampled { first: Some(Millis(100_000)), last: Millis(900_000) }));
        assert_eq!((order.earliest(0), order.latest(0)), (Millis(98_000), Millis(902_000)));
        let mut summary = SummaryBuilder::default();
        for at in [500_000, 510_000, 505_000] {
            summary.add(Some(Millis(at)), None, false);
        }
        order.learn(50, &summary.finish());
        assert_eq!((order.earliest(20), order.latest(20)), (Millis(90_000), Millis(510_000)));
        assert_eq!((order.earliest(70), order.latest(70)), (Millis(500_000), Millis(910_000)));
    }

    #[test]
    fn a_file_out_of_order_has_no_bounds() {
        assert_eq!(Order::of(None).latest(0), Millis(i64::MAX));
    }
}
