//! The fields of all sources together, as Kibana's data view has them: what a query is lowered with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A field of a data view, in Kibana's own shape (`shared` data view files parse into it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub struct ViewField {
    /// Dotted name.
    pub name: String,
    /// Kibana's type: `string`, `number`, `date`, `boolean`, `ip`, `geo_point`, `nested`, `conflict` ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Elasticsearch's types; more than one where indices disagree.
    pub es_types: Vec<String>,
    /// Whether it can be searched.
    pub searchable: bool,
    /// Whether it can be counted and sorted.
    pub aggregatable: bool,
    /// Whether a script computes it.
    pub scripted: bool,
    /// Nested path or parent of a multi-field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_type: Option<serde_json::Value>,
    /// Where sources disagree: which indices have which type, as far as they are told.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub conflict_descriptions: BTreeMap<String, Vec<String>>,
}

impl ViewField {
    /// The path of the nested object that the field is in.
    #[must_use]
    pub fn nested_path(&self) -> Option<&str> {
        self.sub_type.as_ref()?.get("nested")?.get("path")?.as_str()
    }

    /// The field that a multi-field (`agent.keyword`) belongs to.
    #[must_use]
    pub fn parent(&self) -> Option<&str> {
        self.sub_type.as_ref()?.get("multi")?.get("parent")?.as_str()
    }
}

/// A data view: a title, a time field, and fields in a stable order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub struct DataView {
    /// Identifier (pills name it).
    pub id: String,
    /// Index pattern or source names.
    pub title: String,
    /// The time field; `None` where documents have no time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_field_name: Option<String>,
    /// The fields.
    pub fields: Vec<ViewField>,
}

impl DataView {
    /// The field of that exact name. Quick where fields are in the order of their names.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&ViewField> {
        match self.fields.binary_search_by(|field| field.name.as_str().cmp(name)) {
            Ok(at) => self.fields.get(at),
            Err(_) => self.fields.iter().find(|field| field.name == name),
        }
    }
}
