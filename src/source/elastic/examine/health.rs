//! The health of a cluster.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// What the engine calls its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Every shard has a node.
    Green,
    /// Every primary shard has one.
    Yellow,
    /// A primary shard has none: records are missing from every answer.
    Red,
}

/// The health of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Its state.
    pub colour: Colour,
    /// Its name.
    pub cluster: String,
    /// Nodes in it.
    pub nodes: u64,
    /// Shards without a node.
    pub unassigned: u64,
    /// Shards that are being started.
    pub starting: u64,
}

/// Asks for it.
pub(super) async fn ask(client: &Client) -> Asked<Health> {
    let reply = client.call(Call::Health, "", "timeout=5s", None).await?;
    Ok(read(&reply.json()?))
}

fn read(answer: &Json) -> Health {
    let count = |key: &str| answer[key].as_u64().unwrap_or(0);
    Health {
        colour: match answer["status"].as_str() {
            Some("green") => Colour::Green,
            Some("yellow") => Colour::Yellow,
            _ => Colour::Red,
        },
        cluster: answer["cluster_name"].as_str().unwrap_or_default().to_owned(),
        nodes: count("number_of_nodes"),
        unassigned: count("unassigned_shards"),
        starting: count("initializing_shards"),
    }
}
