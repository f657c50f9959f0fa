//! The pills: one word group for each filter, wrapped to at most three lines.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::super::canvas::Canvas;
use super::super::text;
use crate::app::App;
use crate::app::state::{Filter, Pane};
use crate::theme::Role;

/// No more lines are used; what is left is counted.
const LINES: u16 = 3;

/// The lines that the pills need in that width; none without pills.
#[must_use]
pub fn height(app: &App, width: u16, ascii: bool) -> u16 {
    let last = places(app, width, ascii).last().map(|place| place.line + 1);
    last.unwrap_or(0).min(LINES)
}

struct Place {
    line: u16,
    x: u16,
    width: u16,
    label: String,
}

/// Where each pill stands, one after the other.
fn places(app: &App, width: u16, ascii: bool) -> Vec<Place> {
    let (mut line, mut x) = (0, 0);
    let room = width.saturating_sub(2);
    let mut places = Vec::new();
    for filter in &app.asked.question.filters {
        let label = label(filter, usize::from(room), ascii);
        let length = text::width(&label, 4096) as u16;
        if x > 0 && x + length > room {
            line += 1;
            x = 0;
        }
        places.push(Place { line, x, width: length, label });
        x += length + 3;
    }
    places
}

fn label(filter: &Filter, width: usize, ascii: bool) -> String {
    let sign = if filter.negate { "-" } else { "+" };
    let said = filter.label();
    let said = if filter.negate { said.strip_prefix("NOT ").unwrap_or(&said) } else { &said };
    let pin = if filter.pinned { " (pinned)" } else { "" };
    let off = if filter.disabled { " (off)" } else { "" };
    text::shorten(&format!("{sign} {said}{pin}{off}"), width.min(60), ascii)
}

/// Draws the lines.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let places = places(app, area.width, canvas.glyphs().ascii);
    let focused = app.focus.pane == Pane::Pills;
    let cursor_line = places.get(app.pill).map_or(0, |place| place.line);
    // The line under the cursor stays in sight.
    let first = if focused { (cursor_line + 1).saturating_sub(area.height) } else { 0 };
    let mut hidden = 0;
    for (index, (place, filter)) in places.iter().zip(&app.asked.question.filters).enumerate() {
        let Some(line) = place.line.checked_sub(first).filter(|line| *line < area.height) else {
            hidden += 1;
            continue;
        };
        let (x, y) = (area.x + 1 + place.x, area.y + line);
        let role = match filter {
            Filter { disabled: true, .. } => Role::PillOff,
            Filter { negate: true, .. } => Role::PillOut,
            _ => Role::PillFor,
        };
        let style = canvas.style(role);
        let words = if filter.disabled { style } else { canvas.style(Role::Text) };
        let room = usize::from(place.width);
        canvas.text((x, y), room, &place.label, words);
        let sign = if filter.negate { "-" } else { "+" };
        canvas.text((x, y), 1, sign, style.add_modifier(Modifier::BOLD));
        if focused && index == app.pill {
            let at = Rect { x, y, width: place.width, height: 1 };
            canvas.select(at, app.focus.layers.is_empty());
        }
    }
    if hidden > 0 {
        let said = format!(" and {hidden} more ");
        let x = area.right().saturating_sub(said.len() as u16 + 1);
        let style: Style = canvas.style(Role::Dim);
        canvas.text((x, area.bottom() - 1), said.len(), &said, style);
    }
}
