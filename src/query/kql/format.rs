//! Writes a tree as KQL. What is written parses to the same tree.

use std::fmt;

use super::ast::{Ast, STAR, Term};
use super::lexer;

impl fmt::Display for Ast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(nodes) => {
                join(f, nodes, " and ", |node| matches!(node, Self::And(_) | Self::Or(_)))
            }
            Self::Or(nodes) => join(f, nodes, " or ", |node| matches!(node, Self::Or(_))),
            Self::Not(node) => {
                f.write_str("not ")?;
                let is_compound = matches!(**node, Self::And(_) | Self::Or(_) | Self::Not(_));
                enclosed(f, node, is_compound)
            }
            Self::Is { name: Term::Null, value } => write!(f, "{value}"),
            Self::Is { name, value } => write!(f, "{name}: {value}"),
            Self::Range { name, comparison, value } => {
                write!(f, "{name} {} {value}", comparison.symbol())
            }
            Self::Nested { path, query } => write!(f, "{path}: {{ {query} }}"),
        }
    }
}

fn join(
    f: &mut fmt::Formatter<'_>,
    nodes: &[Ast],
    word: &str,
    needs_brackets: fn(&Ast) -> bool,
) -> fmt::Result {
    for (idx, node) in nodes.iter().enumerate() {
        if idx > 0 {
            f.write_str(word)?;
        }
        enclosed(f, node, needs_brackets(node))?;
    }
    Ok(())
}

fn enclosed(f: &mut fmt::Formatter<'_>, node: &Ast, brackets: bool) -> fmt::Result {
    if brackets { write!(f, "({node})") } else { write!(f, "{node}") }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Text { text, quoted: true } => write!(f, "\"{}\"", escape_quoted(text)),
            Self::Text { text, quoted: false } => write_bare(f, &escape_bare(text)),
            Self::Wildcard(text) => {
                let parts: Vec<String> = text.split(STAR).map(escape_part).collect();
                write_bare(f, &parts.join("*"))
            }
            Self::Regex(pattern) => write!(f, "/{pattern}/"),
        }
    }
}

/// Writes an escaped literal so that it is none of the extensions' regular expressions.
fn write_bare(f: &mut fmt::Formatter<'_>, escaped: &str) -> fmt::Result {
    match escaped.strip_prefix('/') {
        Some(rest) if lexer::regex(escaped.as_bytes()).is_ok() => write!(f, "\\u002f{rest}"),
        _ => f.write_str(escaped),
    }
}

/// The inside of a quoted literal.
#[must_use]
pub fn escape_quoted(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '"' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A bare literal that says `text`. Empty text is written as an escaped space, which is trimmed.
#[must_use]
pub fn escape_bare(text: &str) -> String {
    if text.is_empty() { "\\u0020".to_owned() } else { escape_part(text) }
}

/// Escapes what is special outside quotes, and what would be a keyword.
fn escape_part(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    for (at, c) in text.char_indices() {
        match c {
            '\\' | '(' | ')' | ':' | '<' | '>' | '"' | '*' | '{' | '}' => {
                escaped.extend(['\\', c]);
            }
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            // `\n` would be a line break, so that `not` cannot be escaped by a backslash alone.
            'n' if begins_keyword(&text[at..], "not") => escaped.push_str("\\u006e"),
            'N' if begins_keyword(&text[at..], "not") => escaped.push_str("\\N"),
            'o' | 'O' | 'a' | 'A'
                if before.is_none_or(is_space) && begins_conjunction(&text[at..]) =>
            {
                escaped.extend(['\\', c]);
            }
            _ => escaped.push(c),
        }
        before = Some(c);
    }
    escaped
}

fn begins_conjunction(text: &str) -> bool {
    begins_keyword(text, "or") || begins_keyword(text, "and")
}

/// Whether the keyword stands here, before white space or the end (where more text may follow).
fn begins_keyword(text: &str, keyword: &str) -> bool {
    let Some((head, rest)) = text.split_at_checked(keyword.len()) else { return false };
    head.eq_ignore_ascii_case(keyword) && rest.chars().next().is_none_or(is_space)
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}
