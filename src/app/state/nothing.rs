//! Nothing found: why it may be so, and what one key does about it.

use crate::time::Millis;

/// A way out of an empty answer; its key is its place in the list, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// Take the pills off: so many hits without them.
    WithoutFilters { hits: u64 },
    /// Open the time range: so many hits in all time.
    WithoutRange { hits: u64 },
    /// Move the range to the last hit before it.
    LastBefore { at: Millis },
    /// Write the nearest name of a field that no record has.
    Rename { field: String, nearest: String },
    /// Look for the text anywhere in the record, as grep does.
    Contains { text: String },
    /// Ask the query that a diagnostic proposes.
    Replace { query: String },
}

/// What is known about an empty answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NothingFound {
    /// Ways out, best first; keys 1 to 9 take them.
    pub offers: Vec<Offer>,
    /// Fields of the query that no record has and no name is near to.
    pub unknown: Vec<String>,
    /// Whether more may be found out yet.
    pub pending: bool,
}
