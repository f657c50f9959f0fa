//! The newest records, and how many of them could not be read as they should.

use serde_json::{Value as Json, json};

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::time::Millis;

/// The newest record of a stream or index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newest {
    /// The stream or index.
    pub name: String,
    /// Its time; `None` where there is no record with one.
    pub at: Option<Millis>,
}

/// How many records could not be read as they should.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failures {
    /// Records looked at.
    pub of: u64,
    /// Tags that filters leave on what they could not do, with the number of records, most first.
    pub tags: Vec<(String, u64)>,
    /// Records of which the engine left out a field (too long, or not of its type).
    pub ignored: u64,
}

/// How far before the newest record failures are counted, in milliseconds.
const DAY: i64 = 86_400_000;

/// Asks for the newest record of one name.
pub(super) async fn ask_newest(client: &Client, name: &str, time: &str) -> Asked<Newest> {
    let body = json!({"size": 1, "track_total_hits": false, "_source": false,
        "sort": [{time: {"order": "desc", "unmapped_type": "date"}}]});
    let reply = client.call(Call::Search, name, "ignore_unavailable=true", Some(&body)).await?;
    let at = reply.json()?["hits"]["hits"][0]["sort"][0].as_i64();
    // A field of nanoseconds sorts by nanoseconds; documents without the field sort last, by the
    // greatest or least number there is.
    let at = at.filter(|at| *at != i64::MAX && *at != i64::MIN);
    let at = at.map(|at| Millis(if at.abs() > 100_000_000_000_000 { at / 1_000_000 } else { at }));
    Ok(Newest { name: name.to_owned(), at })
}

/// Counts failures in the day up to an instant.
pub(super) async fn ask_failures(
    client: &Client,
    (pattern, time): (&str, &str),
    tags: Option<&str>,
    newest: Millis,
) -> Asked<Failures> {
    let from = Millis(newest.0 - DAY).to_string();
    let mut aggregations = json!({"ignored": {"filter": {"exists": {"field": "_ignored"}}}});
    if let Some(tags) = tags {
        aggregations["tags"] = json!({"terms": {"field": tags, "include": "_.*", "size": 20}});
    }
    let body = json!({"size": 0, "track_total_hits": true, "aggs": aggregations,
        "query": {"range": {time: {"gte": from, "lte": newest.to_string()}}}});
    let reply = client.call(Call::Search, pattern, "ignore_unavailable=true", Some(&body)).await?;
    Ok(read_failures(&reply.json()?))
}

fn read_failures(answer: &Json) -> Failures {
    let buckets = answer["aggregations"]["tags"]["buckets"].as_array().into_iter().flatten();
    let tag =
        |bucket: &Json| Some((bucket["key"].as_str()?.to_owned(), bucket["doc_count"].as_u64()?));
    Failures {
        of: answer["hits"]["total"]["value"].as_u64().unwrap_or(0),
        tags: buckets.filter_map(tag).collect(),
        ignored: answer["aggregations"]["ignored"]["doc_count"].as_u64().unwrap_or(0),
    }
}
