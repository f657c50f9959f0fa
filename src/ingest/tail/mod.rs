//! Watching a rotation set grow: `tail -F`, without losing or repeating anything.
//!
//! In: the set's newest member with its [`Text`]; then [`Follower::step`], as often as one likes
//! (a few times a second). Out: [`Change`]s, in the order in which their bytes were written. Reads
//! no text itself but the first kilobyte, knows no clock and does not wait.
//!
//! - Growth: the file is longer than it was.
//! - Rotation by rename: the old file is watched on under its new name, through its open
//!   descriptor, until the next rotation; the new file is a member of its own.
//! - copytruncate: the file is shorter, or begins otherwise. What was read goes on in the copy.
//! - A file that is gone is waited for.

mod sibling;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::sibling::{Sibling, siblings};
use super::discover::{Options, discover, identify, probe, rotated_name};
use super::input::{Files, Text, open_regular};
use super::member::{Identity, LogSet, Member};
use super::source_arg::SourceArg;

/// What happened to a set. Members are numbered as in the set, new ones after them.
#[derive(Debug, Clone)]
pub enum Change {
    /// A member has more text.
    Grew {
        /// Which.
        member: usize,
        /// How many bytes it has now.
        len: u64,
    },
    /// There is a new newest member. Its text is read from the beginning; its length follows as
    /// [`Change::Grew`] when it has any.
    Added {
        /// Its number.
        member: usize,
        /// What it is.
        probed: Box<Member>,
        /// Its text.
        text: Text,
    },
    /// A member's file was emptied after it was copied: its text is now read from the copy.
    Moved {
        /// Which.
        member: usize,
        /// Where the copy is.
        to: PathBuf,
    },
    /// A member's text cannot be read any more.
    Gone {
        /// Which.
        member: usize,
    },
}

/// Watches one rotation set.
#[derive(Debug)]
pub struct Follower {
    path: PathBuf,
    files: Arc<Files>,
    /// The member that is written.
    current: Option<Watched>,
    /// The one before it, which may still be written for a while.
    retired: Option<Watched>,
    /// Files of the set that were seen.
    known: HashSet<(u64, u64)>,
    /// The file at the path that cannot be followed (packed, binary): it is not looked at again.
    refused: Option<(u64, u64)>,
    /// The number of the next new member.
    next: usize,
}

#[derive(Debug)]
struct Watched {
    member: usize,
    text: Text,
    identity: Identity,
    len: u64,
}

impl Follower {
    /// Follows `set`. `newest` is the text of its newest member and how much of it was read
    /// already; `None` if that member is not the live file.
    pub fn new(set: &LogSet, newest: Option<(Text, u64)>, files: &Arc<Files>) -> io::Result<Self> {
        let path = PathBuf::from(&*set.name);
        let current = match newest {
            Some((text, len)) => {
                text.pin()?;
                let member = set.members.len() - 1;
                Some(Watched { member, identity: text.identity(), text, len })
            }
            None => None,
        };
        let mut known: HashSet<_> = siblings(&path).iter().map(Sibling::key).collect();
        known.extend(current.iter().map(|watched| key(&watched.identity)));
        let next = set.members.len();
        Ok(Self {
            path,
            files: Arc::clone(files),
            current,
            retired: None,
            known,
            refused: None,
            next,
        })
    }

    /// Looks once. What cannot be looked at now is looked at the next time.
    pub fn step(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        if let Some(retired) = &mut self.retired {
            retired.grow(&mut changes);
        }
        self.look_at_current(&mut changes);
        let now = open_regular(&self.path, true).and_then(|file| identify(&file));
        let current = self.current.as_ref().map(|current| key(&current.identity));
        // A path that cannot be opened now is waited for.
        if let Ok(now) = now.map(|now| Some(key(&now)))
            && now != current
            && now != self.refused
        {
            self.rotate(&mut changes);
            let current = self.current.as_ref().map(|current| key(&current.identity));
            self.refused = now.filter(|_| now != current);
        }
        changes
    }

    /// Looks at the file that is written, whatever its name is now.
    fn look_at_current(&mut self, changes: &mut Vec<Change>) {
        let Some(current) = &mut self.current else { return };
        let Ok(len) = current.text.len() else { return };
        let begins_as_before = current.text.begins_as(&current.identity).unwrap_or(true);
        if len >= current.len && begins_as_before {
            current.grow_to(len, changes);
            return;
        }
        let Some(mut emptied) = self.current.take() else { return };
        let inode = key(&emptied.identity);
        let names = siblings(&self.path);
        match sibling::copy_of(&self.path, &emptied.identity, emptied.len) {
            Some(copy) => {
                self.known.insert(copy.key());
                emptied.text.move_to(&copy.path, copy.identity);
                let _ = emptied.text.pin();
                emptied.identity = copy.identity;
                changes.push(Change::Moved { member: emptied.member, to: copy.path });
                emptied.grow(changes);
            }
            None => changes.push(Change::Gone { member: emptied.member }),
        }
        self.retired = Some(emptied);
        let renamed = names.into_iter().find(|sibling| sibling.key() == inode);
        let path = renamed.map_or_else(|| self.path.clone(), |sibling| sibling.path);
        self.add(&path, changes);
    }

    /// The path names another file than before.
    fn rotate(&mut self, changes: &mut Vec<Change>) {
        if let Some(mut current) = self.current.take() {
            current.grow(changes);
            self.retired = Some(current);
        }
        // Files that came and were rotated away since the last look.
        for missed in siblings(&self.path) {
            let is_new = missed.is_plain && !self.known.contains(&missed.key());
            if is_new && !self.is_copy_of_retired(&missed) {
                self.add(&missed.path, changes);
            }
        }
        self.add(&self.path.clone(), changes);
        self.known.extend(siblings(&self.path).iter().map(Sibling::key));
    }

    fn is_copy_of_retired(&self, sibling: &Sibling) -> bool {
        self.retired.as_ref().is_some_and(|retired| {
            sibling.identity.head == retired.identity.head && retired.identity.head_len > 0
        })
    }

    /// Makes the file at `path` the newest member.
    fn add(&mut self, path: &Path, changes: &mut Vec<Change>) {
        let Ok(probed) = probe(path, true) else { return };
        let Ok(text) = Text::open(&probed, &self.files) else { return };
        if text.pin().is_err() {
            return; // Rotated again in this moment.
        }
        self.known.insert(key(&probed.identity));
        let member = self.next;
        self.next += 1;
        if let Some(before) = self.current.take() {
            self.retired = Some(before);
        }
        let mut added = Watched { member, identity: probed.identity, text: text.clone(), len: 0 };
        changes.push(Change::Added { member, probed: Box::new(probed), text });
        added.grow(changes);
        self.current = Some(added);
    }
}

impl Watched {
    fn grow(&mut self, changes: &mut Vec<Change>) {
        if let Ok(len) = self.text.len() {
            self.grow_to(len, changes);
        }
    }

    fn grow_to(&mut self, len: u64, changes: &mut Vec<Change>) {
        if len > self.len {
            if let Ok(identity) = self.text.identify() {
                self.identity = identity; // More of its beginning may be known now.
            }
            self.len = len;
            changes.push(Change::Grew { member: self.member, len });
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.text.unpin();
    }
}

fn key(identity: &Identity) -> (u64, u64) {
    (identity.device, identity.inode)
}

/// Moves a text that was emptied (copytruncate) to the rotated file that it was copied to; `len` is
/// how much of it was read. For who reads a block again and finds it changed. `false` if there is
/// no such copy: what was read is gone.
#[must_use]
pub fn move_to_copy(text: &Text, len: u64) -> bool {
    let path = text.path();
    let base = path.file_name().and_then(|name| name.to_str()).map(|name| rotated_name(name).base);
    let live = base.map_or_else(|| path.clone(), |base| path.with_file_name(base));
    let copy = sibling::copy_of(&live, &text.identity(), len);
    copy.is_some_and(|copy| {
        text.move_to(&copy.path, copy.identity);
        true
    })
}

/// The arguments by which logs may appear that are not among the `known`: folders, globs, and files
/// that did not exist.
#[must_use]
pub fn may_appear(arguments: &[SourceArg], known: &[Arc<str>]) -> Vec<SourceArg> {
    let is_known = |path: &Path| known.iter().any(|name| Path::new(&**name) == path);
    let may = |argument: &&SourceArg| match argument {
        SourceArg::Path(path) => !is_known(path) && (path.is_dir() || !path.exists()),
        SourceArg::Glob(_) => true,
        SourceArg::Stdin | SourceArg::Journal { .. } | SourceArg::Docker { .. } => false,
    };
    arguments.iter().filter(may).cloned().collect()
}

/// Logs that came where they [may appear](may_appear) since `known` was found: sets of other names.
#[must_use]
pub fn appeared(wide: &[SourceArg], known: &[Arc<str>]) -> Vec<LogSet> {
    let found = discover(wide, &Options::default());
    let is_known = |set: &LogSet| {
        known.contains(&set.name) || known.iter().any(|name| is_rotated_of(name, &set.name))
    };
    found.sets.into_iter().filter(|set| !is_known(set)).collect()
}

/// Whether `other` is a rotated file of the log `live`.
fn is_rotated_of(live: &str, other: &str) -> bool {
    let (live, other) = (Path::new(live), Path::new(other));
    let name = other.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| other.with_file_name(rotated_name(name).base) == live)
}
