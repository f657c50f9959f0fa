//! The order of rows: the sort value, then time, then place; which makes it total.

use std::cmp::Ordering;

use crate::query::SortOrder;
use crate::query::aggregate::Key;
use crate::store::Place;
use crate::time::Millis;

/// Where a record stands in an answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SortKey {
    /// The value sorted by; `None` for records without, and for all when sorting by time.
    pub value: Option<Key<'static>>,
    /// The record's time.
    pub time: Option<Millis>,
    /// The record's place.
    pub place: Place,
}

impl SortKey {
    /// Which of two comes first. Descending is the exact reverse of ascending, but for records
    /// without a value or without a time, which are last among themselves either way.
    pub(super) fn compare(&self, other: &Self, order: SortOrder) -> Ordering {
        missing_last(self.value.as_ref(), other.value.as_ref(), order)
            .then_with(|| missing_last(self.time.as_ref(), other.time.as_ref(), order))
            .then_with(|| directed(self.place.cmp(&other.place), order))
    }
}

fn missing_last<T: Ord>(a: Option<&T>, b: Option<&T>, order: SortOrder) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(a.cmp(b), order),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn directed(ordering: Ordering, order: SortOrder) -> Ordering {
    match order {
        SortOrder::Ascending => ordering,
        SortOrder::Descending => ordering.reverse(),
    }
}
