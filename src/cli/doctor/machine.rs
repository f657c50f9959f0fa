//! Facts about this machine.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Section;
use crate::app::Action;
use crate::cli::open;
use crate::config::{Keymap, Paths, Settings as SettingsFile};
use crate::doctor::machine::{Journal, Machine, Settings, judge};
use crate::theme::{Charset, ColorDepth};

/// Folders below /var/log that are looked into.
const DEPTH: usize = 3;

/// Examines this machine.
pub(super) fn examine() -> Section {
    let variable = |name: &str| std::env::var(name).ok();
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok();
    let mut logs = (0, Vec::new());
    collect(Path::new("/var/log"), DEPTH, &mut logs);
    let paths = open::paths();
    let machine = Machine {
        term: variable("TERM").unwrap_or_default(),
        size: size.map(|size| (size.ws_col, size.ws_row)),
        colors: colors(ColorDepth::detect(variable)).to_owned(),
        locale: locale(variable),
        is_unicode: Charset::detect(variable) == Charset::Unicode,
        settings: paths.as_ref().map(settings).unwrap_or_default(),
        folder: paths.map(|paths| paths.config.display().to_string()),
        logs,
        journal: journal(),
        is_root: rustix::process::geteuid().is_root(),
    };
    Section { title: "This machine".to_owned(), findings: judge(&machine) }
}

fn colors(depth: ColorDepth) -> &'static str {
    match depth {
        ColorDepth::None => "no colours",
        ColorDepth::Ansi16 => "16 colours",
        ColorDepth::Ansi256 => "256 colours",
        ColorDepth::True => "true colour",
    }
}

fn locale(variable: impl Fn(&str) -> Option<String>) -> Option<(String, String)> {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    names.into_iter().find_map(|name| Some((name.to_owned(), set(name)?)))
}

/// The files of settings that there are, with what is wrong in them.
fn settings(paths: &Paths) -> Vec<Settings> {
    let mut files = Vec::new();
    for path in [paths.settings(), paths.keymap()] {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let name = path.display().to_string();
        let actions: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        let findings = if path == paths.settings() {
            SettingsFile::load(Some((&name, &text))).1
        } else {
            Keymap::load(Some((&name, &text)), &actions).1
        };
        let findings = findings.iter().map(ToString::to_string).collect();
        files.push(Settings { mend: mend(&path, false), path: name, findings });
    }
    for (folder, is_secret) in [("clusters", true), ("themes", false), ("queries", false)] {
        let entries = fs::read_dir(paths.config.join(folder)).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        found.retain(|path| path.extension().is_some_and(|ext| ext == "toml"));
        found.sort();
        for path in found {
            files.push(Settings {
                mend: mend(&path, is_secret),
                path: path.display().to_string(),
                findings: Vec::new(),
            });
        }
    }
    files
}

/// The command that takes a file from others, where they may write to it or it is not one's own.
fn mend(path: &Path, is_secret: bool) -> Option<String> {
    let facts = fs::metadata(path).ok()?;
    let shown = path.display();
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Some(format!("sudo chown $USER {shown}"));
    }
    let mode = if is_secret { "600" } else { "go-w" };
    (facts.permissions().mode() & 0o022 != 0).then(|| format!("chmod {mode} {shown}"))
}

/// Counts the files that may be read, and names those that may not.
fn collect(folder: &Path, depth: usize, logs: &mut (u64, Vec<String>)) {
    let Ok(entries) = fs::read_dir(folder) else {
        logs.1.push(format!("{}/", folder.display()));
        return;
    };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        if kind.is_dir() && depth > 1 && path.file_name().is_some_and(|name| name != "journal") {
            collect(&path, depth - 1, logs);
        } else if kind.is_file() {
            match rustix::fs::access(&path, rustix::fs::Access::READ_OK) {
                Ok(()) => logs.0 += 1,
                Err(_refused) => logs.1.push(path.display().to_string()),
            }
        }
    }
}

/// Whether the journal's files may be read: whoever may list and open the system's may read all.
fn journal() -> Journal {
    let folders = ["/var/log/journal", "/run/log/journal"];
    let mut found = Journal::None;
    for folder in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten()
    {
        let system = folder.path().join("system.journal");
        if rustix::fs::access(&system, rustix::fs::Access::READ_OK).is_ok() {
            return Journal::Whole;
        }
        found = Journal::Own;
    }
    found
}
