//! Clauses written and read back.

use serde_json::json;

use super::*;
use crate::query::clause::Clause;

#[test]
fn what_is_written_is_read_back() {
    for json in [
        json!({"match_all": {}}),
        json!({"bool": {"filter": [{"exists": {"field": "a"}}]}}),
        json!({"bool": {"must_not": {"match": {"a": null}}}}),
        json!({"bool": {"should": [], "minimum_should_match": 1}}),
        json!({"bool": {"must": [], "filter": [], "should": [], "must_not": []}}),
        json!({"multi_match": {"type": "phrase", "query": "a b", "lenient": true}}),
        json!({"query_string": {"fields": ["a"], "query": "b*"}}),
        json!({"query_string": {"query": "b*", "analyze_wildcard": true, "time_zone": "UTC"}}),
        json!({"range": {"a": {"gt": 1, "lte": "2", "time_zone": "UTC"}}}),
        json!({"term": {"a": {"value": true, "case_insensitive": false}}}),
        json!({"match_phrase": {"a": {"query": "b c", "slop": 2}}}),
        json!({"nested": {"path": "a", "query": {"match": {"a.b": "c"}}, "score_mode": "none"}}),
        json!({"terms": {"a": [1, "b"]}}),
        json!({"ids": {"values": ["1"]}}),
        json!({"regexp": {"a": {"value": "b.*"}}}),
    ] {
        let clause = from_json(&json);
        assert!(!matches!(clause, Clause::Custom(_)), "{json}");
        assert_eq!(to_json(&clause), json);
    }
}

#[test]
fn other_spellings_mean_the_same() {
    for (json, same) in [
        (json!({"term": {"a": 1}}), json!({"term": {"a": {"value": 1}}})),
        (
            json!({"match": {"a": {"query": "b", "type": "phrase"}}}),
            json!({"match_phrase": {"a": "b"}}),
        ),
        (json!({"match_phrase": {"a": {"query": 5}}}), json!({"match_phrase": {"a": 5}})),
        (
            json!({"bool": {"filter": {"exists": {"field": "a"}}}}),
            json!({"bool": {"filter": [{"exists": {"field": "a"}}]}}),
        ),
        (
            json!({"query_string": {"query": "a", "default_field": "b"}}),
            json!({"query_string": {"fields": ["b"], "query": "a"}}),
        ),
    ] {
        assert_eq!(to_json(&from_json(&json)), same);
    }
}

#[test]
fn what_is_not_known_is_carried() {
    for json in [
        json!({"geo_distance": {"distance": "1km", "a": [0, 0]}}),
        json!({"match": {"a": {"query": "b", "fuzziness": 2}}}),
        json!({"script": {"script": "1"}}),
        json!({"range": {"a": {"gt": 1, "gte": 1}}}),
        json!(5),
        json!({}),
    ] {
        assert_eq!(from_json(&json), Clause::Custom(json));
    }
    let inside = json!({"bool": {"filter": [{"script": {"script": "1"}}]}});
    assert_eq!(to_json(&from_json(&inside)), inside);
}
