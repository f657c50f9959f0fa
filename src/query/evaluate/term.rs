//! A test of one whole term: a keyword's value, or a token of text.

use memchr::memmem;

use super::Literal;
use super::literal::text_of;
use super::operation::{Range, Side};
use crate::text::wildcard::same_text;
use crate::text::{Fuzzy, Regexp, Wildcard};

/// A test of a whole term. Order is that of UTF-8 bytes.
#[derive(Debug, Clone)]
pub(super) enum TermTest {
    Equals(Box<[u8]>),
    EqualsIgnoringCase(Box<str>),
    Among(Box<[Box<[u8]>]>),
    Between { lower: Limit, upper: Limit },
    Prefix(Box<[u8]>),
    Wildcard(Wildcard),
    Regexp(Box<Regexp>),
    Fuzzy(Fuzzy),
}

/// One end of a range of terms.
#[derive(Debug, Clone)]
pub(super) enum Limit {
    Open,
    Inclusive(Box<[u8]>),
    Exclusive(Box<[u8]>),
}

impl Limit {
    fn of(side: &Side) -> Self {
        match side {
            Side::Open => Self::Open,
            Side::At { value, inclusive: true } => Self::Inclusive(bytes(&text_of(value))),
            Side::At { value, inclusive: false } => Self::Exclusive(bytes(&text_of(value))),
        }
    }
}

fn bytes(text: &str) -> Box<[u8]> {
    text.as_bytes().into()
}

impl TermTest {
    pub(super) fn equals(text: &str, ignore_case: bool) -> Self {
        if ignore_case { Self::EqualsIgnoringCase(text.into()) } else { Self::Equals(bytes(text)) }
    }

    pub(super) fn among(texts: &[String]) -> Self {
        match texts {
            [one] => Self::equals(one, false),
            _ => Self::Among(texts.iter().map(|text| bytes(text)).collect()),
        }
    }

    pub(super) fn between(range: &Range) -> Self {
        Self::Between { lower: Limit::of(&range.lower), upper: Limit::of(&range.upper) }
    }

    pub(super) fn prefix(text: &str, ignore_case: bool) -> Self {
        if !ignore_case {
            return Self::Prefix(bytes(text));
        }
        let escaped: String = text.chars().flat_map(|character| ['\\', character]).collect();
        Self::Wildcard(Wildcard::compile(&format!("{escaped}*"), true))
    }

    pub(super) fn matches(&self, term: &[u8]) -> bool {
        let text = || String::from_utf8_lossy(term);
        match self {
            Self::Equals(wanted) => **wanted == *term,
            Self::EqualsIgnoringCase(wanted) => same_text(wanted, &text()),
            Self::Among(wanted) => wanted.iter().any(|wanted| **wanted == *term),
            Self::Between { lower, upper } => {
                let above = match lower {
                    Limit::Open => true,
                    Limit::Inclusive(limit) => **limit <= *term,
                    Limit::Exclusive(limit) => **limit < *term,
                };
                above
                    && match upper {
                        Limit::Open => true,
                        Limit::Inclusive(limit) => *term <= **limit,
                        Limit::Exclusive(limit) => *term < **limit,
                    }
            }
            Self::Prefix(wanted) => term.starts_with(wanted),
            Self::Wildcard(wildcard) => wildcard.matches_bytes(term),
            Self::Regexp(regexp) => regexp.matches(&text()),
            Self::Fuzzy(fuzzy) => fuzzy.matches(&text()),
        }
    }

    /// Texts of which every matching term contains one.
    pub(super) fn literals(&self) -> Option<Vec<Literal<'_>>> {
        let exact = |bytes| Literal { bytes, ignore_case: false };
        let found = match self {
            Self::Equals(wanted) | Self::Prefix(wanted) => vec![exact(&**wanted)],
            Self::Among(wanted) => wanted.iter().map(|wanted| exact(&**wanted)).collect(),
            Self::Wildcard(wildcard) => vec![exact(wildcard.literal()?)],
            Self::EqualsIgnoringCase(_) | Self::Between { .. } => return None,
            Self::Regexp(_) | Self::Fuzzy(_) => return None,
        };
        found.iter().all(|literal| !literal.bytes.is_empty()).then_some(found)
    }
}

/// A text that a value contains somewhere, the case left aside.
#[derive(Debug, Clone)]
pub(super) enum Contains {
    Ascii(crate::text::Caseless),
    Unicode(Box<memmem::Finder<'static>>),
}

impl Contains {
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Ascii(crate::text::Caseless::of(text.as_bytes()));
        }
        let lowered = crate::text::analyze::lower_text(text);
        Self::Unicode(Box::new(memmem::Finder::new(lowered.as_bytes()).into_owned()))
    }

    pub(super) fn matches(&self, text: &[u8]) -> bool {
        match self {
            Self::Ascii(needle) => needle.is_in(text),
            Self::Unicode(needle) => {
                let lowered = crate::text::analyze::lower_text(&String::from_utf8_lossy(text));
                needle.find(lowered.as_bytes()).is_some()
            }
        }
    }

    pub(super) fn literal(&self) -> Option<Literal<'_>> {
        match self {
            Self::Ascii(needle) if !needle.needle().is_empty() => {
                Some(Literal { bytes: needle.needle(), ignore_case: true })
            }
            _ => None,
        }
    }
}
