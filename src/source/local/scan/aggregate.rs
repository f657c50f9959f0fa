//! Counts over everything, by all cores, in one pass.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::diagnostic::Diagnostic;
use crate::event::Span;
use crate::ingest::Block;
use crate::query::evaluate::Moment;
use crate::query::{Answer, Part, RequestId, Search, SearchRequest, Warning};
use crate::source::local::engine::now;
use crate::source::local::gather::{Gather, Outcome};
use crate::source::local::look::Desk;
use crate::source::local::plan::{Names, Plan};
use crate::source::local::probe::Probe;
use crate::source::local::segment::{Segment, partition};
use crate::source::local::stamps::{Around, Carry};
use crate::store::{Cache, SegmentId};
use crate::time::{Millis, Zone};

use super::sift::{Sieve, Sifted};
use super::stream::{Next, Stream};
use super::{Input, Opened};

/// What [`Opened::aggregate`] found.
pub struct Counted {
    /// One answer for each part.
    pub answers: Vec<Answer>,
    /// What should be known about them: damage, formats that refuse the query.
    pub warnings: Vec<Warning>,
}

/// A share of the work: a stretch of a text, or a stream as a whole.
struct Piece<'a> {
    input: &'a Input,
    range: Option<std::ops::Range<u64>>,
}

/// What the threads share.
struct Shared<'a> {
    opened: &'a Opened,
    search: &'a Search,
    desk: Desk,
    columns: Vec<Arc<str>>,
    moment: Moment,
    gather: Mutex<Gather>,
    warnings: Mutex<Vec<Warning>>,
}

impl Opened {
    /// Answers parts that count (total, histogram, facet, suggestions).
    ///
    /// # Errors
    /// What Elasticsearch would refuse, if every format does.
    pub fn aggregate(&self, search: &Search, parts: &[Part]) -> Result<Counted, Diagnostic> {
        let request =
            SearchRequest { id: RequestId(0), search: search.clone(), parts: parts.to_vec() };
        let span = self.span();
        let mut gather = Gather::new(&request, span);
        let mut counted = self.pass(search, &mut gather)?;
        let mut answers = vec![Answer::Failed("is no count".to_owned()); parts.len()];
        let misfits = gather.take_misfits(Some(&request));
        let mut take = |gather: &mut Gather| {
            for (at, part) in &gather.parts {
                if let Outcome::Ready(answer) = part.outcome(search.range) {
                    answers[*at] = answer;
                }
            }
            for (at, reason) in gather.refused.drain(..) {
                answers[at] = Answer::Failed(reason);
            }
        };
        take(&mut gather);
        if !misfits.is_empty() && self.can_repeat() {
            // The width of bars was fitted to what samples told of the time covered.
            gather.parts = misfits;
            counted = self.pass(search, &mut gather)?;
            take(&mut gather);
        } else {
            gather.parts = misfits;
            take(&mut gather);
        }
        Ok(Counted { answers, warnings: counted })
    }

    fn can_repeat(&self) -> bool {
        self.sets.iter().flatten().all(|input| !input.member.is_live())
    }

    /// The time that files cover, as far as samples tell.
    fn span(&self) -> Option<(Millis, Millis)> {
        let spans = self.sets.iter().flatten().filter_map(|input| input.log.order.span());
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    fn pass(&self, search: &Search, gather: &mut Gather) -> Result<Vec<Warning>, Diagnostic> {
        let columns = gather.columns.clone();
        let shared = Shared {
            opened: self,
            search,
            desk: Desk {
                cache: Cache::of(0),
                decoders: Arc::clone(&self.decoders),
                names: Names::default(),
            },
            columns,
            moment: Moment { now: now(), zone: Zone::UTC },
            gather: Mutex::new(std::mem::take(gather)),
            warnings: Mutex::default(),
        };
        shared.check()?;
        let pieces = self.pieces();
        let next = AtomicUsize::new(0);
        let threads = self.options.scan_threads().min(pieces.len()).max(1);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let mut worker = Worker::default();
                    while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                        worker.take(&shared, piece);
                    }
                });
            }
        });
        *gather = shared.gather.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(shared.warnings.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Streams first, since nobody can share one.
    fn pieces(&self) -> Vec<Piece<'_>> {
        let inputs = || self.sets.iter().flatten();
        let mut pieces: Vec<Piece<'_>> = inputs()
            .filter(|input| input.len.is_none())
            .map(|input| Piece { input, range: None })
            .collect();
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.input.member.size));
        let block = u64::from(self.options.limits.block);
        for input in inputs() {
            let ranges = partition(input.len.unwrap_or(0), block).into_iter();
            pieces.extend(ranges.map(|range| Piece { input, range: Some(range) }));
        }
        pieces
    }
}

impl Shared<'_> {
    fn plan(&self, input: &Input) -> Result<Plan, Diagnostic> {
        let format = &input.log.format;
        Plan::of(&self.search.clause, &self.columns, format, self.moment, &self.desk.names)
    }

    /// Refuses what every format refuses; what some refuse is a warning.
    fn check(&self) -> Result<(), Diagnostic> {
        let mut refusals = Vec::new();
        let inputs: Vec<&Input> = self.opened.sets.iter().flatten().collect();
        for input in &inputs {
            refusals.extend(self.plan(input).err());
        }
        if refusals.len() == inputs.len() {
            return refusals.pop().map_or(Ok(()), Err);
        }
        refusals.dedup();
        for refusal in refusals {
            self.warn(refusal.to_string());
        }
        Ok(())
    }

    fn warn(&self, message: String) {
        let warning = Warning::partial(message);
        let mut warnings = self.warnings.lock().unwrap_or_else(PoisonError::into_inner);
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    fn probes(&self) -> Vec<Probe> {
        self.gather.lock().unwrap_or_else(PoisonError::into_inner).probes()
    }

    /// Adds a block's hits to the parts.
    fn add(&self, plan: &Plan, probes: &[Probe], segment: &Arc<Segment>, sifted: &Sifted) {
        let mut unused = Vec::new();
        let look = |probe: &Probe| {
            // Only rows are read again, and nobody asks for rows here.
            probe.look(&self.desk, segment, plan, &sifted.view, &mut unused).ok()
        };
        let found: Option<Vec<_>> = probes.iter().map(look).collect();
        if let Some(found) = found {
            let mut gather = self.gather.lock().unwrap_or_else(PoisonError::into_inner);
            gather.merge(plan, &sifted.view, found);
        }
    }
}

/// One thread's memory.
#[derive(Default)]
struct Worker {
    buffer: Vec<u8>,
    spans: Vec<Span>,
}

impl Worker {
    fn take(&mut self, shared: &Shared<'_>, piece: &Piece<'_>) {
        let Ok(plan) = shared.plan(piece.input) else { return };
        let result = match &piece.range {
            Some(range) => self.take_range(shared, piece.input, &plan, range.clone()),
            None => self.take_stream(shared, piece.input, &plan),
        };
        if let Err(error) = result {
            shared.warn(format!("{} was not read to its end: {error}", piece.input.log.name));
        }
    }

    fn take_range(
        &mut self,
        shared: &Shared<'_>,
        input: &Input,
        plan: &Plan,
        range: std::ops::Range<u64>,
    ) -> std::io::Result<()> {
        let log = &input.log;
        let len = input.len.unwrap_or(0);
        let segment = Arc::new(Segment::new(SegmentId(0), Arc::clone(log), range.clone(), len));
        let buffer = std::mem::take(&mut self.buffer);
        let block = Block::read(&log.framing(), &*log.text, range, len, buffer)?;
        let around = Around::Segment(&segment);
        self.count(shared, input, plan, &segment, &block, around);
        self.buffer = block.bytes;
        Ok(())
    }

    fn take_stream(
        &mut self,
        shared: &Shared<'_>,
        input: &Input,
        plan: &Plan,
    ) -> std::io::Result<()> {
        let mut stream = Stream::open(input, &shared.opened.options)?;
        let mut carry = Carry::default();
        let log = &input.log;
        let segment = Arc::new(Segment::new(SegmentId(0), Arc::clone(log), 0..0, 0));
        loop {
            let buffer = std::mem::take(&mut self.buffer);
            let block = match stream.next(log, Duration::from_secs(1), buffer)? {
                Next::Block(block) => block,
                Next::Idle => continue,
                Next::End => break,
            };
            let around = Around::Forward(&mut carry);
            self.count(shared, input, plan, &segment, &block, around);
            self.buffer = block.bytes;
        }
        if let Some(damage) = stream.damage(log) {
            shared.warn(damage);
        }
        Ok(())
    }

    fn count(
        &mut self,
        shared: &Shared<'_>,
        input: &Input,
        plan: &Plan,
        segment: &Arc<Segment>,
        block: &Block,
        around: Around<'_>,
    ) {
        self.spans.clear();
        block.records(&input.log.framing(), &mut self.spans);
        let probes = shared.probes();
        let times = probes.iter().any(Probe::needs_times);
        let sieve = Sieve { log: &input.log, plan, range: shared.search.range, times };
        let sifted = sieve.sift(block, &self.spans, around, &shared.desk.decoders);
        shared.add(plan, &probes, segment, &sifted);
    }
}
