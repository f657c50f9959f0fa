//! The formats that Peavey knows, for `peavey formats`.

use super::builtin::BUILTIN;
use super::detect::shapes;
use super::schema::COMPUTED;
use crate::pipeline::{Config, Options, Pipeline};

/// A format, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatInfo {
    /// The name for `--format`.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// A line (or a header and a line) of it.
    pub example: &'static str,
    /// The fields of its records; empty for documents, which bring their own.
    pub fields: Vec<String>,
}

/// All formats, text formats first.
#[must_use]
pub fn list() -> Vec<FormatInfo> {
    let mut all: Vec<FormatInfo> = BUILTIN
        .iter()
        .map(|format| FormatInfo {
            name: format.name,
            title: format.title,
            example: format.example,
            fields: fields(format.config),
        })
        .collect();
    all.extend(shapes().iter().map(|(name, title, example)| FormatInfo {
        name,
        title,
        example,
        fields: Vec::new(),
    }));
    all
}

/// The fields that a configuration makes, and those computed from them; no classic names.
fn fields(config: &str) -> Vec<String> {
    let Ok(config) = Config::parse(config) else { return Vec::new() };
    let Ok(pipeline) = Pipeline::compile(&config, &Options::default()) else { return Vec::new() };
    let shown = |name: &&str| !name.starts_with("@metadata") && *name != "tags";
    let mut names: Vec<String> =
        pipeline.layout().names().filter(shown).map(str::to_owned).collect();
    for row in COMPUTED.iter().filter(|row| !row.classic) {
        if names.iter().any(|name| name == row.from) && !names.iter().any(|name| name == row.name) {
            names.push(row.name.to_owned());
        }
    }
    names.sort();
    names
}
