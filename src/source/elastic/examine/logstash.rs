//! What Logstash did since it was started, from its monitoring API (port 9600).
//!
//! Documented answers (Logstash reference, node stats API); no Logstash runs in the tests.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// What Logstash did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logstash {
    /// Its version.
    pub version: String,
    /// Its state in its own word (`green`).
    pub status: String,
    /// Events that came in.
    pub events_in: u64,
    /// Events that went through the filters.
    pub events_filtered: u64,
    /// Events that went out.
    pub events_out: u64,
    /// Its pipelines.
    pub pipelines: Vec<Pipeline>,
}

/// One pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pipeline {
    /// Its name.
    pub name: String,
    /// Events that wait in its queue.
    pub queued: u64,
    /// Bytes in its queue, and the most there may be, for a queue on disk.
    pub queue_bytes: Option<(u64, u64)>,
    /// Bytes of the queue of events that could not be sent, where there is one.
    pub dead_letters: Option<u64>,
    /// Whether its configuration could not be loaded last time.
    pub reload_failed: bool,
    /// Filters that failed, with how often.
    pub failures: Vec<(String, u64)>,
    /// Documents that an output could not send (not retryable).
    pub refused: u64,
}

/// Asks for it.
///
/// # Errors
/// If nothing answers there, or something else does.
pub async fn ask(client: &Client) -> Asked<Logstash> {
    let reply = client.call(Call::LogstashStats, "", "", None).await?;
    Ok(read(&reply.json()?))
}

/// Reads the documented answer.
#[must_use]
pub fn read(answer: &Json) -> Logstash {
    let count = |value: &Json| value.as_u64().unwrap_or(0);
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let pipelines = answer["pipelines"].as_object().into_iter().flatten();
    // Its own monitoring is a pipeline that nobody wrote.
    let pipelines = pipelines.filter(|(name, _)| !name.starts_with('.'));
    Logstash {
        version: text(&answer["version"]),
        status: text(&answer["status"]),
        events_in: count(&answer["events"]["in"]),
        events_filtered: count(&answer["events"]["filtered"]),
        events_out: count(&answer["events"]["out"]),
        pipelines: pipelines.map(|(name, body)| pipeline(name, body)).collect(),
    }
}

fn pipeline(name: &str, body: &Json) -> Pipeline {
    let queue = &body["queue"];
    let capacity = &queue["capacity"];
    let bytes = |first: &Json, second: &Json| first.as_u64().or(second.as_u64());
    let used = bytes(&queue["queue_size_in_bytes"], &capacity["queue_size_in_bytes"]);
    let most = bytes(&queue["max_queue_size_in_bytes"], &capacity["max_queue_size_in_bytes"]);
    let plugins = &body["plugins"];
    let mut failures: Vec<(String, u64)> = Vec::new();
    for filter in plugins["filters"].as_array().into_iter().flatten() {
        let failed = filter["failures"].as_u64().unwrap_or(0);
        if failed > 0 {
            let name = filter["name"].as_str().unwrap_or("filter").to_owned();
            match failures.iter_mut().find(|(known, _)| *known == name) {
                Some((_, all)) => *all += failed,
                None => failures.push((name, failed)),
            }
        }
    }
    let outputs = plugins["outputs"].as_array().into_iter().flatten();
    let reloads = &body["reloads"];
    // Both are times; the later one tells how the last reload went.
    let failed_at = reloads["last_failure_timestamp"].as_str();
    Pipeline {
        name: name.to_owned(),
        queued: bytes(&queue["events_count"], &queue["events"]).unwrap_or(0),
        queue_bytes: used.zip(most).filter(|(_, most)| *most > 0),
        dead_letters: body["dead_letter_queue"]["queue_size_in_bytes"].as_u64(),
        reload_failed: failed_at > reloads["last_success_timestamp"].as_str(),
        failures,
        refused: outputs
            .filter_map(|output| output["documents"]["non_retryable_failures"].as_u64())
            .sum(),
    }
}
