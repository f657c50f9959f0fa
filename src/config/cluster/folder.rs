//! The folder of profiles: finds, lists, writes and changes them.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::guard::{Guarded, read_guarded};
use super::profile::Profile;
use super::{edit, write};
use crate::config::finding::Finding;
use crate::config::paths::Paths;
use crate::diagnostic::nearest;

/// The folder of profiles.
#[derive(Debug, Clone)]
pub struct Profiles {
    folder: PathBuf,
}

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// There is none of that name.
    Unknown {
        /// The name.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// Its file cannot be read, or should not be.
    File(String),
    /// Its text is wrong: the text, and what was found.
    Text(String, Vec<Finding>),
}

/// A profile of the list, or why it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it says.
    pub profile: Result<Profile, Trouble>,
}

impl Profiles {
    /// The user's profiles.
    #[must_use]
    pub fn of(paths: &Paths) -> Self {
        Self { folder: paths.clusters() }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a name.
    ///
    /// # Errors
    /// A text for the user where the name cannot be a file's.
    pub fn file(&self, name: &str) -> Result<PathBuf, String> {
        let is_plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            return Err(format!(
                "`{name}` cannot name a cluster; use letters, digits, `-`, `_` and `.`"
            ));
        }
        Ok(self.folder.join(format!("{name}.toml")))
    }

    /// The names of all profiles, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let Ok(listing) = fs::read_dir(&self.folder) else { return Vec::new() };
        let files = listing.flatten().map(|entry| entry.path());
        let files = files.filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
        let names = files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    /// All profiles, in the order of their names.
    #[must_use]
    pub fn list(&self) -> Vec<Listed> {
        let listed = |name: String| {
            let profile = self.load(&name).map(|(profile, _)| profile);
            Listed { name, profile }
        };
        self.names().into_iter().map(listed).collect()
    }

    /// Reads the profile of a name, and what is odd about it.
    ///
    /// # Errors
    /// If there is none, others could have changed it, or its text is wrong.
    pub fn load(&self, name: &str) -> Result<(Profile, Vec<Finding>), Trouble> {
        let file = self.file(name).map_err(Trouble::File)?;
        if !file.exists() {
            let known = self.names();
            let nearest = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(Trouble::Unknown { name: name.to_owned(), nearest, known });
        }
        let text = read_guarded(&file, Guarded::FromWriting).map_err(Trouble::File)?;
        Profile::parse(&file, &text).map_err(|findings| Trouble::Text(text, findings))
    }

    /// Writes a profile: the folder for its owner alone, and so the file.
    ///
    /// # Errors
    /// A text for the user where it cannot be written, or there is one and it is not to be replaced.
    pub fn save(&self, profile: &Profile, replace: bool) -> Result<PathBuf, String> {
        let file = self.file(&profile.name)?;
        if !replace && file.exists() {
            return Err(format!(
                "there is a cluster `{}` already; --force replaces it",
                profile.name
            ));
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.map_err(|error| format!("{} cannot be made: {error}", self.folder.display()))?;
        put(&file, &profile.to_toml())?;
        Ok(file)
    }

    /// Pins a certificate in a profile.
    ///
    /// # Errors
    /// A text for the user where the file cannot be changed.
    pub fn pin(&self, name: &str, fingerprint: &str) -> Result<(), String> {
        self.change(name, |text| {
            edit::set(text, "tls", "ca-fingerprint", &write::quoted(fingerprint))
        })
    }

    /// Sets the data views of a profile.
    ///
    /// # Errors
    /// A text for the user where the file cannot be changed.
    pub fn set_data_views(&self, name: &str, data_views: &[String]) -> Result<(), String> {
        self.change(name, |text| edit::set(text, "", "data-views", &write::listed(data_views)))
    }

    /// Sets the user of a profile that had none.
    ///
    /// # Errors
    /// A text for the user where the file cannot be changed.
    pub fn set_user(&self, name: &str, user: &str) -> Result<(), String> {
        self.change(name, |text| edit::set(text, "authentication", "user", &write::quoted(user)))
    }

    fn change(&self, name: &str, change: impl Fn(&str) -> String) -> Result<(), String> {
        let file = self.file(name)?;
        let text = read_guarded(&file, Guarded::FromWriting)?;
        let changed = change(&text);
        if Profile::parse(&file, &changed).is_err() {
            return Err(format!("{} cannot be changed by a program; edit it", file.display()));
        }
        put(&file, &changed)
    }
}

/// Written beside and renamed, so that a full disk leaves the old file whole.
fn put(file: &Path, text: &str) -> Result<(), String> {
    let beside = file.with_extension(format!("new{}", std::process::id()));
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(&beside);
    let written = opened
        .and_then(|mut new| new.write_all(text.as_bytes()).and_then(|()| new.sync_all()))
        .and_then(|()| fs::rename(&beside, file));
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        format!("{} cannot be written: {error}", file.display())
    })
}
