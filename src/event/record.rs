//! The hot form of an event: a table of slots over the bytes of one record.
//!
//! A value is a span of the record (never copied), a span of the event's own arena (decoded or
//! computed text), a scalar, or a tree. Fields with names that no slot has go to the overflow.
//! `clear` keeps the memory, so that a million records cost no allocation.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::layout::{Layout, SlotId};
use super::value::Value;
use crate::time::Millis;

/// A range of bytes, of the record or of the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// What a slot holds. `Tree`s are boxed so that a slot stays at sixteen bytes.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Slot {
    /// No value.
    #[default]
    Absent,
    /// JSON null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A fractional number.
    Float(f64),
    /// Text of the record, as it stands there.
    Record(Span),
    /// Text of the event's arena.
    Arena(Span),
    /// An instant.
    Time(Millis),
    /// An array or object.
    Tree(Box<Json>),
}

/// One event over one record's bytes. The bytes are passed to each reading call, so that the
/// event can be reused.
#[derive(Debug, Clone)]
pub struct Event {
    layout: Arc<Layout>,
    slots: Vec<Slot>,
    arena: Vec<u8>,
    overflow: Map<String, Json>,
}

impl Event {
    /// An empty event with the slots of `layout`.
    #[must_use]
    pub fn new(layout: Arc<Layout>) -> Self {
        let slots = vec![Slot::Absent; layout.len()];
        Self { layout, slots, arena: Vec::new(), overflow: Map::new() }
    }

    /// Empties the event and keeps its memory.
    pub fn clear(&mut self) {
        self.slots.fill(Slot::Absent);
        self.arena.clear();
        if !self.overflow.is_empty() {
            self.overflow.clear();
        }
    }

    /// The names of the slots.
    #[must_use]
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// What a slot holds. Slots of another layout read as absent.
    #[must_use]
    pub fn slot(&self, slot: SlotId) -> &Slot {
        self.slots.get(usize::from(slot.0)).unwrap_or(&Slot::Absent)
    }

    /// Replaces what a slot holds.
    pub fn set(&mut self, slot: SlotId, value: Slot) {
        if let Some(place) = self.slots.get_mut(usize::from(slot.0)) {
            *place = value;
        }
    }

    /// Copies text into the arena and puts it in a slot.
    pub fn set_text(&mut self, slot: SlotId, text: &[u8]) {
        let span = self.store(text);
        self.set(slot, Slot::Arena(span));
    }

    /// Copies text into the arena.
    pub fn store(&mut self, text: &[u8]) -> Span {
        let start = self.arena.len() as u32;
        self.arena.extend_from_slice(text);
        Span { start, end: self.arena.len() as u32 }
    }

    /// The bytes that `Slot::Arena` spans are of.
    #[must_use]
    pub fn arena(&self) -> &[u8] {
        &self.arena
    }

    /// The value in a slot; `None` if absent. `record` must be the bytes that filled the event.
    #[must_use]
    pub fn value<'a>(&'a self, slot: SlotId, record: &'a [u8]) -> Option<Value<'a>> {
        let text = |bytes: &'a [u8], span: &Span| {
            bytes.get(span.start as usize..span.end as usize).unwrap_or_default()
        };
        Some(match self.slot(slot) {
            Slot::Absent => return None,
            Slot::Null => Value::Null,
            Slot::Bool(value) => Value::Bool(*value),
            Slot::Int(value) => Value::Int(*value),
            Slot::Float(value) => Value::Float(*value),
            Slot::Record(span) => Value::Text(text(record, span)),
            Slot::Arena(span) => Value::Text(text(&self.arena, span)),
            Slot::Time(at) => Value::Time(*at),
            Slot::Tree(tree) => Value::Tree(tree),
        })
    }

    /// Fields that no slot has: top-level name to value (objects nested as Logstash nests them).
    #[must_use]
    pub fn overflow(&self) -> &Map<String, Json> {
        &self.overflow
    }

    /// The same, to change.
    pub fn overflow_mut(&mut self) -> &mut Map<String, Json> {
        &mut self.overflow
    }
}
