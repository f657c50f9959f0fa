//! Top values of a field: a terms aggregation, or, where the field cannot be counted, the newest hits.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::super::error::Error;
use super::super::session::Session;
use super::{page, trouble};
use crate::query::{Facet, FacetRequest, FacetValue, Search, Warning};

/// Up to so many distinct values are counted nearly exactly.
const PRECISION: u64 = 3000;
/// More distinct values than this may be off by one even so, where not all of them are listed.
const SURE: u64 = 100;
/// Values asked for where all are wanted (the engines' own limit).
const ALL: usize = 65_535;
/// Hits that are looked at where a field cannot be counted.
const SAMPLE: usize = 500;

/// Answers the top values of a field.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn facet(
    session: &Session,
    search: &Search,
    request: &FacetRequest,
) -> Result<(Facet, Vec<Warning>), Error> {
    let field = session.countable(&request.field);
    if session.view.field(&field).is_some_and(|field| !field.aggregatable) {
        return sampled(session, search, request).await;
    }
    let size = if request.size == 0 { ALL } else { request.size };
    // Enough from each shard that small fields are exact and large ones nearly so.
    let shard_size = (size * 3 / 2 + 100).min(ALL).max(size);
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(0));
    body.insert("track_total_hits".to_owned(), json!(true));
    body.insert(
        "aggs".to_owned(),
        json!({
            "top": {"terms": {"field": field, "size": size, "shard_size": shard_size}},
            "missing": {"missing": {"field": field}},
            "distinct": {"cardinality": {"field": field, "precision_threshold": PRECISION}},
        }),
    );
    let answer = session.search(body).await?;
    let warnings = trouble::warnings(&answer);
    let aggregation = |name: &str| answer.aggregations.get(name).cloned().unwrap_or_default();
    let top = aggregation("top");
    let values: Vec<FacetValue> =
        top["buckets"].as_array().into_iter().flatten().filter_map(value).collect();
    let other = top["sum_other_doc_count"].as_u64().unwrap_or(0);
    let error = top["doc_count_error_upper_bound"].as_u64().unwrap_or(0);
    let listed = values.len() as u64;
    let is_whole = other == 0 && error == 0 && values.len() < size;
    let estimate = aggregation("distinct")["value"].as_u64().unwrap_or(0).max(listed);
    let distinct = if is_whole { listed } else { estimate };
    let facet = Facet {
        field: request.field.clone(),
        other,
        missing: aggregation("missing")["doc_count"].as_u64().unwrap_or(0),
        distinct,
        hits: answer.hits.total.as_ref().map_or(0, |total| total.value),
        error,
        distinct_estimated: !is_whole && distinct > SURE,
        values,
    };
    Ok((facet, warnings))
}

/// A bucket's value with its type, and as shown.
fn value(bucket: &Json) -> Option<FacetValue> {
    let key = &bucket["key"];
    let count = bucket["doc_count"].as_u64()?;
    let shown = bucket["key_as_string"].as_str();
    let (value, label) = match (key, shown) {
        (Json::Number(_), Some(word @ ("true" | "false"))) => {
            (Json::Bool(word == "true"), word.to_owned())
        }
        (Json::Number(_), Some(text)) => (json!(text), text.to_owned()),
        (Json::String(text), _) => (key.clone(), text.clone()),
        (other, _) => (other.clone(), other.to_string()),
    };
    Some(FacetValue { value: Some(value), label, count })
}

/// The values among the first hits, said to be so.
async fn sampled(
    session: &Session,
    search: &Search,
    request: &FacetRequest,
) -> Result<(Facet, Vec<Warning>), Error> {
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(SAMPLE));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert("_source".to_owned(), json!(false));
    body.insert("fields".to_owned(), json!([request.field]));
    session.settle().await;
    body.insert("sort".to_owned(), page::sort(session, search, false));
    let answer = session.search_in_pit(body).await?;
    let mut warnings = trouble::warnings(&answer);
    let mut counts: HashMap<String, u64> = HashMap::new();
    let (mut missing, hits) = (0, answer.hits.hits.len() as u64);
    for hit in &answer.hits.hits {
        let mut values: Vec<String> = hit
            .fields
            .get(&request.field)
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .map(|value| match value {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        missing += u64::from(values.is_empty());
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let distinct = counts.len() as u64;
    let listed = if request.size == 0 { counts.len() } else { request.size.min(counts.len()) };
    let other = counts[listed..].iter().map(|(_, count)| count).sum();
    let values = counts.into_iter().take(listed).map(|(label, count)| FacetValue {
        value: Some(json!(label)),
        label,
        count,
    });
    warnings.push(Warning::approximate(format!(
        "{} cannot be counted by the engine; these are the values of {hits} hits",
        request.field
    )));
    let facet = Facet {
        field: request.field.clone(),
        values: values.collect(),
        other,
        missing,
        distinct,
        hits,
        error: 0,
        distinct_estimated: true,
    };
    Ok((facet, warnings))
}
