//! How much ingest may take: of a record, of memory, of disk, of descriptors.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Limits of reading. Sizes are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most lines that are joined to one record, its first line included.
    pub join_lines: u32,
    /// Most bytes that are joined to one record of several lines.
    pub join_bytes: u32,
    /// Longest line; a longer one is cut at multiples of this.
    pub line_bytes: u32,
    /// Nominal size of a block.
    pub block: u32,
    /// Most files open at a time for reading; more are opened again when needed.
    pub descriptors: usize,
    /// Memory for spooled (compressed) blocks of all spools before they go to disk.
    pub spool_memory: u64,
    /// Where spooled blocks go; else `$TMPDIR`, else `/var/tmp`.
    pub spool_dir: Option<PathBuf>,
    /// Most that all spools have on disk.
    pub spool_disk: u64,
    /// Free space that a spool leaves on its file system.
    pub spool_reserve: u64,
    /// What spools take now; clones of the limits share it.
    pub spooled: Arc<Spooled>,
}

/// What all spools together take, in bytes.
#[derive(Debug, Default)]
pub struct Spooled {
    /// In memory.
    pub memory: Room,
    /// On disk.
    pub disk: Room,
}

impl PartialEq for Spooled {
    /// How much is used is no part of the limits.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Spooled {}

/// A number of bytes that many take from.
#[derive(Debug, Default)]
pub struct Room(AtomicU64);

impl Room {
    /// Takes `size` bytes if no more than `most` are taken then.
    pub fn take(&self, size: u64, most: u64) -> bool {
        let more = |used: u64| used.checked_add(size).filter(|used| *used <= most);
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    /// Gives back what was taken.
    pub fn give_back(&self, size: u64) {
        self.0.fetch_sub(size, Ordering::AcqRel);
    }

    /// How many bytes are taken.
    #[must_use]
    pub fn taken(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            join_lines: 500,
            join_bytes: 1 << 20,
            line_bytes: 4 << 20,
            block: 4 << 20,
            descriptors: 128,
            spool_memory: 32 << 20,
            spool_dir: None,
            spool_disk: 8 << 30,
            spool_reserve: 1 << 30,
            spooled: Arc::default(),
        }
    }
}
