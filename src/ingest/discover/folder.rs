//! The files of a folder and of the folders in it.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::skipped::{Skipped, Why};

/// Regular files under `root`, by name. What is neither file nor folder goes to `skipped`; links
/// are not followed: what they name inside of the folder is found anyway.
pub(super) fn walk(root: &Path, skipped: &mut Vec<Skipped>) -> Vec<PathBuf> {
    let mut walk = Walk {
        root: fs::canonicalize(root).unwrap_or_else(|_| root.to_owned()),
        seen: HashSet::new(),
        files: Vec::new(),
        skipped,
    };
    walk.enter(root);
    walk.files
}

struct Walk<'a> {
    root: PathBuf,
    seen: HashSet<(u64, u64)>,
    files: Vec<PathBuf>,
    skipped: &'a mut Vec<Skipped>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path) {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            match self.list(&folder) {
                Ok(inner) => folders.extend(inner.into_iter().rev()),
                Err(error) => self.skip(folder, reason(&error)),
            }
        }
    }

    /// Takes the files of one folder; returns the folders in it.
    fn list(&mut self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let metadata = fs::metadata(folder)?;
        if !self.seen.insert((metadata.dev(), metadata.ino())) {
            return Ok(Vec::new()); // A loop of mounts.
        }
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let mut folders = Vec::new();
        for path in paths {
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => folders.push(path),
                Ok(metadata) => self.take(path, &metadata),
                Err(error) => self.skip(path, reason(&error)),
            }
        }
        Ok(folders)
    }

    fn take(&mut self, path: PathBuf, metadata: &Metadata) {
        if metadata.is_file() {
            self.files.push(path);
        } else if !metadata.is_symlink() {
            self.skip(path, Why::NotRegular);
        } else if fs::canonicalize(&path).is_ok_and(|target| !target.starts_with(&self.root)) {
            self.skip(path, Why::LinkOutside);
        }
    }

    fn skip(&mut self, path: PathBuf, why: Why) {
        self.skipped.push(Skipped { path, why });
    }
}

fn reason(error: &io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Why::Permission,
        _ => Why::Unreadable(error.to_string()),
    }
}
