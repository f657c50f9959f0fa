//! The table: a window of rows around the cursor, of an answer that may have millions.

use std::sync::Arc;

use crate::query::{Hit, HitId, Sort, SortOrder};

/// What the last column does with long text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrap {
    /// One line for each record.
    #[default]
    Cut,
    /// As many lines as it takes.
    Wrapped,
}

/// Following the end of a growing log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Follow {
    /// Not following.
    #[default]
    Off,
    /// The table stays at its end.
    Live,
    /// Somebody moved up: the table stands still and counts what comes.
    Paused {
        /// Hits when it was paused.
        since: u64,
    },
}

/// The rows that are held, and where the cursor is.
///
/// `cursor` and `top` are indices into `hits`; only a window of the answer is held, and more is
/// asked for as the cursor comes near its ends.
#[derive(Debug, Clone)]
pub struct Table {
    /// The window, in the search's order.
    pub hits: Vec<Hit>,
    /// Rows of the answer before the window, where known.
    pub before: Option<u64>,
    /// Whether the window begins with the answer's first row.
    pub at_start: bool,
    /// Whether the window ends with the answer's last row.
    pub at_end: bool,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on the screen.
    pub top: usize,
    /// Columns besides time; none shows the summary.
    pub columns: Vec<String>,
    /// The column that keys act on, an index into `columns` (`None`: the whole record).
    pub column: Option<usize>,
    /// Characters cut off at the left of the last column.
    pub shifted: usize,
    /// The order.
    pub sort: Sort,
    /// Whether rows are wrapped.
    pub wrap: Wrap,
    /// Following.
    pub follow: Follow,
    /// The order to return to when following ends.
    pub order_before_follow: Option<SortOrder>,
    /// The query whose answer is shown, while the text of the query bar is wrong or newer.
    pub answer_of: Option<String>,
    /// Whether an answer has come since the last search.
    pub answered: bool,
    /// Whether rows at the top may still change their places.
    pub provisional: bool,
    /// Why there are no rows.
    pub error: Option<String>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            hits: Vec::new(),
            before: None,
            at_start: true,
            at_end: true,
            cursor: 0,
            top: 0,
            columns: Vec::new(),
            column: None,
            shifted: 0,
            sort: Sort { field: "@timestamp".to_owned(), order: SortOrder::Descending },
            wrap: Wrap::Cut,
            follow: Follow::Off,
            order_before_follow: None,
            answer_of: None,
            answered: false,
            provisional: false,
            error: None,
        }
    }
}

impl Table {
    /// The row under the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&Hit> {
        self.hits.get(self.cursor)
    }

    /// The number of the row under the cursor in the whole answer, counted from 1, where known.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        if self.hits.is_empty() {
            return None;
        }
        Some(self.before? + self.cursor as u64 + 1)
    }

    /// The rows from the top of the screen on.
    #[must_use]
    pub fn visible(&self) -> &[Hit] {
        self.hits.get(self.top..).unwrap_or(&[])
    }

    /// Where a record is in the window.
    #[must_use]
    pub fn index_of(&self, id: &HitId) -> Option<usize> {
        self.hits.iter().position(|hit| hit.id == *id)
    }

    /// Whether rows are in the order of time.
    #[must_use]
    pub fn sorted_by_time(&self, time_field: Option<&str>) -> bool {
        self.sort.field.is_empty() || time_field.unwrap_or("@timestamp") == self.sort.field
    }
}

/// The text of one value of a document for tables and copies: strings as they are, arrays joined
/// by commas, everything else as JSON.
#[must_use]
pub fn value_text(value: &serde_json::Value) -> Arc<str> {
    match value {
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(items) => {
            let texts: Vec<Arc<str>> = items.iter().map(value_text).collect();
            texts.join(", ").into()
        }
        other => other.to_string().into(),
    }
}
