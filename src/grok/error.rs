//! Why a grok pattern cannot be used.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

/// A grok pattern, or a regular expression in it, that cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// No pattern has that name.
    #[error("unknown grok pattern `{name}`")]
    Unknown {
        /// The name that was used.
        name: String,
        /// The known name that looks most like it.
        nearest: Option<String>,
        /// The patterns through which it was reached, outermost first.
        stack: Vec<String>,
    },
    /// A pattern uses itself.
    #[error("grok pattern uses itself: {}", stack.join(" -> "))]
    Cycle {
        /// The way round, beginning and ending with the same name.
        stack: Vec<String>,
    },
    /// The expanded pattern is no regular expression.
    #[error("invalid regular expression: {reason} at byte {at} of `{around}`")]
    Syntax {
        /// What is wrong.
        reason: String,
        /// Where, as a byte of the expanded text.
        at: usize,
        /// The text about that place.
        around: String,
    },
    /// The pattern is too large to be compiled.
    #[error("grok pattern is too large ({size} of at most {limit} steps)")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
}

impl CompileError {
    /// The same for showing, with the place of the pattern in the text that holds it.
    #[must_use]
    pub fn diagnostic(&self, span: Range<usize>) -> Diagnostic {
        let finding = Diagnostic::error(self.to_string()).at(span);
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => {
                finding.hint(format!("did you mean `{nearest}`?"))
            }
            _ => finding,
        }
    }
}
