//! The best rows so far: a bounded list in the answer's order.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::event::Span;
use crate::query::{Direction, PageRequest, SortOrder};
use crate::source::local::order::SortKey;
use crate::source::local::segment::Segment;

/// A row that may be shown: its order and where its bytes are.
#[derive(Debug, Clone)]
pub(in crate::source::local) struct Row {
    /// Its place in the order.
    pub key: SortKey,
    /// The segment that holds it.
    pub segment: Arc<Segment>,
    /// Its bytes in the segment's text.
    pub span: Span,
}

/// Which rows are wanted, and in which order.
#[derive(Debug, Clone)]
pub(in crate::source::local) struct Window {
    /// The answer's order.
    pub order: SortOrder,
    /// Where it begins.
    pub anchor: Option<SortKey>,
    /// Whether the anchor's own row is wanted.
    pub inclusive: bool,
    /// Which way.
    pub direction: Direction,
    /// How many.
    pub count: usize,
}

impl Window {
    pub(in crate::source::local) fn of(
        request: &PageRequest,
        order: SortOrder,
        anchor: Option<SortKey>,
    ) -> Self {
        Self {
            order,
            anchor,
            inclusive: request.inclusive,
            direction: request.direction,
            count: request.count,
        }
    }

    /// Which of two is nearer to the window's beginning.
    pub(in crate::source::local) fn compare(&self, a: &SortKey, b: &SortKey) -> Ordering {
        match self.direction {
            Direction::After => a.compare(b, self.order),
            Direction::Before => b.compare(a, self.order),
        }
    }

    /// Whether a row lies on the wanted side of the anchor.
    pub(in crate::source::local) fn holds(&self, key: &SortKey) -> bool {
        self.anchor.as_ref().is_none_or(|anchor| match self.compare(key, anchor) {
            Ordering::Less => false,
            Ordering::Equal => self.inclusive,
            Ordering::Greater => true,
        })
    }

    /// Whether time runs forwards from the window's beginning.
    pub(in crate::source::local) fn is_oldest_first(&self) -> bool {
        (self.order == SortOrder::Ascending) == (self.direction == Direction::After)
    }
}

/// The rows nearest to the window's beginning, one more than wanted to know whether there are more.
pub(in crate::source::local) struct Rows {
    window: Window,
    kept: Vec<Row>,
}

impl Rows {
    pub(in crate::source::local) fn new(window: Window) -> Self {
        Self { window, kept: Vec::new() }
    }

    pub(in crate::source::local) fn window(&self) -> &Window {
        &self.window
    }

    /// How many are kept at most.
    pub(in crate::source::local) fn limit(&self) -> usize {
        self.window.count.saturating_add(1)
    }

    /// Whether there is no row yet.
    pub(in crate::source::local) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The last row kept, if there is no room for more.
    pub(in crate::source::local) fn worst(&self) -> Option<&SortKey> {
        self.kept.get(self.limit() - 1).map(|row| &row.key)
    }

    /// Takes rows of one segment, in any order.
    pub(in crate::source::local) fn add(&mut self, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        self.kept.extend(rows.into_iter().filter(|row| self.window.holds(&row.key)));
        self.kept.sort_by(|a, b| self.window.compare(&a.key, &b.key));
        self.kept.truncate(self.limit());
    }

    /// The rows in the answer's order, and whether there are more beyond them.
    pub(in crate::source::local) fn rows(&self) -> (Vec<Row>, bool) {
        let mut rows = self.kept.clone();
        let has_more = rows.len() > self.window.count;
        rows.truncate(self.window.count);
        if self.window.direction == Direction::Before {
            rows.reverse();
        }
        (rows, has_more)
    }
}
