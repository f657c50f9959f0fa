//! A test of analysed text: any token, or tokens in a row.
//!
//! In: a value's text, as bytes. Out: whether its tokens answer. Most values are told apart by a
//! byte search before any word is cut; ASCII text is cut only around the place that was found.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use super::Literal;
use super::phrase::{Phrase, Progress};
use super::term::TermTest;
use crate::text::Caseless;
use crate::text::analyze::{AsciiWords, each_token};

/// A test of text.
#[derive(Debug, Clone)]
pub(super) enum Words {
    /// Any of these tokens.
    AnyOf(Vec<Token>),
    /// Any token that answers; `hint` is in every token that does.
    Any { test: TermTest, hint: Option<Token> },
    /// These tokens in a row; `tokens` are the different ones, the longest first.
    Phrase { phrase: Phrase, tokens: Vec<Token> },
}

/// A token to search for, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Token {
    finder: Caseless,
    /// The longest part that is in the text as it was written, whatever its script: letters that
    /// other characters turn into (Kelvin's sign into k, the dotted I into i) are left out.
    sound: Option<Caseless>,
}

impl Token {
    pub(super) fn of(token: &str) -> Self {
        let parts =
            token.split(|character: char| !character.is_ascii() || "ik".contains(character));
        let longest = parts.max_by_key(|part| part.len()).filter(|part| !part.is_empty());
        let sound = longest.map(|part| Caseless::of(part.as_bytes()));
        Self { finder: Caseless::of(token.as_bytes()), sound }
    }

    fn literal(&self) -> Option<Literal<'_>> {
        let sound = self.sound.as_ref()?;
        Some(Literal { bytes: sound.needle(), ignore_case: true })
    }

    /// Whether the token may be in `text`. ASCII text has it as it is.
    fn may_be_in(&self, text: &[u8], is_ascii: bool) -> bool {
        if is_ascii {
            self.finder.is_in(text)
        } else {
            self.sound.as_ref().is_none_or(|sound| sound.is_in(text))
        }
    }

    /// Whether ASCII `text` has the phrase, of which this is a token: told by the words around the
    /// token. `None` if the phrase's tokens need not stand in a row.
    fn is_in_row(&self, text: &[u8], phrase: &Phrase) -> Option<bool> {
        let (before, after) = phrase.around(self.finder.needle())?;
        let mut from = 0;
        while let Some(at) = self.finder.find_at(text, from) {
            let (start, end) = run_around(text, at, at + self.finder.needle().len());
            let part = &text[words_back(text, start, before)..words_on(text, end, after)];
            if has_phrase(part, true, phrase) {
                return Some(true);
            }
            from = end.max(at + 1);
        }
        Some(false)
    }

    /// Whether the token is a whole word of ASCII `text`.
    fn is_word_of(&self, text: &[u8]) -> bool {
        let mut from = 0;
        while let Some(at) = self.finder.find_at(text, from) {
            let (start, end) = run_around(text, at, at + self.finder.needle().len());
            let run = &text[start..end];
            let mut words = AsciiWords::of(run);
            if words.any(|word| word.eq_ignore_ascii_case(self.finder.needle())) {
                return true;
            }
            from = end.max(at + 1);
        }
        false
    }
}

/// Widens a place to the run of bytes that word breaking could join, so that the run's words are
/// words of the whole.
fn run_around(text: &[u8], start: usize, end: usize) -> (usize, usize) {
    let before = text[..start].iter().rev().take_while(|byte| joins(**byte)).count();
    let after = text[end..].iter().take_while(|byte| joins(**byte)).count();
    (start - before, end + after)
}

fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b',' | b';' | b'\'')
}

/// The start of the runs before a run's `start` that hold at least so many words.
fn words_back(text: &[u8], mut start: usize, mut words: usize) -> usize {
    while words > 0 && start > 0 {
        let gap = text[..start].iter().rev().take_while(|byte| !joins(**byte)).count();
        let end = start - gap;
        start = end - text[..end].iter().rev().take_while(|byte| joins(**byte)).count();
        words -= usize::from(text[start..end].iter().any(u8::is_ascii_alphanumeric));
    }
    start
}

/// The end of the runs after a run's `end` that hold at least so many words.
fn words_on(text: &[u8], mut end: usize, mut words: usize) -> usize {
    while words > 0 && end < text.len() {
        let start = end + text[end..].iter().take_while(|byte| !joins(**byte)).count();
        end = start + text[start..].iter().take_while(|byte| joins(**byte)).count();
        words -= usize::from(text[start..end].iter().any(u8::is_ascii_alphanumeric));
    }
    end
}

impl Words {
    pub(super) fn any_of(tokens: &[String]) -> Self {
        let mut sorted = tokens.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        Self::AnyOf(sorted.iter().map(|token| Token::of(token)).collect())
    }

    pub(super) fn any(test: TermTest) -> Self {
        let hint = test.literals().and_then(|literals| match literals.as_slice() {
            [one] => std::str::from_utf8(one.bytes).ok().map(Token::of),
            _ => None,
        });
        Self::Any { test, hint }
    }

    pub(super) fn phrase(tokens: &[String], slop: u32) -> Self {
        match tokens {
            [] | [_] => Self::any_of(tokens),
            _ => {
                let mut different: Vec<&str> = tokens.iter().map(String::as_str).collect();
                different.sort_unstable_by_key(|token| (Reverse(token.len()), *token));
                different.dedup();
                let different = different.into_iter().map(Token::of).collect();
                Self::Phrase { phrase: Phrase::of(tokens, slop), tokens: different }
            }
        }
    }

    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let is_ascii = text.is_ascii();
        match self {
            Self::AnyOf(tokens) if is_ascii => tokens.iter().any(|token| token.is_word_of(text)),
            Self::AnyOf(tokens) => {
                tokens.iter().any(|token| token.may_be_in(text, false))
                    && has_token(text, &|word| {
                        tokens.iter().any(|token| token.finder.needle() == word.as_bytes())
                    })
            }
            Self::Any { test, hint } => {
                hint.as_ref().is_none_or(|hint| hint.may_be_in(text, is_ascii))
                    && has_token(text, &|word| test.matches(word.as_bytes()))
            }
            Self::Phrase { phrase, tokens } => {
                let longest = tokens.first().filter(|_| is_ascii);
                if let Some(found) = longest.and_then(|token| token.is_in_row(text, phrase)) {
                    return found;
                }
                tokens.iter().all(|token| token.may_be_in(text, is_ascii))
                    && has_phrase(text, is_ascii, phrase)
            }
        }
    }

    /// Texts of which every matching value contains one.
    pub(super) fn literals(&self) -> Option<Vec<Literal<'_>>> {
        match self {
            Self::AnyOf(tokens) => tokens.iter().map(Token::literal).collect(),
            Self::Any { hint, .. } => Some(vec![hint.as_ref()?.literal()?]),
            Self::Phrase { tokens, .. } => {
                let literals = tokens.iter().filter_map(Token::literal);
                Some(vec![literals.max_by_key(|literal| literal.bytes.len())?])
            }
        }
    }
}

fn stop_if(found: bool) -> ControlFlow<()> {
    if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn has_token(text: &[u8], wanted: &dyn Fn(&str) -> bool) -> bool {
    let text = String::from_utf8_lossy(text);
    let visit = &mut |word: &str| stop_if(wanted(word));
    each_token(&text, visit).is_break()
}

fn has_phrase(text: &[u8], is_ascii: bool, phrase: &Phrase) -> bool {
    let mut progress = Progress::new(phrase);
    if is_ascii {
        return AsciiWords::of(text).any(|word| progress.read(word)) || progress.end();
    }
    let text = String::from_utf8_lossy(text);
    let visit = &mut |word: &str| stop_if(progress.read(word.as_bytes()));
    each_token(&text, visit).is_break() || progress.end()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::analyze;

    proptest! {
        #[test]
        fn a_row_is_found_from_its_longest_token(
            phrase in "[ab1.:, -]{1,9}",
            text in "[abAB1.:, _'-]{0,40}",
        ) {
            let tokens = analyze::tokens(&phrase);
            prop_assume!(tokens.len() > 1);
            let plain = has_phrase(text.as_bytes(), true, &Phrase::of(&tokens, 0));
            prop_assert_eq!(Words::phrase(&tokens, 0).matches(text.as_bytes()), plain);
        }
    }
}
