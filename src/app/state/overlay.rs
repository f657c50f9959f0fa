//! Small things over the screen: help, a text to read, a question for one line, a passing notice.

use super::prompt::Prompt;
use crate::diagnostic::Severity;

/// A heading of the help with its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpSection {
    /// What the keys are about.
    pub title: String,
    /// Keys and what they do.
    pub rows: Vec<(String, String)>,
}

/// Help, made from the keymap for where one is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// Sections, the one for where one is first.
    pub sections: Vec<HelpSection>,
    /// The first line on the screen (a section is its title, its rows and an empty line).
    pub top: usize,
}

/// A text to read and scroll: notices with their details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// The heading.
    pub title: String,
    /// The lines.
    pub lines: Vec<String>,
    /// The first line on the screen.
    pub top: usize,
}

/// What one line of text is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskKind {
    /// The name of a query to save.
    SaveName,
    /// A file to write the rows to.
    WriteFile,
    /// A time to go to.
    GoToTime,
}

/// A box that asks for one line of text.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What for.
    pub kind: AskKind,
    /// The question.
    pub title: String,
    /// The answer so far.
    pub prompt: Prompt,
    /// Why the answer cannot be taken.
    pub error: Option<String>,
}

/// A message at the left of the last line, for a few seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passing {
    /// How bad it is; `None` is good news.
    pub severity: Option<Severity>,
    /// A sentence.
    pub text: String,
}
