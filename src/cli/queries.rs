//! `peavey queries`: the saved queries that `--saved` knows, and where each is from.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{exit, fail, open};
use crate::config::saved::SavedEntry;

/// Arguments of `peavey queries`.
#[derive(Debug, Args)]
pub(super) struct QueriesArguments {
    /// Show this one whole
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// A further folder of saved queries
    #[arg(long, value_name = "DIR")]
    queries: Option<PathBuf>,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &QueriesArguments) -> ExitCode {
    let library = open::library(arguments.queries.as_deref());
    match &arguments.name {
        Some(name) => match library.find(name) {
            Ok(entry) => print!("{}", entry.query.to_toml()),
            Err(wrong) => return fail(&wrong.to_string()),
        },
        None => {
            let width =
                library.entries().iter().map(|entry| entry.query.name.len()).max().unwrap_or(0);
            for entry in library.entries() {
                print_entry(entry, width);
            }
            println!("\n--saved NAME opens one on the screen or runs it with `peavey query`.");
        }
    }
    ExitCode::from(exit::MATCHED)
}

fn print_entry(entry: &SavedEntry, width: usize) {
    let clean = |text: &str| crate::ui::text::clean(text, false);
    println!("{:<width$}  {}", clean(&entry.query.name), clean(&entry.query.description));
    println!("{:<width$}  {}", "", clean(&entry.query.query));
}
