//! One log file, and the rotation set that it belongs to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::time::Millis;

/// How a file's bytes are packed, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip, also of several members.
    Gzip,
    /// Zstandard, also of several frames.
    Zstd,
    /// bzip2, also of several streams.
    Bzip2,
    /// xz, also of several streams.
    Xz,
}

/// How text is encoded, told by a byte order mark or by where the zero bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encoding {
    /// UTF-8, or bytes that are kept as they are.
    #[default]
    Utf8,
    /// UTF-16, little end first; decoded to UTF-8.
    Utf16Le,
    /// UTF-16, big end first; decoded to UTF-8.
    Utf16Be,
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Newline {
    /// LF; a CR before it is not part of the line.
    #[default]
    Lf,
    /// CR alone, in files that have no LF.
    Cr,
}

impl Newline {
    /// The byte that ends a line.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Lf => b'\n',
            Self::Cr => b'\r',
        }
    }
}

/// By what a file is known again when its name changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Identity {
    /// Device number.
    pub device: u64,
    /// Inode number.
    pub inode: u64,
    /// Hash of the first bytes (at most one kilobyte).
    pub head: u64,
    /// How many bytes `head` covers.
    pub head_len: u32,
}

/// Where a member's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A regular file.
    File(PathBuf),
    /// A FIFO that was named.
    Pipe(PathBuf),
    /// Standard input.
    Stdin,
    /// A program, with arguments; never a shell.
    Command {
        /// The program.
        program: String,
        /// Its arguments.
        arguments: Vec<String>,
        /// The arguments with which it follows.
        following: Vec<String>,
        /// Whether what it writes to standard error is log too.
        is_merged: bool,
    },
}

/// One log: a file, a pipe or the output of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where its bytes come from.
    pub origin: Origin,
    /// The name for people and for `log.file.path` (`-`, `journal:ssh`, an absolute path).
    pub name: Arc<str>,
    /// By what a file is known again.
    pub identity: Identity,
    /// Packing.
    pub compression: Compression,
    /// Whether the unpacked bytes are a tar archive, whose texts are read one after the other.
    pub is_archive: bool,
    /// Encoding of the unpacked bytes.
    pub encoding: Encoding,
    /// Line ends of the decoded text.
    pub newline: Newline,
    /// Bytes as stored, at the time of discovery; 0 for what is not a file.
    pub size: u64,
    /// When it was last written.
    pub modified: Option<Millis>,
    /// The day in the name of a rotated file, or the time in a gzip header: when its last record
    /// was written, better than `modified` where it is there.
    pub ended: Option<Millis>,
}

impl Member {
    /// Whether any offset can be read at once: plain files in UTF-8. Others are read forwards.
    #[must_use]
    pub fn is_seekable(&self) -> bool {
        matches!(self.origin, Origin::File(_))
            && self.compression == Compression::None
            && self.encoding == Encoding::Utf8
            && !self.is_archive
    }

    /// Whether it goes on until somebody ends it, so that reading may wait.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !matches!(self.origin, Origin::File(_))
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Pipe(_) | Origin::Stdin | Origin::Command { .. } => None,
        }
    }

    /// The instant from which years of stamps without year are counted back.
    #[must_use]
    pub fn end_hint(&self) -> Option<Millis> {
        self.ended.or(self.modified)
    }
}

/// A rotation set: one log in one or more files, oldest first. A lone file is a set of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSet {
    /// The live file's name (`/var/log/nginx/access.log`), also when only rotated ones exist.
    pub name: Arc<str>,
    /// The files, oldest first; never empty.
    pub members: Vec<Member>,
    /// Members left out because they end before the wanted time.
    pub older: usize,
    /// Whether it can grow: its newest member is the live file, or a pipe or command.
    pub can_grow: bool,
}
