//! What the integration tests share: where the shared facts are, and how a test says that it skips.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "each test binary uses a part of it"
)]

pub mod cluster;
pub mod engine;
pub mod proxy;

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of shared facts and corpora, if this machine has it (`PEAVEY_SHARED`, else `../shared`).
pub fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("PEAVEY_SHARED").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = named.unwrap_or_else(beside);
    folder.is_dir().then_some(folder)
}

/// The folder of shared facts; says that `test` is skipped where it is missing.
pub fn shared_or_skip(test: &str) -> Option<PathBuf> {
    let found = shared();
    if found.is_none() {
        skip(test, "the shared folder is not here (PEAVEY_SHARED)");
    }
    found
}

/// Says that a test is left out, and why: on standard error, and for `tests/run` to count.
pub fn skip(test: &str, why: &str) {
    let line = format!("SKIPPED {test}: {why}");
    eprintln!("{line}");
    if let Some(path) = std::env::var_os("PEAVEY_SKIPS")
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path)
    {
        let _ = writeln!(file, "{line}");
    }
}

/// A file below `tests/data`.
pub fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}
