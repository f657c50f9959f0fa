//! `{"q", "cursor"}` to `{"suggest"}`: the node at the caret, offsets in UTF-16 units.

use serde_json::{Map, Value as Json, json};

use super::text;
use crate::query::kql::caret::{self, Caret};

pub(super) fn answer(case: &Json) -> Json {
    let (q, cursor) = (text(case, "q"), case.get("cursor").and_then(Json::as_u64).unwrap_or(0));
    let found = byte_of(q, cursor as usize).and_then(|byte| caret::at(q, byte));
    json!({"suggest": found.map(|caret| node(q, caret))})
}

/// The byte of a UTF-16 unit; `None` inside a character and beyond the end.
fn byte_of(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units == unit {
            return Some(byte);
        }
        units += c.len_utf16();
    }
    (units == unit).then_some(text.len())
}

fn node(q: &str, caret: Caret) -> Json {
    let unit_of = |byte: usize| q.get(..byte).map_or(0, |before| before.encode_utf16().count());
    let mut node = Map::new();
    let mut put = |name: &str, value: Json| drop(node.insert(name.to_owned(), value));
    put("type", json!("cursor"));
    put("start", json!(unit_of(caret.span.start)));
    put("end", json!(unit_of(caret.span.end)));
    put("prefix", json!(caret.prefix));
    put("suffix", json!(caret.suffix));
    put("text", json!(caret.text));
    if let Some(field) = &caret.field
        && let Some(value) = field.to_json().get("value")
    {
        put("fieldName", value.clone());
    }
    let kinds: Vec<&str> = caret.kinds.iter().map(|kind| kind.word()).collect();
    put("suggestionTypes", json!(kinds));
    if let Some(path) = caret.nested_path {
        put("nestedPath", json!(path));
    }
    Json::Object(node)
}
