//! What becomes of answers of `_field_caps`.

use serde_json::{Value as Json, json};

use super::data_view;
use crate::event::DataView;

fn caps(kind: &str, aggregatable: bool) -> Json {
    json!({kind: {"type": kind, "searchable": true, "aggregatable": aggregatable, "metadata_field": false}})
}

fn view(fields: &Json) -> DataView {
    let answer = json!({"indices": ["a", "b"], "fields": fields});
    data_view("logs-*", answer.to_string().as_bytes()).unwrap().0
}

#[test]
fn fields_get_kibanas_types_and_know_their_parents() {
    let mut both = caps("long", true);
    both["long"]["indices"] = json!(["a"]);
    both["keyword"] =
        json!({"type": "keyword", "searchable": true, "aggregatable": true, "indices": ["b"]});
    let mut rare = caps("keyword", true);
    rare["unmapped"] = json!({"type": "unmapped", "searchable": false, "aggregatable": false});
    let view = view(&json!({
        "@timestamp": caps("date", true), "agent": caps("text", false), "agent.keyword": caps("keyword", true),
        "user": {"nested": {"type": "nested", "searchable": false, "aggregatable": false}}, "user.name": caps("keyword", true),
        "geo": {"object": {"type": "object"}}, "geo.src": caps("keyword", true), "code": both, "rare": rare,
        "labels": caps("flattened", true), "labels.env": caps("keyword", true), "_id": caps("_id", false),
        "_seq_no": {"_seq_no": {"type": "_seq_no", "metadata_field": true}}, "_tier": caps("keyword", true),
    }));
    let names: Vec<&str> = view.fields.iter().map(|field| field.name.as_str()).collect();
    let expected = [
        "@timestamp",
        "_id",
        "agent",
        "agent.keyword",
        "code",
        "geo.src",
        "labels",
        "labels.env",
        "rare",
        "user",
        "user.name",
    ];
    assert_eq!(names, expected);
    let get = |name: &str| view.field(name).unwrap();
    assert_eq!(get("code").kind, "conflict");
    assert_eq!(get("code").es_types, ["keyword", "long"]);
    assert_eq!(get("code").conflict_descriptions["keyword"], ["b"]);
    assert!(!get("code").aggregatable && get("code").searchable);
    assert_eq!(get("agent.keyword").parent(), Some("agent"));
    assert_eq!(get("user.name").nested_path(), Some("user"));
    assert_eq!(get("geo.src").sub_type, None);
    assert_eq!(get("labels.env").sub_type, None);
    assert!(get("rare").aggregatable && !get("agent").aggregatable);
}

#[test]
fn twenty_types_of_one_field_are_a_conflict_and_nothing_worse() {
    let kinds = [
        "text",
        "keyword",
        "wildcard",
        "constant_keyword",
        "version",
        "long",
        "integer",
        "short",
        "byte",
        "double",
        "float",
        "half_float",
        "scaled_float",
        "unsigned_long",
        "date",
        "date_nanos",
        "boolean",
        "ip",
        "geo_point",
        "binary",
        "object",
        "nested",
    ];
    let by_type: serde_json::Map<String, Json> = kinds
        .iter()
        .map(|kind| ((*kind).to_owned(), json!({"type": kind, "indices": [kind]})))
        .collect();
    let view = view(&json!({"wild": by_type, "wild.below": caps("keyword", true)}));
    let field = view.field("wild").unwrap();
    assert_eq!((field.kind.as_str(), field.es_types.len()), ("conflict", kinds.len()));
    assert_eq!(view.field("wild.below").unwrap().nested_path(), Some("wild"));
}

#[test]
fn text_in_one_index_and_keyword_in_another_is_a_string() {
    let mut both = caps("text", false);
    both["keyword"] = json!({"type": "keyword", "searchable": true, "aggregatable": true});
    let view = view(&json!({"message": both}));
    let field = view.field("message").unwrap();
    assert_eq!((field.kind.as_str(), field.aggregatable), ("string", false));
}

#[test]
fn answers_without_fields_and_answers_that_are_none_are_told_apart() {
    assert!(data_view("x", br#"{"indices":[],"fields":{}}"#).unwrap().0.fields.is_empty());
    assert!(data_view("x", b"{}").unwrap().0.fields.is_empty());
    assert!(data_view("x", b"<html>").is_err());
}

/// As Elasticsearch 9.5 answers where a remote cluster is down.
#[test]
fn what_could_not_be_asked_is_told() {
    let answer = br#"{"indices":["logs-b"],"fields":{},"failed_indices":1,"failures":[{"indices":["eu:logs-*"],
        "failure":{"error":{"root_cause":[],"type":"connect_transport_exception","reason":"Unable to connect to [eu]"}}}]}"#;
    let (_, notices) = data_view("x", answer).unwrap();
    assert_eq!(
        notices[0].message,
        "eu:logs-* did not answer and may be missing: Unable to connect to [eu]"
    );
}
