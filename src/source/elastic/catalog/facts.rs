//! What can be told of a name beside it: documents, newest record, bytes. As far as allowed.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Entry;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::time::Millis;

/// What is known of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Documents.
    pub documents: Option<u64>,
    /// The time of the newest record (`@timestamp`).
    pub newest: Option<Millis>,
    /// Bytes on disk, with replicas.
    pub bytes: Option<u64>,
}

/// Counts an entry and finds its newest record. Cheap: engines know both without looking at
/// documents. What cannot be told is left out.
pub async fn facts(client: &Client, entry: &Entry, sizes: &BTreeMap<String, u64>) -> Facts {
    let bytes = entry
        .indices
        .iter()
        .try_fold(0_u64, |sum, name| sizes.get(name).map(|size| sum.saturating_add(*size)));
    let bytes = bytes.filter(|_| !entry.indices.is_empty());
    if entry.closed {
        return Facts { bytes, ..Facts::default() };
    }
    let body = json!({"size": 0, "track_total_hits": true, "timeout": "2s",
        "aggs": {"newest": {"max": {"field": "@timestamp"}}}});
    let parameters = "ignore_unavailable=true&allow_no_indices=true";
    let answer = client.call(Call::Search, &entry.name, parameters, Some(&body)).await;
    let answer = answer.and_then(|reply| reply.json()).unwrap_or_default();
    let newest = answer["aggregations"]["newest"]["value"].as_f64();
    Facts {
        documents: answer["hits"]["total"]["value"].as_u64(),
        newest: newest.map(|millis| Millis(millis as i64)),
        bytes,
    }
}

/// Bytes of each index, where the user may monitor them; else none.
pub async fn sizes(client: &Client) -> BTreeMap<String, u64> {
    let parameters = "format=json&bytes=b&h=index,store.size&expand_wildcards=all";
    let reply = client.call(Call::CatIndices, "*", parameters, None).await;
    let answer = reply.and_then(|reply| reply.json()).unwrap_or_default();
    let row = |row: &Json| {
        let bytes = row["store.size"].as_str()?.parse().ok()?;
        Some((row["index"].as_str()?.to_owned(), bytes))
    };
    answer.as_array().into_iter().flatten().filter_map(row).collect()
}
