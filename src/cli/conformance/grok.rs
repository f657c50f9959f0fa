//! `peavey conformance grok`: the grok filter alone, on one text.

use serde_json::{Map, Value as Json, json};

use super::filter::run;

/// Answers `{pattern, text, ecs, custom_patterns?, options?}` with `{event}` or `{error}`.
pub(super) fn answer(case: &Json) -> Json {
    let mut options = case["options"].as_object().cloned().unwrap_or_default();
    if !options.contains_key("match") {
        options.insert("match".to_owned(), json!({ "message": case["pattern"] }));
    }
    if let Some(patterns) = case.get("custom_patterns") {
        options.insert("pattern_definitions".to_owned(), patterns.clone());
    }
    let config = format!("filter {{ grok {{ {} }} }}", attributes(&options));
    let event = json!({ "message": case["text"], "@timestamp": "2024-03-05T06:07:08.090Z" });
    let case = json!({ "config": config, "event": event, "ecs": case["ecs"] });
    let mut answer = run(&case);
    match answer["events"].as_array_mut().and_then(Vec::pop) {
        Some(event) => json!({ "event": event }),
        None => answer,
    }
}

/// Options as a configuration writes them.
fn attributes(options: &Map<String, Json>) -> String {
    let pairs = options.iter().map(|(name, value)| format!("{name} => {}", literal(value)));
    pairs.collect::<Vec<_>>().join(" ")
}

fn literal(value: &Json) -> String {
    match value {
        Json::String(text) if text.contains('"') => format!("'{text}'"),
        Json::String(text) => format!("\"{text}\""),
        Json::Array(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{} => {}", literal(&json!(key)), literal(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(" "))
        }
        other => other.to_string(),
    }
}
