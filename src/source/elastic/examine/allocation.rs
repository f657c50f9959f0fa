//! Why a shard has no node: one shard's explanation, picked by the engine.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// Why one shard has no node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Its index.
    pub index: String,
    /// Whether it is the primary, without which records are missing.
    pub is_primary: bool,
    /// Since what it has none, in the engine's word (`NODE_LEFT`).
    pub since: String,
    /// What the engine says about all nodes (`no`, `no_valid_shard_copy`).
    pub verdict: String,
    /// The rules that forbid it, with the engine's explanation, each once.
    pub forbidden_by: Vec<(String, String)>,
}

/// Asks for it. Engines refuse with 400 where every shard has a node.
pub(super) async fn ask(client: &Client) -> Asked<Allocation> {
    let reply = client.call(Call::AllocationExplain, "", "", None).await?;
    Ok(read(&reply.json()?))
}

fn read(answer: &Json) -> Allocation {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let mut forbidden_by: Vec<(String, String)> = Vec::new();
    let decisions = answer["node_allocation_decisions"].as_array().into_iter().flatten();
    for rule in decisions.filter_map(|node| node["deciders"].as_array()).flatten() {
        let name = text(&rule["decider"]);
        if !forbidden_by.iter().any(|(known, _)| *known == name) {
            forbidden_by.push((name, text(&rule["explanation"])));
        }
    }
    Allocation {
        index: text(&answer["index"]),
        is_primary: answer["primary"].as_bool().unwrap_or(false),
        since: text(&answer["unassigned_info"]["reason"]),
        verdict: text(&answer["can_allocate"]),
        forbidden_by,
    }
}
