//! Undo and redo of every change of query, pills and time, with the cursor where it was.

use super::Out;
use crate::app::state::{App, Asked};
use crate::app::work::{Landing, Snapshot};
use crate::diagnostic::Diagnostic;

/// Changes that are remembered.
const KEPT: usize = 200;

impl App {
    /// Puts a changed question in force; the change can be undone.
    ///
    /// # Errors
    /// What is wrong with it; then nothing has changed.
    pub(super) fn change(
        &mut self,
        asked: Asked,
        landing: Landing,
        out: &mut Out,
    ) -> Result<(), Diagnostic> {
        let before = Snapshot { asked: self.asked.clone(), place: self.place() };
        let changed = before.asked != asked;
        self.search(asked, landing, out)?;
        if changed {
            self.work.undo.push(before);
            self.work.redo.clear();
            if self.work.undo.len() > KEPT {
                self.work.undo.remove(0);
            }
        }
        Ok(())
    }

    /// Puts a changed question in force, the cursor staying on its record where it can; what is
    /// wrong is told in the last line.
    pub(super) fn change_or_warn(&mut self, asked: Asked, out: &mut Out) {
        let landing = match self.landing_here() {
            Landing::Near(place) => Landing::OnOrTop(place),
            other => other,
        };
        if let Err(finding) = self.change(asked, landing, out) {
            self.warn(finding.to_string(), out);
        }
    }

    pub(super) fn undo(&mut self, out: &mut Out) {
        match self.work.undo.pop() {
            Some(snapshot) => {
                let now = self.restore(snapshot, out);
                self.work.redo.push(now);
                self.tell("Undone.", out);
            }
            None => self.tell("Nothing to undo.", out),
        }
    }

    pub(super) fn redo(&mut self, out: &mut Out) {
        match self.work.redo.pop() {
            Some(snapshot) => {
                let now = self.restore(snapshot, out);
                self.work.undo.push(now);
                self.tell("Redone.", out);
            }
            None => self.tell("Nothing to redo.", out),
        }
    }

    /// Goes back to a snapshot; returns the one of now.
    fn restore(&mut self, snapshot: Snapshot, out: &mut Out) -> Snapshot {
        let now = Snapshot { asked: self.asked.clone(), place: self.place() };
        let landing = snapshot.place.map_or(Landing::Top, Landing::Near);
        if let Err(finding) = self.search(snapshot.asked, landing, out) {
            self.warn(finding.to_string(), out);
        }
        now
    }
}
