//! Labels and stored shapes of pills.

use serde_json::json;

use super::*;

fn check_label(kind: FilterKind, label: &str) {
    assert_eq!(Filter::new(kind.clone()).label(), label);
    assert_eq!(Filter::new(kind).negated().label(), format!("NOT {label}"));
}

fn is(field: &str, value: Json) -> FilterKind {
    FilterKind::Is { field: field.to_owned(), value }
}

#[test]
fn labels_are_kibanas() {
    let field = || "bytes".to_owned();
    check_label(is("response", json!(404)), "response: 404");
    check_label(is("host", json!("a b")), "host: a b");
    check_label(
        FilterKind::IsOneOf { field: field(), values: vec![json!(1), json!("2")] },
        "bytes: is one of 1, 2",
    );
    check_label(FilterKind::Exists { field: field() }, "bytes: exists");
    let between = |from, to| FilterKind::Between { field: field(), from, to };
    check_label(between(Some(json!(1)), Some(json!(2))), "bytes: 1 to 2");
    check_label(between(Some(json!(1)), None), "bytes: ≥ 1");
    check_label(between(None, Some(json!(2))), "bytes: < 2");
    let members = vec![Filter::new(is("a", json!(1))), Filter::new(is("b", json!(true))).negated()];
    check_label(FilterKind::Combined { relation: Relation::Or, members }, "a: 1 OR NOT b: true");
}

#[test]
fn a_stored_pill_is_read_and_written_unchanged() {
    for query in [
        json!({"match_phrase": {"a": "b"}}),
        json!({"exists": {"field": "a"}}),
        json!({"range": {"a": {"gte": 1, "lt": 2}}}),
        json!({"range": {"a": {"gt": 1}}}),
        json!({"script": {"script": "1"}}),
    ] {
        let stored = json!({
            "meta": {"index": "v", "key": "a", "custom": 1, "negate": true, "disabled": false, "alias": null},
            "query": query, "$state": {"store": "globalState"},
        });
        let filter = Filter::from_json(&stored).unwrap();
        assert!(filter.negate && filter.pinned);
        let written = filter.to_json();
        assert_eq!(written["query"], query);
        assert_eq!(written["meta"]["index"], "v");
        assert_eq!(written["meta"]["custom"], 1);
        assert_eq!(Filter::from_json(&written).unwrap(), filter);
    }
}

#[test]
fn every_kind_survives_its_json() {
    let member = Filter::new(is("a", json!(1))).negated();
    for kind in [
        is("a", json!("x")),
        FilterKind::IsOneOf { field: "a".to_owned(), values: vec![json!(1), json!("b")] },
        FilterKind::Exists { field: "a".to_owned() },
        FilterKind::Between { field: "a".to_owned(), from: Some(json!(1)), to: None },
        FilterKind::Contains { text: "a*b".to_owned() },
        FilterKind::Custom { query: json!({"term": {"a": 1}}) },
        FilterKind::Combined { relation: Relation::Or, members: vec![member.clone(), member] },
    ] {
        let filter = Filter { alias: Some("mine".to_owned()), ..Filter::new(kind) };
        assert_eq!(Filter::from_json(&filter.to_json()).unwrap(), filter);
    }
}

#[test]
fn broken_pills_are_no_panic() {
    for json in [json!(null), json!(5), json!([])] {
        assert_eq!(Filter::from_json(&json), None);
    }
    for json in [json!({}), json!({"meta": 5}), json!({"meta": {"type": "combined", "params": 5}})]
    {
        assert!(Filter::from_json(&json).is_some());
    }
}
