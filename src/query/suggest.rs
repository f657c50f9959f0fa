//! Suggestions for the query bar: what may be typed at the caret, ready to be put in.
//!
//! In: the text, the caret's byte, the data view; values come from a source. Out: lines with the text
//! that each inserts, the span that it replaces, and where the caret stands then. The place is found
//! by KQL's own grammar, as in Kibana; where a bracket or quote is still open, as if it were closed.

use std::ops::Range;

use serde_json::Value as Json;

use super::kql::caret::{self, Caret, Kind};
use super::kql::{Term, escape_bare, escape_quoted};
use crate::event::{DataView, ViewField};

/// One line of the pop-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: Kind,
    /// The text of the line.
    pub label: String,
    /// More about it: a field's type, what an operator does.
    pub detail: String,
    /// What it inserts.
    pub insert: String,
    /// Bytes of the query that are replaced.
    pub span: Range<usize>,
    /// Where the caret stands afterwards, in bytes from the start of what was inserted.
    pub caret: usize,
}

/// What stands at a byte of a text that is being typed.
#[must_use]
pub fn at(text: &str, byte: usize) -> Option<Caret> {
    if let Some(found) = caret::at(text, byte) {
        return Some(found);
    }
    // Typing goes from left to right: brackets are opened before they are closed.
    let before = text.get(..byte)?;
    let closed = format!("{before}{}", closers(before));
    let mut found = caret::at(&closed, byte)?;
    if found.span.end > byte {
        found.span.end = byte;
        found.suffix.clear();
        before.get(found.span.start..)?.clone_into(&mut found.text);
    }
    Some(found)
}

/// What closes the brackets and the quote that are open at the end of a text.
fn closers(text: &str) -> String {
    let mut open = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for c in text.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => open.push(')'),
            '{' if !quoted => open.push('}'),
            ')' | '}' if !quoted => drop(open.pop()),
            _ => {}
        }
    }
    let quote = quoted.then_some('"');
    quote.into_iter().chain(open.into_iter().rev()).collect()
}

/// Fields, operators and conjunctions that may be typed; values are asked for with [`wanted`].
#[must_use]
pub fn items(caret: &Caret, view: &DataView) -> Vec<Item> {
    let mut items = Vec::new();
    for kind in &caret.kinds {
        match kind {
            Kind::Field => items.extend(fields(caret, view)),
            Kind::Operator => items.extend(operators(caret, view)),
            Kind::Conjunction => items.extend(conjunctions(caret)),
            Kind::Value => {}
        }
    }
    items
}

/// The field whose values are wanted, and the text that they should hold.
#[must_use]
pub fn wanted<'a>(caret: &Caret, view: &'a DataView) -> Option<(&'a ViewField, String)> {
    if !caret.kinds.contains(&Kind::Value) {
        return None;
    }
    let field = field_of(caret, view)?;
    field.aggregatable.then(|| (field, typed(caret)))
}

/// The line of a value.
#[must_use]
pub fn value(caret: &Caret, value: &Json, detail: impl Into<String>) -> Item {
    let (label, insert) = match value {
        Json::String(text) => (text.clone(), format!("\"{}\" ", escape_quoted(text))),
        other => (other.to_string(), format!("{other} ")),
    };
    item(Kind::Value, label, detail.into(), insert, caret.span.clone())
}

fn item(kind: Kind, label: String, detail: String, insert: String, span: Range<usize>) -> Item {
    let caret = insert.len();
    Item { kind, label, detail, insert, span, caret }
}

fn typed(caret: &Caret) -> String {
    let whole = format!("{}{}", caret.prefix, caret.suffix);
    caret::with_plain_stars(whole.trim())
}

fn field_of<'a>(caret: &Caret, view: &'a DataView) -> Option<&'a ViewField> {
    let (Term::Text { text: name, .. } | Term::Wildcard(name)) = caret.field.as_ref()? else {
        return None;
    };
    match &caret.nested_path {
        Some(path) => view.field(&format!("{path}.{name}")),
        None => view.field(name),
    }
}

/// Fields whose names hold what is typed: those that begin with it first, a field before its parts.
fn fields(caret: &Caret, view: &DataView) -> Vec<Item> {
    let sought = typed(caret).to_lowercase();
    let is_inside = |field: &ViewField| match (&caret.nested_path, field.nested_path()) {
        (None, _) => true,
        (Some(group), Some(path)) => path == group || path.starts_with(&format!("{group}.")),
        (Some(_), None) => false,
    };
    let is_part = |name: &str| matches!(name.rsplit_once('.'), Some((_, "keyword" | "raw")));
    let mut found: Vec<(bool, bool, &ViewField)> = view
        .fields
        .iter()
        .filter(|field| field.searchable && is_inside(field))
        .filter_map(|field| {
            let at = field.name.to_lowercase().find(&sought)?;
            Some((at > 0, is_part(&field.name), field))
        })
        .collect();
    found.sort_by(|a, b| (a.0, a.1, &a.2.name).cmp(&(b.0, b.1, &b.2.name)));
    found.into_iter().map(|(_, _, field)| field_item(caret, field)).collect()
}

fn field_item(caret: &Caret, field: &ViewField) -> Item {
    let group = caret.nested_path.as_deref();
    let inner = |name: &str| match group.and_then(|group| name.strip_prefix(group)) {
        Some(rest) => rest.strip_prefix('.').unwrap_or(rest).to_owned(),
        None => name.to_owned(),
    };
    let name = inner(&field.name);
    let path = field.nested_path().map(inner).filter(|path| !path.is_empty());
    let (label, detail) = (field.name.clone(), field.kind.clone());
    let child = path.as_deref().and_then(|path| name.strip_prefix(path)?.strip_prefix('.'));
    if let (Some(child), Some(path)) = (child, &path) {
        let insert = format!("{}:{{ {}  }}", escape_bare(path), escape_bare(child));
        let line = item(Kind::Field, label, detail, insert, caret.span.clone());
        return Item { caret: line.caret - 2, ..line };
    }
    let insert = format!("{} ", escape_bare(&name));
    item(Kind::Field, label, detail, insert, caret.span.clone())
}

/// Operators, once the text is a field's name.
fn operators(caret: &Caret, view: &DataView) -> Vec<Item> {
    let Some(field) = field_of(caret, view) else { return Vec::new() };
    let is_ordered = matches!(
        field.kind.as_str(),
        "number" | "date" | "ip" | "number_range" | "date_range" | "ip_range"
    );
    let all = [
        (": ", "equals some value", true),
        ("<= ", "is less than or equal to some value", is_ordered),
        (">= ", "is greater than or equal to some value", is_ordered),
        ("< ", "is less than some value", is_ordered),
        ("> ", "is greater than some value", is_ordered),
        (": * ", "exists in any form", true),
    ];
    let end = caret.span.end;
    all.into_iter()
        .filter(|(_, _, fits)| *fits)
        .map(|(insert, detail, _)| {
            let label = insert.trim_end().to_owned();
            item(Kind::Operator, label, detail.to_owned(), insert.to_owned(), end..end)
        })
        .collect()
}

/// Conjunctions, once a value is followed by a space.
fn conjunctions(caret: &Caret) -> Vec<Item> {
    if !caret.text.ends_with(' ') {
        return Vec::new();
    }
    let end = caret.span.end;
    [("and ", "requires both to match"), ("or ", "requires one or more to match")]
        .into_iter()
        .map(|(insert, detail)| {
            let label = insert.trim_end().to_owned();
            item(Kind::Conjunction, label, detail.to_owned(), insert.to_owned(), end..end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn view() -> DataView {
        let field = |name: &str, kind: &str, sub_type: Json| {
            json!({"name": name, "type": kind, "searchable": true, "aggregatable": kind != "text",
                "subType": sub_type})
        };
        let user = json!({"nested": {"path": "user"}});
        let fields = [
            field("agent.keyword", "string", json!({"multi": {"parent": "agent"}})),
            field("agent", "text", Json::Null),
            field("bytes", "number", Json::Null),
            field("user.agent", "string", user),
            field("odd name (x)", "string", Json::Null),
        ];
        serde_json::from_value(json!({"fields": fields})).unwrap()
    }

    /// The text with each line put in, the caret as `|`.
    fn check(text: &str, expect: &[&str]) {
        let byte = text.find('|').unwrap();
        let text = text.replace('|', "");
        let lines = at(&text, byte).map(|caret| items(&caret, &view())).unwrap_or_default();
        let accepted = lines.iter().map(|line| {
            let mut after = text.clone();
            after.replace_range(line.span.clone(), &line.insert);
            after.insert(line.span.start + line.caret, '|');
            after
        });
        assert_eq!(accepted.collect::<Vec<_>>(), expect, "{text:?} at {byte}");
    }

    #[test]
    fn fields_are_offered_best_first() {
        check("ag|", &["agent |", "agent.keyword |", "user:{ agent | }"]);
        check("x and (BYT|", &["x and (bytes |"]);
        check("odd|", &[r"odd name \(x\) |"]);
        check("user:{ a|", &["user:{ agent |"]);
    }

    #[test]
    fn operators_follow_a_whole_name_and_conjunctions_a_value() {
        check(
            "bytes|",
            &[
                "bytes |",
                "bytes: |",
                "bytes<= |",
                "bytes>= |",
                "bytes< |",
                "bytes> |",
                "bytes: * |",
            ],
        );
        check("agent.keyword:x |", &["agent.keyword:x and |", "agent.keyword:x or |"]);
        check("bytes > 5|", &[]);
    }

    #[test]
    fn values_are_asked_for_and_quoted() {
        let view = view();
        let caret = at("agent.keyword:Moz|".trim_end_matches('|'), 17).unwrap();
        let (field, text) = wanted(&caret, &view).unwrap();
        assert_eq!((field.name.as_str(), text.as_str()), ("agent.keyword", "Moz"));
        assert_eq!(value(&caret, &json!("a \"b\""), "3").insert, "\"a \\\"b\\\"\" ");
        assert_eq!(value(&caret, &json!(5), "").insert, "5 ");
        let text_field = at("agent:x", 7).unwrap();
        assert_eq!(wanted(&text_field, &view), None);
    }
}
