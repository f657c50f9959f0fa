//! How a clause reads a document, whatever the document is: an owned one, or the hot form of an
//! event over its record.
//!
//! In: a dotted field name. Out: its scalar values, one call each. Types nothing, keeps nothing.

use serde_json::{Map, Value as Json};

use crate::event::{Document, Event, Value};

/// Something with fields.
pub trait Fields {
    /// Calls `visit` with each scalar of the dotted `field`: arrays are flattened, and so are
    /// objects and arrays of objects on the way. An object at the end is a [`Value::Tree`].
    fn each(&self, field: &str, visit: &mut dyn FnMut(Value<'_>));

    /// Calls `visit` with each object at `path`; names inside keep their full dotted form.
    fn each_object(&self, path: &str, visit: &mut dyn FnMut(&dyn Fields));
}

impl Fields for Document {
    fn each(&self, field: &str, visit: &mut dyn FnMut(Value<'_>)) {
        each_in(&self.source, field, &mut |value| scalars(value, visit));
    }

    fn each_object(&self, path: &str, visit: &mut dyn FnMut(&dyn Fields)) {
        each_in(&self.source, path, &mut |value| objects(value, path, visit));
    }
}

/// An event with the bytes of its record.
#[derive(Debug, Clone, Copy)]
pub struct EventFields<'a> {
    /// The event.
    pub event: &'a Event,
    /// The bytes that filled it.
    pub record: &'a [u8],
}

impl EventFields<'_> {
    /// Trees found at `path`, in slots (of the path or of a part of it) and in the overflow.
    fn each_tree(&self, path: &str, visit: &mut dyn FnMut(&Json)) {
        let layout = self.event.layout();
        for (at, _) in path.match_indices('.') {
            let slot = layout.slot(&path[..at]);
            if let Some(Value::Tree(tree)) = slot.and_then(|it| self.event.value(it, self.record)) {
                each_under(tree, &path[at + 1..], visit);
            }
        }
        if !self.event.overflow().is_empty() {
            each_in(self.event.overflow(), path, visit);
        }
    }
}

impl Fields for EventFields<'_> {
    fn each(&self, field: &str, visit: &mut dyn FnMut(Value<'_>)) {
        let slot = self.event.layout().slot(field);
        match slot.and_then(|slot| self.event.value(slot, self.record)) {
            Some(Value::Tree(tree)) => scalars(tree, visit),
            Some(Value::Null) | None => {}
            Some(value) => visit(value),
        }
        self.each_tree(field, &mut |value| scalars(value, visit));
    }

    fn each_object(&self, path: &str, visit: &mut dyn FnMut(&dyn Fields)) {
        let slot = self.event.layout().slot(path);
        if let Some(Value::Tree(tree)) = slot.and_then(|slot| self.event.value(slot, self.record)) {
            objects(tree, path, visit);
        }
        self.each_tree(path, &mut |value| objects(value, path, visit));
    }
}

/// One object of a nested field.
struct Inner<'a> {
    path: &'a str,
    object: &'a Map<String, Json>,
}

impl Fields for Inner<'_> {
    fn each(&self, field: &str, visit: &mut dyn FnMut(Value<'_>)) {
        if let Some(rest) = inside(self.path, field) {
            each_in(self.object, rest, &mut |value| scalars(value, visit));
        }
    }

    fn each_object(&self, path: &str, visit: &mut dyn FnMut(&dyn Fields)) {
        if let Some(rest) = inside(self.path, path) {
            each_in(self.object, rest, &mut |value| objects(value, path, visit));
        }
    }
}

fn inside<'a>(path: &str, field: &'a str) -> Option<&'a str> {
    field.strip_prefix(path)?.strip_prefix('.')
}

fn each_in(object: &Map<String, Json>, path: &str, visit: &mut dyn FnMut(&Json)) {
    if let Some(value) = object.get(path) {
        visit(value);
    }
    for (at, _) in path.match_indices('.') {
        if let Some(inner) = object.get(&path[..at]) {
            each_under(inner, &path[at + 1..], visit);
        }
    }
}

fn each_under(value: &Json, path: &str, visit: &mut dyn FnMut(&Json)) {
    match value {
        Json::Object(object) => each_in(object, path, visit),
        Json::Array(items) => items.iter().for_each(|item| each_under(item, path, visit)),
        _ => {}
    }
}

fn objects(value: &Json, path: &str, visit: &mut dyn FnMut(&dyn Fields)) {
    match value {
        Json::Object(object) => visit(&Inner { path, object }),
        Json::Array(items) => items.iter().for_each(|item| objects(item, path, visit)),
        _ => {}
    }
}

/// Calls `visit` with each scalar of a JSON value; objects come as trees, nulls not at all.
pub fn scalars(value: &Json, visit: &mut dyn FnMut(Value<'_>)) {
    match value {
        Json::Null => {}
        Json::Bool(value) => visit(Value::Bool(*value)),
        Json::Number(number) => visit(match number.as_i64() {
            Some(value) => Value::Int(value),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        }),
        Json::String(text) => visit(Value::Text(text.as_bytes())),
        Json::Array(items) => items.iter().for_each(|item| scalars(item, visit)),
        Json::Object(_) => visit(Value::Tree(value)),
    }
}
