//! The other files of a rotation set.

use std::path::{Path, PathBuf};

use crate::ingest::discover::{Rank, compression_of, has_same_head, identify, rotated_name};
use crate::ingest::input::open_regular;
use crate::ingest::member::{Compression, Identity};

/// A rotated file beside the live one.
#[derive(Debug)]
pub(super) struct Sibling {
    pub path: PathBuf,
    pub identity: Identity,
    pub is_plain: bool,
    rank: Rank,
}

impl Sibling {
    pub(super) fn key(&self) -> (u64, u64) {
        (self.identity.device, self.identity.inode)
    }
}

/// The rotated files of `live`, oldest first, without itself.
pub(super) fn siblings(live: &Path) -> Vec<Sibling> {
    let (Some(folder), Some(base)) = (live.parent(), live.file_name()) else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<Sibling> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let named = rotated_name(name.to_str()?);
            let is_rotated = named.rank != Rank::Live && *named.base == *base;
            let file = open_regular(&entry.path(), false).ok().filter(|_| is_rotated)?;
            let mut start = [0; 8];
            let count = std::os::unix::fs::FileExt::read_at(&file, &mut start, 0).ok()?;
            Some(Sibling {
                path: entry.path(),
                identity: identify(&file).ok()?,
                is_plain: compression_of(&start[..count]) == Compression::None,
                rank: named.rank,
            })
        })
        .collect();
    found.sort_by_key(|sibling| sibling.rank);
    found
}

/// The file that `live` was copied to when it was known by `identity` and had at least `len` bytes.
pub(super) fn copy_of(live: &Path, identity: &Identity, len: u64) -> Option<Sibling> {
    siblings(live).into_iter().rev().find(|sibling| {
        let file = open_regular(&sibling.path, false).ok();
        identity.head_len > 0
            && sibling.is_plain
            && file.is_some_and(|file| {
                let has_len = file.metadata().is_ok_and(|metadata| metadata.len() >= len);
                has_len && has_same_head(&file, identity).unwrap_or(false)
            })
    })
}
