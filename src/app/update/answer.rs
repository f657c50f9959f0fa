//! Answers: each goes to the panel that asked; late ones are dropped by their number.

use super::Out;
use super::facets::Told;
use crate::app::state::{App, Slot};
use crate::app::work::Asking;
use crate::query::{Answer, RequestId, Update, Warning};

impl App {
    /// Takes one answer.
    pub(super) fn on_answer(&mut self, update: Update, out: &mut Out) {
        let current = self.progress.running.iter_mut().find(|(_, r)| r.id == update.id);
        let Some((slot, running)) = current else { return };
        let slot = *slot;
        if update.complete
            && let Some(done) = running.done.get_mut(update.part)
            && !std::mem::replace(done, true)
        {
            running.open = running.open.saturating_sub(1);
        }
        let finished = running.open == 0;
        if finished && let Some(done) = self.progress.running.remove(&slot) {
            let took = Some((self.now.0 - done.since.0).max(0));
            self.work.latest.insert(slot, Asking { id: done.id, took });
        }
        // What suggestions and hints lack is no news of the answer on the screen.
        let beside = [Slot::Suggest, Slot::HintFilters, Slot::HintRange, Slot::HintBefore];
        let mut warnings = update.warnings;
        if slot != Slot::Facets && !beside.contains(&slot) {
            self.note_warnings((slot, update.id), std::mem::take(&mut warnings), finished);
        }
        match slot {
            Slot::Rows => self.on_rows(update.part, update.answer, finished, out),
            Slot::More => self.on_more(update.answer, out),
            Slot::Totals => self.on_totals(update.answer, update.complete, out),
            Slot::Facets => {
                let told = Told { complete: update.complete, warnings };
                self.on_facet(update.part, update.answer, told);
            }
            Slot::Document => self.on_document(update.answer),
            Slot::Surroundings => self.on_surroundings(update.answer),
            Slot::Find => self.on_found(update.answer, update.complete, out),
            Slot::Suggest => self.on_values(update.answer),
            Slot::HintFilters | Slot::HintRange | Slot::HintBefore => {
                self.on_hint(slot, update.answer, update.complete);
            }
            Slot::GoTo => self.on_go_to(update.answer, update.complete, out),
        }
        if !self.progress.is_busy() {
            self.progress.shown = false;
        }
        if finished && self.progress.stale {
            self.schedule_stale(out);
        }
    }

    /// Keeps what an answer warns of; what the answer before it lacked is forgotten with its end.
    fn note_warnings(
        &mut self,
        (slot, id): (Slot, RequestId),
        warnings: Vec<Warning>,
        finished: bool,
    ) {
        let warned = self.work.warned.entry(slot).or_default();
        if warned.id != id {
            warned.id = id;
            let before = std::mem::take(&mut warned.now);
            warned.before.extend(before);
        }
        warned.now.extend(warnings);
        if finished {
            warned.before.clear();
        }
        self.warnings.clear();
        for warning in self.work.warned.values().flat_map(|it| it.before.iter().chain(&it.now)) {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
            }
        }
    }

    /// Leaves of the warnings only their mark; whether any was told in words.
    pub(super) fn put_warnings_away(&mut self) -> bool {
        let told: Vec<Warning> = self.told_warnings().into_iter().cloned().collect();
        let any = !told.is_empty();
        // What was put away long ago and has not come again is forgotten.
        self.dismissed.retain(|old| self.warnings.contains(old));
        self.dismissed.extend(told);
        any
    }

    fn on_totals(&mut self, answer: Answer, complete: bool, out: &mut Out) {
        match answer {
            Answer::Total(total) => {
                self.total = Some(total);
                self.total_complete = complete;
            }
            Answer::Histogram(bars) => self.on_bars(bars, complete, out),
            Answer::Failed(reason) => {
                self.histogram.error = Some(reason.clone());
                if self.total.is_none() && self.table.error.is_none() {
                    self.table.error = Some(reason);
                }
            }
            _ => {}
        }
    }
}
