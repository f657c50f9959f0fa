//! Instants, ranges, zones, date math, intervals: time as every other module says it.
//!
//! - [`Millis`], [`TimeRange`], [`Zone`]: what the others are made of.
//! - [`math`]: one end of a time range as a person writes it (`now-1d/d`); [`TimeSpec`] is both.
//! - [`elastic`]: dates inside a query, as Elasticsearch reads them.
//! - [`interval`]: where the buckets of a histogram begin.
//! - [`mod@format`]: instants as text.
//!
//! Reads no clock: the present is always passed in.

mod clock;
pub mod elastic;
pub mod format;
pub mod interval;
mod iso;
pub mod math;
mod range;
mod zone;

pub use interval::Interval;
pub use math::{Anchors, RoundUp, TimeSpec};
pub use range::{Millis, TimeRange};
pub use zone::Zone;

pub use chrono::Weekday;
