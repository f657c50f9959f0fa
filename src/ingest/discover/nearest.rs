//! The existing path that a mistyped one probably means.

use std::path::{Path, PathBuf};

/// The path with the nearest name in the same folder, if one is near.
pub(super) fn nearest(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let allowed = (name.len() / 3).clamp(1, 4);
    let best = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .map(|candidate| (distance(name, &candidate), candidate))
        .min()
        .filter(|(distance, _)| *distance <= allowed)?;
    Some(folder.map_or_else(|| PathBuf::from(&best.1), |folder| folder.join(&best.1)))
}

/// How many letters must be added, removed or changed.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (idx, other) in to.iter().enumerate() {
            let changed = corner + usize::from(letter != *other);
            corner = row[idx + 1];
            row[idx + 1] = changed.min(corner + 1).min(row[idx] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("access.log", "access.log"), 0);
        assert_eq!(distance("acess.log", "access.log"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("access.log"), "").unwrap();
        let found = nearest(&folder.path().join("acces.log"));
        assert_eq!(found, Some(folder.path().join("access.log")));
        assert_eq!(nearest(&folder.path().join("something-else")), None);
    }
}
