//! How much ingest may take: of a record, of memory, of disk, of descriptors.

use std::path::PathBuf;

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
    /// Memory for spooled (compressed) blocks before they go to disk.
    pub spool_memory: u64,
    /// Where spooled blocks go; else `$TMPDIR`, else `/var/tmp`.
    pub spool_dir: Option<PathBuf>,
    /// Most that is spooled on disk.
    pub spool_disk: u64,
    /// Free space that a spool leaves on its file system.
    pub spool_reserve: u64,
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
        }
    }
}
