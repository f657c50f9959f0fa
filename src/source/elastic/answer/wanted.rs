//! What of each document is asked for: all of it, or some fields; where indices keep no documents,
//! what the engine has of them in columns.

use serde_json::{Map, Value as Json, json};

use super::super::session::Session;
use crate::event::ViewField;
use crate::query::aggregate::LEVEL_FIELDS;

/// Columns that are asked for where there are no documents; engines refuse more than 100.
const COLUMNS: usize = 96;

/// Puts into a body what of each document is asked for; no `fields` means all of it.
pub(in super::super) fn wanted(session: &Session, fields: &[String], body: &mut Map<String, Json>) {
    let time = session.time_field();
    let as_millis = time.map(|time| json!({"field": time, "format": "epoch_millis"}));
    let level = LEVEL_FIELDS.iter().find(|level| session.view.field(level).is_some());
    let others = fields.iter().map(String::as_str).filter(|field| Some(*field) != time);
    if session.without_source.is_empty() {
        let level = level.copied().filter(|_| !fields.is_empty());
        let named = others.chain(level).map(|field| json!(field));
        body.insert("_source".to_owned(), json!(fields.is_empty()));
        let in_column = time.and_then(|time| session.view.field(time));
        if in_column.is_some_and(|field| field.aggregatable) {
            // Engines read a column several times as fast as the document around a value.
            body.insert("docvalue_fields".to_owned(), as_millis.into_iter().collect());
            body.insert("fields".to_owned(), named.collect());
        } else {
            body.insert("fields".to_owned(), as_millis.into_iter().chain(named).collect());
        }
        return;
    }
    // `fields` are read from documents, and some engines refuse it where there is none.
    let is_column = |field: &&ViewField| {
        let is_own = Some(field.name.as_str()) != time && !field.name.starts_with('_');
        field.aggregatable && is_own && field.nested_path().is_none()
    };
    // A part of a document cannot be asked for either, so those that there are come whole.
    body.insert("_source".to_owned(), json!(true));
    let columns: Vec<&ViewField> = if fields.is_empty() {
        session.view.fields.iter().filter(is_column).take(COLUMNS).collect()
    } else {
        let named = others.chain(level.copied());
        named.filter_map(|name| session.view.field(name)).filter(is_column).collect()
    };
    let columns = columns.into_iter().map(|field| json!(field.name));
    body.insert("docvalue_fields".to_owned(), as_millis.into_iter().chain(columns).collect());
}
