//! Reads an Elasticsearch index mapping.
//!
//! In: its JSON, with or without the `mappings` around it. Out: a [`Mapping`] of every field, with
//! multi-fields and nested objects. Templates and dynamic rules are not read.

use serde_json::{Map, Value as Json};

use super::mapping::{FieldType, MappedField, Mapping};
use crate::diagnostic::Diagnostic;

impl FieldType {
    /// The type of that name in a mapping; those that Peavey does not evaluate are `Other`.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "keyword" | "constant_keyword" | "wildcard" => Self::Keyword,
            "text" | "match_only_text" => Self::Text,
            "long" | "unsigned_long" => Self::Long,
            "integer" => Self::Integer,
            "short" => Self::Short,
            "byte" => Self::Byte,
            "double" | "scaled_float" => Self::Double,
            "float" | "half_float" => Self::Float,
            "date" => Self::Date,
            "date_nanos" => Self::DateNanos,
            "boolean" => Self::Boolean,
            "ip" => Self::Ip,
            "geo_point" => Self::GeoPoint,
            "nested" => Self::Nested,
            "object" => Self::Object,
            _ => Self::Other,
        }
    }
}

impl Mapping {
    /// Reads an index mapping: `{"mappings": {"properties": ..}}`, or what is inside.
    ///
    /// # Errors
    /// Says what is wrong where the JSON is no mapping.
    pub fn from_json(json: &Json) -> Result<Self, Diagnostic> {
        let body = json.get("mappings").unwrap_or(json);
        let properties = body.get("properties").and_then(Json::as_object);
        let properties = properties.ok_or_else(|| {
            Diagnostic::error("the mapping has no `properties`").hint(
                "expected {\"mappings\": {\"properties\": {..}}}, as GET index/_mapping answers",
            )
        })?;
        let mut mapping = Self::default();
        mapping.add_all(properties, "", None)?;
        Ok(mapping)
    }

    fn add_all(
        &mut self,
        properties: &Map<String, Json>,
        prefix: &str,
        nested: Option<&str>,
    ) -> Result<(), Diagnostic> {
        for (name, definition) in properties {
            let name = format!("{prefix}{name}");
            let definition = definition.as_object().ok_or_else(|| {
                Diagnostic::error(format!("the mapping of `{name}` is no object"))
            })?;
            self.add(&name, definition, nested)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        name: &str,
        definition: &Map<String, Json>,
        nested: Option<&str>,
    ) -> Result<(), Diagnostic> {
        let text = |key: &str| definition.get(key).and_then(Json::as_str);
        let inner = definition.get("properties").and_then(Json::as_object);
        let type_name = text("type").unwrap_or("object");
        if type_name == "object" {
            return match inner {
                Some(inner) => self.add_all(inner, &format!("{name}."), nested),
                None => Ok(()),
            };
        }
        let mut field = MappedField::of(FieldType::of(type_name));
        field.nested_path = nested.map(Into::into);
        field.format = text("format").map(Into::into);
        field.ignore_above = definition
            .get("ignore_above")
            .and_then(Json::as_u64)
            .and_then(|above| usize::try_from(above).ok());
        if type_name == "alias" {
            let path = text("path").ok_or_else(|| {
                Diagnostic::error(format!("the alias `{name}` does not say its `path`"))
            })?;
            field.alias_of = Some(path.into());
        }
        let kind = field.kind;
        self.fields.insert(name.into(), field);
        if let (FieldType::Nested, Some(inner)) = (kind, inner) {
            self.add_all(inner, &format!("{name}."), Some(name))?;
        }
        let multi_fields = definition.get("fields").and_then(Json::as_object);
        for (child, definition) in multi_fields.into_iter().flatten() {
            let Some(definition) = definition.as_object() else { continue };
            let child = format!("{name}.{child}");
            self.add(&child, definition, nested)?;
            if let Some(field) = self.fields.get_mut(child.as_str()) {
                field.parent = Some(name.into());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_nested_aliases_and_multi_fields_are_read() {
        let mapping = Mapping::from_json(&json!({"mappings": {"properties": {
            "a": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 8}}},
            "o": {"properties": {"n": {"type": "nested", "properties": {"x": {"type": "long"}}}}},
            "b": {"type": "alias", "path": "a.keyword"},
        }}}))
        .unwrap();
        let names: Vec<&str> = mapping.fields.keys().map(|name| &**name).collect();
        assert_eq!(names, ["a", "a.keyword", "o.n", "o.n.x", "b"]);
        let keyword = mapping.get("a.keyword").unwrap();
        assert_eq!((keyword.ignore_above, keyword.parent.as_deref()), (Some(8), Some("a")));
        assert_eq!(mapping.get("o.n.x").unwrap().nested_path.as_deref(), Some("o.n"));
        assert_eq!(mapping.get("b").unwrap().alias_of.as_deref(), Some("a.keyword"));
    }

    #[test]
    fn what_is_no_mapping_is_refused() {
        for json in [
            json!({}),
            json!({"properties": {"a": 1}}),
            json!({"properties": {"a": {"type": "alias"}}}),
        ] {
            assert!(Mapping::from_json(&json).is_err(), "{json}");
        }
    }
}
