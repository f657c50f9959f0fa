//! The field list: sections, search, and fields opened to their top values.

use std::collections::BTreeMap;

use super::prompt::Prompt;
use crate::query::{Facet, Warning};

/// A heading of the field list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The table's columns.
    Selected,
    /// Those that people look at first.
    Popular,
    /// All others that hold values.
    Available,
    /// Those without values among the hits.
    Empty,
    /// `_id`, `_index` and the like.
    Meta,
}

impl Section {
    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Selected => "Selected",
            Self::Popular => "Popular",
            Self::Available => "Available",
            Self::Empty => "Empty",
            Self::Meta => "Meta",
        }
    }
}

/// One line of the field list, in the order shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldRow {
    /// A heading with the number of its fields; folded headings hide them.
    Section { section: Section, count: usize, folded: bool },
    /// A field. `mark` is k, t, #, d, ip, b, g, n, a or ?.
    Field { name: String, mark: &'static str, open: bool, selected: bool },
    /// A value of the open field above: an index into its facet's values.
    Value { field: String, index: usize },
    /// The line under the values: how many more there are, what is missing.
    More { field: String },
}

/// The top values of an open field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OpenFacet {
    /// The answer so far.
    pub facet: Option<Facet>,
    /// Whether it is complete.
    pub complete: bool,
    /// Why there is none.
    pub error: Option<String>,
    /// What should be known about it: a sample, failed shards.
    pub warnings: Vec<Warning>,
    /// How many values are asked for.
    pub size: usize,
}

/// The field list.
#[derive(Debug, Clone, Default)]
pub struct FieldList {
    /// Whether it is shown (as a drawer where the screen is narrow).
    pub open: bool,
    /// What names are searched for.
    pub search: Prompt,
    /// The lines, made anew when fields, columns, facets or the search change.
    pub rows: Vec<FieldRow>,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
    /// Opened fields by name.
    pub facets: BTreeMap<String, OpenFacet>,
    /// Folded sections.
    pub folded: Vec<Section>,
    /// The number of fields in all.
    pub total: usize,
}

impl FieldList {
    /// The line under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&FieldRow> {
        self.rows.get(self.cursor)
    }
}
