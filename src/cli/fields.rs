//! `peavey fields SOURCE`: the data view of a source, a field a line.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::headless::Headless;
use super::open::{self, Opening};
use super::{QuestionOptions, SourceOptions, exit, fail};
use crate::event::ViewField;

/// Types of a conflict that are told.
const TYPES: usize = 4;
/// Indices that are named for each type of a conflict.
const INDICES: usize = 2;

/// Arguments of `peavey fields`.
#[derive(Debug, Args)]
pub(super) struct FieldsArguments {
    /// Files, globs, folders, `-`, `journal:[UNIT]`, `docker:NAME`, `https://HOST:9200/PATTERN`
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<String>,
    #[command(flatten)]
    source: SourceOptions,
    /// Force the log format (`peavey formats` lists them)
    #[arg(long, alias = "input-format", value_name = "NAME")]
    format: Option<String>,
    /// The data view as JSON, as `translate --data-view` reads it
    #[arg(long)]
    json: bool,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &FieldsArguments) -> ExitCode {
    match print(arguments) {
        Ok(()) => ExitCode::from(exit::MATCHED),
        Err(message) => fail(&message),
    }
}

fn print(arguments: &FieldsArguments) -> Result<(), String> {
    let opening = Opening {
        sources: &arguments.sources,
        source: &arguments.source,
        format: arguments.format.as_deref(),
    };
    let opened = Headless::open(&opening, &QuestionOptions::default(), None)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let written = if arguments.json {
        serde_json::to_writer_pretty(&mut out, &json!(opened.view))
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        write_table(&mut out, &opened.view.fields)
    };
    opened.say_notices();
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write: {error}"))
        }
        _ => Ok(()),
    }
}

fn write_table(out: &mut dyn Write, fields: &[ViewField]) -> io::Result<()> {
    let width = fields.iter().map(|field| field.name.len()).max().unwrap_or(5).clamp(5, 60);
    writeln!(out, "{:<width$}  {:<10}  notes", "field", "type")?;
    for field in fields {
        let kind = match field.es_types.len() {
            0..=TYPES => field.es_types.join("|"),
            several => format!("{several} types"),
        };
        let line = format!("{:<width$}  {kind:<10}  {}", field.name, notes(field).join(", "));
        writeln!(out, "{}", open::clean(line.trim_end()))?;
    }
    Ok(())
}

/// What is to be known before a field is used.
fn notes(field: &ViewField) -> Vec<String> {
    let mut notes = Vec::new();
    if field.es_types.len() > 1 {
        notes.push(conflict(field));
    }
    if let Some(path) = field.nested_path() {
        notes.push(format!("nested in {path}"));
    }
    if let Some(parent) = field.parent() {
        notes.push(format!("another way to search {parent}"));
    }
    if !field.searchable {
        notes.push("not searchable".to_owned());
    }
    if !field.aggregatable {
        notes.push("not countable".to_owned());
    }
    if field.scripted {
        notes.push("computed".to_owned());
    }
    notes
}

/// Which sources have which type.
fn conflict(field: &ViewField) -> String {
    if field.conflict_descriptions.values().all(Vec::is_empty) {
        return "conflict: differs between sources".to_owned();
    }
    let each = field.conflict_descriptions.iter().map(|(kind, indices)| {
        let named: Vec<&str> = indices.iter().take(INDICES).map(String::as_str).collect();
        let more = indices.len().saturating_sub(INDICES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{kind} in {}{more}", named.join(" "))
    });
    let more = field.conflict_descriptions.len().saturating_sub(TYPES);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("conflict: {}{more}", each.take(TYPES).collect::<Vec<_>>().join("; "))
}
