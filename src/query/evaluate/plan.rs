//! What a clause asks of which fields: names resolved, `multi_match` and query strings spread over
//! fields, boolean rules applied. Nothing is left out, however it is decided: what Elasticsearch
//! would refuse is refused wherever it stands.
//!
//! In: a [`Clause`] and a mapping. Out: a tree of [`Asked`], from which both the plain reading and
//! the compiled one start. Values are not typed yet.

use serde_json::Value as Json;

use super::operation::{Operation, Range, Side};
use super::{Node, Target, refuse};
use crate::diagnostic::Diagnostic;
use crate::event::{FieldType, MappedField, Mapping};
use crate::query::clause::{Bound, Clause, MatchKind};
use crate::query::{dsl, lucene};
use crate::text::Wildcard;

/// One question to one field of the mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The field as it was asked for.
    pub name: Box<str>,
    /// The document's field that is read.
    pub source: Box<str>,
    /// How the field is mapped.
    pub field: MappedField,
    /// The question.
    pub operation: Operation,
    /// Whether a value that the field cannot take matches nothing rather than refuses the search.
    pub lenient: bool,
    /// Whether documents (or the objects of the nested group that is asked in) have the field.
    pub visible: bool,
}

impl Asked {
    /// The field, for compiling the operation.
    #[must_use]
    pub fn target(&self) -> Target<'_> {
        Target { name: &self.name, field: &self.field }
    }
}

/// The most nodes that `minimum_should_match` may spread to.
const MOST_COMBINATIONS: usize = 1_000;

/// Resolves clauses against a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    /// The fields.
    pub mapping: &'a Mapping,
    /// The nested object that is asked in.
    pub nested: Option<&'a str>,
}

impl Planner<'_> {
    /// The tree of a clause.
    ///
    /// # Errors
    /// Where Elasticsearch would refuse the clause whatever the values, and for clauses that only
    /// Elasticsearch can read.
    pub fn plan(&self, clause: &Clause) -> Result<Node<Asked>, Diagnostic> {
        let flag = |ignore_case: &Option<bool>| ignore_case.unwrap_or(false);
        match clause {
            Clause::MatchAll => Ok(Node::All),
            Clause::MatchNone => Ok(Node::None),
            Clause::Bool { must, filter, should, must_not, minimum_should_match } => {
                self.boolean([must, filter, should, must_not], *minimum_should_match)
            }
            Clause::Combined { must, filter, should, must_not } => {
                self.boolean([must, filter, should, must_not], None)
            }
            Clause::Match { field, value } => {
                self.ask_value(field, value, &Operation::Match(value.clone()))
            }
            Clause::MatchPhrase { field, value, slop } => self.ask_value(
                field,
                value,
                &Operation::Phrase { value: value.clone(), slop: *slop },
            ),
            Clause::MultiMatch { fields, value, kind, lenient } => {
                self.multi_match(fields, value, *kind, *lenient)
            }
            Clause::Term { field, value, case_insensitive } => {
                let ignore_case = flag(case_insensitive);
                let values = vec![value.clone()];
                self.ask_value(field, value, &Operation::Terms { values, ignore_case })
            }
            Clause::Terms { field, values } => {
                if values.contains(&Json::Null) {
                    return Err(refuse::null(field));
                }
                Ok(self
                    .ask(field, &Operation::Terms { values: values.clone(), ignore_case: false }))
            }
            Clause::Range { field, lower, upper, format: _, time_zone } => {
                let (lower, upper) = (side(lower.as_ref()), side(upper.as_ref()));
                let operation = if lower == Side::Open && upper == Side::Open {
                    Operation::Exists
                } else {
                    Operation::Range(Range { lower, upper, time_zone: time_zone.clone() })
                };
                Ok(self.ask(field, &operation))
            }
            Clause::Exists { field } => Ok(self.exists(field)),
            Clause::Wildcard { field, pattern, case_insensitive } => {
                let (pattern, ignore_case) = (pattern.clone(), flag(case_insensitive));
                Ok(self.ask(field, &Operation::Wildcard { pattern, ignore_case }))
            }
            Clause::Prefix { field, value, case_insensitive } => {
                let (value, ignore_case) = (value.clone(), flag(case_insensitive));
                Ok(self.ask(field, &Operation::Prefix { value, ignore_case }))
            }
            Clause::Regexp { field, pattern, case_insensitive } => {
                let (pattern, ignore_case) = (pattern.clone(), flag(case_insensitive));
                Ok(self.ask(field, &Operation::Regexp { pattern, ignore_case }))
            }
            Clause::QueryString { query, fields, analyze_wildcard, time_zone, options } => {
                let settings = lucene::Settings {
                    fields,
                    analyze_wildcard: analyze_wildcard.unwrap_or(false),
                    time_zone: time_zone.as_deref(),
                    all_required: default_operator_is_and(options),
                };
                lucene::plan(query, &settings, self)
            }
            Clause::Nested { path, query, score_mode: _, ignore_unmapped } => {
                self.nested(path, query, ignore_unmapped.unwrap_or(false))
            }
            Clause::RecordContains { text } => Ok(record_contains(text)),
            Clause::Ids { .. } => Err(refuse::foreign("ids")),
            Clause::Custom(json) => match dsl::from_json(json) {
                Clause::Custom(json) => {
                    let name = json.as_object().and_then(|dsl| dsl.keys().next());
                    Err(refuse::foreign(name.map_or("custom", String::as_str)))
                }
                known => self.plan(&known),
            },
        }
    }

    fn all(&self, clauses: &[Clause]) -> Result<Vec<Node<Asked>>, Diagnostic> {
        clauses.iter().map(|clause| self.plan(clause)).collect()
    }

    /// The lists in the order `must`, `filter`, `should`, `must_not`.
    fn boolean(
        &self,
        [must, filter, should, must_not]: [&[Clause]; 4],
        minimum: Option<u32>,
    ) -> Result<Node<Asked>, Diagnostic> {
        // Without any clause it holds for every document, whatever the minimum.
        if [must, filter, should, must_not].iter().all(|list| list.is_empty()) {
            return Ok(Node::All);
        }
        let mut required = self.all(filter)?;
        required.extend(self.all(must)?);
        let optional = self.all(should)?;
        let usual = u32::from(required.is_empty() && !optional.is_empty());
        required.push(at_least(minimum.unwrap_or(usual) as usize, optional)?);
        required.push(Node::Not(Box::new(Node::Or(self.all(must_not)?))));
        Ok(Node::And(required))
    }

    fn nested(
        &self,
        path: &str,
        query: &Clause,
        ignore_unmapped: bool,
    ) -> Result<Node<Asked>, Diagnostic> {
        let is_nested = self.mapping.get(path).is_some_and(|it| it.kind == FieldType::Nested);
        if !is_nested {
            return if ignore_unmapped { Ok(Node::None) } else { Err(refuse::not_nested(path)) };
        }
        let inside = Planner { mapping: self.mapping, nested: Some(path) };
        let inner = Box::new(inside.plan(query)?);
        Ok(Node::Nested { path: path.into(), inner })
    }

    /// A question whose value must not be null.
    fn ask_value(
        &self,
        name: &str,
        value: &Json,
        operation: &Operation,
    ) -> Result<Node<Asked>, Diagnostic> {
        if value.is_null() { Err(refuse::null(name)) } else { Ok(self.ask(name, operation)) }
    }

    /// A question to the field of that name; no document has a field that the mapping lacks.
    #[must_use]
    pub fn ask(&self, name: &str, operation: &Operation) -> Node<Asked> {
        match self.resolve(name) {
            Some(asked) => Node::Leaf(Asked { operation: operation.clone(), ..asked }),
            None => Node::None,
        }
    }

    /// The field of that name, aliases followed.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Option<Asked> {
        let mut real = name;
        let mut field = self.mapping.get(name)?;
        if let Some(target) = field.alias_of.as_deref() {
            real = target;
            field = self.mapping.get(target)?;
        }
        if matches!(field.kind, FieldType::Nested | FieldType::Object) {
            return None;
        }
        Some(Asked {
            name: name.into(),
            source: field.parent.as_deref().unwrap_or(real).into(),
            visible: field.nested_path.as_deref() == self.nested,
            field: field.clone(),
            operation: Operation::Exists,
            lenient: false,
        })
    }

    /// Any value; of an object, any value of any of its fields. Names may have stars.
    #[must_use]
    pub fn exists(&self, name: &str) -> Node<Asked> {
        let mut names = self.names_like(name);
        if names.is_empty() {
            names = self.names_like(&format!("{name}.*"));
        }
        Node::Or(names.iter().map(|name| self.ask(name, &Operation::Exists)).collect())
    }

    /// The fields whose names match; a name without stars is itself, if there is such a field.
    #[must_use]
    pub fn names_like(&self, pattern: &str) -> Vec<String> {
        if !pattern.contains('*') {
            return self.mapping.get(pattern).map(|_| pattern.to_owned()).into_iter().collect();
        }
        let escaped = pattern.replace('\\', "\\\\").replace('?', "\\?");
        let wildcard = Wildcard::compile(&escaped, false);
        let names = self.mapping.fields.keys().filter(|name| wildcard.matches(name));
        names.map(ToString::to_string).collect()
    }

    /// The fields that a query without fields asks.
    #[must_use]
    pub fn searchable(&self) -> Vec<String> {
        let asks = |field: &MappedField| {
            let is_plain = !matches!(
                field.kind,
                FieldType::Nested | FieldType::Object | FieldType::GeoPoint | FieldType::Other
            );
            is_plain && field.alias_of.is_none() && field.nested_path.as_deref() == self.nested
        };
        let fields = self.mapping.fields.iter().filter(|(_, field)| asks(field));
        fields.map(|(name, _)| name.to_string()).collect()
    }

    fn multi_match(
        &self,
        fields: &[String],
        value: &Json,
        kind: MatchKind,
        lenient: bool,
    ) -> Result<Node<Asked>, Diagnostic> {
        if value.is_null() {
            return Err(refuse::null_text());
        }
        let operation = match kind {
            MatchKind::BestFields => Operation::Match(value.clone()),
            MatchKind::Phrase => Operation::Phrase { value: value.clone(), slop: 0 },
        };
        let names = if fields.is_empty() {
            self.searchable()
        } else {
            fields.iter().flat_map(|field| self.names_like(without_boost(field))).collect()
        };
        // Without fields Elasticsearch is lenient by itself.
        Ok(self.ask_any(&names, &operation, lenient || fields.is_empty()))
    }

    /// The same question to several fields.
    #[must_use]
    pub fn ask_any(&self, names: &[String], operation: &Operation, lenient: bool) -> Node<Asked> {
        let resolved = names.iter().filter_map(|name| self.resolve(name));
        let leaves = resolved
            .map(|asked| Node::Leaf(Asked { operation: operation.clone(), lenient, ..asked }));
        Node::Or(leaves.collect())
    }
}

/// `field^2` boosts, which changes nothing in what matches.
#[must_use]
pub fn without_boost(field: &str) -> &str {
    field.split_once('^').map_or(field, |(name, _)| name)
}

fn side(bound: Option<&Bound>) -> Side {
    match bound {
        Some(bound) if !bound.value.is_null() => {
            Side::At { value: bound.value.clone(), inclusive: bound.inclusive }
        }
        _ => Side::Open,
    }
}

fn default_operator_is_and(options: &[(String, Json)]) -> bool {
    let is_and = |value: &Json| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("and"));
    options.iter().any(|(name, value)| name == "default_operator" && is_and(value))
}

/// The whole record, as text of which any part may be searched.
fn record_contains(text: &str) -> Node<Asked> {
    Node::Leaf(Asked {
        name: "event.original".into(),
        source: "event.original".into(),
        field: MappedField::of(FieldType::Text),
        operation: Operation::Contains(text.to_owned()),
        lenient: false,
        visible: true,
    })
}

/// At least `count` of `nodes`.
fn at_least(count: usize, mut nodes: Vec<Node<Asked>>) -> Result<Node<Asked>, Diagnostic> {
    match count {
        0 => return Ok(Node::All),
        1 => return Ok(Node::Or(nodes)),
        _ if count > nodes.len() => return Ok(Node::None),
        _ if count == nodes.len() => return Ok(Node::And(nodes)),
        _ => {}
    }
    let combinations = (0..count).try_fold(1_usize, |product, step| {
        Some(product.checked_mul(nodes.len() - step)? / (step + 1))
    });
    if combinations.is_none_or(|combinations| combinations > MOST_COMBINATIONS) {
        return Err(refuse::foreign("bool with so large a minimum_should_match"));
    }
    let Some(last) = nodes.pop() else { return Ok(Node::None) };
    let with = Node::And(vec![last, at_least(count - 1, nodes.clone())?]);
    Ok(Node::Or(vec![with, at_least(count, nodes)?]))
}
