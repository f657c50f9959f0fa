//! Instants in milliseconds and closed ranges of them.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z: the resolution of an Elasticsearch `date`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub i64);

impl fmt::Display for Millis {
    /// ISO 8601 in UTC with three decimals, as Elasticsearch prints a date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match chrono::DateTime::from_timestamp_millis(self.0) {
            Some(at) => write!(f, "{}", at.format("%Y-%m-%dT%H:%M:%S%.3fZ")),
            None => write!(f, "{}", self.0),
        }
    }
}

/// A range of instants, both ends included; an end that is `None` is open.
///
/// A document without a time lies outside every range that has an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TimeRange {
    /// First instant inside.
    pub from: Option<Millis>,
    /// Last instant inside.
    pub to: Option<Millis>,
}

impl TimeRange {
    /// The range that holds everything, documents without a time too.
    pub const ALL: Self = Self { from: None, to: None };

    /// Whether the range holds everything.
    #[must_use]
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(self, at: Millis) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
    }
}
