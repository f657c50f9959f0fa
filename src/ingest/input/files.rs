//! Descriptors that are opened on demand and closed when there are too many.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{Mode, OFlags};

/// Open files, at most so many; the one that was not used for longest is closed first.
#[derive(Debug)]
pub struct Files {
    most: usize,
    keys: AtomicU64,
    pins: Arc<()>,
    open: Mutex<Open>,
}

/// A file that stays open while this lives.
#[derive(Debug, Clone)]
pub(super) struct Pinned {
    pub file: Arc<File>,
    _pin: Arc<()>,
}

#[derive(Debug, Default)]
struct Open {
    files: HashMap<u64, (Arc<File>, u64)>,
    clock: u64,
}

impl Files {
    /// Room for at least one and at most `most` open files.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        let most = most.max(1);
        Arc::new(Self {
            most,
            keys: AtomicU64::new(0),
            pins: Arc::default(),
            open: Mutex::default(),
        })
    }

    /// A key for one text.
    pub(super) fn key(&self) -> u64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    /// The open file of `key`, or what `open` opens.
    pub(super) fn get(
        &self,
        key: u64,
        open: impl FnOnce() -> io::Result<File>,
    ) -> io::Result<Arc<File>> {
        if let Some(file) = self.lock().touch(key) {
            return Ok(file);
        }
        let file = Arc::new(open()?);
        self.lock().insert(key, &file, self.most);
        Ok(file)
    }

    /// Keeps `file` open, unless half of the descriptors that the process may have are kept so
    /// already.
    pub(super) fn pin(&self, file: Arc<File>) -> Option<Pinned> {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let most = limit.map_or(usize::MAX, |limit| limit as usize) / 2;
        (Arc::strong_count(&self.pins) <= most)
            .then(|| Pinned { file, _pin: Arc::clone(&self.pins) })
    }

    /// Closes the file of `key`, once nobody reads it.
    pub(super) fn forget(&self, key: u64) {
        self.lock().files.remove(&key);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    fn touch(&mut self, key: u64) -> Option<Arc<File>> {
        self.clock += 1;
        let (file, used) = self.files.get_mut(&key)?;
        *used = self.clock;
        Some(Arc::clone(file))
    }

    fn insert(&mut self, key: u64, file: &Arc<File>, most: usize) {
        while self.files.len() >= most {
            let Some(oldest) = self.files.iter().min_by_key(|(_, (_, used))| *used) else { break };
            let oldest = *oldest.0;
            self.files.remove(&oldest);
        }
        self.files.insert(key, (Arc::clone(file), self.clock));
    }
}

/// Opens a regular file for reading, and nothing else: a FIFO or a device is not waited for.
///
/// `follow_link` says whether the last part of the path may be a symbolic link.
pub fn open_regular(path: &Path, follow_link: bool) -> io::Result<File> {
    let mut flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    flags.set(OFlags::NOFOLLOW, !follow_link);
    let file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_was_not_used_for_longest_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "x").unwrap();
        let files = Files::new(2);
        let mut opened = 0;
        for key in [0, 1, 0, 2, 0, 1] {
            files
                .get(key, || {
                    opened += 1;
                    File::open(&path)
                })
                .unwrap();
        }
        assert_eq!(opened, 4); // 0, 1, 2 and 1 again
        assert_eq!(files.lock().files.len(), 2);
    }

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_regular(folder.path(), true).is_err());
        assert!(open_regular(Path::new("/dev/null"), true).is_err());
        let file = folder.path().join("a");
        std::fs::write(&file, "x").unwrap();
        let link = folder.path().join("l");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(open_regular(&link, true).is_ok());
        assert!(open_regular(&link, false).is_err());
    }
}
