//! What a person says about a source's format.

use std::sync::Arc;

use crate::event::Mapping;
use crate::time::Zone;

/// The options of `--format`, `--set`, `--time-field`, `--time-format`, `--mapping`, `--source-tz`.
#[derive(Debug, Clone)]
pub struct DetectOptions {
    /// The format to take, by name, instead of recognising it.
    pub format: Option<String>,
    /// Fields to set in every record; they hide what the records say.
    pub set: Vec<(String, String)>,
    /// Fields to set in the records of files whose path a pattern matches (`*/nginx/*`): pattern,
    /// field, value.
    pub set_by_path: Vec<(String, String, String)>,
    /// The field that holds the time of documents.
    pub time_field: Option<String>,
    /// How that field (or the stamp of plain text) is written.
    pub time_format: Option<String>,
    /// The types of documents' fields.
    pub mapping: Option<Arc<Mapping>>,
    /// The zone of stamps that name none.
    pub zone: Zone,
}

impl Default for DetectOptions {
    fn default() -> Self {
        Self {
            format: None,
            set: Vec::new(),
            set_by_path: Vec::new(),
            time_field: None,
            time_format: None,
            mapping: None,
            zone: Zone::UTC,
        }
    }
}

impl DetectOptions {
    /// The fields to set in the records of the file at `path`.
    #[must_use]
    pub fn constants(&self, path: &str) -> Vec<(String, String)> {
        let matches =
            |pattern: &str| glob::Pattern::new(pattern).is_ok_and(|glob| glob.matches(path));
        let by_path = self.set_by_path.iter().filter(|(pattern, ..)| matches(pattern));
        let mut constants = self.set.clone();
        constants.extend(by_path.map(|(_, field, value)| (field.clone(), value.clone())));
        constants
    }
}

/// Bytes of a file to recognise its format by; 64 kB each are plenty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Samples<'a> {
    /// From the file's first byte.
    pub head: &'a [u8],
    /// From somewhere in the middle; the first, partial line is not looked at.
    pub middle: &'a [u8],
    /// From near the end; the first, partial line is not looked at.
    pub tail: &'a [u8],
}
