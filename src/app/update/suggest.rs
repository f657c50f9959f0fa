//! Suggestions: what may follow at the cursor, and taking it.

use super::Out;
use crate::app::state::App;
use crate::query::Answer;

impl App {
    /// Finds what may follow at the cursor.
    pub(super) fn suggest(&mut self, _out: &mut Out) {
        self.query.suggestions.items.clear();
    }

    pub(super) fn ask_values(&mut self, _out: &mut Out) {}

    pub(super) fn on_values(&mut self, _answer: Answer) {}

    /// Puts the pop-up away; whether there was one.
    pub(super) fn close_suggestions(&mut self) -> bool {
        let shown = self.query.suggestions.is_shown();
        self.query.suggestions.dismissed = true;
        shown
    }

    pub(super) fn step_suggestion(&mut self, down: bool) {
        let suggestions = &mut self.query.suggestions;
        let count = suggestions.items.len();
        suggestions.picked = match (suggestions.picked, down) {
            (None, true) => Some(0),
            (None, false) => count.checked_sub(1),
            (Some(0), false) => None,
            (Some(at), false) => Some(at - 1),
            (Some(at), true) => Some((at + 1).min(count.saturating_sub(1))),
        };
    }

    pub(super) fn accept_suggestion(&mut self, _out: &mut Out) {}

    pub(super) fn complete(&mut self, out: &mut Out) {
        self.query.suggestions.dismissed = false;
        self.suggest(out);
    }
}
