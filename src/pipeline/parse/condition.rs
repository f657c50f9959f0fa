//! Conditions of `if`.

use super::super::ast::{Comparison, Condition, Join, Operand};
use super::cursor::Cursor;
use super::{Failed, Parsed, literal};
use crate::diagnostic::Diagnostic;

const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

const JOINS: [(&str, Join); 4] =
    [("and", Join::And), ("or", Join::Or), ("xor", Join::Xor), ("nand", Join::Nand)];

/// Conditions joined: `and` binds tighter than `or`; `xor` and `nand` stand alone.
pub(super) fn condition(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    cursor.enter()?;
    let first = single(cursor)?;
    let mut rest: Vec<(Join, Condition)> = Vec::new();
    loop {
        let before = cursor.mark();
        cursor.space();
        let join = JOINS.into_iter().find(|(word, _)| cursor.eat(word));
        let Some((_, join)) = join else {
            cursor.reset(before);
            break;
        };
        cursor.space();
        let Ok(next) = single(cursor) else {
            if cursor.is_fatal() {
                return Err(Failed);
            }
            cursor.reset(before);
            break;
        };
        rest.push((join, next));
    }
    cursor.leave();
    let lonely = rest.iter().any(|(join, _)| matches!(join, Join::Xor | Join::Nand));
    if lonely && rest.len() > 1 {
        let at = cursor.at();
        let finding = Diagnostic::error("`xor` and `nand` cannot be chained")
            .at(at..at)
            .hint("put parentheses about the pairs");
        return cursor.refuse(finding);
    }
    Ok(fold(first, rest))
}

fn fold(first: Condition, rest: Vec<(Join, Condition)>) -> Condition {
    let mut alternatives: Vec<Condition> = Vec::new();
    let mut current = first;
    for (join, next) in rest {
        if join == Join::Or {
            alternatives.push(std::mem::replace(&mut current, next));
        } else {
            current = Condition::Join(join, Box::new(current), Box::new(next));
        }
    }
    alternatives.push(current);
    alternatives
        .into_iter()
        .reduce(|left, right| Condition::Join(Join::Or, Box::new(left), Box::new(right)))
        .unwrap_or(Condition::Truthy(Operand::Text(String::new())))
}

type Rule = fn(&mut Cursor<'_>) -> Parsed<Condition>;

fn single(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    let rules: [Rule; 7] = [grouped, negated, negated_field, inside, comparison, matching, truthy];
    let start = cursor.mark();
    for rule in rules {
        if let Ok(condition) = rule(cursor) {
            return Ok(condition);
        }
        if cursor.is_fatal() {
            return Err(Failed);
        }
        cursor.reset(start);
    }
    cursor.expected("a condition")
}

fn grouped(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    cursor.token("(")?;
    cursor.space();
    let inner = condition(cursor)?;
    cursor.space();
    cursor.token(")")?;
    Ok(inner)
}

fn negated(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    cursor.token("!")?;
    cursor.space();
    grouped(cursor).map(|inner| Condition::Not(Box::new(inner)))
}

fn negated_field(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    cursor.token("!")?;
    cursor.space();
    match selector(cursor) {
        Some(field) => Ok(Condition::Not(Box::new(Condition::Truthy(Operand::Field(field))))),
        None => cursor.expected("a field or `(`"),
    }
}

fn inside(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    let needle = operand(cursor)?;
    cursor.space();
    let negated = cursor.eat("not ");
    if negated {
        cursor.space();
    }
    cursor.token("in")?;
    cursor.space();
    let haystack = operand(cursor)?;
    Ok(Condition::In { needle, haystack, negated })
}

fn comparison(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    let left = operand(cursor)?;
    cursor.space();
    let found = COMPARISONS.into_iter().find(|(token, _)| cursor.eat(token));
    let Some((_, comparison)) = found else { return Err(Failed) };
    cursor.space();
    let right = operand(cursor)?;
    Ok(Condition::Compare(comparison, left, right))
}

fn matching(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    let subject = operand(cursor)?;
    cursor.space();
    let negated = cursor.eat("!~");
    if !negated {
        cursor.token("=~")?;
    }
    cursor.space();
    let start = cursor.at();
    let regex = match literal::quoted(cursor)? {
        Some(text) => text,
        None => match regex(cursor) {
            Some(regex) => regex,
            None => return cursor.expected("a regular expression"),
        },
    };
    Ok(Condition::Matches { subject, regex, negated, span: start..cursor.at() })
}

fn truthy(cursor: &mut Cursor<'_>) -> Parsed<Condition> {
    operand(cursor).map(Condition::Truthy)
}

fn operand(cursor: &mut Cursor<'_>) -> Parsed<Operand> {
    if let Some(text) = literal::quoted(cursor)? {
        return Ok(Operand::Text(text));
    }
    if let Some(number) = literal::number(cursor)? {
        return Ok(Operand::Number(number));
    }
    if let Some(field) = selector(cursor) {
        return Ok(Operand::Field(field));
    }
    let start = cursor.mark();
    if cursor.eat("[") {
        if let Ok(items) = list(cursor, "]") {
            return Ok(Operand::Array(items));
        }
        cursor.reset(start);
        return Err(Failed);
    }
    if let Some(name) = literal::bareword(cursor) {
        cursor.space();
        cursor.token("(")?;
        list(cursor, ")")?;
        return Ok(Operand::Call(name));
    }
    match regex(cursor) {
        Some(regex) => Ok(Operand::Regex(regex)),
        None => cursor.expected("a value or a field"),
    }
}

fn list(cursor: &mut Cursor<'_>, close: &'static str) -> Parsed<Vec<Operand>> {
    cursor.enter()?;
    cursor.space();
    let mut items = Vec::new();
    if !cursor.eat(close) {
        loop {
            items.push(operand(cursor)?);
            cursor.space();
            if cursor.eat(close) {
                break;
            }
            cursor.token(",")?;
            cursor.space();
        }
    }
    cursor.leave();
    Ok(items)
}

/// `[a][b]`, as written.
fn selector(cursor: &mut Cursor<'_>) -> Option<String> {
    let rest = cursor.rest();
    let mut len = 0;
    while rest[len..].starts_with('[') {
        let inside = &rest[len + 1..];
        let Some(end) = inside.find(['[', ']', ',']) else { break };
        if end == 0 || !inside[end..].starts_with(']') {
            break;
        }
        len += end + 2;
    }
    (len > 0).then(|| cursor.take(len).to_owned())
}

/// `/../`, without the slashes.
fn regex(cursor: &mut Cursor<'_>) -> Option<String> {
    let inside = cursor.rest().strip_prefix('/')?;
    let bytes = inside.as_bytes();
    let mut end = 0;
    while *bytes.get(end)? != b'/' {
        end += if bytes[end] == b'\\' && bytes.get(end + 1) == Some(&b'/') { 2 } else { 1 };
    }
    let regex = inside[..end].to_owned();
    cursor.take(end + 2);
    Some(regex)
}
