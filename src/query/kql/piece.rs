//! What each part of a text is, for colouring it while it is typed.
//!
//! In: any text, right or wrong. Out: its words as ranges of bytes, in order. Says nothing about
//! whether they make a query.

use std::ops::Range;

use super::lexer::{comparison, literal, space, spaces, trim};

/// What a part of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A field's name.
    Field,
    /// `:`, `<`, brackets and braces.
    Operator,
    /// `and`, `or`, `not`.
    Conjunction,
    /// A value in quotes.
    Quoted,
    /// A number.
    Number,
    /// `true`, `false`, `null`, and a star alone.
    Constant,
    /// Any other value.
    Value,
}

/// The parts of `text` that are something.
#[must_use]
pub fn pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (length, piece) = next(rest);
        if let Some(piece) = piece {
            found.push((at..at + length, piece));
        }
        at += length.max(1);
    }
    found
}

/// The length of what comes next, and what it is; nothing for blanks and for what fits nowhere.
fn next(rest: &[u8]) -> (usize, Option<Piece>) {
    if let Ok((after, ())) = space(rest) {
        return (rest.len() - after.len(), None);
    }
    for word in ["and", "or", "not"] {
        if is_word(rest, word) {
            return (word.len(), Some(Piece::Conjunction));
        }
    }
    if let Ok((after, _)) = comparison(rest) {
        return (rest.len() - after.len(), Some(Piece::Operator));
    }
    if matches!(rest[0], b':' | b'(' | b')' | b'{' | b'}') {
        return (1, Some(Piece::Operator));
    }
    let Ok((after, word)) = literal(rest) else {
        // A quote that is not closed goes on to the end.
        let is_open = rest[0] == b'"';
        return if is_open { (rest.len(), Some(Piece::Quoted)) } else { (1, None) };
    };
    let length = rest.len() - after.len();
    let behind = spaces(after);
    if matches!(behind.first(), Some(b':' | b'<' | b'>')) {
        return (length, Some(Piece::Field));
    }
    let piece = match trim(&word.text) {
        _ if word.quoted => Piece::Quoted,
        "true" | "false" | "null" => Piece::Constant,
        _ if rest[..length].trim_ascii() == b"*" => Piece::Constant,
        text if text.parse::<f64>().is_ok() => Piece::Number,
        _ => Piece::Value,
    };
    (length, Some(piece))
}

/// Whether a word stands there by itself.
fn is_word(rest: &[u8], word: &str) -> bool {
    let own = rest.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()));
    own && rest.get(word.len()..).is_some_and(|after| space(after).is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Piece, pieces};

    fn check(text: &str, expected: &[(&str, Piece)]) {
        let found = pieces(text);
        let found: Vec<_> =
            found.iter().map(|(range, piece)| (text[range.clone()].trim(), *piece)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn parts_are_told_apart_before_the_query_is_whole() {
        use Piece::{Conjunction, Constant, Field, Number, Operator, Quoted, Value};
        check("a.b : 404", &[("a.b", Field), (":", Operator), ("404", Number)]);
        check(
            "not level: (error or \"bad luck\") and x >= 5.5",
            &[
                ("not", Conjunction),
                ("level", Field),
                (":", Operator),
                ("(", Operator),
                ("error", Value),
                ("or", Conjunction),
                ("\"bad luck\"", Quoted),
                (")", Operator),
                ("and", Conjunction),
                ("x", Field),
                (">=", Operator),
                ("5.5", Number),
            ],
        );
        check("Windows NT 10.0", &[("Windows NT 10.0", Value)]);
        check("a: *", &[("a", Field), (":", Operator), ("*", Constant)]);
        check("a: tr", &[("a", Field), (":", Operator), ("tr", Value)]);
        check("a: \"tr", &[("a", Field), (":", Operator), ("\"tr", Quoted)]);
        check("\\", &[]);
    }

    proptest! {
        #[test]
        fn parts_are_in_order_and_inside(text in "([a-z:<>=\"\\\\(){}* é]|and |or |not ){0,30}") {
            let mut end = 0;
            for (range, _) in pieces(&text) {
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
