//! What the KQL cases are lowered to is what real engines take; what they refuse, Peavey itself
//! refuses before it is sent, and the reverse.

use std::collections::BTreeMap;
use std::fs;

use peavey::event::{DataView, Mapping};
use peavey::query::Clause;
use peavey::query::dsl;
use peavey::query::evaluate::Moment;
use peavey::time::{Millis, Zone};
use serde_json::{Value as Json, json};

use crate::support::{self, engine::Engine, engine::names};

/// Searches of one `_msearch`, which only this test sends.
const AT_ONCE: usize = 100;

/// An index with the fields of a data view; of a field with two types, the type number `which`.
fn mapping(view: &DataView, which: usize) -> Json {
    let mut mapping = json!({"mappings": {"properties": {}}});
    let nested: Vec<&str> = view.fields.iter().filter_map(|field| field.nested_path()).collect();
    // Sub-fields last: they stand inside their parents.
    let mut fields: Vec<_> = view.fields.iter().collect();
    fields.sort_by_key(|field| field.parent().is_some());
    for field in fields {
        let Some(kind) = field.es_types.get(which).or(field.es_types.first()) else { continue };
        if field.name.starts_with('_') {
            continue;
        }
        let above = field.parent().unwrap_or(&field.name);
        let mut at = &mut mapping["mappings"];
        let mut path = String::new();
        for step in above.split('.') {
            path.push_str(step);
            at = &mut at["properties"][step];
            if nested.contains(&path.as_str()) {
                at["type"] = json!("nested");
            }
            path.push('.');
        }
        if let Some(parent) = field.parent() {
            at = &mut at["fields"][&field.name[parent.len() + 1..]];
        }
        // Types that not every node here has are told apart by nothing that a query can say.
        at["type"] = json!(match kind.as_str() {
            "constant_keyword" | "version" | "wildcard" => "keyword",
            "scaled_float" => "double",
            kind => kind,
        });
    }
    mapping
}

/// A record with a value in each field: what no record has, engines do not look at closely.
fn record(view: &DataView) -> String {
    let mut record = json!({});
    let fields = view.fields.iter().filter(|field| field.parent().is_none());
    for field in fields.filter(|field| !field.name.starts_with('_')) {
        let mut at = &mut record;
        for step in field.name.split('.') {
            at = &mut at[step];
        }
        *at = match field.es_types.first().map_or("", |kind| kind.as_str()) {
            "long" => json!(200),
            "double" | "scaled_float" => json!(1.5),
            "boolean" => json!(true),
            "ip" => json!("10.0.0.1"),
            "geo_point" => json!("41.1,-71.3"),
            kind if kind.starts_with("date") => json!("2025-11-24T00:00:00Z"),
            _ => json!("elastic"),
        };
    }
    record.to_string()
}

/// Levels of objects and arrays. Engines stop at a depth of their own.
fn depth(json: &Json) -> usize {
    match json {
        Json::Array(inner) => inner.iter().map(depth).max().unwrap_or(0) + 1,
        Json::Object(inner) => inner.values().map(depth).max().unwrap_or(0) + 1,
        _ => 0,
    }
}

/// The first reason of an item that was refused; `None` where some index answered.
fn refusal(answer: &Json) -> Option<String> {
    let error = &answer["error"];
    if error.is_null() {
        return None;
    }
    let reason = error["root_cause"][0]["reason"].as_str().or(error["reason"].as_str());
    Some(reason.unwrap_or("no reason").to_owned())
}

/// Whether a clause joins several.
fn is_mixed(clause: &Clause) -> bool {
    match clause {
        Clause::Bool { must, filter, should, must_not, .. } => {
            let all: Vec<&Clause> =
                [must, filter, should, must_not].into_iter().flatten().collect();
            all.len() > 1 || all.iter().any(|clause| is_mixed(clause))
        }
        Clause::Nested { query, .. } => is_mixed(query),
        _ => false,
    }
}

/// The answers to searches of some indices. One that cannot be read at all makes the engine refuse
/// all that were sent with it: then they are sent in halves.
fn answers(engine: &Engine, index: &str, queries: &[&Json]) -> Vec<Json> {
    let mut body = String::new();
    for query in queries {
        let search = json!({"size": 0, "query": query});
        body.push_str(&format!("{}\n{search}\n", json!({"index": index})));
    }
    let (status, answer) = engine.request("POST", "/_msearch", &body);
    match (status, queries) {
        (200, _) => answer["responses"].as_array().unwrap().clone(),
        (_, [_]) => vec![answer],
        (_, _) => {
            let (some, others) = queries.split_at(queries.len() / 2);
            [answers(engine, index, some), answers(engine, index, others)].concat()
        }
    }
}

#[test]
fn what_kql_is_lowered_to_is_accepted_or_refused_alike() {
    let test = "what_kql_is_lowered_to_is_accepted_or_refused_alike";
    let text = fs::read_to_string(support::data("kql/translate.jsonl")).unwrap();
    let mut by_view: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        // Elasticsearch takes a depth of 30 clauses, which are about three levels of JSON each.
        if case["dsl"].is_object() && depth(&case["dsl"]) < 90 {
            let view = case["fields"].as_str().filter(|name| *name != "none").unwrap_or("pt");
            by_view.entry(view.to_owned()).or_default().push(case);
        }
    }
    let moment = Moment { now: Millis(1_763_942_400_000), zone: Zone::UTC };
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let (mut accepted, mut refused, mut masked, mut wrong) = (0, 0, 0, Vec::new());
        for (view_name, cases) in &by_view {
            let path = support::data(&format!("kql/data-views/{view_name}.json"));
            let view: DataView = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            let mappings = [mapping(&view, 0), mapping(&view, 1)];
            for (which, mapping) in mappings.iter().enumerate() {
                let record = [record(&view)];
                engine.fill(&format!("dsl-{view_name}-{which}"), &mapping.to_string(), &record);
            }
            let own = mappings.map(|mapping| Mapping::from_json(&mapping).unwrap());
            for cases in cases.chunks(AT_ONCE) {
                let queries: Vec<&Json> = cases.iter().map(|case| &case["dsl"]).collect();
                let answers = answers(engine, &format!("dsl-{view_name}-*"), &queries);
                for (case, answer) in cases.iter().zip(&answers) {
                    let theirs = refusal(answer);
                    let clause = dsl::from_json(&case["dsl"]);
                    let checks = own.each_ref().map(|mapping| clause.check(mapping, moment));
                    // An index that refuses is a failed shard where another one answers.
                    let ours = checks.iter().all(Result::is_err).then(|| checks[0].clone());
                    accepted += usize::from(theirs.is_none());
                    refused += usize::from(theirs.is_some());
                    // Patterns on places: OpenSearch refuses them, as Peavey does.
                    let is_place = ours.as_ref().is_some_and(|ours| {
                        ours.as_ref().is_err_and(|ours| ours.message.contains("holds places"))
                    });
                    // Beside a condition that nothing meets, an engine does not read the others.
                    if ours.is_some() && theirs.is_none() && (is_place || is_mixed(&clause)) {
                        masked += 1;
                    } else if ours.is_some() != theirs.is_some() {
                        wrong.push(format!(
                            "{view_name} `{}`: {ours:?}, there {theirs:?}",
                            case["q"]
                        ));
                    }
                }
            }
        }
        println!(
            "{name}: {accepted} accepted, {refused} refused, {masked} refused here alone, {} differ",
            wrong.len()
        );
        assert!(masked < 25, "{name}: {masked} are refused here alone");
        assert!(accepted > 500, "{name}: only {accepted} were accepted");
        let shown = wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(wrong.is_empty(), "{name}: {} differ\n{shown}", wrong.len());
    }
}
