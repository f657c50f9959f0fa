//! Fields of each type to their clauses.

use serde_json::{Value as Json, json};

use super::*;
use crate::query::{dsl, kql as language};

fn view() -> DataView {
    let field = |name: &str, kind: &str, es: &str, path: Option<&str>| {
        let sub_type = path.map(|path| json!({"nested": {"path": path}}));
        json!({"name": name, "type": kind, "esTypes": [es], "subType": sub_type})
    };
    let fields = [
        field("bytes", "number", "long", None),
        field("log.level", "string", "keyword", None),
        field("message", "string", "text", None),
        field("@timestamp", "date", "date", None),
        field("took_ms", "number", "double", None),
        field("user.name", "string", "keyword", Some("user")),
    ];
    serde_json::from_value(json!({"id": "v", "fields": fields})).unwrap()
}

fn lowered(text: &str, config: &QueryConfig) -> Result<Json, String> {
    let options = language::Options { leading_wildcards: true, plus: config.kql_plus };
    let ast = language::parse_with(text, options).map_err(|error| error.to_string())?;
    let clause = kql(&ast, Some(&view()), config).map_err(|error| error.to_string())?;
    Ok(dsl::to_json(&clause))
}

fn check(text: &str, expect: &Json) {
    assert_eq!(lowered(text, &QueryConfig::default()).as_ref(), Ok(expect), "{text}");
}

fn any(clause: &Json) -> Json {
    json!({"bool": {"should": [clause], "minimum_should_match": 1}})
}

#[test]
fn each_type_has_its_clause() {
    check("bytes: 5", &any(&json!({"match": {"bytes": "5"}})));
    check("log.level: a", &any(&json!({"term": {"log.level": {"value": "a"}}})));
    check("log.level: a*b", &any(&json!({"wildcard": {"log.level": {"value": "a*b"}}})));
    check("message: \"a b\"", &any(&json!({"match_phrase": {"message": "a b"}})));
    check(
        "message: a-*",
        &any(&json!({"query_string": {"fields": ["message"], "query": "a\\-*"}})),
    );
    check(
        "@timestamp: 2020",
        &any(&json!({"range": {"@timestamp": {"gte": "2020", "lte": "2020"}}})),
    );
    check("bytes >= 5", &any(&json!({"range": {"bytes": {"gte": "5"}}})));
    check("message: *", &any(&json!({"exists": {"field": "message"}})));
    check("*: *", &json!({"match_all": {}}));
}

#[test]
fn groups_are_checked() {
    let inside = any(&json!({"term": {"user.name": {"value": "x"}}}));
    check(
        "user: { name: x }",
        &json!({"nested": {"path": "user", "query": inside, "score_mode": "none"}}),
    );
    let error = lowered("user.name: x", &QueryConfig::default()).unwrap_err();
    assert!(error.starts_with("user.name is a nested field, but is not"), "{error}");
    let ast = language::parse("bytes: 5 and not user.name: x").unwrap();
    let error = kql(&ast, Some(&view()), &QueryConfig::default()).unwrap_err();
    let better = crate::diagnostic::Diagnostic::from(error).replacement;
    assert_eq!(better.as_deref(), Some("bytes: 5 and not user: { name: x }"));
}

#[test]
fn extensions_are_off_unless_asked_for() {
    let plus = QueryConfig { kql_plus: true, ..QueryConfig::default() };
    let check_plus = |text: &str, expect: Json| {
        assert_eq!(lowered(text, &plus).unwrap(), any(&expect), "{text}");
    };
    check("bytes > 10mb", &any(&json!({"range": {"bytes": {"gt": "10mb"}}})));
    check("message: /a.b/", &any(&json!({"match": {"message": "/a.b/"}})));
    check_plus("bytes > 10mb", json!({"range": {"bytes": {"gt": 10_485_760}}}));
    check_plus("took_ms > 1.5s", json!({"range": {"took_ms": {"gt": 1500}}}));
    check_plus("message: /a.{2}(b|c)/ ", json!({"regexp": {"message": {"value": "a.{2}(b|c)"}}}));
    let both = QueryConfig { kql_plus: true, ..QueryConfig::default() };
    let two = lowered("message: /a or message: /b/", &both).unwrap().to_string();
    assert!(two.contains(r#"{"match":{"message":"/a"}}"#) && two.contains("regexp"), "{two}");
    check_plus("message: (/a b/)", json!({"regexp": {"message": {"value": "a b"}}}));
    check_plus("message: /kibana", json!({"match": {"message": "/kibana"}}));
}

#[test]
fn trees_that_are_too_deep_are_refused() {
    let nested = |depth: usize| format!("{}a{}", "(a and (b or ".repeat(depth), "))".repeat(depth));
    assert!(lowered(&nested(100), &QueryConfig::default()).is_ok());
    let error = lowered(&nested(500), &QueryConfig::default()).unwrap_err();
    assert_eq!(error, "the query is nested too deeply");
}
