//! All saved queries that can be seen from here, by name.
//!
//! Later places win over earlier ones with the same name: what is compiled in, the user's folder,
//! `.peavey/queries` here or above, folders that were named. Saving and deleting concern the user's
//! folder only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::SavedQuery;
use crate::config::finding::Finding;
use crate::config::paths::{self, Paths};
use crate::diagnostic::{Diagnostic, nearest};

/// Larger files are no saved queries.
const LARGEST: u64 = 256 * 1024;

/// Queries that are compiled in, by file name.
const SHIPPED: [(&str, &str); 13] = [
    ("application-errors.toml", include_str!("../../../queries/application-errors.toml")),
    ("auth-failures.toml", include_str!("../../../queries/auth-failures.toml")),
    ("nginx-5xx.toml", include_str!("../../../queries/nginx-5xx.toml")),
    ("oom-kills.toml", include_str!("../../../queries/oom-kills.toml")),
    ("slow-requests.toml", include_str!("../../../queries/slow-requests.toml")),
    ("sudo.toml", include_str!("../../../queries/sudo.toml")),
    ("pt-all.toml", include_str!("../../../queries/pt-all.toml")),
    ("pt-aws.toml", include_str!("../../../queries/pt-aws.toml")),
    ("pt-critical.toml", include_str!("../../../queries/pt-critical.toml")),
    ("pt-django-errors.toml", include_str!("../../../queries/pt-django-errors.toml")),
    (
        "pt-django-parcels-errors.toml",
        include_str!("../../../queries/pt-django-parcels-errors.toml"),
    ),
    ("pt-parcels.toml", include_str!("../../../queries/pt-parcels.toml")),
    ("pt-parcels-views.toml", include_str!("../../../queries/pt-parcels-views.toml")),
];

/// Where a saved query is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Compiled in.
    Shipped,
    /// A file of the user's folder, which may be deleted.
    User(PathBuf),
    /// A file of a team's or a named folder.
    Folder(PathBuf),
}

/// A saved query and where it is from.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedEntry {
    /// The query.
    pub query: SavedQuery,
    /// Where it is from.
    pub origin: Origin,
}

/// All saved queries in sight, by name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    entries: Vec<SavedEntry>,
    own: Option<PathBuf>,
}

impl Library {
    /// Reads every place: what is compiled in, the user's folder, the team's folder at or above
    /// `start`, and `named` folders. What is wrong in files is reported; the rest is kept.
    #[must_use]
    pub fn load(user: Option<&Paths>, start: &Path, named: &[PathBuf]) -> (Self, Vec<Finding>) {
        let mut library = Self { entries: Vec::new(), own: user.map(Paths::queries) };
        let mut findings = Vec::new();
        for (file, text) in SHIPPED {
            let (query, found) = SavedQuery::parse(file, text);
            findings.extend(found);
            library.put(SavedEntry { query, origin: Origin::Shipped });
        }
        if let Some(own) = library.own.clone() {
            library.read_folder(&own, Origin::User, &mut findings);
        }
        if let Some(team) = paths::project_queries(start) {
            library.read_folder(&team, Origin::Folder, &mut findings);
        }
        for folder in named {
            if !folder.is_dir() {
                let found = Diagnostic::warning("there is no such folder of saved queries");
                let file = folder.display().to_string();
                findings.push(Finding { file, line: 0, diagnostic: found });
            }
            library.read_folder(folder, Origin::Folder, &mut findings);
        }
        library.entries.sort_by_cached_key(|entry| entry.query.name.to_lowercase());
        (library, findings)
    }

    fn read_folder(
        &mut self,
        folder: &Path,
        origin: fn(PathBuf) -> Origin,
        findings: &mut Vec<Finding>,
    ) {
        let Ok(listing) = fs::read_dir(folder) else { return };
        let mut files: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        for path in files {
            let file = path.display().to_string();
            match read(&path) {
                Ok(text) => {
                    let (query, found) = SavedQuery::parse(&file, &text);
                    findings.extend(found);
                    self.put(SavedEntry { query, origin: origin(path) });
                }
                Err(error) => {
                    let diagnostic = Diagnostic::warning(format!("cannot be read: {error}"));
                    findings.push(Finding { file, line: 0, diagnostic });
                }
            }
        }
    }

    fn put(&mut self, entry: SavedEntry) {
        self.entries.retain(|old| !same_name(&old.query.name, &entry.query.name));
        self.entries.push(entry);
    }

    /// All queries, by name.
    #[must_use]
    pub fn entries(&self) -> &[SavedEntry] {
        &self.entries
    }

    /// The query of that name, letter case aside; the name of its file without `.toml` serves too.
    ///
    /// # Errors
    /// There is none; the nearest name is the hint.
    pub fn find(&self, name: &str) -> Result<&SavedEntry, Diagnostic> {
        let by_name = self.entries.iter().find(|entry| same_name(&entry.query.name, name));
        let by_file = || {
            let file = format!("{name}.toml");
            self.entries.iter().find(|entry| entry.query.file_name() == file)
        };
        by_name.or_else(by_file).ok_or_else(|| {
            let error = Diagnostic::error(format!("there is no saved query `{name}`"));
            match nearest(name, self.entries.iter().map(|entry| entry.query.name.as_str())) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("`peavey queries` lists them"),
            }
        })
    }

    /// Writes a query to the user's folder, replacing one of the same name there.
    ///
    /// # Errors
    /// The user has no folder, or it cannot be written.
    pub fn save(&mut self, query: SavedQuery) -> io::Result<PathBuf> {
        let own = self.own.clone().ok_or_else(no_folder)?;
        fs::create_dir_all(&own)?;
        let path = match self.find(&query.name) {
            Ok(SavedEntry { query: old, origin: Origin::User(path) })
                if same_name(&old.name, &query.name) =>
            {
                path.clone()
            }
            _ => free_path(&own, &query.file_name()),
        };
        // Written beside and renamed, so that a full disk leaves the old file whole.
        let beside = path.with_extension("toml.new");
        fs::write(&beside, query.to_toml())?;
        fs::rename(&beside, &path)?;
        self.put(SavedEntry { query, origin: Origin::User(path.clone()) });
        self.entries.sort_by_cached_key(|entry| entry.query.name.to_lowercase());
        Ok(path)
    }

    /// Deletes a query of the user's folder.
    ///
    /// # Errors
    /// There is none of that name, it is not the user's own, or its file cannot be deleted.
    pub fn delete(&mut self, name: &str) -> Result<(), Diagnostic> {
        let path = match &self.find(name)?.origin {
            Origin::User(path) => path.clone(),
            Origin::Shipped => {
                let error = format!("`{name}` is part of Peavey");
                return Err(
                    Diagnostic::error(error).hint("save one of the same name to replace it")
                );
            }
            Origin::Folder(path) => {
                return Err(Diagnostic::error(format!("`{name}` belongs to {}", path.display())));
            }
        };
        fs::remove_file(&path).map_err(|error| {
            Diagnostic::error(format!("cannot delete {}: {error}", path.display()))
        })?;
        self.entries.retain(|entry| entry.origin != Origin::User(path.clone()));
        Ok(())
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

fn no_folder() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "there is no home folder to save in")
}

/// A path in `folder` that no file has yet.
fn free_path(folder: &Path, name: &str) -> PathBuf {
    let stem = name.trim_end_matches(".toml");
    let numbered = (2..10_000).map(|number| format!("{stem}-{number}.toml"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let free = names.find(|name| !folder.join(name).exists());
    folder.join(free.unwrap_or_else(|| name.to_owned()))
}

fn read(path: &Path) -> io::Result<String> {
    let size = fs::metadata(path)?;
    if !size.is_file() || size.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no file of a saved query's size"));
    }
    fs::read_to_string(path)
}
