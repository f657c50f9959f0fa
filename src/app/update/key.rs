//! Keys and pastes: which action a key runs where one is, or which text it types.

use super::Out;
use crate::app::action::Action;
use crate::app::state::{App, Inspect, Layer, Pane};
use crate::config::{Code, Key, Meaning};

/// Counts typed before a key end here.
const MOST: usize = 1_000_000;

impl App {
    /// Handles a key press.
    pub(super) fn on_key(&mut self, key: Key, out: &mut Out) {
        if !self.pending.is_empty() && key == Key::plain(Code::Esc) {
            self.pending.clear();
            self.count = None;
            return;
        }
        if self.pending.is_empty() && !self.focus.is_typing() && self.on_digit(key, out) {
            return;
        }
        let mut keys = std::mem::take(&mut self.pending);
        let first = keys.is_empty();
        keys.push(key);
        let keymap = self.keymap.clone();
        match keymap.meaning(&keys, self.places()) {
            Meaning::Runs(binding) => {
                let count = self.count.take();
                if let Some(action) = Action::named(&binding.run) {
                    self.act(action, count, out);
                }
            }
            Meaning::Begins => self.pending = keys,
            Meaning::Unknown => {
                self.count = None;
                if first && self.focus.is_typing() {
                    self.on_text(key, out);
                }
            }
        }
    }

    /// Takes a digit as an offer's number or as part of a count; whether it was one.
    fn on_digit(&mut self, key: Key, out: &mut Out) -> bool {
        let Some(digit) = key.typed().and_then(|c| c.to_digit(10)) else { return false };
        let digit = digit as usize;
        if self.focus.top().is_none()
            && self.table.hits.is_empty()
            && let Some(offer) = digit.checked_sub(1).and_then(|at| self.nothing.offers.get(at))
        {
            self.take_offer(offer.clone(), out);
            return true;
        }
        if digit == 0 && self.count.is_none() {
            return false;
        }
        let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
        self.count = Some(count.min(MOST));
        true
    }

    /// Gives a key to the text that is being edited.
    fn on_text(&mut self, key: Key, out: &mut Out) {
        match self.focus.top() {
            Some(Layer::Query) => {
                if self.query.prompt.input(key) {
                    self.on_query_edited(out);
                } else {
                    self.suggest(out);
                }
            }
            Some(Layer::FieldSearch) => {
                let changed = self.fields.search.input(key);
                if changed {
                    self.rebuild_fields();
                    self.fields.cursor = self.first_field_row();
                }
            }
            Some(Layer::Find) => {
                let changed = self.find.prompt.input(key);
                if changed {
                    self.find.error = None;
                }
            }
            Some(Layer::DocumentSearch) => {
                let changed = self.document.as_mut().is_some_and(|view| view.search.input(key));
                if changed {
                    self.rebuild_document();
                }
            }
            Some(Layer::Time) => self.type_time(key),
            Some(Layer::Pill) => self.type_pill(key),
            Some(Layer::Picker) => {
                if let Some(picker) = &mut self.picker
                    && picker.prompt.input(key)
                {
                    picker.search();
                }
            }
            Some(Layer::Ask) => {
                if let Some(ask) = &mut self.ask
                    && ask.prompt.input(key)
                {
                    ask.error = None;
                }
            }
            _ => {}
        }
    }

    /// A paste is one edit of the text that has the cursor; elsewhere it opens the query bar.
    pub(super) fn on_paste(&mut self, text: &str, out: &mut Out) {
        self.pending.clear();
        self.count = None;
        match self.focus.top() {
            Some(Layer::FieldSearch) => {
                self.fields.search.paste(text);
                self.rebuild_fields();
            }
            Some(Layer::Find) => self.find.prompt.paste(text),
            Some(Layer::DocumentSearch) => {
                if let Some(view) = &mut self.document {
                    view.search.paste(text);
                }
                self.rebuild_document();
            }
            Some(Layer::Time) => self.paste_time(text),
            Some(Layer::Pill) => self.paste_pill(text),
            Some(Layer::Picker) => {
                if let Some(picker) = &mut self.picker {
                    picker.prompt.paste(text);
                    picker.search();
                }
            }
            Some(Layer::Ask) => {
                if let Some(ask) = &mut self.ask {
                    ask.prompt.paste(text);
                }
            }
            top => {
                if top != Some(Layer::Query) {
                    self.edit_query();
                    if self.query.prompt.text() == self.asked.question.text {
                        self.query.prompt.set("");
                    }
                }
                self.query.prompt.paste(text);
                self.on_query_edited(out);
            }
        }
    }

    /// Closes what is on top; whether anything was open.
    pub(super) fn close_top(&mut self, out: &mut Out) -> bool {
        let Some(top) = self.focus.top() else { return false };
        if top == Layer::Query && self.close_suggestions() {
            return true;
        }
        self.focus.close(top);
        match top {
            Layer::Query => self.leave_query(),
            Layer::FieldSearch => self.leave_field_search(),
            Layer::DocumentSearch => {}
            Layer::Document => self.close_document(out),
            Layer::Surroundings => self.close_surroundings(out),
            Layer::Picker => {
                if self.work.picking {
                    self.quit(out);
                }
                self.picker = None;
                self.work.choices.clear();
            }
            Layer::Ask => self.ask = None,
            Layer::Inspect => self.inspect = Inspect::default(),
            Layer::Find | Layer::Time | Layer::Pill | Layer::Help | Layer::Reader => {}
        }
        true
    }

    /// Esc: closes what is on top, else lets go of a selection, else stops what runs.
    pub(super) fn close(&mut self, out: &mut Out) {
        if self.close_top(out) {
            return;
        }
        if self.histogram.anchor.take().is_some() || self.histogram.series.take().is_some() {
            return;
        }
        if self.cancel_all(out) {
            self.tell("Stopped.", out);
            return;
        }
        if self.put_warnings_away() {
            return;
        }
        self.focus.pane = Pane::Table;
        self.find.pattern = None;
    }

    /// `^C`: stops what runs, else closes, else quits.
    pub(super) fn on_cancel(&mut self, out: &mut Out) {
        if self.cancel_all(out) {
            self.tell("Stopped.", out);
        } else if !self.close_top(out) {
            self.quit(out);
        }
    }

    /// `q`: closes what is on top, else goes back to the table, else quits.
    pub(super) fn back(&mut self, out: &mut Out) {
        if self.close_top(out) {
            return;
        }
        if self.focus.pane == Pane::Table {
            self.quit(out);
        } else {
            self.close(out);
        }
    }

    pub(super) fn quit(&mut self, out: &mut Out) {
        self.quitting = true;
        out.push(crate::app::Effect::Quit);
    }
}
