//! A filter of a saved query, as its file says it.

use serde_json::Value as Json;

/// What a filter asks of its field.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterTest {
    /// The value.
    Is(Json),
    /// Any of several values.
    IsOneOf(Vec<Json>),
    /// Any value at all.
    Exists,
    /// From one (inside) to another (outside).
    Between { from: Option<Json>, to: Option<Json> },
    /// The record's text holds it; the field is empty.
    Contains(String),
    /// A query in Elasticsearch's DSL; the field is empty.
    Dsl(Json),
}

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedFilter {
    /// The field; empty where the whole record is meant.
    pub field: String,
    /// What is asked.
    pub test: FilterTest,
    /// Turned round.
    pub negate: bool,
    /// Switched off.
    pub disabled: bool,
    /// A label of one's own.
    pub label: Option<String>,
}

impl SavedFilter {
    /// A filter that is on.
    #[must_use]
    pub fn new(field: impl Into<String>, test: FilterTest) -> Self {
        Self { field: field.into(), test, negate: false, disabled: false, label: None }
    }
}
