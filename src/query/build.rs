//! The whole request from queries and pills, as Kibana's `buildEsQuery` makes it.
//!
//! In: queries in either language, pills, data view, settings. Out: one [`Clause::Combined`].

use serde_json::{Map, Value as Json};

use super::clause::{Bound, Clause};
use super::config::QueryConfig;
use super::dsl;
use super::filter::{Filter, PillSettings};
use super::kql;
use super::lower::{self, Error};
use crate::event::DataView;
use crate::time::TimeRange;

/// A query of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// KQL.
    Kql(String),
    /// Lucene's query string, or query DSL as an object.
    Lucene(Json),
}

/// Builds a request: KQL first, then Lucene, then pills; `match_all` is left out.
///
/// # Errors
/// A query that cannot be parsed or lowered, or a pill whose value does not fit its field.
pub fn request(
    view: Option<&DataView>,
    queries: &[Query],
    filters: &[Filter],
    config: &QueryConfig,
) -> Result<Clause, Error> {
    let (mut must, mut filter, mut must_not) = (Vec::new(), Vec::new(), Vec::new());
    let options =
        kql::Options { leading_wildcards: config.allow_leading_wildcards, plus: config.kql_plus };
    for query in queries {
        if let Query::Kql(text) = query {
            let clause = lower::kql(&kql::parse_with(text, options)?, view, config)?;
            let list = if config.filters_in_must_clause { &mut must } else { &mut filter };
            list.push(clause);
        }
    }
    for query in queries {
        if let Query::Lucene(query) = query {
            must.push(lucene(query, config));
        }
    }
    let pills = PillSettings { view, config };
    let (holding, excluded) = pills.lower(filters)?;
    filter.extend(holding);
    must_not.extend(excluded);
    must.retain(|clause| *clause != Clause::MatchAll);
    filter.retain(|clause| *clause != Clause::MatchAll);
    Ok(Clause::Combined { must, filter, should: Vec::new(), must_not })
}

/// The clause of a time range, as Kibana's time picker adds it.
#[must_use]
pub fn time_range(field: &str, range: TimeRange) -> Clause {
    let bound = |at: Option<crate::time::Millis>| {
        at.map(|at| Bound { value: Json::from(at.to_string()), inclusive: true })
    };
    Clause::Range {
        field: field.to_owned(),
        lower: bound(range.from),
        upper: bound(range.to),
        format: Some("strict_date_optional_time".to_owned()),
        time_zone: None,
    }
}

/// The clause of a Lucene query: a text, or query DSL as an object.
#[must_use]
pub fn lucene(query: &Json, config: &QueryConfig) -> Clause {
    let Json::String(text) = query else {
        return decorated(query, config).unwrap_or_else(|| as_given(query));
    };
    if text.trim().is_empty() {
        return Clause::MatchAll;
    }
    let body = Map::from_iter([("query".to_owned(), Json::from(text.as_str()))]);
    query_string(body, config)
}

/// DSL verbatim; only `match_all` is known, as it is left out.
fn as_given(query: &Json) -> Clause {
    match dsl::from_json(query) {
        Clause::MatchAll => Clause::MatchAll,
        _ => Clause::Custom(query.clone()),
    }
}

/// A `query_string` that is given as an object gets the settings too.
fn decorated(query: &Json, config: &QueryConfig) -> Option<Clause> {
    let body = query.get("query_string")?.as_object()?.clone();
    Some(query_string(body, config))
}

fn query_string(mut body: Map<String, Json>, config: &QueryConfig) -> Clause {
    body.extend(config.query_string_options.clone());
    if let (Some(zone), false) = (config.time_zone(), body.contains_key("time_zone")) {
        body.insert("time_zone".to_owned(), Json::from(zone));
    }
    let json = Json::Object(Map::from_iter([("query_string".to_owned(), Json::Object(body))]));
    match dsl::from_json(&json) {
        clause if dsl::to_json(&clause) == json => clause,
        _ => Clause::Custom(json),
    }
}
