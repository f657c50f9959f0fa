//! Reads files that only their owner may change, and secret ones that only their owner may read.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Larger files are neither profiles nor secrets.
const LARGEST: u64 = 64 * 1024;

/// How a file is to be guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded {
    /// Others may read it, not write.
    FromWriting,
    /// Others may not even read it.
    FromReading,
}

/// Reads a file, unless somebody else could have written it (or read it, where it is secret).
///
/// # Errors
/// A text for the user, with the line that mends it.
pub fn read_guarded(path: &Path, guarded: Guarded) -> Result<String, String> {
    let shown = path.display();
    let cannot = |error: std::io::Error| format!("{shown} cannot be read: {error}");
    let file = File::open(path).map_err(cannot)?;
    // Of the opened file, not of the path: nobody can put another in its place meanwhile.
    let facts = file.metadata().map_err(cannot)?;
    if !facts.is_file() || facts.len() > LARGEST {
        return Err(format!("{shown} is no file of at most 64 kB"));
    }
    let own = rustix::process::geteuid().as_raw();
    if let Some(wrong) = wrong(path, (facts.uid(), own), facts.mode(), guarded) {
        return Err(wrong);
    }
    let mut text = String::new();
    file.take(LARGEST).read_to_string(&mut text).map_err(cannot)?;
    Ok(text)
}

/// What is wrong with a file's owner (its and one's own) and mode.
fn wrong(path: &Path, (owner, own): (u32, u32), mode: u32, guarded: Guarded) -> Option<String> {
    let shown = path.display();
    // What the administrator wrote is trusted: he can do anything anyway.
    if owner != own && owner != 0 {
        return Some(format!(
            "{shown} belongs to another user (number {owner}), who could change where your \
             credentials go; make it yours: chown {own} {shown}"
        ));
    }
    if mode & 0o022 != 0 {
        return Some(format!(
            "{shown} can be written by others, who could change where your credentials go; run: \
             chmod go-w {shown}"
        ));
    }
    if guarded == Guarded::FromReading && mode & 0o077 != 0 {
        return Some(format!(
            "{shown} holds a secret and can be read by others; run: chmod 600 {shown}"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Guarded, wrong};

    #[test]
    fn files_of_others_and_for_others_are_refused_with_the_line_that_mends_it() {
        use Guarded::{FromReading, FromWriting};
        for (owner, own, mode, guarded, expected) in [
            (1000, 1000, 0o600, FromReading, None),
            (1000, 1000, 0o644, FromWriting, None),
            (1000, 1000, 0o644, FromReading, Some("chmod 600 /p")),
            (1000, 1000, 0o640, FromReading, Some("chmod 600 /p")),
            (1000, 1000, 0o664, FromWriting, Some("chmod go-w /p")),
            (1000, 1000, 0o602, FromReading, Some("chmod go-w /p")),
            (0, 1000, 0o644, FromWriting, None),
            (1000, 0, 0o600, FromWriting, Some("chown 0 /p")),
            (1001, 1000, 0o600, FromReading, Some("chown 1000 /p")),
        ] {
            let said = wrong(Path::new("/p"), (owner, own), mode, guarded);
            match expected {
                None => assert_eq!(said, None),
                Some(line) => assert!(said.as_ref().unwrap().ends_with(line), "{said:?}"),
            }
        }
    }
}
