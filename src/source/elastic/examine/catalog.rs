//! What an index pattern matches: indices, data streams, aliases.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// What a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// Plain open indices.
    pub indices: Vec<String>,
    /// Closed indices: they answer nothing.
    pub closed: Vec<String>,
    /// Names that stand for indices.
    pub aliases: Vec<String>,
    /// Data streams.
    pub streams: Vec<Stream>,
}

/// A data stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Its name.
    pub name: String,
    /// The index that is written to.
    pub newest_index: Option<String>,
}

impl Catalog {
    /// Whether the pattern matches nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
            && self.closed.is_empty()
            && self.aliases.is_empty()
            && self.streams.is_empty()
    }

    /// Names of which each can be asked for its newest record: streams first.
    #[must_use]
    pub fn readable(&self) -> Vec<&str> {
        let streams = self.streams.iter().map(|stream| stream.name.as_str());
        let mut names: Vec<&str> = streams.chain(self.indices.iter().map(String::as_str)).collect();
        if names.is_empty() {
            names.extend(self.aliases.iter().map(String::as_str));
        }
        names
    }
}

/// Asks for it.
pub(super) async fn ask(client: &Client, pattern: &str) -> Asked<Catalog> {
    let reply =
        client.call(Call::ResolveIndex, pattern, "expand_wildcards=open,closed", None).await?;
    Ok(read(&reply.json()?))
}

fn read(answer: &Json) -> Catalog {
    let list = |key: &str| answer[key].as_array().into_iter().flatten();
    let name = |entry: &Json| entry["name"].as_str().unwrap_or_default().to_owned();
    let mut catalog = Catalog {
        aliases: list("aliases").map(name).collect(),
        streams: list("data_streams")
            .map(|entry| Stream {
                name: name(entry),
                newest_index: backing(&entry["backing_indices"]),
            })
            .collect(),
        ..Catalog::default()
    };
    for index in list("indices") {
        let attributes = index["attributes"].as_array().into_iter().flatten();
        let is_closed = attributes.into_iter().any(|attribute| attribute == "closed");
        if index["data_stream"].is_string() {
            continue;
        }
        let place = if is_closed { &mut catalog.closed } else { &mut catalog.indices };
        place.push(name(index));
    }
    catalog
}

/// The last of the indices behind a stream: one name is a text, several are a list.
fn backing(names: &Json) -> Option<String> {
    let last = names.as_array().and_then(|names| names.last()).unwrap_or(names);
    last.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn closed_indices_and_those_behind_streams_are_apart() {
        let found = read(&json!({"indices": [
                {"name": "a", "attributes": ["open"]}, {"name": "b", "attributes": ["closed"]},
                {"name": ".ds-s-1", "attributes": ["hidden", "open"], "data_stream": "s"}],
            "aliases": [{"name": "x", "indices": ["a"]}],
            "data_streams": [{"name": "s", "backing_indices": [".ds-s-1", ".ds-s-2"], "timestamp_field": "@timestamp"}]}));
        assert_eq!((found.indices.len(), found.closed.len(), found.aliases.len()), (1, 1, 1));
        assert_eq!(found.streams[0].newest_index.as_deref(), Some(".ds-s-2"));
        assert_eq!(found.readable(), ["s", "a"]);
    }
}
