//! A run of whole records of one file, about four megabytes of it.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::ingest::Block;
use crate::ingest::frame::{BlockError, Seam};
use crate::store::{Place, SegmentId, Summary};

use super::log::Log;

/// A segment. What it holds is known once it was read for the first time.
pub(super) struct Segment {
    /// Its number.
    pub id: SegmentId,
    /// The file.
    pub log: Arc<Log>,
    /// Records that begin here belong to it.
    pub nominal: Range<u64>,
    /// Where the file's text ended when the segment was made.
    pub text_len: u64,
    info: OnceLock<Box<Info>>,
    gone: AtomicBool,
    counted: AtomicBool,
}

/// What is known for good.
pub(super) struct Info {
    /// Where its first record begins.
    pub seam: Seam,
    /// Its length in bytes.
    pub len: u32,
    /// By which its bytes are known again.
    pub fingerprint: u64,
    /// Where its last record begins.
    pub last: Seam,
    /// Its records in numbers.
    pub summary: Summary,
}

impl Segment {
    pub(super) fn new(id: SegmentId, log: Arc<Log>, nominal: Range<u64>, text_len: u64) -> Self {
        let (gone, counted) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { id, log, nominal, text_len, info: OnceLock::new(), gone, counted }
    }

    /// What is known of it, once it was read.
    pub(super) fn info(&self) -> Option<&Info> {
        self.info.get().map(|info| &**info)
    }

    /// Keeps what was learnt; the first to tell it is believed. Whether this call was the first.
    pub(super) fn learn(&self, info: Info) -> bool {
        self.log.order.learn(self.nominal.start, &info.summary);
        self.info.set(Box::new(info)).is_ok()
    }

    /// Its numbers, once it was read; none when it is gone.
    pub(super) fn summary(&self) -> Option<&Summary> {
        self.info().filter(|_| !self.is_gone()).map(|info| &info.summary)
    }

    /// Whether its bytes were overwritten or cut off.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Marks its bytes as gone. Whether they were there until now.
    pub(super) fn lose(&self) -> bool {
        !self.gone.swap(true, Ordering::Relaxed)
    }

    /// Whether it is to be counted now: it was not before.
    pub(super) fn count_once(&self) -> bool {
        !self.counted.swap(true, Ordering::Relaxed)
    }

    /// Whether it was counted.
    pub(super) fn was_counted(&self) -> bool {
        self.counted.load(Ordering::Relaxed)
    }

    /// Reads its bytes; `buffer` is memory to use again.
    pub(super) fn read(&self, buffer: Vec<u8>) -> Result<Block, BlockError> {
        let text = &*self.log.text;
        if let Some(info) = self.info() {
            return Block::read_again(text, info.seam, info.len, info.fingerprint, buffer);
        }
        let framing = self.log.framing();
        Ok(Block::read(&framing, text, self.nominal.clone(), self.text_len, buffer)?)
    }

    /// The place of the record that begins at `offset`.
    pub(super) fn place(&self, offset: u64) -> Place {
        Place { set: self.log.set, member: self.log.member, offset }
    }

    /// Its order among the segments of all files: set, file, offset.
    pub(super) fn rank(&self) -> Place {
        self.place(self.nominal.start)
    }
}

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "segment {} {}:{:?}", self.id.0, self.log.name, self.nominal)
    }
}

/// Cuts a text of `len` bytes into nominal segments, newest first: the newest are small, so that
/// the first rows come soon.
pub(super) fn partition(len: u64, block: u64) -> Vec<Range<u64>> {
    let block = block.max(1);
    let mut size = (block / 16).max(1);
    let mut end = len;
    let mut ranges = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(size);
        // A rest that is smaller than half a block is no segment of its own.
        let start = if start < size / 2 { 0 } else { start };
        ranges.push(start..end);
        end = start;
        size = (size * 4).min(block);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::partition;

    proptest! {
        #[test]
        fn a_partition_covers_the_text_once(len in 0u64..10_000, block in 0u64..500) {
            let ranges = partition(len, block);
            let mut end = len;
            for range in ranges {
                prop_assert_eq!(range.end, end);
                prop_assert!(range.start < range.end);
                end = range.start;
            }
            prop_assert_eq!(end, 0);
        }
    }
}
