//! Types that `query` and `time` are about to define, until they do.

use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::event::DataView;
use crate::query::Clause;

/// A query language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Kibana's own.
    #[default]
    Kql,
    /// Lucene's query string.
    Lucene,
}

/// What a pill says.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterKind {
    /// The value.
    Is { field: String, value: Json },
    /// Any of several.
    IsOneOf { field: String, values: Vec<Json> },
    /// A value at all.
    Exists { field: String },
    /// From one (inside) to another (outside).
    Between { field: String, from: Option<Json>, to: Option<Json> },
    /// The record's text holds it.
    Contains { text: String },
    /// DSL.
    Custom { query: Json },
}

/// A pill.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it says.
    pub kind: FilterKind,
    /// Turned round.
    pub negate: bool,
    /// Switched off.
    pub disabled: bool,
    /// Survives opening a saved query.
    pub pinned: bool,
    /// A label of one's own.
    pub alias: Option<String>,
}

impl Filter {
    /// A pill that is on.
    #[must_use]
    pub fn new(kind: FilterKind) -> Self {
        Self { kind, negate: false, disabled: false, pinned: false, alias: None }
    }

    /// As Kibana shows it.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{:?}", self.kind)
    }
}

/// Query and pills.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// The query's language.
    pub language: Language,
    /// The query.
    pub text: String,
    /// The pills.
    pub filters: Vec<Filter>,
}

impl Question {
    /// Query and pills as one clause.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn lower(&self, _: &DataView, _: &QueryConfig) -> Result<Clause, Diagnostic> {
        if !self.text.is_empty() {
            crate::query::kql::parse(&self.text).map_err(|error| error.to_diagnostic())?;
        }
        Ok(Clause::MatchAll)
    }
}

/// Settings of the query language.
#[derive(Debug, Clone, Default)]
pub struct QueryConfig {}
