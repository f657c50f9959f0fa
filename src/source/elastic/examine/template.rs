//! Templates of indices, and which of them a new index gets.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// A template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// Names of indices that it is for.
    pub patterns: Vec<String>,
    /// Of several that fit, the one with the highest is taken.
    pub priority: u64,
    /// Whether what it makes are data streams.
    pub makes_streams: bool,
}

impl Template {
    /// Whether it is for an index or stream of this name.
    #[must_use]
    pub fn fits(&self, name: &str) -> bool {
        self.patterns.iter().any(|pattern| is_like(name.as_bytes(), pattern.as_bytes()))
    }
}

/// Whether a name is like a pattern, in which `*` stands for anything. A star in the name itself
/// is taken as a character, so that a pattern fits what is as wide as itself or narrower.
fn is_like(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut place, mut back) = (0, 0, None);
    while at < name.len() {
        if pattern.get(place) == Some(&b'*') {
            back = Some((place, at));
            place += 1;
        } else if pattern.get(place) == Some(&name[at]) {
            at += 1;
            place += 1;
        } else if let Some((star, from)) = back {
            // The star takes one more.
            back = Some((star, from + 1));
            at = from + 1;
            place = star + 1;
        } else {
            return false;
        }
    }
    pattern[place..].iter().all(|byte| *byte == b'*')
}

/// Asks for all.
pub(super) async fn ask(client: &Client) -> Asked<Vec<Template>> {
    let reply = client.call(Call::IndexTemplates, "", "", None).await?;
    Ok(read(&reply.json()?))
}

/// Reads the answer.
#[must_use]
pub fn read(answer: &Json) -> Vec<Template> {
    let templates = answer["index_templates"].as_array().into_iter().flatten();
    templates
        .map(|entry| {
            let body = &entry["index_template"];
            let patterns = match &body["index_patterns"] {
                Json::String(one) => vec![one.clone()],
                several => several
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|pattern| pattern.as_str().map(str::to_owned))
                    .collect(),
            };
            Template {
                name: entry["name"].as_str().unwrap_or_default().to_owned(),
                patterns,
                priority: body["priority"].as_u64().unwrap_or(0),
                makes_streams: body["data_stream"].is_object(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_like, read};

    #[test]
    fn a_star_stands_for_anything() {
        for (name, pattern, expected) in [
            ("logs-django-pt", "logs-*-pt", true),
            ("logs--pt", "logs-*-pt", true),
            ("logs-*-pt", "logs-*-*", true),
            ("logs-*-*", "logs-*-pt", false),
            ("logs-a-pt-b-pt", "logs-*-pt", true),
            ("logs-a-ptx", "logs-*-pt", false),
            ("a", "*", true),
            ("", "*", true),
            ("", "a", false),
            ("abc", "a*b*c*", true),
        ] {
            assert_eq!(is_like(name.as_bytes(), pattern.as_bytes()), expected, "{name} {pattern}");
        }
    }

    #[test]
    fn what_makes_streams_is_told_on_every_engine() {
        let found = read(&json!({"index_templates": [
            {"name": "a", "index_template": {"index_patterns": ["a-*"], "priority": 5, "data_stream": {"timestamp_field": {"name": "@timestamp"}}}},
            {"name": "b", "index_template": {"index_patterns": ["b-*"], "composed_of": []}}]}));
        assert!(found[0].makes_streams && !found[1].makes_streams);
        assert!(found[0].fits("a-1") && found[0].priority == 5 && found[1].priority == 0);
    }
}
