//! The time picker: quick ranges, a relative one, two exact ends.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::stamp;
use crate::app::App;
use crate::app::state::{Layer, QUICK, TimePart, UNITS};
use crate::theme::Role;

/// Draws the pop-up at the right, under the first line.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let width = 76.min(area.width);
    let height = 15.min(area.height.saturating_sub(2));
    let place = Rect { x: area.right() - width, y: area.y + 1, width, height };
    let inner = canvas.popup(place, "Time range");
    if inner.height < 3 || inner.width < 20 {
        return;
    }
    let list_width = (inner.width / 2).min(38);
    let list = Rect { width: list_width, ..inner };
    draw_quick(canvas, app, list);
    let x = inner.x + list_width + 2;
    let form = Rect { x, width: inner.right().saturating_sub(x), ..inner };
    draw_form(canvas, app, form);
}

fn draw_quick(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let time = &app.time;
    let active = time.part == TimePart::Quick;
    canvas.geometry.list_rows = area.height;
    let visible = QUICK.iter().enumerate().skip(time.top).take(usize::from(area.height));
    for (line, (index, quick)) in visible.enumerate() {
        let at = canvas::row(area, line as u16);
        let room = usize::from(area.width).saturating_sub(2);
        canvas.text((at.x + 2, at.y), room, quick.label, canvas.style(Role::Text));
        if index == time.quick && active {
            canvas.select(at, true);
            let (mark, style) = (canvas.theme.glyphs.cursor, canvas.style(Role::Mark));
            canvas.glyph((at.x, at.y), mark, style);
        }
    }
}

fn draw_form(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let time = &app.time;
    let focused = app.focus.top() == Some(Layer::Time);
    let width = usize::from(area.width);
    let dim = canvas.style(Role::Dim);
    canvas.text((area.x, area.y), width, "Last", label(canvas, time.part == TimePart::Amount));
    let amount =
        Rect { x: area.x + 6, width: 6.min(area.width.saturating_sub(6)), height: 1, ..area };
    canvas.prompt(amount, &time.amount, "15", focused && time.part == TimePart::Amount);
    let (unit, _) = UNITS[time.unit.min(UNITS.len() - 1)];
    let on_unit = time.part == TimePart::Unit;
    let said = if on_unit { format!("< {unit} >") } else { unit.to_owned() };
    canvas.text((area.x + 13, area.y), width.saturating_sub(13), &said, label(canvas, on_unit));
    let rows = [("From", &time.from, TimePart::From), ("To", &time.to, TimePart::To)];
    for (line, (name, prompt, part)) in (2..).zip(rows) {
        let at = canvas::row(area, line);
        if at.height == 0 {
            return;
        }
        let here = time.part == part;
        canvas.text((at.x, at.y), 5, name, label(canvas, here));
        let line = Rect { x: at.x + 6, width: at.width.saturating_sub(6), ..at };
        canvas.prompt(line, prompt, "open", focused && here);
    }
    let (said, role) = match (&time.error, time.preview) {
        (Some(error), _) => (error.to_string(), Role::Error),
        (None, Some(range)) => {
            (format!("{} {}", stamp::range(range, app.zone), app.zone), Role::Ok)
        }
        (None, None) => (String::new(), Role::Dim),
    };
    let lines = [
        (5, said, canvas.style(role)),
        (7, "now-15m  now-1d/d  end-1h".to_owned(), dim),
        (8, "2025-11-24T10:00".to_owned(), dim),
        (9, "end is the newest record".to_owned(), dim),
        (11, "Tab next   Enter apply".to_owned(), dim),
    ];
    for (line, said, style) in lines {
        let at = canvas::row(area, line);
        if at.height > 0 {
            canvas.text((at.x, at.y), width, &said, style);
        }
    }
}

fn label(canvas: &Canvas<'_>, here: bool) -> ratatui::style::Style {
    canvas.style(if here { Role::Accent } else { Role::Dim })
}
