//! From what a person named to the logs that are there.
//!
//! In: [`SourceArg`]s. Out: [`Discovered`]: rotation sets with their members probed, what was left
//! out and why, and what could not be found. Reads the first kilobytes of each file, no more.

mod folder;
mod nearest;
mod probe;
mod rotation;
mod skipped;
mod sniff;
#[cfg(test)]
mod tests;

pub use probe::probe;
pub use rotation::{Rank, RotatedName, rotated_name};
pub use skipped::{Skipped, Why};
pub use sniff::{compression_of, encoding_of, has_same_head, identify, is_binary, newline_of};

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::member::{Compression, Encoding, Identity, LogSet, Member, Newline, Origin};
use super::source_arg::SourceArg;
use crate::diagnostic::Diagnostic;
use crate::time::Millis;

/// What may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Rotated files that were last written before this are not read.
    pub from: Option<Millis>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// The logs, in the order in which they were named, by name within a folder.
    pub sets: Vec<LogSet>,
    /// What folders and globs hold and was left out.
    pub skipped: Vec<Skipped>,
    /// Named sources that cannot be read, each with the argument at fault and a way out.
    pub problems: Vec<Diagnostic>,
    /// What was named: where logs may appear later.
    pub arguments: Vec<SourceArg>,
}

impl Discovered {
    /// The names of the logs.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        self.sets.iter().map(|set| Arc::clone(&set.name)).collect()
    }

    /// One sentence about what was left out (`3 files skipped: ..`), and a line for each.
    #[must_use]
    pub fn summary(&self) -> Option<(String, Vec<String>)> {
        skipped::summary(&self.skipped)
    }
}

/// Finds the logs that `arguments` name.
#[must_use]
pub fn discover(arguments: &[SourceArg], options: &Options) -> Discovered {
    let mut search = Search::default();
    for argument in arguments {
        search.add(argument);
    }
    let Search { mut found, members, seen: _ } = search;
    found.arguments = arguments.to_vec();
    found.sets = rotation::group(members, options.from, &mut found.skipped);
    found
}

#[derive(Default)]
struct Search {
    found: Discovered,
    members: Vec<Member>,
    seen: HashSet<(u64, u64)>,
}

impl Search {
    fn add(&mut self, argument: &SourceArg) {
        match argument {
            SourceArg::Path(path) => self.add_path(path),
            SourceArg::Glob(pattern) => self.add_glob(pattern),
            SourceArg::Stdin => match redirected() {
                Some(path) => self.add_path(&path),
                None => self.members.push(live("-", Origin::Stdin)),
            },
            SourceArg::Journal { unit } => self.members.push(journal(unit.as_deref())),
            SourceArg::Docker { name } => self.members.push(docker(name)),
        }
    }

    fn add_path(&mut self, path: &Path) {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) if is_pipe(&metadata) => {
                let origin = Origin::Pipe(path.to_owned());
                self.members.push(live(&path.to_string_lossy(), origin));
            }
            Ok(_) => {
                if let Err(why) = self.add_file(path, true) {
                    self.found.problems.push(why.problem(path));
                }
            }
            Err(error) => self.found.problems.push(missing(path, &error)),
        }
    }

    fn add_folder(&mut self, path: &Path) {
        let before = self.members.len();
        let skipped_before = self.found.skipped.len();
        for file in folder::walk(path, &mut self.found.skipped) {
            if let Err(why) = self.add_file(&file, false) {
                self.found.skipped.push(Skipped { path: file, why });
            }
        }
        if self.members.len() == before {
            let shown = path.display();
            let problem = Diagnostic::error(format!("there are no logs in {shown}"));
            let skipped = &self.found.skipped[skipped_before..];
            self.found.problems.push(match skipped::summary(skipped) {
                Some((summary, _)) => problem.hint(summary),
                None => problem,
            });
        }
    }

    fn add_glob(&mut self, pattern: &str) {
        let paths: Vec<PathBuf> = match glob::glob(pattern) {
            Ok(paths) => paths.filter_map(Result::ok).collect(),
            Err(error) => {
                let message = format!("{pattern} is no pattern for names: {}", error.msg);
                self.found.problems.push(Diagnostic::error(message));
                return;
            }
        };
        if paths.is_empty() {
            let message = format!("no file matches {pattern}");
            self.found.problems.push(Diagnostic::error(message));
        }
        for path in paths {
            if path.is_dir() {
                self.add_folder(&path);
            } else if let Err(why) = self.add_file(&path, false) {
                self.found.skipped.push(Skipped { path, why });
            }
        }
    }

    /// Probes a file. One that was named is taken unless it cannot be text at all.
    fn add_file(&mut self, path: &Path, is_named: bool) -> Result<(), Why> {
        let member = probe(path, is_named)?;
        if self.seen.insert((member.identity.device, member.identity.inode)) {
            self.members.push(member);
        }
        Ok(())
    }
}

/// The file that standard input is redirected from (`< access.log`), which can be read anywhere.
fn redirected() -> Option<PathBuf> {
    let input = io::stdin();
    let path = std::fs::read_link("/proc/self/fd/0").ok()?;
    let (status, named) = (rustix::fs::fstat(&input).ok()?, rustix::fs::stat(&path).ok()?);
    let is_file = rustix::fs::FileType::from_raw_mode(status.st_mode).is_file();
    let is_same = (status.st_dev, status.st_ino) == (named.st_dev, named.st_ino);
    let is_at_start = rustix::fs::tell(&input).is_ok_and(|at| at == 0);
    (is_file && is_same && is_at_start).then_some(path)
}

fn is_pipe(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    metadata.file_type().is_fifo()
}

fn live(name: &str, origin: Origin) -> Member {
    Member {
        origin,
        name: name.into(),
        identity: Identity::default(),
        compression: Compression::default(),
        is_archive: false,
        encoding: Encoding::default(),
        newline: Newline::default(),
        size: 0,
        modified: None,
        ended: None,
    }
}

fn journal(unit: Option<&str>) -> Member {
    let mut arguments = vec!["--output=json".to_owned(), "--no-pager".to_owned()];
    arguments.extend(unit.map(|unit| format!("--unit={unit}")));
    let following = [arguments.clone(), vec!["--no-tail".into(), "--follow".into()]].concat();
    let program = "journalctl".to_owned();
    let origin = Origin::Command { program, arguments, following, is_merged: false };
    live(&format!("journal:{}", unit.unwrap_or_default()), origin)
}

fn docker(name: &str) -> Member {
    let command = |options: &[&str]| {
        let words = [&["logs"], options, &["--", name]].concat();
        words.into_iter().map(str::to_owned).collect()
    };
    let origin = Origin::Command {
        program: "docker".into(),
        arguments: command(&["--timestamps"]),
        following: command(&["--timestamps", "--follow"]),
        is_merged: true,
    };
    live(&format!("docker:{name}"), origin)
}

fn missing(path: &Path, error: &io::Error) -> Diagnostic {
    let shown = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            let problem = Diagnostic::error(format!("{shown} does not exist"));
            let is_journaled = matches!(
                path.to_str(),
                Some("/var/log/syslog" | "/var/log/messages" | "/var/log/auth.log")
            );
            match nearest::nearest(path) {
                _ if is_journaled => {
                    problem.hint("`journal:` reads the system's journal").replace_with("journal:")
                }
                Some(near) => {
                    let near = near.display().to_string();
                    problem.hint(format!("did you mean {near}?")).replace_with(near)
                }
                None => problem,
            }
        }
        io::ErrorKind::PermissionDenied => Why::Permission.problem(path),
        _ => Diagnostic::error(format!("{shown} cannot be read: {error}")),
    }
}
