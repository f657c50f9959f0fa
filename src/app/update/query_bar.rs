//! The query bar: editing, history, asking.

use super::Out;
use super::motion::Motion;
use crate::app::effect::Effect;
use crate::app::state::{App, Asked, Language, Layer, Suggestions};
use crate::app::work::{Landing, Place};

/// Queries that are remembered.
const KEPT: usize = 500;

impl App {
    /// Puts the cursor into the query bar.
    pub(super) fn edit_query(&mut self) {
        if self.focus.top() != Some(Layer::Query) {
            self.focus.open(Layer::Query);
            self.query.recalled = None;
            self.query.suggestions = Suggestions::default();
        }
    }

    /// The text has changed: errors of the old text go, suggestions for the new one come.
    pub(super) fn on_query_edited(&mut self, out: &mut Out) {
        self.query.error = None;
        self.query.recalled = None;
        self.query.suggestions.dismissed = false;
        self.suggest(out);
    }

    /// Asks what is typed; the picked suggestion is accepted instead, if one is picked.
    pub(super) fn submit_query(&mut self, out: &mut Out) {
        let suggestions = &self.query.suggestions;
        if suggestions.is_shown() && suggestions.picked.is_some() {
            self.accept_suggestion(out);
            return;
        }
        let mut asked = self.asked.clone();
        self.query.prompt.text().clone_into(&mut asked.question.text);
        asked.question.language = self.query.language;
        self.ask_typed(asked, out);
    }

    /// Puts a typed question in force; what is wrong with it is shown with a caret, and the last
    /// answer stays.
    pub(super) fn ask_typed(&mut self, asked: Asked, out: &mut Out) {
        let text = asked.question.text.clone();
        let landing = self.place_or_top();
        self.query.suggestions.items.clear();
        self.remember(&text, out);
        match self.change(asked, landing, out) {
            Ok(()) => {
                self.query.recalled = None;
                self.focus.close(Layer::Query);
            }
            Err(finding) => {
                if let Some(span) = &finding.span {
                    self.query.prompt.move_to_byte(span.start);
                }
                self.query.error = Some(finding);
                self.focus.open(Layer::Query);
            }
        }
    }

    /// On the record under the cursor if it is still in the answer, else on the first row.
    fn place_or_top(&self) -> Landing {
        match self.landing_here() {
            Landing::Near(Place { id, cursor, line }) => {
                Landing::OnOrTop(Place { id, cursor, line })
            }
            other => other,
        }
    }

    /// Adds a query to the history.
    pub(super) fn remember(&mut self, text: &str, out: &mut Out) {
        if text.trim().is_empty() || self.query.history.last().is_some_and(|last| last == text) {
            return;
        }
        self.query.history.retain(|old| old != text);
        self.query.history.push(text.to_owned());
        let spare = self.query.history.len().saturating_sub(KEPT);
        self.query.history.drain(..spare);
        out.push(Effect::Remember(text.to_owned()));
    }

    /// Leaves the query bar without asking: it shows what is in force again, and what was typed
    /// can be recalled from the history.
    pub(super) fn leave_query(&mut self) {
        let typed = self.query.prompt.text().to_owned();
        let kept = typed == self.asked.question.text || typed.trim().is_empty();
        if !kept && !self.query.history.contains(&typed) {
            self.query.history.push(typed);
        }
        self.query.prompt.set(&self.asked.question.text.clone());
        self.query.language = self.asked.question.language;
        self.query.error = None;
        self.query.recalled = None;
    }

    /// Up and down: through the suggestions while they are shown, else through the history.
    pub(super) fn move_query(&mut self, motion: Motion) {
        let down = match motion {
            Motion::Lines(lines) => lines > 0,
            Motion::Pages { pages, .. } => pages > 0,
            Motion::Top => false,
            Motion::Bottom => true,
        };
        let recalling = self.query.recalled.is_some();
        if self.query.suggestions.is_shown()
            && !recalling
            && (down || self.query.suggestions.picked.is_some())
        {
            self.step_suggestion(down);
        } else {
            self.recall(down);
            self.query.error = None;
        }
    }

    fn recall(&mut self, down: bool) {
        let length = self.query.history.len();
        let next = match (self.query.recalled, down) {
            (None, true) => return,
            (None, false) => length.checked_sub(1),
            (Some(at), false) => Some(at.saturating_sub(1)),
            (Some(at), true) => Some(at + 1).filter(|next| *next < length),
        };
        if self.query.recalled.is_none() {
            self.query.draft = self.query.prompt.text().to_owned();
        }
        let mut next = next;
        let shown = self.query.prompt.text();
        if self.query.recalled.is_none()
            && let Some(at) = next
            && self.query.history[at] == shown
        {
            next = at.checked_sub(1).or(next); // The newest is on the bar already.
        }
        let text = match next {
            Some(at) => self.query.history[at].clone(),
            None => self.query.draft.clone(),
        };
        self.query.recalled = next;
        self.query.prompt.set(&text);
        self.query.suggestions = Suggestions::default();
    }

    /// Takes the query that the error proposes, and asks it.
    pub(super) fn accept_fix(&mut self, out: &mut Out) {
        let fix = self.query.error.as_ref().and_then(|error| error.replacement.clone());
        if let Some(fix) = fix {
            self.query.prompt.set(&fix);
            self.query.error = None;
            self.submit_query(out);
        }
    }

    /// The other language.
    pub(super) fn toggle_language(&mut self, out: &mut Out) {
        self.query.language = match self.query.language {
            Language::Kql => Language::Lucene,
            Language::Lucene => Language::Kql,
        };
        self.on_query_edited(out);
    }
}
