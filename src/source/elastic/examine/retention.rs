//! How long records are kept: the lifecycle of streams and indices.

use serde_json::Value as Json;

use super::{Asked, IndexSettings};
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::source::elastic::engine::Product;

/// How long the records of one stream or index are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The stream or index.
    pub name: String,
    /// In words; `None`: for ever.
    pub kept: Option<String>,
}

/// Asks for it: of streams and lifecycles on Elasticsearch, of state management on `OpenSearch`.
pub(super) async fn ask(
    client: &Client,
    product: Product,
    pattern: &str,
    settings: &Asked<Vec<IndexSettings>>,
) -> Asked<Vec<Retention>> {
    if product == Product::OpenSearch {
        let reply = client.call(Call::IsmExplain, pattern, "", None).await?;
        return Ok(read_ism(&reply.json()?));
    }
    let streams = client.call(Call::DataStreams, pattern, "", None).await;
    let streams = match streams {
        Ok(reply) => read_streams(&reply.json()?),
        // Engines without streams have policies of indices at most.
        Err(error) if error.is_not_there() => Vec::new(),
        Err(error) => return Err(error),
    };
    let settings = match settings {
        Ok(settings) => settings.as_slice(),
        // Who may not see settings may still see streams.
        Err(error) if streams.is_empty() => return Err(error.clone()),
        Err(_) => &[],
    };
    let plain = settings.iter().filter(|index| !index.index.starts_with(".ds-"));
    let plain = plain.map(|index| Retention {
        name: index.index.clone(),
        kept: index.policy.as_ref().map(|policy| format!("policy {policy}")),
    });
    Ok(streams.into_iter().chain(plain).collect())
}

/// Reads the documented answer of `_data_stream` (its lifecycle part was not run on a real cluster).
#[must_use]
pub fn read_streams(answer: &Json) -> Vec<Retention> {
    let streams = answer["data_streams"].as_array().into_iter().flatten();
    streams
        .map(|stream| {
            let policy = stream["ilm_policy"].as_str().map(|policy| format!("policy {policy}"));
            let lifecycle = &stream["lifecycle"];
            let is_on = lifecycle.is_object() && lifecycle["enabled"] != false;
            let kept = ["effective_retention", "data_retention"]
                .iter()
                .find_map(|key| lifecycle[key].as_str())
                .filter(|_| is_on);
            Retention {
                name: stream["name"].as_str().unwrap_or_default().to_owned(),
                kept: kept.map(str::to_owned).or(policy),
            }
        })
        .collect()
}

/// Reads the documented answer of `_plugins/_ism/explain` (not run on a real cluster).
#[must_use]
pub fn read_ism(answer: &Json) -> Vec<Retention> {
    let indices = answer.as_object().into_iter().flatten().filter(|(_, body)| body.is_object());
    indices
        .map(|(name, body)| {
            let policy = ["policy_id", "index.plugins.index_state_management.policy_id"]
                .iter()
                .find_map(|key| body[key].as_str());
            Retention { name: name.clone(), kept: policy.map(|policy| format!("policy {policy}")) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{read_ism, read_streams};

    #[test]
    fn documented_lifecycles_are_read() {
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-get-data-stream
        let kept = read_streams(&json!({"data_streams": [
            {"name": "a", "ilm_policy": "my-policy"},
            {"name": "b", "lifecycle": {"enabled": true, "data_retention": "7d"}},
            {"name": "c", "lifecycle": {"enabled": false, "data_retention": "7d"}},
            {"name": "d", "lifecycle": {"enabled": true}}]}));
        let kept: Vec<Option<&str>> = kept.iter().map(|one| one.kept.as_deref()).collect();
        assert_eq!(kept, [Some("policy my-policy"), Some("7d"), None, None]);
        // https://docs.opensearch.org/latest/im-plugin/ism/api/ (explain index)
        let kept = read_ism(
            &json!({"a": {"index.plugins.index_state_management.policy_id": "sample-policy",
            "policy_id": "sample-policy", "enabled": true}, "b": {"index.plugins.index_state_management.policy_id": null},
            "total_managed_indices": 1}),
        );
        assert_eq!((kept.len(), kept[0].kept.is_some(), kept[1].kept.is_some()), (2, true, false));
    }
}
