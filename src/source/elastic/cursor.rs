//! Places in a sorted answer: the sort values of a hit, and which document it is.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::query::Cursor;

/// What a cursor of a cluster holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// The sort values, as `search_after` takes them.
    pub(super) sort: Vec<Json>,
    /// Index of the document.
    pub(super) index: String,
    /// Its `_id`.
    pub(super) id: String,
    /// Number of the point in time whose sort values these are; 0 for none.
    pub(super) pit: u64,
}

impl Place {
    /// As a cursor.
    pub(super) fn to_cursor(&self) -> Cursor {
        let text = json!([self.sort, self.index, self.id, self.pit]).to_string();
        Cursor(Arc::from(text.into_bytes()))
    }

    /// Reads a cursor; `None` if another source made it.
    pub(super) fn of(cursor: &Cursor) -> Option<Self> {
        let json: Json = serde_json::from_slice(&cursor.0).ok()?;
        let sort = json.get(0)?.as_array()?.clone();
        let text = |at: usize| json.get(at)?.as_str().map(str::to_owned);
        let pit = json.get(3)?.as_u64()?;
        Some(Self { sort, index: text(1)?, id: text(2)?, pit })
    }
}
