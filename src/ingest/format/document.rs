//! Events as JSON documents.

use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use super::decoder::{Decoder, RecordMeta};
use super::file_format::{FileFormat, Shape};
use super::rule::fluentd_head;
use super::schema::{COMPUTED, leaves};
use super::shape::{json as json_shape, logfmt};
use crate::event::{Document, Value};
use crate::time::Millis;

/// A record as a whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Its fields, nested; `@timestamp` first.
    pub document: Document,
    /// Its own time.
    pub time: Option<Millis>,
    /// The index of its format.
    pub format: u8,
    /// Whether it fits a format.
    pub matched: bool,
    /// Its time was read from a stamp without year.
    pub yearless: bool,
}

/// The names of a whole document's fields: those of all mappings but multi-fields and classic
/// names.
fn names(file: &FileFormat) -> Vec<&str> {
    let classic = |name: &str| COMPUTED.iter().any(|row| row.classic && row.name == name);
    let mut names: Vec<&str> = Vec::new();
    for part in &file.parts {
        for (name, field) in &part.mapping.fields {
            let plain = field.parent.is_none() && field.alias_of.is_none() && &**name != "_ignored";
            if plain && (part.own.contains(&**name) || !classic(name)) && !names.contains(&&**name)
            {
                names.push(name);
            }
        }
    }
    names
}

/// A decoder of everything.
pub(super) fn full_decoder(file: &Arc<FileFormat>) -> Decoder {
    Decoder::new(file.clone(), &names(file))
}

/// Decodes a record with a decoder of everything.
pub(super) fn whole(full: &mut Decoder, record: &[u8], meta: &RecordMeta<'_>) -> Whole {
    let file = full.file.clone();
    let names = names(&file);
    let decoded = full.decode(record, meta);
    let part = &file.parts[usize::from(decoded.format)];
    let time = decoded.time().or(meta.inherited.filter(|_| !part.timeless));
    let as_written = if decoded.matched { written(&part.shape, decoded.text()) } else { None };
    let mut source = Map::new();
    if let Some(time) = time {
        source.insert("@timestamp".to_owned(), Json::String(time.to_string()));
    }
    let had_document = as_written.is_some();
    for (name, value) in as_written.into_iter().flatten() {
        if name != "@timestamp" || time.is_none() {
            source.insert(name, value);
        }
    }
    let mut document = Document { source };
    for (index, name) in names.iter().enumerate() {
        // A document's own fields stand there as they were written; its bytes are no field of it.
        let written =
            had_document && part.constant(name).is_none() && document.first(name).is_some();
        let bytes = part.timeless && *name == "event.original";
        if *name == "@timestamp" || written || bytes {
            continue;
        }
        if let Some(value) = decoded.value(index) {
            insert(&mut document.source, name, json(value));
        }
    }
    Whole {
        document,
        time: decoded.time(),
        format: decoded.format,
        matched: decoded.matched,
        yearless: decoded.yearless,
    }
}

/// The fields of a record that is a document, as they stand there.
fn written(shape: &Shape, text: &[u8]) -> Option<Map<String, Json>> {
    match shape {
        Shape::Json => json_shape::document(text),
        Shape::Fluentd => json_shape::document(text.get(fluentd_head(text)?.0..)?),
        Shape::Logfmt => {
            let mut object = Map::new();
            for pair in logfmt::pairs(text).filter(|pair| pair.assigned) {
                let key = String::from_utf8_lossy(logfmt::bytes(text, pair.key)).into_owned();
                let value = logfmt::unescape(logfmt::bytes(text, pair.value));
                object.insert(key, Json::String(String::from_utf8_lossy(&value).into_owned()));
            }
            Some(object)
        }
        _ => None,
    }
}

/// The dotted names of a document's fields.
#[must_use]
pub fn field_names(document: &Document) -> Vec<String> {
    let mut names = Vec::new();
    leaves(&document.source, "", &mut |name, _| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    });
    names
}

/// A value as JSON; times as ISO 8601 in UTC, bytes that are no UTF-8 replaced.
#[must_use]
pub fn json(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(flag),
        Value::Int(number) => Json::from(number),
        Value::Float(number) => Number::from_f64(number).map_or(Json::Null, Json::Number),
        Value::Text(text) => Json::String(String::from_utf8_lossy(text).into_owned()),
        Value::Time(at) => Json::String(at.to_string()),
        Value::Tree(tree) => tree.clone(),
    }
}

/// Puts a value at a dotted name, as nested objects. Where a part of the way is no object, the
/// rest of the name stays dotted beside it, so that nothing is lost.
pub fn insert(object: &mut Map<String, Json>, name: &str, value: Json) {
    if let Some((first, rest)) = name.split_once('.') {
        match object.get_mut(first) {
            Some(Json::Object(inner)) => return insert(inner, rest, value),
            Some(_) => {}
            None => {
                let mut inner = Map::new();
                insert(&mut inner, rest, value);
                object.insert(first.to_owned(), Json::Object(inner));
                return;
            }
        }
    }
    object.insert(name.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_by_name() {
        let mut object = Map::new();
        for (name, value) in [("a.b", 1), ("a.c.d", 2), ("e", 3), ("e.f", 4)] {
            insert(&mut object, name, Json::from(value));
        }
        assert_eq!(Json::Object(object).to_string(), r#"{"a":{"b":1,"c":{"d":2}},"e":3,"e.f":4}"#);
    }
}
