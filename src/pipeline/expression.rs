//! Conditions, ready to be asked.
//!
//! In: a [`Condition`] of the tree. Out: whether it holds for an event. Types are compared as
//! strictly as Logstash does: `1` is neither `"1"` nor `1.0`.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::ast::{Comparison, Condition, Join, Operand};
use super::fields::{Field, Fields};
use super::reference::Reference;
use super::state::{Got, State};
use crate::diagnostic::Diagnostic;
use crate::event::Value;
use crate::grok::Regex;

/// A condition over fields that are names or resolved.
#[derive(Debug, Clone)]
pub(super) enum Expression<F> {
    Join(Join, Box<Self>, Box<Self>),
    Not(Box<Self>),
    Truthy(Term<F>),
    Compare(Comparison, Term<F>, Term<F>),
    In { needle: Term<F>, haystack: Term<F>, negated: bool },
    Matches { subject: Term<F>, regex: std::sync::Arc<Regex>, negated: bool },
}

/// A value in a condition.
#[derive(Debug, Clone)]
pub(super) enum Term<F> {
    Field(F),
    Constant(Json),
}

/// That values of these types cannot be put in order: Logstash drops such an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Incomparable;

impl Expression<Reference> {
    /// Reads a condition. `text` expands environment variables in constants.
    pub(super) fn of(
        condition: &Condition,
        text: &mut dyn FnMut(&str) -> String,
    ) -> Result<Self, Diagnostic> {
        Ok(match condition {
            Condition::Join(join, a, b) => {
                Self::Join(*join, Box::new(Self::of(a, text)?), Box::new(Self::of(b, text)?))
            }
            Condition::Not(inner) => Self::Not(Box::new(Self::of(inner, text)?)),
            Condition::Truthy(operand) => Self::Truthy(term(operand, text)?),
            Condition::Compare(comparison, a, b) => {
                Self::Compare(*comparison, term(a, text)?, first_of(term(b, text)?))
            }
            Condition::In { needle, haystack, negated } => Self::In {
                needle: term(needle, text)?,
                haystack: match haystack {
                    // Logstash takes a list of one text for a field of that name.
                    Operand::Array(items) => match items.as_slice() {
                        [Operand::Text(name)] => {
                            Term::Field(Reference::of(vec![format!("\"{name}\"").into()]))
                        }
                        _ => term(haystack, text)?,
                    },
                    _ => term(haystack, text)?,
                },
                negated: *negated,
            },
            Condition::Matches { subject, regex, negated, span } => {
                let regex = regex.replace("\\/", "/");
                let regex = Regex::compile(&regex).map_err(|e| e.diagnostic(span.clone()))?;
                let subject = term(subject, text)?;
                Self::Matches { subject, regex: regex.into(), negated: *negated }
            }
        })
    }

    /// Calls `visit` with each field that is read.
    pub(super) fn reads(&self, visit: &mut dyn FnMut(&Reference)) {
        let mut of = |term: &Term<Reference>| {
            if let Term::Field(field) = term {
                visit(field);
            }
        };
        match self {
            Self::Join(_, a, b) => {
                a.reads(visit);
                b.reads(visit);
            }
            Self::Not(inner) => inner.reads(visit),
            Self::Truthy(term) | Self::Matches { subject: term, .. } => of(term),
            Self::Compare(_, a, b) | Self::In { needle: a, haystack: b, .. } => {
                of(a);
                of(b);
            }
        }
    }

    /// Whether asking it can drop the event.
    pub(super) fn may_drop(&self) -> bool {
        match self {
            Self::Join(_, a, b) => a.may_drop() || b.may_drop(),
            Self::Not(inner) => inner.may_drop(),
            Self::Compare(comparison, ..) => {
                !matches!(comparison, Comparison::Equal | Comparison::NotEqual)
            }
            _ => false,
        }
    }

    pub(super) fn resolve(&self, fields: &Fields) -> Expression<Field> {
        let of = |term: &Term<Reference>| match term {
            Term::Field(field) => Term::Field(fields.resolve(field)),
            Term::Constant(value) => Term::Constant(value.clone()),
        };
        match self {
            Self::Join(join, a, b) => {
                Expression::Join(*join, Box::new(a.resolve(fields)), Box::new(b.resolve(fields)))
            }
            Self::Not(inner) => Expression::Not(Box::new(inner.resolve(fields))),
            Self::Truthy(term) => Expression::Truthy(of(term)),
            Self::Compare(comparison, a, b) => Expression::Compare(*comparison, of(a), of(b)),
            Self::In { needle, haystack, negated } => {
                Expression::In { needle: of(needle), haystack: of(haystack), negated: *negated }
            }
            Self::Matches { subject, regex, negated } => Expression::Matches {
                subject: of(subject),
                regex: regex.clone(),
                negated: *negated,
            },
        }
    }
}

/// Comparing with a list compares with its first element.
fn first_of(term: Term<Reference>) -> Term<Reference> {
    match term {
        Term::Constant(Json::Array(items)) => {
            Term::Constant(items.into_iter().next().unwrap_or(Json::Null))
        }
        other => other,
    }
}

fn term(
    operand: &Operand,
    text: &mut dyn FnMut(&str) -> String,
) -> Result<Term<Reference>, Diagnostic> {
    Ok(Term::Constant(match operand {
        Operand::Field(name) => {
            let reference = Reference::parse(name);
            return reference
                .map(Term::Field)
                .ok_or_else(|| Diagnostic::error(format!("invalid field reference `{name}`")));
        }
        Operand::Text(value) => Json::String(text(value)),
        Operand::Regex(value) => Json::String(value.clone()),
        Operand::Number(number) => match number.parse::<i64>() {
            Ok(value) => value.into(),
            Err(_) => number.parse().map_or(Json::Null, super::state::float),
        },
        Operand::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                match term(item, text)? {
                    Term::Constant(value) => values.push(value),
                    Term::Field(_) => {
                        return Err(Diagnostic::error("a list of constants cannot hold a field"));
                    }
                }
            }
            Json::Array(values)
        }
        Operand::Call(name) => {
            return Err(Diagnostic::error(format!("there is no function `{name}`")));
        }
    }))
}

impl Expression<Field> {
    /// Whether the condition holds.
    pub(super) fn holds(&self, state: &mut State<'_>) -> Result<bool, Incomparable> {
        Ok(match self {
            Self::Join(Join::And, a, b) => a.holds(state)? && b.holds(state)?,
            Self::Join(Join::Or, a, b) => a.holds(state)? || b.holds(state)?,
            Self::Join(Join::Xor, a, b) => a.holds(state)? != b.holds(state)?,
            Self::Join(Join::Nand, a, b) => !(a.holds(state)? && b.holds(state)?),
            Self::Not(inner) => !inner.holds(state)?,
            Self::Truthy(term) => is_truthy(state, term),
            Self::Compare(comparison, a, b) => compare(state, *comparison, a, b)?,
            Self::In { needle, haystack, negated } => contains(state, needle, haystack) != *negated,
            Self::Matches { subject, regex, negated } => {
                let mut memory = std::mem::take(&mut state.scratch.grok);
                let found = match subject {
                    Term::Constant(Json::String(text)) => {
                        regex.is_match(&mut memory, text.as_bytes())
                    }
                    Term::Constant(_) => false,
                    Term::Field(field) => match state.get(field) {
                        Some(Got::Value(Value::Text(text))) => regex.is_match(&mut memory, text),
                        Some(Got::Tree(Json::String(text))) => {
                            regex.is_match(&mut memory, text.as_bytes())
                        }
                        _ => false,
                    },
                };
                state.scratch.grok = memory;
                found != *negated
            }
        })
    }
}

fn is_truthy(state: &State<'_>, term: &Term<Field>) -> bool {
    match term {
        Term::Constant(value) => !matches!(value, Json::Null | Json::Bool(false)),
        Term::Field(field) => match state.get(field) {
            None | Some(Got::Value(Value::Null | Value::Bool(false))) => false,
            Some(Got::Tree(Json::Null | Json::Bool(false))) => false,
            Some(Got::Value(Value::Text(text))) => !text.is_empty() && text != b"false",
            Some(Got::Tree(Json::String(text))) => !text.is_empty() && text != "false",
            Some(_) => true,
        },
    }
}

/// A term's value: what it is, and whether it is an instant (which equals no text).
fn value(state: &State<'_>, term: &Term<Field>) -> Option<(Json, bool)> {
    match term {
        Term::Constant(value) => Some((value.clone(), false)),
        Term::Field(field) => {
            let got = state.get(field)?;
            let is_time = matches!(got, Got::Value(Value::Time(_)));
            Some((got.json(), is_time))
        }
    }
}

fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.is_f64() == b.is_f64() && a == b,
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        _ => a == b,
    }
}

fn compare(
    state: &State<'_>,
    comparison: Comparison,
    a: &Term<Field>,
    b: &Term<Field>,
) -> Result<bool, Incomparable> {
    // The common case, text against a constant, without making copies.
    if let (Term::Field(field), Term::Constant(Json::String(constant))) = (a, b)
        && let Some(Got::Value(Value::Text(text))) = state.get(field)
    {
        return Ok(ordered(comparison, text.cmp(constant.as_bytes())));
    }
    let with_constant = matches!(a, Term::Constant(_)) || matches!(b, Term::Constant(_));
    let (a, b) = (value(state, a), value(state, b));
    let same = match (&a, &b) {
        (None, None) => true,
        (Some((a, a_time)), Some((b, b_time))) => a_time == b_time && equal(a, b),
        _ => false,
    };
    match comparison {
        Comparison::Equal => return Ok(same),
        Comparison::NotEqual => return Ok(!same),
        _ => {}
    }
    let (Some((a, a_time)), Some((b, b_time))) = (a, b) else { return Err(Incomparable) };
    if a_time && b_time {
        return Ok(ordered(comparison, a.as_str().cmp(&b.as_str())));
    }
    match (&a, &b) {
        (Json::Number(x), Json::Number(y)) => {
            let order = match (x.as_i64(), y.as_i64()) {
                (Some(x), Some(y)) => Some(x.cmp(&y)),
                _ => x.as_f64().partial_cmp(&y.as_f64()),
            };
            order.map(|order| ordered(comparison, order)).ok_or(Incomparable)
        }
        (Json::String(x), Json::String(y)) if a_time == b_time => Ok(ordered(comparison, x.cmp(y))),
        (Json::Null | Json::Bool(_), _) | (_, Json::Null | Json::Bool(_)) if with_constant => {
            Ok(false)
        }
        _ if with_constant && (a_time || b_time) => Ok(false),
        _ => Err(Incomparable),
    }
}

fn ordered(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }
}

fn contains(state: &State<'_>, needle: &Term<Field>, haystack: &Term<Field>) -> bool {
    let constants = matches!((needle, haystack), (Term::Constant(_), Term::Constant(_)));
    let (sought, place) = (value(state, needle), value(state, haystack));
    if constants && !matches!(place, Some((Json::Array(_), _))) {
        return matches!((sought, place), (Some((a, _)), Some((b, _))) if equal(&a, &b));
    }
    let Some((place, place_time)) = place else { return false };
    let Some((sought, sought_time)) = sought else { return false };
    match (needle, haystack) {
        (Term::Constant(Json::String(text)), Term::Field(_)) => match &place {
            Json::String(whole) => !place_time && whole.contains(text.as_str()),
            Json::Array(items) => items.iter().any(|item| as_text(item) == *text),
            _ => false,
        },
        (Term::Constant(number), Term::Field(_)) => match &place {
            Json::Array(items) => items.iter().any(|item| equal(item, number)),
            _ => false,
        },
        (Term::Field(_), Term::Constant(Json::Array(items))) => {
            let sought = as_text(&sought);
            items.iter().any(|item| as_text(item) == sought)
        }
        (Term::Field(_), Term::Constant(Json::String(whole))) => match &sought {
            Json::String(part) => !sought_time && whole.contains(part.as_str()),
            _ => false,
        },
        _ => match (&sought, &place) {
            (Json::String(part), Json::String(whole)) if !sought_time && !place_time => {
                whole.contains(part.as_str())
            }
            (Json::Array(_) | Json::Object(_), _) => false,
            (sought, Json::Array(items)) => items.iter().any(|item| equal(item, sought)),
            (sought, place) => sought_time == place_time && equal(sought, place),
        },
    }
}

fn as_text(value: &Json) -> String {
    super::state::display(value)
}
