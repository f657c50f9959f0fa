//! Why a KQL text is refused, in Kibana's words.

use std::fmt;

use super::expected::{self, Expectation};
use super::grammar::Failure;
use crate::diagnostic::Diagnostic;

/// A refused text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where, in bytes of the text.
    pub offset: usize,
    /// Where, in UTF-16 code units, which is how Kibana counts.
    pub offset_utf16: usize,
    text: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something else must stand there.
    Syntax {
        /// What may stand there, as Kibana lists it.
        expected: String,
        /// What stands there; `None` is the end of the text.
        found: Option<char>,
    },
    /// A value begins with a star where that is switched off.
    LeadingWildcard,
    /// Too many brackets within each other.
    TooDeep,
}

impl Error {
    pub(super) fn new(text: &str, failure: Failure) -> Self {
        let (kind, offset) = match failure {
            Failure::LeadingWildcard(offset) => (ErrorKind::LeadingWildcard, offset),
            Failure::TooDeep(offset) => (ErrorKind::TooDeep, offset),
            Failure::Syntax => {
                let Expectation { offset, expected } = expected::after_failure(text);
                let found = text.get(offset..).and_then(|rest| rest.chars().next());
                (ErrorKind::Syntax { expected, found }, offset)
            }
        };
        let before = text.get(..offset).unwrap_or(text);
        let offset_utf16 = before.encode_utf16().count();
        Self { kind, offset, offset_utf16, text: text.to_owned() }
    }

    /// The first line: what is wrong.
    #[must_use]
    pub fn message(&self) -> String {
        match &self.kind {
            ErrorKind::Syntax { expected, found: Some(found) } => {
                format!("Expected {expected} but \"{found}\" found.")
            }
            ErrorKind::Syntax { expected, found: None } => {
                format!("Expected {expected} but end of input found.")
            }
            ErrorKind::LeadingWildcard => "Leading wildcards are disabled. See \
                query:allowLeadingWildcards in Advanced Settings."
                .to_owned(),
            ErrorKind::TooDeep => "The query is nested too deeply.".to_owned(),
        }
    }

    /// The error as every part of Peavey shows one, with a hint for what people often mean.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        let length = self.text[self.offset..].chars().next().map_or(0, char::len_utf8);
        let diagnostic = Diagnostic::error(self.message()).at(self.offset..self.offset + length);
        match super::hint::for_text(&self.text, self.offset) {
            Some(hint) => hint.add_to(diagnostic),
            None => diagnostic,
        }
    }
}

impl fmt::Display for Error {
    /// Kibana's three lines: what is wrong, the text, and a caret under the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n{}\n{:->width$}",
            self.message(),
            self.text,
            "^",
            width = self.offset_utf16 + 1
        )
    }
}

impl std::error::Error for Error {}
