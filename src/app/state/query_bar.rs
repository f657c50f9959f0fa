//! The query bar: the text being edited, its history, errors and suggestions.

use std::ops::Range;

use super::Language;
use super::prompt::Prompt;
use crate::diagnostic::Diagnostic;
use crate::query::kql::caret::Kind;
use crate::query::suggest::Item;

/// What a suggestion stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SuggestionKind {
    /// A field's name.
    #[default]
    Field,
    /// A value of a field.
    Value,
    /// `:`, `<`, `>=` ...
    Operator,
    /// `and`, `or`.
    Conjunction,
}

/// One line of the pop-up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// The field, value, operator or conjunction.
    pub text: String,
    /// Type of the field, count of the value, meaning of the operator.
    pub detail: String,
    /// What it writes.
    pub insert: String,
    /// The bytes of the query that it replaces.
    pub span: Range<usize>,
    /// Where the cursor is afterwards, in bytes from the start of what was written.
    pub caret: usize,
}

impl From<Item> for Suggestion {
    fn from(item: Item) -> Self {
        let kind = match item.kind {
            Kind::Field => SuggestionKind::Field,
            Kind::Value => SuggestionKind::Value,
            Kind::Operator => SuggestionKind::Operator,
            Kind::Conjunction => SuggestionKind::Conjunction,
        };
        let Item { label: text, detail, insert, span, caret, .. } = item;
        Self { kind, text, detail, insert, span, caret }
    }
}

/// The pop-up under the cursor. Without items it is not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The lines, best first.
    pub items: Vec<Suggestion>,
    /// The picked line; `None` until an arrow key picks one (then Enter accepts it).
    pub picked: Option<usize>,
    /// The bytes of the query that the first line replaces.
    pub span: Range<usize>,
    /// The field whose values are awaited.
    pub awaited: Option<String>,
    /// Whether Esc has put the pop-up away until the text changes.
    pub dismissed: bool,
}

impl Suggestions {
    /// Whether there is something to show.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !self.dismissed && !self.items.is_empty()
    }
}

/// The query bar.
#[derive(Debug, Clone, Default)]
pub struct QueryBar {
    /// The text that is edited; what was last asked is in [`Question`](crate::query::Question).
    pub prompt: Prompt,
    /// The language that Enter will ask in.
    pub language: Language,
    /// Why the text is no query: shown with a caret under the place.
    pub error: Option<Diagnostic>,
    /// What may follow at the cursor.
    pub suggestions: Suggestions,
    /// Queries asked before, oldest first.
    pub history: Vec<String>,
    /// The line of the history that is shown, while arrows go through it.
    pub recalled: Option<usize>,
    /// What was typed before arrows went through the history.
    pub draft: String,
}
