//! What a query string asks of which fields, as Elasticsearch's `query_string` has it.
//!
//! In: the text, its settings, a mapping (in a [`Planner`]). Out: a tree of questions. Texts without
//! a single word are left out of the boolean rules, which is why these are applied here.

use serde_json::Value as Json;

use super::ast::{Clause, Conjunction, Group, Item, Modifier, RangeEnd};
use super::parse::parse;
use crate::diagnostic::Diagnostic;
use crate::event::FieldType;
use crate::query::evaluate::Node;
use crate::query::evaluate::operation::{Operation, Range, Side};
use crate::query::evaluate::plan::{Asked, Planner, without_boost};
use crate::text::{Fuzzy, analyze};

/// Parameters of a query string.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The fields that are asked where the text names none; empty means all, which is lenient.
    pub fields: &'a [String],
    /// Whether the beginning of a prefix is cut into words.
    pub analyze_wildcard: bool,
    /// The zone of date texts without one.
    pub time_zone: Option<&'a str>,
    /// Whether clauses that nothing joins must all hold.
    pub all_required: bool,
}

/// The questions of a query string.
///
/// # Errors
/// Texts that do not parse.
pub fn plan(
    text: &str,
    settings: &Settings<'_>,
    planner: &Planner<'_>,
) -> Result<Node<Asked>, Diagnostic> {
    if text.trim().is_empty() {
        return Ok(Node::None);
    }
    let group = parse(text).map_err(|error| {
        error.hint("a backslash before a special character makes it plain; or put quotes around it")
    })?;
    let lowering = Lowering { settings, planner };
    Ok(lowering.group(&group).unwrap_or(Node::None))
}

struct Lowering<'a> {
    settings: &'a Settings<'a>,
    planner: &'a Planner<'a>,
}

/// A tree, or nothing where a text has no words.
type Asking = Option<Node<Asked>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Occur {
    Required,
    Optional,
    Prohibited,
}

impl Lowering<'_> {
    /// Applies the boolean rules from left to right: `AND` requires the clause before it too.
    fn group(&self, group: &Group) -> Asking {
        let mut found: Vec<(Occur, Node<Asked>)> = Vec::new();
        for clause in &group.clauses {
            let before = found.last_mut().filter(|(occur, _)| *occur != Occur::Prohibited);
            match (clause.conjunction, before) {
                (Conjunction::And, Some(before)) => before.0 = Occur::Required,
                (Conjunction::Or, Some(before)) if self.settings.all_required => {
                    before.0 = Occur::Optional;
                }
                _ => {}
            }
            if let Some(node) = self.clause(clause) {
                found.push((self.occur(clause), node));
            }
        }
        if found.is_empty() { None } else { Some(combine(found)) }
    }

    fn occur(&self, clause: &Clause) -> Occur {
        match (clause.modifier, clause.conjunction) {
            (Modifier::Prohibited, _) => Occur::Prohibited,
            (Modifier::Required, _) | (_, Conjunction::And) => Occur::Required,
            (_, Conjunction::None) if self.settings.all_required => Occur::Required,
            _ => Occur::Optional,
        }
    }

    fn clause(&self, clause: &Clause) -> Asking {
        let field = clause.field.as_deref();
        if field == Some("_exists_") {
            return Some(match &clause.item {
                Item::Text(name) | Item::Quoted { text: name, .. } => self.planner.exists(name),
                Item::Group(group) => return self.group(group),
                _ => Node::None,
            });
        }
        match &clause.item {
            Item::Group(group) => self.group(group),
            Item::Text(text) => self.text(field, text),
            Item::Quoted { text, slop } => self.each(field, &|asked| {
                unless_silent(asked, text, Operation::Phrase { value: json(text), slop: *slop })
            }),
            Item::Prefix(text) => self.each(field, &|asked| self.prefix(asked, text)),
            Item::Wildcard(pattern) => self.wildcard(field, pattern),
            Item::Regexp(pattern) => self.each(field, &|asked| {
                let pattern = pattern.clone();
                Some(ask(asked, Operation::Regexp { pattern, ignore_case: false }))
            }),
            Item::Fuzzy { text, edits } => self.each(field, &|asked| {
                let edits = edits.unwrap_or_else(|| Fuzzy::automatic(text));
                let term = normal(asked, text);
                Some(ask(asked, Operation::Fuzzy { term, edits }))
            }),
            Item::Range { lower, upper } => self.range(field, lower, upper),
        }
    }

    /// Asks every field that the clause means; nothing, if none of them has anything to ask.
    fn each(&self, field: Option<&str>, asking: &dyn Fn(&Asked) -> Asking) -> Asking {
        let planner = self.planner;
        let names = match field {
            None | Some("*") if self.settings.fields.is_empty() => planner.searchable(),
            None => self.settings.fields.iter().map(|it| without_boost(it).to_owned()).collect(),
            Some(name) => planner.names_like(name),
        };
        let resolved: Vec<Asked> = names.iter().filter_map(|name| planner.resolve(name)).collect();
        if resolved.is_empty() {
            return Some(Node::None);
        }
        let lenient = self.settings.fields.is_empty();
        let asked = resolved.into_iter().map(|asked| Asked { lenient, ..asked });
        let nodes: Vec<_> = asked.filter_map(|asked| asking(&asked)).collect();
        if nodes.is_empty() { None } else { Some(Node::Or(nodes)) }
    }

    /// Bare words, or a comparison such as `>=10`, which only a field may have.
    fn text(&self, field: Option<&str>, text: &str) -> Asking {
        let open = || RangeEnd { text: None, inclusive: true };
        let end = |text: &str, inclusive| RangeEnd { text: Some(text.to_owned()), inclusive };
        let may_compare = field.is_some() || self.settings.fields.is_empty();
        let split = |marks: &str| text.strip_prefix(marks).filter(|rest| !rest.is_empty());
        if may_compare {
            if let Some(bound) = split(">=") {
                return self.range(field, &end(bound, true), &open());
            } else if let Some(bound) = split(">") {
                return self.range(field, &end(bound, false), &open());
            } else if let Some(bound) = split("<=") {
                return self.range(field, &open(), &end(bound, true));
            } else if let Some(bound) = split("<") {
                return self.range(field, &open(), &end(bound, false));
            }
        }
        self.each(field, &|asked| {
            let is_date = matches!(asked.field.kind, FieldType::Date | FieldType::DateNanos);
            if is_date && self.settings.time_zone.is_some() {
                let side = || Side::At { value: json(text), inclusive: true };
                return Some(ask(asked, self.between(side(), side())));
            }
            unless_silent(asked, text, Operation::Match(json(text)))
        })
    }

    /// A prefix; on text, where it is analysed, words before the last one are asked as words.
    fn prefix(&self, asked: &Asked, text: &str) -> Asking {
        let begins = |value: String| ask(asked, Operation::Prefix { value, ignore_case: false });
        if asked.field.kind != FieldType::Text {
            return Some(begins(text.to_owned()));
        }
        if !self.settings.analyze_wildcard {
            return Some(begins(analyze::lower_text(text)));
        }
        let mut tokens = analyze::tokens(text);
        let last = begins(tokens.pop()?);
        let is = |token: String| {
            let values = vec![Json::String(token)];
            ask(asked, Operation::Terms { values, ignore_case: false })
        };
        let mut nodes: Vec<_> = tokens.into_iter().map(is).collect();
        nodes.push(last);
        Some(if self.settings.all_required { Node::And(nodes) } else { Node::Or(nodes) })
    }

    fn wildcard(&self, field: Option<&str>, pattern: &str) -> Asking {
        if pattern == "*" {
            return match field {
                None if self.settings.fields.is_empty() => Some(Node::All),
                Some("*") => Some(Node::All),
                Some(name) => Some(self.planner.exists(name)),
                None => self.each(None, &|asked| Some(ask(asked, Operation::Exists))),
            };
        }
        self.each(field, &|asked| {
            let pattern = normal(asked, pattern);
            Some(ask(asked, Operation::Wildcard { pattern, ignore_case: false }))
        })
    }

    fn range(&self, field: Option<&str>, lower: &RangeEnd, upper: &RangeEnd) -> Asking {
        self.each(field, &|asked| {
            let side = |end: &RangeEnd| match &end.text {
                None => Side::Open,
                Some(text) => {
                    Side::At { value: json(&normal(asked, text)), inclusive: end.inclusive }
                }
            };
            Some(ask(
                asked,
                match (side(lower), side(upper)) {
                    (Side::Open, Side::Open) => Operation::Exists,
                    (lower, upper) => self.between(lower, upper),
                },
            ))
        })
    }

    fn between(&self, lower: Side, upper: Side) -> Operation {
        let time_zone = self.settings.time_zone.map(str::to_owned);
        Operation::Range(Range { lower, upper, time_zone })
    }
}

/// The question, unless the field is text and the query's text has no word.
fn unless_silent(asked: &Asked, text: &str, operation: Operation) -> Asking {
    let is_silent = asked.field.kind == FieldType::Text && analyze::tokens(text).is_empty();
    (!is_silent).then(|| ask(asked, operation))
}

fn ask(asked: &Asked, operation: Operation) -> Node<Asked> {
    Node::Leaf(Asked { operation, ..asked.clone() })
}

fn json(text: &str) -> Json {
    Json::String(text.to_owned())
}

/// A text as the field's terms are written: in lower case on analysed text.
fn normal(asked: &Asked, text: &str) -> String {
    match asked.field.kind {
        FieldType::Text => analyze::lower_text(text),
        _ => text.to_owned(),
    }
}

/// Required clauses decide if there are any; a group that only prohibits means everything else.
fn combine(clauses: Vec<(Occur, Node<Asked>)>) -> Node<Asked> {
    let (mut required, mut optional, mut prohibited) = (Vec::new(), Vec::new(), Vec::new());
    for (occur, node) in clauses {
        match occur {
            Occur::Required => required.push(node),
            Occur::Optional => optional.push(node),
            Occur::Prohibited => prohibited.push(node),
        }
    }
    if required.is_empty() && !optional.is_empty() {
        required.push(Node::Or(optional));
    }
    required.push(Node::Not(Box::new(Node::Or(prohibited))));
    Node::And(required)
}
