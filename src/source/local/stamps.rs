//! From the stamps that records carry to their times: years for stamps without, inheritance for
//! records without stamp.
//!
//! Both look beyond the segment, but never further than rules that do not depend on segments say,
//! so that a record has the same time however the file is cut.

use std::ops::Range;

use crate::event::Span;
use crate::ingest::Block;
use crate::store::{Times, TimesBuilder};
use crate::time::Millis;

use super::decoders::{Decoders, Lent};
use super::load::{is_timeless, meta};
use super::log::Log;
use super::plan::TIME;
use super::segment::Segment;
use super::years::{Link, change};

/// A record without a time has that of the last record with one, if that begins at most so many
/// bytes before it.
pub(super) const REACH: u64 = 1 << 20;

/// Where a block stands.
pub(super) enum Around<'a> {
    /// In a file of which everything can be read.
    Segment(&'a Segment),
    /// In a stream, after the blocks that left this.
    Forward(&'a mut Carry),
}

/// What one block of a stream leaves to the next.
#[derive(Debug, Default)]
pub(super) struct Carry {
    /// The last record with a time, and where it begins.
    source: Option<(Millis, u64)>,
    /// The last stamp without year, and how many years before the base it lies.
    year: Option<(Millis, i32)>,
}

impl Carry {
    /// How many years before the base a block's last stamp lies. The first stamp of a stream is
    /// taken to be less than a year before its end, which is not known yet.
    fn behind(&mut self, log: &Log, link: Link) -> i32 {
        let Some((first, last)) = link.stamps else { return 0 };
        let begin = match self.year {
            Some((before, behind)) => behind - change(before, first),
            None => log.years.behind(Link::of([first]), &[]),
        };
        let behind = begin - link.changes;
        self.year = Some((last, behind));
        behind
    }
}

/// The stamps of a segment's records, in record order.
#[derive(Default)]
pub(super) struct Stamps {
    own: Vec<Option<Millis>>,
    yearless: Vec<u32>,
    alone: Vec<u32>,
}

impl Stamps {
    /// The next record: its own stamp, whether that lacks a year, whether it may inherit one.
    pub(super) fn push(&mut self, own: Option<Millis>, is_yearless: bool, inherits: bool) {
        let doc = self.own.len() as u32;
        if is_yearless && own.is_some() {
            self.yearless.push(doc);
        }
        if own.is_none() && !inherits {
            self.alone.push(doc);
        }
        self.own.push(own);
    }

    /// The times of the records of a block of `log`.
    pub(super) fn finish(
        mut self,
        log: &Log,
        mut around: Around<'_>,
        block: &Block,
        spans: &[Span],
        decoders: &Decoders,
    ) -> Times {
        let needs_decoder = !self.yearless.is_empty() || self.own.first() == Some(&None);
        let mut lent = needs_decoder.then(|| decoders.lend(&log.format, &[TIME.into()]));
        if !self.yearless.is_empty() {
            let link = self.link();
            let behind = match &mut around {
                Around::Segment(segment) => {
                    log.years.learn(segment.nominal.clone(), link);
                    log.years.behind(link, &later_links(segment, decoders))
                }
                Around::Forward(carry) => carry.behind(log, link),
            };
            if let Some(lent) = &mut lent {
                self.date(log, behind, block, spans, lent);
            }
        }
        let times = self.inherit(log, around, block, spans, lent.as_mut());
        if let Some(lent) = lent {
            decoders.take_back(lent);
        }
        times
    }

    /// What the segment tells about years.
    fn link(&self) -> Link {
        Link::of(self.yearless.iter().filter_map(|doc| self.own[*doc as usize]))
    }

    /// Gives stamps without year the years that follow from the records after them.
    fn date(&mut self, log: &Log, mut behind: i32, block: &Block, spans: &[Span], lent: &mut Lent) {
        let mut after: Option<Millis> = None;
        for doc in self.yearless.iter().rev() {
            let Some(stamp) = self.own[*doc as usize] else { continue };
            behind += after.map_or(0, |after| change(stamp, after));
            after = Some(stamp);
            if behind != 0 {
                let span = spans[*doc as usize];
                let record = &block.bytes[span.start as usize..span.end as usize];
                let mut meta = meta(log, block.offset() + u64::from(span.start));
                meta.base_year = log.years.base - behind;
                self.own[*doc as usize] = lent.decoder.decode(record, &meta).time();
            }
        }
    }

    fn inherit(
        &self,
        log: &Log,
        around: Around<'_>,
        block: &Block,
        spans: &[Span],
        lent: Option<&mut Lent>,
    ) -> Times {
        let mut lent = lent;
        let mut times = TimesBuilder::default();
        let mut alone = self.alone.iter().peekable();
        // Whence records inherit: a time, and where the record that has it begins.
        let (mut source, mut has_looked_back) = match &around {
            Around::Segment(_) => (None, false),
            Around::Forward(carry) => (carry.source, true),
        };
        for (doc, (own, span)) in self.own.iter().zip(spans).enumerate() {
            let offset = block.offset() + u64::from(span.start);
            if let Some(own) = own {
                source = Some((*own, offset));
                times.push(Some(*own));
                continue;
            }
            if alone.next_if(|alone| **alone == doc as u32).is_some() {
                times.push(None);
                continue;
            }
            if source.is_none() && !has_looked_back {
                has_looked_back = true;
                source = lent.as_mut().and_then(|lent| look_back(log, block.offset(), lent));
            }
            let near = source.filter(|(_, from)| offset - from <= REACH);
            times.push(near.map(|(at, _)| at));
        }
        if let Around::Forward(carry) = around {
            carry.source = source;
        }
        times.finish()
    }
}

/// The last time of a record that begins within reach before `offset`, and where it begins.
fn look_back(log: &Log, offset: u64, lent: &mut Lent) -> Option<(Millis, u64)> {
    let nominal = offset.saturating_sub(REACH)..offset;
    let block = Block::read(&log.framing(), &*log.text, nominal, offset, Vec::new()).ok()?;
    let mut spans = Vec::new();
    block.records(&log.framing(), &mut spans);
    spans.iter().rev().find_map(|span| {
        let record = &block.bytes[span.start as usize..span.end as usize];
        let at = block.offset() + u64::from(span.start);
        let decoded = lent.decoder.decode(record, &meta(log, at));
        if is_timeless(log, decoded.format) { None } else { decoded.time().map(|time| (time, at)) }
    })
}

/// What the records after this segment in the same file tell about years, oldest first. Stretches
/// that nobody has read yet are read now.
fn later_links(segment: &Segment, decoders: &Decoders) -> Vec<Link> {
    let years = &segment.log.years;
    let end = segment.text_len;
    let step = (segment.nominal.end - segment.nominal.start).max(REACH);
    let mut links = Vec::new();
    let mut at = segment.nominal.end;
    while at < end {
        let (stop, link) = years.known_from(at).unwrap_or_else(|| {
            let known = years.next_known(at).unwrap_or(end);
            let stop = known.min(end).min(at + step);
            let link = read_link(segment, at..stop, decoders);
            years.learn(at..stop, link);
            (stop, link)
        });
        links.push(link);
        at = stop.max(at + 1);
    }
    links
}

/// What the records that begin in `range` tell about years; nothing if they cannot be read.
fn read_link(segment: &Segment, range: Range<u64>, decoders: &Decoders) -> Link {
    let log = &*segment.log;
    let framing = log.framing();
    let Ok(block) = Block::read(&framing, &*log.text, range, segment.text_len, Vec::new()) else {
        return Link::of([]);
    };
    let mut spans = Vec::new();
    block.records(&framing, &mut spans);
    let mut lent = decoders.lend(&log.format, &[TIME.into()]);
    let mut stamps = Vec::new();
    for span in spans {
        let record = &block.bytes[span.start as usize..span.end as usize];
        let decoded =
            lent.decoder.decode(record, &meta(log, block.offset() + u64::from(span.start)));
        stamps.extend(decoded.time().filter(|_| decoded.yearless));
    }
    decoders.take_back(lent);
    Link::of(stamps)
}
