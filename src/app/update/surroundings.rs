//! Records around one in its own file, query and pills lifted.

use super::Out;
use super::motion::{Motion, keep_visible};
use crate::app::state::{App, Layer, Slot, Surroundings};
use crate::query::{Answer, Part};

/// Rows that are asked for on either side at first, and more at a time.
const STEP: usize = 50;
/// Rows on either side at most.
const MOST: usize = 5_000;

impl App {
    /// Opens the records around the one under the cursor.
    pub(super) fn open_surroundings(&mut self, out: &mut Out) {
        let hit = match self.focus.top() {
            Some(Layer::Document) => self.document.as_ref().map(|view| view.hit.clone()),
            _ => self.table.current().cloned(),
        };
        let Some(hit) = hit else { return };
        self.focus.close(Layer::Document);
        self.document = None;
        self.surroundings = Some(Surroundings {
            hits: vec![hit.clone()],
            of: hit,
            at: 0,
            cursor: 0,
            top: 0,
            before: STEP,
            after: STEP,
            at_start: false,
            at_end: false,
            error: None,
        });
        self.focus.open(Layer::Surroundings);
        self.ask_surroundings(out);
    }

    fn ask_surroundings(&mut self, out: &mut Out) {
        let Some(around) = &self.surroundings else { return };
        let Some(search) = self.work.search.clone() else { return };
        let of = around.of.cursor.clone();
        let part = Part::Surrounding { of, before: around.before, after: around.after };
        self.ask(Slot::Surroundings, search, vec![part], out);
    }

    pub(super) fn on_surroundings(&mut self, answer: Answer) {
        let page = usize::from(self.geometry.table_rows);
        let Some(around) = &mut self.surroundings else { return };
        match answer {
            Answer::Surrounding { page: rows, at } => {
                let here = around.current().map(|hit| hit.id.clone());
                let line = around.cursor.saturating_sub(around.top);
                let first = around.hits.len() == 1;
                around.at_start = rows.at_start;
                around.at_end = rows.at_end;
                around.hits = rows.hits;
                around.at = at.min(around.hits.len().saturating_sub(1));
                let found = here.and_then(|id| around.index_of(&id));
                around.cursor = found.unwrap_or(around.at);
                let line = if first { page / 2 } else { line };
                around.top = around.cursor.saturating_sub(line);
            }
            Answer::Failed(reason) => around.error = Some(reason),
            _ => {}
        }
    }

    pub(super) fn move_surroundings(&mut self, motion: Motion, out: &mut Out) {
        let page = usize::from(self.geometry.table_rows);
        let Some(around) = &mut self.surroundings else { return };
        let length = around.hits.len();
        motion.apply(&mut around.cursor, &mut around.top, length, page);
        keep_visible(around.cursor, &mut around.top, length, page);
        let mut more = false;
        if around.cursor < page && !around.at_start && around.before < MOST {
            around.before += STEP.max(page);
            more = true;
        }
        if around.cursor + page >= length && !around.at_end && around.after < MOST {
            around.after += STEP.max(page);
            more = true;
        }
        if more && !self.is_running(Slot::Surroundings) {
            self.ask_surroundings(out);
        }
    }

    pub(super) fn close_surroundings(&mut self, out: &mut Out) {
        self.cancel(Slot::Surroundings, out);
        self.surroundings = None;
    }
}
