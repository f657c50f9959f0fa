//! Where packed chunks are: memory first, then a file without a name.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::ingest::limits::Limits;

/// A packed chunk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// Index of a chunk in memory.
    Memory(usize),
    /// A range of the file.
    Disk {
        /// First byte.
        at: u64,
        /// Bytes.
        len: u32,
    },
}

/// Packed chunks within limits.
pub(super) struct Store {
    limits: Limits,
    in_memory: Vec<Box<[u8]>>,
    memory: u64,
    file: Option<File>,
    disk: u64,
    trouble: Option<String>,
}

impl Store {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            in_memory: Vec::new(),
            memory: 0,
            file: None,
            disk: 0,
            trouble: None,
        }
    }

    /// Keeps a chunk, if there is room.
    pub(super) fn put(&mut self, packed: &[u8]) -> Option<Place> {
        let size = packed.len() as u64;
        let spooled = &self.limits.spooled;
        if spooled.memory.take(size, self.limits.spool_memory) {
            self.memory += size;
            self.in_memory.push(packed.into());
            return Some(Place::Memory(self.in_memory.len() - 1));
        }
        if self.trouble.is_some() || !spooled.disk.take(size, self.limits.spool_disk) {
            return None;
        }
        match self.write(packed) {
            Ok(place) => Some(place),
            Err(error) => {
                self.limits.spooled.disk.give_back(size);
                self.trouble = Some(error.to_string());
                None
            }
        }
    }

    /// Reads a chunk.
    pub(super) fn get(&self, place: Place) -> io::Result<Vec<u8>> {
        match place {
            Place::Memory(idx) => Ok(self.in_memory[idx].to_vec()),
            Place::Disk { at, len } => {
                let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
                let mut packed = vec![0; len as usize];
                file.read_exact_at(&mut packed, at)?;
                Ok(packed)
            }
        }
    }

    /// Bytes in memory.
    pub(super) fn memory(&self) -> u64 {
        self.memory
    }

    /// Why the disk is not used.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    fn write(&mut self, packed: &[u8]) -> io::Result<Place> {
        if self.file.is_none() {
            let folder = folder(self.limits.spool_dir.as_deref())?;
            self.file = Some(nameless(&folder)?);
        }
        let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let free = rustix::fs::fstatvfs(file)?;
        let free = free.f_bavail.saturating_mul(free.f_frsize);
        if free < self.limits.spool_reserve.saturating_add(packed.len() as u64) {
            return Err(io::Error::other("there is too little free space for the spool"));
        }
        file.write_all_at(packed, self.disk)?;
        let place = Place::Disk { at: self.disk, len: packed.len() as u32 };
        self.disk += packed.len() as u64;
        Ok(place)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.limits.spooled.memory.give_back(self.memory);
        self.limits.spooled.disk.give_back(self.disk);
    }
}

/// The folder for the file: as told, else `$TMPDIR`, else `/var/tmp`; the latter two only where
/// they are not held in memory.
fn folder(told: Option<&Path>) -> io::Result<PathBuf> {
    if let Some(told) = told {
        return Ok(told.to_owned());
    }
    let candidates = [std::env::var_os("TMPDIR").map(PathBuf::from), Some("/var/tmp".into())];
    candidates
        .into_iter()
        .flatten()
        .find(|folder| !is_in_memory(folder))
        .ok_or_else(|| io::Error::other("there is no folder on a disk for the spool"))
}

fn is_in_memory(folder: &Path) -> bool {
    const TMPFS: u64 = 0x0102_1994;
    const RAMFS: u64 = 0x8584_58f6;
    // What cannot be looked at is not used either.
    rustix::fs::statfs(folder).is_ok_and(|found| matches!(found.f_type as u64, TMPFS | RAMFS))
        || !folder.is_dir()
}

/// A file that only this process can read and that is gone when it ends.
fn nameless(folder: &Path) -> io::Result<File> {
    for attempt in 0..100 {
        let path = folder.join(format!(".peavey-spool-{}-{attempt}", std::process::id()));
        let opened =
            File::options().read(true).write(true).create_new(true).mode(0o600).open(&path);
        match opened {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no name is free for the spool"))
}
