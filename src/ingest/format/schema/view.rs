//! Mappings of several formats as one data view, merged as `_field_caps` merges indices.

use indexmap::IndexMap;
use serde_json::json;

use crate::event::{DataView, FieldType, MappedField, Mapping, ViewField};

/// Merges mappings; fields are in order of their first appearance. A field whose types differ in
/// what Kibana makes of them is a `conflict` and lists all its types.
#[must_use]
pub fn view(title: &str, mappings: &[&Mapping]) -> DataView {
    let mut fields: IndexMap<&str, ViewField> = IndexMap::new();
    for (name, field) in mappings.iter().flat_map(|mapping| &mapping.fields) {
        if matches!(field.kind, FieldType::Object) {
            continue;
        }
        let (es, kibana) = names(field.kind);
        let entry = fields.entry(name).or_insert_with(|| ViewField {
            name: name.to_string(),
            kind: kibana.to_owned(),
            es_types: Vec::new(),
            searchable: true,
            aggregatable: true,
            scripted: false,
            sub_type: sub_type(field),
            ..ViewField::default()
        });
        if !entry.es_types.iter().any(|known| known == es) {
            entry.es_types.push(es.to_owned());
        }
        if entry.kind != kibana {
            "conflict".clone_into(&mut entry.kind);
        }
        entry.aggregatable &= !matches!(field.kind, FieldType::Text | FieldType::Nested);
    }
    let time = fields.contains_key("@timestamp").then(|| "@timestamp".to_owned());
    DataView {
        id: title.to_owned(),
        title: title.to_owned(),
        time_field_name: time,
        fields: fields.into_values().collect(),
    }
}

fn sub_type(field: &MappedField) -> Option<serde_json::Value> {
    match (&field.parent, &field.nested_path) {
        (Some(parent), None) => Some(json!({"multi": {"parent": parent}})),
        (None, Some(path)) => Some(json!({"nested": {"path": path}})),
        (Some(parent), Some(path)) => {
            Some(json!({"multi": {"parent": parent}, "nested": {"path": path}}))
        }
        (None, None) => None,
    }
}

/// Elasticsearch's and Kibana's name of a type.
fn names(kind: FieldType) -> (&'static str, &'static str) {
    match kind {
        FieldType::Keyword => ("keyword", "string"),
        FieldType::Text => ("text", "string"),
        FieldType::Long => ("long", "number"),
        FieldType::Integer => ("integer", "number"),
        FieldType::Short => ("short", "number"),
        FieldType::Byte => ("byte", "number"),
        FieldType::Double => ("double", "number"),
        FieldType::Float => ("float", "number"),
        FieldType::Date => ("date", "date"),
        FieldType::DateNanos => ("date_nanos", "date"),
        FieldType::Boolean => ("boolean", "boolean"),
        FieldType::Ip => ("ip", "ip"),
        FieldType::GeoPoint => ("geo_point", "geo_point"),
        FieldType::Nested => ("nested", "nested"),
        FieldType::Object => ("object", "object"),
        FieldType::Other => ("unknown", "unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_with_conflicts() {
        let of = |fields: &[(&str, FieldType)]| {
            let mut mapping = Mapping::default();
            for (name, kind) in fields {
                mapping.fields.insert((*name).into(), MappedField::of(*kind));
            }
            mapping
        };
        let one =
            of(&[("@timestamp", FieldType::Date), ("a", FieldType::Long), ("b", FieldType::Text)]);
        let two = of(&[("a", FieldType::Keyword), ("b", FieldType::Keyword), ("c", FieldType::Ip)]);
        let merged = view("two", &[&one, &two]);
        let shown: Vec<String> = merged
            .fields
            .iter()
            .map(|field| {
                format!(
                    "{} {} {} {}",
                    field.name,
                    field.kind,
                    field.es_types.join("+"),
                    field.aggregatable
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                "@timestamp date date true",
                "a conflict long+keyword true",
                "b string text+keyword false",
                "c ip ip true"
            ]
        );
        assert_eq!(merged.time_field_name.as_deref(), Some("@timestamp"));
    }
}
