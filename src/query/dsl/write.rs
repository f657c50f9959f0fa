//! Clauses to JSON.

use serde_json::{Map, Value as Json, json};

use crate::query::clause::{Bound, Clause, MatchKind};

/// Writes a clause as Kibana would send it.
///
/// Clauses that hold others are apart from the rest, to keep the stack small where they are deep.
#[must_use]
pub fn to_json(clause: &Clause) -> Json {
    match clause {
        Clause::Bool { .. } => boolean(clause),
        Clause::Combined { .. } => combined(clause),
        Clause::Nested { .. } => nested(clause),
        leaf => to_leaf(leaf),
    }
}

fn object(name: &str, body: Map<String, Json>) -> Json {
    Json::Object(Map::from_iter([(name.to_owned(), Json::Object(body))]))
}

fn boolean(clause: &Clause) -> Json {
    let Clause::Bool { must, filter, should, must_not, minimum_should_match } = clause else {
        return Json::Null;
    };
    let mut body = Map::new();
    // A choice is one even if there is nothing to choose from.
    let is_choice = minimum_should_match.is_some() && must.is_empty() && filter.is_empty();
    for (name, clauses) in [("must", must), ("filter", filter), ("should", should)] {
        if !clauses.is_empty() || (name == "should" && is_choice) {
            body.insert(name.to_owned(), list(clauses));
        }
    }
    // Kibana's `not` has an object for a list.
    match must_not.as_slice() {
        [] => {}
        [one] => drop(body.insert("must_not".to_owned(), to_json(one))),
        several => drop(body.insert("must_not".to_owned(), list(several))),
    }
    if let Some(count) = minimum_should_match {
        body.insert("minimum_should_match".to_owned(), Json::from(*count));
    }
    object("bool", body)
}

fn combined(clause: &Clause) -> Json {
    let Clause::Combined { must, filter, should, must_not } = clause else { return Json::Null };
    let lists = [("must", must), ("filter", filter), ("should", should), ("must_not", must_not)];
    object(
        "bool",
        lists.iter().map(|(name, clauses)| ((*name).to_owned(), list(clauses))).collect(),
    )
}

fn nested(clause: &Clause) -> Json {
    let Clause::Nested { path, query, score_mode, ignore_unmapped } = clause else {
        return Json::Null;
    };
    let mut body = Map::new();
    body.insert("path".to_owned(), Json::from(path.as_str()));
    body.insert("query".to_owned(), to_json(query));
    optional(&mut body, "score_mode", score_mode.as_deref());
    if let Some(ignore) = ignore_unmapped {
        body.insert("ignore_unmapped".to_owned(), Json::from(*ignore));
    }
    object("nested", body)
}

fn to_leaf(clause: &Clause) -> Json {
    match clause {
        Clause::MatchAll => json!({"match_all": {}}),
        Clause::MatchNone => json!({"match_none": {}}),
        Clause::Bool { .. } | Clause::Combined { .. } | Clause::Nested { .. } => to_json(clause),
        Clause::Match { field, value } => json!({"match": one(field, value.clone())}),
        Clause::MatchPhrase { field, value, slop: 0 } => {
            json!({"match_phrase": one(field, value.clone())})
        }
        Clause::MatchPhrase { field, value, slop } => {
            json!({"match_phrase": one(field, json!({"query": value, "slop": slop}))})
        }
        Clause::MultiMatch { fields, value, kind, lenient } => {
            multi_match(fields, value, *kind, *lenient)
        }
        Clause::Term { field, value, case_insensitive } => {
            json!({"term": one(field, cased(value.clone(), *case_insensitive))})
        }
        Clause::Terms { field, values } => json!({"terms": one(field, Json::from(values.clone()))}),
        Clause::Range { field, lower, upper, format, time_zone } => {
            let mut body = Map::new();
            bound(&mut body, lower.as_ref(), ["gt", "gte"]);
            bound(&mut body, upper.as_ref(), ["lt", "lte"]);
            optional(&mut body, "format", format.as_deref());
            optional(&mut body, "time_zone", time_zone.as_deref());
            json!({"range": one(field, Json::Object(body))})
        }
        Clause::Exists { field } => json!({"exists": {"field": field}}),
        Clause::Wildcard { field, pattern, case_insensitive } => {
            json!({"wildcard": one(field, cased(pattern.as_str(), *case_insensitive))})
        }
        Clause::Prefix { field, value, case_insensitive } => {
            json!({"prefix": one(field, cased(value.as_str(), *case_insensitive))})
        }
        Clause::Regexp { field, pattern, case_insensitive } => {
            json!({"regexp": one(field, cased(pattern.as_str(), *case_insensitive))})
        }
        Clause::QueryString { query, fields, analyze_wildcard, time_zone, options } => {
            let mut body = Map::new();
            if !fields.is_empty() {
                body.insert("fields".to_owned(), Json::from(fields.clone()));
            }
            body.insert("query".to_owned(), Json::from(query.as_str()));
            if let Some(analyze) = analyze_wildcard {
                body.insert("analyze_wildcard".to_owned(), Json::from(*analyze));
            }
            body.extend(options.iter().cloned());
            optional(&mut body, "time_zone", time_zone.as_deref());
            object("query_string", body)
        }
        Clause::Ids { values } => json!({"ids": {"values": values}}),
        Clause::RecordContains { text } => record_contains(text),
        Clause::Custom(json) => json.clone(),
    }
}

fn list(clauses: &[Clause]) -> Json {
    clauses.iter().map(to_json).collect()
}

fn one(field: &str, value: Json) -> Json {
    Json::Object(Map::from_iter([(field.to_owned(), value)]))
}

fn cased(value: impl Into<Json>, case_insensitive: Option<bool>) -> Json {
    match case_insensitive {
        Some(insensitive) => json!({"value": value.into(), "case_insensitive": insensitive}),
        None => json!({"value": value.into()}),
    }
}

fn optional(object: &mut Map<String, Json>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), Json::from(value));
    }
}

fn bound(object: &mut Map<String, Json>, bound: Option<&Bound>, names: [&str; 2]) {
    if let Some(bound) = bound {
        object.insert(names[usize::from(bound.inclusive)].to_owned(), bound.value.clone());
    }
}

fn multi_match(fields: &[String], value: &Json, kind: MatchKind, lenient: bool) -> Json {
    let kind = match kind {
        MatchKind::BestFields => "best_fields",
        MatchKind::Phrase => "phrase",
    };
    let mut object = Map::new();
    object.insert("type".to_owned(), Json::from(kind));
    object.insert("query".to_owned(), value.clone());
    if !fields.is_empty() {
        object.insert("fields".to_owned(), Json::from(fields.to_vec()));
    }
    if lenient {
        object.insert("lenient".to_owned(), Json::from(true));
    }
    json!({"multi_match": object})
}

/// The nearest that an index has to "the record contains": the whole record where it is kept, else
/// the words in a row anywhere.
fn record_contains(text: &str) -> Json {
    let mut pattern = String::from("*");
    for c in text.chars() {
        if matches!(c, '*' | '?' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('*');
    json!({"bool": {"should": [
        {"wildcard": {"event.original": {"value": pattern, "case_insensitive": true}}},
        {"multi_match": {"type": "phrase", "query": text, "lenient": true}},
    ], "minimum_should_match": 1}})
}
