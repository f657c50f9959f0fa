//! Tokens of a query string, as Lucene's own lexer cuts them: the longest that fits at each place.

use super::error_at;
use crate::diagnostic::Diagnostic;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    And,
    Or,
    Not,
    Plus,
    Minus,
    /// `+`, `-` or `!` before white space: a word of its own.
    BareOperator,
    Open,
    Close,
    Colon,
    Star,
    Caret,
    Quoted,
    Term,
    Fuzzy,
    Prefix,
    Wildcard,
    Regexp,
    RangeStart {
        inclusive: bool,
    },
    RangeTo,
    RangeText,
    RangeQuoted,
    RangeEnd {
        inclusive: bool,
    },
    /// The number after `^`.
    Number,
    End,
}

/// A token and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Where it begins, in bytes.
    pub(super) at: usize,
}

/// What the lexer is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Usual,
    Boost,
    Range,
}

/// Cuts a query string into tokens; the last is `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Diagnostic> {
    let mut found = Vec::new();
    let mut mode = Mode::Usual;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        let rest = &text[at..];
        if is_space(next) && mode != Mode::Boost {
            at += next.len_utf8();
            continue;
        }
        let cut = match mode {
            Mode::Usual => usual(rest),
            Mode::Boost => boost(rest),
            Mode::Range => range(rest),
        };
        let Some((kind, length)) = cut else {
            return Err(error_at(problem(rest, mode), at..at + next.len_utf8()));
        };
        mode = match kind {
            Kind::Caret => Mode::Boost,
            Kind::RangeStart { .. } => Mode::Range,
            Kind::Number | Kind::RangeEnd { .. } => Mode::Usual,
            _ => mode,
        };
        found.push(Token { kind, text: &rest[..length], at });
        at += length;
    }
    if mode == Mode::Range {
        return Err(error_at("the range is not closed", at..at));
    }
    found.push(Token { kind: Kind::End, text: "", at });
    Ok(found)
}

fn problem(rest: &str, mode: Mode) -> &'static str {
    match (mode, rest.chars().next()) {
        (Mode::Boost, _) => "expected a number after `^`",
        (_, Some('"')) => "the quote is not closed",
        (_, Some('/')) => "the regular expression is not closed (a plain slash is written `\\/`)",
        _ => "not expected here (a backslash makes it plain text)",
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{3000}')
}

fn is_start(character: char) -> bool {
    !is_space(character) && !"+-!():^[]\"{}~*?\\/".contains(character)
}

fn is_inner(character: char) -> bool {
    is_start(character) || matches!(character, '+' | '-')
}

/// The longest token; among equally long ones the first in Lucene's order.
fn usual(rest: &str) -> Option<(Kind, usize)> {
    let first = rest.chars().next()?;
    let after = rest[first.len_utf8()..].chars().next();
    let word = word(rest);
    let operator = |kind: Kind, length: usize| match word {
        Some((_, longer)) if longer > length => word,
        _ => Some((kind, length)),
    };
    match first {
        'A' if rest.starts_with("AND") => operator(Kind::And, 3),
        'O' if rest.starts_with("OR") => operator(Kind::Or, 2),
        'N' if rest.starts_with("NOT") => operator(Kind::Not, 3),
        '&' if after == Some('&') => operator(Kind::And, 2),
        '|' if after == Some('|') => operator(Kind::Or, 2),
        '+' | '-' | '!' if after.is_some_and(is_space) => {
            Some((Kind::BareOperator, 1 + after.map_or(0, char::len_utf8)))
        }
        '!' => Some((Kind::Not, 1)),
        '+' => Some((Kind::Plus, 1)),
        '-' => Some((Kind::Minus, 1)),
        '(' => Some((Kind::Open, 1)),
        ')' => Some((Kind::Close, 1)),
        ':' => Some((Kind::Colon, 1)),
        '^' => Some((Kind::Caret, 1)),
        '[' => Some((Kind::RangeStart { inclusive: true }, 1)),
        '{' => Some((Kind::RangeStart { inclusive: false }, 1)),
        '"' => quoted(rest).map(|length| (Kind::Quoted, length)),
        '/' => regexp(rest).map(|length| (Kind::Regexp, length)),
        '~' => Some((Kind::Fuzzy, 1 + decimal(&rest[1..]))),
        '*' if word.is_none_or(|(_, length)| length == 1) => Some((Kind::Star, 1)),
        _ => word,
    }
}

/// A bare word, with or without wildcards.
fn word(rest: &str) -> Option<(Kind, usize)> {
    let mut characters = rest.char_indices().peekable();
    let mut length = 0;
    let mut stars = 0;
    let mut marks = 0;
    let mut ends_in_star = false;
    while let Some((at, character)) = characters.next() {
        let is_wild = matches!(character, '*' | '?');
        if character == '\\' {
            let Some((escaped_at, escaped)) = characters.next() else { break };
            length = escaped_at + escaped.len_utf8();
        } else if is_wild || is_start(character) || (at > 0 && is_inner(character)) {
            length = at + character.len_utf8();
        } else {
            break;
        }
        stars += usize::from(character == '*');
        marks += usize::from(character == '?');
        ends_in_star = character == '*';
    }
    let kind = match (stars, marks) {
        (0, 0) => Kind::Term,
        (1, 0) if ends_in_star => Kind::Prefix,
        _ => Kind::Wildcard,
    };
    (length > 0).then_some((kind, length))
}

fn quoted(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some(at + 1),
            '\\' => {
                characters.next()?;
            }
            _ => {}
        }
    }
    None
}

/// `/ .. /`, in which `\/` is a slash. The longest is that up to the first slash without backslash.
fn regexp(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let ends = |at: &usize| bytes[*at] == b'/' && bytes[at - 1] != b'\\';
    let escaped = |at: &usize| bytes[*at] == b'/' && *at > 1;
    (1..bytes.len()).find(ends).or_else(|| (1..bytes.len()).rfind(escaped)).map(|at| at + 1)
}

/// The length of `12` or `1.5` at the start.
fn decimal(rest: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(rest);
    match rest[whole..].strip_prefix('.').map(digits) {
        Some(fraction) if whole > 0 && fraction > 0 => whole + 1 + fraction,
        _ => whole,
    }
}

fn boost(rest: &str) -> Option<(Kind, usize)> {
    let length = decimal(rest);
    (length > 0).then_some((Kind::Number, length))
}

fn range(rest: &str) -> Option<(Kind, usize)> {
    match rest.chars().next()? {
        ']' => return Some((Kind::RangeEnd { inclusive: true }, 1)),
        '}' => return Some((Kind::RangeEnd { inclusive: false }, 1)),
        _ => {}
    }
    let is_text = |character: char| !matches!(character, ' ' | ']' | '}');
    let text = rest.chars().take_while(|it| is_text(*it)).map(char::len_utf8).sum();
    let quoted = rest.starts_with('"').then(|| quoted(rest)).flatten();
    match quoted {
        Some(length) if length >= text && length > 2 => Some((Kind::RangeQuoted, length)),
        _ if &rest[..text] == "TO" => Some((Kind::RangeTo, text)),
        _ => Some((Kind::RangeText, text)),
    }
}
