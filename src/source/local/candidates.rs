//! The rows of one segment that may belong to a window.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::event::{MappedField, Span};
use crate::ingest::frame::BlockError;
use crate::query::SortOrder;
use crate::query::aggregate::{Key, key};
use crate::store::Column;
use crate::time::Millis;

use super::look::{Desk, View};
use super::order::SortKey;
use super::part::rows::{Row, Window};
use super::segment::Segment;

/// What a window's candidates are chosen by.
pub(super) struct Choice<'a> {
    pub window: &'a Window,
    /// The column sorted by, unless that is time.
    pub sort: Option<(&'a Column, &'a MappedField)>,
    /// At most so many rows.
    pub limit: usize,
    /// Rows must come before this one.
    pub worst: Option<&'a SortKey>,
    /// The text must match.
    pub pattern: Option<&'a regex::bytes::Regex>,
}

/// The rows of `segment` that come first in the window, in its order.
pub(super) fn candidates(
    desk: &Desk,
    segment: &Arc<Segment>,
    view: &View,
    choice: &Choice<'_>,
    buffer: &mut Vec<u8>,
) -> Result<Vec<Row>, BlockError> {
    let Some(times) = view.times.as_ref().filter(|_| !view.docs.is_empty()) else {
        return Ok(Vec::new());
    };
    let time_of = |doc: u32| times.get(doc);
    let keys = choice.sort.map(|(column, field)| Ranked::of(column, field, choice));
    let rank_of = |doc: u32| keys.as_ref().and_then(|keys| keys.rank(doc));
    let mut docs = view.docs.to_vec();
    let is_sorted = keys.is_none() && times.is_sorted();
    if !is_sorted {
        // Ascending by value, time and place, what is missing last; as `SortKey::compare` says.
        let order = choice.window.order;
        docs.sort_by(|a, b| {
            missing_last(rank_of(*a), rank_of(*b), order)
                .then_with(|| missing_last(time_of(*a), time_of(*b), order))
                .then_with(|| if order == SortOrder::Ascending { a.cmp(b) } else { b.cmp(a) })
        });
    }
    let is_oldest_first = choice.window.is_oldest_first();
    let is_reversed = if is_sorted {
        !is_oldest_first
    } else {
        is_oldest_first != (choice.window.order == SortOrder::Ascending)
    };
    if is_reversed {
        docs.reverse();
    }
    if cannot_improve(&docs, &time_of, choice, keys.is_some()) {
        return Ok(Vec::new());
    }
    let text = Texts::of(desk, segment, view, choice.pattern, buffer)?;
    let start = segment.info().map_or(0, |info| info.seam.offset);
    let mut rows = Vec::new();
    for doc in docs {
        let Some(span) = text.spans.get(doc as usize).copied() else { continue };
        let value = rank_of(doc)
            .and_then(|rank| keys.as_ref().map(|keys| keys.sorted[rank as usize].clone()));
        let place = segment.place(start + u64::from(span.start));
        let key = SortKey { value, time: time_of(doc), place };
        if !choice.window.holds(&key) {
            continue;
        }
        if choice.worst.is_some_and(|worst| choice.window.compare(&key, worst) != Ordering::Less) {
            break;
        }
        if text.passes(choice.pattern, span) {
            rows.push(Row { key, segment: Arc::clone(segment), span });
        }
        if rows.len() >= choice.limit {
            break;
        }
    }
    if let Some(bytes) = text.bytes {
        *buffer = bytes;
    }
    Ok(rows)
}

/// Whether the best row is later in the window than the worst that is kept, told by time alone.
fn cannot_improve(
    docs: &[u32],
    time_of: &dyn Fn(u32) -> Option<Millis>,
    choice: &Choice<'_>,
    has_values: bool,
) -> bool {
    let Some(worst) = choice.worst.filter(|_| !has_values && choice.window.anchor.is_none()) else {
        return docs.is_empty();
    };
    let Some(best) = docs.first() else { return true };
    match (time_of(*best), worst.time) {
        (Some(best), Some(worst)) if choice.window.is_oldest_first() => best > worst,
        (Some(best), Some(worst)) => best < worst,
        _ => false,
    }
}

fn missing_last<T: Ord>(a: Option<T>, b: Option<T>, order: SortOrder) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if order == SortOrder::Ascending => a.cmp(&b),
        (Some(a), Some(b)) => b.cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// A column's values in order, and the rank of each code.
struct Ranked<'a> {
    column: &'a Column,
    sorted: Vec<Key<'static>>,
    rank: Vec<Option<u32>>,
    takes_largest: bool,
}

impl<'a> Ranked<'a> {
    fn of(column: &'a Column, field: &MappedField, choice: &Choice<'_>) -> Self {
        let keys: Vec<Option<Key<'static>>> =
            column.values().map(|value| key(field, value).map(Key::into_owned)).collect();
        let mut sorted: Vec<Key<'static>> = keys.iter().flatten().cloned().collect();
        sorted.sort();
        sorted.dedup();
        let rank =
            keys.iter().map(|key| Some(sorted.binary_search(key.as_ref()?).ok()? as u32)).collect();
        let takes_largest = choice.window.order == SortOrder::Descending;
        Self { column, sorted, rank, takes_largest }
    }

    /// The rank of a record's value; of several the one that comes first in the order.
    fn rank(&self, doc: u32) -> Option<u32> {
        let mut best: Option<u32> = None;
        self.column.each_code(doc, |code| {
            let rank = self.rank.get(code as usize - 1).copied().flatten();
            best = match (best, rank) {
                (Some(best), Some(rank)) if self.takes_largest => Some(best.max(rank)),
                (Some(best), Some(rank)) => Some(best.min(rank)),
                (best, rank) => best.or(rank),
            };
        });
        best
    }
}

/// Where records are, and their bytes where a pattern is looked for.
struct Texts {
    spans: Arc<[Span]>,
    bytes: Option<Vec<u8>>,
}

impl Texts {
    fn of(
        desk: &Desk,
        segment: &Segment,
        view: &View,
        pattern: Option<&regex::bytes::Regex>,
        buffer: &mut Vec<u8>,
    ) -> Result<Self, BlockError> {
        let spans = match &view.spans {
            Some(spans) => Arc::clone(spans),
            None => desk.spans(segment, buffer)?,
        };
        let bytes = match pattern {
            None => None,
            Some(_) => Some(segment.read(std::mem::take(buffer))?.bytes),
        };
        Ok(Self { spans, bytes })
    }

    fn passes(&self, pattern: Option<&regex::bytes::Regex>, span: Span) -> bool {
        let (Some(pattern), Some(bytes)) = (pattern, &self.bytes) else { return true };
        let record = bytes.get(span.start as usize..span.end as usize).unwrap_or_default();
        pattern.is_match(record)
    }
}
