//! Lucene's regular expressions: anchored, over a whole value or token, with `&`, `~`, `@`, `#`
//! and `<1-9>` beside the usual operators.
//!
//! In: a pattern. Out: an automaton that reads each character once. Patterns that would need too
//! many states are refused, as Lucene refuses them.

mod automaton;
mod parse;
mod term;

use automaton::Automaton;
use term::Terms;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Regexp {
    automaton: Automaton,
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The pattern does not parse.
    #[error("regular expression: {reason} at character {at}")]
    Syntax { reason: &'static str, at: usize },
    /// The automaton would be too large.
    #[error("the regular expression is too complex")]
    TooComplex,
}

impl Regexp {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Those of [`Error`].
    pub fn compile(pattern: &str, ignore_case: bool) -> Result<Self, Error> {
        let mut terms = Terms::new();
        let root = parse::parse(pattern, ignore_case, &mut terms)?;
        Ok(Self { automaton: Automaton::build(&mut terms, root)? })
    }

    /// Whether the whole of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.automaton.accepts(text)
    }
}

#[cfg(test)]
mod tests;
