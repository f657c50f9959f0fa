//! Blocks: stretches of text between two seams.

use std::hash::{BuildHasher, Hasher};
use std::io;
use std::ops::Range;

use super::{Framing, ReadAt, Seam, cut, seam_at};
use crate::event::Span;

/// A stretch of text that begins with a record and ends with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it begins.
    pub seam: Seam,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why a block cannot be read again.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The text was rewritten or truncated.
    #[error("the text at {offset} is not what it was")]
    Changed {
        /// Where the block began.
        offset: u64,
    },
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Block {
    /// Reads the records that begin in `nominal` of a text of `len` bytes. The blocks of a
    /// partition of the text hold each record once. `buffer` is memory to use again.
    pub fn read(
        framing: &Framing<'_>,
        text: &dyn ReadAt,
        nominal: Range<u64>,
        len: u64,
        buffer: Vec<u8>,
    ) -> io::Result<Self> {
        let seam = seam_at(framing, text, nominal.start, len)?;
        let end = if nominal.end >= len {
            len
        } else {
            seam_at(framing, text, nominal.end, len)?.offset.max(seam.offset)
        };
        let bytes = read_exactly(text, seam.offset, end, buffer)?;
        Ok(Self { seam, bytes })
    }

    /// Reads from a seam to the end of a text of `len` bytes: what a grown text has since.
    pub fn read_on(text: &dyn ReadAt, seam: Seam, len: u64, buffer: Vec<u8>) -> io::Result<Self> {
        let bytes = read_exactly(text, seam.offset, len.max(seam.offset), buffer)?;
        Ok(Self { seam, bytes })
    }

    /// Reads `len` bytes from a seam again and checks them.
    pub fn read_again(
        text: &dyn ReadAt,
        seam: Seam,
        len: u32,
        expected: u64,
        buffer: Vec<u8>,
    ) -> Result<Self, BlockError> {
        let bytes = read_exactly(text, seam.offset, seam.offset + u64::from(len), buffer)?;
        if bytes.len() != len as usize || fingerprint(&bytes) != expected {
            return Err(BlockError::Changed { offset: seam.offset });
        }
        Ok(Self { seam, bytes })
    }

    /// Offset of its first byte in the text.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.seam.offset
    }

    /// Offset of the first byte after it.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.seam.offset + self.bytes.len() as u64
    }

    /// Appends the spans of its records to `records`; returns the seam of the last one, from which
    /// on the records may change when the text grows.
    pub fn records(&self, framing: &Framing<'_>, records: &mut Vec<Span>) -> Seam {
        cut(framing, self.seam, &self.bytes, records)
    }

    /// The hash by which the block is known when it is read again.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&self.bytes)
    }
}

/// A hash of all the bytes, the same within one run of the program.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

fn read_exactly(text: &dyn ReadAt, from: u64, to: u64, mut buffer: Vec<u8>) -> io::Result<Vec<u8>> {
    let size = usize::try_from(to - from).unwrap_or(usize::MAX);
    buffer.resize(size, 0);
    let count = text.read_at(from, &mut buffer)?;
    buffer.truncate(count);
    Ok(buffer)
}
