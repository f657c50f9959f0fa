//! `peavey conformance filter`: a Logstash configuration on events.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::config::escapes;
use crate::event::{Event, Slot, SlotId, Value};
use crate::pipeline::{Config, Ecs, Options, Pipeline, RunContext, Scratch, Years};
use crate::time::{Millis, RoundUp, Zone, elastic};

/// 2024-03-05T06:07:08.090Z
const NOW: Millis = Millis(1_709_618_828_090);

/// Answers `{config, event | events, ecs?, now?, env?}` with `{events}` or `{error}`.
pub(super) fn answer(case: &Json) -> Json {
    run(case)
}

/// Runs a case.
pub(super) fn run(case: &Json) -> Json {
    let text = case["config"].as_str().unwrap_or_default();
    let refused = |findings: Vec<crate::diagnostic::Diagnostic>| {
        let reasons: Vec<_> = findings.iter().map(ToString::to_string).collect();
        json!({ "error": reasons.join("; ") })
    };
    let config = match Config::parse_with(text, escapes(case)) {
        Ok(config) => config,
        Err(findings) => return refused(findings),
    };
    let inputs: Vec<&Json> = match (case.get("event"), case["events"].as_array()) {
        (Some(event), _) => vec![event],
        (None, Some(events)) => events.iter().collect(),
        (None, None) => Vec::new(),
    };
    let mut preset = Vec::new();
    inputs.iter().for_each(|input| leaves(input, "", &mut |name, _| preset.push(name)));
    let environment: BTreeMap<String, String> = case["env"]
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    let options = Options {
        ecs: match case["ecs"].as_str() {
            Some("v1") => Ecs::V1,
            Some("v8") => Ecs::V8,
            _ => Ecs::Disabled,
        },
        years: Years::Logstash,
        preset,
        environment,
        ..Options::default()
    };
    let pipeline = match Pipeline::compile(&config, &options) {
        Ok(pipeline) => pipeline,
        Err(findings) => return refused(findings),
    };
    let now = case["now"].as_str().and_then(instant).unwrap_or(NOW);
    let ctx = RunContext { now, base_year: 2024 };
    let mut scratch = Scratch::default();
    let mut event = Event::new(pipeline.layout().clone());
    let mut events = Vec::new();
    for input in inputs {
        let message = input["message"].as_str().unwrap_or_default();
        pipeline.begin(message.as_bytes(), &mut event);
        event.set(pipeline.slots().message, Slot::Absent);
        fill(&pipeline, &mut event, input, message);
        let outcome = pipeline.run(&ctx, &mut scratch, message.as_bytes(), &mut event);
        if !outcome.dropped {
            events.push(document(&event, message.as_bytes()));
        }
    }
    json!({ "events": events })
}

fn instant(text: &str) -> Option<Millis> {
    let dates = elastic::Dates { now: NOW, zone: Zone::UTC, round_up: RoundUp::No };
    elastic::parse(text, &dates)
}

/// Calls `visit` with each value that is no object, by dotted name.
fn leaves(value: &Json, path: &str, visit: &mut dyn FnMut(String, &Json)) {
    match value {
        Json::Object(object) if path.is_empty() || !object.is_empty() => {
            for (name, value) in object {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(value, &path, visit);
            }
        }
        leaf => visit(path.to_owned(), leaf),
    }
}

fn fill(pipeline: &Pipeline, event: &mut Event, input: &Json, message: &str) {
    let mut values = Vec::new();
    leaves(input, "", &mut |name, value| values.push((name, value.clone())));
    for (name, value) in values {
        let Some(slot) = pipeline.layout().slot(&name) else {
            let path: Vec<&str> = name.split('.').collect();
            put(event.overflow_mut(), &path, value);
            continue;
        };
        match value {
            Json::String(text) if name == "@timestamp" => match instant(&text) {
                Some(at) => event.set(slot, Slot::Time(at)),
                None => event.set_text(slot, text.as_bytes()),
            },
            Json::String(text) if name == "message" && text == message => {
                let span = crate::event::Span { start: 0, end: text.len() as u32 };
                event.set(slot, Slot::Record(span));
            }
            Json::String(text) => event.set_text(slot, text.as_bytes()),
            Json::Null => event.set(slot, Slot::Null),
            Json::Bool(value) => event.set(slot, Slot::Bool(value)),
            Json::Number(number) => event.set(
                slot,
                match (number.as_i64(), number.as_f64()) {
                    (Some(value), _) => Slot::Int(value),
                    (None, value) => Slot::Float(value.unwrap_or_default()),
                },
            ),
            tree => event.set(slot, Slot::Tree(Box::new(tree))),
        }
    }
}

/// The event with its objects nested.
fn document(event: &Event, record: &[u8]) -> Json {
    let mut whole = event.overflow().clone();
    for idx in 0..event.layout().len() {
        let slot = SlotId(idx as u16);
        let Some(value) = event.value(slot, record) else { continue };
        let value = match value {
            Value::Null => Json::Null,
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::Float(value) => value.into(),
            Value::Text(text) => String::from_utf8_lossy(text).into(),
            Value::Time(at) => at.to_string().into(),
            Value::Tree(tree) => tree.clone(),
        };
        let path: Vec<&str> = event.layout().name(slot).split('.').collect();
        put(&mut whole, &path, value);
    }
    Json::Object(whole)
}

fn put(object: &mut Map<String, Json>, path: &[&str], value: Json) {
    match path {
        [] => {}
        [name] => {
            object.insert((*name).to_owned(), value);
        }
        [name, rest @ ..] => {
            let inner = object.entry(*name).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
