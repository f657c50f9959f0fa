//! One event on its way through a pipeline, as filters see it.

use std::borrow::Cow;

use serde_json::{Number, Value as Json};

use super::fields::Field;
use super::reference::Reference;
use super::tree;
use super::{Outcome, RunContext, Scratch, Slots};
use crate::event::{Event, Slot, Span, Value};
use crate::time::Millis;

/// The event, the record that it is made from, and what filters need besides.
pub(super) struct State<'a> {
    pub(super) event: &'a mut Event,
    pub(super) record: &'a [u8],
    pub(super) ctx: &'a RunContext,
    pub(super) scratch: &'a mut Scratch,
    pub(super) slots: Slots,
    pub(super) tags_wanted: bool,
    pub(super) outcome: Outcome,
}

/// A field's value: borrowed where it lies in a slot, owned where a path had to be walked.
#[derive(Debug)]
pub(super) enum Got<'a> {
    Value(Value<'a>),
    Tree(Json),
}

impl Got<'_> {
    /// The same as JSON.
    pub(super) fn json(&self) -> Json {
        match self {
            Got::Value(value) => json_of(*value),
            Got::Tree(tree) => tree.clone(),
        }
    }

    /// The text that the value is written as in the middle of other text.
    pub(super) fn text(&self) -> Cow<'_, [u8]> {
        match self {
            Got::Value(Value::Text(text)) => Cow::Borrowed(text),
            Got::Value(Value::Time(at)) => Cow::Owned(at.to_string().into_bytes()),
            Got::Value(value) => Cow::Owned(display(&json_of(*value)).into_bytes()),
            Got::Tree(tree) => Cow::Owned(display(tree).into_bytes()),
        }
    }
}

impl State<'_> {
    /// The value of a field; `None` where there is none.
    pub(super) fn get(&self, field: &Field) -> Option<Got<'_>> {
        match field {
            Field::Slot(slot) => self.event.value(*slot, self.record).map(Got::Value),
            Field::Path(path) => tree::get(self.event, self.record, path.segments()).map(Got::Tree),
        }
    }

    /// Takes a field's value out of the event, as it is.
    pub(super) fn take(&mut self, field: &Field) -> Option<Slot> {
        match field {
            Field::Slot(slot) => {
                let value = self.event.slot(*slot).clone();
                self.event.set(*slot, Slot::Absent);
                (value != Slot::Absent).then_some(value)
            }
            Field::Path(path) => {
                let value = tree::get(self.event, self.record, path.segments())?;
                tree::remove(self.event, path.segments());
                Some(self.stored(value))
            }
        }
    }

    /// Sets a field to what a slot can hold.
    pub(super) fn put(&mut self, field: &Field, value: Slot) {
        match field {
            Field::Slot(slot) => self.event.set(*slot, value),
            Field::Path(path) => {
                let value = self.json_of_slot(&value);
                tree::set(self.event, self.record, path.segments(), value);
            }
        }
    }

    /// Sets a field to a JSON value.
    pub(super) fn set(&mut self, field: &Field, value: Json) {
        match field {
            Field::Slot(slot) => {
                let value = self.stored(value);
                self.event.set(*slot, value);
            }
            Field::Path(path) => tree::set(self.event, self.record, path.segments(), value),
        }
    }

    /// Sets a field to text.
    pub(super) fn set_text(&mut self, field: &Field, text: &[u8]) {
        match field {
            Field::Slot(slot) => self.event.set_text(*slot, text),
            Field::Path(path) => {
                let text = String::from_utf8_lossy(text).into_owned();
                tree::set(self.event, self.record, path.segments(), Json::String(text));
            }
        }
    }

    pub(super) fn remove(&mut self, field: &Field) {
        match field {
            Field::Slot(slot) => self.event.set(*slot, Slot::Absent),
            Field::Path(path) => tree::remove(self.event, path.segments()),
        }
    }

    /// The field of a name that is only known now.
    pub(super) fn field(&self, name: &str) -> Option<Field> {
        let reference = Reference::parse(name)?;
        if !reference.is_indexed()
            && let Some(slot) = self.event.layout().slot(&reference.dotted())
        {
            return Some(Field::Slot(slot));
        }
        Some(Field::Path(reference))
    }

    /// Appends to a field as `add_field` does: a value that is there becomes a list.
    pub(super) fn append(&mut self, field: &Field, value: Json) {
        let joined = match self.get(field).map(|got| got.json()) {
            None | Some(Json::Null) => value,
            Some(Json::Array(mut items)) => {
                items.push(value);
                Json::Array(items)
            }
            Some(before) => Json::Array(vec![before, value]),
        };
        self.set(field, joined);
    }

    /// Tags the event because a filter failed; a tag that is there already is not repeated.
    pub(super) fn fail(&mut self, tag: &str) {
        self.outcome.failed = true;
        self.tag(tag, false);
    }

    /// Tags the event.
    pub(super) fn tag(&mut self, tag: &str, repeat: bool) {
        if !self.tags_wanted {
            return;
        }
        let tags = Field::Slot(self.slots.tags);
        let mut items = match self.get(&tags).map(|got| got.json()) {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(items)) => items,
            Some(one) => vec![one],
        };
        if repeat || !items.iter().any(|item| item.as_str() == Some(tag)) {
            items.push(Json::String(tag.to_owned()));
        }
        self.event.set(self.slots.tags, Slot::Tree(Box::new(Json::Array(items))));
    }

    /// A JSON value as a slot; text goes to the arena.
    fn stored(&mut self, value: Json) -> Slot {
        match value {
            Json::String(text) => Slot::Arena(self.event.store(text.as_bytes())),
            other => tree::slot_of(other),
        }
    }

    pub(super) fn json_of_slot(&self, value: &Slot) -> Json {
        match value {
            Slot::Absent | Slot::Null => Json::Null,
            Slot::Bool(value) => Json::Bool(*value),
            Slot::Int(value) => (*value).into(),
            Slot::Float(value) => float(*value),
            Slot::Time(at) => Json::String(at.to_string()),
            Slot::Tree(tree) => (**tree).clone(),
            Slot::Record(span) => Json::String(lossy(self.record, *span)),
            Slot::Arena(span) => Json::String(lossy(self.event.arena(), *span)),
        }
    }

    /// The instant of the event.
    pub(super) fn timestamp(&self) -> Option<Millis> {
        match self.event.slot(self.slots.timestamp) {
            Slot::Time(at) => Some(*at),
            _ => None,
        }
    }
}

fn lossy(bytes: &[u8], span: Span) -> String {
    let bytes = bytes.get(span.start as usize..span.end as usize).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// A value as JSON; instants as ISO 8601 text.
pub(super) fn json_of(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Int(value) => value.into(),
        Value::Float(value) => float(value),
        Value::Text(text) => Json::String(String::from_utf8_lossy(text).into_owned()),
        Value::Time(at) => Json::String(at.to_string()),
        Value::Tree(tree) => tree.clone(),
    }
}

/// A float as JSON.
pub(super) fn float(value: f64) -> Json {
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

/// How Logstash writes a value in the middle of text.
pub(super) fn display(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Number(number) => display_number(number),
        Json::Array(items) => items.iter().map(display).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Whole numbers exactly, floats as Java writes them.
fn display_number(number: &Number) -> String {
    let Some(value) = number.as_f64().filter(|_| number.is_f64()) else {
        return number.to_string();
    };
    let size = value.abs();
    if value == 0.0 || (1e-3..1e7).contains(&size) {
        let text = value.to_string();
        return if text.contains('.') { text } else { format!("{text}.0") };
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, power)) if !digits.contains('.') => format!("{digits}.0E{power}"),
        _ => text,
    }
}
