//! What stays known of a segment for good: a few numbers, so that ten gigabytes cost megabytes.

use crate::time::{Millis, TimeRange};

/// Numbers the segments of a source, in no particular order; never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentId(pub u32);

/// Where a record stands: ordered as records of equal time are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the log, in the order in which sources were named.
    pub set: u32,
    /// Number of the file among the log's rotated files, oldest first.
    pub member: u32,
    /// First byte of the record in the decompressed file.
    pub offset: u64,
}

/// Number of level classes, and one for records without.
pub const LEVELS: usize = 8;

/// Counts by minute, where a segment spans few of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// Minutes since 1970 of the first count.
    pub first: i64,
    /// Records in that minute and those after it.
    pub counts: Box<[u32]>,
}

/// The longest span that is counted by minute.
const MOST_MINUTES: i64 = 48;
const MINUTE: i64 = 60_000;

/// The permanent facts about a segment's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Number of records.
    pub records: u32,
    /// Records without a time.
    pub without_time: u32,
    /// Records that fitted no pattern of their file's format.
    pub failed: u32,
    /// Earliest and latest time.
    pub span: Option<(Millis, Millis)>,
    /// The farthest that a record is older than one before it in the file, in milliseconds.
    pub disorder: i64,
    /// Records by level class; the last counts those without.
    pub levels: [u32; LEVELS],
    /// Records by minute, where the span is short.
    pub minutes: Option<Minutes>,
}

impl Summary {
    /// Whether no record lies inside `range`.
    #[must_use]
    pub fn is_outside(&self, range: TimeRange) -> bool {
        if range.is_all() {
            return self.records == 0;
        }
        self.span.is_none_or(|(first, last)| {
            range.from.is_some_and(|from| last < from) || range.to.is_some_and(|to| to < first)
        })
    }

    /// Whether every record lies inside `range`.
    #[must_use]
    pub fn is_inside(&self, range: TimeRange) -> bool {
        range.is_all()
            || self.without_time == 0
                && self
                    .span
                    .is_some_and(|(first, last)| range.contains(first) && range.contains(last))
    }
}

/// Makes a [`Summary`] from records in file order.
#[derive(Debug, Default)]
pub struct SummaryBuilder {
    records: u32,
    without_time: u32,
    failed: u32,
    span: Option<(i64, i64)>,
    disorder: i64,
    levels: [u32; LEVELS],
    minutes: Vec<(i64, u32)>,
    scattered: bool,
}

impl SummaryBuilder {
    /// Counts a record: its time, the number of its level class, whether it fitted its format.
    pub fn add(&mut self, time: Option<Millis>, level: Option<usize>, failed: bool) {
        self.records += 1;
        self.failed += u32::from(failed);
        let class = level.filter(|class| *class < LEVELS - 1).unwrap_or(LEVELS - 1);
        self.levels[class] += 1;
        let Some(Millis(at)) = time else {
            self.without_time += 1;
            return;
        };
        self.disorder = self.span.map_or(0, |(_, last)| self.disorder.max(last - at));
        self.span = Some(self.span.map_or((at, at), |(min, max)| (min.min(at), max.max(at))));
        self.add_minute(at.div_euclid(MINUTE));
    }

    fn add_minute(&mut self, minute: i64) {
        if self.scattered {
            return;
        }
        if let Some((_, count)) = self.minutes.iter_mut().rev().find(|(at, _)| *at == minute) {
            *count += 1;
        } else if self.minutes.len() < MOST_MINUTES as usize {
            self.minutes.push((minute, 1));
        } else {
            self.scattered = true;
        }
    }

    /// The facts.
    #[must_use]
    pub fn finish(self) -> Summary {
        let minutes = self.compact_minutes();
        Summary {
            records: self.records,
            without_time: self.without_time,
            failed: self.failed,
            span: self.span.map(|(min, max)| (Millis(min), Millis(max))),
            disorder: self.disorder,
            levels: self.levels,
            minutes,
        }
    }

    fn compact_minutes(&self) -> Option<Minutes> {
        let (first, last) = self.span?;
        let (first, last) = (first.div_euclid(MINUTE), last.div_euclid(MINUTE));
        if self.scattered || last.abs_diff(first) >= MOST_MINUTES as u64 {
            return None;
        }
        let mut counts = vec![0; (last - first) as usize + 1];
        for (minute, count) in &self.minutes {
            counts[(minute - first) as usize] += count;
        }
        Some(Minutes { first, counts: counts.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::SummaryBuilder;
    use crate::time::{Millis, TimeRange};

    #[test]
    fn a_summary_counts_what_it_was_given() {
        let mut builder = SummaryBuilder::default();
        for (at, level) in [(Some(60_000), Some(5)), (Some(200_000), None), (Some(190_000), None)] {
            builder.add(at.map(Millis), level, false);
        }
        builder.add(None, Some(99), true);
        let summary = builder.finish();
        assert_eq!((summary.records, summary.without_time, summary.failed), (4, 1, 1));
        assert_eq!(summary.span, Some((Millis(60_000), Millis(200_000))));
        assert_eq!(summary.disorder, 10_000);
        assert_eq!(summary.levels, [0, 0, 0, 0, 0, 1, 0, 3]);
        let minutes = summary.minutes.clone().unwrap();
        assert_eq!((minutes.first, &minutes.counts[..]), (1, &[1, 0, 2][..]));
        let range = |from, to| TimeRange { from: Some(Millis(from)), to: Some(Millis(to)) };
        assert!(
            summary.is_outside(range(0, 59_999)) && summary.is_outside(range(200_001, 900_000))
        );
        assert!(!summary.is_outside(range(0, 60_000)));
        assert!(!summary.is_inside(range(0, 900_000)), "a record without time is outside");
        assert!(summary.is_inside(TimeRange::ALL));
    }

    #[test]
    fn scattered_minutes_are_not_kept() {
        let mut builder = SummaryBuilder::default();
        (0..100).for_each(|at| builder.add(Some(Millis(at * 60_000)), None, false));
        assert_eq!(builder.finish().minutes, None);
    }
}
