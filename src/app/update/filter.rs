//! Pills: made from values, edited, switched off, turned round, deleted.

use serde_json::Value as Json;

use super::Out;
use crate::app::state::{App, FieldRow, Filter, FilterKind, Layer, Pane};

impl App {
    /// Filters for (or out) what is under the cursor, wherever that is.
    pub(super) fn filter_here(&mut self, negate: bool, out: &mut Out) {
        match (self.focus.top(), self.focus.pane) {
            (Some(Layer::Document), _) => {
                let field = self.document.as_ref().and_then(|view| view.current().cloned());
                if let Some(field) = field {
                    self.filter_value(&field.name, &field.value, negate, out);
                }
            }
            (None, Pane::Fields) => self.filter_field_row(negate, out),
            (None, Pane::Histogram) => self.filter_series(negate, out),
            (None, Pane::Table) => self.filter_cell(negate, out),
            _ => {}
        }
    }

    fn filter_cell(&mut self, negate: bool, out: &mut Out) {
        let Some(hit) = self.table.current().cloned() else { return };
        let column = self.table.column.and_then(|at| self.table.columns.get(at)).cloned();
        match column {
            Some(field) => {
                let value = hit.document.first(&field).unwrap_or(Json::Null);
                self.filter_value(&field, &value, negate, out);
            }
            None => self.open_values(&hit, negate),
        }
    }

    fn filter_field_row(&mut self, negate: bool, out: &mut Out) {
        match self.fields.current().cloned() {
            Some(FieldRow::Value { field, index }) => {
                let facet = self.fields.facets.get(&field).and_then(|open| open.facet.as_ref());
                let value = facet.and_then(|facet| facet.values.get(index)?.value.clone());
                if let Some(value) = value {
                    self.filter_value(&self.facet_field(&field), &value, negate, out);
                }
            }
            Some(FieldRow::Field { name, .. }) => {
                self.put_filter(FilterKind::Exists { field: name }, negate, out);
            }
            _ => {}
        }
    }

    /// Makes a pill of a field's value. No value: that the field exists, or does not. Several
    /// values: one pill for each.
    pub(super) fn filter_value(&mut self, field: &str, value: &Json, negate: bool, out: &mut Out) {
        let field = field.to_owned();
        match value {
            Json::Null => self.put_filter(FilterKind::Exists { field }, !negate, out),
            Json::Array(items) => {
                let mut asked = self.asked.clone();
                for item in items.iter().filter(|item| !item.is_object()) {
                    let kind = FilterKind::Is { field: field.clone(), value: item.clone() };
                    put(&mut asked.question.filters, kind, negate);
                }
                self.change_or_warn(asked, out);
            }
            Json::Object(_) => self.put_filter(FilterKind::Exists { field }, negate, out),
            scalar => {
                let kind = FilterKind::Is { field, value: scalar.clone() };
                self.put_filter(kind, negate, out);
            }
        }
    }

    /// Adds a pill; one that says the same or the opposite is changed instead.
    pub(super) fn put_filter(&mut self, kind: FilterKind, negate: bool, out: &mut Out) {
        let mut asked = self.asked.clone();
        put(&mut asked.question.filters, kind, negate);
        self.change_or_warn(asked, out);
    }

    /// Filters for records that have the field under the cursor.
    pub(super) fn filter_exists_here(&mut self, out: &mut Out) {
        let Some(field) = self.field_here() else { return };
        self.put_filter(FilterKind::Exists { field }, false, out);
    }

    /// Filters for records that do not fit their format.
    pub(super) fn filter_unmatched(&mut self, out: &mut Out) {
        let value = Json::String("_grokparsefailure".to_owned());
        self.put_filter(FilterKind::Is { field: "tags".to_owned(), value }, false, out);
    }

    /// Changes the pill under the cursor.
    fn with_pill(&mut self, change: impl FnOnce(&mut Filter), out: &mut Out) {
        let mut asked = self.asked.clone();
        if let Some(filter) = asked.question.filters.get_mut(self.pill) {
            change(filter);
            self.change_or_warn(asked, out);
        }
    }

    pub(super) fn disable_filter(&mut self, out: &mut Out) {
        self.with_pill(|filter| filter.disabled = !filter.disabled, out);
    }

    pub(super) fn negate_filter(&mut self, out: &mut Out) {
        self.with_pill(|filter| filter.negate = !filter.negate, out);
    }

    pub(super) fn pin_filter(&mut self, out: &mut Out) {
        self.with_pill(|filter| filter.pinned = !filter.pinned, out);
    }

    pub(super) fn delete_filter(&mut self, out: &mut Out) {
        let mut asked = self.asked.clone();
        if self.pill < asked.question.filters.len() {
            asked.question.filters.remove(self.pill);
            self.change_or_warn(asked, out);
            if self.asked.question.filters.is_empty() {
                self.go_to(Pane::Table);
            }
        }
    }

    /// Switches all pills off, or on if all are off.
    pub(super) fn toggle_filters(&mut self, out: &mut Out) {
        let mut asked = self.asked.clone();
        let off = asked.question.filters.iter().any(|filter| !filter.disabled);
        for filter in &mut asked.question.filters {
            filter.disabled = off;
        }
        self.change_or_warn(asked, out);
    }

    /// Deletes all pills but pinned ones.
    pub(super) fn clear_filters(&mut self, out: &mut Out) {
        let mut asked = self.asked.clone();
        asked.question.filters.retain(|filter| filter.pinned);
        self.change_or_warn(asked, out);
    }

    /// The field that is meant by the cursor, wherever it is.
    pub(super) fn field_here(&self) -> Option<String> {
        match (self.focus.top(), self.focus.pane) {
            (Some(Layer::Document), _) => Some(self.document.as_ref()?.current()?.name.clone()),
            (None, Pane::Fields) => match self.fields.current()? {
                FieldRow::Field { name, .. } => Some(name.clone()),
                FieldRow::Value { field, .. } | FieldRow::More { field } => Some(field.clone()),
                FieldRow::Section { .. } => None,
            },
            (None, Pane::Table) => self.table.columns.get(self.table.column?).cloned(),
            _ => None,
        }
    }
}

/// Adds a pill, or changes the one that says the same or the opposite.
fn put(filters: &mut Vec<Filter>, kind: FilterKind, negate: bool) {
    if let Some(same) = filters.iter_mut().find(|filter| filter.kind == kind) {
        same.negate = negate;
        same.disabled = false;
        return;
    }
    let mut filter = Filter::new(kind);
    filter.negate = negate;
    filters.push(filter);
}
