//! Names of data streams, aliases and indices, those of remote clusters too.

use std::time::Duration;

use serde_json::Value as Json;

use crate::source::elastic::Error;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// Longest wait for the names of remote clusters: one that cannot be reached holds up nobody.
const REMOTE: Duration = Duration::from_secs(3);
/// Closed indices are listed as such.
const ALL: &str = "expand_wildcards=open,closed";

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A data stream.
    DataStream,
    /// An alias of indices.
    Alias,
    /// An index.
    Index,
}

impl Kind {
    /// As shown, of so many.
    #[must_use]
    pub fn title(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::DataStream, 1) => "data stream",
            (Self::DataStream, _) => "data streams",
            (Self::Alias, 1) => "alias",
            (Self::Alias, _) => "aliases",
            (Self::Index, 1) => "index",
            (Self::Index, _) => "indices",
        }
    }
}

/// Something that can be explored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name; with `CLUSTER:` before it where it is remote.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Indices that it consists of.
    pub indices: Vec<String>,
    /// It is closed: it can be opened again, but not asked.
    pub closed: bool,
    /// It is frozen: it is only asked by name.
    pub frozen: bool,
}

impl Entry {
    /// Whether it is the engine's own.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.name.rsplit(':').next().is_some_and(|name| name.starts_with('.'))
    }
}

/// Lists what the user may see: data streams first, then aliases, then indices, by name.
///
/// # Errors
/// If the cluster does not answer, or refuses to list.
pub async fn list(client: &Client) -> Result<Vec<Entry>, Error> {
    let remote = tokio::time::timeout(REMOTE, client.call(Call::ResolveIndex, "*:*", "", None));
    let own = client.call(Call::ResolveIndex, "*", ALL, None);
    let (own, remote) = tokio::join!(own, remote);
    let mut entries = match own {
        Ok(reply) => entries(&reply.json()?),
        // Without the privilege for one call there may be one for the other.
        Err(error) if error.is_not_there() => {
            match client.call(Call::DataStreams, "*", "", None).await {
                Ok(reply) => data_streams(&reply.json()?),
                Err(_) => return Err(error),
            }
        }
        Err(error) => return Err(error),
    };
    if let Ok(Ok(reply)) = remote {
        let known: Vec<String> = entries.iter().map(|entry| entry.name.clone()).collect();
        let new = reply.json().map(|answer| self::entries(&answer)).unwrap_or_default();
        entries.extend(new.into_iter().filter(|entry| !known.contains(&entry.name)));
    }
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(entries)
}

/// The engine's own last, what is remote after what is here.
fn order(entry: &Entry) -> (bool, bool, Kind, &str) {
    (entry.is_hidden(), entry.name.contains(':'), entry.kind, &entry.name)
}

/// Reads an answer of `_resolve/index`.
pub(super) fn entries(answer: &Json) -> Vec<Entry> {
    let rows = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (key, kind, members) in [
        ("data_streams", Kind::DataStream, "backing_indices"),
        ("aliases", Kind::Alias, "indices"),
        ("indices", Kind::Index, ""),
    ] {
        for row in rows(key) {
            let Some(name) = row["name"].as_str() else { continue };
            // The indices of a data stream are told with it.
            if kind == Kind::Index && row["data_stream"].is_string() {
                continue;
            }
            let has = |attribute: &str| texts(&row["attributes"]).any(|text| text == attribute);
            let own = if kind == Kind::Index { vec![name.to_owned()] } else { Vec::new() };
            found.push(Entry {
                name: name.to_owned(),
                kind,
                indices: texts(&row[members]).map(str::to_owned).chain(own).collect(),
                closed: has("closed"),
                frozen: has("frozen"),
            });
        }
    }
    found
}

/// Reads an answer of `_data_stream`.
fn data_streams(answer: &Json) -> Vec<Entry> {
    let rows = answer["data_streams"].as_array().into_iter().flatten();
    let entry = |row: &Json| {
        let indices = row["indices"].as_array().into_iter().flatten();
        let names = indices.filter_map(|index| index["index_name"].as_str().map(str::to_owned));
        Some(Entry {
            name: row["name"].as_str()?.to_owned(),
            kind: Kind::DataStream,
            indices: names.collect(),
            closed: false,
            frozen: false,
        })
    };
    rows.filter_map(entry).collect()
}

/// The texts of an array; some versions write a single one without brackets.
fn texts(json: &Json) -> impl Iterator<Item = &str> {
    json.as_str().into_iter().chain(json.as_array().into_iter().flatten().filter_map(Json::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kind, data_streams, entries};

    #[test]
    fn names_are_told_with_what_they_stand_for() {
        let answer = json!({
            "indices": [{"name": "a", "aliases": ["al"], "attributes": ["open"]}, {"name": "c", "attributes": ["closed"]},
                {"name": "f", "attributes": ["open", "frozen"]},
                {"name": ".ds-logs-1", "attributes": ["hidden", "open"], "data_stream": "logs"}],
            "aliases": [{"name": "al", "indices": ["a"]}, {"name": "one", "indices": "a"}],
            "data_streams": [{"name": "logs", "backing_indices": [".ds-logs-1"], "timestamp_field": "@timestamp"}]});
        let found: Vec<_> = entries(&answer)
            .into_iter()
            .map(|entry| (entry.name, entry.kind, entry.indices.len(), entry.closed, entry.frozen))
            .collect();
        let row = |name: &str, kind, closed, frozen| (name.to_owned(), kind, 1, closed, frozen);
        let expected = [
            row("logs", Kind::DataStream, false, false),
            row("al", Kind::Alias, false, false),
            row("one", Kind::Alias, false, false),
            row("a", Kind::Index, false, false),
            row("c", Kind::Index, true, false),
            row("f", Kind::Index, false, true),
        ];
        assert_eq!(found, expected);
        assert!(entries(&json!([1])).is_empty());
    }

    /// As <https://www.elastic.co/guide/en/elasticsearch/reference/8.19/indices-get-data-stream.html>
    /// shows it; the nodes of the tests have no such call.
    #[test]
    fn data_streams_are_listed_where_nothing_else_may_be() {
        let answer = json!({"data_streams": [{"name": "my-data-stream", "timestamp_field": {"name": "@timestamp"},
            "indices": [{"index_name": ".ds-my-data-stream-2099.03.07-000001", "index_uuid": "xCEhwsp8Tey0-FLNFYVwSg"}],
            "generation": 1, "status": "GREEN"}]});
        let found = data_streams(&answer);
        assert_eq!(
            (found.len(), found[0].name.as_str(), found[0].indices.len()),
            (1, "my-data-stream", 1)
        );
    }
}
