//! This machine: terminal, language, settings, the logs that may be read.

use super::finding::Finding;
use super::words::{count, first_few};

/// What was found of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Machine {
    /// `TERM`.
    pub term: String,
    /// Columns and lines, where there is a terminal.
    pub size: Option<(u16, u16)>,
    /// How many colours it is taken to have, in words.
    pub colors: String,
    /// The language variable that counts, and its value.
    pub locale: Option<(String, String)>,
    /// Whether characters outside ASCII are taken to be shown.
    pub is_unicode: bool,
    /// Settings files: each with what is wrong in it.
    pub settings: Vec<Settings>,
    /// The folder of settings.
    pub folder: Option<String>,
    /// Logs below /var/log that may be read, and those that may not.
    pub logs: (u64, Vec<String>),
    /// Whether the system's journal may be read.
    pub journal: Journal,
    /// Whether whoever runs this is root.
    pub is_root: bool,
}

/// A file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its path.
    pub path: String,
    /// What is wrong in it.
    pub findings: Vec<String>,
    /// The command that mends its permissions, where others may write to it.
    pub mend: Option<String>,
}

/// The journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Journal {
    /// There is none.
    #[default]
    None,
    /// The whole of it may be read.
    Whole,
    /// Only the user's own part.
    Own,
}

/// Judges this machine.
#[must_use]
pub fn judge(machine: &Machine) -> Vec<Finding> {
    let mut findings = vec![terminal(machine), locale(machine)];
    findings.extend(settings(machine));
    findings.push(logs(machine));
    findings.push(journal(machine));
    findings
}

fn terminal(machine: &Machine) -> Finding {
    const CHECK: &str = "terminal";
    let Some((columns, lines)) = machine.size else {
        return Finding::skipped(CHECK, "the output is no terminal");
    };
    let seen = format!("{columns} x {lines}, {}, TERM={}", machine.colors, machine.term);
    if machine.term.is_empty() || machine.term == "dumb" {
        return Finding::warning(CHECK, seen).advise("set TERM, for example TERM=xterm-256color");
    }
    if columns < 60 || lines < 16 {
        return Finding::warning(CHECK, seen).advise("a larger window shows more: 80 x 24 or more");
    }
    Finding::ok(CHECK, seen)
}

fn locale(machine: &Machine) -> Finding {
    const CHECK: &str = "language";
    let shown = match &machine.locale {
        Some((name, value)) => format!("{name}={value}"),
        None => "no LANG".to_owned(),
    };
    if machine.is_unicode {
        return Finding::ok(CHECK, shown);
    }
    Finding::warning(CHECK, format!("{shown}: lines are drawn with ASCII"))
        .advise("if the terminal shows UTF-8: export LANG=C.UTF-8")
}

fn settings(machine: &Machine) -> Vec<Finding> {
    const CHECK: &str = "settings";
    if machine.settings.is_empty() {
        let folder = machine.folder.as_deref().unwrap_or("no home");
        return vec![Finding::ok(CHECK, format!("none, all defaults ({folder})"))];
    }
    let judged = machine.settings.iter().map(|file| {
        if let Some(mend) = &file.mend {
            Finding::problem(CHECK, format!("{}: others could change it", file.path))
                .advise("take it from them:")
                .run(mend.clone())
        } else if file.findings.is_empty() {
            Finding::ok(CHECK, file.path.clone())
        } else {
            Finding::warning(CHECK, file.path.clone()).detail(file.findings.clone())
        }
    });
    judged.collect()
}

fn logs(machine: &Machine) -> Finding {
    const CHECK: &str = "logs";
    let (readable, refused) = &machine.logs;
    let seen = format!("{} in /var/log can be read", count(*readable, "file"));
    if refused.is_empty() {
        return Finding::ok(CHECK, seen);
    }
    let names = first_few(refused.iter().map(String::as_str), 4);
    Finding::warning(CHECK, format!("{seen}, {} cannot", refused.len())).detail([names]).advise(
        "join the group that may (usually adm: sudo usermod -aG adm $USER, then log in anew)",
    )
}

fn journal(machine: &Machine) -> Finding {
    const CHECK: &str = "journal";
    match machine.journal {
        Journal::None => Finding::skipped(CHECK, "this machine has no systemd journal"),
        Journal::Whole => Finding::ok(CHECK, "the whole journal can be read (peavey journal:)"),
        Journal::Own => Finding::warning(CHECK, "only your own part of the journal can be read")
            .advise("join the group that may, and log in anew:")
            .run("sudo usermod -aG systemd-journal $USER"),
    }
}
