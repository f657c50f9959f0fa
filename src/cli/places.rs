//! The logs of this machine, for the picker that opens when no source was named.
//!
//! Lists readable files of /var/log, the journal, and what was opened recently, with size and age.
//! Opens nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A thing to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// As shown.
    pub label: String,
    /// Size and age, or what it is.
    pub detail: String,
    /// The source argument that opens it.
    pub argument: String,
}

/// Most files listed.
const MOST: usize = 200;
/// Folders below /var/log that are looked into.
const DEPTH: usize = 3;

/// What can be opened here, recent sources first, then the newest logs.
#[must_use]
pub(super) fn list(logs: &Path, recent: &[String], now: SystemTime) -> Vec<Place> {
    let mut places: Vec<Place> = recent
        .iter()
        .map(|argument| Place {
            label: argument.clone(),
            detail: "opened before".to_owned(),
            argument: argument.clone(),
        })
        .collect();
    if is_on_path("journalctl") {
        let detail = "the system's journal".to_owned();
        places.push(Place {
            label: "journal:".to_owned(),
            detail,
            argument: "journal:".to_owned(),
        });
    }
    let mut files = Vec::new();
    collect(logs, DEPTH, &mut files);
    if files.len() > 1 {
        let size: u64 = files.iter().map(|file| file.size).sum();
        places.push(Place {
            label: logs.display().to_string(),
            detail: format!("{} files, {}", files.len(), size_text(size)),
            argument: logs.display().to_string(),
        });
    }
    files.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| a.path.cmp(&b.path)));
    files.truncate(MOST);
    places.extend(files.into_iter().map(|file| {
        let age = now.duration_since(file.modified).unwrap_or_default();
        let path = file.path.display().to_string();
        Place {
            label: path.clone(),
            detail: format!("{}, {}", size_text(file.size), age_text(age)),
            argument: path,
        }
    }));
    places
}

struct Found {
    path: PathBuf,
    size: u64,
    modified: SystemTime,
}

/// Regular files with text in them that this user may read; rotated members are left to their set.
fn collect(folder: &Path, depth: usize, files: &mut Vec<Found>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() && depth > 1 {
            collect(&path, depth - 1, files);
        }
        if !kind.is_file() || !has_name_of_a_log(&path) {
            continue;
        }
        let Ok(facts) = entry.metadata() else { continue };
        let is_readable = rustix::fs::access(&path, rustix::fs::Access::READ_OK).is_ok();
        if facts.len() > 0 && is_readable {
            files.push(Found {
                path,
                size: facts.len(),
                modified: facts.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            });
        }
    }
}

fn has_name_of_a_log(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_binary = ["wtmp", "btmp", "lastlog", "faillog", "utmp"].contains(&&*name)
        || name.ends_with(".journal");
    let is_rotated = name.rsplit('.').any(|part| part.parse::<u32>().is_ok())
        || name.ends_with(".gz")
        || name.ends_with(".old");
    !is_binary && !is_rotated
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A size with one decimal and a unit.
#[must_use]
pub(super) fn size_text(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1000.0 && unit + 1 < units.len() {
        size /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{size:.1} {}", units[unit]) }
}

/// How long ago, in the largest unit that fits.
fn age_text(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::{list, size_text};

    #[test]
    fn logs_are_listed_newest_first_without_rotated_and_binary_ones() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("nginx")).unwrap();
        for name in ["syslog", "syslog.1", "old.2.gz", "wtmp", "nginx/access.log"] {
            fs::write(folder.path().join(name), "text\n").unwrap();
        }
        fs::write(folder.path().join("empty.log"), "").unwrap();
        let old = SystemTime::now() - Duration::from_secs(7200);
        fs::File::options()
            .write(true)
            .open(folder.path().join("syslog"))
            .unwrap()
            .set_modified(old)
            .unwrap();
        let places = list(folder.path(), &["/srv/a.log".to_owned()], SystemTime::now());
        let labels: Vec<&str> =
            places.iter().map(|place| place.label.rsplit('/').next().unwrap()).collect();
        let files: Vec<&&str> =
            labels.iter().filter(|label| ["syslog", "access.log"].contains(*label)).collect();
        assert_eq!(files, [&"access.log", &"syslog"]);
        assert_eq!(labels[0], "a.log");
        assert!(
            !labels.contains(&"wtmp")
                && !labels.contains(&"syslog.1")
                && !labels.contains(&"empty.log")
        );
        assert!(places.iter().any(|place| place.detail == "5 B, 2 h ago"), "{places:?}");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(
            [size_text(999), size_text(1500), size_text(12_345_678)],
            ["999 B", "1.5 kB", "12.3 MB"]
        );
    }
}
