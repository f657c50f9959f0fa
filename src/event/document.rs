//! The owned form of an event, for answers: what Elasticsearch calls `_source`.

use serde_json::{Map, Value as Json};

/// A document as JSON; nested objects as written, or dotted names at the top level.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The fields.
    pub source: Map<String, Json>,
}

impl Document {
    /// Calls `visit` with each leaf value of the dotted `path`, through arrays and objects and
    /// through names that contain dots, as Elasticsearch flattens a document.
    pub fn each(&self, path: &str, visit: &mut dyn FnMut(&Json)) {
        each_in(&self.source, path, visit);
    }

    /// The first leaf value of the dotted `path`.
    #[must_use]
    pub fn first(&self, path: &str) -> Option<Json> {
        let mut found = None;
        self.each(path, &mut |value| {
            if found.is_none() {
                found = Some(value.clone());
            }
        });
        found
    }
}

fn each_in(object: &Map<String, Json>, path: &str, visit: &mut dyn FnMut(&Json)) {
    if let Some(value) = object.get(path) {
        each_leaf(value, visit);
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

fn each_leaf(value: &Json, visit: &mut dyn FnMut(&Json)) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| each_leaf(item, visit)),
        Json::Null | Json::Object(_) => {}
        leaf => visit(leaf),
    }
}
