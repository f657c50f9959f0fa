//! The time picker: quick ranges, a relative one, and two exact ends.

use super::prompt::Prompt;
use crate::diagnostic::Diagnostic;
use crate::time::TimeRange;

/// A range that one key picks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuickRange {
    /// As Kibana calls it.
    pub label: &'static str,
    /// Date math of the start; empty is open.
    pub from: &'static str,
    /// Date math of the end; empty is open.
    pub to: &'static str,
}

const fn quick(label: &'static str, from: &'static str, to: &'static str) -> QuickRange {
    QuickRange { label, from, to }
}

/// The quick ranges: everything, Kibana's commonly used ones, and those that count from the
/// newest record (for logs that ended long ago).
pub const QUICK: [QuickRange; 20] = [
    quick("Everything", "", ""),
    quick("Last 5 minutes", "now-5m", "now"),
    quick("Last 15 minutes", "now-15m", "now"),
    quick("Last 30 minutes", "now-30m", "now"),
    quick("Last 1 hour", "now-1h", "now"),
    quick("Last 6 hours", "now-6h", "now"),
    quick("Last 12 hours", "now-12h", "now"),
    quick("Last 24 hours", "now-24h", "now"),
    quick("Last 7 days", "now-7d", "now"),
    quick("Last 30 days", "now-30d", "now"),
    quick("Last 90 days", "now-90d", "now"),
    quick("Last 1 year", "now-1y", "now"),
    quick("Today", "now/d", "now/d"),
    quick("Yesterday", "now-1d/d", "now-1d/d"),
    quick("This week", "now/w", "now/w"),
    quick("This month", "now/M", "now/M"),
    quick("15 minutes before the newest record", "end-15m", "end"),
    quick("1 hour before the newest record", "end-1h", "end"),
    quick("24 hours before the newest record", "end-24h", "end"),
    quick("7 days before the newest record", "end-7d", "end"),
];

/// Units of the relative range, with the letter of date math.
pub const UNITS: [(&str, char); 7] = [
    ("seconds", 's'),
    ("minutes", 'm'),
    ("hours", 'h'),
    ("days", 'd'),
    ("weeks", 'w'),
    ("months", 'M'),
    ("years", 'y'),
];

/// A part of the picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimePart {
    /// The list of quick ranges.
    #[default]
    Quick,
    /// "Last N".
    Amount,
    /// "minutes"; left and right arrows change it.
    Unit,
    /// The start, as date math or a date.
    From,
    /// The end.
    To,
}

/// The time picker.
#[derive(Debug, Clone, Default)]
pub struct TimePicker {
    /// Which part has the cursor.
    pub part: TimePart,
    /// The quick range under the cursor, an index into [`QUICK`].
    pub quick: usize,
    /// First quick range on the screen.
    pub top: usize,
    /// The number of units.
    pub amount: Prompt,
    /// An index into [`UNITS`].
    pub unit: usize,
    /// The start.
    pub from: Prompt,
    /// The end.
    pub to: Prompt,
    /// What start and end come to.
    pub preview: Option<TimeRange>,
    /// Why they come to nothing.
    pub error: Option<Diagnostic>,
}
