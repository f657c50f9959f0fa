//! Time stamps as logs write them: recognised at a place of a text, found in a line, read with a
//! given format.
//!
//! In: bytes, a [`Shape`] and a [`Clock`] (zone and year for stamps that lack them). Out: a
//! [`Stamp`] with its length. Text formats that are pipelines read their time with the date
//! filter instead; this serves documents, wrappers and plain text.

mod civil;
mod custom;
mod shape;

pub use custom::TimeFormat;
pub use shape::Shape;

use crate::time::{Millis, Zone};

/// What a stamp without zone or year is read with.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The zone of stamps that name none.
    pub zone: Zone,
    /// The year of stamps that name none.
    pub year: i32,
}

/// A time stamp that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The instant.
    pub at: Millis,
    /// Bytes that it takes.
    pub len: usize,
    /// It names no year; [`Clock::year`] was taken.
    pub yearless: bool,
}

/// The best stamp in the first bytes of a line: its place, shape and value. Earlier is better; at
/// one place the more exact shape.
#[must_use]
pub fn find(line: &[u8], clock: &Clock) -> Option<(usize, Shape, Stamp)> {
    const REACH: usize = 160;
    let reach = line.len().min(REACH);
    (0..reach).filter(|at| begins_token(line, *at)).find_map(|at| {
        Shape::ALL.iter().find_map(|shape| {
            let stamp = shape.read(&line[at..], clock)?;
            Some((at, *shape, stamp))
        })
    })
}

/// Whether a stamp may begin at `at`: a digit or letter that does not continue a word.
fn begins_token(line: &[u8], at: usize) -> bool {
    line[at].is_ascii_alphanumeric()
        && (at == 0
            || !(line[at - 1].is_ascii_alphanumeric()
                || matches!(line[at - 1], b'.' | b'-' | b'_' | b':')))
}

#[cfg(test)]
mod tests;
