//! A query that works in place of one that Elasticsearch would refuse.
//!
//! In: the KQL text and the data view. Out: the text with each pattern on a number field (`5*`)
//! written as the range that is most likely meant. Decides nothing about other refusals.

use serde_json::Value as Json;

use super::evaluate::number_range;
use super::kql::{Ast, Comparison, Term};
use crate::event::DataView;

/// The text that would work, if one is known.
#[must_use]
pub fn repair(text: &str, view: &DataView) -> Option<String> {
    let ast = super::kql::parse(text).ok()?;
    let mut changed = false;
    let repaired = rewrite(ast, view, &mut changed);
    changed.then(|| repaired.to_string())
}

fn rewrite(ast: Ast, view: &DataView, changed: &mut bool) -> Ast {
    let mut all = |parts: Vec<Ast>| {
        parts.into_iter().map(|part| rewrite(part, view, changed)).collect::<Vec<_>>()
    };
    match ast {
        Ast::And(parts) => Ast::And(all(parts)),
        Ast::Or(parts) => Ast::Or(all(parts)),
        Ast::Not(inner) => Ast::Not(Box::new(rewrite(*inner, view, changed))),
        Ast::Is { name, value } => match range_of(&name, &value, view) {
            Some((from, to)) => {
                *changed = true;
                let bound = |comparison, number: u32| Ast::Range {
                    name: name.clone(),
                    comparison,
                    value: Term::bare(Json::from(number).to_string()),
                };
                Ast::And(vec![bound(Comparison::Gte, from), bound(Comparison::Lt, to)])
            }
            None => Ast::Is { name, value },
        },
        other => other,
    }
}

/// The numbers that a pattern on a number field means.
fn range_of(name: &Term, value: &Term, view: &DataView) -> Option<(u32, u32)> {
    let Term::Wildcard(_) = value else { return None };
    let name = name.plain();
    let is_number = view.field(&name).is_some_and(|field| field.kind == "number");
    if is_number { number_range(&name, &value.plain()) } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::repair;

    #[test]
    fn patterns_on_numbers_become_ranges() {
        let fields = json!({ "fields": [
            { "name": "status", "type": "number" },
            { "name": "path", "type": "string" },
        ]});
        let view = serde_json::from_value(fields).unwrap();
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(repair(text, &view).as_deref(), expected, "{text}");
        };
        check("status: 5*", Some("status >= 500 and status < 600"));
        check("not status: 40*", Some("not (status >= 400 and status < 410)"));
        check("path: a* or status: 5*", Some("path: a* or status >= 500 and status < 600"));
        check("path: 5*", None);
        check("status: 5", None);
        check("status: *", None);
    }
}
