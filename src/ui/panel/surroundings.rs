//! Records of the same file around one, in the place of the table.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::stamp::Detail;
use super::super::text;
use super::table;
use super::table::marks::Marks;
use super::table::rows::{self, Rows};
use crate::app::App;
use crate::app::state::{Layer, Wrap};
use crate::theme::Role;

/// Draws the panel.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let Some(around) = &app.surroundings else { return };
    canvas.fill(area, canvas.style(Role::Surface));
    if area.height < 2 || area.width < 12 {
        return;
    }
    let path = around.of.document.first("log.file.path");
    let path = path.as_ref().and_then(|path| path.as_str()).unwrap_or("its source");
    let at = around.of.time.map_or_else(String::new, |at| Detail::Time.stamp(at, app.zone));
    let start = if around.at_start { ", from its start" } else { "" };
    let end = if around.at_end { ", to its end" } else { "" };
    let said = format!("Around {at} in {path}{start}{end}");
    let room = usize::from(area.width).saturating_sub(3);
    let said = text::shorten(&said, room, canvas.glyphs().ascii);
    canvas.text((area.x + 2, area.y), room, &said, canvas.style(Role::Accent));
    let body = rows::below(area);
    canvas.geometry.table_rows = body.height;
    if let Some(error) = &around.error {
        canvas.text((body.x + 2, body.y), room, error, canvas.style(Role::Error));
        return;
    }
    let marks = Marks::new(app.find.pattern.as_ref(), "");
    let rows = Rows {
        hits: &around.hits,
        top: around.top,
        cursor: around.cursor,
        active: app.focus.top() == Some(Layer::Surroundings),
        middle: Some(around.at),
        fields: &app.table.columns,
        field: None,
        shifted: app.table.shifted,
        wrapped: app.table.wrap == Wrap::Wrapped,
        detail: app.has_time().then(|| table::detail(app)),
        zone: app.zone,
        marks: &marks,
    };
    let columns = rows.columns(area.width, body.height);
    canvas.geometry.table_hits = rows.draw(canvas, body, &columns);
    if let Some(line) = around.at.checked_sub(around.top).filter(|_| app.table.wrap == Wrap::Cut)
        && line < usize::from(body.height)
        && around.at != around.cursor
    {
        let place = canvas::row(body, line as u16);
        let mark = canvas.theme.glyphs.closed;
        canvas.glyph((place.x, place.y), mark, canvas.style(Role::Accent));
    }
}
