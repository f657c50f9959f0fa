//! The order of rows of several sources: the value sorted by, then time, then source, then each
//! source's own order; which makes it total.

use std::cmp::Ordering;

use crate::query::aggregate::Key;
use crate::query::{Direction, SortOrder};
use crate::time::Millis;

/// Where a row stands among rows of other sources. Rows of one source are never compared: they come
/// in its own order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RowKey {
    /// The value sorted by; `None` for rows without, and for all when sorting by time.
    pub(super) value: Option<Key<'static>>,
    /// The row's time.
    pub(super) time: Option<Millis>,
    /// The number of its source.
    pub(super) source: usize,
}

impl RowKey {
    /// Which of two comes first. Descending is the reverse of ascending, but for rows without a
    /// value or without a time, which are last either way.
    pub(super) fn compare(&self, other: &Self, order: SortOrder) -> Ordering {
        missing_last(self.value.as_ref(), other.value.as_ref(), order, compare_values)
            .then_with(|| missing_last(self.time.as_ref(), other.time.as_ref(), order, Ord::cmp))
            .then_with(|| directed(self.source.cmp(&other.source), order))
    }
}

fn missing_last<T>(
    a: Option<&T>,
    b: Option<&T>,
    order: SortOrder,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => directed(compare(a, b), order),
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

/// Values of a field that has one type here and another there: numbers compare as numbers, instants
/// as instants; all else by type.
fn compare_values(a: &Key<'static>, b: &Key<'static>) -> Ordering {
    match (a, b) {
        (Key::Int(a), Key::Float(b)) => (*a as f64).total_cmp(b),
        (Key::Float(a), Key::Int(b)) => a.total_cmp(&(*b as f64)),
        (Key::Time(a), Key::Nanos(b)) => (i128::from(*a) * 1_000_000).cmp(b),
        (Key::Nanos(a), Key::Time(b)) => a.cmp(&(i128::from(*b) * 1_000_000)),
        (a, b) => a.cmp(b),
    }
}

/// One source's rows, in the search's order, with their keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Lane {
    /// Keys, one for each row.
    pub(super) keys: Vec<RowKey>,
    /// No row lies beyond these, in the direction that is read.
    pub(super) is_all: bool,
}

/// The rows of a page.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Woven {
    /// Lane and row, in the search's order.
    pub(super) rows: Vec<(usize, usize)>,
    /// The lane whose rows ran out before there were enough, although it has more.
    pub(super) dry: Option<usize>,
}

/// Takes the first (`After`) or the last (`Before`) `count` rows of all lanes together.
pub(super) fn weave(lanes: &[Lane], order: SortOrder, direction: Direction, count: usize) -> Woven {
    let mut woven = Woven::default();
    let mut used = vec![0; lanes.len()];
    while woven.rows.len() < count {
        let mut best: Option<(usize, usize)> = None;
        for (at, lane) in lanes.iter().enumerate() {
            let left = lane.keys.len() - used[at];
            if left == 0 {
                if !lane.is_all {
                    // The next row of this lane is not known, and it may be the next of all.
                    woven.dry = Some(at);
                    break;
                }
                continue;
            }
            let row = match direction {
                Direction::After => used[at],
                Direction::Before => left - 1,
            };
            let is_nearer = best.is_none_or(|(lane_at, row_at)| {
                let found = lane.keys[row].compare(&lanes[lane_at].keys[row_at], order);
                match direction {
                    Direction::After => found.is_lt(),
                    Direction::Before => found.is_gt(),
                }
            });
            if is_nearer {
                best = Some((at, row));
            }
        }
        let Some((lane, row)) = best.filter(|_| woven.dry.is_none()) else { break };
        used[lane] += 1;
        woven.rows.push((lane, row));
    }
    if direction == Direction::Before {
        woven.rows.reverse();
    }
    woven
}

#[cfg(test)]
mod tests {
    use super::{Lane, RowKey, compare_values, weave};
    use crate::query::aggregate::Key;
    use crate::query::{Direction, SortOrder};
    use crate::time::Millis;

    fn lane(source: usize, times: &[i64], is_all: bool) -> Lane {
        let key = |time: &i64| RowKey { value: None, time: Some(Millis(*time)), source };
        Lane { keys: times.iter().map(key).collect(), is_all }
    }

    #[test]
    fn rows_are_taken_by_time_then_by_source() {
        let lanes = [lane(0, &[1, 3, 3], true), lane(1, &[2, 3], true)];
        let woven = weave(&lanes, SortOrder::Ascending, Direction::After, 10);
        assert_eq!(woven.rows, [(0, 0), (1, 0), (0, 1), (0, 2), (1, 1)]);
        let woven = weave(&lanes, SortOrder::Ascending, Direction::Before, 2);
        assert_eq!(woven.rows, [(0, 2), (1, 1)]);
        let lanes = [lane(0, &[3, 3, 1], true), lane(1, &[3, 2], true)];
        let woven = weave(&lanes, SortOrder::Descending, Direction::After, 3);
        assert_eq!(woven.rows, [(1, 0), (0, 0), (0, 1)]);
    }

    #[test]
    fn a_lane_that_ran_dry_ends_the_page() {
        let lanes = [lane(0, &[1], false), lane(1, &[2, 3], true)];
        let woven = weave(&lanes, SortOrder::Ascending, Direction::After, 3);
        assert_eq!((woven.rows, woven.dry), (vec![(0, 0)], Some(0)));
    }

    #[test]
    fn numbers_of_two_types_compare_as_numbers() {
        assert!(compare_values(&Key::Int(2), &Key::Float(1.5)).is_gt());
        assert!(compare_values(&Key::Nanos(1_000_001), &Key::Time(1)).is_gt());
        assert!(compare_values(&Key::Text(b"1".into()), &Key::Int(5)).is_gt());
    }
}
