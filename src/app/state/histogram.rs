//! The bars: counts over time, their breakdown, and a span that is being selected.

use crate::query::{Breakdown, Histogram, Interval};

/// What the bars are stacked by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum BreakdownChoice {
    /// The status class where a field holds statuses, else the level, else nothing.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// What somebody chose.
    By(Breakdown),
}

/// The bars and where the cursor is in them.
#[derive(Debug, Clone, Default)]
pub struct HistogramState {
    /// The last answer; it stays while a newer one is awaited.
    pub bars: Option<Histogram>,
    /// Whether the answer is complete; else it is what is counted so far.
    pub complete: bool,
    /// Why there is none.
    pub error: Option<String>,
    /// Whether it is hidden.
    pub hidden: bool,
    /// The wanted width of bars; `None` is automatic.
    pub interval: Option<Interval>,
    /// The wanted breakdown.
    pub breakdown: BreakdownChoice,
    /// The breakdown in use (what `Auto` came to).
    pub by: Option<Breakdown>,
    /// Candidates for `Auto` that turned out to hold nothing.
    pub rejected: Vec<Breakdown>,
    /// The bar under the cursor, an index into the bars.
    pub cursor: usize,
    /// The other end of the span that is being selected (`v`).
    pub anchor: Option<usize>,
    /// The class or value of the legend that is picked, an index into the series.
    pub series: Option<usize>,
}

impl HistogramState {
    /// The first and last bar of the selected span.
    #[must_use]
    pub fn selection(&self) -> Option<(usize, usize)> {
        let anchor = self.anchor?;
        Some((anchor.min(self.cursor), anchor.max(self.cursor)))
    }
}
