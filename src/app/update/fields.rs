//! The field list: its lines, its search, opening and folding.

use super::Out;
use super::motion::{Motion, keep_visible};
use crate::app::state::{App, FieldRow, Layer, OpenFacet, Pane, Section, mark};
use crate::event::ViewField;

/// Fields that people look at first.
const POPULAR: [&str; 17] = [
    "peavey.source",
    "http.response.status_code",
    "log.level",
    "service.name",
    "service",
    "stream",
    "app_module",
    "url.path",
    "source.ip",
    "process.name",
    "host.hostname",
    "message",
    "log_level",
    "response",
    "extension",
    "clientip",
    "log.file.path",
];

/// Popular classic names, and what the Elastic Common Schema calls them.
const CLASSIC: [(&str, &str); 3] = [
    ("response", "http.response.status_code"),
    ("extension", "url.extension"),
    ("clientip", "source.ip"),
];

/// Values that an open field shows at first.
pub(super) const FACET_SIZE: usize = 5;

impl App {
    /// Makes the lines of the field list anew; the cursor stays on its line.
    pub(super) fn rebuild_fields(&mut self) {
        let here = self.fields.current().cloned();
        let view = self.status.view.clone();
        let search = self.fields.search.text().to_lowercase();
        let words: Vec<&str> = search.split_whitespace().collect();
        let mut sections: [(Section, Vec<&ViewField>); 5] = [
            (Section::Selected, Vec::new()),
            (Section::Popular, Vec::new()),
            (Section::Available, Vec::new()),
            (Section::Empty, Vec::new()),
            (Section::Meta, Vec::new()),
        ];
        for column in &self.table.columns {
            sections[0].1.extend(view.field(column));
        }
        for field in &view.fields {
            // Another way to search a field stands under that field, unless names are searched for.
            if words.is_empty() && field.parent().is_some_and(|parent| view.field(parent).is_some())
            {
                continue;
            }
            let section = self.section_of(field);
            if section != Section::Selected {
                sections[section as usize].1.push(field);
            }
        }
        let rank = |name: &str| POPULAR.iter().position(|popular| *popular == name);
        sections[1].1.sort_by_key(|field| rank(&field.name));
        for (_, fields) in &mut sections[2..] {
            fields.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let mut rows = Vec::new();
        for (section, mut fields) in sections {
            fields.retain(|field| {
                let name = field.name.to_lowercase();
                words.iter().all(|word| name.contains(word))
            });
            if fields.is_empty() {
                continue;
            }
            let searching = !words.is_empty();
            let folded = self.fields.folded.contains(&section) && !searching;
            rows.push(FieldRow::Section { section, count: fields.len(), folded });
            if !folded {
                for field in fields {
                    self.push_field(&mut rows, field);
                }
            }
        }
        self.fields.total = view.fields.len();
        self.fields.rows = rows;
        let found = here.and_then(|here| self.fields.rows.iter().position(|row| same(row, &here)));
        let last = self.fields.rows.len().saturating_sub(1);
        self.fields.cursor = found.unwrap_or(self.fields.cursor).min(last);
        self.keep_field_visible();
    }

    fn push_field(&self, rows: &mut Vec<FieldRow>, field: &ViewField) {
        let facet = self.fields.facets.get(&field.name);
        rows.push(FieldRow::Field {
            name: field.name.clone(),
            mark: mark(field),
            open: facet.is_some(),
            selected: self.table.columns.contains(&field.name),
        });
        let Some(open) = facet else { return };
        let values = open.facet.as_ref().map_or(0, |facet| facet.values.len());
        let value = |index| FieldRow::Value { field: field.name.clone(), index };
        rows.extend((0..values).map(value));
        rows.push(FieldRow::More { field: field.name.clone() });
        if self.fields.search.text().is_empty() {
            let ways = self.status.view.fields.iter();
            for way in ways.filter(|way| way.parent() == Some(field.name.as_str())) {
                self.push_field(rows, way);
            }
        }
    }

    fn section_of(&self, field: &ViewField) -> Section {
        let name = field.name.as_str();
        if self.table.columns.iter().any(|column| column == name) {
            Section::Selected
        } else if name.starts_with('_') || field.kind == "_source" {
            Section::Meta
        } else if POPULAR.contains(&name) && !self.has_newer_name(name) {
            Section::Popular
        } else {
            Section::Available
        }
    }

    /// Whether the data view has a classic field under its newer name too.
    fn has_newer_name(&self, classic: &str) -> bool {
        let newer = CLASSIC.iter().find(|(name, _)| *name == classic);
        newer.is_some_and(|(_, newer)| self.status.view.field(newer).is_some())
    }

    /// The name under which a field's values are counted: text is counted by its keyword.
    pub(super) fn facet_field(&self, name: &str) -> String {
        let view = &self.status.view;
        let keyword = format!("{name}.keyword");
        let is_text = view.field(name).is_some_and(|field| mark(field) == "t");
        if is_text && view.field(&keyword).is_some() { keyword } else { name.to_owned() }
    }

    /// Opens the field under the cursor to its top values, or closes it; folds a heading; on a
    /// value filters for it.
    pub(super) fn open_field(&mut self, out: &mut Out) {
        match self.fields.current().cloned() {
            Some(FieldRow::Section { section, folded, .. }) => {
                if folded {
                    self.fields.folded.retain(|other| *other != section);
                } else {
                    self.fields.folded.push(section);
                }
                self.rebuild_fields();
            }
            Some(FieldRow::Field { name, open: true, .. }) => {
                self.fields.facets.remove(&name);
                self.rebuild_fields();
            }
            Some(FieldRow::Field { name, .. }) => {
                let open = OpenFacet { size: FACET_SIZE, ..OpenFacet::default() };
                self.fields.facets.insert(name, open);
                self.rebuild_fields();
                self.ask_facets(false, out);
            }
            Some(FieldRow::Value { .. }) => self.filter_here(false, out),
            Some(FieldRow::More { .. }) => self.more_values(out),
            None => {}
        }
    }

    /// Whether the line under the cursor is an open field, or in one.
    pub(super) fn is_field_open(&self) -> bool {
        match self.fields.current() {
            Some(FieldRow::Field { open, .. }) => *open,
            Some(FieldRow::Section { folded, .. }) => !*folded,
            _ => true,
        }
    }

    pub(super) fn move_fields(&mut self, motion: Motion) {
        let length = self.fields.rows.len();
        let page = usize::from(self.geometry.field_rows);
        motion.apply(&mut self.fields.cursor, &mut self.fields.top, length, page);
    }

    fn keep_field_visible(&mut self) {
        let page = usize::from(self.geometry.field_rows);
        if page > 0 {
            let length = self.fields.rows.len();
            keep_visible(self.fields.cursor, &mut self.fields.top, length, page);
        }
    }

    /// The first line that is a field.
    pub(super) fn first_field_row(&self) -> usize {
        let field = |row: &FieldRow| matches!(row, FieldRow::Field { .. });
        self.fields.rows.iter().position(field).unwrap_or(0)
    }

    /// Puts the cursor into the search box of the field list, or of the open document.
    pub(super) fn search_fields(&mut self) {
        if self.focus.top() == Some(Layer::Document) {
            self.focus.open(Layer::DocumentSearch);
        } else {
            self.go_to(Pane::Fields);
            self.focus.open(Layer::FieldSearch);
        }
    }

    /// Leaves the search box with Esc: the search is taken away.
    pub(super) fn leave_field_search(&mut self) {
        self.fields.search.set("");
        self.rebuild_fields();
    }

    pub(super) fn toggle_fields(&mut self) {
        self.fields.open = !self.fields.open;
        if !self.fields.open && self.focus.pane == Pane::Fields {
            self.focus.pane = Pane::Table;
        }
    }
}

/// Whether two lines are about the same thing.
fn same(a: &FieldRow, b: &FieldRow) -> bool {
    match (a, b) {
        (FieldRow::Section { section: a, .. }, FieldRow::Section { section: b, .. }) => a == b,
        (FieldRow::Field { name: a, .. }, FieldRow::Field { name: b, .. }) => a == b,
        (a, b) => a == b,
    }
}
