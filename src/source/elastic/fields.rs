//! `_field_caps` to a data view, as Kibana reads it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::event::{DataView, ViewField};

/// Builds the data view of a pattern from the answer of `_field_caps?fields=*`.
#[must_use]
pub fn data_view(pattern: &str, answer: &Json, time_field: Option<&str>) -> DataView {
    let empty = serde_json::Map::new();
    let caps = answer["fields"].as_object().unwrap_or(&empty);
    let mut fields = BTreeMap::new();
    for (name, by_type) in caps {
        let Some(by_type) = by_type.as_object() else { continue };
        // Objects are no fields to a person, nested ones are; metadata fields are but for a few.
        let is_object = by_type.keys().all(|kind| kind == "object");
        let is_meta = by_type.values().any(|caps| caps["metadata_field"] == json!(true));
        let is_known_meta = ["_id", "_index", "_source", "_ignored"].contains(&name.as_str());
        if is_object || ((is_meta || name.starts_with('_')) && !is_known_meta) {
            continue;
        }
        fields.insert(name.clone(), field(name, by_type, caps));
    }
    let has = |name: &str| fields.contains_key(name);
    let time = time_field
        .map(str::to_owned)
        .or_else(|| has("@timestamp").then(|| "@timestamp".to_owned()));
    DataView {
        id: pattern.to_owned(),
        title: pattern.to_owned(),
        time_field_name: time,
        fields: fields.into_values().collect(),
    }
}

fn field(
    name: &str,
    by_type: &serde_json::Map<String, Json>,
    all: &serde_json::Map<String, Json>,
) -> ViewField {
    // Indices in which the field is missing are reported as the type "unmapped".
    let types: Vec<String> = by_type.keys().filter(|kind| *kind != "unmapped").cloned().collect();
    let mut kinds: Vec<&str> = types.iter().map(|kind| kibana_type(kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let every = |key: &str| {
        by_type
            .iter()
            .filter(|(kind, _)| *kind != "unmapped")
            .all(|(_, caps)| caps[key] != json!(false))
    };
    let kind = if kinds.len() == 1 { kinds[0] } else { "conflict" };
    ViewField {
        name: name.to_owned(),
        kind: kind.to_owned(),
        searchable: every("searchable"),
        aggregatable: every("aggregatable") && kind != "conflict",
        scripted: false,
        sub_type: sub_type(name, all),
        es_types: types,
    }
}

/// What Kibana calls an Elasticsearch type.
#[must_use]
pub fn kibana_type(kind: &str) -> &'static str {
    match kind {
        "text" | "keyword" | "wildcard" | "constant_keyword" | "version" | "match_only_text"
        | "_id" | "_index" | "search_as_you_type" | "annotated_text" | "ip_prefix" => "string",
        "long" | "integer" | "short" | "byte" | "double" | "float" | "half_float"
        | "scaled_float" | "unsigned_long" | "token_count" => "number",
        "date" | "date_nanos" => "date",
        "boolean" => "boolean",
        "ip" => "ip",
        "geo_point" => "geo_point",
        "geo_shape" => "geo_shape",
        "nested" => "nested",
        "object" | "flattened" => "object",
        "histogram" => "histogram",
        "integer_range" | "long_range" | "float_range" | "double_range" => "number_range",
        "date_range" => "date_range",
        "ip_range" => "ip_range",
        "binary" => "attachment",
        "_source" => "_source",
        _ => "unknown",
    }
}

/// Nested path (the longest) and parent of a multi-field, told by the other names.
fn sub_type(name: &str, all: &serde_json::Map<String, Json>) -> Option<Json> {
    let mut found = serde_json::Map::new();
    for (at, _) in name.match_indices('.') {
        let above = &name[..at];
        let Some(types) = all.get(above).and_then(Json::as_object) else { continue };
        if types.contains_key("nested") {
            found.insert("nested".to_owned(), json!({"path": above}));
        }
        let is_leaf = !types.contains_key("object") && !types.contains_key("nested");
        if is_leaf && at == name.rfind('.').unwrap_or(0) {
            found.insert("multi".to_owned(), json!({"parent": above}));
        }
    }
    (!found.is_empty()).then_some(Json::Object(found))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::data_view;

    fn caps(kind: &str, aggregatable: bool) -> serde_json::Value {
        json!({kind: {"type": kind, "searchable": true, "aggregatable": aggregatable, "metadata_field": false}})
    }

    #[test]
    fn fields_get_kibanas_types_and_know_their_parents() {
        let mut both = caps("long", true);
        both["keyword"] =
            json!({"type": "keyword", "searchable": true, "aggregatable": true, "indices": ["b"]});
        let mut rare = caps("keyword", true);
        rare["unmapped"] = json!({"type": "unmapped", "searchable": false, "aggregatable": false});
        let answer = json!({"fields": {
            "@timestamp": caps("date", true), "agent": caps("text", false), "agent.keyword": caps("keyword", true),
            "user": {"nested": {"type": "nested", "searchable": false, "aggregatable": false}}, "user.name": caps("keyword", true),
            "geo": {"object": {"type": "object"}}, "geo.src": caps("keyword", true), "code": both, "rare": rare,
            "_seq_no": {"_seq_no": {"type": "_seq_no", "metadata_field": true}},
        }});
        let view = data_view("logs-*", &answer, None);
        assert_eq!(view.time_field_name.as_deref(), Some("@timestamp"));
        let names: Vec<&str> = view.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "@timestamp",
                "agent",
                "agent.keyword",
                "code",
                "geo.src",
                "rare",
                "user",
                "user.name"
            ]
        );
        let get = |name: &str| view.field(name).unwrap();
        assert_eq!(get("code").kind, "conflict");
        assert_eq!(get("code").es_types, ["long", "keyword"]);
        assert_eq!(get("agent.keyword").parent(), Some("agent"));
        assert_eq!(get("user.name").nested_path(), Some("user"));
        assert_eq!(get("geo.src").sub_type, None);
        assert!(get("rare").aggregatable && !get("agent").aggregatable);
    }

    #[test]
    fn ten_thousand_fields_are_read() {
        let fields: serde_json::Map<String, serde_json::Value> =
            (0..10_000).map(|n| (format!("a.b{}.c{n}", n % 100), caps("keyword", true))).collect();
        assert_eq!(data_view("x", &json!({"fields": fields}), None).fields.len(), 10_000);
    }
}
