//! Questions answered in one pass, in constant memory, without an index: for `peavey query`.
//!
//! [`Opened::aggregate`] counts with all cores, block by block in any order. [`Opened::rows`] gives
//! rows oldest first, merged over files. Nothing is kept, nothing is spooled.

mod aggregate;
mod rows;
mod sift;
mod stream;

pub use aggregate::Counted;
pub use rows::{RowOptions, Streamed};

use std::sync::Arc;

use crate::event::DataView;
use crate::ingest::format::FileFormat;
use crate::ingest::{Discovered, Files, Member};
use crate::source::Notice;
use crate::time::Millis;

use super::Options;
use super::decoders::Decoders;
use super::log::Log;
use super::open::{self, Slot};
use super::opener;

/// Files that were opened for scans.
pub struct Opened {
    pub(super) options: Options,
    pub(super) sets: Vec<Vec<Input>>,
    formats: Vec<Arc<FileFormat>>,
    title: String,
    notices: Vec<Notice>,
    pub(super) decoders: Arc<Decoders>,
}

/// A file of a set; sets are oldest first.
pub(super) struct Input {
    pub member: Member,
    pub log: Arc<Log>,
    /// The length of a text that can be read anywhere; `None` for what is read forwards.
    pub len: Option<u64>,
    /// A stream that cannot be opened twice.
    pub feed: std::sync::Mutex<Option<Box<crate::ingest::Feed>>>,
}

impl Opened {
    /// Opens what was found. What cannot be opened is told in [`Opened::notices`].
    #[must_use]
    pub fn open(discovered: &Discovered, options: Options) -> Self {
        let mut own = Self {
            options,
            sets: Vec::new(),
            formats: Vec::new(),
            title: opener::title(discovered),
            notices: Vec::new(),
            decoders: Arc::default(),
        };
        if let Some((message, details)) = discovered.summary() {
            own.notices.push(Notice { message, details });
        }
        let files = Files::new(own.options.limits.descriptors);
        for (set, log_set) in discovered.sets.iter().enumerate() {
            let mut inputs = Vec::new();
            let mut format = None;
            for (number, member) in open::newest_first(log_set) {
                let slot = Slot { set: set as u32, member: number };
                own.open_one(member, &slot, &mut format, &files, &mut inputs);
            }
            inputs.reverse();
            own.sets.push(inputs);
        }
        own
    }

    fn open_one(
        &mut self,
        member: &Member,
        slot: &Slot,
        format: &mut Option<Arc<FileFormat>>,
        files: &Arc<Files>,
        inputs: &mut Vec<Input>,
    ) {
        let (log, len, feed) = match open::open(
            member,
            slot,
            format.clone(),
            files,
            (&self.options, &self.decoders),
        ) {
            Ok(open::Opened::Text { log, len }) => (log, Some(len), None),
            Ok(open::Opened::Feed { log, feed }) => (log, None, Some(feed)),
            Err(error) => {
                let message = format!("{} cannot be read", member.name);
                self.notices.push(Notice { message, details: vec![error.to_string()] });
                return;
            }
        };
        if format.is_none() && len != Some(0) {
            *format = Some(Arc::clone(&log.format));
        }
        if !self.formats.iter().any(|known| Arc::ptr_eq(known, &log.format)) {
            self.formats.push(Arc::clone(&log.format));
        }
        let (member, log) = (member.clone(), Arc::new(log));
        inputs.push(Input { member, log, len, feed: std::sync::Mutex::new(feed) });
    }

    /// The fields of all files.
    #[must_use]
    pub fn view(&self) -> DataView {
        opener::view(&self.title, &self.formats)
    }

    /// The formats of the files.
    #[must_use]
    pub fn formats(&self) -> &[Arc<FileFormat>] {
        &self.formats
    }

    /// What could not be opened or was left out.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The latest time of all records, as far as the ends of files tell; where a file is not in
    /// order of time, or is read forwards, when it was written last.
    #[must_use]
    pub fn newest(&self) -> Option<Millis> {
        let newest = |input: &Input| match input.log.order.span() {
            Some((_, last)) => Some(last),
            None => input.member.end_hint(),
        };
        self.sets.iter().flatten().filter(|input| input.len != Some(0)).filter_map(newest).max()
    }

    /// Whether nothing could be opened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.iter().all(Vec::is_empty)
    }
}
