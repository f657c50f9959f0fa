//! The pop-up under the query bar's cursor: fields, operators, values.

use ratatui::layout::{Position, Rect};

use super::super::canvas::{self, Canvas};
use super::super::text;
use crate::app::App;
use crate::app::state::{Suggestion, SuggestionKind};
use crate::theme::Role;

/// No more lines are shown at a time.
const MOST: usize = 8;

/// Draws the pop-up under the terminal's cursor, never over the line that is typed in.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let suggestions = &app.query.suggestions;
    let Some(cursor) = canvas.cursor.filter(|_| suggestions.is_shown()) else { return };
    let items = &suggestions.items;
    let widths =
        items.iter().map(|item| text::width(&item.text, 50) + text::width(&item.detail, 40));
    let width = (widths.max().unwrap_or(0) + 9) as u16;
    let width = width.clamp(20, 72).min(area.width);
    let top = cursor.y + 1;
    let height = (items.len().min(MOST) as u16).min(area.bottom().saturating_sub(top + 1));
    if height == 0 {
        return;
    }
    let x = anchor(app, cursor).min(area.right() - width);
    let place = Rect { x, y: top, width, height };
    canvas.fill(place, canvas.style(Role::Popup));
    let picked = suggestions.picked;
    let first = picked.map_or(0, |picked| (picked + 1).saturating_sub(usize::from(height)));
    for (line, (index, item)) in
        items.iter().enumerate().skip(first).take(usize::from(height)).enumerate()
    {
        let at = canvas::row(place, line as u16);
        draw_item(canvas, app, item, at);
        if picked == Some(index) {
            canvas.select(at, true);
            let (mark, style) = (canvas.theme.glyphs.cursor, canvas.style(Role::Mark));
            canvas.glyph((at.x, at.y), mark, style);
        }
    }
}

/// The column where the text begins that a suggestion would replace.
fn anchor(app: &App, cursor: Position) -> u16 {
    let text = app.query.prompt.text();
    let end = app.query.prompt.cursor_byte();
    let start = app.query.suggestions.span.start.min(end);
    let back = text.get(start..end).map_or(0, |part| text::width(part, 200)) as u16;
    // The mark and the icon stand before the words.
    cursor.x.saturating_sub(back + 5)
}

fn draw_item(canvas: &mut Canvas<'_>, app: &App, item: &Suggestion, at: Rect) {
    let (icon, role) = match item.kind {
        SuggestionKind::Field => {
            let mark = app.mark_of(item.text.trim_end_matches([':', ' ']));
            (mark, super::fields::type_role(mark))
        }
        SuggestionKind::Value => ("=", Role::JsonString),
        SuggestionKind::Operator => (":", Role::Accent),
        SuggestionKind::Conjunction => ("&", Role::Accent),
    };
    canvas.text((at.x + 2, at.y), 2, icon, canvas.style(role));
    let detail_width = text::width(&item.detail, 40).min(usize::from(at.width).saturating_sub(12));
    let room = usize::from(at.width).saturating_sub(7 + detail_width);
    canvas.text((at.x + 5, at.y), room, &item.text, canvas.style(Role::Text));
    let x = at.right().saturating_sub(detail_width as u16 + 1);
    canvas.text((x, at.y), detail_width, &item.detail, canvas.style(Role::Dim));
}
