//! What is wrong with a settings file, and where: a file, a line and a [`Diagnostic`].

use std::fmt;

use crate::diagnostic::Diagnostic;

/// One finding about a file of settings, a theme or a saved query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file as a person knows it.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.diagnostic)
    }
}
