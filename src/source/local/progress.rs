//! How far the source is, for its status.

use std::sync::Arc;
use std::time::{Duration, Instant};

use indexmap::IndexMap;

use crate::event::DataView;
use crate::source::{FormatShare, Notice, Status};
use crate::time::Millis;

use super::segment::Segment;

/// The status is sent so often at most.
const EVERY: Duration = Duration::from_millis(150);

/// Counts of what was read.
#[derive(Default)]
pub(super) struct Progress {
    pub title: String,
    pub view: Arc<DataView>,
    pub notices: Vec<Notice>,
    pub generation: u64,
    pub bytes_total: u64,
    segments: usize,
    bytes: u64,
    records: u64,
    without_time: u64,
    formats: IndexMap<String, (u64, u64)>,
    sent: Option<Instant>,
    last: Option<Status>,
}

impl Progress {
    /// Nothing read yet of the source of that name.
    pub(super) fn of(title: String) -> Self {
        Self { title, ..Self::default() }
    }

    /// Names a format that no record was read with yet.
    pub(super) fn name(&mut self, format: String) {
        self.formats.entry(format).or_default();
    }

    /// Adds a segment that was read for the first time.
    pub(super) fn count(&mut self, segment: &Segment) {
        self.segments += 1;
        let Some(info) = segment.info() else { return };
        self.bytes += u64::from(info.len);
        let summary = &info.summary;
        self.records += u64::from(summary.records);
        self.without_time += u64::from(summary.without_time);
        let format = self.formats.entry(segment.log.format.title()).or_default();
        format.0 += u64::from(summary.records);
        format.1 += u64::from(summary.failed);
    }

    /// Takes a segment out again.
    pub(super) fn uncount(&mut self, segment: &Segment) {
        let Some(info) = segment.info().filter(|_| segment.was_counted()) else { return };
        self.bytes -= u64::from(info.len);
        let summary = &info.summary;
        self.records -= u64::from(summary.records);
        self.without_time -= u64::from(summary.without_time);
        if let Some(format) = self.formats.get_mut(&segment.log.format.title()) {
            format.0 -= u64::from(summary.records);
            format.1 -= u64::from(summary.failed);
        }
    }

    /// A segment was removed altogether.
    pub(super) fn removed(&mut self) {
        self.segments = self.segments.saturating_sub(1);
    }

    /// Segments counted.
    pub(super) fn counted(&self) -> usize {
        self.segments
    }

    /// The status, if it has changed and it is time to send it. `span` is the time covered.
    pub(super) fn status(
        &mut self,
        complete: bool,
        now: bool,
        span: Option<(Millis, Millis)>,
    ) -> Option<Status> {
        if !now && !self.is_due(complete) {
            return None;
        }
        let status = Status {
            generation: self.generation,
            view: Arc::clone(&self.view),
            title: self.title.clone(),
            formats: self.shares(),
            bytes_total: Some(self.bytes_total.max(self.bytes)),
            bytes_done: self.bytes,
            records: self.records,
            without_time: self.without_time,
            complete,
            first: span.map(|(first, _)| first),
            last: span.map(|(_, last)| last),
            notices: self.notices.clone(),
            time_candidates: Vec::new(),
        };
        self.sent = Some(Instant::now());
        if self.last.as_ref() == Some(&status) {
            return None;
        }
        self.last = Some(status.clone());
        Some(status)
    }

    /// Whether it is time to send the status.
    pub(super) fn is_due(&self, complete: bool) -> bool {
        let was_complete = self.last.as_ref().is_some_and(|last| last.complete);
        complete != was_complete || self.sent.is_none_or(|sent| sent.elapsed() >= EVERY)
    }

    fn shares(&self) -> Vec<FormatShare> {
        let share = |(name, (records, failed)): (&String, &(u64, u64))| FormatShare {
            name: name.clone(),
            records: *records,
            failed: *failed,
        };
        self.formats.iter().map(share).collect()
    }
}
