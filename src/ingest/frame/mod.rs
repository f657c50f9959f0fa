//! Cutting text into records, the same records in every reading order.
//!
//! A [`RecordRule`] says of each line whether it begins a record; lines that continue are joined
//! to the record before, within limits ([`Joining`]). Text is read in blocks that are cut at
//! [`Seam`]s: places where a record begins and about which enough is known to go on from there.
//! [`seam_at`] finds the seam at or after any offset by looking at the text around it only.
//!
//! What makes the records independent of the reading order, also where limits cut:
//! - A line longer than `line_bytes` is cut at multiples of `line_bytes`.
//! - A run is a starting line with the lines that continue it. For its first [`Joining::reach`]
//!   bytes, its records are counted from its first line; after that it is cut where a line is the
//!   first to begin within a cell of `join_bytes`. So nobody has to look further back than that.
//! - Empty lines around records belong to none.

mod block;
mod cutter;
mod lines;
mod rule;
mod seam;
#[cfg(test)]
mod tests;

pub use block::{Block, BlockError, fingerprint};
pub use cutter::cut;
pub use rule::{EveryLine, Indented, LineKind, RecordRule};
pub use seam::{Seam, seam_at, seam_within};

use super::limits::Limits;
use super::member::Newline;

/// Limits of joining. Sizes are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining {
    /// Most lines of a record.
    pub lines: u32,
    /// Most bytes of a record of several lines.
    pub bytes: u64,
    /// Longest line; longer ones are cut.
    pub line_bytes: u64,
}

impl Joining {
    /// How far into a run its records are counted from its first line.
    fn reach(self) -> u64 {
        self.bytes * 2
    }
}

impl Default for Joining {
    fn default() -> Self {
        Self::from(&Limits::default())
    }
}

impl From<&Limits> for Joining {
    fn from(limits: &Limits) -> Self {
        Self {
            lines: limits.join_lines.max(1),
            bytes: u64::from(limits.join_bytes.max(1)),
            line_bytes: u64::from(limits.line_bytes.max(1)),
        }
    }
}

/// How a text is cut: the format's rule, the limits, the line ends.
#[derive(Clone, Copy)]
pub struct Framing<'a> {
    /// What begins a record.
    pub rule: &'a dyn RecordRule,
    /// How much is joined.
    pub joining: Joining,
    /// What ends a line.
    pub newline: Newline,
}

/// Text that can be read at any offset, from several threads.
pub trait ReadAt: Send + Sync {
    /// Fills `buf` with the bytes from `offset` on and returns how many there are; fewer than
    /// asked for only at the end.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize>;
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}
