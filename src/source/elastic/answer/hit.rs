//! A hit of the wire to a row.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::super::cursor::Place;
use super::super::wire::WireHit;
use crate::event::Document;
use crate::query::aggregate::LEVEL_FIELDS;
use crate::query::{Hit, HitId, Level};
use crate::time::Millis;

/// Makes a row. `time_field` was asked for in `fields` as epoch milliseconds.
pub(in super::super) fn row(hit: WireHit, time_field: Option<&str>) -> Hit {
    let time = time_field.and_then(|field| millis(hit.fields.get(field)?));
    let raw: Option<Arc<[u8]>> =
        hit.source.as_ref().map(|source| Arc::from(source.get().as_bytes()));
    let mut source = match &hit.source {
        Some(text) => serde_json::from_str(text.get()).unwrap_or_default(),
        None => fields_alone(&hit.fields, time_field),
    };
    if !hit.ignored.is_empty() {
        source.insert(
            "_ignored".to_owned(),
            hit.ignored.iter().map(|name| Json::from(name.as_str())).collect(),
        );
    }
    source.insert("_index".to_owned(), Json::from(hit.index.as_str()));
    source.insert("_id".to_owned(), Json::from(hit.id.as_str()));
    let document = Document { source };
    let level = LEVEL_FIELDS.iter().find_map(|field| Level::of(document.first(field)?.as_str()?));
    let id = HitId(format!("{}/{}", hit.index, hit.id).into());
    let place = Place { sort: hit.sort, index: hit.index, id: hit.id, pit: hit.pit };
    Hit {
        id,
        cursor: place.to_cursor(),
        time,
        level,
        document: Arc::new(document),
        raw,
        more_lines: 0,
        provisional: false,
    }
}

/// The document that the `fields` option makes: arrays of one value are that value.
fn fields_alone(fields: &Map<String, Json>, time_field: Option<&str>) -> Map<String, Json> {
    let mut source = Map::new();
    for (name, values) in fields {
        let value = match values.as_array().map(Vec::as_slice) {
            Some([one]) => one.clone(),
            _ => values.clone(),
        };
        let value = match (Some(name.as_str()) == time_field, millis(values)) {
            (true, Some(at)) => Json::from(at.to_string()),
            _ => value,
        };
        source.insert(name.clone(), value);
    }
    source
}

/// The first of the values, in epoch milliseconds.
fn millis(values: &Json) -> Option<Millis> {
    let first = values.get(0)?;
    let number = first.as_i64().or_else(|| first.as_str()?.split('.').next()?.parse().ok())?;
    Some(Millis(number))
}
