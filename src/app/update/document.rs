//! The open document: fetching it whole, its tabs, going to the next one.

use super::Out;
use super::motion::Motion;
use crate::app::state::{App, DocumentTab, DocumentView, Layer, Slot};
use crate::query::{Answer, Hit, Part};

impl App {
    /// Opens the record under the cursor, of the table or of the surroundings.
    pub(super) fn open_document(&mut self, out: &mut Out) {
        let hit = match self.focus.top() {
            Some(Layer::Surroundings) => self.surroundings.as_ref().and_then(|s| s.current()),
            _ => self.table.current(),
        };
        if let Some(hit) = hit.cloned() {
            self.show_document(hit, out);
            self.focus.open(Layer::Document);
        }
    }

    /// Shows a record with the tab, the search and the line of the one before it.
    fn show_document(&mut self, hit: Hit, out: &mut Out) {
        let whole = self.table.columns.is_empty();
        let cursor = hit.cursor.clone();
        let mut view = DocumentView::of(hit, whole);
        let field = self.document.as_ref().and_then(|old| Some(old.current()?.name.clone()));
        if let Some(old) = self.document.take() {
            view.tab = old.tab;
            view.search = old.search;
            view.pinned = old.pinned;
            view.folded = old.folded;
            view.cursor = old.cursor;
            view.top = old.top;
        }
        self.document = Some(view);
        self.rebuild_document();
        if let (Some(field), Some(view)) = (field, &mut self.document)
            && let Some(at) = view.fields.iter().position(|other| other.name == field)
        {
            view.cursor = at;
        }
        if let Some(search) = self.work.search.clone() {
            self.ask(Slot::Document, search, vec![Part::Document(cursor)], out);
        }
    }

    /// Takes the whole document.
    pub(super) fn on_document(&mut self, answer: Answer) {
        let Some(view) = &mut self.document else { return };
        match answer {
            Answer::Document(Some(hit)) if hit.id == view.hit.id => {
                view.hit = hit;
                view.whole = true;
                view.gone = false;
                self.rebuild_document();
            }
            Answer::Document(None) => view.gone = true,
            _ => {}
        }
    }

    /// Makes the lines of the open document anew.
    pub(super) fn rebuild_document(&mut self) {
        if let Some(mut view) = self.document.take() {
            view.rebuild(&|name| self.mark_of(name));
            self.document = Some(view);
        }
    }

    /// The rows have changed: the table's cursor goes with the open document where it can.
    pub(super) fn refresh_document(&mut self) {
        let Some(view) = &self.document else { return };
        if !self.focus.has(Layer::Surroundings)
            && let Some(at) = self.table.index_of(view.id())
        {
            self.table.cursor = at;
            self.keep_cursor_visible();
        }
    }

    /// The next record of the table (or of the surroundings), or the one before.
    pub(super) fn step_document(&mut self, step: isize, out: &mut Out) {
        if self.focus.has(Layer::Surroundings) {
            self.move_surroundings(Motion::Lines(step), out);
        } else {
            let last = self.table.hits.len().saturating_sub(1);
            let to = self.table.cursor.saturating_add_signed(step).min(last);
            self.go_to_row(to, out);
        }
        let hit = match &self.surroundings {
            Some(around) => around.current(),
            None => self.table.current(),
        };
        match hit.cloned() {
            Some(hit) if self.document.as_ref().is_some_and(|view| *view.id() == hit.id) => {
                self.tell(if step > 0 { "This is the last." } else { "This is the first." }, out);
            }
            Some(hit) => self.show_document(hit, out),
            None => {}
        }
    }

    pub(super) fn close_document(&mut self, out: &mut Out) {
        self.cancel(Slot::Document, out);
        // The pins and the tab are kept for the next document; only the layer is closed.
    }

    pub(super) fn move_document(&mut self, motion: Motion) {
        let page = usize::from(self.geometry.document_rows);
        if let Some(view) = &mut self.document {
            let length = view.lines();
            motion.apply(&mut view.cursor, &mut view.top, length, page);
        }
    }

    pub(super) fn step_tab(&mut self, forward: bool) {
        let Some(view) = &mut self.document else { return };
        let tabs = [DocumentTab::Table, DocumentTab::Json, DocumentTab::Raw];
        let here = tabs.iter().position(|tab| *tab == view.tab).unwrap_or(0);
        let step = if forward { 1 } else { tabs.len() - 1 };
        view.tab = tabs[(here + step) % tabs.len()];
        view.cursor = 0;
        view.top = 0;
    }

    /// In the JSON tab folds what is under the cursor; in the table filters for it.
    pub(super) fn fold(&mut self, out: &mut Out) {
        let Some(view) = &mut self.document else { return };
        if view.tab == DocumentTab::Table {
            self.filter_here(false, out);
            return;
        }
        let Some(path) = view.json.get(view.cursor).and_then(|line| line.opens.clone()) else {
            return;
        };
        if view.folded.contains(&path) {
            view.folded.retain(|other| *other != path);
        } else {
            view.folded.push(path);
        }
        self.rebuild_document();
    }

    /// Keeps the field under the cursor at the top of every document, or no longer.
    pub(super) fn pin_field(&mut self) {
        let Some(view) = &mut self.document else { return };
        let Some(name) = view.current().map(|field| field.name.clone()) else { return };
        if view.pinned.contains(&name) {
            view.pinned.retain(|other| *other != name);
        } else {
            view.pinned.push(name.clone());
        }
        self.rebuild_document();
        if let Some(view) = &mut self.document
            && let Some(at) = view.fields.iter().position(|field| field.name == name)
        {
            view.cursor = at;
        }
    }
}
