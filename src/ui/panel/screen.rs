//! The whole screen: which panel stands where.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::number;
use super::{footer, pills, query, title};
use crate::app::App;
use crate::theme::Role;

/// Draws every panel.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    canvas.fill(area, canvas.style(Role::Surface));
    if area.width < 10 || area.height < 4 {
        canvas.text(
            (area.x, area.y),
            usize::from(area.width),
            "too small",
            canvas.style(Role::Dim),
        );
        return;
    }
    let ascii = canvas.glyphs().ascii;
    let mut y = area.y;
    let mut take = |wanted: u16, spare: u16| {
        let left = area.bottom().saturating_sub(y + spare);
        let taken = Rect { y, height: wanted.min(left), ..area };
        y += taken.height;
        taken
    };
    let title_line = take(1, 3);
    let query_lines = take(query::height(app, area.width), 3);
    let pill_lines = take(pills::height(app, area.width, ascii), 3);
    let rule = take(u16::from(area.height >= 8), 2);
    let body = Rect { height: area.bottom().saturating_sub(y + 1), y, ..area };
    let last = canvas::row(area, area.height - 1);
    title::draw(canvas, app, title_line);
    query::draw(canvas, app, query_lines);
    pills::draw(canvas, app, pill_lines);
    if rule.height > 0 {
        draw_rule(canvas, app, rule);
    }
    let _ = body;
    footer::draw(canvas, app, last);
}

/// The line under the question; while a source is being read, also how far it is.
fn draw_rule(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    canvas.rule(area, area.y);
    let status = &app.status;
    if status.complete {
        return;
    }
    let Some(total) = status.bytes_total.filter(|total| *total > 0) else { return };
    let share = (status.bytes_done as f64 / total as f64).clamp(0.0, 1.0);
    let said = format!(
        " reading {} of {} ",
        number::percent(status.bytes_done, total),
        number::bytes(total)
    );
    let room = usize::from(area.width).saturating_sub(said.len() + 2);
    let filled = (share * room as f64) as usize;
    let done = canvas.glyphs().heavy.repeat(filled);
    canvas.glyph((area.x, area.y), &done, canvas.style(Role::Bar));
    let x = area.right().saturating_sub(said.len() as u16 + 1);
    canvas.text((x, area.y), said.len(), &said, canvas.style(Role::Dim));
}
