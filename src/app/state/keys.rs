//! Which keys work where one is: what the keymap is asked with, and what the screen shows of it.

use super::{App, Layer, Pane};
use crate::app::Action;
use crate::config::Binding;

impl App {
    /// The places of the keymap that hold for where one is, the nearest first.
    #[must_use]
    pub fn places(&self) -> &'static [&'static str] {
        match self.focus.top() {
            Some(Layer::Query) => &["query", "typing"],
            Some(Layer::Find) => &["find", "typing"],
            Some(Layer::FieldSearch | Layer::DocumentSearch) => &["search", "typing"],
            Some(Layer::Time) => &["time", "typing"],
            Some(Layer::Pill) => &["pill", "typing"],
            Some(Layer::Picker) => &["picker", "typing"],
            Some(Layer::Ask) => &["ask", "typing"],
            Some(Layer::Document) => &["document", "global"],
            Some(Layer::Surroundings) => &["surroundings", "global"],
            Some(Layer::Inspect) => &["inspect", "global"],
            Some(Layer::Help | Layer::Reader) => &["reader", "global"],
            None => match self.focus.pane {
                Pane::Table => &["table", "main", "global"],
                Pane::Fields => &["fields", "main", "global"],
                Pane::Histogram => &["histogram", "main", "global"],
                Pane::Pills => &["pills", "main", "global"],
            },
        }
    }

    /// The keys that matter here and now, for the last line: keys and what they do, best first.
    #[must_use]
    pub fn hints(&self) -> Vec<(String, String)> {
        let mut rows: Vec<&Binding> = self.keymap.rows(self.places());
        rows.retain(|row| row.hint.is_some());
        rows.sort_by_key(|row| row.hint);
        rows.into_iter().map(|row| (row.keys(), what(row))).collect()
    }

    /// What may follow the keys pressed so far: the next key and what it does.
    #[must_use]
    pub fn continuations(&self) -> Vec<(String, String)> {
        if self.pending.is_empty() {
            return Vec::new();
        }
        let rows = self.keymap.rows(self.places());
        let after = rows.into_iter().filter_map(|row| {
            let next = row.on.strip_prefix(self.pending.as_slice())?.first()?;
            Some((next.to_string(), what(row)))
        });
        after.collect()
    }
}

/// What a row of the keymap does, in its own words or in the action's.
fn what(row: &Binding) -> String {
    if !row.desc.is_empty() {
        return row.desc.clone();
    }
    Action::named(&row.run).map_or_else(String::new, |action| action.title().to_owned())
}
