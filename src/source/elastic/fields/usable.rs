//! What a field can be used for, and by which of its names the engine has to be asked.

use crate::event::{DataView, ViewField};
use crate::query::{Clause, Warning};
use crate::source::elastic::Error;

/// Types that a sentence names, at most.
const NAMED: usize = 4;

/// The name by which a field is counted and sorted: its own, or that of the keyword below a text.
#[must_use]
pub fn countable<'a>(view: &'a DataView, field: &'a str) -> &'a str {
    match view.field(field) {
        // Where indices disagree, what stands below one of them is not all of it.
        Some(found) if !found.aggregatable && found.es_types.len() == 1 => {
            below(view, field).find(|sub| sub.aggregatable).map_or(field, |sub| sub.name.as_str())
        }
        _ => field,
    }
}

/// The multi-fields of a field.
fn below<'a>(view: &'a DataView, field: &'a str) -> impl Iterator<Item = &'a ViewField> {
    let first = view.fields.partition_point(|other| other.name.as_str() <= field);
    let is_near = move |other: &&ViewField| other.name.starts_with(field);
    view.fields[first..]
        .iter()
        .take_while(is_near)
        .filter(move |other| other.parent() == Some(field))
}

/// The type that a field is taken to have in indices that lack it: it has to sort alike.
#[must_use]
pub fn unmapped_type<'a>(view: &'a DataView, field: &str, is_time: bool) -> &'a str {
    let types = view.field(field).map_or(&[][..], |field| &field.es_types);
    match types.first().map(String::as_str) {
        _ if is_time => "date",
        Some("date" | "date_nanos") => "date",
        Some("scaled_float") => "double",
        Some(
            kind @ ("long" | "integer" | "short" | "byte" | "double" | "float" | "half_float"
            | "unsigned_long" | "boolean" | "ip"),
        ) => kind,
        _ => "keyword",
    }
}

/// Checks that rows can be sorted by a field; a field that no index has sorts nothing.
///
/// # Errors
/// Why they cannot, and what can be done.
pub fn check_sortable(view: &DataView, field: &str) -> Result<(), Error> {
    let known = view.field(countable(view, field));
    // Texts among keywords: the indices that can sort them answer, the others are told of.
    let refused = |found: &&ViewField| {
        !found.aggregatable && (found.es_types.len() == 1 || found.kind == "conflict")
    };
    let Some(found) = known.filter(refused) else { return Ok(()) };
    let why = match found.es_types.as_slice() {
        [one] if one == "text" || one == "match_only_text" => {
            "it is a text without a keyword below it".to_owned()
        }
        [one] => format!("the cluster keeps no order of its values ({one})"),
        several => {
            let more = several.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let named = several[..several.len().min(NAMED)].join(", ");
            format!("it has different types in different indices ({named}{more})")
        }
    };
    let hint = match below(view, field).find(|sub| sub.aggregatable) {
        Some(sub) => format!("sort by {}", sub.name),
        None if found.es_types.len() > 1 => "name indices that agree".to_owned(),
        None => "sort by another field".to_owned(),
    };
    Err(Error::Settings(format!("rows cannot be sorted by {field}: {why}; {hint}")))
}

/// What should be known where a question names fields that engines cannot search.
#[must_use]
pub fn unsearchable(view: &DataView, clause: &Clause) -> Option<Warning> {
    let mut names = Vec::new();
    each_field(clause, &mut |name| {
        let is_dark =
            view.field(name).is_some_and(|field| !field.searchable && field.kind != "nested");
        if is_dark && !name.starts_with('_') && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    });
    if names.is_empty() {
        return None;
    }
    let verb = if names.len() == 1 { "is" } else { "are" };
    Some(Warning::note(format!(
        "{} {verb} not indexed, so the cluster finds no record by it",
        names.join(", ")
    )))
}

/// Gives each field that a clause names.
fn each_field(clause: &Clause, give: &mut dyn FnMut(&str)) {
    match clause {
        Clause::Bool { must, filter, should, must_not, .. }
        | Clause::Combined { must, filter, should, must_not } => {
            for clause in must.iter().chain(filter).chain(should).chain(must_not) {
                each_field(clause, give);
            }
        }
        Clause::Nested { query, .. } => each_field(query, give),
        Clause::Match { field, .. }
        | Clause::MatchPhrase { field, .. }
        | Clause::Term { field, .. }
        | Clause::Terms { field, .. }
        | Clause::Range { field, .. }
        | Clause::Exists { field }
        | Clause::Wildcard { field, .. }
        | Clause::Prefix { field, .. }
        | Clause::Regexp { field, .. } => give(field),
        // Named one by one or not at all, these skip what they cannot search.
        Clause::MultiMatch { .. }
        | Clause::QueryString { .. }
        | Clause::MatchAll
        | Clause::MatchNone
        | Clause::Ids { .. }
        | Clause::RecordContains { .. }
        | Clause::Custom(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{check_sortable, countable, unsearchable};
    use crate::event::{DataView, ViewField};
    use crate::query::Clause;

    /// Fields as `name`, types, what they can do, parent.
    fn view() -> DataView {
        let field = |name: &str, types: &str, can: &str, parent: Option<&str>| ViewField {
            name: name.to_owned(),
            kind: "string".to_owned(),
            es_types: types.split('|').map(str::to_owned).collect(),
            searchable: can.contains('s'),
            aggregatable: can.contains('a'),
            sub_type: parent.map(|parent| json!({"multi": {"parent": parent}})),
            ..ViewField::default()
        };
        let fields = vec![
            field("agent", "text", "s", None),
            field("agent-old", "keyword", "sa", None),
            field("agent.english", "text", "s", Some("agent")),
            field("agent.keyword", "keyword", "sa", Some("agent")),
            field("dark", "keyword", "", None),
            ViewField { kind: "conflict".to_owned(), ..field("mixed", "keyword|long", "s", None) },
            field("mixed.raw", "keyword", "sa", Some("mixed")),
            field("plain", "text", "s", None),
            field("some", "keyword|text", "s", None),
        ];
        DataView { fields, ..DataView::default() }
    }

    #[test]
    fn a_text_is_counted_by_the_keyword_below_it() {
        let view = view();
        for (name, expected) in [
            ("agent", "agent.keyword"),
            ("agent.keyword", "agent.keyword"),
            ("agent-old", "agent-old"),
            ("mixed", "mixed"),
            ("plain", "plain"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(countable(&view, name), expected);
        }
    }

    #[test]
    fn what_cannot_be_sorted_by_is_said_with_why() {
        let said = |field| check_sortable(&view(), field).map_err(|error| error.to_string());
        assert_eq!(said("agent"), Ok(()));
        assert_eq!(said("unknown"), Ok(()));
        assert_eq!(said("some"), Ok(()));
        let wrong = |field| said(field).unwrap_err();
        assert!(wrong("plain").contains("text without a keyword"), "{}", wrong("plain"));
        assert!(wrong("dark").contains("no order of its values (keyword)"), "{}", wrong("dark"));
        let mixed = wrong("mixed");
        assert!(
            mixed.contains("(keyword, long)") && mixed.ends_with("sort by mixed.raw"),
            "{mixed}"
        );
    }

    #[test]
    fn a_question_about_what_is_not_indexed_is_told_so() {
        let exists = |field: &str| Clause::Exists { field: field.to_owned() };
        let said = |clause: &Clause| unsearchable(&view(), clause).map(|warning| warning.message);
        assert_eq!(said(&exists("agent")), None);
        let both =
            Clause::negate(Clause::all(vec![exists("dark"), exists("agent"), exists("dark")]));
        assert_eq!(
            said(&both).as_deref(),
            Some("dark is not indexed, so the cluster finds no record by it")
        );
    }
}
