//! The answers of `_search` as they come over the wire, apart from what they mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

/// An answer of `_search`.
#[derive(Debug, Deserialize)]
pub(super) struct SearchAnswer {
    #[serde(default)]
    pub(super) timed_out: bool,
    #[serde(default)]
    #[serde(rename = "_shards")]
    pub(super) shards: Shards,
    #[serde(default)]
    #[serde(rename = "_clusters")]
    pub(super) clusters: Clusters,
    #[serde(default)]
    pub(super) hits: Hits,
    #[serde(default)]
    pub(super) aggregations: Map<String, Json>,
    pub(super) pit_id: Option<String>,
}

/// How many shards answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shards {
    pub(super) total: u64,
    pub(super) successful: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    pub(super) failures: Vec<Json>,
}

/// How many remote clusters answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Clusters {
    pub(super) total: u64,
    pub(super) skipped: u64,
    pub(super) failed: u64,
    /// By name: status and failures (Elasticsearch 8.10 and later).
    pub(super) details: Map<String, Json>,
}

/// The hits and their number.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Hits {
    pub(super) total: Option<TotalHits>,
    pub(super) hits: Vec<WireHit>,
}

/// The number of hits, and whether it is a lower bound.
#[derive(Debug, Deserialize)]
pub(super) struct TotalHits {
    pub(super) value: u64,
    pub(super) relation: String,
}

/// One hit.
#[derive(Debug, Deserialize)]
pub(super) struct WireHit {
    #[serde(default)]
    #[serde(rename = "_index")]
    pub(super) index: String,
    #[serde(default)]
    #[serde(rename = "_id")]
    pub(super) id: String,
    /// The exact text of the document.
    #[serde(rename = "_source")]
    pub(super) source: Option<Box<RawValue>>,
    #[serde(default)]
    pub(super) fields: Map<String, Json>,
    #[serde(default)]
    pub(super) sort: Vec<Json>,
    #[serde(default)]
    #[serde(rename = "_ignored")]
    pub(super) ignored: Vec<String>,
    /// Number of the point in time that it was read from; 0 for none.
    #[serde(skip)]
    pub(super) pit: u64,
}

/// An answer of `_field_caps`: for each field, what it can do where it has which type.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FieldCaps {
    pub(super) fields: BTreeMap<String, BTreeMap<String, Caps>>,
    /// Indices that could not be asked, and why.
    pub(super) failures: Vec<CapsFailure>,
}

/// Indices whose fields could not be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CapsFailure {
    pub(super) indices: Vec<String>,
    pub(super) failure: Json,
}

/// What a field of one type can do.
#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct Caps {
    pub(super) metadata_field: bool,
    pub(super) searchable: bool,
    pub(super) aggregatable: bool,
    /// The indices that have it so, where others have it otherwise.
    pub(super) indices: Option<Vec<String>>,
}

impl Default for Caps {
    fn default() -> Self {
        Self { metadata_field: false, searchable: true, aggregatable: true, indices: None }
    }
}
