//! One block's hits: decodes records, keeps what matches and nothing else.

use std::sync::Arc;

use crate::event::{Span, Value};
use crate::ingest::Block;
use crate::query::evaluate::Matcher;
use crate::source::local::decoders::{Decoders, Lent};
use crate::source::local::glance::Glances;
use crate::source::local::load::{FieldList, Read, is_timeless, meta, push};
use crate::source::local::log::Log;
use crate::source::local::look::{View, time_column};
use crate::source::local::needle::Needles;
use crate::source::local::plan::{Conjunct, Plan, TIME};
use crate::source::local::stamps::{Around, Stamps};
use crate::source::local::tree::Tree;
use crate::store::{Column, ColumnBuilder, DocSet, Times, TimesBuilder};
use crate::time::TimeRange;

/// What is sifted for.
pub(super) struct Sieve<'a> {
    pub log: &'a Log,
    pub plan: &'a Plan,
    pub range: TimeRange,
    /// Whether times are needed for more than the range.
    pub times: bool,
}

/// The hits of a block.
pub(super) struct Sifted {
    /// The hits as parts see them; record numbers count hits, not records.
    pub view: View,
    /// The spans of the records that `view` numbers.
    pub spans: Vec<Span>,
}

impl Sieve<'_> {
    fn needs_times(&self) -> bool {
        let is_wanted = self.plan.columns.iter().any(|column| *column.name == *TIME);
        self.times
            || !self.range.is_all()
            || is_wanted
            || self.plan.conjuncts.iter().any(Conjunct::reads_time)
    }

    /// Sifts a block whose records are `spans`.
    pub(super) fn sift(
        &self,
        block: &Block,
        spans: &[Span],
        around: Around<'_>,
        decoders: &Decoders,
    ) -> Sifted {
        let mut pass = Pass::new(self, decoders);
        pass.run(block, spans);
        let Pass { hits, stamps, columns, late, parts, lent, documents, .. } = pass;
        decoders.take_back(lent);
        if let Some(lent) = documents {
            decoders.take_back(lent);
        }
        let times = stamps.map(|stamps| {
            let all = stamps.finish(self.log, around, block, spans, decoders);
            let mut times = TimesBuilder::default();
            for doc in &hits {
                times.push(all.get(*doc));
            }
            Arc::new(times.finish())
        });
        let columns: Vec<Arc<Column>> =
            columns.into_iter().map(|(_, column)| Arc::new(column.finish())).collect();
        let parts = parts.map(ColumnBuilder::finish);
        let docs =
            self.late_docs(hits.len() as u32, times.as_deref(), &columns, &late, parts.as_ref());
        let without_time = times.as_ref().map_or(0, |times| {
            let mut count = 0;
            docs.each(|doc| count += u64::from(times.get(doc).is_none()));
            count
        });
        let columns = self.wanted_columns(times.as_deref(), columns);
        let records = spans.len() as u64;
        let spans = hits.iter().map(|doc| spans[*doc as usize]).collect();
        let view = View { docs, times, columns, spans: None, without_time, records };
        Sifted { view, spans }
    }

    /// What of the hits is left once times are known.
    fn late_docs(
        &self,
        len: u32,
        times: Option<&Times>,
        columns: &[Arc<Column>],
        late: &[(usize, Vec<usize>)],
        parts: Option<&Column>,
    ) -> DocSet {
        let mut docs = DocSet::all(len);
        let Some(times) = times else { return docs };
        docs = docs.and(&times.within(self.range));
        for (at, numbers) in late {
            let piece = &self.plan.conjuncts[*at];
            let own: Vec<Option<Arc<Column>>> = piece
                .fields
                .iter()
                .zip(numbers)
                .map(|(name, at)| {
                    if **name == *TIME {
                        Some(time_column(times))
                    } else {
                        columns.get(*at).cloned()
                    }
                })
                .collect();
            docs = docs.and(&piece.docs(len, &own, parts));
        }
        docs
    }

    /// The plan's columns, of those that were built.
    fn wanted_columns(
        &self,
        times: Option<&Times>,
        built: Vec<Arc<Column>>,
    ) -> Vec<Option<Arc<Column>>> {
        let mut built = built.into_iter();
        let wanted = self.plan.columns.iter();
        wanted
            .map(|column| match &*column.name {
                TIME => times.map(time_column),
                _ if column.field.is_some() => built.next(),
                _ => None,
            })
            .collect()
    }
}

/// The state of one pass.
struct Pass<'a> {
    sieve: &'a Sieve<'a>,
    lent: Lent,
    documents: Option<Lent>,
    stamps: Option<Stamps>,
    /// First the plan's columns, then those that late pieces of the clause need.
    columns: Vec<(usize, ColumnBuilder)>,
    /// Pieces that ask for the time: their number, and those of their columns.
    late: Vec<(usize, Vec<usize>)>,
    /// The other pieces, with the numbers of their fields.
    early: Vec<(&'a Conjunct, Vec<usize>)>,
    glances: Glances,
    parts: Option<ColumnBuilder>,
    hits: Vec<u32>,
}

impl<'a> Pass<'a> {
    fn new(sieve: &'a Sieve<'a>, decoders: &Decoders) -> Self {
        let plan = sieve.plan;
        let needs_times = sieve.needs_times();
        let mut list = FieldList::default();
        if needs_times {
            list.number(&TIME.into());
        }
        let mut columns = Vec::new();
        for column in &plan.columns {
            if column.field.is_some() && *column.name != *TIME {
                columns.push((list.number(&column.name), ColumnBuilder::default()));
            }
        }
        let (mut late, mut early) = (Vec::new(), Vec::new());
        for (at, piece) in plan.conjuncts.iter().enumerate() {
            let numbers = list.numbers(&piece.fields);
            if !piece.reads_time() {
                early.push((piece, numbers));
                continue;
            }
            let own = numbers
                .into_iter()
                .map(|number| {
                    columns.push((number, ColumnBuilder::default()));
                    columns.len() - 1
                })
                .collect();
            late.push((at, own));
        }
        let format = &sieve.log.format;
        let needs_document =
            early.iter().any(|(piece, _)| piece.trees.iter().any(Tree::needs_document));
        let needs_parts = !late.is_empty() && format.parts().len() > 1;
        let lent = decoders.lend(format, &list.0);
        let pieces = early.iter().map(|(piece, numbers)| (*piece, numbers.as_slice()));
        let glances = Glances::of(pieces, &lent.decoder, &sieve.log.name);
        Self {
            sieve,
            glances,
            lent,
            documents: needs_document.then(|| decoders.lend(format, &[])),
            stamps: needs_times.then(Stamps::default),
            columns,
            late,
            early,
            parts: needs_parts.then(ColumnBuilder::default),
            hits: Vec::new(),
        }
    }

    fn run(&mut self, block: &Block, spans: &[Span]) {
        let candidates = self.candidates(&block.bytes, spans);
        let needs_nothing = self.stamps.is_none()
            && self.early.is_empty()
            && self.columns.is_empty()
            && self.parts.is_none();
        if needs_nothing {
            self.hits.extend(0..spans.len() as u32);
            return;
        }
        for (doc, span) in spans.iter().enumerate() {
            if candidates.as_ref().is_none_or(|docs| docs.contains(doc as u32)) {
                self.take(doc as u32, block, *span);
            }
        }
    }

    /// The records that can be hits, if bytes alone rule some out and times are not needed of all.
    fn candidates(&self, bytes: &[u8], spans: &[Span]) -> Option<DocSet> {
        if self.stamps.is_some() {
            return None;
        }
        let mut docs: Option<DocSet> = None;
        for (piece, numbers) in &self.early {
            if let Some(needles) =
                Needles::of(piece, numbers, &self.lent.decoder, &self.sieve.log.name)
            {
                let own = needles.records(bytes, spans);
                docs = Some(docs.map_or_else(|| own.clone(), |docs| docs.and(&own)));
            }
        }
        docs
    }

    fn take(&mut self, doc: u32, block: &Block, span: Span) {
        let log = self.sieve.log;
        let record = &block.bytes[span.start as usize..span.end as usize];
        let needs_values = !self.columns.is_empty() || self.parts.is_some();
        if self.stamps.is_none() {
            match self.glances.all_tell(record) {
                Some(true) if needs_values => {}
                Some(true) => {
                    self.hits.push(doc);
                    return;
                }
                Some(false) => return,
                None => {}
            }
        }
        let meta = meta(log, block.offset() + u64::from(span.start));
        let decoded = self.lent.decoder.decode(record, &meta);
        if let Some(stamps) = &mut self.stamps {
            let inherits = !is_timeless(log, decoded.format);
            stamps.push(decoded.time(), decoded.yearless, inherits);
        }
        for (piece, numbers) in &self.early {
            let documents = &mut self.documents;
            let mut document = |matcher: &Matcher| match documents {
                Some(lent) => matcher.matches(&lent.decoder.document(record, &meta).document),
                None => false,
            };
            let mut read = Read { decoded: &decoded, numbers, document: &mut document };
            let tree = piece.trees.get(usize::from(decoded.format));
            if !tree.is_some_and(|tree| tree.matches(&mut read)) {
                return;
            }
        }
        self.hits.push(doc);
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
    }
}
