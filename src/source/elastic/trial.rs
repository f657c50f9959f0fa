//! What an engine can do where nobody tells: found out by trying.
//!
//! Whoever may read an index pattern and nothing else is refused the front page. The product header
//! tells Elasticsearch 7.14 and later; what comes without is asked for a point in time by the routes
//! of both products. Who may open none reads without one.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::calls::Call;
use super::client::Client;
use super::engine::{Capabilities, Engine, LEAST, PointInTime, Product};
use super::error::Error;
use super::pit;
use super::session::Session;
use crate::query::Warning;

/// Fills in what an engine that does not say its version is, and what it can do with a pattern.
///
/// # Errors
/// If the engine does not answer.
pub(super) async fn told(
    client: &Client,
    pattern: &str,
    has_header: bool,
    mut engine: Engine,
) -> Result<(Engine, Capabilities), Error> {
    if engine.version.is_some() || has_header {
        return Ok((engine.clone(), engine.capabilities()));
    }
    for (product, kind, call, key) in [
        (Product::OpenSearch, PointInTime::SearchPointInTime, Call::OpenPointInTime, "pit_id"),
        (Product::Elasticsearch, PointInTime::Pit, Call::OpenPit, "id"),
    ] {
        let reply = match client.call(call, pattern, "keep_alive=1m", None).await {
            Ok(reply) => reply,
            Err(error) if error.is_outage() => return Err(error),
            Err(_not_there) => continue,
        };
        let Some(id) = reply.json()?[key].as_str().map(str::to_owned) else { continue };
        let by_shard = json!([{"_shard_doc": {"order": "asc"}}]);
        let body = json!({"size": 1, "_source": false, "pit": {"id": id}, "sort": by_shard});
        let by_shard = client.call(Call::SearchInPit, "", "", Some(&body)).await;
        pit::close(client, kind, &id).await;
        engine.product = product;
        let can = Capabilities { point_in_time: kind, shard_doc: by_shard.is_ok(), ..LEAST };
        return Ok((engine, can));
    }
    // Elasticsearch without its header is older than the fork.
    engine.product = Product::OpenSearch;
    Ok((engine, LEAST))
}

impl Session {
    /// What the engine can do for this user.
    pub(super) fn can(&self) -> Capabilities {
        if self.is_barred.load(Ordering::Relaxed) {
            return Capabilities { point_in_time: PointInTime::None, shard_doc: false, ..self.can };
        }
        self.can
    }

    /// What breaks ties in a sort.
    pub(super) fn tie_breakers(&self) -> &'static [&'static str] {
        match self.engine.product {
            _ if self.can().shard_doc => &["_shard_doc"],
            // Newer ones do not sort by `_id`.
            Product::Elasticsearch if self.can.shard_doc => &["_seq_no", "_index"],
            _ => &["_id", "_index"],
        }
    }

    /// Finds out whether this user may open a point in time, before the first order is made: the
    /// tie-breaker hangs on it.
    pub(super) async fn settle(&self) {
        if self.can().point_in_time == PointInTime::None || self.has_had_pit().await {
            return;
        }
        // What else is wrong is said by the search that follows.
        if let Err(error) = self.current(false).await {
            self.goes_without(&error).await;
        }
    }

    /// Whether an error means that this session reads without points in time from now on. One that
    /// has had some does not: its places are of no use then.
    pub(super) async fn goes_without(&self, error: &Error) -> bool {
        let is_barred = match error {
            Error::Refused { status: 403, kind, .. } => !kind.contains("cluster_block"),
            Error::Refused { status: 405, .. } => true,
            _ => false,
        };
        if !is_barred || self.has_had_pit().await {
            return false;
        }
        self.is_barred.store(true, Ordering::Relaxed);
        true
    }

    /// What is to be said where paging has nothing that stays as it is.
    pub(super) fn shifts(&self) -> Option<Warning> {
        let who = if self.is_barred.load(Ordering::Relaxed) || self.engine.version.is_none() {
            "this user may open no point in time".to_owned()
        } else {
            format!("{} keeps no point in time", self.engine.title())
        };
        let text = format!("{who}: rows may shift while records come");
        (self.can().point_in_time == PointInTime::None).then(|| Warning::note(text))
    }
}
