//! Plugins, attributes and values.

use super::super::ast::{Attribute, Literal, LiteralKind, Plugin};
use super::cursor::Cursor;
use super::{Escapes, Failed, Parsed};
use crate::diagnostic::Diagnostic;

/// `name { attribute attribute }`.
pub(super) fn plugin(cursor: &mut Cursor<'_>) -> Parsed<Plugin> {
    let start = cursor.at();
    let name = name(cursor)?;
    let span = start..cursor.at();
    cursor.space();
    cursor.token("{")?;
    cursor.enter()?;
    cursor.space();
    let mut attributes: Vec<Attribute> = Vec::new();
    while !cursor.eat("}") {
        let attribute = attribute(cursor)?;
        let repeated = attributes.iter().any(|before| before.name == attribute.name);
        if attribute.name == "codec" && repeated {
            let finding = Diagnostic::error("only one codec is allowed").at(attribute.span.clone());
            return cursor.refuse(finding);
        }
        attributes.push(attribute);
        let end = cursor.mark();
        let blank = cursor.blank();
        cursor.space();
        if !cursor.rest().starts_with('}') && !blank {
            cursor.reset(end);
            return cursor.expected("white space");
        }
    }
    cursor.leave();
    Ok(Plugin { name, attributes, span })
}

/// A name without quotes, or quoted.
fn name(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let word = cursor.take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if !word.is_empty() {
        return Ok(word.to_owned());
    }
    match quoted(cursor)? {
        Some(text) => Ok(text),
        None => cursor.expected("a name"),
    }
}

fn attribute(cursor: &mut Cursor<'_>) -> Parsed<Attribute> {
    let start = cursor.at();
    let name = name(cursor)?;
    let span = start..cursor.at();
    cursor.space();
    cursor.token("=>")?;
    cursor.space();
    Ok(Attribute { name, value: value(cursor)?, span })
}

pub(super) fn value(cursor: &mut Cursor<'_>) -> Parsed<Literal> {
    let start = cursor.at();
    cursor.enter()?;
    let kind = kind(cursor)?;
    cursor.leave();
    Ok(Literal { kind, span: start..cursor.at() })
}

fn kind(cursor: &mut Cursor<'_>) -> Parsed<LiteralKind> {
    let start = cursor.mark();
    if let Ok(plugin) = plugin(cursor) {
        return Ok(LiteralKind::Plugin(Box::new(plugin)));
    }
    if cursor.is_fatal() {
        return Err(Failed);
    }
    cursor.reset(start);
    if let Some(word) = bareword(cursor) {
        return Ok(LiteralKind::Word(word));
    }
    if let Some(text) = quoted(cursor)? {
        return Ok(LiteralKind::Text(text));
    }
    if let Some(number) = number(cursor)? {
        return Ok(LiteralKind::Number(number));
    }
    if cursor.rest().starts_with('[') {
        return array(cursor);
    }
    if cursor.rest().starts_with('{') {
        return hash(cursor);
    }
    cursor.expected("a value")
}

/// Two word characters or more, not beginning with a digit.
pub(super) fn bareword(cursor: &mut Cursor<'_>) -> Option<String> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let rest = cursor.rest().as_bytes();
    let len = rest.iter().take_while(|b| is_word(**b)).count();
    (len >= 2 && !rest[0].is_ascii_digit()).then(|| cursor.take(len).to_owned())
}

/// Quoted text, if a quote stands here.
pub(super) fn quoted(cursor: &mut Cursor<'_>) -> Parsed<Option<String>> {
    let rest = cursor.rest();
    let Some(quote) = rest.bytes().next().filter(|b| matches!(b, b'"' | b'\'')) else {
        return Ok(None);
    };
    let bytes = rest.as_bytes();
    let mut end = 1;
    while end < bytes.len() && bytes[end] != quote {
        let escaped = bytes[end] == b'\\' && bytes.get(end + 1) == Some(&quote);
        end += if escaped { 2 } else { 1 };
    }
    if end >= bytes.len() {
        cursor.take(bytes.len());
        return cursor.expected("a closing quote");
    }
    let inside = &rest[1..end];
    cursor.take(end + 1);
    Ok(Some(match cursor.escapes {
        Escapes::Raw => inside.to_owned(),
        Escapes::Processed => unescape(inside),
    }))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(quoted @ ('"' | '\'' | '\\')) => out.push(quoted),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('0') => out.push('\0'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

pub(super) fn number(cursor: &mut Cursor<'_>) -> Parsed<Option<String>> {
    let bytes = cursor.rest().as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(sign);
    if whole == 0 {
        return Ok(None);
    }
    let mut len = sign + whole;
    if bytes.get(len) == Some(&b'.') {
        let fraction = digits(len + 1);
        if fraction == 0 {
            cursor.take(len + 1);
            return cursor.expected("a digit");
        }
        len += 1 + fraction;
    }
    Ok(Some(cursor.take(len).to_owned()))
}

fn array(cursor: &mut Cursor<'_>) -> Parsed<LiteralKind> {
    cursor.token("[")?;
    cursor.space();
    let mut items = Vec::new();
    if cursor.eat("]") {
        return Ok(LiteralKind::Array(items));
    }
    loop {
        items.push(value(cursor)?);
        cursor.space();
        if cursor.eat("]") {
            return Ok(LiteralKind::Array(items));
        }
        cursor.token(",")?;
        cursor.space();
    }
}

fn hash(cursor: &mut Cursor<'_>) -> Parsed<LiteralKind> {
    cursor.token("{")?;
    cursor.space();
    let mut entries: Vec<(Literal, Literal)> = Vec::new();
    let mut written: Vec<&str> = Vec::new();
    while !cursor.eat("}") {
        let key_text = cursor.rest();
        let key = key(cursor)?;
        let key_text = &key_text[..key.span.len()];
        if written.contains(&key_text) {
            let finding = Diagnostic::error("duplicate key in a hash").at(key.span);
            return cursor.refuse(finding);
        }
        written.push(key_text);
        cursor.space();
        cursor.token("=>")?;
        cursor.space();
        let value = value(cursor)?;
        entries.push((key, value));
        cursor.space();
    }
    Ok(LiteralKind::Hash(entries))
}

fn key(cursor: &mut Cursor<'_>) -> Parsed<Literal> {
    let start = cursor.at();
    let kind = if let Some(number) = number(cursor)? {
        LiteralKind::Number(number)
    } else if let Some(word) = bareword(cursor) {
        LiteralKind::Word(word)
    } else if let Some(text) = quoted(cursor)? {
        LiteralKind::Text(text)
    } else {
        return cursor.expected("a key");
    };
    Ok(Literal { kind, span: start..cursor.at() })
}
