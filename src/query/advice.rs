//! Says, before a question is asked, that its fields cannot answer it, and what could be asked
//! instead.
//!
//! In: a question and the fields of a data view. Out: a [`Diagnostic`], with a whole text that would
//! work where there is one. Dates are not judged by their text, since a view does not tell formats;
//! the source refuses those itself.

use super::config::QueryConfig;
use super::evaluate::{Moment, number_range};
use super::kql::{self, Ast, Comparison, Term};
use super::question::{Language, Question};
use crate::diagnostic::Diagnostic;
use crate::event::{DataView, FieldType, MappedField, Mapping, ViewField};
use crate::time::elastic::{Dates, parse_nanos};
use crate::time::{Millis, RoundUp, Zone};

const MOMENT: Moment = Moment { now: Millis(0), zone: Zone::UTC };

impl Question {
    /// What is wrong with asking this of the view's fields: a pattern on numbers, a word where an
    /// address must stand ... `None` if nothing is, or if the text itself does not parse.
    #[must_use]
    pub fn advice(&self, view: &DataView, config: &QueryConfig) -> Option<Diagnostic> {
        if view.fields.is_empty() {
            return None; // Not known yet.
        }
        let clause = self.lower(view, config).ok()?;
        let refused = clause.check(&mapping(view, FieldType::Text), MOMENT).err();
        let refused = refused.or_else(|| {
            let strict = clause.check(&mapping(view, FieldType::Date), MOMENT).err();
            strict.filter(|_| self.asks_pattern_of_date(view))
        })?;
        match self.replacement(view, config) {
            Some(text) => Some(refused.replace_with(text)),
            None => Some(refused),
        }
    }

    fn asks_pattern_of_date(&self, view: &DataView) -> bool {
        self.language == Language::Kql
            && kql::parse(&self.text).is_ok_and(|ast| has_date_pattern(&ast, view))
    }

    /// The same question with patterns on numbers, dates and addresses as ranges.
    fn replacement(&self, view: &DataView, config: &QueryConfig) -> Option<String> {
        if self.language != Language::Kql {
            return None;
        }
        let ast = kql::parse(&self.text).ok()?;
        let text = without_patterns(ast, view).to_string();
        let question = Self { text, ..self.clone() };
        let clause = question.lower(view, config).ok()?;
        let works = clause.check(&mapping(view, FieldType::Date), MOMENT).is_ok();
        works.then_some(question.text)
    }
}

/// The view's fields as a mapping that refuses only what is sure: `dates` says what dates are.
fn mapping(view: &DataView, dates: FieldType) -> Mapping {
    let mut mapping = Mapping::default();
    for field in &view.fields {
        let kind = match kind_of(field) {
            FieldType::Date | FieldType::DateNanos => dates,
            FieldType::Other => FieldType::Text,
            kind => kind,
        };
        let mut mapped = MappedField::of(kind);
        if let Some(path) = field.nested_path() {
            mapped.nested_path = Some(path.into());
            let object = MappedField::of(FieldType::Nested);
            mapping.fields.entry(path.into()).or_insert(object);
        }
        mapping.fields.insert(field.name.as_str().into(), mapped);
    }
    mapping
}

/// The one type of a field; `Other` where indices disagree.
fn kind_of(field: &ViewField) -> FieldType {
    match field.es_types.as_slice() {
        [one] => FieldType::of(one),
        _ => FieldType::Other,
    }
}

/// A field of the view that is named plainly and compared with a pattern.
fn pattern<'a>(ast: &'a Ast, view: &'a DataView) -> Option<(&'a ViewField, String)> {
    match ast {
        Ast::Is { name: Term::Text { text, .. }, value: value @ Term::Wildcard(_) }
            if !value.is_lone_star() =>
        {
            Some((view.field(text)?, value.plain()))
        }
        _ => None,
    }
}

fn has_date_pattern(ast: &Ast, view: &DataView) -> bool {
    let here = pattern(ast, view)
        .is_some_and(|(field, _)| matches!(kind_of(field), FieldType::Date | FieldType::DateNanos));
    here || ast.children().iter().any(|child| has_date_pattern(child, view))
}

fn without_patterns(ast: Ast, view: &DataView) -> Ast {
    if let Some((field, pattern)) = pattern(&ast, view) {
        let range = as_range(field, &pattern);
        return range.unwrap_or(ast);
    }
    let each = |nodes: Vec<Ast>| nodes.into_iter().map(|it| without_patterns(it, view)).collect();
    match ast {
        Ast::And(nodes) => Ast::And(each(nodes)),
        Ast::Or(nodes) => Ast::Or(each(nodes)),
        Ast::Not(node) => Ast::Not(Box::new(without_patterns(*node, view))),
        other => other,
    }
}

/// What a pattern on a field most likely means, in a form that the field can answer.
fn as_range(field: &ViewField, pattern: &str) -> Option<Ast> {
    let name = || Term::bare(field.name.as_str());
    let stem = pattern.strip_suffix('*').filter(|stem| !stem.contains('*'))?;
    match kind_of(field) {
        FieldType::Ip => {
            let value = Term::quoted(block(stem)?);
            Some(Ast::Is { name: name(), value })
        }
        FieldType::Date | FieldType::DateNanos => {
            let text = stem.trim_end_matches(['-', ':', 'T', '.']);
            let dates = Dates { now: Millis(0), zone: Zone::UTC, round_up: RoundUp::No };
            // A month or a year alone would mean its first day only.
            let is_day = text.len() >= "2024-03-31".len() && parse_nanos(text, &dates).is_some();
            is_day.then(|| Ast::Is { name: name(), value: Term::quoted(text) })
        }
        _ => {
            let (from, to) = number_range(&field.name, pattern)?;
            let side = |comparison, bound: u32| Ast::Range {
                name: name(),
                comparison,
                value: Term::bare(bound.to_string()),
            };
            Some(Ast::And(vec![side(Comparison::Gte, from), side(Comparison::Lt, to)]))
        }
    }
}

/// `10.0.` as `10.0.0.0/16`.
fn block(stem: &str) -> Option<String> {
    let octets: Vec<&str> = stem.strip_suffix('.')?.split('.').collect();
    let are_octets = octets.iter().all(|octet| octet.parse::<u8>().is_ok());
    if !are_octets || octets.len() > 3 {
        return None;
    }
    let zeros = ".0".repeat(4 - octets.len());
    Some(format!("{}{zeros}/{}", octets.join("."), octets.len() * 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> DataView {
        let field = |name: &str, es_type: &str| ViewField {
            name: name.to_owned(),
            es_types: vec![es_type.to_owned()],
            ..ViewField::default()
        };
        let fields = vec![
            field("http.response.status_code", "long"),
            field("bytes", "long"),
            field("source.ip", "ip"),
            field("day", "date"),
            field("message", "text"),
        ];
        DataView { fields, ..DataView::default() }
    }

    /// The replacement, `Some("")` if the question is refused without one, `None` if it is fine.
    fn check(text: &str, expect: Option<&str>) {
        let question = Question { text: text.to_owned(), ..Question::default() };
        let advice = question.advice(&view(), &QueryConfig::default());
        let found = advice.map(|advice| advice.replacement.unwrap_or_default());
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn a_pattern_on_numbers_becomes_a_range() {
        let range = "http.response.status_code >= 500 and http.response.status_code < 600";
        check("http.response.status_code: 5*", Some(range));
        check(
            "not http.response.status_code: 50* and message: x",
            Some(
                "not (http.response.status_code >= 500 and http.response.status_code < 510) and message: x",
            ),
        );
        check("bytes: 4*", Some(""));
    }

    #[test]
    fn patterns_on_addresses_and_days_have_another_form() {
        check("source.ip: 10.0.*", Some("source.ip: \"10.0.0.0/16\""));
        check("source.ip: 10.0*", Some(""));
        check("day: 2024-03-31*", Some("day: \"2024-03-31\""));
        check("day: 2024-03*", Some(""));
    }

    #[test]
    fn what_the_fields_can_answer_is_left_alone() {
        for text in [
            "http.response.status_code: 500",
            "message: err*",
            "day: \"31/03/2024\"",
            "x*",
            "",
            "a:",
        ] {
            check(text, None);
        }
        check("bytes: many", Some(""));
    }
}
