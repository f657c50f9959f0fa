//! The shapes of records that are not text patterns: JSON documents, logfmt, CSV rows, plain text.
//!
//! Each reads the bytes of one record into the slots that are wanted and tells whether the record
//! has its shape. Text that stands in the record as it is becomes a span; only what must be
//! unescaped is copied.

pub mod columns;
pub mod csv;
pub mod export;
pub mod json;
pub mod logfmt;
pub mod plain;

use serde_json::Value as Json;

use crate::event::{Event, Slot, SlotId};

/// Puts a value in a slot; a slot that has one already becomes an array of both.
fn put(event: &mut Event, slot: SlotId, value: Slot, text: &[u8]) {
    if *event.slot(slot) == Slot::Absent {
        event.set(slot, value);
        return;
    }
    let first = owned(event, slot, text);
    event.set(slot, value);
    let next = owned(event, slot, text);
    let tree = match first {
        Json::Array(mut items) => {
            items.push(next);
            Json::Array(items)
        }
        first => Json::Array(vec![first, next]),
    };
    event.set(slot, Slot::Tree(Box::new(tree)));
}

/// A slot's value as JSON.
fn owned(event: &Event, slot: SlotId, text: &[u8]) -> Json {
    event.value(slot, text).map_or(Json::Null, super::document::json)
}
