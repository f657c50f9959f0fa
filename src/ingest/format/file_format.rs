//! The format of one file, fixed when it is opened.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::decoder::Decoder;
use super::detect::Explanation;
use super::rule::FileRule;
use super::shape::columns::ColumnsShape;
use super::shape::plain::Spot;
use super::stamp::TimeFormat;
use super::wrapper::Wrapper;
use crate::event::Mapping;
use crate::ingest::RecordRule;
use crate::pipeline::Config;
use crate::time::Zone;

/// How records of one format are read.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A Logstash filter configuration.
    Text(Arc<Config>),
    /// A JSON document.
    Json,
    /// `time tag {json}`.
    Fluentd,
    /// `key=value` pairs.
    Logfmt,
    /// Separated values.
    Columns(ColumnsShape),
    /// `journalctl -o export`.
    Export,
    /// Anything, with the place of its stamp, if it has one.
    Plain(Option<Spot>),
}

/// Where documents have their time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TimeField {
    /// One field.
    One(String, TimeFormat),
    /// A date and a time of day in UTC, in two fields (W3C).
    Joined(String, String),
}

/// One of the formats that a file's records have.
#[derive(Debug, Clone)]
pub struct FormatPart {
    /// Its name, as `--format` takes it.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// The types of its fields.
    pub mapping: Arc<Mapping>,
    /// A record without a time has none (documents); else it has that of the record before.
    pub timeless: bool,
    /// Sample lines that it fits, of those that were not taken by the formats before it.
    pub lines: usize,
    pub(super) shape: Shape,
    pub(super) times: Vec<TimeField>,
    /// The fields that records themselves have (as far as is known).
    pub(super) own: BTreeSet<String>,
    /// Fields with one value for all records.
    pub(super) constants: Vec<(String, String)>,
}

/// How a file's records are read: one main format and at most three more, in order of their share.
#[derive(Debug)]
pub struct FileFormat {
    pub(super) parts: Vec<FormatPart>,
    pub(super) wrapper: Option<Wrapper>,
    pub(super) rule: Arc<FileRule>,
    pub(super) zone: Zone,
    pub(super) status: Option<String>,
    pub(super) level: Option<String>,
    pub(super) explanation: Explanation,
}

impl FileFormat {
    /// The name for people: the wrapper, and the main format in it.
    #[must_use]
    pub fn title(&self) -> String {
        let main = self.parts.first().map_or("", |part| &part.title);
        match self.wrapper {
            Some(wrapper) => format!("{}: {main}", wrapper.title()),
            None => main.to_owned(),
        }
    }

    /// The formats, main first. A record's format is its index here.
    #[must_use]
    pub fn parts(&self) -> &[FormatPart] {
        &self.parts
    }

    /// The wrapper that is peeled off each line.
    #[must_use]
    pub fn wrapper(&self) -> Option<Wrapper> {
        self.wrapper
    }

    /// The types of a format's fields; those of the main format for an index that does not exist.
    #[must_use]
    pub fn mapping(&self, format: u8) -> &Arc<Mapping> {
        let part = self.parts.get(usize::from(format)).unwrap_or(&self.parts[0]);
        &part.mapping
    }

    /// What begins a record.
    #[must_use]
    pub fn rule(&self) -> Arc<dyn RecordRule> {
        self.rule.clone()
    }

    /// A decoder for the fields of these names (any that a mapping has, `log.file.path`,
    /// `log.offset`, `event.original`, `tags`, `_ignored`, and classic names).
    #[must_use]
    pub fn decoder(self: &Arc<Self>, wanted: &[&str]) -> Decoder {
        Decoder::new(self.clone(), wanted)
    }

    /// The field that says how a request ended: the first of the usual names whose sample values
    /// are all 100 to 599.
    #[must_use]
    pub fn status_field(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// The field that says how bad a record is: the first of the usual names that samples have.
    #[must_use]
    pub fn level_field(&self) -> Option<&str> {
        self.level.as_deref()
    }

    /// Why this format was chosen.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }
}
