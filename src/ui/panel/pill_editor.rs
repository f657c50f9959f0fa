//! The pill editor: field, operator, value, label.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use crate::app::App;
use crate::app::state::{Layer, Operator, PillPart, Prompt};
use crate::theme::Role;

/// How many names are offered for a field.
const OFFERED: u16 = 6;

/// Draws the pop-up.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let editor = &app.pill_editor;
    let title = if editor.index.is_some() { "Edit filter" } else { "Add filter" };
    let place = canvas::centered(area, 64, 8 + OFFERED);
    let inner = canvas.popup(place, title);
    let focused = app.focus.top() == Some(Layer::Pill);
    let operator = editor.operator();
    let hint = match operator {
        Operator::IsOneOf | Operator::IsNotOneOf => "several, with commas between",
        Operator::IsBetween | Operator::IsNotBetween => "from .. to",
        Operator::Exists | Operator::DoesNotExist => "",
        _ => "a value",
    };
    let mut line = 0;
    let mut prompt = |canvas: &mut Canvas<'_>,
                      name: &str,
                      text: &Prompt,
                      part: PillPart,
                      hint: &str| {
        let at = canvas::row(inner, line);
        line += 1;
        if at.height == 0 {
            return;
        }
        let here = editor.part == part;
        let role = if here { Role::Accent } else { Role::Dim };
        canvas.text((at.x, at.y), 9, name, canvas.style(role));
        let line = Rect { x: at.x + 10, width: at.width.saturating_sub(10), ..at };
        if part == PillPart::Operator {
            let said = operator.label();
            let said = if here { format!("< {said} >") } else { said.to_owned() };
            canvas.text((line.x, line.y), usize::from(line.width), &said, canvas.style(Role::Text));
        } else {
            canvas.prompt(line, text, hint, focused && here);
        }
    };
    if operator.takes_field() {
        prompt(canvas, "Field", &editor.field, PillPart::Field, "a field's name");
    }
    prompt(canvas, "Operator", &editor.value, PillPart::Operator, "");
    if operator.takes_value() {
        prompt(canvas, "Value", &editor.value, PillPart::Value, hint);
    }
    prompt(canvas, "Label", &editor.label, PillPart::Label, "none");
    let rest =
        Rect { y: inner.y + line + 1, height: inner.height.saturating_sub(line + 1), ..inner };
    if let Some(error) = &editor.error {
        let at = canvas::row(rest, 0);
        if at.height > 0 {
            canvas.text((at.x, at.y), usize::from(at.width), error, canvas.style(Role::Error));
        }
        return;
    }
    if editor.part != PillPart::Field {
        return;
    }
    for (line, name) in editor.fields.iter().take(usize::from(OFFERED.min(rest.height))).enumerate()
    {
        let at = canvas::row(rest, line as u16);
        let mark = app.mark_of(name);
        let style = canvas.style(super::fields::type_role(mark));
        canvas.text((at.x + 10, at.y), 2, mark, style);
        let room = usize::from(at.width).saturating_sub(13);
        canvas.text((at.x + 13, at.y), room, name, canvas.style(Role::Text));
        if line == 0 {
            canvas.text((at.x, at.y), 9, "Tab takes", canvas.style(Role::Dim));
        }
    }
}
