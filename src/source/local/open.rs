//! Opens files: which format they have, in which order their records are, and their segments.

use std::sync::Arc;
use std::time::Duration;

use chrono::Datelike;

use crate::diagnostic::Diagnostic;
use crate::ingest::format::{FileFormat, Samples, detect};
use crate::ingest::frame::{Joining, ReadAt};
use crate::ingest::input::reopen;
use crate::ingest::spool::Spool;
use crate::ingest::{Block, Feed, Files, LogSet, Member, Text};
use crate::time::Millis;

use super::Options;
use super::bound::{Order, Sampled};
use super::decoders::Decoders;
use super::follow::until;
use super::load::meta;
use super::log::Log;
use super::plan::TIME;
use super::years::{Link, Years, change};

/// How much is looked at, at the beginning, in the middle and at the end of a file.
const SAMPLE: u64 = 64 << 10;
/// A live stream is waited for so long, for something to tell its format by.
const WAIT: Duration = Duration::from_millis(200);

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Refused(Diagnostic),
}

/// A file that can be read anywhere, or one that is read forwards.
pub(super) enum Opened {
    Text { log: Log, len: u64 },
    Feed { log: Log, feed: Box<Feed> },
}

/// The place of a file: its set, its number in that, whether its set's format is known.
pub(super) struct Slot {
    pub set: u32,
    pub member: u32,
}

/// Opens one file of a set. `format` is that of a newer file of the set.
pub(super) fn open(
    member: &Member,
    slot: &Slot,
    format: Option<Arc<FileFormat>>,
    files: &Arc<Files>,
    (options, decoders): (&Options, &Decoders),
) -> Result<Opened, Error> {
    if member.is_seekable() {
        let text = Text::open(member, files)?;
        let len = text.len()?;
        let format = format.map_or_else(|| detect_text(&text, len, member, options), Ok)?;
        let mut log = log(member, slot, format, text, options);
        log.order = Order::of(sampled(&log, len, decoders));
        return Ok(Opened::Text { log, len });
    }
    let mut feed = Feed::open(member, &options.limits, options.follow)?;
    let format = if let Some(format) = format {
        format
    } else {
        let head = feed.sample(SAMPLE as usize, WAIT)?;
        let samples = Samples { head, middle: &[], tail: &[] };
        detect(&member.name, &samples, &options.detect).map_err(Error::Refused)?
    };
    let spool = Spool::new(&options.limits, reopen(member));
    let feed = Box::new(feed.spool_to(Arc::clone(&spool)));
    Ok(Opened::Feed { log: log_of(member, slot, format, spool, options), feed })
}

/// The members of a set in the order in which they are to be opened, newest first, with numbers.
pub(super) fn newest_first(set: &LogSet) -> impl Iterator<Item = (u32, &Member)> {
    set.members.iter().enumerate().rev().map(|(number, member)| (number as u32, member))
}

/// What the format of a file is told by.
fn detect_text(
    text: &Text,
    len: u64,
    member: &Member,
    options: &Options,
) -> Result<Arc<FileFormat>, Error> {
    let sample = |from: u64| -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; SAMPLE.min(len - from) as usize];
        let count = text.read_at(from, &mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    };
    let head = sample(0)?;
    let middle = if len > 3 * SAMPLE { sample(len / 2)? } else { Vec::new() };
    let tail =
        if len > SAMPLE { sample(len.saturating_sub(SAMPLE).max(SAMPLE))? } else { Vec::new() };
    let samples = Samples { head: &head, middle: &middle, tail: &tail };
    detect(&member.name, &samples, &options.detect).map_err(Error::Refused)
}

/// The log of a file that can be read anywhere. Nothing is known of its order.
pub(super) fn log(
    member: &Member,
    slot: &Slot,
    format: Arc<FileFormat>,
    text: Text,
    options: &Options,
) -> Log {
    let file = Some(text.clone());
    Log { file, ..log_of(member, slot, format, Arc::new(text), options) }
}

fn log_of(
    member: &Member,
    slot: &Slot,
    format: Arc<FileFormat>,
    text: Arc<dyn ReadAt>,
    options: &Options,
) -> Log {
    let end = until(member);
    let base = options.detect.zone.to_local(end).year();
    Log {
        set: slot.set,
        member: slot.member,
        name: Arc::clone(&member.name),
        text,
        file: None,
        rule: format.rule(),
        format,
        joining: Joining::from(&options.limits),
        newline: member.newline,
        order: Order::of(None),
        years: Years::new(base, end),
    }
}

/// First and last time of a file, if head, middle and tail are in order, each and all together.
fn sampled(log: &Log, len: u64, decoders: &Decoders) -> Option<Sampled> {
    let mut times: Vec<(Millis, bool)> = Vec::new();
    let middle = len / 2;
    let ranges =
        [0..SAMPLE.min(len), middle..(middle + SAMPLE).min(len), len.saturating_sub(SAMPLE)..len];
    let mut lent = decoders.lend(&log.format, &[TIME.into()]);
    for range in ranges {
        let block = Block::read(&log.framing(), &*log.text, range, len, Vec::new()).ok()?;
        let mut spans = Vec::new();
        block.records(&log.framing(), &mut spans);
        for span in spans {
            let record = &block.bytes[span.start as usize..span.end as usize];
            let meta = meta(log, block.offset() + u64::from(span.start));
            let decoded = lent.decoder.decode(record, &meta);
            times.extend(decoded.time().map(|at| (at, decoded.yearless)));
        }
    }
    decoders.take_back(lent);
    let (first, last) = (*times.first()?, *times.last()?);
    if last.1 {
        // The year of the last stamp follows from the file's end, the others from those after it.
        let is_step =
            |pair: &[(Millis, bool)]| is_in_order(pair) || change(pair[0].0, pair[1].0) == 1;
        let is_ahead = log.years.behind(Link::of([last.0]), &[]) > 0;
        let is_ordered = !is_ahead && times.windows(2).all(is_step);
        return is_ordered.then_some(Sampled { first: None, last: last.0 });
    }
    let is_ordered = times.windows(2).all(is_in_order);
    is_ordered.then_some(Sampled { first: Some(first.0), last: last.0 })
}

/// Whether a record is not much older than the one before it.
fn is_in_order(pair: &[(Millis, bool)]) -> bool {
    pair[1].0.0 >= pair[0].0.0 - TOLERANCE
}

/// How much older than the one before it a record of an ordered file may be, in milliseconds.
const TOLERANCE: i64 = 60_000;
