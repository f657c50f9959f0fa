//! Regular expressions in Ruby's syntax outside grok: conditions and `gsub`.

use super::backtrack::{Outcome, Program};
use super::error::CompileError;
use super::parse::parse;
use super::pattern::{BUDGET, Scratch};

/// A regular expression. Dot does not match newline; `^` and `$` match at lines.
#[derive(Debug)]
pub struct Regex {
    program: Program,
    names: Vec<String>,
}

impl Regex {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// What is no regular expression, or is not supported.
    pub fn compile(text: &str) -> Result<Self, CompileError> {
        let parsed = parse(text, false)?;
        let node =
            crate::grok::syntax::Node::Group { index: 0, node: Box::new(parsed.node.shift()) };
        let program = Program::compile(&node, parsed.names.len() + 1)?;
        Ok(Self { program, names: parsed.names })
    }

    /// Whether it matches anywhere. A text that takes too long does not match.
    pub fn is_match(&self, scratch: &mut Scratch, text: &[u8]) -> bool {
        self.find_at(scratch, text, 0)
    }

    /// Searches from a place on; the scratch holds the whole match as group 0, then the others.
    pub fn find_at(&self, scratch: &mut Scratch, text: &[u8], from: usize) -> bool {
        let Scratch { stack, slots, .. } = scratch;
        let budget = BUDGET + text.len() as u64 * 20;
        self.program.search(text, from, stack, slots, budget) == Outcome::Match
    }

    /// The number of a named group (0 is the whole match).
    pub fn group(&self, name: &str) -> Option<usize> {
        self.names.iter().rposition(|known| known == name).map(|idx| idx + 1)
    }
}
