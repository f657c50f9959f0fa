//! What one field is asked, as it was written: the last form that both readings share.
//!
//! The plain reading answers it value by value; `compile` turns it into a fast test.

use serde_json::Value as Json;

/// One end of a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Side {
    /// Nothing is said.
    #[default]
    Open,
    /// A bound.
    At { value: Json, inclusive: bool },
}

/// A range of values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Range {
    /// The lower end.
    pub lower: Side,
    /// The upper end.
    pub upper: Side,
    /// The zone of date texts without one, if the query says it.
    pub time_zone: Option<String>,
}

/// A question to one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Any token of the value, or the value itself where the field is not text.
    Match(Json),
    /// All tokens of the value in a row.
    Phrase { value: Json, slop: u32 },
    /// One of these values, not analysed.
    Terms { values: Vec<Json>, ignore_case: bool },
    /// Between two values.
    Range(Range),
    /// Any value.
    Exists,
    /// A pattern of `*` and `?`.
    Wildcard { pattern: String, ignore_case: bool },
    /// A beginning.
    Prefix { value: String, ignore_case: bool },
    /// A regular expression.
    Regexp { pattern: String, ignore_case: bool },
    /// A text within so many edits.
    Fuzzy { term: String, edits: usize },
    /// A text that the value contains somewhere, the case left aside.
    Contains(String),
}
