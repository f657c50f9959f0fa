//! The times of a segment's records, in record order.
//!
//! In: an optional instant for each record. Out: the same, in four bytes each where they lie
//! within seven weeks of each other; ranges by binary search where they are in order.

use std::ops::Range;

use super::docset::DocSet;
use crate::time::{Millis, TimeRange};

/// Times by record number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    form: Form,
    sorted: bool,
    span: Option<(Millis, Millis)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Narrow { base: i64, deltas: Box<[u32]> },
    Wide(Box<[i64]>),
}

const NO_DELTA: u32 = u32::MAX;
const NO_TIME: i64 = i64::MIN;

/// Collects times in record order.
#[derive(Debug, Default)]
pub struct TimesBuilder {
    times: Vec<i64>,
}

impl TimesBuilder {
    /// The next record's time.
    pub fn push(&mut self, at: Option<Millis>) {
        self.times.push(at.map_or(NO_TIME, |at| at.0));
    }

    /// Sets the time of an earlier record.
    pub fn set(&mut self, doc: u32, at: Option<Millis>) {
        if let Some(place) = self.times.get_mut(doc as usize) {
            *place = at.map_or(NO_TIME, |at| at.0);
        }
    }

    /// The time of a record pushed before.
    #[must_use]
    pub fn get(&self, doc: u32) -> Option<Millis> {
        self.times.get(doc as usize).filter(|at| **at != NO_TIME).map(|at| Millis(*at))
    }

    /// Number of records so far.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.times.len() as u32
    }

    /// Whether no record has come yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The finished column.
    #[must_use]
    pub fn finish(self) -> Times {
        let known = || self.times.iter().copied().filter(|at| *at != NO_TIME);
        let sorted = self.times.is_sorted() && !self.times.contains(&NO_TIME);
        let span = known().min().zip(known().max());
        let form = match span {
            None => Form::Narrow { base: 0, deltas: vec![NO_DELTA; self.times.len()].into() },
            Some((min, max)) if max.abs_diff(min) < u64::from(NO_DELTA) => {
                let delta = |at: &i64| if *at == NO_TIME { NO_DELTA } else { (at - min) as u32 };
                Form::Narrow { base: min, deltas: self.times.iter().map(delta).collect() }
            }
            Some(_) => Form::Wide(self.times.into()),
        };
        Times { form, sorted, span: span.map(|(min, max)| (Millis(min), Millis(max))) }
    }
}

impl Times {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> u32 {
        match &self.form {
            Form::Narrow { deltas, .. } => deltas.len() as u32,
            Form::Wide(times) => times.len() as u32,
        }
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time of a record.
    #[must_use]
    pub fn get(&self, doc: u32) -> Option<Millis> {
        match &self.form {
            Form::Narrow { base, deltas } => {
                let delta = *deltas.get(doc as usize)?;
                (delta != NO_DELTA).then(|| Millis(base + i64::from(delta)))
            }
            Form::Wide(times) => {
                times.get(doc as usize).filter(|at| **at != NO_TIME).map(|at| Millis(*at))
            }
        }
    }

    /// Earliest and latest time.
    #[must_use]
    pub fn span(&self) -> Option<(Millis, Millis)> {
        self.span
    }

    /// Whether every record has a time and none is earlier than the one before it.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        self.sorted
    }

    /// The records inside a range.
    #[must_use]
    pub fn within(&self, range: TimeRange) -> DocSet {
        let len = self.len();
        if range.is_all() {
            return DocSet::all(len);
        }
        if self.sorted {
            return DocSet::range(len, self.sorted_range(range));
        }
        DocSet::of(len, |doc| self.get(doc).is_some_and(|at| range.contains(at)))
    }

    fn sorted_range(&self, range: TimeRange) -> Range<u32> {
        let start = range.from.map_or(0, |from| self.first_from(from));
        let end = range.to.map_or(self.len(), |to| self.first_from(Millis(to.0.saturating_add(1))));
        start..end.max(start)
    }

    /// For sorted times: the first record at or after `at`.
    fn first_from(&self, at: Millis) -> u32 {
        match &self.form {
            Form::Narrow { base, deltas } => {
                deltas.partition_point(|delta| base + i64::from(*delta) < at.0) as u32
            }
            Form::Wide(times) => times.partition_point(|time| *time < at.0) as u32,
        }
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Self>()
            + match &self.form {
                Form::Narrow { deltas, .. } => deltas.len() * 4,
                Form::Wide(times) => times.len() * 8,
            }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TimesBuilder;
    use crate::time::{Millis, TimeRange};

    proptest! {
        #[test]
        fn times_are_kept_and_found(
            mut times in prop::collection::vec(
                prop::option::weighted(0.9, prop_oneof![0i64..50, 1_700_000_000_000i64..1_700_000_000_100]),
                0..40,
            ),
            sort in any::<bool>(),
            from in prop::option::of(0i64..60),
            to in prop::option::of(0i64..60),
        ) {
            if sort {
                times.sort_unstable();
            }
            let mut builder = TimesBuilder::default();
            for at in &times {
                builder.push(at.map(Millis));
            }
            let column = builder.finish();
            let back: Vec<_> = (0..column.len()).map(|doc| column.get(doc).map(|at| at.0)).collect();
            prop_assert_eq!(&back, &times);
            let range = TimeRange { from: from.map(Millis), to: to.map(Millis) };
            let expected: Vec<u32> = (0..times.len() as u32)
                .filter(|doc| match times[*doc as usize] {
                    Some(at) => range.contains(Millis(at)),
                    None => range.is_all(),
                })
                .collect();
            prop_assert_eq!(column.within(range).to_vec(), expected);
        }
    }
}
