//! What happens to the state: a message in, effects out. A file for each panel.
//!
//! Nothing here waits, reads a clock or touches a file; whatever takes long is an [`Effect`], and
//! its result comes back as a [`Message`].

mod act;
mod answer;
mod columns;
mod copy;
mod data_view;
mod document;
mod facets;
mod fields;
mod filter;
mod find;
mod follow;
mod histogram;
mod inspect;
mod key;
mod motion;
mod nothing;
mod overlay;
mod picker;
mod pill;
mod query_bar;
mod rows;
mod saved;
mod search;
mod status;
mod suggest;
mod surroundings;
mod time;
mod undo;

use super::effect::Effect;
use super::message::{Message, Outcome, Timer};
use super::state::{App, Geometry, Passing};
use crate::diagnostic::Severity;

/// Effects gathered while a message is handled.
type Out = Vec<Effect>;

impl App {
    /// Handles one message; returns what is to be done outside. Never takes long.
    #[must_use]
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut out = Vec::new();
        match message {
            Message::ClockTicked(now) => self.now = now,
            Message::KeyPressed(key) => self.on_key(key, &mut out),
            Message::Pasted(text) => self.on_paste(&text, &mut out),
            Message::LaidOut(geometry) => self.on_laid_out(geometry, &mut out),
            Message::Answered(update) => self.on_answer(update, &mut out),
            Message::StatusChanged(status) => self.on_status(status, &mut out),
            Message::FollowWanted => self.start_follow(&mut out),
            Message::TimerFired(timer) => self.on_timer(timer, &mut out),
            Message::Done(outcome) => self.on_done(outcome, &mut out),
        }
        out
    }

    fn on_laid_out(&mut self, geometry: Geometry, out: &mut Out) {
        let before = std::mem::replace(&mut self.geometry, geometry);
        if !self.work.started {
            if !self.work.picking {
                self.start(out);
            }
            return;
        }
        let automatic = self.histogram.interval.is_none();
        if automatic && before.histogram_columns != geometry.histogram_columns {
            self.work.resized = true;
            out.push(Effect::SetTimer(Timer::Stale, 150));
        }
        self.keep_cursor_visible();
        self.prefetch(out);
    }

    fn on_timer(&mut self, timer: Timer, out: &mut Out) {
        match timer {
            Timer::Working => self.on_working(out),
            Timer::Passing => self.passing = None,
            Timer::Suggest => self.ask_values(out),
            Timer::Stale => self.on_stale(out),
            Timer::Refresh => self.on_refresh(out),
        }
    }

    fn on_done(&mut self, outcome: Outcome, out: &mut Out) {
        match outcome {
            Outcome::Told(text) => self.tell(text, out),
            Outcome::Failed(text) => {
                self.offer_again();
                self.warn(text, out);
            }
            Outcome::SavedListed(entries) => self.show_saved(entries, out),
            Outcome::SavedLoaded(view) => self.open_view(*view, out),
            Outcome::Inspected(exchanges) => self.on_inspected(exchanges),
            Outcome::SourcesListed(offered) => self.on_offered(offered),
            Outcome::SourceOpened => {
                self.enter_source(out);
                self.start(out);
            }
        }
    }

    /// Shows a sentence in the last line for a few seconds.
    fn tell(&mut self, text: impl Into<String>, out: &mut Out) {
        self.pass(None, text.into(), out);
    }

    /// Shows a sentence about something that did not work.
    fn warn(&mut self, text: impl Into<String>, out: &mut Out) {
        self.pass(Some(Severity::Warning), text.into(), out);
    }

    fn pass(&mut self, severity: Option<Severity>, text: String, out: &mut Out) {
        let time = if severity.is_some() { 8_000 } else { 4_000 };
        self.passing = Some(Passing { severity, text });
        out.push(Effect::SetTimer(Timer::Passing, time));
    }
}
