//! One typed request: the search, and the parts of an answer that are wanted.

use std::sync::Arc;

use serde_json::Value as Json;

use super::clause::{Bound, Clause};
use super::question::Unlowered;
use crate::time::{Millis, TimeRange, Zone};

pub use crate::time::Interval;

/// Numbers requests; an answer carries the number of its request, so that a late one is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RequestId(pub u64);

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortOrder {
    /// Smallest first; by time, oldest first.
    Ascending,
    /// Largest first; by time, newest first.
    Descending,
}

/// A sort key; ties are broken by time, source and place, so that an order is total.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sort {
    /// The field; the data view's time field for the usual order.
    pub field: String,
    /// Which end comes first. Documents without the field are last either way, except that the
    /// time order newest first is the exact reverse of oldest first.
    pub order: SortOrder,
}

/// A place in a sorted answer, made by a source and opaque to everybody else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(pub Arc<[u8]>);

/// Which documents, in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Query and pills, lowered; without the time range.
    pub clause: Arc<Clause>,
    /// What `clause` was lowered from, for sources that lower it themselves: the same question
    /// means other clauses where fields have other types. `None`: the clause alone is meant.
    pub unlowered: Option<Arc<Unlowered>>,
    /// The time range on the data view's time field.
    pub range: TimeRange,
    /// The order of rows.
    pub sort: Sort,
    /// The zone of calendar buckets, rounding and time texts without zone.
    pub zone: Zone,
}

impl Search {
    /// What it looks for, the time range on `time_field` included.
    #[must_use]
    pub fn clause_in_range(&self, time_field: Option<&str>) -> Clause {
        let mut clauses = vec![Clause::clone(&self.clause)];
        if let (Some(field), false) = (time_field, self.range.is_all()) {
            let bound = |at: Option<Millis>| {
                at.map(|at| Bound { value: Json::from(at.to_string()), inclusive: true })
            };
            clauses.push(Clause::Range {
                field: field.to_owned(),
                lower: bound(self.range.from),
                upper: bound(self.range.to),
                format: Some("strict_date_optional_time".to_owned()),
                time_zone: None,
            });
        }
        Clause::all(clauses)
    }
}

/// Whether a page goes on from its anchor or lies before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Rows after the anchor, in the search's order.
    After,
    /// Rows before the anchor, still given in the search's order.
    Before,
}

/// A window of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where it begins; `None` is the first row (or the last, with `Direction::Before`).
    pub anchor: Option<Cursor>,
    /// Whether the anchor's own row is included.
    pub inclusive: bool,
    /// Which way.
    pub direction: Direction,
    /// How many rows.
    pub count: usize,
    /// The fields wanted in each document; empty means all.
    pub fields: Vec<String>,
}

/// What a histogram is stacked by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Breakdown {
    /// Top values of a field, with other and missing.
    Values { field: String, top: usize },
    /// Classes of a status field: 1xx to 5xx, other, missing.
    StatusClass { field: String },
    /// Values of a level field, as written, in order of severity.
    Level { field: String },
}

/// Counts over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistogramRequest {
    /// Bucket width.
    pub interval: Interval,
    /// What bars are stacked by.
    pub by: Option<Breakdown>,
}

/// Top values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetRequest {
    /// The field.
    pub field: String,
    /// How many values; 0 means all.
    pub size: usize,
}

/// A wanted part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Rows.
    Page(PageRequest),
    /// The number of hits.
    Total,
    /// Counts over time.
    Histogram(HistogramRequest),
    /// Top values of a field.
    Facet(FacetRequest),
    /// One whole document.
    Document(Cursor),
    /// Records of the same file (or host, container) around one, query and pills lifted.
    Surrounding { of: Cursor, before: usize, after: usize },
    /// The nearest hit after (or before) `from` whose text matches the regular expression.
    Find { pattern: String, from: Option<Cursor>, direction: Direction },
    /// Values of a field that hold `text`, most frequent first, for suggestions.
    Suggest { field: String, text: String, size: usize },
}

/// A search and the parts that are wanted of its answer; parts may be answered apart, in any
/// order, and more than once (partial first, complete last).
#[derive(Debug, Clone, PartialEq)]
pub struct SearchRequest {
    /// Its number.
    pub id: RequestId,
    /// Which documents.
    pub search: Search,
    /// Which parts.
    pub parts: Vec<Part>,
}
