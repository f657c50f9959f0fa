//! Reads a segment and makes, in one pass over its records, everything that is wanted of it.

use std::sync::Arc;

use crate::event::{Span, Value};
use crate::ingest::Block;
use crate::ingest::format::{Decoded, RecordMeta};
use crate::ingest::frame::{BlockError, Seam};
use crate::query::Level;
use crate::query::evaluate::{Matcher, scalars};
use crate::store::{Column, ColumnBuilder, DocSet, SummaryBuilder, Times};

use super::decoders::Decoders;
use super::glance::Glances;
use super::log::Log;
use super::needle::Needles;
use super::plan::{Conjunct, TIME};
use super::segment::{Info, Segment};
use super::stamps::{Around, Stamps};
use super::tree::{self, Record, Test};

/// What is wanted of a segment.
#[derive(Default)]
pub(super) struct Wish<'a> {
    /// The records' times (and, the first time, the segment's summary).
    pub times: bool,
    /// Columns of these fields.
    pub columns: Vec<Arc<str>>,
    /// Which part of the format each record has, for formats of several.
    pub parts: bool,
    /// Record sets of these pieces of a clause.
    pub scans: Vec<&'a Conjunct>,
}

/// What was made; in the order of the wish.
pub(super) struct Harvest {
    pub block: Block,
    pub spans: Vec<Span>,
    pub times: Option<Times>,
    pub columns: Vec<Column>,
    pub parts: Option<Column>,
    pub docs: Vec<DocSet>,
}

/// A list of fields without repetition, `@timestamp` first where it is in.
#[derive(Default)]
pub(super) struct FieldList(pub Vec<Arc<str>>);

impl FieldList {
    /// The number of a field, which is added if it is new.
    pub(super) fn number(&mut self, name: &Arc<str>) -> usize {
        self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(Arc::clone(name));
            self.0.len() - 1
        })
    }

    /// The numbers of several.
    pub(super) fn numbers(&mut self, names: &[Arc<str>]) -> Vec<usize> {
        names.iter().map(|name| self.number(name)).collect()
    }
}

/// A decoded record as trees read it.
pub(super) struct Read<'a, 'd> {
    pub decoded: &'a Decoded<'d>,
    /// For each field of the conjunct its number in the decoder's list.
    pub numbers: &'a [usize],
    /// Makes the whole document, where a tree wants it.
    pub document: &'a mut dyn FnMut(&Matcher) -> bool,
}

impl Record for Read<'_, '_> {
    fn passes(&mut self, test: &Test) -> bool {
        let value = self.numbers.get(test.field).and_then(|at| self.decoded.value(*at));
        value.is_some_and(|value| tree::passes(&test.holds, value))
    }

    fn matches(&mut self, matcher: &Matcher) -> bool {
        (self.document)(matcher)
    }
}

/// Reads `segment` and makes what is wished. The first reading also makes its summary.
pub(super) fn load(
    segment: &Segment,
    wish: &Wish<'_>,
    decoders: &Decoders,
    buffer: Vec<u8>,
) -> Result<Harvest, BlockError> {
    let block = segment.read(buffer)?;
    let mut spans = Vec::new();
    let last = block.records(&segment.log.framing(), &mut spans);
    let mut pass = Pass::new(segment, wish, decoders);
    let candidates = pass.candidates(&block.bytes, &spans);
    for (doc, span) in spans.iter().enumerate() {
        if candidates.as_ref().is_none_or(|docs| docs.contains(doc as u32)) {
            pass.take(doc as u32, &block, *span);
        }
    }
    let Pass { stamps, columns, parts, bits, lent, documents, levels, failed, .. } = pass;
    decoders.take_back(lent);
    if let Some(lent) = documents {
        decoders.take_back(lent);
    }
    let len = spans.len() as u32;
    let times = stamps.map(|stamps| {
        stamps.finish(&segment.log, Around::Segment(segment), &block, &spans, decoders)
    });
    if let Some(times) = &times
        && segment.info().is_none()
    {
        segment.learn(info(&block, last, times, &levels, &failed));
    }
    let columns = columns.into_iter().map(|(_, builder)| builder.finish()).collect();
    let parts = parts.map(ColumnBuilder::finish);
    let docs = bits.into_iter().map(|words| DocSet::from_words(len, words)).collect();
    Ok(Harvest { block, spans, times, columns, parts, docs })
}

fn info(block: &Block, last: Seam, times: &Times, levels: &[u8], failed: &[bool]) -> Info {
    let mut summary = SummaryBuilder::default();
    for doc in 0..times.len() {
        let level = levels.get(doc as usize).map(|level| usize::from(*level));
        let failed = failed.get(doc as usize).copied().unwrap_or(false);
        summary.add(times.get(doc), level, failed);
    }
    Info {
        seam: block.seam,
        len: block.bytes.len() as u32,
        fingerprint: block.fingerprint(),
        last,
        summary: summary.finish(),
    }
}

/// The state of one pass.
struct Pass<'a> {
    log: &'a Log,
    wish: &'a Wish<'a>,
    lent: super::decoders::Lent,
    /// Makes whole documents, where a tree wants them.
    documents: Option<super::decoders::Lent>,
    stamps: Option<Stamps>,
    columns: Vec<(usize, ColumnBuilder)>,
    parts: Option<ColumnBuilder>,
    numbers: Vec<Vec<usize>>,
    glances: Glances,
    told: Vec<bool>,
    bits: Vec<Vec<u64>>,
    level: Option<usize>,
    levels: Vec<u8>,
    failed: Vec<bool>,
    is_first: bool,
}

impl<'a> Pass<'a> {
    fn new(segment: &'a Segment, wish: &'a Wish<'a>, decoders: &Decoders) -> Self {
        let log = &*segment.log;
        let is_first = wish.times && segment.info().is_none();
        let mut list = FieldList::default();
        if wish.times {
            list.number(&TIME.into());
        }
        let columns = wish.columns.iter().map(|name| (list.number(name), ColumnBuilder::default()));
        let columns = columns.collect();
        let numbers: Vec<_> = wish.scans.iter().map(|scan| list.numbers(&scan.fields)).collect();
        let level = log.format.level_field().filter(|_| is_first);
        let level = level.map(|name| list.number(&name.into()));
        let needs_document =
            wish.scans.iter().any(|scan| scan.trees.iter().any(tree::Tree::needs_document));
        let lent = decoders.lend(&log.format, &list.0);
        let pieces = wish.scans.iter().zip(&numbers);
        let pieces = pieces.map(|(scan, numbers)| (*scan, numbers.as_slice()));
        let glances = Glances::of(pieces, &lent.decoder, &log.name);
        Self {
            log,
            wish,
            lent,
            glances,
            documents: needs_document.then(|| decoders.lend(&log.format, &[])),
            stamps: wish.times.then(Stamps::default),
            columns,
            parts: wish.parts.then(ColumnBuilder::default),
            numbers,
            told: Vec::new(),
            bits: vec![Vec::new(); wish.scans.len()],
            level,
            levels: Vec::new(),
            failed: Vec::new(),
            is_first,
        }
    }

    /// The records that must be decoded, if bytes alone rule some out.
    fn candidates(&mut self, bytes: &[u8], spans: &[Span]) -> Option<DocSet> {
        for words in &mut self.bits {
            words.resize(spans.len().div_ceil(64), 0);
        }
        if self.needs_values() {
            return None;
        }
        let mut all = DocSet::none(spans.len() as u32);
        for (scan, numbers) in self.wish.scans.iter().zip(&self.numbers) {
            let needles = Needles::of(scan, numbers, &self.lent.decoder, &self.log.name)?;
            all = all.or(&needles.records(bytes, spans));
        }
        Some(all)
    }

    /// Whether every record must be decoded, for more than record sets.
    fn needs_values(&self) -> bool {
        self.wish.times || self.wish.parts || !self.columns.is_empty()
    }

    fn take(&mut self, doc: u32, block: &Block, span: Span) {
        let record = &block.bytes[span.start as usize..span.end as usize];
        if !self.needs_values() && self.glances.tell(record, &mut self.told) {
            for (words, told) in self.bits.iter_mut().zip(&self.told) {
                words[doc as usize / 64] |= u64::from(*told) << (doc % 64);
            }
            return;
        }
        let meta = meta(self.log, block.offset() + u64::from(span.start));
        let decoded = self.lent.decoder.decode(record, &meta);
        if let Some(stamps) = &mut self.stamps {
            let inherits = !is_timeless(self.log, decoded.format);
            stamps.push(decoded.time(), decoded.yearless, inherits);
        }
        if self.is_first {
            self.failed.push(!decoded.matched);
            if let Some(at) = self.level {
                self.levels.push(decoded.value(at).map_or(u8::MAX, level_number));
            }
        }
        if let Some(parts) = &mut self.parts {
            parts.begin();
            parts.push(Value::Int(i64::from(decoded.format)));
        }
        for (at, column) in &mut self.columns {
            column.begin();
            if let Some(value) = decoded.value(*at) {
                push(column, value);
            }
        }
        for (scan, (numbers, words)) in
            self.wish.scans.iter().zip(self.numbers.iter().zip(&mut self.bits))
        {
            let documents = &mut self.documents;
            let mut document = |matcher: &Matcher| match documents {
                Some(lent) => matcher.matches(&lent.decoder.document(record, &meta).document),
                None => false,
            };
            let mut read = Read { decoded: &decoded, numbers, document: &mut document };
            let tree = scan.trees.get(usize::from(decoded.format));
            if tree.is_some_and(|tree| tree.matches(&mut read)) {
                words[doc as usize / 64] |= 1 << (doc % 64);
            }
        }
    }
}

/// What a decoder is told of a record.
pub(super) fn meta(log: &Log, offset: u64) -> RecordMeta<'_> {
    RecordMeta { path: &log.name, offset, base_year: log.years.base, inherited: None }
}

/// Whether records of that part that have no time of their own have none at all.
pub(super) fn is_timeless(log: &Log, part: u8) -> bool {
    log.format.parts().get(usize::from(part)).is_some_and(|part| part.timeless)
}

/// The number of a level's class; past the last for texts that are no level.
pub(super) fn level_number(value: Value<'_>) -> u8 {
    level_of(value).map_or(u8::MAX, |level| level as u8)
}

/// The level that a value says.
pub(super) fn level_of(value: Value<'_>) -> Option<Level> {
    match value {
        Value::Text(text) => Level::of(std::str::from_utf8(text).ok()?),
        Value::Int(number) => Level::of(&number.to_string()),
        Value::Tree(tree) => {
            let mut found = None;
            scalars(tree, &mut |value| {
                if !matches!(value, Value::Tree(_)) {
                    found = found.or_else(|| level_of(value));
                }
            });
            found
        }
        _ => None,
    }
}

/// Gives a column each of a field's values.
pub(super) fn push(column: &mut ColumnBuilder, value: Value<'_>) {
    match value {
        Value::Tree(tree) => scalars(tree, &mut |value| column.push(value)),
        value => column.push(value),
    }
}
