//! What a value means on one field.

use serde_json::Value as Json;

use super::field::Resolved;
use super::{Lowering, plus};
use crate::query::clause::{Bound, Clause, MatchKind};
use crate::query::kql::{Comparison, STAR, Term};

/// A value without a field.
pub(super) fn anywhere(value: &Term) -> Clause {
    if let Term::Wildcard(text) = value {
        return Clause::QueryString {
            query: query_string(text),
            fields: Vec::new(),
            analyze_wildcard: None,
            time_zone: None,
            options: Vec::new(),
        };
    }
    let quoted = matches!(value, Term::Text { quoted: true, .. });
    Clause::MultiMatch {
        fields: Vec::new(),
        value: json(value),
        kind: if quoted { MatchKind::Phrase } else { MatchKind::BestFields },
        lenient: true,
    }
}

/// A wildcard for `query_string` and `wildcard`: everything but the stars escaped.
fn query_string(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (idx, part) in text.split(STAR).enumerate() {
        if idx > 0 {
            escaped.push('*');
        }
        for c in part.chars() {
            if "+-=&|><!(){}[]^\"~*?:\\/".contains(c) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
    }
    escaped
}

/// The value as JSON; a wildcard as text with stars.
fn json(value: &Term) -> Json {
    match value {
        Term::Null => Json::Null,
        Term::Bool(value) => Json::from(*value),
        Term::Text { text, .. } => Json::from(text.as_str()),
        Term::Wildcard(_) | Term::Regex(_) => Json::from(value.plain()),
    }
}

impl Lowering<'_> {
    /// `field: value`
    pub(super) fn is_clause(&self, field: &Resolved<'_>, value: &Term) -> Clause {
        let name = || field.name().to_owned();
        let case_insensitive = self.config.case_insensitive;
        match value {
            _ if value.is_lone_star() => Clause::Exists { field: name() },
            Term::Wildcard(text) if field.is_keyword() => {
                Clause::Wildcard { field: name(), pattern: query_string(text), case_insensitive }
            }
            Term::Wildcard(text) => Clause::QueryString {
                query: query_string(text),
                fields: vec![name()],
                analyze_wildcard: None,
                time_zone: None,
                options: Vec::new(),
            },
            Term::Regex(pattern) => {
                Clause::Regexp { field: name(), pattern: pattern.clone(), case_insensitive }
            }
            _ if field.kind() == "date" => {
                let bound = || Some(Bound { value: json(value), inclusive: true });
                self.bounds(field, value, bound(), bound())
            }
            _ if field.is_keyword() => {
                Clause::Term { field: name(), value: json(value), case_insensitive }
            }
            Term::Text { quoted: true, .. } => {
                Clause::MatchPhrase { field: name(), value: json(value), slop: 0 }
            }
            _ => Clause::Match { field: name(), value: json(value) },
        }
    }

    /// `field > value`
    pub(super) fn range_clause(
        &self,
        field: &Resolved<'_>,
        comparison: Comparison,
        value: &Term,
    ) -> Clause {
        let measured = if self.config.kql_plus {
            plus::measure(field.name(), field.kind(), value)
        } else {
            None
        };
        let inclusive = matches!(comparison, Comparison::Gte | Comparison::Lte);
        let bound = Some(Bound { value: measured.unwrap_or_else(|| json(value)), inclusive });
        match comparison {
            Comparison::Gt | Comparison::Gte => self.bounds(field, value, bound, None),
            Comparison::Lt | Comparison::Lte => self.bounds(field, value, None, bound),
        }
    }

    /// A range; dates that are no plain numbers get the zone.
    fn bounds(
        &self,
        field: &Resolved<'_>,
        value: &Term,
        lower: Option<Bound>,
        upper: Option<Bound>,
    ) -> Clause {
        let is_epoch = matches!(value, Term::Text { text, .. }
            if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
        let wants_zone = field.kind() == "date" && !is_epoch;
        let time_zone = if wants_zone { self.time_zone.clone() } else { None };
        Clause::Range { field: field.name().to_owned(), lower, upper, format: None, time_zone }
    }
}
