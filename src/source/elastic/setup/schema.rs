//! A template from a data view: the types that a local log has, for the cluster that will hold it.

use serde_json::{Map, Value as Json, json};

use super::thing::Thing;
use crate::event::{DataView, ViewField};

/// What a template is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub name: String,
    /// The indices or streams that it is for.
    pub pattern: String,
    /// Whether these are data streams.
    pub makes_streams: bool,
    /// Shards of each index.
    pub shards: u32,
    /// Copies of each shard.
    pub replicas: u32,
}

/// Above the templates that come with the engine.
const PRIORITY: u64 = 500;
/// Longer texts are not indexed as keywords: an engine refuses those beyond 32,766 bytes.
const LONGEST: u32 = 8191;

/// Text that is one value.
#[must_use]
pub(super) fn keyword() -> Json {
    json!({"type": "keyword", "ignore_above": LONGEST})
}

/// Texts of fields that nobody foresaw are keywords, so that they can be counted.
#[must_use]
pub(super) fn dynamic_templates() -> Json {
    json!([{"texts": {"match_mapping_type": "string", "mapping": keyword()}}])
}

/// The template of a data view. Fields that are in conflict or have no type are left to the engine;
/// their names are given too.
#[must_use]
pub fn template(plan: &Plan, view: &DataView) -> (Thing, Vec<String>) {
    let (properties, left) = properties(view);
    let mut body = json!({
        "index_patterns": [plan.pattern],
        "priority": PRIORITY,
        "template": {
            "settings": {"number_of_shards": plan.shards, "number_of_replicas": plan.replicas},
            "mappings": {"dynamic_templates": dynamic_templates(), "properties": properties},
        },
    });
    if plan.makes_streams {
        body["data_stream"] = json!({});
    }
    (Thing::template(&plan.name, body), left)
}

fn properties(view: &DataView) -> (Json, Vec<String>) {
    let mut root = Map::new();
    let mut left = Vec::new();
    root.insert("@timestamp".to_owned(), json!({"type": "date"}));
    let mut fields: Vec<&ViewField> = view.fields.iter().collect();
    // Nested objects before what is in them.
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    for field in fields {
        let is_own = field.name.starts_with('_') || field.name == "@timestamp" || field.scripted;
        if is_own || field.parent().is_some() {
            continue;
        }
        let subs = view.fields.iter().filter(|sub| sub.parent() == Some(&field.name));
        let is_placed =
            mapping(field, subs).is_some_and(|mapping| place(&mut root, &field.name, mapping));
        if !is_placed {
            left.push(field.name.clone());
        }
    }
    (Json::Object(root), left)
}

/// The mapping of a field with its sub-fields.
fn mapping<'a>(field: &ViewField, subs: impl Iterator<Item = &'a ViewField>) -> Option<Json> {
    let mut mapping = of_type(field)?;
    let mut inner = Map::new();
    for sub in subs {
        if let (Some(name), Some(mapping)) = (sub.name.rsplit('.').next(), of_type(sub)) {
            inner.insert(name.to_owned(), mapping);
        }
    }
    if !inner.is_empty() {
        mapping["fields"] = Json::Object(inner);
    }
    Some(mapping)
}

fn of_type(field: &ViewField) -> Option<Json> {
    let [kind] = field.es_types.as_slice() else { return None };
    Some(match kind.as_str() {
        "keyword" => keyword(),
        "scaled_float" => json!({"type": "double"}),
        "match_only_text" | "search_as_you_type" => json!({"type": "text"}),
        "constant_keyword" | "wildcard" => keyword(),
        // What these need beside their name is not known to a data view.
        "alias" | "join" | "dense_vector" => return None,
        kind => json!({"type": kind}),
    })
}

/// Puts a mapping to its place among the properties; not if a field with a value stands in the way.
fn place(root: &mut Map<String, Json>, path: &str, mapping: Json) -> bool {
    let Some((first, rest)) = path.split_once('.') else {
        if root.contains_key(path) {
            return false;
        }
        root.insert(path.to_owned(), mapping);
        return true;
    };
    let object = root.entry(first).or_insert_with(|| json!({"properties": {}}));
    let is_leaf = object.get("type").is_some_and(|kind| kind != "object" && kind != "nested");
    if is_leaf {
        return false;
    }
    let Some(object) = object.as_object_mut() else { return false };
    let inner = object.entry("properties").or_insert_with(|| json!({}));
    inner.as_object_mut().is_some_and(|inner| place(inner, rest, mapping))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Plan, properties, template};
    use crate::event::{DataView, ViewField};

    fn view(fields: &[(&str, &[&str])]) -> DataView {
        let field = |(name, kinds): &(&str, &[&str])| ViewField {
            name: (*name).to_owned(),
            es_types: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..ViewField::default()
        };
        DataView { fields: fields.iter().map(field).collect(), ..DataView::default() }
    }

    #[test]
    fn types_go_to_their_places() {
        let mut view = view(&[
            ("_id", &["_id"]),
            ("@timestamp", &["date"]),
            ("url.path", &["keyword"]),
            ("url.query", &["text"]),
            ("service", &["keyword"]),
            ("service.name", &["keyword"]),
            ("status", &["long", "keyword"]),
            ("bytes", &["long"]),
            ("bytes.raw", &["keyword"]),
        ]);
        view.fields[8].sub_type = Some(json!({"multi": {"parent": "bytes"}}));
        let (found, left) = properties(&view);
        assert_eq!(left, ["service.name", "status"]);
        assert_eq!(found["url"]["properties"]["query"], json!({"type": "text"}));
        assert_eq!(found["bytes"]["fields"]["raw"]["type"], "keyword");
        assert_eq!(found["@timestamp"], json!({"type": "date"}));
    }

    #[test]
    fn a_template_makes_streams_where_wanted() {
        let plan = Plan {
            name: "x".to_owned(),
            pattern: "x-*".to_owned(),
            makes_streams: true,
            shards: 1,
            replicas: 0,
        };
        assert!(template(&plan, &view(&[])).0.console().contains("data_stream"));
        let plain = Plan { makes_streams: false, ..plan };
        assert!(!template(&plain, &view(&[])).0.console().contains("data_stream"));
    }
}
