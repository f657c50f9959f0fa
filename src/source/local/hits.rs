//! Rows as they are shown: read from their file again and decoded.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::event::{Document, Value};
use crate::ingest::format::RecordMeta;
use crate::query::{Hit, HitId, Level};
use crate::store::Place;

use super::cursor;
use super::decoders::Decoders;
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
    (count == record.len()).then(|| hit_of(decoders, log, &row.key, &record, fields))
}

/// A hit of a record whose bytes are at hand.
pub(super) fn hit_of(
    decoders: &Decoders,
    log: &Log,
    key: &SortKey,
    record: &[u8],
    fields: &[String],
) -> Hit {
    let mut meta = meta(log, key.place.offset);
    meta.inherited = key.time;
    let (document, level) = if fields.is_empty() {
        whole(decoders, log, key, record, &mut meta)
    } else {
        projected(decoders, log, key, record, &mut meta, fields)
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

/// The identity of the record of a place.
pub(super) fn id(place: Place) -> HitId {
    HitId(format!("{}.{}.{}", place.set, place.member, place.offset).into())
}

fn whole(
    decoders: &Decoders,
    log: &Log,
    key: &SortKey,
    record: &[u8],
    meta: &mut RecordMeta<'_>,
) -> (Document, Option<Level>) {
    date(decoders, log, key, record, meta);
    let mut lent = decoders.lend(&log.format, &[]);
    let document = lent.decoder.document(record, meta).document;
    decoders.take_back(lent);
    let level = log.format.level_field().and_then(|field| document.first(field));
    let level = level.as_ref().and_then(|level| level_of(Value::Tree(level)));
    (document, level)
}

fn projected(
    decoders: &Decoders,
    log: &Log,
    key: &SortKey,
    record: &[u8],
    meta: &mut RecordMeta<'_>,
    fields: &[String],
) -> (Document, Option<Level>) {
    date(decoders, log, key, record, meta);
    let mut names: Vec<Arc<str>> = fields.iter().map(|name| name.as_str().into()).collect();
    names.extend(log.format.level_field().map(Arc::from));
    let mut lent = decoders.lend(&log.format, &names);
    let decoded = lent.decoder.decode(record, meta);
    let mut source = Map::new();
    for (at, name) in fields.iter().enumerate() {
        let value = if name == TIME { key.time.map(Value::Time) } else { decoded.value(at) };
        if let Some(value) = value.and_then(json) {
            source.insert(name.clone(), value);
        }
    }
    let level = if names.len() > fields.len() { decoded.value(fields.len()) } else { None };
    let level = level.and_then(level_of);
    decoders.take_back(lent);
    (Document { source }, level)
}

/// Finds the year of a stamp without year: the one that gives the time that the record has.
fn date(decoders: &Decoders, log: &Log, key: &SortKey, record: &[u8], meta: &mut RecordMeta<'_>) {
    let mut lent = decoders.lend(&log.format, &[TIME.into()]);
    let base = meta.base_year;
    for year in (base - MOST_YEARS..=base).rev() {
        meta.base_year = year;
        let decoded = lent.decoder.decode(record, meta);
        if !decoded.yearless || decoded.time() == key.time {
            break;
        }
    }
    decoders.take_back(lent);
}

/// The most years that a log without years goes back.
const MOST_YEARS: i32 = 60;

/// A value as JSON; `None` for null.
pub(super) fn json(value: Value<'_>) -> Option<Json> {
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
