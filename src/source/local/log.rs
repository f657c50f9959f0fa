//! One file (or pipe) as the engine reads it: its text, its format, its place among the others.

use std::sync::Arc;

use crate::ingest::format::FileFormat;
use crate::ingest::frame::{Framing, Joining, ReadAt, RecordRule};
use crate::ingest::{Newline, Text};

use super::bound::Order;
use super::years::Years;

/// A file that records are read from.
pub(super) struct Log {
    /// Number of the rotation set, in the order in which sources were named.
    pub set: u32,
    /// Number of the file in its set, oldest first.
    pub member: u32,
    /// The name that documents give.
    pub name: Arc<str>,
    /// Its bytes.
    pub text: Arc<dyn ReadAt>,
    /// The same as a file, if it is one that can be read anywhere.
    pub file: Option<Text>,
    /// What its records look like.
    pub format: Arc<FileFormat>,
    /// Its rule of framing.
    pub rule: Arc<dyn RecordRule>,
    /// How much is joined to one record.
    pub joining: Joining,
    /// What ends its lines.
    pub newline: Newline,
    /// Years of stamps that have none.
    pub years: Years,
    /// What is known of the order of its records.
    pub order: Order,
}

impl Log {
    /// How its text is cut.
    pub(super) fn framing(&self) -> Framing<'_> {
        Framing { rule: &*self.rule, joining: self.joining, newline: self.newline }
    }
}
