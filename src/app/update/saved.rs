//! Saved queries: the list, opening, saving, deleting. Files are the shell's.

use super::Out;
use crate::app::effect::{Effect, SavedView};
use crate::app::message::SavedEntry;
use crate::app::state::{App, PickerItem, PickerKind};
use crate::app::work::{Choice, Landing};

impl App {
    /// Shows the list of saved queries.
    pub(super) fn show_saved(&mut self, entries: Vec<SavedEntry>, out: &mut Out) {
        if entries.is_empty() {
            self.tell("No saved queries yet; S saves this one.", out);
            return;
        }
        let lines = entries.into_iter().map(|entry| {
            let key = if entry.own { "yours".to_owned() } else { String::new() };
            let item =
                PickerItem { label: entry.name.clone(), detail: entry.description, key, on: false };
            (item, Choice::Saved(entry.name))
        });
        let lines = lines.collect();
        self.open_picker(PickerKind::Saved, "Saved queries", lines);
    }

    /// Puts a saved query in force; pinned pills stay.
    pub(super) fn open_view(&mut self, view: SavedView, out: &mut Out) {
        let mut asked = view.asked;
        let pinned = self.asked.question.filters.iter().filter(|filter| filter.pinned).cloned();
        let pinned: Vec<_> = pinned.collect();
        asked.question.filters.splice(0..0, pinned);
        if asked.span.is_all() {
            asked.span = self.asked.span.clone();
        }
        self.table.columns = view.columns;
        self.table.column = None;
        if let Some(sort) = view.sort {
            self.table.sort = sort;
        }
        self.histogram.breakdown = view.breakdown;
        self.histogram.rejected.clear();
        self.rebuild_fields();
        if self.work.started {
            if let Err(finding) = self.change(asked, Landing::Top, out) {
                self.warn(finding.to_string(), out);
            }
        } else {
            self.asked = asked;
        }
    }

    /// Begins with a view, before anything is asked.
    pub fn open_first(&mut self, view: SavedView, now_is_end: bool) {
        self.work.now_is_end = now_is_end;
        self.query.prompt.set(&view.asked.question.text);
        self.query.language = view.asked.question.language;
        self.asked = view.asked;
        self.table.columns = view.columns;
        if let Some(sort) = view.sort {
            self.table.sort = sort;
        }
        self.histogram.breakdown = view.breakdown;
    }

    /// Saves what is on the screen.
    pub(super) fn save_query(&mut self, name: String, out: &mut Out) {
        let view = SavedView {
            asked: self.asked.clone(),
            columns: self.table.columns.clone(),
            sort: Some(self.table.sort.clone()),
            breakdown: self.histogram.breakdown.clone(),
        };
        out.push(Effect::SaveQuery { name, view: Box::new(view) });
    }

    /// Asks whether the saved query under the cursor is to be deleted.
    pub(super) fn condemn_saved(&mut self) {
        let Some(picker) = self.picker.as_ref().filter(|p| p.kind == PickerKind::Saved) else {
            return;
        };
        let Some((_, item)) = picker.current() else { return };
        let name = item.label.clone();
        let line = |label: &str, sure| {
            let item = PickerItem { label: label.to_owned(), ..PickerItem::default() };
            (item, Choice::Delete(sure))
        };
        let lines = vec![line("Keep it", false), line("Delete it", true)];
        let title = format!("Delete \"{name}\"?");
        self.work.condemned = Some(name);
        self.open_picker(PickerKind::ConfirmDelete, &title, lines);
    }
}
