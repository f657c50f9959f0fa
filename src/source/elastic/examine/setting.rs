//! Settings of indices that a person has to know: limits of fields, blocks, replicas.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// The settings of one index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSettings {
    /// The index.
    pub index: String,
    /// The most fields that it may have.
    pub field_limit: usize,
    /// What it refuses (`read_only_allow_delete`: a disk was full).
    pub blocks: Vec<String>,
    /// The lifecycle policy that keeps and deletes it.
    pub policy: Option<String>,
}

/// The limit where none is set.
const FIELD_LIMIT: usize = 1000;

/// Asks for them.
pub(super) async fn ask(client: &Client, pattern: &str) -> Asked<Vec<IndexSettings>> {
    let wanted = "flat_settings=true&ignore_unavailable=true&expand_wildcards=open,hidden";
    let reply = client.call(Call::IndexSettings, pattern, wanted, None).await?;
    Ok(read(&reply.json()?))
}

fn read(answer: &Json) -> Vec<IndexSettings> {
    let indices = answer.as_object().into_iter().flatten();
    indices
        .map(|(index, body)| {
            let settings = &body["settings"];
            let text = |key: &str| settings[key].as_str();
            let limit = text("index.mapping.total_fields.limit");
            let all = settings.as_object().into_iter().flatten();
            let blocks = all.filter(|(_, value)| *value == "true" || **value == true);
            let blocks = blocks.filter_map(|(key, _)| key.strip_prefix("index.blocks."));
            IndexSettings {
                index: index.clone(),
                field_limit: limit.and_then(|limit| limit.parse().ok()).unwrap_or(FIELD_LIMIT),
                blocks: blocks.map(str::to_owned).collect(),
                policy: text("index.lifecycle.name").map(str::to_owned),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn limits_and_blocks_are_read() {
        let found = read(&json!({"a": {"settings": {"index.mapping.total_fields.limit": "50",
            "index.blocks.read_only_allow_delete": "true", "index.blocks.write": "false"}},
            "b": {"settings": {"index.lifecycle.name": "logs"}}}));
        assert_eq!(
            (found[0].field_limit, found[0].blocks.join(" ")),
            (50, "read_only_allow_delete".to_owned())
        );
        assert_eq!((found[1].field_limit, found[1].policy.as_deref()), (1000, Some("logs")));
    }
}
