//! One segment as a request sees it: its hits, and the columns that are counted.
//!
//! What is cached is used; whatever else is needed is made in one reading of the segment and kept.

use std::sync::Arc;

use crate::event::{Span, Value};
use crate::ingest::frame::BlockError;
use crate::store::{Cache, CacheKey, Cached, Column, ColumnBuilder, DocSet, Epoch, FieldId, Times};
use crate::time::TimeRange;

use super::decoders::Decoders;
use super::load::{Harvest, Wish, load};
use super::plan::{Conjunct, Names, Plan, TIME};
use super::segment::Segment;

/// What all looks share.
pub(super) struct Desk {
    pub cache: Cache,
    pub decoders: Arc<Decoders>,
    pub names: Names,
}

/// What a request needs of a segment.
pub(super) struct Need<'a> {
    pub plan: &'a Plan,
    pub range: TimeRange,
    /// Whether times are needed for more than the range.
    pub times: bool,
    pub epoch: Epoch,
}

/// What it gets.
pub(super) struct View {
    /// The hits.
    pub docs: DocSet,
    /// Times, if they were needed and there are hits.
    pub times: Option<Arc<Times>>,
    /// The plan's columns; `None` where the format has no such field or there are no hits.
    pub columns: Vec<Option<Arc<Column>>>,
    /// Where the records are, if the segment was read.
    pub spans: Option<Arc<[Span]>>,
    /// Hits without a time.
    pub without_time: u64,
    /// Records looked at.
    pub records: u64,
}

/// A column larger than this share of its segment is not kept: the log is not to be copied.
const KEPT_SHARE: usize = 6;

/// The number of the column that says which part of its format each record has.
const PARTS: &str = "\u{0}part";

impl Desk {
    /// Looks at a segment.
    pub(super) fn look(
        &self,
        segment: &Segment,
        need: &Need<'_>,
        buffer: &mut Vec<u8>,
    ) -> Result<View, BlockError> {
        let mut own = Look::start(self, segment, need);
        if own.is_empty() {
            return Ok(own.nothing());
        }
        let wish = own.wish();
        if wish.times || wish.parts || !wish.columns.is_empty() || !wish.scans.is_empty() {
            let harvest = load(segment, &wish, &self.decoders, std::mem::take(buffer))?;
            let (columns, scans) = (wish.columns, wish.scans);
            *buffer = own.keep(harvest, &columns, &scans);
        }
        Ok(own.view())
    }

    /// Where a segment's records are.
    pub(super) fn spans(
        &self,
        segment: &Segment,
        buffer: &mut Vec<u8>,
    ) -> Result<Arc<[Span]>, BlockError> {
        let key = CacheKey::Spans(segment.id);
        if let Some(Cached::Spans(spans)) = self.cache.get(key, Epoch(0)) {
            return Ok(spans);
        }
        let block = segment.read(std::mem::take(buffer))?;
        let mut spans = Vec::new();
        block.records(&segment.log.framing(), &mut spans);
        let spans: Arc<[Span]> = spans.into();
        *buffer = block.bytes;
        // The first to go when something else needs the room.
        self.cache.put(key, Cached::Spans(Arc::clone(&spans)), Epoch(0));
        Ok(spans)
    }
}

/// Times as a column.
pub(super) fn time_column(times: &Times) -> Arc<Column> {
    let mut column = ColumnBuilder::default();
    for doc in 0..times.len() {
        column.begin();
        if let Some(at) = times.get(doc) {
            column.push(Value::Time(at));
        }
    }
    Arc::new(column.finish())
}

struct Look<'a> {
    desk: &'a Desk,
    segment: &'a Segment,
    need: &'a Need<'a>,
    /// Record sets of the plan's pieces, as far as known.
    docs: Vec<Option<Arc<DocSet>>>,
    times: Option<Arc<Times>>,
    needs_times: bool,
    columns: Vec<(Arc<str>, Arc<Column>)>,
    parts: Option<Arc<Column>>,
    spans: Option<Arc<[Span]>>,
}

impl<'a> Look<'a> {
    fn start(desk: &'a Desk, segment: &'a Segment, need: &'a Need<'a>) -> Self {
        let docs: Vec<_> = need
            .plan
            .conjuncts
            .iter()
            .map(|piece| match desk.cache.get(CacheKey::Docs(segment.id, piece.id), need.epoch) {
                Some(Cached::Docs(docs)) => Some(docs),
                _ => None,
            })
            .collect();
        let is_inside = segment.summary().is_some_and(|known| known.is_inside(need.range));
        let unknown = need.plan.conjuncts.iter().zip(&docs).filter(|(_, docs)| docs.is_none());
        let needs_times = segment.info().is_none()
            || need.times
            || !is_inside
            || segment.summary().is_some_and(|known| known.without_time > 0)
            || unknown.into_iter().any(|(piece, _)| piece.reads_time())
            || need.plan.columns.iter().any(|column| *column.name == *TIME);
        let mut own = Self {
            desk,
            segment,
            need,
            docs,
            times: None,
            needs_times,
            columns: Vec::new(),
            parts: None,
            spans: None,
        };
        if needs_times
            && let Some(Cached::Times(times)) =
                desk.cache.get(CacheKey::Times(segment.id), need.epoch)
        {
            own.times = Some(times);
        }
        own
    }

    /// Whether it is already known that there are no hits.
    fn is_empty(&self) -> bool {
        let Some(summary) = self.segment.summary() else { return self.segment.is_gone() };
        summary.is_outside(self.need.range)
            || self.docs.iter().flatten().any(|docs| docs.is_empty())
    }

    fn nothing(&self) -> View {
        let records = self.segment.summary().map_or(0, |summary| summary.records);
        let columns = vec![None; self.need.plan.columns.len()];
        View {
            docs: DocSet::none(records),
            times: None,
            columns,
            spans: None,
            without_time: 0,
            records: records.into(),
        }
    }

    /// What is neither known nor cached.
    fn wish(&mut self) -> Wish<'a> {
        let plan = self.need.plan;
        let mut wish = Wish { times: self.needs_times && self.times.is_none(), ..Wish::default() };
        let mut fields: Vec<Arc<str>> = Vec::new();
        for (piece, docs) in plan.conjuncts.iter().zip(&self.docs) {
            if docs.is_some() {
                continue;
            }
            if piece.by_columns {
                fields.extend(piece.fields.iter().cloned());
                let has_parts = piece.trees.len() > 1;
                self.parts = self
                    .parts
                    .take()
                    .or_else(|| has_parts.then(|| self.cached_column(self.parts_id())).flatten());
                wish.parts |= has_parts && self.parts.is_none();
            } else {
                wish.scans.push(piece);
            }
        }
        let aggregated = plan.columns.iter().filter(|column| column.field.is_some());
        fields.extend(aggregated.map(|column| Arc::clone(&column.name)));
        for name in fields {
            let is_known = |known: &Arc<str>| *known == name;
            if *name == *TIME
                || wish.columns.iter().any(is_known)
                || self.columns.iter().any(|(known, _)| is_known(known))
            {
                continue;
            }
            match self.cached_column(self.desk.names.field(&name)) {
                Some(column) => self.columns.push((name, column)),
                None => wish.columns.push(name),
            }
        }
        wish
    }

    fn parts_id(&self) -> FieldId {
        self.desk.names.field(&PARTS.into())
    }

    fn cached_column(&self, id: FieldId) -> Option<Arc<Column>> {
        match self.desk.cache.get(CacheKey::Column(self.segment.id, id), self.need.epoch) {
            Some(Cached::Column(column)) => Some(column),
            _ => None,
        }
    }

    /// Takes what was made, and gives the read buffer back.
    fn keep(&mut self, made: Harvest, names: &[Arc<str>], scans: &[&Conjunct]) -> Vec<u8> {
        let (id, epoch) = (self.segment.id, self.need.epoch);
        let cache = &self.desk.cache;
        let most = made.block.bytes.len() / KEPT_SHARE;
        self.spans = Some(made.spans.into());
        if let Some(times) = made.times {
            let times = Arc::new(times);
            cache.put(CacheKey::Times(id), Cached::Times(Arc::clone(&times)), epoch);
            self.times = Some(times);
        }
        let put = |field: FieldId, column: Column| {
            let column = Arc::new(column);
            if column.size() <= most.max(4096) {
                let key = CacheKey::Column(id, field);
                cache.put(key, Cached::Column(Arc::clone(&column)), epoch);
            }
            column
        };
        self.parts = made.parts.map(|parts| put(self.parts_id(), parts)).or(self.parts.take());
        for (name, column) in names.iter().zip(made.columns) {
            let column = put(self.desk.names.field(name), column);
            self.columns.push((Arc::clone(name), column));
        }
        for (scan, docs) in scans.iter().zip(made.docs) {
            self.know(scan, docs);
        }
        made.block.bytes
    }

    /// Keeps the record set of a piece.
    fn know(&mut self, piece: &Conjunct, docs: DocSet) {
        let docs = Arc::new(docs);
        let key = CacheKey::Docs(self.segment.id, piece.id);
        self.desk.cache.put(key, Cached::Docs(Arc::clone(&docs)), self.need.epoch);
        let at = self.need.plan.conjuncts.iter().position(|known| known.id == piece.id);
        if let Some(place) = at.and_then(|at| self.docs.get_mut(at)) {
            *place = Some(docs);
        }
    }

    fn view(mut self) -> View {
        let plan = self.need.plan;
        let Some(summary) = self.segment.summary() else { return self.nothing() };
        let is_inside = summary.is_inside(self.need.range);
        let time_column = self.time_column();
        self.columns.extend(time_column.map(|column| (TIME.into(), column)));
        let mut docs = DocSet::all(summary.records);
        for (at, piece) in plan.conjuncts.iter().enumerate() {
            if self.docs[at].is_none() {
                let found = self.evaluate(piece, summary.records);
                self.know(piece, found);
            }
            // The same piece twice is known by its first place only.
            if let Some(known) = &self.docs[at] {
                docs = docs.and(known);
            }
        }
        if !is_inside && let Some(times) = &self.times {
            docs = docs.and(&times.within(self.need.range));
        }
        let columns = plan
            .columns
            .iter()
            .map(|wanted| self.column(&wanted.name).filter(|_| wanted.field.is_some()))
            .collect();
        let without_time = match (summary.without_time, &self.times) {
            (0, _) => 0,
            (all, _) if docs.is_all() => u64::from(all),
            (_, Some(times)) => {
                let mut count = 0;
                docs.each(|doc| count += u64::from(times.get(doc).is_none()));
                count
            }
            (_, None) => 0,
        };
        let records = summary.records.into();
        View { docs, times: self.times, columns, spans: self.spans, without_time, records }
    }

    /// Times as a column, for tests on them and for counting them.
    fn time_column(&self) -> Option<Arc<Column>> {
        let plan = self.need.plan;
        let is_wanted = plan.columns.iter().any(|column| *column.name == *TIME)
            || plan.conjuncts.iter().any(Conjunct::reads_time);
        self.times.as_ref().filter(|_| is_wanted).map(|times| time_column(times))
    }

    fn column(&self, name: &str) -> Option<Arc<Column>> {
        let found = self.columns.iter().find(|(known, _)| **known == *name);
        found.map(|(_, column)| Arc::clone(column))
    }

    /// Evaluates a piece on columns.
    fn evaluate(&self, piece: &Conjunct, len: u32) -> DocSet {
        let columns: Vec<_> = piece.fields.iter().map(|name| self.column(name)).collect();
        piece.docs(len, &columns, self.parts.as_deref())
    }
}
