//! What a local source may use, and how it reads.

use std::num::NonZero;
use std::thread;

use crate::ingest::Limits;
use crate::ingest::format::DetectOptions;

/// Options of a [`LocalSource`](super::LocalSource) and of scans.
#[derive(Debug, Clone)]
pub struct Options {
    /// Memory that may be used, in bytes.
    pub memory: u64,
    /// Threads; 0 means all cores but one for a source, and all cores for a scan.
    pub threads: usize,
    /// Limits of reading and joining; the block size too.
    pub limits: Limits,
    /// How formats are told, and the zone of stamps without one.
    pub detect: DetectOptions,
    /// Whether files are followed from the beginning.
    pub follow: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory: 128 << 20,
            threads: 0,
            limits: Limits::default(),
            detect: DetectOptions::default(),
            follow: false,
        }
    }
}

/// What the program itself, its read buffers and its answers are taken to need.
const OVERHEAD: u64 = 40 << 20;

impl Options {
    /// What is left of the memory for caches.
    pub(super) fn cache_bytes(&self) -> usize {
        let rest = self.memory.saturating_sub(OVERHEAD).max(self.memory / 8);
        usize::try_from(rest).unwrap_or(usize::MAX)
    }

    /// Threads of a source: one core is left for the screen.
    pub(super) fn worker_threads(&self) -> usize {
        if self.threads > 0 { self.threads } else { cores().saturating_sub(1).max(1) }
    }

    /// Threads of a scan.
    pub(super) fn scan_threads(&self) -> usize {
        if self.threads > 0 { self.threads } else { cores() }
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
