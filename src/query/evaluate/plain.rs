//! The plain reading of a clause: field by field, value by value, nothing prepared.
//!
//! In: a clause, a document, a mapping. Out: whether it matches. It is slow and short, and the
//! compiled reading is tested against it; what it shares with that is how a value is typed.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::literal::{self, text_of};
use super::operation::{Operation, Range, Side};
use super::plan::Asked;
use super::{FieldTest, Fields, Moment, typed};
use crate::event::{FieldType, Value};
use crate::text::wildcard::{same, same_text};
use crate::text::{Regexp, analyze};

/// Whether a document answers.
pub(super) fn answers(asked: &Asked, fields: &dyn Fields, moment: Moment) -> bool {
    let refused = || FieldTest::compile(&asked.target(), &asked.operation, moment).is_err();
    if !asked.visible || refused() {
        return false;
    }
    let mut found = false;
    fields.each(&asked.source, &mut |value| found = found || value_answers(asked, value, moment));
    found
}

fn value_answers(asked: &Asked, value: Value<'_>, moment: Moment) -> bool {
    let text = || typed::with_text(value, |text| String::from_utf8_lossy(text).into_owned());
    match (&asked.operation, asked.field.kind) {
        (Operation::Contains(wanted), _) => text()
            .is_some_and(|text| analyze::lower_text(&text).contains(&analyze::lower_text(wanted))),
        _ if !typed::fits(&asked.field, value) => false,
        (Operation::Exists, _) => true,
        (operation, FieldType::Keyword) => {
            text().is_some_and(|text| keyword_answers(operation, &text))
        }
        (operation, FieldType::Text) => text().is_some_and(|text| text_answers(operation, &text)),
        (operation, _) => scalar_answers(asked, operation, value, moment),
    }
}

fn keyword_answers(operation: &Operation, text: &str) -> bool {
    match operation {
        Operation::Match(value) | Operation::Phrase { value, .. } => text_of(value) == text,
        other => term_answers(other, text),
    }
}

fn text_answers(operation: &Operation, text: &str) -> bool {
    let tokens = analyze::tokens(text);
    match operation {
        Operation::Match(value) => {
            analyze::tokens(&text_of(value)).iter().any(|wanted| tokens.contains(wanted))
        }
        Operation::Phrase { value, slop } => {
            phrase_answers(&analyze::tokens(&text_of(value)), *slop as usize, &tokens)
        }
        other => tokens.iter().any(|token| term_answers(other, token)),
    }
}

/// Tries every way to give each token of the phrase a place of its own.
fn phrase_answers(phrase: &[String], slop: usize, tokens: &[String]) -> bool {
    fn place(phrase: &[String], slop: usize, tokens: &[String], taken: &mut Vec<usize>) -> bool {
        let moved = || taken.iter().enumerate().map(|(at, place)| *place as i64 - at as i64);
        let room = moved().max().unwrap_or(0) - moved().min().unwrap_or(0);
        if room > slop as i64 {
            return false;
        }
        let Some(wanted) = phrase.get(taken.len()) else { return true };
        (0..tokens.len()).any(|at| {
            if tokens[at] != *wanted || taken.contains(&at) {
                return false;
            }
            taken.push(at);
            let fits = place(phrase, slop, tokens, taken);
            taken.pop();
            fits
        })
    }
    !phrase.is_empty() && place(phrase, slop, tokens, &mut Vec::new())
}

/// Questions to a whole keyword or to one token.
fn term_answers(operation: &Operation, term: &str) -> bool {
    match operation {
        Operation::Terms { values, ignore_case } => values
            .iter()
            .map(text_of)
            .any(|wanted| wanted == term || (*ignore_case && same_text(&wanted, term))),
        Operation::Range(range) => inside(range, |bound| term.cmp(text_of(bound).as_str())),
        Operation::Wildcard { pattern, ignore_case } => {
            let pattern: Vec<char> = pattern.chars().collect();
            let term: Vec<char> = term.chars().collect();
            wildcard_answers(&pattern, &term, *ignore_case)
        }
        Operation::Prefix { value, ignore_case } => {
            let head: String = term.chars().take(value.chars().count()).collect();
            head == *value || (*ignore_case && same_text(&head, value))
        }
        Operation::Regexp { pattern, ignore_case } => {
            Regexp::compile(pattern, *ignore_case).is_ok_and(|regexp| regexp.matches(term))
        }
        Operation::Fuzzy { term: wanted, edits } => {
            let wanted: Vec<char> = wanted.chars().collect();
            let term: Vec<char> = term.chars().collect();
            is_within(&wanted, &term, *edits)
        }
        _ => false,
    }
}

fn wildcard_answers(pattern: &[char], text: &[char], ignore_case: bool) -> bool {
    let Some((wanted, mut rest)) = pattern.split_first() else { return text.is_empty() };
    let mut wanted = *wanted;
    match wanted {
        '*' => {
            return (0..=text.len()).any(|at| wildcard_answers(rest, &text[at..], ignore_case));
        }
        '?' => {
            return text
                .split_first()
                .is_some_and(|(_, after)| wildcard_answers(rest, after, ignore_case));
        }
        '\\' => {
            if let Some((escaped, after)) = rest.split_first() {
                (wanted, rest) = (*escaped, after);
            }
        }
        _ => {}
    }
    text.split_first().is_some_and(|(found, after)| {
        let fits = wanted == *found || (ignore_case && same(wanted, *found));
        fits && wildcard_answers(rest, after, ignore_case)
    })
}

/// Whether some edits turn one text into the other; neighbours that were swapped stay as they are.
fn is_within(a: &[char], b: &[char], edits: usize) -> bool {
    match (a.split_first(), b.split_first()) {
        (None, None) => return true,
        (Some((x, a)), Some((y, b))) if x == y && is_within(a, b, edits) => return true,
        _ => {}
    }
    let Some(left) = edits.checked_sub(1) else { return false };
    let (shorter_a, shorter_b) = (a.get(1..), b.get(1..));
    let swapped = a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0];
    shorter_a.is_some_and(|shorter| is_within(shorter, b, left))
        || shorter_b.is_some_and(|shorter| is_within(a, shorter, left))
        || matches!((shorter_a, shorter_b), (Some(a), Some(b)) if is_within(a, b, left))
        || (swapped && is_within(&a[2..], &b[2..], left))
}

fn inside(range: &Range, compare: impl Fn(&Json) -> Ordering) -> bool {
    let above = match &range.lower {
        Side::Open => true,
        Side::At { value, inclusive } => match compare(value) {
            Ordering::Greater => true,
            Ordering::Equal => *inclusive,
            Ordering::Less => false,
        },
    };
    above
        && match &range.upper {
            Side::Open => true,
            Side::At { value, inclusive } => match compare(value) {
                Ordering::Less => true,
                Ordering::Equal => *inclusive,
                Ordering::Greater => false,
            },
        }
}

/// Numbers, dates, addresses, booleans: a value answers if it lies in what the query's value means.
fn scalar_answers(asked: &Asked, operation: &Operation, value: Value<'_>, moment: Moment) -> bool {
    let target = asked.target();
    let kind = asked.field.kind;
    let each = |test: &dyn Fn(&Json) -> bool| match operation {
        Operation::Match(value) | Operation::Phrase { value, .. } => test(value),
        Operation::Terms { values, .. } => values.iter().any(test),
        _ => false,
    };
    match kind {
        FieldType::Double | FieldType::Float => {
            let Some(found) = typed::real(kind, value) else { return false };
            let compare = |bound: &Json| {
                literal::equal_real(&target, bound)
                    .map_or(Ordering::Less, |bound| found.total_cmp(&bound))
            };
            match operation {
                Operation::Range(range) => inside(range, compare),
                _ => each(&|bound| compare(bound).is_eq()),
            }
        }
        FieldType::Date | FieldType::DateNanos => {
            let Some(mut found) = typed::nanos(&asked.field, value) else { return false };
            if kind == FieldType::Date {
                found = found.div_euclid(1_000_000) * 1_000_000;
            }
            match operation {
                Operation::Range(range) => literal::range_date(&target, range, moment)
                    .is_ok_and(|range| range.contains(&found)),
                _ => each(&|bound| {
                    literal::equal_date(&target, bound, moment)
                        .is_ok_and(|range| range.contains(&found))
                }),
            }
        }
        FieldType::Ip => {
            let Some(found) = typed::address(value) else { return false };
            match operation {
                Operation::Range(range) => inside(range, |bound| {
                    literal::equal_address(&target, bound)
                        .map_or(Ordering::Less, |bound| found.cmp(bound.start()))
                }),
                _ => each(&|bound| {
                    literal::equal_address(&target, bound).is_ok_and(|it| it.contains(&found))
                }),
            }
        }
        FieldType::Boolean => {
            let Some(found) = typed::truth(value) else { return false };
            let compare = |bound: &Json| {
                literal::equal_truth(&target, bound).map_or(Ordering::Less, |it| found.cmp(&it))
            };
            match operation {
                Operation::Range(range) => inside(range, compare),
                _ => each(&|bound| compare(bound).is_eq()),
            }
        }
        _ => {
            let Some(found) = typed::whole(kind, value) else { return false };
            match operation {
                Operation::Range(range) => {
                    literal::range_whole(&target, range).is_ok_and(|range| range.contains(&found))
                }
                _ => each(&|bound| {
                    literal::equal_whole(&target, bound).is_ok_and(|it| it.contains(&found))
                }),
            }
        }
    }
}
