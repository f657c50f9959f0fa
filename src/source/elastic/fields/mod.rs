//! `_field_caps` to a data view, as Kibana reads it.
//!
//! In: the answer's bytes. Out: fields in the order of their names, with Kibana's types, conflicts
//! over indices, multi-fields under their parents. Which of them is the time field is said by
//! [`time`].

mod kind;
pub mod time;
pub mod usable;

use std::collections::BTreeMap;

use crate::event::{DataView, ViewField};
use crate::query::Notice;
use crate::source::elastic::wire::{Caps, CapsFailure, FieldCaps};

pub use kind::kibana_type;

/// Metadata fields that people see; the others are the engine's own.
const KNOWN_META: [&str; 4] = ["_id", "_index", "_source", "_ignored"];

type ByType = BTreeMap<String, Caps>;

/// Builds the data view of a pattern, without a time field, from the answer of
/// `_field_caps?fields=*`; and what to tell of indices that could not be asked.
///
/// # Errors
/// If the answer is no JSON.
pub fn data_view(pattern: &str, answer: &[u8]) -> serde_json::Result<(DataView, Vec<Notice>)> {
    let answer: FieldCaps = serde_json::from_slice(answer)?;
    let fields = answer.fields.iter().filter(|(name, by_type)| is_field(name, by_type));
    let view = DataView {
        id: pattern.to_owned(),
        title: pattern.to_owned(),
        time_field_name: None,
        fields: fields.map(|(name, by_type)| field(name, by_type, &answer.fields)).collect(),
    };
    Ok((view, answer.failures.iter().map(unasked).collect()))
}

/// Indices, or a whole remote cluster, that did not say their fields.
fn unasked(failure: &CapsFailure) -> Notice {
    let reason = failure.failure["error"]["reason"].as_str().unwrap_or("no reason is given");
    let names = &failure.indices;
    let what = match names.as_slice() {
        [one] => one.clone(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        [] => "some indices".to_owned(),
    };
    let message = format!("{what} did not answer and may be missing: {reason}");
    Notice { message, details: names.clone() }
}

/// Objects are no fields to a person, nested ones are; metadata fields are but for a few.
fn is_field(name: &str, by_type: &ByType) -> bool {
    let is_object = by_type.keys().all(|kind| kind == "object" || kind == "unmapped");
    let is_meta = name.starts_with('_') || by_type.values().any(|caps| caps.metadata_field);
    !is_object && (!is_meta || KNOWN_META.contains(&name))
}

fn field(name: &str, by_type: &ByType, all: &BTreeMap<String, ByType>) -> ViewField {
    // Indices in which the field is missing are reported as the type "unmapped".
    let mapped = || by_type.iter().filter(|(kind, _)| *kind != "unmapped");
    let types: Vec<String> = mapped().map(|(kind, _)| kind.clone()).collect();
    let mut kinds: Vec<&str> = types.iter().map(|kind| kibana_type(kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kind = if kinds.len() == 1 { kinds[0] } else { "conflict" };
    let conflicts = (types.len() > 1).then(|| {
        mapped().map(|(kind, caps)| (kind.clone(), caps.indices.clone().unwrap_or_default()))
    });
    ViewField {
        name: name.to_owned(),
        kind: kind.to_owned(),
        // As in Kibana: what one index can search is searched, the others have nothing to find.
        searchable: mapped().any(|(_, caps)| caps.searchable),
        // Engines call places and ranges aggregatable, but count them by cells and bounds alone;
        // and values of different types cannot be counted together.
        aggregatable: mapped().all(|(_, caps)| caps.aggregatable) && has_single_values(kind),
        scripted: false,
        sub_type: sub_type(name, all),
        es_types: types,
        conflict_descriptions: conflicts.into_iter().flatten().collect(),
    }
}

/// Whether the values of a Kibana type can be counted one by one.
fn has_single_values(kind: &str) -> bool {
    !matches!(kind, "conflict" | "geo_point" | "geo_shape" | "histogram")
        && !kind.ends_with("_range")
}

/// Nested path (the longest) and parent of a multi-field, told by the other names.
fn sub_type(name: &str, all: &BTreeMap<String, ByType>) -> Option<serde_json::Value> {
    let last = name.rfind('.')?;
    let mut found = serde_json::Map::new();
    for (at, _) in name.match_indices('.') {
        let above = &name[..at];
        let Some(types) = all.get(above) else { continue };
        if types.contains_key("nested") {
            found.insert("nested".to_owned(), serde_json::json!({"path": above}));
        }
        let is_leaf = !types.contains_key("object") && !types.contains_key("nested");
        // What is below a flattened field is its own, not another way to index it.
        let is_tree = types.keys().any(|kind| kind == "flattened" || kind == "flat_object");
        if is_leaf && !is_tree && at == last {
            found.insert("multi".to_owned(), serde_json::json!({"parent": above}));
        }
    }
    (!found.is_empty()).then_some(serde_json::Value::Object(found))
}

#[cfg(test)]
mod tests;
