//! `peavey formats`: the built-in log formats, or why one was chosen for a file.

use std::process::ExitCode;

use clap::Args;

use super::headless::Headless;
use super::open::{self, Opening};
use super::{QuestionOptions, SourceOptions};
use super::{exit, fail};
use crate::ingest::format;

/// Arguments of `peavey formats`.
#[derive(Debug, Args)]
pub(super) struct FormatsArguments {
    /// Show why a file is read as it is
    #[arg(long, value_name = "FILE")]
    explain: Option<String>,
    /// Show only this format, with all its fields
    #[arg(value_name = "NAME")]
    name: Option<String>,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &FormatsArguments) -> ExitCode {
    let printed = match (&arguments.explain, &arguments.name) {
        (Some(file), _) => explain(file),
        (None, Some(name)) => show(name),
        (None, None) => {
            list();
            Ok(())
        }
    };
    match printed {
        Ok(()) => ExitCode::from(exit::MATCHED),
        Err(message) => fail(&message),
    }
}

fn list() {
    for known in format::list() {
        println!("{:<20} {}", known.name, known.title);
        println!("{:<20} {}", "", first_line(known.example));
    }
    println!("\n`peavey formats NAME` shows a format's fields; --format NAME forces one.");
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(100).collect()
}

fn show(name: &str) -> Result<(), String> {
    let known = format::list();
    let Some(found) = known.iter().find(|known| known.name == name) else {
        let near = crate::diagnostic::nearest(name, known.iter().map(|known| known.name));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(format!("there is no format `{name}`{hint}"));
    };
    println!("{}: {}\n\n{}\n", found.name, found.title, found.example);
    for field in &found.fields {
        println!("  {field}");
    }
    Ok(())
}

/// Every line made harmless; lines stay lines.
fn explained(text: &str) -> String {
    text.lines().map(open::clean).collect::<Vec<_>>().join("\n")
}

fn explain(file: &str) -> Result<(), String> {
    let sources = [file.to_owned()];
    let opening = Opening { sources: &sources, source: &SourceOptions::default(), format: None };
    let opened = Headless::open(&opening, &QuestionOptions::default(), None)?;
    let Some(opened) = opened.opened() else {
        return Err("a cluster has no log format; name a file".to_owned());
    };
    for found in opened.formats() {
        println!("{}", explained(&found.explanation().to_string()));
    }
    Ok(())
}
