//! Total and histogram, with a breakdown by filters, so that every bar counts the same series.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::super::error::Error;
use super::super::fields::usable;
use super::super::session::Session;
use super::{facet, trouble};
use crate::query::{
    Breakdown, Bucket, Clause, FacetRequest, FacetValue, Histogram, HistogramRequest, Interval,
    Level, Search, Total, Warning,
};
use crate::time::interval::{floor, next};
use crate::time::{Millis, TimeRange};

/// Most bars that are filled in between counted ones; where more would be needed, none is.
const MOST_BUCKETS: usize = 20_000;
/// Most values of a level field that are shown apart.
const MOST_LEVELS: usize = 12;

/// Answers the number of hits, exactly.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn total(
    session: &Session,
    search: &Search,
) -> Result<(Total, Vec<Warning>), Error> {
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(0));
    body.insert("track_total_hits".to_owned(), json!(true));
    let answer = session.search(body).await?;
    let hits = answer.hits.total.as_ref().map_or(0, |total| total.value);
    let mut warnings = trouble::warnings(&answer);
    warnings.extend(usable::unsearchable(&session.view, &search.clause));
    Ok((Total { hits, of: session.records(), without_time: 0 }, warnings))
}

/// Answers a histogram.
///
/// # Errors
/// If the engine does not answer, or refuses, or the view has no time field.
pub(in super::super) async fn histogram(
    session: &Session,
    search: &Search,
    request: &HistogramRequest,
) -> Result<(Histogram, Vec<Warning>), Error> {
    let Some(time) = session.time_field() else {
        return Err(Error::Settings("the data view has no time field".to_owned()));
    };
    let interval = match request.interval {
        Interval::Auto { buckets } => {
            let span = span(session, search, time).await?;
            let Some((first, last)) = span else {
                return Ok((
                    Histogram {
                        interval: Interval::Fixed { millis: 60_000 },
                        series: Vec::new(),
                        buckets: Vec::new(),
                    },
                    Vec::new(),
                ));
            };
            Interval::fit(first, last, buckets)
        }
        chosen => chosen,
    };
    let series = match &request.by {
        Some(by) => series(session, search, by).await?,
        None => Vec::new(),
    };
    let mut bars = json!({"date_histogram": {"field": time, "min_doc_count": 1, "time_zone": Session::zone(search)}});
    let (key, width) = width(interval);
    bars["date_histogram"][key] = width;
    if !series.is_empty() {
        let filters: Map<String, Json> = series
            .iter()
            .enumerate()
            .map(|(at, series)| (at.to_string(), series.filter.clone()))
            .collect();
        bars["aggs"] = json!({"by": {"filters": {"filters": filters}}});
    }
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(0));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert("aggs".to_owned(), json!({"bars": bars}));
    let answer = session.search(body).await?;
    let warnings = trouble::warnings(&answer);
    let none = Vec::new();
    let counted = answer
        .aggregations
        .get("bars")
        .and_then(|bars| bars["buckets"].as_array())
        .unwrap_or(&none);
    let buckets = counted.iter().filter_map(|bucket| {
        let by = (0..series.len())
            .map(|at| bucket["by"]["buckets"][at.to_string()]["doc_count"].as_u64().unwrap_or(0));
        Some(Bucket {
            start: Millis(bucket["key"].as_f64()? as i64),
            count: bucket["doc_count"].as_u64()?,
            by: by.collect(),
        })
    });
    let buckets = filled(buckets.collect(), interval, search, series.len());
    Ok((assembled(interval, &series, buckets), warnings))
}

/// Sums the series and leaves out those that count nothing.
fn assembled(interval: Interval, series: &[Series], mut buckets: Vec<Bucket>) -> Histogram {
    let sum = |at: usize, buckets: &[Bucket]| {
        buckets.iter().filter_map(|bucket| bucket.by.get(at)).sum::<u64>()
    };
    let kept: Vec<usize> = (0..series.len()).filter(|at| sum(*at, &buckets) > 0).collect();
    let named = kept.iter().map(|at| FacetValue {
        value: series[*at].value.clone(),
        label: series[*at].label.clone(),
        count: sum(*at, &buckets),
    });
    let named = named.collect();
    for bucket in &mut buckets {
        bucket.by = kept.iter().filter_map(|at| bucket.by.get(*at).copied()).collect();
    }
    Histogram { interval, series: named, buckets }
}

/// Puts the empty bars between the counted ones, and out to the ends of a closed range.
fn filled(counted: Vec<Bucket>, interval: Interval, search: &Search, series: usize) -> Vec<Bucket> {
    let edge = |at: Option<Millis>| at.map(|at| floor(interval, search.zone, at));
    let ends = edge(search.range.from)
        .zip(edge(search.range.to))
        .or_else(|| counted.first().zip(counted.last()).map(|(a, b)| (a.start, b.start)));
    let Some((first, last)) = ends else { return counted };
    let mut starts = Vec::new();
    let mut start = first;
    while start <= last {
        if starts.len() >= MOST_BUCKETS {
            return counted;
        }
        starts.push(start);
        start = next(interval, search.zone, start).max(Millis(start.0 + 1));
    }
    let mut buckets: BTreeMap<i64, Bucket> = starts
        .into_iter()
        .map(|start| (start.0, Bucket { start, count: 0, by: vec![0; series] }))
        .collect();
    buckets.extend(counted.into_iter().map(|bucket| (bucket.start.0, bucket)));
    buckets.into_values().collect()
}

/// First and last instant of the hits, or the ends of a closed range.
async fn span(
    session: &Session,
    search: &Search,
    time: &str,
) -> Result<Option<(Millis, Millis)>, Error> {
    if let TimeRange { from: Some(from), to: Some(to) } = search.range {
        return Ok(Some((from, to)));
    }
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(0));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert(
        "aggs".to_owned(),
        json!({"first": {"min": {"field": time}}, "last": {"max": {"field": time}}}),
    );
    let answer = session.search(body).await?;
    let end = |name: &str| Some(Millis(answer.aggregations.get(name)?["value"].as_f64()? as i64));
    Ok(end("first")
        .zip(end("last"))
        .map(|(first, last)| (search.range.from.unwrap_or(first), search.range.to.unwrap_or(last))))
}

fn width(interval: Interval) -> (&'static str, Json) {
    match interval {
        Interval::Auto { .. } => ("fixed_interval", json!("1m")),
        Interval::Fixed { millis } => ("fixed_interval", json!(format!("{millis}ms"))),
        Interval::Day => ("calendar_interval", json!("1d")),
        Interval::Week => ("calendar_interval", json!("1w")),
        Interval::Month => ("calendar_interval", json!("1M")),
        Interval::Year => ("calendar_interval", json!("1y")),
    }
}

/// One series: its name and the documents that it counts.
struct Series {
    value: Option<Json>,
    label: String,
    filter: Json,
}

async fn series(session: &Session, search: &Search, by: &Breakdown) -> Result<Vec<Series>, Error> {
    let (field, mut found) = match by {
        Breakdown::StatusClass { field } => {
            (session.countable(field), status_classes(session, field))
        }
        Breakdown::Values { field, top } => {
            (session.countable(field), top_values(session, search, field, *top).await?)
        }
        Breakdown::Level { field } => {
            let mut values = top_values(session, search, field, MOST_LEVELS).await?;
            values.sort_by_key(|series| Level::of(&series.label));
            (session.countable(field), values)
        }
    };
    let counted: Vec<Json> = found.iter().map(|series| series.filter.clone()).collect();
    let exists = json!({"exists": {"field": field}});
    let other = json!({"bool": {"filter": [exists], "must_not": counted}});
    found.push(Series { value: None, label: "other".to_owned(), filter: other });
    let missing = json!({"bool": {"must_not": [exists]}});
    found.push(Series { value: None, label: "missing".to_owned(), filter: missing });
    Ok(found)
}

fn status_classes(session: &Session, field: &str) -> Vec<Series> {
    let countable = session.countable(field);
    let is_number = session.view.field(&countable).is_some_and(|field| field.kind == "number");
    (1..=5)
        .map(|class| {
            let filter = if is_number {
                json!({"range": {&countable: {"gte": class * 100, "lt": class * 100 + 100}}})
            } else {
                json!({"regexp": {&countable: {"value": format!("{class}[0-9][0-9]")}}})
            };
            let label = format!("{class}xx");
            Series { value: Some(json!(label)), label, filter }
        })
        .collect()
}

async fn top_values(
    session: &Session,
    search: &Search,
    field: &str,
    top: usize,
) -> Result<Vec<Series>, Error> {
    let countable = session.countable(field);
    if session.view.field(&countable).is_some_and(|field| !field.aggregatable) {
        let why = "has no values that the engine can count; choose a keyword or number field";
        return Err(Error::Settings(format!("`{field}` {why}")));
    }
    // Only what the bars count: records without a time are in none of them.
    let timed = session.time_field().map(|time| Clause::Exists { field: time.to_owned() });
    let clauses = timed.into_iter().chain([(*search.clause).clone()]).collect();
    let search = Search { clause: Arc::new(Clause::all(clauses)), ..search.clone() };
    let is_nanos =
        session.view.field(&countable).is_some_and(|field| field.es_types == ["date_nanos"]);
    let request = FacetRequest { field: field.to_owned(), size: top };
    let (facet, _) = facet::facet(session, &search, &request).await?;
    Ok(facet
        .values
        .into_iter()
        .filter_map(|entry| {
            let value = entry.value?;
            let filter = match value.as_str().filter(|_| is_nanos).and_then(|v| v.strip_suffix('Z'))
            {
                // The engines count such dates by millisecond, and compare them by nanosecond.
                Some(at) => {
                    json!({"range": {&countable: {"gte": value, "lte": format!("{at}999999Z")}}})
                }
                None => json!({"term": {&countable: {"value": value}}}),
            };
            Some(Series { value: Some(value), label: entry.label, filter })
        })
        .collect())
}
