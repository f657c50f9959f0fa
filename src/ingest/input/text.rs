//! Plain files as text that is read at any offset.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::{Files, Pinned, open_regular};
use crate::ingest::discover::{has_same_head, identify};
use crate::ingest::frame::ReadAt;
use crate::ingest::member::{Identity, Member};

/// A plain file. Cheap to clone; clones read the same file.
///
/// The file is known by device and inode: when it was renamed since (rotation), it is found under
/// its new name in the same folder.
#[derive(Debug, Clone)]
pub struct Text(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    files: Arc<Files>,
    key: u64,
    place: Mutex<Place>,
}

#[derive(Debug, Clone)]
struct Place {
    path: PathBuf,
    identity: Identity,
    pinned: Option<Pinned>,
}

impl Text {
    /// The text of a seekable member (see [`Member::is_seekable`]). Opens nothing yet.
    ///
    /// # Errors
    /// If the member is no plain file.
    pub fn open(member: &Member, files: &Arc<Files>) -> io::Result<Self> {
        let path = member.path().filter(|_| member.is_seekable()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "can be read forwards only")
        })?;
        let place = Place { path: path.to_owned(), identity: member.identity, pinned: None };
        let key = files.key();
        Ok(Self(Arc::new(Inner { files: Arc::clone(files), key, place: Mutex::new(place) })))
    }

    /// The number of bytes that the file has now.
    pub fn len(&self) -> io::Result<u64> {
        Ok(self.file()?.metadata()?.len())
    }

    /// Whether the file has no bytes now.
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Where the file is, as far as known.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.place().path.clone()
    }

    /// Keeps the file open, so that it can be read to its end after it was deleted. When too many
    /// are kept open already, it is found under its new name as long as it has one.
    pub fn pin(&self) -> io::Result<()> {
        let pinned = self.0.files.pin(self.file()?);
        self.place().pinned = pinned;
        Ok(())
    }

    /// Lets the file be closed again.
    pub fn unpin(&self) {
        self.place().pinned = None;
    }

    /// Goes on with a copy of the file (copytruncate): `path` must hold the same bytes.
    pub fn move_to(&self, path: &Path, identity: Identity) {
        self.0.files.forget(self.0.key);
        *self.place() = Place { path: path.to_owned(), identity, pinned: None };
    }

    /// By what the file is known.
    #[must_use]
    pub fn identity(&self) -> Identity {
        self.place().identity
    }

    /// Whether the file still begins as it did when `identity` was taken.
    pub fn begins_as(&self, identity: &Identity) -> io::Result<bool> {
        has_same_head(&*self.file()?, identity)
    }

    /// By what the file is known as it is now. Takes it over, so that the file is known by as much
    /// of its beginning as there is.
    pub fn identify(&self) -> io::Result<Identity> {
        let identity = identify(&*self.file()?)?;
        self.place().identity = identity;
        Ok(identity)
    }

    fn file(&self) -> io::Result<Arc<File>> {
        let mut place = self.place().clone();
        if let Some(pinned) = place.pinned.take() {
            return Ok(pinned.file);
        }
        self.0.files.get(self.0.key, || {
            let (file, path) = find(&place)?;
            self.place().path = path;
            Ok(file)
        })
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadAt for Text {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let file = self.file()?;
        let mut done = 0;
        while done < buf.len() {
            match file.read_at(&mut buf[done..], offset + done as u64) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.files.forget(self.key);
    }
}

/// Opens the file of a place: under its name, or under another one in the same folder.
fn find(place: &Place) -> io::Result<(File, PathBuf)> {
    let at_its_name = open_regular(&place.path, true);
    if let Ok(file) = &at_its_name
        && is_same(&file.metadata()?, place.identity)
    {
        return Ok((at_its_name?, place.path.clone()));
    }
    let folder = place.path.parent().unwrap_or(Path::new("."));
    for entry in std::fs::read_dir(folder)?.flatten() {
        let is_it = entry.metadata().is_ok_and(|metadata| is_same(&metadata, place.identity));
        if is_it && let Ok(file) = open_regular(&entry.path(), false) {
            let found = identify(&file)?;
            // An inode may have been given to another file since.
            if found.head_len >= place.identity.head_len {
                return Ok((file, entry.path()));
            }
        }
    }
    at_its_name?;
    Err(io::Error::new(io::ErrorKind::NotFound, "the file was replaced by another"))
}

fn is_same(metadata: &std::fs::Metadata, identity: Identity) -> bool {
    metadata.dev() == identity.device && metadata.ino() == identity.inode
}
