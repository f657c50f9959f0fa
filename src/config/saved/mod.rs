//! Saved queries: query, filters, columns, time, order and breakdown in one TOML file each.
//!
//! A saved query is data: nothing in it can run anything. In: files (compiled in, the user's, a
//! team's beside its code, a folder that was named). Out: [`SavedQuery`]s and [`Finding`]s.

mod file;
mod filter;
mod library;
#[cfg(test)]
mod tests;
mod write;

pub use filter::{FilterTest, SavedFilter};
pub use library::{Library, Origin, SavedEntry};

use super::finding::Finding;
use crate::query::{Breakdown, Sort};

/// What a saved query says about the breakdown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SavedBreakdown {
    /// Nothing: it stays automatic.
    #[default]
    Auto,
    /// No breakdown.
    None,
    /// This one.
    By(Breakdown),
}

/// The query's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SavedLanguage {
    /// Kibana's own.
    #[default]
    Kql,
    /// Lucene's query string.
    Lucene,
}

/// One saved query.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SavedQuery {
    /// Its name, unique without regard to letter case.
    pub name: String,
    /// What it looks for, in a sentence.
    pub description: String,
    /// The language of `query`.
    pub language: SavedLanguage,
    /// The query; empty asks for everything.
    pub query: String,
    /// The filters.
    pub filters: Vec<SavedFilter>,
    /// Start of the range as date math or a date; `None` is open.
    pub from: Option<String>,
    /// End of the range; `None` is open.
    pub to: Option<String>,
    /// Columns besides time; none shows the summary.
    pub columns: Vec<String>,
    /// The order; `None` leaves it as it is.
    pub sort: Option<Sort>,
    /// What the histogram is stacked by.
    pub breakdown: SavedBreakdown,
}

impl SavedQuery {
    /// Reads a file. What is wrong in it is left out and reported; `name` falls back to `file`'s
    /// stem.
    #[must_use]
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Finding>) {
        file::parse(file, text)
    }

    /// Writes it as a file that [`Self::parse`] reads back to the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        write::to_toml(self)
    }

    /// The file name that it is saved under, made of the letters and digits of its name.
    #[must_use]
    pub fn file_name(&self) -> String {
        let mut stem = String::new();
        for c in self.name.chars().flat_map(char::to_lowercase) {
            if c.is_alphanumeric() {
                stem.push(c);
            } else if !stem.ends_with('-') && !stem.is_empty() {
                stem.push('-');
            }
            if stem.len() > 80 {
                break;
            }
        }
        let stem = stem.trim_matches('-');
        format!("{}.toml", if stem.is_empty() { "query" } else { stem })
    }
}
