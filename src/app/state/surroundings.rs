//! Records of the same file around one, query and pills lifted.

use crate::query::{Hit, HitId};

/// The neighbours of a record, in the order of time.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The record in the middle.
    pub of: Hit,
    /// The rows, oldest first; at least the record itself.
    pub hits: Vec<Hit>,
    /// The index of the record in the middle.
    pub at: usize,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Rows wanted before.
    pub before: usize,
    /// Rows wanted after.
    pub after: usize,
    /// Whether the file begins with the first row.
    pub at_start: bool,
    /// Whether the file ends with the last row.
    pub at_end: bool,
    /// Why there are none.
    pub error: Option<String>,
}

impl Surroundings {
    /// The row under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Hit> {
        self.hits.get(self.cursor)
    }

    /// Where a record is.
    #[must_use]
    pub fn index_of(&self, id: &HitId) -> Option<usize> {
        self.hits.iter().position(|hit| hit.id == *id)
    }
}
