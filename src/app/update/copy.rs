//! Copying: a value, the record as it was written, its JSON, the query.

use super::Out;
use super::overlay::field_text;
use crate::app::effect::Effect;
use crate::app::state::{App, DocumentTab, FieldRow, Layer, Pane, PickerKind};
use crate::app::work::Choice;
use crate::query::Hit;

impl App {
    /// The record that is meant: the open one, or the one under the cursor.
    fn hit_here(&self) -> Option<&Hit> {
        match self.focus.top() {
            Some(Layer::Document) => self.document.as_ref().map(|view| &view.hit),
            Some(Layer::Surroundings) => self.surroundings.as_ref()?.current(),
            _ => self.table.current(),
        }
    }

    /// Copies the value under the cursor; where none is meant, a list asks which.
    pub(super) fn copy_value(&mut self, out: &mut Out) {
        if self.focus.top() == Some(Layer::Document) {
            let Some(view) = &self.document else { return };
            let text = match view.tab {
                DocumentTab::Table => view.current().map(|field| field.text.clone()),
                DocumentTab::Json => view
                    .json
                    .get(view.cursor)
                    .map(|line| line.text.trim_end_matches(',').trim_matches('"').to_owned()),
                DocumentTab::Raw => view.raw.get(view.cursor).cloned(),
            };
            if let Some(text) = text {
                copy(&text, out);
            }
            return;
        }
        if self.focus.top().is_none() && self.focus.pane == Pane::Fields {
            if let Some(text) = self.field_row_text() {
                copy(&text, out);
            }
            return;
        }
        let Some(hit) = self.hit_here().cloned() else { return };
        let column = self.table.column.and_then(|at| self.table.columns.get(at));
        if let Some(text) = column.and_then(|column| field_text(&hit, column)) {
            copy(&text, out);
            return;
        }
        let lines = self.value_lines(&hit, |_, value| {
            Choice::CopyText(crate::app::state::value_text(value).to_string())
        });
        self.open_picker(PickerKind::Copy, "Copy", lines);
    }

    fn field_row_text(&self) -> Option<String> {
        match self.fields.current()? {
            FieldRow::Field { name, .. } => Some(name.clone()),
            FieldRow::Value { field, index } => {
                let facet = self.fields.facets.get(field)?.facet.as_ref()?;
                Some(facet.values.get(*index)?.label.clone())
            }
            _ => None,
        }
    }

    /// Copies the record's bytes, or its JSON where there are none.
    pub(super) fn copy_record(&mut self, out: &mut Out) {
        let Some(hit) = self.hit_here() else { return };
        let text = match &hit.raw {
            Some(raw) => {
                let text = String::from_utf8_lossy(raw);
                text.strip_suffix('\n').unwrap_or(&text).to_owned()
            }
            None => match field_text(hit, "event.original") {
                Some(text) => text,
                None => return self.copy_json(out),
            },
        };
        copy(&text, out);
    }

    pub(super) fn copy_json(&mut self, out: &mut Out) {
        let Some(hit) = self.hit_here() else { return };
        let document = serde_json::Value::Object(hit.document.source.clone());
        let text = serde_json::to_string_pretty(&document).unwrap_or_default();
        copy(&text, out);
    }

    pub(super) fn copy_query(&mut self, out: &mut Out) {
        let text = self.asked.question.text.clone();
        copy(&text, out);
    }
}

/// Puts a text on the clipboard: without control characters but newline and tab, and without a
/// newline at its end that was not there.
pub(super) fn copy(text: &str, out: &mut Out) {
    let clean = text.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control());
    out.push(Effect::Copy(clean.collect()));
}
