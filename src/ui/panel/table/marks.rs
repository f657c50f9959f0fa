//! Which places of a text are marked: what the find bar or the query matches.
//!
//! Marks help the eye; what matches is decided by the source. So words of the query are looked for
//! as whole words without regard to (ASCII) letter case, those after `not` are left out, and a
//! word for one field is not marked in another's column.

use std::ops::Range;

use regex::Regex;

use crate::query::kql::{self, Ast, STAR, Term};

/// No more of a text is searched.
const CAP: usize = 16 * 1024;
/// No more places of one text are marked.
const MOST: usize = 64;
/// Longer queries are not taken apart on every frame.
const LONGEST: usize = 4096;

/// A word of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// The field that it was asked of; `None` for all.
    field: Option<String>,
    /// In lower case.
    text: String,
    /// Whether a word must begin, and end, where it does.
    whole: (bool, bool),
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Marks<'a> {
    find: Option<&'a Regex>,
    words: Vec<Word>,
}

impl<'a> Marks<'a> {
    /// What the find bar's pattern and a KQL query mark.
    #[must_use]
    pub fn new(find: Option<&'a Regex>, query: &str) -> Self {
        let mut words = Vec::new();
        if !query.trim().is_empty()
            && query.len() <= LONGEST
            && let Ok(ast) = kql::parse(query)
        {
            collect(&ast, &mut words);
        }
        Self { find, words }
    }

    /// The places in a text, in order and apart. `field` is the column that it stands in; `None`
    /// for a text of all fields.
    #[must_use]
    pub fn of(&self, text: &str, field: Option<&str>) -> Vec<Range<usize>> {
        let end = (0..=text.len().min(CAP)).rev().find(|end| text.is_char_boundary(*end));
        let text = &text[..end.unwrap_or(0)];
        let mut places: Vec<Range<usize>> = Vec::new();
        if let Some(find) = self.find {
            let found = find.find_iter(text).map(|found| found.range());
            places.extend(found.filter(|range| !range.is_empty()).take(MOST));
        }
        let asked = |word: &&Word| match (&word.field, field) {
            (Some(asked), Some(field)) => asked.trim_end_matches(".keyword") == field,
            _ => true,
        };
        if self.words.iter().any(|word| asked(&word)) {
            let lower = text.to_ascii_lowercase();
            for word in self.words.iter().filter(asked) {
                let found = lower.match_indices(word.text.as_str());
                let found = found.map(|(at, found)| at..at + found.len());
                places.extend(found.filter(|range| stands(&lower, range, word.whole)).take(MOST));
            }
        }
        join(places)
    }
}

/// Whether a found place begins and ends where words do, as far as that is asked for.
fn stands(text: &str, range: &Range<usize>, whole: (bool, bool)) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !(whole.0 && inside(before) || whole.1 && inside(after))
}

fn join(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => joined.push(place),
        }
    }
    joined
}

/// The words of a query that a hit holds; a stack, as queries may be nested a thousand deep.
fn collect(ast: &Ast, into: &mut Vec<Word>) {
    let mut pending = vec![ast];
    while let Some(node) = pending.pop() {
        match node {
            Ast::Not(_) | Ast::Range { .. } => {}
            Ast::And(_) | Ast::Or(_) | Ast::Nested { .. } => pending.extend(node.children()),
            Ast::Is { name, value } => word(name, value, into),
        }
    }
}

fn word(name: &Term, value: &Term, into: &mut Vec<Word>) {
    let field = match name {
        Term::Text { text, .. } => Some(text.clone()),
        _ => None,
    };
    let mut push = |text: &str, whole| {
        // A letter or a digit alone would be marked everywhere.
        if text.chars().count() > 1 {
            into.push(Word { field: field.clone(), text: text.to_ascii_lowercase(), whole });
        }
    };
    match value {
        Term::Text { text, quoted: true } => push(text, (true, true)),
        Term::Text { text, quoted: false } if field.is_some() => push(text, (true, true)),
        Term::Text { text, .. } => {
            for word in text.split_whitespace() {
                push(word, (true, true));
            }
        }
        Term::Wildcard(text) => {
            let last = text.split(STAR).count() - 1;
            for (index, part) in text.split(STAR).enumerate() {
                push(part, (index == 0, index == last));
            }
        }
        Term::Null | Term::Bool(_) | Term::Regex(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::Marks;

    fn check(query: &str, field: Option<&str>, text: &str, expect: &[&str]) {
        let marks = Marks::new(None, query).of(text, field);
        let found: Vec<&str> = marks.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expect, "{query} in {text}");
    }

    #[test]
    fn places_are_joined_and_in_order() {
        let find = Regex::new("o+").unwrap();
        let marks = Marks::new(Some(&find), "FOO and x*");
        assert_eq!(marks.of("a foo, boo", None), [2..5, 8..10]);
        assert!(marks.of("", None).is_empty());
    }

    #[test]
    fn words_of_the_query_are_marked_as_whole_words() {
        check("Timeout", None, "timeout timeouts TIMEOUT", &["timeout", "TIMEOUT"]);
        check("conn*", None, "the connection", &["conn"]);
        check("\"pool exhausted\"", None, "Pool Exhausted", &["Pool Exhausted"]);
        check("connection refused", None, "refused connection", &["refused", "connection"]);
        check("not a and not timeout", None, "timeout", &[]);
        check("bytes > 500 and a", None, "500 a", &[]);
        check("(((", None, "(((", &[]);
    }

    #[test]
    fn a_word_for_one_field_is_not_marked_in_anothers_column() {
        check("service: nginx", Some("service"), "nginx", &["nginx"]);
        check("service: nginx", Some("message"), "nginx", &[]);
        check("service: nginx", None, "nginx", &["nginx"]);
        check("agent.keyword: curl*", Some("agent"), "curl/8", &["curl"]);
    }
}
