//! The Kibana Query Language, exactly as Kibana reads it.
//!
//! - [`parse`]: text to [`Ast`], or an [`Error`] with Kibana's words and place.
//! - `Ast`'s `Display`: back to text; `parse(&ast.to_string())` is the same tree.
//! - [`caret`]: what may be typed at a place, for suggestions.
//!
//! Inside: `lexer` (words), `grammar` (their order), `build` (the tree), `expected` (error lists).
//! Knows no fields; `query::lower` gives a tree its meaning.

mod ast;
mod build;
pub mod caret;
mod check;
mod error;
mod expected;
mod format;
mod grammar;
mod hint;
mod json;
mod lexer;
mod piece;

#[doc(hidden)]
pub use check::check;

pub use ast::{Ast, Comparison, STAR, Term};
pub use error::{Error, ErrorKind};
pub use format::{escape_bare, escape_quoted};
pub use piece::{Piece, pieces};

use grammar::Rules;

/// What a text may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Values may begin with a star (Kibana's `query:allowLeadingWildcards`, on by default).
    pub leading_wildcards: bool,
    /// Peavey's extensions: `field: /regex/`.
    pub plus: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { leading_wildcards: true, plus: false }
    }
}

/// Parses a text with Kibana's default settings.
///
/// # Errors
/// The text is no KQL; the error has Kibana's message and place.
pub fn parse(text: &str) -> Result<Ast, Error> {
    parse_with(text, Options::default())
}

/// Parses a text.
///
/// # Errors
/// The text is no KQL; the error has Kibana's message and place.
pub fn parse_with(text: &str, options: Options) -> Result<Ast, Error> {
    let rules = Rules { leading_wildcards: options.leading_wildcards, regexes: options.plus };
    match grammar::parse(text.as_bytes(), rules, build::Tree) {
        Ok(tree) => Ok(tree.unwrap_or_else(Ast::everything)),
        Err(failure) => Err(Error::new(text, failure)),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
