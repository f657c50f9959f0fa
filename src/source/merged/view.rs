//! The fields of several sources together, as `_field_caps` merges those of several indices.

use indexmap::IndexMap;

use super::SOURCE_FIELD;
use crate::event::{DataView, ViewField};

/// The usual time field.
const TIME: &str = "@timestamp";

/// One view of all; where sources disagree on a field's type it is a conflict with all types named.
pub(super) fn merged(views: &[(&str, &DataView)], title: &str) -> DataView {
    let mut fields: IndexMap<&str, ViewField> = IndexMap::new();
    for (name, view) in views {
        for field in &view.fields {
            match fields.get_mut(field.name.as_str()) {
                Some(known) => join(known, field, name),
                None => {
                    let mut own = field.clone();
                    own.conflict_descriptions = types_in(field, name).collect();
                    fields.insert(&field.name, own);
                }
            }
        }
    }
    let mut times = views.iter().filter_map(|(_, view)| view.time_field_name.as_deref());
    let time = times.clone().find(|name| *name == TIME).or_else(|| times.next());
    let mut view = DataView {
        id: title.to_owned(),
        title: title.to_owned(),
        time_field_name: time.map(str::to_owned),
        fields: fields.into_values().collect(),
    };
    for field in &mut view.fields {
        if field.es_types.len() < 2 {
            field.conflict_descriptions.clear();
        }
    }
    if !view.fields.is_empty() {
        view = with_source(&view);
    }
    view.fields.sort_by(|a, b| a.name.cmp(&b.name));
    view
}

/// The types that a field has in a source, each with the source's name.
fn types_in(field: &ViewField, name: &str) -> impl Iterator<Item = (String, Vec<String>)> {
    field.es_types.iter().map(|kind| (kind.clone(), vec![name.to_owned()]))
}

/// Adds what another source says of a field.
fn join(known: &mut ViewField, other: &ViewField, name: &str) {
    if known.name.starts_with('_') {
        // The engines' own fields have types of their own names.
        return;
    }
    for (kind, names) in types_in(other, name) {
        known.conflict_descriptions.entry(kind).or_default().extend(names);
    }
    if known.kind != other.kind {
        "conflict".clone_into(&mut known.kind);
    }
    for kind in &other.es_types {
        if !known.es_types.contains(kind) {
            known.es_types.push(kind.clone());
        }
    }
    known.searchable &= other.searchable;
    // Each source counts its own records, in its own way.
    known.aggregatable |= other.aggregatable;
    known.scripted &= other.scripted;
    if known.sub_type.is_none() {
        known.sub_type.clone_from(&other.sub_type);
    }
}

/// A view with the field that says where a record is from.
pub(super) fn with_source(view: &DataView) -> DataView {
    let mut view = view.clone();
    view.fields.retain(|field| field.name != SOURCE_FIELD);
    view.fields.push(ViewField {
        name: SOURCE_FIELD.to_owned(),
        kind: "string".to_owned(),
        es_types: vec!["keyword".to_owned()],
        searchable: true,
        aggregatable: true,
        scripted: false,
        ..ViewField::default()
    });
    view
}

#[cfg(test)]
mod tests {
    use super::merged;
    use crate::event::{DataView, ViewField};

    fn view(time: Option<&str>, fields: &[(&str, &str, &str)]) -> DataView {
        let field = |(name, kind, elastic): &(&str, &str, &str)| ViewField {
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            es_types: vec![(*elastic).to_owned()],
            searchable: true,
            aggregatable: *elastic != "text",
            ..ViewField::default()
        };
        DataView {
            time_field_name: time.map(str::to_owned),
            fields: fields.iter().map(field).collect(),
            ..DataView::default()
        }
    }

    #[test]
    fn a_field_of_two_types_is_a_conflict() {
        let files =
            view(Some("@timestamp"), &[("b", "string", "keyword"), ("a", "number", "long")]);
        let cluster = view(Some("at"), &[("a", "string", "keyword"), ("b", "string", "text")]);
        let both = merged(&[("prod", &cluster), ("a.log", &files)], "x");
        let names: Vec<&str> = both.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "peavey.source"]);
        let (a, b) = (both.field("a").unwrap(), both.field("b").unwrap());
        assert_eq!(
            (a.kind.as_str(), a.es_types.join(" ")),
            ("conflict", "keyword long".to_owned())
        );
        assert_eq!((b.kind.as_str(), b.es_types.join(" ")), ("string", "text keyword".to_owned()));
        assert_eq!(a.conflict_descriptions["long"], ["a.log"]);
        assert!(a.aggregatable && b.aggregatable);
        assert_eq!(both.time_field_name.as_deref(), Some("@timestamp"));
    }

    #[test]
    fn views_that_know_nothing_yet_make_one_that_knows_nothing() {
        assert!(merged(&[("a", &DataView::default())], "x").fields.is_empty());
    }
}
