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
    let here = of_this_cluster(pattern);
    if here.is_empty() {
        return Vec::new();
    }
    let call = client.call(Call::Mappings, &here, parameters, None);
    let Ok(Ok(reply)) = tokio::time::timeout(PATIENCE, call).await else { return Vec::new() };
    reply.json().map(|answer| names(&answer)).unwrap_or_default()
}

/// The parts of a pattern that are no other cluster's: mappings are told of none of those.
fn of_this_cluster(pattern: &str) -> String {
    let is_remote = |part: &&str| part.split('<').next().is_some_and(|name| name.contains(':'));
    let parts: Vec<&str> = pattern.split(',').filter(|part| !is_remote(part)).collect();
    let takes_nothing_in = parts.iter().all(|part| part.starts_with('-') || part.is_empty());
    if takes_nothing_in { String::new() } else { parts.join(",") }
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

    use super::{names, of_this_cluster};

    #[test]
    fn an_index_without_documents_is_told_by_its_mapping() {
        let answer = json!({"a": {"mappings": {"_source": {"enabled": false}}}, "b": {"mappings": {"_source": {"includes": ["x"]}}},
            "c": {"mappings": {"_source": {"mode": "synthetic"}}}});
        assert_eq!(names(&answer), ["a"]);
        assert!(names(&json!([])).is_empty());
    }

    #[test]
    fn mappings_are_asked_of_this_cluster_alone() {
        for (pattern, expected) in [
            ("logs-*", "logs-*"),
            ("eu:logs-*", ""),
            ("eu:logs-*,logs-*,-logs-old,-eu:x", "logs-*,-logs-old"),
            ("eu:logs-*,-logs-old", ""),
            ("<logs-{now/d{yyyy.MM.dd|+12:00}}>", "<logs-{now/d{yyyy.MM.dd|+12:00}}>"),
        ] {
            assert_eq!(of_this_cluster(pattern), expected);
        }
    }
}
