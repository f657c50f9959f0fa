//! Finds where a row of one source lies in another, by its time.

use std::sync::Arc;

use super::cursor::{Neighbour, Spot};
use super::member::Member;
use super::work::Work;
use crate::query::{Answer, Clause, Cursor, Direction, Hit, PageRequest, Part, Search, SortOrder};
use crate::time::{Millis, TimeRange};

/// A place in one source's rows: nothing is its first or last row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Anchor {
    /// The row.
    pub(super) cursor: Option<Cursor>,
    /// Whether the row itself is on the wanted side.
    pub(super) inclusive: bool,
}

impl Anchor {
    /// From where rows on one side of a place are read.
    pub(super) fn beside(place: Option<&Neighbour>, direction: Direction) -> Self {
        match place {
            None => Self { cursor: None, inclusive: true },
            Some(Neighbour::After(row)) => {
                Self { cursor: Some(row.clone()), inclusive: direction == Direction::Before }
            }
            Some(Neighbour::Before(row)) => {
                Self { cursor: Some(row.clone()), inclusive: direction == Direction::After }
            }
        }
    }
}

impl Work {
    /// Where a place lies in a source that is read in a direction; `None` if the source is read
    /// from its end.
    pub(super) async fn locate(
        &self,
        member: &Member,
        search: &Search,
        spot: Option<&Spot>,
        direction: Direction,
    ) -> Option<Neighbour> {
        let spot = spot?;
        if spot.source == member.number {
            return Some(match direction {
                Direction::After => Neighbour::After(spot.own.clone()),
                Direction::Before => Neighbour::Before(spot.own.clone()),
            });
        }
        match spot.neighbour(member.number, &self.search.sort) {
            Some(known) => Some(known.clone()),
            None => self.seek(member, search, spot).await,
        }
    }

    /// Looks for the row of a source before which, or after which, a place lies. Only the order of
    /// time can be looked through; in another the rows are read from their beginning.
    async fn seek(&self, member: &Member, search: &Search, spot: &Spot) -> Option<Neighbour> {
        if !self.is_by_time() {
            return None;
        }
        let ascending = search.sort.order == SortOrder::Ascending;
        let is_later = (member.number > spot.source) == ascending;
        let Some(at) = spot.time else {
            if is_later {
                let timeless = Clause::negate(Clause::Exists { field: member.time_field() });
                let clause = Clause::all(vec![(*search.clause).clone(), timeless]);
                let timeless = Search { clause: Arc::new(clause), ..search.clone() };
                if let Some(first) = self.end_row(member, timeless, Direction::After).await {
                    return Some(Neighbour::Before(first.cursor));
                }
            }
            let last = self.end_row(member, search.clone(), Direction::Before).await?;
            return Some(Neighbour::After(last.cursor));
        };
        let (behind, before) = sides(search.range, at, ascending, is_later);
        for (range, direction) in [(behind, Direction::After), (before, Direction::Before)] {
            if range.is_empty() {
                continue;
            }
            let inside = Search { range: range.0, ..search.clone() };
            if let Some(row) = self.end_row(member, inside, direction).await {
                return Some(match direction {
                    Direction::After => Neighbour::Before(row.cursor),
                    Direction::Before => Neighbour::After(row.cursor),
                });
            }
        }
        // What is left has no time, and stands behind all that have one.
        let first = self.end_row(member, search.clone(), Direction::After).await?;
        Some(Neighbour::Before(first.cursor))
    }

    /// The first (`After`) or last row of a search.
    async fn end_row(&self, member: &Member, search: Search, direction: Direction) -> Option<Hit> {
        let page = PageRequest {
            anchor: None,
            inclusive: true,
            direction,
            count: 1,
            fields: vec![member.time_field()],
        };
        match self.one(member, search, Part::Page(page)).await.answer {
            Answer::Page(page) => match direction {
                Direction::After => page.hits.into_iter().next(),
                Direction::Before => page.hits.into_iter().next_back(),
            },
            _ => None,
        }
    }
}

/// A range that may hold nothing.
struct Side(TimeRange);

impl Side {
    fn is_empty(&self) -> bool {
        matches!(self.0, TimeRange { from: Some(from), to: Some(to) } if from > to)
    }
}

/// The times behind a row, and those before it, in the order of rows. `is_later`: rows of the same
/// time stand behind it.
fn sides(range: TimeRange, at: Millis, ascending: bool, is_later: bool) -> (Side, Side) {
    let (low, high) = (Millis(at.0.saturating_sub(1)), Millis(at.0.saturating_add(1)));
    let from = |at: Millis| TimeRange { from: range.from.max(Some(at)), ..range };
    let to = |at: Millis| {
        let end = range.to.map_or(at, |end| end.min(at));
        TimeRange { to: Some(end), ..range }
    };
    let (behind, before) = match (ascending, is_later) {
        (true, true) => (from(at), to(low)),
        (true, false) => (from(high), to(at)),
        (false, true) => (to(at), from(high)),
        (false, false) => (to(low), from(at)),
    };
    (Side(behind), Side(before))
}
