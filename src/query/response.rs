//! The typed answer: rows, total, histogram, facets, each with how far it can be trusted.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;

use super::request::{Cursor, Interval, RequestId};
use super::warning::Warning;
use crate::event::Document;
use crate::time::Millis;

/// How bad a record says it is, from whatever its level field says. Ordered, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finer than debug.
    Trace,
    /// For developers.
    Debug,
    /// The ordinary.
    Info,
    /// Ordinary but worth a look.
    Notice,
    /// Something is odd.
    Warning,
    /// Something failed.
    Error,
    /// Something vital failed (also fatal, alert, emergency, panic).
    Critical,
}

/// The identity of a record that stays the same while answers change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HitId(pub Arc<str>);

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Identity: index and `_id`, or file and offset.
    pub id: HitId,
    /// Its place in the answer's order.
    pub cursor: Cursor,
    /// Its time, if it has one.
    pub time: Option<Millis>,
    /// Its level class, if it has one.
    pub level: Option<Level>,
    /// The wanted fields (all, if none was named).
    pub document: Arc<Document>,
    /// The record's exact bytes, where the source keeps them.
    pub raw: Option<Arc<[u8]>>,
    /// Number of further lines of a record with several.
    pub more_lines: u32,
    /// A newer record may still come before it, as not everything is read yet.
    pub provisional: bool,
}

/// A window of rows, in the search's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// The rows.
    pub hits: Vec<Hit>,
    /// Rows before the first row, where known.
    pub before: Option<u64>,
    /// Whether the first row is the first of the answer.
    pub at_start: bool,
    /// Whether the last row is the last of the answer (so far).
    pub at_end: bool,
}

/// The number of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// Hits counted.
    pub hits: u64,
    /// Records looked at, matching or not (all that exist, when complete).
    pub of: u64,
    /// Hits that have no time (outside every range).
    pub without_time: u64,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bucket {
    /// Its start.
    pub start: Millis,
    /// All its documents.
    pub count: u64,
    /// By series, in the order of [`Histogram::series`].
    pub by: Vec<u64>,
}

/// Counts over time. Buckets without documents inside the span are present.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// The width used.
    pub interval: Interval,
    /// Series names as shown (`2xx`, `ERROR`, a value), top values first; then `other`, `missing`
    /// as `None` values with those names where they count anything.
    pub series: Vec<FacetValue>,
    /// The bars in time order.
    pub buckets: Vec<Bucket>,
}

/// One value and its count.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetValue {
    /// The value with its type; `None` for "other" and "missing" series of a histogram.
    pub value: Option<Json>,
    /// As shown.
    pub label: String,
    /// Documents that hold it.
    pub count: u64,
}

/// Top values of a field among the hits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facet {
    /// The field asked for.
    pub field: String,
    /// Values by count descending, then value ascending. A document counts once for each of its values.
    pub values: Vec<FacetValue>,
    /// Sum of the counts of values that are not listed.
    pub other: u64,
    /// Hits without a value.
    pub missing: u64,
    /// Number of different values.
    pub distinct: u64,
    /// Hits in all.
    pub hits: u64,
    /// Greatest error of a count (sharded engines); 0 is exact.
    pub error: u64,
    /// Whether `distinct` is an estimate.
    pub distinct_estimated: bool,
}

/// One answered part.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Rows.
    Page(Page),
    /// The number of hits.
    Total(Total),
    /// Counts over time.
    Histogram(Histogram),
    /// Top values.
    Facet(Facet),
    /// One document; `None` if it is gone.
    Document(Option<Hit>),
    /// Rows around one, in time order; `at` is the index of that one.
    Surrounding { page: Page, at: usize },
    /// The hit found, if any.
    Found(Option<Hit>),
    /// Values for a suggestion list.
    Suggestions(Vec<FacetValue>),
    /// The search cannot be asked: what is wrong with the query, and perhaps what would be right.
    Refused(Diagnostic),
    /// The part cannot be answered.
    Failed(String),
}

/// One message of a source about a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The request.
    pub id: RequestId,
    /// Index of the part in the request.
    pub part: usize,
    /// The answer so far.
    pub answer: Answer,
    /// Whether it is final; else better ones follow.
    pub complete: bool,
    /// What should be known about it.
    pub warnings: Vec<Warning>,
}
