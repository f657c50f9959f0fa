//! The source changes: records come, fields are found, more is read.

use std::sync::Arc;

use super::Out;
use crate::app::effect::Effect;
use crate::app::message::Timer;
use crate::app::state::{App, Follow, Slot};
use crate::app::work::Landing;
use crate::query::Status;

/// Answers of a source that keeps changing are asked anew at most this often, in milliseconds.
const STALE_AFTER: u32 = 250;

/// Choices of the automatic refresh, in seconds; after the last it is off.
const INTERVALS: [i64; 5] = [5, 10, 30, 60, 300];

impl App {
    /// Takes the source's new state.
    pub(super) fn on_status(&mut self, status: Arc<Status>, out: &mut Out) {
        let before_time = self.time_field().to_owned();
        let before = std::mem::replace(&mut self.status, status);
        let read = (!self.status.complete).then_some(self.status.bytes_done);
        self.progress.note_read(self.now, read);
        if self.table.sort.field == before_time {
            self.table.sort.field = self.time_field().to_owned();
        }
        if !Arc::ptr_eq(&before.view, &self.status.view) && before.view != self.status.view {
            self.rebuild_fields();
            let by = self.histogram.by.clone();
            self.choose_breakdown_field();
            if self.work.started && by != self.histogram.by {
                self.progress.stale = true;
                self.work.resized = true;
                self.schedule_stale(out);
            }
            self.lower_again(out);
        }
        if let Some(notice) = self.status.notices.iter().find(|new| !before.notices.contains(new)) {
            let text = format!("{} (gn tells more)", notice.message);
            self.warn(text, out);
        }
        if self.work.started && self.status.generation != before.generation {
            self.progress.stale = true;
            self.schedule_stale(out);
        }
    }

    /// New fields can change what a query means; then it is asked anew.
    fn lower_again(&mut self, out: &mut Out) {
        let question = &self.asked.question;
        let Ok(clause) = question.lower(&self.status.view, &self.query_config) else { return };
        let same = self.work.search.as_ref().is_none_or(|search| *search.clause == clause);
        if self.work.started && !same {
            self.search_again(out);
        }
    }

    /// Starts the timer after which stale answers are asked anew.
    pub(super) fn schedule_stale(&mut self, out: &mut Out) {
        if !std::mem::replace(&mut self.work.stale_timer, true) {
            out.push(Effect::SetTimer(Timer::Stale, STALE_AFTER));
        }
    }

    /// Asks anew for what has changed. What is still being answered gets better by itself.
    pub(super) fn on_stale(&mut self, out: &mut Out) {
        self.work.stale_timer = false;
        if std::mem::take(&mut self.work.resized) {
            self.ask_totals(out);
        }
        if !std::mem::take(&mut self.progress.stale) {
            return;
        }
        if self.is_running(Slot::Rows) || self.is_running(Slot::Totals) {
            self.progress.stale = true; // The answer that ends first starts the timer again.
        }
        if !self.is_running(Slot::Totals) {
            self.ask_totals(out);
            self.ask_facets(true, out);
        }
        if !self.is_running(Slot::Rows) {
            self.ask_rows_anew(out);
        }
    }

    /// Asks for rows where newer ones may stand: at the end that grows.
    fn ask_rows_anew(&mut self, out: &mut Out) {
        let at_top = self.table.cursor == 0 && self.table.at_start;
        match self.table.follow {
            Follow::Live => self.ask_rows(Landing::End, out),
            Follow::Paused { .. } => self.table.at_end = false,
            Follow::Off if at_top || self.table.hits.is_empty() => {
                self.ask_rows(Landing::Top, out);
            }
            // What could not be answered may be answered now.
            Follow::Off if self.table.provisional || self.table.error.is_some() => {
                let landing = self.landing_here();
                self.ask_rows(landing, out);
            }
            Follow::Off => {
                // Rows may have come beyond either end; scrolling there finds them.
                self.table.at_start = false;
                self.table.at_end = false;
                self.table.before = None;
            }
        }
    }

    /// Asks again because time has passed.
    pub(super) fn on_refresh(&mut self, out: &mut Out) {
        let Some(every) = self.refresh_every else { return };
        if !self.progress.is_busy() {
            self.search_again(out);
        }
        out.push(Effect::SetTimer(Timer::Refresh, u32::try_from(every).unwrap_or(u32::MAX)));
    }

    /// The next interval of the automatic refresh.
    pub(super) fn cycle_refresh(&mut self, out: &mut Out) {
        let now = self.refresh_every.unwrap_or(0);
        let next = INTERVALS.iter().map(|seconds| seconds * 1_000).find(|every| *every > now);
        self.refresh_every = next;
        if let Some(every) = next {
            out.push(Effect::SetTimer(Timer::Refresh, u32::try_from(every).unwrap_or(u32::MAX)));
            self.tell(format!("Asks again every {} s.", every / 1_000), out);
        } else {
            out.push(Effect::ClearTimer(Timer::Refresh));
            self.tell("Asks again only on request.", out);
        }
    }
}
