//! Rows oldest first, merged over files, in constant memory.
//!
//! Each set is read forwards, a few blocks at a time by all cores. Records that are out of order are
//! put in order within the blocks that are held; those without a time come last, in a second pass.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::event::{Document, Span};
use crate::ingest::Block;
use crate::query::evaluate::Moment;
use crate::query::{Hit, Search, SortOrder, Warning};
use crate::source::local::cursor;
use crate::source::local::decoders::Decoders;
use crate::source::local::engine::now;
use crate::source::local::hits::{HitMaker, id};
use crate::source::local::log::Log;
use crate::source::local::order::SortKey;
use crate::source::local::plan::{Names, Plan};
use crate::source::local::segment::Segment;
use crate::source::local::stamps::{Around, Carry};
use crate::store::{Place, SegmentId};
use crate::time::Zone;

use super::sift::Sieve;
use super::stream::{Next, Stream};
use super::{Input, Opened};

/// What rows are made with.
#[derive(Debug, Clone, Default)]
pub struct RowOptions {
    /// The fields of the documents; empty means whole documents.
    pub fields: Vec<String>,
    /// Whether documents are made at all; else rows have their raw text only.
    pub documents: bool,
    /// At most so many rows.
    pub limit: Option<u64>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Streamed {
    /// Rows given.
    pub rows: u64,
    /// Damage, and formats that refuse the query.
    pub warnings: Vec<Warning>,
}

/// Text that is held in memory at most, about, in bytes.
const HELD: u64 = 48 << 20;
/// A live stream is waited for so long, while others may have rows.
const WAIT: Duration = Duration::from_millis(50);

impl Opened {
    /// Gives each hit to `sink`, oldest first, until it breaks off.
    ///
    /// # Errors
    /// What Elasticsearch would refuse, if every format does.
    pub fn rows(
        &self,
        search: &Search,
        options: &RowOptions,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<Streamed, Diagnostic> {
        let names = Names::default();
        let shop = Shop { opened: self, search, options, decoders: &self.decoders };
        let mut streamed = Streamed::default();
        let mut has_timeless = false;
        for timeless in [false, true] {
            if timeless && (!has_timeless || !search.range.is_all()) {
                break;
            }
            let mut sets = shop.sets(&names, timeless, &mut streamed.warnings)?;
            if timeless {
                sets.retain(|set| !set.is_live());
            }
            let mut give = |hit: Hit| {
                if options.limit.is_some_and(|limit| streamed.rows >= limit) {
                    return ControlFlow::Break(());
                }
                streamed.rows += 1;
                sink(hit)
            };
            let flow = merge(&shop, &mut sets, &mut give);
            for set in sets {
                has_timeless |= set.skipped > 0;
                streamed.warnings.extend(set.warnings);
            }
            if flow.is_break() {
                break;
            }
        }
        Ok(streamed)
    }
}

/// Gives the rows of all sets in order.
fn merge(
    shop: &Shop<'_>,
    sets: &mut [Set<'_>],
    give: &mut dyn FnMut(Hit) -> ControlFlow<()>,
) -> ControlFlow<()> {
    loop {
        for set in sets.iter_mut() {
            while set.ready == 0 && !set.is_ended && set.refill(shop) {}
        }
        let ready = sets.iter().enumerate().filter(|(_, set)| set.ready > 0);
        let first = ready.min_by(|a, b| a.1.head().compare(b.1.head(), SortOrder::Ascending));
        let Some((at, _)) = first else {
            if sets.iter().all(|set| set.is_ended) {
                return ControlFlow::Continue(());
            }
            continue;
        };
        sets[at].ready -= 1;
        if let Some((_, hit)) = sets[at].held.pop_front() {
            give(hit)?;
        }
    }
}

/// What all sets share.
struct Shop<'a> {
    opened: &'a Opened,
    search: &'a Search,
    options: &'a RowOptions,
    decoders: &'a Decoders,
}

/// One set being read.
struct Set<'a> {
    inputs: VecDeque<(&'a Input, Arc<Plan>)>,
    /// Where the first input is read on.
    offset: u64,
    stream: Option<(Stream, Carry)>,
    block: u64,
    /// Rows in order; the first `ready` of them can be given.
    held: VecDeque<(SortKey, Hit)>,
    ready: usize,
    /// Whether it gives the rows without a time, and only these.
    timeless: bool,
    skipped: u64,
    is_ended: bool,
    warnings: Vec<Warning>,
}

impl<'a> Shop<'a> {
    fn sets(
        &self,
        names: &Names,
        timeless: bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<Set<'a>>, Diagnostic> {
        let moment = Moment { now: now(), zone: Zone::UTC };
        let threads = self.opened.options.scan_threads() as u64;
        let share = HELD / threads / (self.opened.sets.len() as u64).max(1);
        let block = u64::from(self.opened.options.limits.block).min(share).max(64 << 10);
        let mut refused = None;
        let mut sets = Vec::new();
        for set in &self.opened.sets {
            let mut inputs = VecDeque::new();
            for input in set {
                let format = &input.log.format;
                match Plan::of(&self.search.clause, &[], format, moment, names) {
                    Ok(plan) => inputs.push_back((input, Arc::new(plan))),
                    Err(refusal) => refused = Some(refusal),
                }
            }
            sets.push(Set {
                inputs,
                offset: 0,
                stream: None,
                block: block.min(u64::from(self.opened.options.limits.block)),
                held: VecDeque::new(),
                ready: 0,
                timeless,
                skipped: 0,
                is_ended: false,
                warnings: Vec::new(),
            });
        }
        match refused {
            Some(refusal) if sets.iter().all(|set| set.inputs.is_empty()) => return Err(refusal),
            Some(refusal) => warnings.push(Warning::partial(refusal.to_string())),
            None => {}
        }
        warnings.dedup();
        Ok(sets)
    }

    /// The rows of a block of a file.
    fn rows(&self, log: &Arc<Log>, plan: &Plan, block: &Block, around: Around<'_>) -> Keyed {
        let mut spans = Vec::new();
        block.records(&log.framing(), &mut spans);
        let sieve = Sieve { log, plan, range: self.search.range, times: true };
        let sifted = sieve.sift(block, &spans, around, self.decoders);
        let mut maker = HitMaker::new(self.decoders, log, &self.options.fields);
        let mut rows = Vec::new();
        sifted.view.docs.each(|doc| {
            let Span { start, end } = sifted.spans[doc as usize];
            let offset = block.offset() + u64::from(start);
            let place = Place { set: log.set, member: log.member, offset };
            let time = sifted.view.times.as_ref().and_then(|times| times.get(doc));
            let key = SortKey { value: None, time, place };
            let record = &block.bytes[start as usize..end as usize];
            let hit =
                if self.options.documents { maker.hit(&key, record) } else { raw(&key, record) };
            rows.push((key, hit));
        });
        maker.end(self.decoders);
        rows
    }
}

/// The rows of a block, with their places in the order.
type Keyed = Vec<(SortKey, Hit)>;

/// A hit that is nothing but its text.
fn raw(key: &SortKey, record: &[u8]) -> Hit {
    Hit {
        id: id(key.place),
        cursor: cursor::encode(key),
        time: key.time,
        level: None,
        document: Arc::new(Document::default()),
        raw: Some(record.into()),
        more_lines: 0,
        provisional: false,
    }
}

impl Set<'_> {
    fn is_live(&self) -> bool {
        self.inputs.iter().any(|(input, _)| input.member.is_live())
    }

    fn head(&self) -> &SortKey {
        // Only asked where `ready` says that there is one.
        &self.held[0].0
    }

    /// Reads on. Whether something came or the end was reached; live streams may have nothing.
    fn refill(&mut self, shop: &Shop<'_>) -> bool {
        let Some((input, plan)) = self.inputs.front() else {
            self.ready = self.held.len();
            self.is_ended = self.ready == 0;
            return true;
        };
        let (input, plan) = (*input, Arc::clone(plan));
        let batch = match input.len {
            Some(len) => self.read_text(shop, input, &plan, len),
            None => self.read_stream(shop, input, &plan),
        };
        match batch {
            Ok(Some(blocks)) => self.take(blocks, input.member.is_live()),
            Ok(None) => return false,
            Err(error) => {
                let message = format!("{} was not read to its end: {error}", input.log.name);
                self.warnings.push(Warning::partial(message));
                self.next_input();
            }
        }
        true
    }

    fn next_input(&mut self) {
        self.inputs.pop_front();
        self.offset = 0;
        self.stream = None;
    }

    /// Takes the rows of blocks in file order; what the last of them may still precede is held.
    fn take(&mut self, blocks: Vec<Keyed>, is_live: bool) {
        let floor = blocks
            .iter()
            .rev()
            .find(|rows| !rows.is_empty())
            .and_then(|rows| rows.iter().filter_map(|(key, _)| key.time).min());
        for (key, hit) in blocks.into_iter().flatten() {
            if is_live || key.time.is_none() == self.timeless {
                self.held.push_back((key, hit));
            } else {
                self.skipped += u64::from(key.time.is_none());
            }
        }
        if is_live || self.timeless {
            self.ready = self.held.len();
            return;
        }
        self.held.make_contiguous().sort_by(|a, b| a.0.compare(&b.0, SortOrder::Ascending));
        self.ready = self.held.partition_point(|(key, _)| key.time < floor);
    }

    /// The next blocks of a text, by several threads.
    fn read_text(
        &mut self,
        shop: &Shop<'_>,
        input: &Input,
        plan: &Plan,
        len: u64,
    ) -> std::io::Result<Option<Vec<Keyed>>> {
        let log = &input.log;
        let mut ranges = Vec::new();
        while ranges.len() < shop.opened.options.scan_threads() && self.offset < len {
            let end = (self.offset + self.block).min(len);
            ranges.push(self.offset..end);
            self.offset = end;
        }
        if self.offset >= len {
            self.next_input();
        }
        let read = |range: std::ops::Range<u64>| -> std::io::Result<Keyed> {
            let segment = Segment::new(SegmentId(0), Arc::clone(log), range.clone(), len);
            let block = Block::read(&log.framing(), &*log.text, range, len, Vec::new())?;
            Ok(shop.rows(log, plan, &block, Around::Segment(&segment)))
        };
        let blocks: std::io::Result<Vec<_>> = std::thread::scope(|scope| {
            let read = &read;
            let running: Vec<_> =
                ranges.into_iter().map(|range| scope.spawn(move || read(range))).collect();
            running
                .into_iter()
                .map(|thread| {
                    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        });
        blocks.map(Some)
    }

    /// The next block of a stream; `None` if a live one has nothing now.
    fn read_stream(
        &mut self,
        shop: &Shop<'_>,
        input: &Input,
        plan: &Plan,
    ) -> std::io::Result<Option<Vec<Keyed>>> {
        if self.stream.is_none() {
            let stream = Stream::open(input, &shop.opened.options)?;
            self.stream = Some((stream, Carry::default()));
        }
        let Some((stream, carry)) = &mut self.stream else { return Ok(None) };
        match stream.next(&input.log, WAIT, Vec::new())? {
            Next::Idle => Ok(None),
            Next::Block(block) => {
                let rows = shop.rows(&input.log, plan, &block, Around::Forward(carry));
                Ok(Some(vec![rows]))
            }
            Next::End => {
                let message = stream.damage(&input.log);
                self.warnings.extend(message.map(Warning::partial));
                self.next_input();
                Ok(Some(Vec::new()))
            }
        }
    }
}
