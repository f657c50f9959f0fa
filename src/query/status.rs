//! How far a source is, and what it is: what the screen shows beside the answers.

use std::sync::Arc;

use crate::event::DataView;
use crate::time::Millis;

/// How far a source is, and what it is. Sent whenever it changes, at most some times a second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// Increases when records come, go or change place: answers of an older generation are stale.
    pub generation: u64,
    /// The fields known so far.
    pub view: Arc<DataView>,
    /// Name for the title line (`access.log`, `logs-*-pt at prod`).
    pub title: String,
    /// Formats with their share of records (`nginx access 99.8 %`), empty for clusters.
    pub formats: Vec<FormatShare>,
    /// Bytes (local) that exist, where known.
    pub bytes_total: Option<u64>,
    /// Bytes read and indexed.
    pub bytes_done: u64,
    /// Records known so far.
    pub records: u64,
    /// Records without a time.
    pub without_time: u64,
    /// Everything that exists now is indexed.
    pub complete: bool,
    /// Earliest and latest time known.
    pub first: Option<Millis>,
    /// Latest time known: what `end` means in a time range.
    pub last: Option<Millis>,
    /// What was left out, and damage: one line each.
    pub notices: Vec<Notice>,
    /// Date fields that the time field has to be chosen from, where nothing says which it is.
    pub time_candidates: Vec<String>,
}

/// A format of a local source and how many records fit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatShare {
    /// The format's name.
    pub name: String,
    /// Records read with it.
    pub records: u64,
    /// Of those, records that did not fit (tagged `_grokparsefailure`).
    pub failed: u64,
}

/// A thing to tell once, with details on request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One sentence (`3 files skipped: permission denied`).
    pub message: String,
    /// Lines for whoever asks.
    pub details: Vec<String>,
}
