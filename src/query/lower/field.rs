//! The fields that a name stands for.

use std::borrow::Cow;

use super::error::{Error, NestedError};
use crate::event::{DataView, ViewField};
use crate::query::kql::{STAR, Term};

/// A field of the data view, or a name that is none.
#[derive(Debug)]
pub(super) enum Resolved<'a> {
    /// A field that is known.
    Known(&'a ViewField),
    /// A name as written.
    Unknown(String),
}

impl Resolved<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Known(field) => &field.name,
            Self::Unknown(name) => name,
        }
    }

    /// Kibana's type; empty where the field is not known.
    pub(super) fn kind(&self) -> &str {
        match self {
            Self::Known(field) => &field.kind,
            Self::Unknown(_) => "",
        }
    }

    pub(super) fn nested_path(&self) -> Option<&str> {
        match self {
            Self::Known(field) => field.nested_path(),
            Self::Unknown(_) => None,
        }
    }

    /// Whether it is of type `keyword` and no other.
    pub(super) fn is_keyword(&self) -> bool {
        match self {
            Self::Known(field) => field.es_types.iter().map(String::as_str).eq(["keyword"]),
            Self::Unknown(_) => false,
        }
    }
}

/// The fields of the data view that a name stands for, in its order; never none.
pub(super) fn resolve<'a>(
    name: &Term,
    group: Option<&str>,
    view: Option<&'a DataView>,
) -> Vec<Resolved<'a>> {
    let is_pattern = matches!(name, Term::Wildcard(_));
    let written: Cow<'_, str> = match name {
        Term::Wildcard(text) | Term::Text { text, .. } => Cow::Borrowed(text),
        other => Cow::Owned(other.plain()),
    };
    let full = match group {
        Some(path) => Cow::Owned(format!("{path}.{written}")),
        None => written,
    };
    let fields = view.map_or(&[][..], |view| &view.fields);
    let mut found: Vec<Resolved<'a>> = if is_pattern {
        let parts: Vec<&str> = full.split(STAR).collect();
        let fitting = fields.iter().filter(|field| fits(&parts, &field.name));
        fitting.map(Resolved::Known).collect()
    } else {
        fields.iter().find(|field| field.name == full).map(Resolved::Known).into_iter().collect()
    };
    if found.is_empty() {
        let name = if is_pattern { full.replace(STAR, "*") } else { full.into_owned() };
        found.push(Resolved::Unknown(name));
    }
    found
}

/// Whether a whole name consists of the parts with anything in between.
fn fits(parts: &[&str], name: &str) -> bool {
    let [first, middle @ .., last] = parts else { return parts == [name] };
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Checks that fields are asked for in the group of their nested object.
pub(super) fn check_groups(fields: &[Resolved<'_>], group: Option<&str>) -> Result<(), Error> {
    let errors: Vec<NestedError> =
        fields.iter().filter_map(|field| group_error(field, group)).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Nested { errors, better: None }) }
}

fn group_error(field: &Resolved<'_>, group: Option<&str>) -> Option<NestedError> {
    let Resolved::Known(known) = field else { return None };
    let field = || known.name.clone();
    match (known.nested_path(), group) {
        (None, Some(group)) => {
            Some(NestedError::NotNested { field: field(), group: group.to_owned() })
        }
        (Some(path), None) => Some(NestedError::NoGroup { field: field(), path: path.to_owned() }),
        (Some(path), Some(group)) if path != group => {
            Some(NestedError::WrongPath { field: field(), path: path.to_owned() })
        }
        _ => None,
    }
}
