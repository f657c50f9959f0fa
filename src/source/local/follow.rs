//! Follows files that grow: new text becomes segments, the last record grows in place.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::ingest::format::FileFormat;
use crate::ingest::tail::{Change, Follower};
use crate::ingest::{Files, LogSet, Member, Text};
use crate::source::Notice;
use crate::time::Millis;

use super::engine::{Engine, now};
use super::log::Log;
use super::newcomers::Newcomers;
use super::open::{self, Slot};
use super::opener::know_format;
use super::segment::Segment;

/// Files are looked at so often.
const EVERY: Duration = Duration::from_millis(200);

/// A set whose newest file may grow.
pub(super) struct Live {
    set: u32,
    log_set: LogSet,
    format: Option<Arc<FileFormat>>,
    logs: HashMap<u32, Tail>,
    follower: Option<Follower>,
}

/// A file as far as it has segments.
struct Tail {
    log: Arc<Log>,
    member: Member,
    len: u64,
}

impl Live {
    pub(super) fn new(set: u32, log_set: &LogSet) -> Self {
        let log_set = log_set.clone();
        Self { set, log_set, format: None, logs: HashMap::new(), follower: None }
    }

    /// A file of the set has segments up to `len`.
    pub(super) fn know(&mut self, log: &Arc<Log>, member: &Member, len: u64) {
        if len > 0 {
            self.format = Some(Arc::clone(&log.format));
        }
        let tail = Tail { log: Arc::clone(log), member: member.clone(), len };
        self.logs.insert(log.member, tail);
    }

    /// The first time of the files that are known so far: older files of the set end before it.
    pub(super) fn first_time(&self) -> Option<Millis> {
        let spans = self.logs.values().filter_map(|tail| tail.log.order.span());
        spans.map(|(first, _)| first).min()
    }

    /// Looks once for what has changed.
    fn step(&mut self, engine: &Engine, files: &Arc<Files>) {
        if self.follower.is_none() {
            let newest = self.log_set.members.len().saturating_sub(1) as u32;
            let newest = self
                .logs
                .get(&newest)
                .and_then(|tail| tail.log.file.clone().map(|text| (text, tail.len)));
            match Follower::new(&self.log_set, newest, files) {
                Ok(follower) => self.follower = Some(follower),
                Err(error) => {
                    let message = format!("{} cannot be followed", self.log_set.name);
                    engine.notice(Notice { message, details: vec![error.to_string()] });
                    return;
                }
            }
        }
        let changes = self.follower.as_mut().map(Follower::step).unwrap_or_default();
        for change in changes {
            match change {
                Change::Grew { member, len } => self.grow(engine, member as u32, len),
                Change::Added { member, probed, text } => {
                    self.add(engine, member as u32, *probed, text);
                }
                Change::Moved { .. } => {}
                Change::Gone { member } => self.lose(engine, member as u32),
            }
        }
    }

    fn grow(&mut self, engine: &Engine, member: u32, len: u64) {
        if self.logs.get(&member).is_some_and(|tail| tail.len == 0) {
            self.begin(engine, member);
        }
        let Some(tail) = self.logs.get_mut(&member) else { return };
        let known = std::mem::replace(&mut tail.len, len);
        if len <= known {
            return;
        }
        tail.log.order.grew();
        tail.log.years.ends_at(now());
        extend(engine, &tail.log, known, len);
    }

    /// A file that had nothing to tell its format by has something now.
    fn begin(&mut self, engine: &Engine, member: u32) {
        let Some(tail) = self.logs.get_mut(&member) else { return };
        let slot = Slot { set: self.set, member };
        let files = Files::new(1);
        let opened = open::open(&tail.member, &slot, self.format.clone(), &files, engine.means());
        if let Ok(open::Opened::Text { log, .. }) = opened {
            know_format(engine, &mut self.format, &log);
            tail.log = Arc::new(log);
        }
    }

    fn add(&mut self, engine: &Engine, member: u32, probed: Member, text: Text) {
        let slot = Slot { set: self.set, member };
        let options = &engine.options;
        let log = match &self.format {
            Some(format) => open::log(&probed, &slot, Arc::clone(format), text, options),
            None => match open::open(&probed, &slot, None, &Files::new(1), engine.means()) {
                Ok(open::Opened::Text { log, .. }) => log,
                _ => return,
            },
        };
        self.logs.insert(member, Tail { log: Arc::new(log), member: probed, len: 0 });
    }

    fn lose(&mut self, engine: &Engine, member: u32) {
        let Some(tail) = self.logs.remove(&member) else { return };
        let gone: Vec<_> = engine
            .state()
            .segments
            .iter()
            .filter(|segment| Arc::ptr_eq(&segment.log, &tail.log))
            .cloned()
            .collect();
        engine.remove(&gone);
        {
            let progress = &mut engine.state().progress;
            progress.bytes_total = progress.bytes_total.saturating_sub(tail.len);
        }
        let message = format!("{} was emptied: its older records are gone", tail.log.name);
        engine.notice(Notice { message, details: Vec::new() });
        engine.tell(true);
    }
}

/// Gives the text from `known` to `len` segments; the last record before it may go on there.
fn extend(engine: &Engine, log: &Arc<Log>, known: u64, len: u64) {
    let block = u64::from(engine.options.limits.block).max(1);
    let last = {
        let state = engine.state();
        let own = state.segments.iter().filter(|segment| Arc::ptr_eq(&segment.log, log));
        own.max_by_key(|segment| segment.nominal.end).cloned()
    };
    let mut ranges = Vec::new();
    let mut from = known;
    if let Some(last) = &last {
        from = last.nominal.start;
        let is_small = last.nominal.end - from < block / 8;
        let settled = last.info().map(|info| info.last.offset);
        if let Some(settled) = settled.filter(|at| !is_small && *at > from) {
            ranges.push((from..settled, settled));
            from = settled;
        }
    }
    while from < len {
        let end = if len - from < block * 2 { len } else { from + block };
        ranges.push((from..end, len));
        from = end;
    }
    let segments: Vec<_> = ranges
        .into_iter()
        .map(|(range, text_len)| {
            Arc::new(Segment::new(engine.segment_id(), Arc::clone(log), range, text_len))
        })
        .collect();
    engine.state().progress.bytes_total += len - known;
    engine.replace(last.as_slice(), segments);
    engine.tell(true);
}

/// Follows sets whenever following is on, until the source is dropped.
pub(super) fn run(
    engine: &Arc<Engine>,
    mut sets: Vec<Live>,
    mut newcomers: Newcomers,
    files: &Arc<Files>,
) {
    let can_change = |sets: &[Live], more: &Newcomers| !sets.is_empty() || !more.is_empty();
    while can_change(&sets, &newcomers) && !engine.is_closed() {
        if engine.state().follows {
            for live in &mut sets {
                live.step(engine, files);
            }
            let Some(more) = newcomers.step(engine, files) else { return };
            sets.extend(more);
        }
        thread::sleep(EVERY);
    }
}

/// Whether a segment that cannot be read any more can be read elsewhere now: its file was copied
/// and emptied.
pub(super) fn was_copied(segment: &Segment) -> bool {
    let Some((info, text)) = segment.info().zip(segment.log.file.as_ref()) else { return false };
    crate::ingest::tail::move_to_copy(text, info.seam.offset + u64::from(info.len))
}

/// The instant until which a file is known.
pub(super) fn until(member: &Member) -> Millis {
    member.end_hint().unwrap_or_else(now)
}
