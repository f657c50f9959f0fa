//! Instants, ranges, zones, date math, intervals: time as every other module says it.

mod range;

pub use range::{Millis, TimeRange, Zone};
