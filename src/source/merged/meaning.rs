//! What a query on the source's own name means: it is decided once for each source, as a keyword
//! that all its records hold.

use serde_json::{Map, Value as Json};

use super::SOURCE_FIELD;
use crate::event::{Document, FieldType, MappedField, Mapping};
use crate::query::Clause;
use crate::query::evaluate::Moment;
use crate::time::{Millis, Zone};

/// The clause for the records of the source called `name`.
pub(super) fn narrowed(clause: &Clause, name: &str) -> Clause {
    let all = |clauses: &[Clause]| -> Vec<Clause> {
        clauses.iter().map(|clause| narrowed(clause, name)).collect()
    };
    match clause {
        Clause::Bool { must, filter, should, must_not, minimum_should_match } => Clause::Bool {
            must: all(must),
            filter: all(filter),
            should: all(should),
            must_not: all(must_not),
            minimum_should_match: *minimum_should_match,
        },
        Clause::Combined { must, filter, should, must_not } => Clause::Combined {
            must: all(must),
            filter: all(filter),
            should: all(should),
            must_not: all(must_not),
        },
        leaf if is_about_source(leaf) => {
            if holds(leaf, name) {
                Clause::MatchAll
            } else {
                Clause::MatchNone
            }
        }
        other => other.clone(),
    }
}

fn is_about_source(clause: &Clause) -> bool {
    match clause {
        Clause::Match { field, .. }
        | Clause::MatchPhrase { field, .. }
        | Clause::Term { field, .. }
        | Clause::Terms { field, .. }
        | Clause::Range { field, .. }
        | Clause::Exists { field }
        | Clause::Wildcard { field, .. }
        | Clause::Prefix { field, .. }
        | Clause::Regexp { field, .. } => field == SOURCE_FIELD,
        Clause::MultiMatch { fields, .. } | Clause::QueryString { fields, .. } => {
            fields.as_slice() == [SOURCE_FIELD]
        }
        _ => false,
    }
}

fn holds(clause: &Clause, name: &str) -> bool {
    let mut mapping = Mapping::default();
    mapping.fields.insert(SOURCE_FIELD.into(), MappedField::of(FieldType::Keyword));
    let source = Map::from_iter([(SOURCE_FIELD.to_owned(), Json::from(name))]);
    let moment = Moment { now: Millis(0), zone: Zone::UTC };
    clause.matches(&Document { source }, &mapping, moment)
}

#[cfg(test)]
mod tests {
    use super::{SOURCE_FIELD, narrowed};
    use crate::event::DataView;
    use crate::query::{Clause, Language, QueryConfig, Question};
    use crate::source::merged::view::with_source;

    fn check(query: &str, expected: &Clause) {
        let question =
            Question { language: Language::Kql, text: query.to_owned(), filters: Vec::new() };
        let view = with_source(&DataView::default());
        let clause = question.lower(&view, &QueryConfig::default()).unwrap();
        let Clause::Combined { filter, .. } = narrowed(&clause, "prod") else {
            panic!("{clause:?}")
        };
        let mut said = filter.into_iter().next().unwrap();
        while let Clause::Bool { mut filter, mut should, .. } = said {
            filter.append(&mut should);
            said = filter.swap_remove(0);
        }
        assert_eq!(said, *expected, "{query}");
    }

    #[test]
    fn a_query_on_the_source_holds_for_all_its_records_or_none() {
        check(&format!("{SOURCE_FIELD}: prod"), &Clause::MatchAll);
        check(&format!("{SOURCE_FIELD}: \"prod\""), &Clause::MatchAll);
        check(&format!("{SOURCE_FIELD}: pr*"), &Clause::MatchAll);
        check(&format!("{SOURCE_FIELD}: *"), &Clause::MatchAll);
        check(&format!("{SOURCE_FIELD}: access.log"), &Clause::MatchNone);
        check(&format!("{SOURCE_FIELD}: a*"), &Clause::MatchNone);
    }
}
