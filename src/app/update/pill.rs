//! The pill editor: from a pill to its parts and back.

use serde_json::Value as Json;

use super::Out;
use super::motion::Motion;
use crate::app::state::{
    App, Filter, FilterKind, Layer, Operator, PillEditor, PillPart, Prompt, mark, value_text,
};
use crate::config::{Code, Key};

/// Field names that are offered at a time.
const OFFERED: usize = 8;

impl App {
    /// Opens the editor for a new pill.
    pub(super) fn add_filter(&mut self) {
        self.pill_editor = PillEditor::default();
        if let Some(field) = self.field_here() {
            self.pill_editor.field.set(&field);
            self.pill_editor.part = PillPart::Value;
        }
        self.focus.open(Layer::Pill);
        self.offer_fields();
    }

    /// Opens the editor for the pill under the cursor.
    pub(super) fn edit_filter(&mut self) {
        let Some(filter) = self.asked.question.filters.get(self.pill) else { return };
        let mut editor = PillEditor { index: Some(self.pill), ..PillEditor::default() };
        let Some((operator, field, value)) = parts(filter) else {
            editor.error = Some("This filter is DSL; it can be switched, not edited.".to_owned());
            self.pill_editor = editor;
            return;
        };
        editor.operator = Operator::ALL.iter().position(|other| *other == operator).unwrap_or(0);
        editor.field = Prompt::of(&field);
        editor.value = Prompt::of(&value);
        editor.label = Prompt::of(filter.alias.as_deref().unwrap_or(""));
        editor.part = if operator.takes_value() { PillPart::Value } else { PillPart::Operator };
        self.pill_editor = editor;
        self.focus.open(Layer::Pill);
        self.offer_fields();
    }

    pub(super) fn submit_pill(&mut self, out: &mut Out) {
        if self.pill_editor.part == PillPart::Field {
            self.step_pill(true);
            return;
        }
        match self.edited_filter() {
            Ok(filter) => {
                let mut asked = self.asked.clone();
                let filters = &mut asked.question.filters;
                match self.pill_editor.index.and_then(|at| filters.get_mut(at)) {
                    Some(old) => *old = filter,
                    None => filters.push(filter),
                }
                let landing = crate::app::work::Landing::Top;
                match self.change(asked, landing, out) {
                    Ok(()) => self.focus.close(Layer::Pill),
                    Err(finding) => self.pill_editor.error = Some(finding.to_string()),
                }
            }
            Err(reason) => self.pill_editor.error = Some(reason),
        }
    }

    /// The pill that the editor's parts make.
    fn edited_filter(&self) -> Result<Filter, String> {
        let editor = &self.pill_editor;
        let operator = editor.operator();
        let field = editor.field.text().trim().to_owned();
        if operator.takes_field() && field.is_empty() {
            return Err("Name a field.".to_owned());
        }
        let text = editor.value.text().trim();
        if operator.takes_value() && text.is_empty() {
            return Err("Give a value.".to_owned());
        }
        let value = |text: &str| self.typed_value(&field, text.trim());
        let kind = match operator {
            Operator::Is | Operator::IsNot => {
                FilterKind::Is { value: value(text), field: field.clone() }
            }
            Operator::IsOneOf | Operator::IsNotOneOf => {
                let values = text.split(',').filter(|one| !one.trim().is_empty()).map(value);
                FilterKind::IsOneOf { values: values.collect(), field: field.clone() }
            }
            Operator::Exists | Operator::DoesNotExist => {
                FilterKind::Exists { field: field.clone() }
            }
            Operator::IsBetween | Operator::IsNotBetween => {
                let Some((from, to)) = text.split_once("..") else {
                    return Err("Write two bounds as 200..300; one may be left out.".to_owned());
                };
                let bound = |text: &str| (!text.trim().is_empty()).then(|| value(text));
                let (from, to) = (bound(from), bound(to));
                if from.is_none() && to.is_none() {
                    return Err("Write at least one bound.".to_owned());
                }
                FilterKind::Between { field: field.clone(), from, to }
            }
            Operator::Contains | Operator::DoesNotContain => contains(text),
        };
        let old = editor.index.and_then(|at| self.asked.question.filters.get(at));
        let mut filter = Filter::new(kind);
        filter.negate = operator.is_negative();
        filter.disabled = old.is_some_and(|old| old.disabled);
        filter.pinned = old.is_some_and(|old| old.pinned);
        let label = editor.label.text().trim();
        filter.alias = (!label.is_empty()).then(|| label.to_owned());
        Ok(filter)
    }

    /// A typed text as a value of the field's type.
    fn typed_value(&self, field: &str, text: &str) -> Json {
        let unquoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let kind = self.status.view.field(field).map_or("string", |field| field.kind.as_str());
        match (kind, text) {
            ("number", text) => {
                text.parse::<serde_json::Number>().map_or(text.into(), Json::Number)
            }
            ("boolean", "true") => true.into(),
            ("boolean", "false") => false.into(),
            _ => unquoted.unwrap_or(text).into(),
        }
    }

    pub(super) fn type_pill(&mut self, key: Key) {
        let editor = &mut self.pill_editor;
        let changed = match editor.part {
            PillPart::Field => editor.field.input(key),
            PillPart::Operator => match key.code {
                Code::Char('j' | ' ') => return self.turn_pill(true),
                Code::Char('k') => return self.turn_pill(false),
                _ => false,
            },
            PillPart::Value => editor.value.input(key),
            PillPart::Label => editor.label.input(key),
        };
        if changed {
            self.pill_editor.error = None;
            self.offer_fields();
        }
    }

    pub(super) fn paste_pill(&mut self, text: &str) {
        match self.pill_editor.part {
            PillPart::Field => self.pill_editor.field.paste(text),
            PillPart::Label => self.pill_editor.label.paste(text),
            PillPart::Operator | PillPart::Value => {
                self.pill_editor.part = PillPart::Value;
                self.pill_editor.value.paste(text);
            }
        }
        self.offer_fields();
    }

    /// Up and down change the operator, or go through the offered fields.
    pub(super) fn move_pill_editor(&mut self, motion: Motion) {
        let down = matches!(motion, Motion::Lines(1..) | Motion::Bottom);
        match self.pill_editor.part {
            PillPart::Operator => self.turn_pill(down),
            _ => self.step_pill(down),
        }
    }

    /// Left and right: the operator, or the cursor of a text.
    pub(super) fn turn_pill(&mut self, right: bool) {
        let key = Key::plain(if right { Code::Right } else { Code::Left });
        let editor = &mut self.pill_editor;
        match editor.part {
            PillPart::Operator => {
                let count = Operator::ALL.len();
                let step = if right { 1 } else { count - 1 };
                editor.operator = (editor.operator + step) % count;
            }
            PillPart::Field => {
                editor.field.input(key);
            }
            PillPart::Value => {
                editor.value.input(key);
            }
            PillPart::Label => {
                editor.label.input(key);
            }
        }
    }

    /// To the next part, or the one before. Leaving a half-typed field takes the best offer.
    pub(super) fn step_pill(&mut self, forward: bool) {
        let editor = &mut self.pill_editor;
        if editor.part == PillPart::Field
            && let Some(best) = editor.fields.first().cloned()
            && self.status.view.field(editor.field.text()).is_none()
        {
            editor.field.set(&best);
        }
        let order = [PillPart::Field, PillPart::Operator, PillPart::Value, PillPart::Label];
        let here = order.iter().position(|part| *part == editor.part).unwrap_or(0);
        let step = if forward { 1 } else { order.len() - 1 };
        let mut next = (here + step) % order.len();
        if order[next] == PillPart::Value && !editor.operator().takes_value() {
            next = (next + step) % order.len();
        }
        editor.part = order[next];
        editor.error = None;
    }

    fn offer_fields(&mut self) {
        let typed = self.pill_editor.field.text().to_lowercase();
        let fits = |name: &str| name.to_lowercase().contains(&typed);
        let view = self.status.view.clone();
        let mut names: Vec<&str> = view
            .fields
            .iter()
            .filter(|field| mark(field) != "n")
            .map(|field| field.name.as_str())
            .filter(|name| fits(name))
            .collect();
        names.sort_by_key(|name| (!name.to_lowercase().starts_with(&typed), name.len()));
        self.pill_editor.fields = names.into_iter().take(OFFERED).map(str::to_owned).collect();
    }
}

/// The pill "record contains".
pub(super) fn contains(text: &str) -> FilterKind {
    FilterKind::Contains { text: text.to_owned() }
}

/// A pill's operator, field and value as the editor shows them; `None` where it is DSL.
fn parts(filter: &Filter) -> Option<(Operator, String, String)> {
    let pick = |plain, negative| if filter.negate { negative } else { plain };
    let text = |value: &Json| value_text(value).to_string();
    Some(match &filter.kind {
        FilterKind::Is { field, value } => {
            (pick(Operator::Is, Operator::IsNot), field.clone(), text(value))
        }
        FilterKind::IsOneOf { field, values } => {
            let values: Vec<String> = values.iter().map(text).collect();
            (pick(Operator::IsOneOf, Operator::IsNotOneOf), field.clone(), values.join(", "))
        }
        FilterKind::Exists { field } => {
            (pick(Operator::Exists, Operator::DoesNotExist), field.clone(), String::new())
        }
        FilterKind::Between { field, from, to } => {
            let end = |end: &Option<Json>| end.as_ref().map(text).unwrap_or_default();
            let value = format!("{}..{}", end(from), end(to));
            (pick(Operator::IsBetween, Operator::IsNotBetween), field.clone(), value)
        }
        FilterKind::Contains { text } => {
            (pick(Operator::Contains, Operator::DoesNotContain), String::new(), text.clone())
        }
        _ => return None,
    })
}
