//! The types of documents' fields, from samples: known names, else Elasticsearch's dynamic rules.
//!
//! What the samples say holds for the whole file. Where they disagree, whole numbers widen to
//! fractions and dates to text; otherwise the first type holds, and values that do not fit are
//! left out when they are met.

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::ecs::{classic, ecs};
use super::fit::{Fit, Fitter, text_number};
use crate::event::{FieldType, MappedField, Mapping, Value};
use crate::ingest::format::stamp::{Clock, Shape};
use crate::time::Zone;

/// More fields than this are not typed (Elasticsearch's own limit is a thousand).
const MOST_FIELDS: usize = 2000;

/// Whether text may turn out to be numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// Text is text, as in JSON.
    AsWritten,
    /// A field whose values all read as numbers, or as booleans, has that type (CSV, logfmt).
    InText,
}

/// What was seen of one field.
#[derive(Debug, Clone)]
struct Seen {
    kind: FieldType,
    /// Values seen, at most some, to try known types with.
    samples: Vec<Json>,
}

/// Watches sample documents and types their fields.
#[derive(Debug, Clone)]
pub struct Typing {
    numbers: Numbers,
    seen: IndexMap<String, Seen>,
}

impl Typing {
    /// Has seen nothing.
    #[must_use]
    pub fn new(numbers: Numbers) -> Self {
        Self { numbers, seen: IndexMap::new() }
    }

    /// Looks at a document.
    pub fn document(&mut self, document: &Map<String, Json>) {
        leaves(document, "", &mut |name, value| self.value(name, value));
    }

    /// Looks at one value of a field.
    pub fn value(&mut self, name: &str, value: &Json) {
        let Some(kind) = self.kind_of(value) else { return };
        if let Some(seen) = self.seen.get_mut(name) {
            seen.kind = widen(seen.kind, kind);
            if seen.samples.len() < 32 {
                seen.samples.push(value.clone());
            }
        } else if self.seen.len() < MOST_FIELDS {
            self.seen.insert(name.to_owned(), Seen { kind, samples: vec![value.clone()] });
        }
    }

    fn kind_of(&self, value: &Json) -> Option<FieldType> {
        Some(match value {
            Json::Bool(_) => FieldType::Boolean,
            Json::Number(number) if number.is_i64() || number.is_u64() => FieldType::Long,
            Json::Number(_) => FieldType::Float,
            Json::String(text) if is_date(text) => FieldType::Date,
            Json::String(text) if self.numbers == Numbers::InText => {
                match text_number(text.as_bytes()) {
                    Some(Value::Int(_)) => FieldType::Long,
                    Some(_) => FieldType::Double,
                    None if matches!(text.as_str(), "true" | "false") => FieldType::Boolean,
                    // Absent, not text.
                    None if text.is_empty() => return None,
                    None => FieldType::Text,
                }
            }
            Json::String(_) => FieldType::Text,
            Json::Null | Json::Array(_) | Json::Object(_) => return None,
        })
    }

    /// The mapping: known names where their type suits the values, else what was seen.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        for (name, seen) in &self.seen {
            let suits = |kind: &FieldType| {
                let fitter = Fitter::new(&MappedField::of(*kind));
                let clock = Clock { zone: Zone::UTC, year: 1970 };
                seen.samples.iter().all(|value| fitter.fit(scalar(value), &clock) != Fit::Ignore)
            };
            if let Some(kind) = ecs(name).filter(suits) {
                mapping.fields.insert(name.as_str().into(), MappedField::of(kind));
            } else if let Some(kind) = classic(name).filter(suits) {
                insert(&mut mapping, name, kind);
            } else {
                insert(&mut mapping, name, seen.kind);
            }
            if let (FieldType::Date, Some(Json::String(text))) = (seen.kind, seen.samples.first())
                && text.contains('/')
                && let Some(field) = mapping.fields.get_mut(name.as_str())
            {
                field.format = Some("yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis".into());
            }
        }
        mapping
    }
}

/// Adds a field; text gets its `.keyword`.
pub fn insert(mapping: &mut Mapping, name: &str, kind: FieldType) {
    mapping.fields.insert(name.into(), MappedField::of(kind));
    if kind == FieldType::Text {
        let keyword = MappedField {
            ignore_above: Some(256),
            parent: Some(name.into()),
            ..MappedField::of(FieldType::Keyword)
        };
        mapping.fields.insert(format!("{name}.keyword").into(), keyword);
    }
}

/// Calls `visit` with each scalar and its dotted name, through objects and arrays.
pub fn leaves(object: &Map<String, Json>, prefix: &str, visit: &mut dyn FnMut(&str, &Json)) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        leaf(&name, value, visit);
    }
}

fn leaf(name: &str, value: &Json, visit: &mut dyn FnMut(&str, &Json)) {
    match value {
        Json::Object(object) => leaves(object, name, visit),
        Json::Array(items) => items.iter().for_each(|item| leaf(name, item, visit)),
        scalar => visit(name, scalar),
    }
}

/// A JSON scalar as a value; arrays and objects as trees.
#[must_use]
pub fn scalar(value: &Json) -> Value<'_> {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::Text(text.as_bytes()),
        tree => Value::Tree(tree),
    }
}

fn widen(first: FieldType, next: FieldType) -> FieldType {
    match (first, next) {
        (FieldType::Long, FieldType::Float | FieldType::Double) => next,
        (FieldType::Date, FieldType::Text) => FieldType::Text,
        _ => first,
    }
}

/// Elasticsearch's date detection: `strict_date_optional_time`, and `yyyy/MM/dd` with an optional
/// time of day.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    if bytes.len() < 10 || !digits(0..4) || !digits(5..7) || !digits(8..10) || bytes[4] != bytes[7]
    {
        return false;
    }
    let clock = Clock { zone: Zone::UTC, year: 1970 };
    let whole = Shape::Iso.read(bytes, &clock).is_some_and(|stamp| stamp.len == bytes.len());
    whole
        && match (bytes[4], bytes.get(10)) {
            (b'-', None | Some(b'T')) => true,
            (b'/', None) => true,
            (b'/', Some(b' ')) => bytes.len() == 19,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(numbers: Numbers, documents: &[Json], expected: &str) {
        let mut typing = Typing::new(numbers);
        for document in documents {
            typing.document(document.as_object().expect("an object"));
        }
        let mapping = typing.mapping();
        let got: Vec<String> =
            mapping.fields.iter().map(|(name, field)| format!("{name} {:?}", field.kind)).collect();
        assert_eq!(got.join(", "), expected);
    }

    #[test]
    fn dynamic_rules() {
        check(
            Numbers::AsWritten,
            &[
                json!({"a": {"b": 1}, "c": [true], "d": "2020-01-01", "e": "x", "n": null}),
                json!({"a.b": 1.5, "d": "later"}),
            ],
            "a.b Float, c Boolean, d Text, d.keyword Keyword, e Text, e.keyword Keyword",
        );
        check(
            Numbers::AsWritten,
            &[json!({"when": "2020/01/01 10:00:00", "other": "2020-01-01 10:00:00"})],
            "when Date, other Text, other.keyword Keyword",
        );
    }

    #[test]
    fn known_names() {
        check(
            Numbers::AsWritten,
            &[
                json!({"log": {"level": "info"}, "message": "hello", "response": 200, "ip": "10.0.0.1", "bytes": "12"}),
            ],
            "log.level Keyword, message Text, response Text, response.keyword Keyword, ip Ip, bytes Long",
        );
        // A known name whose values do not suit is an ordinary field.
        check(Numbers::AsWritten, &[json!({"ip": "none"})], "ip Text, ip.keyword Keyword");
    }

    #[test]
    fn numbers_in_text() {
        check(
            Numbers::InText,
            &[json!({"a": "1", "b": "x", "c": "", "d": "1.5"})],
            "a Long, b Text, b.keyword Keyword, d Double",
        );
        check(Numbers::AsWritten, &[json!({"a": "1"})], "a Text, a.keyword Keyword");
    }
}
