//! The fields of all indices of a pattern: how many, and which have several types.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// The fields of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Their number, objects included, as engines count them.
    pub count: usize,
    /// Fields that have several types, with these.
    pub conflicts: Vec<Conflict>,
    /// The types of the time field; none where there is no such field.
    pub time: Vec<String>,
    /// The field that tags are counted in.
    pub tags: Option<String>,
}

/// A field that has several types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its name.
    pub field: String,
    /// Each type, with the indices that have it, where the engine names them.
    pub types: Vec<(String, Vec<String>)>,
}

/// Asks for them.
pub(super) async fn ask(client: &Client, pattern: &str, time: &str) -> Asked<Fields> {
    let wanted = "fields=*&ignore_unavailable=true&allow_no_indices=true";
    let reply = client.call(Call::FieldCaps, pattern, wanted, None).await?;
    Ok(read(&reply.json()?, time))
}

fn read(answer: &Json, time: &str) -> Fields {
    let mut fields = Fields { count: 0, conflicts: Vec::new(), time: Vec::new(), tags: None };
    for (name, by_type) in answer["fields"].as_object().into_iter().flatten() {
        let Some(by_type) = by_type.as_object() else { continue };
        if name.starts_with('_') || by_type.values().any(|caps| caps["metadata_field"] == true) {
            continue;
        }
        fields.count += 1;
        let types: Vec<&String> = by_type.keys().filter(|kind| *kind != "unmapped").collect();
        if name == time {
            fields.time = types.iter().map(|kind| (*kind).clone()).collect();
        }
        let is_countable = by_type.values().all(|caps| caps["aggregatable"] != false);
        if is_countable && (name == "tags" || (name == "tags.keyword" && fields.tags.is_none())) {
            fields.tags = Some(name.clone());
        }
        if types.len() > 1 {
            let of = |kind: &String| {
                let indices = by_type[kind]["indices"].as_array().into_iter().flatten();
                (
                    kind.clone(),
                    indices.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
                )
            };
            let types = types.into_iter().map(of).collect();
            fields.conflicts.push(Conflict { field: name.clone(), types });
        }
    }
    fields.conflicts.sort_by(|a, b| a.field.cmp(&b.field));
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn conflicts_name_the_indices_of_each_type() {
        let fields = read(
            &json!({"fields": {
            "_id": {"_id": {"metadata_field": true}},
            "@timestamp": {"date": {"aggregatable": true}},
            "tags": {"text": {"aggregatable": false}}, "tags.keyword": {"keyword": {"aggregatable": true}},
            "service": {"keyword": {"aggregatable": true, "indices": ["a"]}, "object": {"aggregatable": false, "indices": ["b", "c"]}},
            "late": {"long": {"aggregatable": true, "indices": ["a"]}, "unmapped": {"aggregatable": false, "indices": ["b"]}}}}),
            "@timestamp",
        );
        assert_eq!(
            (fields.count, fields.time.len(), fields.tags.as_deref()),
            (5, 1, Some("tags.keyword"))
        );
        assert_eq!(fields.conflicts.len(), 1);
        assert_eq!(fields.conflicts[0].types[1].1, ["b", "c"]);
    }
}
