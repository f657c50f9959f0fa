//! The tree is the architecture: this test holds the source to it.
//!
//! It reads `src/` as text and checks that a module uses only what stands above it, that each
//! dependency stays in its home, that files stay short and open with what they are, and that
//! nothing is left lying about. It is a plain test, so that nothing extra has to be installed.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test may fail"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules in the order in which data flows; a module may use those above it.
const ORDER: [&str; 19] = [
    "diagnostic",
    "time",
    "event",
    "text",
    "query",
    "grok",
    "pipeline",
    "ingest",
    "store",
    "source",
    "analysis",
    "ship",
    "doctor",
    "config",
    "theme",
    "app",
    "ui",
    "shell",
    "cli",
];

/// Pairs that the order alone would allow, and the design does not: (module, what it must not use).
const NARROWED: [(&str, &str); 15] = [
    ("store", "query"),
    ("store", "ingest"),
    ("store", "pipeline"),
    ("store", "grok"),
    ("source/local", "source/elastic"),
    ("source/elastic", "source/local"),
    ("source/elastic", "ingest"),
    ("source/elastic", "store"),
    ("app", "source"),
    ("app", "ingest"),
    ("app", "store"),
    ("app", "pipeline"),
    ("ui", "source"),
    ("ui", "ingest"),
    ("ui", "store"),
];

/// Each dependency's home: the crate's name in code, and the path prefixes that may name it.
const HOMES: [(&str, &[&str]); 13] = [
    ("reqwest", &["source/elastic"]),
    ("hickory_resolver", &["source/elastic"]),
    ("rustls", &["source/elastic", "main.rs"]),
    ("crossterm", &["shell"]),
    ("ratatui", &["ui", "theme", "shell"]),
    ("tui_textarea", &["app/state", "app/update", "ui/panel", "shell"]),
    ("directories", &["config/paths.rs"]),
    ("nom", &["query", "grok", "pipeline", "time"]),
    ("clap", &["cli", "main.rs"]),
    ("flate2", &["ingest", "cli"]),
    ("zstd", &["ingest", "store"]),
    ("anyhow", &["main.rs", "shell", "cli"]),
    ("nucleo_matcher", &["app", "ui"]),
];

/// Lines of code (without tests) that a file may have. Tables of data are exempt by name.
const LONGEST: usize = 500;
const TABLES: [&str; 0] = [];

struct SourceFile {
    /// Path below `src/`, with forward slashes.
    name: String,
    /// Code without the inline test module and without comment lines.
    code: String,
    /// The whole text.
    text: String,
}

fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                let code = if is_test_file(&name) { String::new() } else { code_of(&text) };
                files.push(SourceFile { name, code, text });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(files.len() > 10, "the source was not found");
    files
}

fn is_test_file(name: &str) -> bool {
    ["tests.rs", "properties.rs"].iter().any(|end| name.ends_with(end)) || name.contains("/tests/")
}

/// The text up to the inline test module, without comment lines.
fn code_of(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text[..end].lines().filter(is_code).map(|line| format!("{line}\n")).collect()
}

/// `use`d or named modules of this crate, as paths of up to two segments (`source/local`).
fn modules_named(code: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, found) in code.match_indices("crate::") {
        let rest = &code[at + found.len()..];
        let path: String =
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':').collect();
        let mut segments = path.split("::").filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or_default().to_owned();
        if let Some(second) = segments.next() {
            named.insert(format!("{first}/{second}"));
        }
        named.insert(first);
    }
    named
}

fn complain(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn a_module_uses_only_what_stands_above_it() {
    let rank = |module: &str| ORDER.iter().position(|name| *name == module);
    let mut findings = Vec::new();
    for file in source_files() {
        let module = file.name.split(['/', '.']).next().unwrap_or_default().to_owned();
        let named = modules_named(&file.code);
        for used in &named {
            let top = used.split('/').next().unwrap_or_default();
            if let (Some(own), Some(other)) = (rank(&module), rank(top))
                && own < other
            {
                findings.push(format!("{}: {module} must not use {used}", file.name));
            }
            for (from, forbidden) in NARROWED {
                if file.name.starts_with(&format!("{from}/")) && used == forbidden {
                    findings.push(format!("{}: {from} must not use {forbidden}", file.name));
                }
            }
        }
    }
    complain(&findings);
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let mut findings = Vec::new();
    for file in source_files() {
        let module = file.name.split(['/', '.']).next().unwrap_or_default();
        if !ORDER.contains(&module) && !["lib", "main"].contains(&module) {
            findings.push(format!("{}: the order does not know {module}", file.name));
        }
    }
    complain(&findings);
}

#[test]
fn each_dependency_has_one_home() {
    let mut findings = Vec::new();
    for file in source_files() {
        for (name, homes) in HOMES {
            let is_named = file.code.match_indices(&format!("{name}::")).any(|(at, _)| {
                !file.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if is_named && !homes.iter().any(|home| file.name.starts_with(home)) {
                findings.push(format!("{}: {name} lives in {homes:?}", file.name));
            }
        }
    }
    complain(&findings);
}

#[test]
fn app_knows_no_clock_and_no_io() {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::env",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "tokio::",
        "std::net",
        "SystemTime",
    ];
    let mut findings = Vec::new();
    for file in source_files().iter().filter(|file| file.name.starts_with("app/")) {
        for word in forbidden.iter().filter(|word| file.code.contains(**word)) {
            findings.push(format!("{}: {word}", file.name));
        }
    }
    complain(&findings);
}

#[test]
fn files_stay_short() {
    let mut findings = Vec::new();
    for file in source_files() {
        let lines = file.code.lines().count();
        if lines > LONGEST && !TABLES.contains(&file.name.as_str()) {
            findings.push(format!("{}: {lines} lines of code", file.name));
        }
    }
    complain(&findings);
}

#[test]
fn every_module_says_what_it_is() {
    let silent = source_files().into_iter().filter(|file| !file.text.starts_with("//!"));
    complain(&silent.map(|file| format!("{}: no //! at its head", file.name)).collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_lying_about() {
    let words = ["todo!(", "unimplemented!(", "dbg!(", "FIXME", "XXX", "TODO", ".unwrap()"];
    let mut findings = Vec::new();
    for file in source_files() {
        for (number, line) in file.code.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                findings.push(format!("{}: code line {}: {word}", file.name, number + 1));
            }
        }
    }
    complain(&findings);
}

#[test]
fn no_page_holds_the_marks_of_a_merge() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = [root.to_owned(), root.join("docs")].into_iter().flat_map(|folder| {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    });
    let mut findings = Vec::new();
    for page in pages.filter(|path| path.extension().is_some_and(|end| end == "md")) {
        for (number, line) in fs::read_to_string(&page).unwrap().lines().enumerate() {
            if ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) {
                findings.push(format!("{} line {}: {line}", page.display(), number + 1));
            }
        }
    }
    complain(&findings);
}

#[test]
fn only_the_command_line_prints() {
    let words = ["println!(", "print!(", "eprintln!(", "eprint!("];
    let mut findings = Vec::new();
    for file in source_files() {
        if file.name.starts_with("cli/") || file.name == "main.rs" {
            continue;
        }
        for word in words.iter().filter(|word| file.code.contains(**word)) {
            findings.push(format!("{}: {word}", file.name));
        }
    }
    complain(&findings);
}
