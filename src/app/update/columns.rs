//! Columns and order of the table.

use super::Out;
use crate::app::state::{App, Layer, Pane, Wrap};
use crate::app::work::Landing;
use crate::query::{Level, SortOrder};

impl App {
    /// Adds the field under the cursor as a column, or takes it away.
    pub(super) fn toggle_column_here(&mut self, out: &mut Out) {
        if let Some(field) = self.field_here() {
            self.toggle_column(&field, out);
        }
    }

    /// Adds a column or takes it away.
    pub(super) fn toggle_column(&mut self, field: &str, out: &mut Out) {
        let columns = &mut self.table.columns;
        match columns.iter().position(|column| column == field) {
            Some(at) => {
                columns.remove(at);
            }
            None => columns.push(field.to_owned()),
        }
        self.on_columns(out);
        let added = self.table.columns.iter().any(|column| column == field);
        let what = if added { "added" } else { "taken away" };
        self.tell(format!("Column {field} {what}."), out);
    }

    pub(super) fn clear_columns(&mut self, out: &mut Out) {
        self.table.columns.clear();
        self.on_columns(out);
    }

    /// Columns have changed: rows with their fields are asked for, in place.
    pub(super) fn on_columns(&mut self, out: &mut Out) {
        let last = self.table.columns.len().checked_sub(1);
        self.table.column = self.table.column.and_then(|at| Some(at.min(last?)));
        self.table.shifted = 0;
        self.rebuild_fields();
        if self.work.started {
            let landing = self.landing_here();
            self.ask_rows(landing, out);
        }
    }

    /// Picks the next column, or the one before; before the first is none (the whole record).
    pub(super) fn step_column(&mut self, step: isize) {
        let places = self.table.columns.len() as isize + 1;
        let here = self.table.column.map_or(0, |at| at as isize + 1);
        let next = (here + step).rem_euclid(places);
        self.table.column = usize::try_from(next - 1).ok();
    }

    pub(super) fn move_column(&mut self, step: isize) {
        let Some(at) = self.table.column else { return };
        let to = at.saturating_add_signed(step).min(self.table.columns.len().saturating_sub(1));
        self.table.columns.swap(at, to);
        self.table.column = Some(to);
        self.rebuild_fields();
    }

    /// Turns the order round; the cursor stays on its record.
    pub(super) fn reverse_sort(&mut self, out: &mut Out) {
        self.table.sort.order = match self.table.sort.order {
            SortOrder::Ascending => SortOrder::Descending,
            SortOrder::Descending => SortOrder::Ascending,
        };
        let landing = self.landing_here();
        self.search_from(landing, out);
    }

    /// Sorts by the picked column; by the same again turns the order round, and without a picked
    /// column rows are sorted by time.
    pub(super) fn sort_by_column(&mut self, out: &mut Out) {
        let field = self.field_here().unwrap_or_else(|| self.time_field().to_owned());
        let field = if field == self.time_field() { field } else { self.facet_field(&field) };
        if self.table.sort.field == field {
            self.reverse_sort(out);
            return;
        }
        self.table.sort.field = field;
        self.table.sort.order = SortOrder::Descending;
        // Places in one order mean nothing in another.
        self.search_from(Landing::Top, out);
    }

    pub(super) fn toggle_wrap(&mut self) {
        self.table.wrap = match self.table.wrap {
            Wrap::Cut => Wrap::Wrapped,
            Wrap::Wrapped => Wrap::Cut,
        };
        self.table.shifted = 0;
        self.keep_cursor_visible();
    }

    /// Goes to the next (or previous) row held whose level is at least so bad.
    pub(super) fn step_level(&mut self, least: Level, forward: bool, out: &mut Out) {
        if self.focus.top().is_some_and(|top| top != Layer::Document) {
            return;
        }
        self.focus.pane = Pane::Table;
        let bad = |at: &usize| self.table.hits[*at].level.is_some_and(|level| level >= least);
        let here = self.table.cursor;
        let found = if forward {
            (here + 1..self.table.hits.len()).find(bad)
        } else {
            (0..here.min(self.table.hits.len())).rev().find(bad)
        };
        if let Some(at) = found {
            self.go_to_row(at, out);
        } else {
            let what = if least >= Level::Error { "error" } else { "warning" };
            let text = format!("No {what} among the next rows; filter by level to see all.");
            self.tell(text, out);
        }
    }

    /// Puts the cursor on a row of the window.
    pub(super) fn go_to_row(&mut self, at: usize, out: &mut Out) {
        if at < self.table.cursor {
            self.pause_follow();
        }
        self.table.cursor = at;
        self.keep_cursor_visible();
        self.prefetch(out);
    }
}
