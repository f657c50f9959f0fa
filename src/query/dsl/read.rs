//! JSON to clauses.

use serde_json::{Map, Value as Json};

use crate::query::clause::{Bound, Clause, MatchKind};

/// Reads query DSL. What is not known, or has options that are not, stays [`Clause::Custom`].
#[must_use]
pub fn from_json(json: &Json) -> Clause {
    read(json, 0).unwrap_or_else(|| Clause::Custom(json.clone()))
}

/// Elasticsearch refuses queries that are deeper by default.
const DEEPEST: usize = 100;

fn read(json: &Json, depth: usize) -> Option<Clause> {
    let (name, body) = single(json.as_object()?)?;
    if depth > DEEPEST {
        return None;
    }
    match name {
        "match_all" => only(body.as_object()?, &[]).then_some(Clause::MatchAll),
        "match_none" => only(body.as_object()?, &[]).then_some(Clause::MatchNone),
        "bool" => boolean(body.as_object()?, depth),
        "match" => matching(body),
        "match_phrase" => phrase(body),
        "multi_match" => multi_match(body.as_object()?),
        "term" => {
            let (field, value, case_insensitive) = cased(body)?;
            Some(Clause::Term { field, value, case_insensitive })
        }
        "terms" => {
            let (field, values) = single(body.as_object()?)?;
            Some(Clause::Terms { field: field.to_owned(), values: values.as_array()?.clone() })
        }
        "range" => range(body),
        "exists" => {
            let body = body.as_object()?;
            let field = text(body.get("field")?)?;
            only(body, &["field"]).then_some(Clause::Exists { field })
        }
        "wildcard" => {
            let (field, pattern, case_insensitive) = cased(body)?;
            Some(Clause::Wildcard { field, pattern: text(&pattern)?, case_insensitive })
        }
        "prefix" => {
            let (field, value, case_insensitive) = cased(body)?;
            Some(Clause::Prefix { field, value: text(&value)?, case_insensitive })
        }
        "regexp" => {
            let (field, pattern, case_insensitive) = cased(body)?;
            Some(Clause::Regexp { field, pattern: text(&pattern)?, case_insensitive })
        }
        "query_string" => query_string(body.as_object()?),
        "nested" => nested(body.as_object()?, depth),
        "ids" => {
            let body = body.as_object()?;
            let values = body.get("values")?.as_array()?.iter().map(text).collect::<Option<_>>()?;
            only(body, &["values"]).then_some(Clause::Ids { values })
        }
        _ => None,
    }
}

/// The one entry of an object.
fn single(object: &Map<String, Json>) -> Option<(&str, &Json)> {
    let (name, value) = object.iter().next()?;
    (object.len() == 1).then_some((name.as_str(), value))
}

/// Whether an object has no other entries.
fn only(object: &Map<String, Json>, names: &[&str]) -> bool {
    object.keys().all(|name| names.contains(&name.as_str()))
}

fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

/// An entry of a type that is not known.
struct Unread;

/// An entry that may be missing, but may not be of another type.
fn maybe<T>(value: Option<&Json>, read: impl Fn(&Json) -> Option<T>) -> Result<Option<T>, Unread> {
    value.map(|value| read(value).ok_or(Unread)).transpose()
}

fn boolean(body: &Map<String, Json>, depth: usize) -> Option<Clause> {
    let lists = ["must", "filter", "should", "must_not"];
    // A list may be a single clause.
    let clauses = |name: &str| -> Option<Vec<Clause>> {
        let inner =
            |json: &Json| read(json, depth + 1).unwrap_or_else(|| Clause::Custom(json.clone()));
        Some(match body.get(name) {
            None => Vec::new(),
            Some(Json::Array(items)) => items.iter().map(inner).collect(),
            Some(one @ Json::Object(_)) => vec![inner(one)],
            Some(_) => return None,
        })
    };
    let (must, filter) = (clauses("must")?, clauses("filter")?);
    let (should, must_not) = (clauses("should")?, clauses("must_not")?);
    if only(body, &lists) && lists.iter().all(|name| body.get(*name).is_some_and(Json::is_array)) {
        return Some(Clause::Combined { must, filter, should, must_not });
    }
    let count = |value: &Json| match value {
        Json::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|count| u32::try_from(count).ok()),
    };
    let minimum_should_match = maybe(body.get("minimum_should_match"), count).ok()?;
    let known = ["must", "filter", "should", "must_not", "minimum_should_match", "boost"];
    only(body, &known).then_some(Clause::Bool {
        must,
        filter,
        should,
        must_not,
        minimum_should_match,
    })
}

/// `{field: value}` or `{field: {query: value}}`.
fn matching(body: &Json) -> Option<Clause> {
    let (field, value) = single(body.as_object()?)?;
    let field = field.to_owned();
    let Some(options) = value.as_object() else {
        return Some(Clause::Match { field, value: value.clone() });
    };
    let value = options.get("query")?.clone();
    if options.get("type").and_then(Json::as_str) == Some("phrase") {
        let known = only(options, &["query", "type"]);
        return known.then_some(Clause::MatchPhrase { field, value, slop: 0 });
    }
    only(options, &["query", "boost"]).then_some(Clause::Match { field, value })
}

fn phrase(body: &Json) -> Option<Clause> {
    let (field, value) = single(body.as_object()?)?;
    let field = field.to_owned();
    let Some(options) = value.as_object() else {
        return Some(Clause::MatchPhrase { field, value: value.clone(), slop: 0 });
    };
    let value = options.get("query")?.clone();
    let slop = maybe(options.get("slop"), Json::as_u64).ok()?.unwrap_or(0);
    let slop = u32::try_from(slop).ok()?;
    only(options, &["query", "slop", "boost"]).then_some(Clause::MatchPhrase { field, value, slop })
}

fn multi_match(body: &Map<String, Json>) -> Option<Clause> {
    let kind = match body.get("type").map(Json::as_str) {
        None | Some(Some("best_fields")) => MatchKind::BestFields,
        Some(Some("phrase")) => MatchKind::Phrase,
        Some(_) => return None,
    };
    let texts = |json: &Json| json.as_array()?.iter().map(text).collect::<Option<Vec<_>>>();
    let fields = maybe(body.get("fields"), texts).ok()?.unwrap_or_default();
    let lenient = maybe(body.get("lenient"), Json::as_bool).ok()?.unwrap_or(false);
    let value = body.get("query")?.clone();
    let known = only(body, &["type", "query", "fields", "lenient"]);
    known.then_some(Clause::MultiMatch { fields, value, kind, lenient })
}

/// `{field: value}` or `{field: {value, case_insensitive}}`.
fn cased(body: &Json) -> Option<(String, Json, Option<bool>)> {
    let (field, value) = single(body.as_object()?)?;
    let Some(options) = value.as_object() else {
        return Some((field.to_owned(), value.clone(), None));
    };
    let case_insensitive = maybe(options.get("case_insensitive"), Json::as_bool).ok()?;
    let value = options.get("value")?.clone();
    let known = only(options, &["value", "case_insensitive", "boost"]);
    known.then_some((field.to_owned(), value, case_insensitive))
}

fn range(body: &Json) -> Option<Clause> {
    let (field, options) = single(body.as_object()?)?;
    let options = options.as_object()?;
    let bound = |inclusive: &str, exclusive: &str| {
        let (value, is_inclusive) = match (options.get(inclusive), options.get(exclusive)) {
            (None, None) => return Ok(None),
            (Some(value), None) => (value.clone(), true),
            (None, Some(value)) => (value.clone(), false),
            (Some(_), Some(_)) => return Err(Unread),
        };
        Ok(Some(Bound { value, inclusive: is_inclusive }))
    };
    let (lower, upper) = (bound("gte", "gt").ok()?, bound("lte", "lt").ok()?);
    let format = maybe(options.get("format"), text).ok()?;
    let time_zone = maybe(options.get("time_zone"), text).ok()?;
    let field = field.to_owned();
    let known = only(options, &["gte", "gt", "lte", "lt", "format", "time_zone", "boost"]);
    known.then_some(Clause::Range { field, lower, upper, format, time_zone })
}

fn query_string(body: &Map<String, Json>) -> Option<Clause> {
    let texts = |json: &Json| json.as_array()?.iter().map(text).collect::<Option<Vec<_>>>();
    let default_field = maybe(body.get("default_field"), text).ok()?;
    let fields = maybe(body.get("fields"), texts).ok()?;
    let fields = fields.unwrap_or_else(|| default_field.into_iter().collect());
    let typed = ["query", "fields", "default_field", "analyze_wildcard", "time_zone"];
    let others = body.iter().filter(|(name, _)| !typed.contains(&name.as_str()));
    Some(Clause::QueryString {
        query: text(body.get("query")?)?,
        fields,
        analyze_wildcard: maybe(body.get("analyze_wildcard"), Json::as_bool).ok()?,
        time_zone: maybe(body.get("time_zone"), text).ok()?,
        options: others.map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

fn nested(body: &Map<String, Json>, depth: usize) -> Option<Clause> {
    let query = body.get("query")?;
    let inner = read(query, depth + 1).unwrap_or_else(|| Clause::Custom(query.clone()));
    let known = only(body, &["path", "query", "score_mode", "ignore_unmapped"]);
    known.then_some(Clause::Nested {
        path: text(body.get("path")?)?,
        query: Box::new(inner),
        score_mode: maybe(body.get("score_mode"), text).ok()?,
        ignore_unmapped: maybe(body.get("ignore_unmapped"), Json::as_bool).ok()?,
    })
}
