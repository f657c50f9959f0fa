//! The question as the screen holds it: the query bar's text and the pills.

use serde_json::Value as Json;

use super::build::{Query, request};
use super::clause::Clause;
use super::config::QueryConfig;
use super::filter::Filter;
use crate::diagnostic::Diagnostic;
use crate::event::DataView;

/// A query language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Kibana's own.
    #[default]
    Kql,
    /// Lucene's query string.
    Lucene,
}

/// Query and pills; the time range stands beside it, in [`Search`](super::Search).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// The query's language.
    pub language: Language,
    /// The query.
    pub text: String,
    /// The pills.
    pub filters: Vec<Filter>,
}

/// A question and how it is to be read: what a clause was lowered from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unlowered {
    /// Query and pills.
    pub question: Question,
    /// How they are read.
    pub config: QueryConfig,
}

impl Unlowered {
    /// The clause that it means for a data view.
    ///
    /// # Errors
    /// As [`Question::lower`].
    pub fn lower(&self, view: &DataView) -> Result<Clause, Diagnostic> {
        self.question.lower(view, &self.config)
    }
}

impl Question {
    /// The clause that query and pills mean for a data view: Kibana's whole request.
    ///
    /// # Errors
    /// What is wrong with the text, or with a pill's value.
    pub fn lower(&self, view: &DataView, config: &QueryConfig) -> Result<Clause, Diagnostic> {
        // A view without fields is not known yet, or has none: names are taken as they are.
        let view = (!view.fields.is_empty()).then_some(view);
        let query = match self.language {
            Language::Kql => Query::Kql(self.text.clone()),
            Language::Lucene => Query::Lucene(Json::from(self.text.as_str())),
        };
        request(view, &[query], &self.filters, config).map_err(Diagnostic::from)
    }

    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.filters.iter().all(|filter| filter.disabled)
    }
}
