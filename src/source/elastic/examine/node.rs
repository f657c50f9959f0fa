//! The nodes of a cluster: disks and clocks.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::time::Millis;

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Bytes of its data disks.
    pub total: u64,
    /// Bytes that are free there.
    pub available: u64,
    /// Its clock when it answered.
    pub clock: Option<Millis>,
}

/// When a disk is full: shares that are used, or bytes that are free (`"85%"`, `"10gb"`, `0.85`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Whether they are minded at all.
    pub are_minded: bool,
    /// No new shard from then on.
    pub low: Limit,
    /// Shards are moved away from then on.
    pub high: Limit,
    /// Indices accept no more records from then on.
    pub flood: Limit,
    /// Whether shards may be given to nodes (`all`, `primaries`, `none`).
    pub allocation: String,
}

/// A limit of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The share that has to be free, in thousandths, and the bytes that always suffice.
    Share(u64, Option<u64>),
    /// Bytes that have to be free.
    Bytes(u64),
}

impl Limit {
    /// Bytes that have to be free on a disk of `total`.
    #[must_use]
    pub fn least_free(self, total: u64) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Share(thousandths, headroom) => {
                let share = total / 1000 * thousandths;
                headroom.map_or(share, |headroom| share.min(headroom))
            }
        }
    }

    fn read(settings: &Json, name: &str, otherwise: u64) -> Self {
        let text = |key: &str| settings[key].as_str().unwrap_or_default().trim().to_owned();
        let headroom = bytes(&text(&format!("{name}.max_headroom")));
        let limit = text(name);
        if let Some(bytes) = bytes(&limit) {
            return Self::Bytes(bytes);
        }
        let used = match limit.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().ok().map(|percent| percent * 10.0),
            None => limit.parse::<f64>().ok().map(|share| share * 1000.0),
        };
        let used = used.map_or(otherwise, |used| used.round() as u64);
        Self::Share(1000_u64.saturating_sub(used), headroom)
    }
}

/// A size as the engines write it (`150gb`).
fn bytes(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let power = ["b", "kb", "mb", "gb", "tb", "pb"]
        .iter()
        .position(|unit| text.len() > digits.len() && text[digits.len()..] == **unit)?;
    let number: f64 = digits.parse().ok()?;
    Some((number * 1024_f64.powi(power as i32)) as u64)
}

/// Asks for the nodes.
pub(super) async fn ask(client: &Client) -> Asked<Vec<Node>> {
    let reply = client.call(Call::NodeStats, "", "timeout=5s", None).await?;
    Ok(read(&reply.json()?))
}

fn read(answer: &Json) -> Vec<Node> {
    let nodes = answer["nodes"].as_object().into_iter().flatten();
    nodes
        .map(|(_, node)| Node {
            name: node["name"].as_str().unwrap_or_default().to_owned(),
            total: node["fs"]["total"]["total_in_bytes"].as_u64().unwrap_or(0),
            available: node["fs"]["total"]["available_in_bytes"].as_u64().unwrap_or(0),
            clock: node["timestamp"].as_i64().map(Millis),
        })
        .collect()
}

/// Asks for the limits.
pub(super) async fn ask_limits(client: &Client) -> Asked<Limits> {
    let wanted = "include_defaults=true&filter_path=*.cluster.routing.allocation.disk,\
                  *.cluster.routing.allocation.enable";
    let reply = client.call(Call::ClusterSettings, "", wanted, None).await?;
    Ok(read_limits(&reply.json()?))
}

fn read_limits(answer: &Json) -> Limits {
    // What a person set for now stands over what was set for good, and that over the defaults.
    let set = |path: &str| {
        let levels = ["transient", "persistent", "defaults"];
        let pointer = format!("/cluster/routing/allocation/{path}");
        levels.iter().find_map(|level| answer[level].pointer(&pointer)).cloned()
    };
    let mut marks = serde_json::Map::new();
    for name in ["low", "high", "flood_stage"] {
        for key in [name.to_owned(), format!("{name}.max_headroom")] {
            if let Some(value) = set(&format!("disk/watermark/{key}")) {
                marks.insert(key, value);
            }
        }
    }
    let marks = Json::Object(marks);
    let enabled = set("disk/threshold_enabled");
    Limits {
        are_minded: !enabled.is_some_and(|value| value == "false" || value == false),
        low: Limit::read(&marks, "low", 850),
        high: Limit::read(&marks, "high", 900),
        flood: Limit::read(&marks, "flood_stage", 950),
        allocation: set("enable")
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_else(|| "all".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Limit, bytes, read_limits};

    #[test]
    fn limits_of_disks_are_read_as_engines_write_them() {
        let real = json!({"persistent": {"cluster": {"routing": {"allocation": {"disk": {"watermark": {"low": "10gb"}}}}}},
            "defaults": {"cluster": {"routing": {"allocation": {"enable": "all", "disk": {"threshold_enabled": "true",
                "watermark": {"flood_stage": "95%", "high": "0.9", "low": "85%", "flood_stage.max_headroom": "100GB"}}}}}}});
        let limits = read_limits(&real);
        assert_eq!(limits.low, Limit::Bytes(10 << 30));
        assert_eq!(limits.high, Limit::Share(100, None));
        assert_eq!(limits.flood, Limit::Share(50, Some(100 << 30)));
        assert!(limits.are_minded);
        assert_eq!(limits.high.least_free(1000), 100);
        assert_eq!(limits.flood.least_free(1 << 50), 100 << 30);
        let off = json!({"defaults": {"cluster": {"routing": {"allocation": {"disk": {"threshold_enabled": "false"}}}}}});
        assert!(!read_limits(&off).are_minded);
        assert_eq!(read_limits(&json!({})).low, Limit::Share(150, None));
    }

    #[test]
    fn sizes_have_units() {
        for (text, expected) in [
            ("1b", Some(1)),
            ("1.5KB", Some(1536)),
            ("85%", None),
            ("0.9", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }
}
