//! Filter pills: conditions beside the query, switched, turned round and pinned one by one.
//!
//! In: what a person picks on the screen, or Kibana's JSON of a saved filter. Out: [`Filter`]s, their
//! labels, their JSON, and (in `lower`) the clause of each.

mod json;
mod label;
mod lower;
mod value;

use serde_json::{Map, Value as Json};

pub use lower::PillSettings;
pub use value::convert;

/// How members of a combined pill are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// All of them.
    And,
    /// Any of them.
    Or,
}

/// What a pill says.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterKind {
    /// The field has the value.
    Is { field: String, value: Json },
    /// The field has any of the values.
    IsOneOf { field: String, values: Vec<Json> },
    /// The field has a value.
    Exists { field: String },
    /// From one value (inside) to another (outside); a missing end is open.
    Between { field: String, from: Option<Json>, to: Option<Json> },
    /// The record's text contains the text, case aside.
    Contains { text: String },
    /// Query DSL.
    Custom { query: Json },
    /// Several pills as one.
    Combined { relation: Relation, members: Vec<Filter> },
}

/// A pill.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    /// What it says.
    pub kind: FilterKind,
    /// It holds for what the kind does not hold for.
    pub negate: bool,
    /// It is switched off.
    pub disabled: bool,
    /// It stays when a saved query is opened.
    pub pinned: bool,
    /// A label of one's own.
    pub alias: Option<String>,
    /// The data view that it was made for.
    pub index: Option<String>,
    /// Entries of Kibana's `meta` that the kind does not say (of custom pills: all but the above).
    pub meta: Map<String, Json>,
}

impl Filter {
    /// A pill that is on.
    #[must_use]
    pub fn new(kind: FilterKind) -> Self {
        Self {
            kind,
            negate: false,
            disabled: false,
            pinned: false,
            alias: None,
            index: None,
            meta: Map::new(),
        }
    }

    /// The same turned round.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.negate = !self.negate;
        self
    }

    /// The field that it is about, if it is about one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match &self.kind {
            FilterKind::Is { field, .. }
            | FilterKind::IsOneOf { field, .. }
            | FilterKind::Exists { field }
            | FilterKind::Between { field, .. } => Some(field),
            FilterKind::Custom { .. } => self.meta.get("key").and_then(Json::as_str),
            FilterKind::Contains { .. } | FilterKind::Combined { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
