//! Indices that keep no documents: only what is indexed of them can be shown.

use std::time::Duration;

use serde_json::Value as Json;

use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// Longest wait: this is worth knowing, not worth waiting for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Names of a pattern's indices whose `_source` is switched off, as far as the user may know.
pub async fn without_source(client: &Client, pattern: &str) -> Vec<String> {
    let parameters = "filter_path=*.mappings._source&ignore_unavailable=true&allow_no_indices=true";
    let call = client.call(Call::Mappings, pattern, parameters, None);
    let Ok(Ok(reply)) = tokio::time::timeout(PATIENCE, call).await else { return Vec::new() };
    reply.json().map(|answer| names(&answer)).unwrap_or_default()
}

fn names(answer: &Json) -> Vec<String> {
    let is_off = |index: &Json| {
        let source = &index["mappings"]["_source"];
        source["enabled"] == Json::Bool(false) || source["mode"] == "disabled"
    };
    let indices = answer.as_object().into_iter().flatten();
    indices.filter(|(_, index)| is_off(index)).map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::names;

    #[test]
    fn an_index_without_documents_is_told_by_its_mapping() {
        let answer = json!({"a": {"mappings": {"_source": {"enabled": false}}}, "b": {"mappings": {"_source": {"includes": ["x"]}}},
            "c": {"mappings": {"_source": {"mode": "synthetic"}}}});
        assert_eq!(names(&answer), ["a"]);
        assert!(names(&json!([])).is_empty());
    }
}
