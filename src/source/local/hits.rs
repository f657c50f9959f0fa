//! Rows as they are shown: read from their file again and decoded.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::event::{Document, Value};
use crate::ingest::format::RecordMeta;
use crate::query::{Hit, HitId, Level};
use crate::store::Place;

use super::cursor;
use super::decoders::{Decoders, Lent};
use super::load::{level_of, meta};
use super::log::Log;
use super::order::SortKey;
use super::part::rows::Row;
use super::plan::TIME;

/// The row with its document; `None` if it cannot be read any more.
pub(super) fn hit(decoders: &Decoders, row: &Row, fields: &[String]) -> Option<Hit> {
    let log = &*row.segment.log;
    let mut record = vec![0; (row.span.end - row.span.start) as usize];
    let count = log.text.read_at(row.key.place.offset, &mut record).ok()?;
    if count < record.len() {
        return None;
    }
    let mut maker = HitMaker::new(decoders, log, fields);
    let hit = maker.hit(&row.key, &record);
    maker.end(decoders);
    Some(hit)
}

/// Makes hits of one file's records.
pub(super) struct HitMaker<'a> {
    log: &'a Log,
    fields: &'a [String],
    /// For the fields wanted and the level, or for whole documents.
    lent: Lent,
    /// For the years of stamps without, where the file has such.
    times: Option<Lent>,
    level: Option<usize>,
}

impl<'a> HitMaker<'a> {
    /// For the fields wanted; all if there are none.
    pub(super) fn new(decoders: &Decoders, log: &'a Log, fields: &'a [String]) -> Self {
        let mut names: Vec<Arc<str>> = fields.iter().map(|name| name.as_str().into()).collect();
        let mut level = None;
        if !fields.is_empty()
            && let Some(name) = log.format.level_field()
        {
            level = Some(names.len());
            names.push(name.into());
        }
        let lent = decoders.lend(&log.format, &names);
        let has_no_years = log.years.are_counted();
        let times = has_no_years.then(|| decoders.lend(&log.format, &[TIME.into()]));
        Self { log, fields, lent, times, level }
    }

    /// Gives the decoders back.
    pub(super) fn end(self, decoders: &Decoders) {
        decoders.take_back(self.lent);
        self.times.into_iter().for_each(|lent| decoders.take_back(lent));
    }

    /// The hit of a record.
    pub(super) fn hit(&mut self, key: &SortKey, record: &[u8]) -> Hit {
        let mut meta = meta(self.log, key.place.offset);
        meta.inherited = key.time;
        self.date(key, record, &mut meta);
        let (document, level) = if self.fields.is_empty() {
            self.whole(record, &meta)
        } else {
            self.projected(key, record, &meta)
        };
        Hit {
            id: id(key.place),
            cursor: cursor::encode(key),
            time: key.time,
            level,
            document: Arc::new(document),
            raw: Some(record.into()),
            more_lines: memchr::memchr_iter(b'\n', record).count() as u32,
            provisional: false,
        }
    }

    fn whole(&mut self, record: &[u8], meta: &RecordMeta<'_>) -> (Document, Option<Level>) {
        let document = self.lent.decoder.document(record, meta).document;
        let level = self.log.format.level_field().and_then(|field| document.first(field));
        let level = level.as_ref().and_then(|level| level_of(Value::Tree(level)));
        (document, level)
    }

    fn projected(
        &mut self,
        key: &SortKey,
        record: &[u8],
        meta: &RecordMeta<'_>,
    ) -> (Document, Option<Level>) {
        let decoded = self.lent.decoder.decode(record, meta);
        let mut source = Map::new();
        for (at, name) in self.fields.iter().enumerate() {
            let value = if name == TIME { key.time.map(Value::Time) } else { decoded.value(at) };
            if let Some(value) = value.and_then(json) {
                source.insert(name.clone(), value);
            }
        }
        let level = self.level.and_then(|at| decoded.value(at)).and_then(level_of);
        (Document { source }, level)
    }

    /// Finds the year of a stamp without year: the one that gives the time that the record has.
    fn date(&mut self, key: &SortKey, record: &[u8], meta: &mut RecordMeta<'_>) {
        let Some(times) = &mut self.times else { return };
        let base = meta.base_year;
        for year in (base - MOST_YEARS..=base).rev() {
            meta.base_year = year;
            let decoded = times.decoder.decode(record, meta);
            if !decoded.yearless || decoded.time() == key.time {
                return;
            }
        }
    }
}

/// The most years that a log without years goes back.
const MOST_YEARS: i32 = 60;

/// The identity of the record of a place.
pub(super) fn id(place: Place) -> HitId {
    HitId(format!("{}.{}.{}", place.set, place.member, place.offset).into())
}

/// The number of the set in an identity.
pub(super) fn log_of(id: &HitId) -> Option<usize> {
    id.0.split('.').next()?.parse().ok()
}

/// A value as JSON; `None` for null.
fn json(value: Value<'_>) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Float(value) => value.into(),
        Value::Text(text) => String::from_utf8_lossy(text).into(),
        Value::Time(at) => at.to_string().into(),
        Value::Tree(tree) => tree.clone(),
    })
}
