//! Pills to clauses, as Kibana builds its request from them.

use serde_json::{Map, Value as Json, json};

use super::{Filter, FilterKind, Relation, convert};
use crate::event::DataView;
use crate::query::clause::{Bound, Clause};
use crate::query::config::QueryConfig;
use crate::query::lower::Error;

/// What the lowering of pills depends on.
#[derive(Debug, Clone, Copy)]
pub struct PillSettings<'a> {
    /// The fields, if they are known.
    pub view: Option<&'a DataView>,
    /// Settings.
    pub config: &'a QueryConfig,
}

impl PillSettings<'_> {
    /// The clauses of the pills that are on: those that must hold, and those that must not.
    ///
    /// # Errors
    /// A value does not fit its field.
    pub fn lower(&self, filters: &[Filter]) -> Result<(Vec<Clause>, Vec<Clause>), Error> {
        let (mut filter, mut must_not) = (Vec::new(), Vec::new());
        for pill in filters.iter().filter(|pill| !pill.disabled && self.concerns(pill)) {
            let list = if pill.negate { &mut must_not } else { &mut filter };
            list.push(self.clause(pill)?);
        }
        Ok((filter, must_not))
    }

    /// Whether a pill is about this data view, where that is asked for.
    fn concerns(&self, pill: &Filter) -> bool {
        let (Some(view), Some(field)) = (self.view, pill.field()) else { return true };
        if !self.config.ignore_filter_if_field_not_in_index {
            return true;
        }
        let is_custom = pill.meta.get("type").and_then(Json::as_str) == Some("custom");
        if is_custom {
            pill.index.as_deref() == Some(&view.id)
        } else {
            view.field(field).is_some()
        }
    }

    fn clause(&self, pill: &Filter) -> Result<Clause, Error> {
        let clause = match &pill.kind {
            FilterKind::Is { field, value } => phrase(field, value),
            FilterKind::IsOneOf { field, values } => {
                Clause::any(values.iter().map(|value| phrase(field, value)).collect())
            }
            FilterKind::Exists { field } => Clause::Exists { field: field.clone() },
            FilterKind::Between { field, from, to } => {
                let bound = |value: &Option<Json>, inclusive| {
                    value.clone().map(|value| Bound { value, inclusive })
                };
                Clause::Range {
                    field: field.clone(),
                    lower: bound(from, true),
                    upper: bound(to, false),
                    format: None,
                    time_zone: None,
                }
            }
            FilterKind::Contains { text } => Clause::RecordContains { text: text.clone() },
            FilterKind::Combined { relation, members } => return self.combined(*relation, members),
            FilterKind::Custom { query } => {
                let query = self.modern(query)?;
                if query == json!({"match_all": {}}) {
                    return Ok(Clause::MatchAll);
                }
                let is_choice = pill.meta.get("type").and_then(Json::as_str) == Some("phrases");
                let named = if is_choice { pill.field() } else { None };
                let field = field_of(&query).or(named).map(str::to_owned);
                return Ok(self.in_group(field.as_deref(), Clause::Custom(query)));
            }
        };
        Ok(self.in_group(pill.field(), clause))
    }

    fn combined(&self, relation: Relation, members: &[Filter]) -> Result<Clause, Error> {
        let all = |members: &[Filter]| {
            let (filter, must_not) = self.lower(members)?;
            Ok(Clause::Combined { must: Vec::new(), filter, should: Vec::new(), must_not })
        };
        match relation {
            Relation::And => all(members),
            Relation::Or => {
                let each = members.iter().map(|member| all(std::slice::from_ref(member)));
                Ok(Clause::any(each.collect::<Result<_, Error>>()?))
            }
        }
    }

    /// A clause on a field of a nested object holds for one of its objects.
    fn in_group(&self, field: Option<&str>, clause: Clause) -> Clause {
        let known = field.and_then(|field| self.view?.field(field));
        match known.and_then(|known| known.nested_path()) {
            Some(path) => Clause::Nested {
                path: path.to_owned(),
                query: Box::new(clause),
                score_mode: None,
                ignore_unmapped: self.config.nested_ignore_unmapped,
            },
            None => clause,
        }
    }

    /// The `match` of type `phrase` of older Kibana becomes a `match_phrase`, its value converted.
    fn modern(&self, query: &Json) -> Result<Json, Error> {
        let old = query.get("match").and_then(Json::as_object).and_then(|body| body.iter().next());
        let Some((field, Json::Object(options))) = old else { return Ok(query.clone()) };
        if options.get("type").and_then(Json::as_str) != Some("phrase") {
            return Ok(query.clone());
        }
        let mut options: Map<String, Json> = options.clone();
        options.shift_remove("type");
        let known = self.view.and_then(|view| view.field(field));
        if let (Some(known), Some(value)) = (known, options.get_mut("query")) {
            *value = convert(value, known).map_err(Error::Pill)?;
        }
        Ok(json!({"match_phrase": {field.as_str(): options}}))
    }
}

fn phrase(field: &str, value: &Json) -> Clause {
    Clause::MatchPhrase { field: field.to_owned(), value: value.clone(), slop: 0 }
}

/// The field of a custom pill whose query is of a kind that pills have.
fn field_of(query: &Json) -> Option<&str> {
    if let Some(body) = query.get("match_phrase").or_else(|| query.get("range")) {
        return body.as_object()?.keys().next().map(String::as_str);
    }
    query.get("exists")?.get("field")?.as_str()
}
