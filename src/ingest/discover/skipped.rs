//! What was left out, and why.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: Why,
}

/// Why a file is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Not allowed.
    Permission,
    /// Not text.
    Binary,
    /// A file of the journal; `journal:` reads it.
    Journal,
    /// A FIFO, a socket, a device.
    NotRegular,
    /// A link to something outside of the folder.
    LinkOutside,
    /// The same log packed and unpacked (`a.log.1`, `a.log.1.gz`).
    Duplicate,
    /// Another error.
    Unreadable(String),
}

impl Why {
    /// The reason in some words.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Permission => "permission denied",
            Self::Binary => "binary",
            Self::Journal => "journal files",
            Self::NotRegular => "not a regular file",
            Self::LinkOutside => "links that leave the folder",
            Self::Duplicate => "packed twins of a file",
            Self::Unreadable(reason) => reason,
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Permission => Some("try the adm group or sudo"),
            Self::Journal => Some("`journal:` reads them"),
            _ => None,
        }
    }

    /// What to say when the file was named.
    pub(super) fn problem(&self, path: &Path) -> Diagnostic {
        let shown = path.display();
        let message = match self {
            Self::Binary => format!("{shown} is no text"),
            Self::NotRegular => format!("{shown} is no regular file"),
            Self::Journal => format!("{shown} is a file of the journal"),
            _ => format!("{shown} cannot be read: {}", self.text()),
        };
        let problem = Diagnostic::error(message);
        match self.hint() {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}

/// One sentence, and a line for each file.
pub(super) fn summary(skipped: &[Skipped]) -> Option<(String, Vec<String>)> {
    let mut reasons: Vec<(&Why, usize)> = Vec::new();
    for one in skipped {
        match reasons.iter_mut().find(|(why, _)| *why == &one.why) {
            Some((_, count)) => *count += 1,
            None => reasons.push((&one.why, 1)),
        }
    }
    if reasons.is_empty() {
        return None;
    }
    reasons.sort_by(|(why, count), (other, more)| more.cmp(count).then(why.cmp(other)));
    let parts: Vec<String> = reasons
        .iter()
        .map(|(why, count)| {
            let hint = why.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("{count} {}{hint}", why.text())
        })
        .collect();
    let total = skipped.len();
    let files = if total == 1 { "file" } else { "files" };
    let details =
        skipped.iter().map(|one| format!("{}: {}", one.path.display(), one.why.text())).collect();
    Some((format!("{total} {files} skipped: {}", parts.join(", ")), details))
}
