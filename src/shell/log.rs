//! The program's own log: into a file, never to the terminal.

use std::fs::{File, OpenOptions};
use std::path::Path;

use tracing_subscriber::EnvFilter;

/// Logs into a file what `PEAVEY_LOG` asks for (`debug`, `peavey=trace` ...; nothing by default).
/// Without it, or where the file cannot be written, nothing is logged.
pub(super) fn start(path: &Path) {
    let Ok(filter) = EnvFilter::try_from_env("PEAVEY_LOG") else { return };
    let Ok(file) = open(path) else { return };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    // A second start (in tests) leaves the first in place.
    drop(builder.with_writer(std::sync::Mutex::new(file)).try_init());
}

fn open(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}
