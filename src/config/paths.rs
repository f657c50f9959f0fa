//! Where Peavey's files live: settings, themes, saved queries, history, log.
//!
//! The only place that asks the operating system for directories. Reads the environment, creates
//! nothing.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The directories of this user on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Settings, keymap, themes and saved queries (`~/.config/peavey`).
    pub config: PathBuf,
    /// History and the program's own log (`~/.local/state/peavey`).
    pub state: PathBuf,
    /// What can be made again (`~/.cache/peavey`).
    pub cache: PathBuf,
}

impl Paths {
    /// The directories by the system's rules; `PEAVEY_CONFIG_DIR` and `PEAVEY_STATE_DIR` override
    /// them. `None` where the user has no home.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        let set = |name| std::env::var_os(name).filter(|dir| !dir.is_empty()).map(PathBuf::from);
        let dirs = ProjectDirs::from("", "", "peavey");
        let config = set("PEAVEY_CONFIG_DIR")
            .or_else(|| dirs.as_ref().map(|dirs| dirs.config_dir().to_owned()))?;
        let state = set("PEAVEY_STATE_DIR").or_else(|| {
            dirs.as_ref().map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned())
        })?;
        let cache = set("PEAVEY_CACHE_DIR")
            .or_else(|| dirs.as_ref().map(|dirs| dirs.cache_dir().to_owned()))?;
        Some(Self { config, state, cache })
    }

    /// The settings file.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The keymap file.
    #[must_use]
    pub fn keymap(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// The folder of the user's themes.
    #[must_use]
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The folder of the user's saved queries.
    #[must_use]
    pub fn queries(&self) -> PathBuf {
        self.config.join("queries")
    }

    /// The folder of the user's clusters.
    #[must_use]
    pub fn clusters(&self) -> PathBuf {
        self.config.join("clusters")
    }

    /// The file of past queries.
    #[must_use]
    pub fn history(&self) -> PathBuf {
        self.state.join("history")
    }

    /// The file of recently opened sources.
    #[must_use]
    pub fn recent(&self) -> PathBuf {
        self.state.join("recent")
    }

    /// The program's own log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.state.join("peavey.log")
    }
}

/// The folder of a team's saved queries: `.peavey/queries` in `start` or the nearest folder above.
#[must_use]
pub fn project_queries(start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|dir| dir.join(".peavey/queries")).find(|dir| dir.is_dir())
}

#[cfg(test)]
mod tests {
    use super::project_queries;

    #[test]
    fn a_teams_queries_are_found_from_below() {
        let dir = tempfile::tempdir().unwrap();
        let queries = dir.path().join(".peavey/queries");
        let deep = dir.path().join("src/deep");
        std::fs::create_dir_all(&queries).unwrap();
        std::fs::create_dir_all(&deep).unwrap();
        assert_eq!(project_queries(&deep), Some(queries));
    }
}
