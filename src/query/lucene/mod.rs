//! Lucene's query string syntax: the second language of the query bar, and what Kibana makes of
//! wildcards in KQL.
//!
//! In: the text. Out: an AST of clauses (`parse`), and from it the questions that it asks of the
//! fields of a mapping (`plan`). Clusters get the text as it is; they have this parser built in.

mod ast;
mod parse;
mod plan;
mod token;

pub use ast::{Clause, Conjunction, Group, Item, Modifier, RangeEnd};
pub use parse::parse;
pub use plan::{Settings, plan};

use std::ops::Range;

use crate::diagnostic::Diagnostic;

fn error_at(reason: &str, span: Range<usize>) -> Diagnostic {
    Diagnostic::error(reason).at(span)
}

#[cfg(test)]
mod tests;
