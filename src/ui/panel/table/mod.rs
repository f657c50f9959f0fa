//! The table of hits.

pub mod columns;
pub mod marks;
pub mod rows;
pub mod summary;

use ratatui::layout::Rect;

use self::marks::Marks;
use self::rows::Rows;
use super::super::canvas::{self, Canvas};
use super::super::stamp::Detail;
use super::super::text;
use super::nothing;
use crate::app::App;
use crate::app::state::{Pane, Wrap};
use crate::query::SortOrder;
use crate::theme::Role;
use crate::time::TimeRange;

/// Draws the panel: headings, then the rows from the top on.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    if area.height == 0 || area.width < 12 {
        return;
    }
    let table = &app.table;
    let body = rows::below(area);
    canvas.geometry.table_rows = body.height;
    if table.hits.is_empty() {
        draw_header_note(canvas, app, area);
        nothing::draw(canvas, app, body);
        return;
    }
    let marks = Marks::new(app.find.pattern.as_ref(), &app.asked.question.text);
    let rows = Rows {
        hits: &table.hits,
        top: table.top,
        cursor: table.cursor,
        active: app.focus.pane == Pane::Table && app.focus.layers.is_empty(),
        middle: None,
        fields: &table.columns,
        field: table.column,
        shifted: table.shifted,
        wrapped: table.wrap == Wrap::Wrapped,
        detail: app.has_time().then(|| detail(app)),
        zone: app.zone,
        marks: &marks,
    };
    let columns = rows.columns(area.width, body.height);
    let arrow = match table.sort.order {
        SortOrder::Ascending => canvas.glyphs().up,
        SortOrder::Descending => canvas.glyphs().down,
    };
    let sort = match table.sort.field.as_str() {
        "" => app.time_field(),
        field => field,
    };
    rows.header(canvas, canvas::row(area, 0), &columns, app.time_field(), (sort, arrow));
    let whole = rows.draw(canvas, body, &columns);
    canvas.geometry.table_hits = whole;
    if table.error.is_some() {
        canvas.fade(body);
    }
    draw_header_note(canvas, app, area);
}

/// What a date needs, from the times that can be in the answer.
#[must_use]
pub fn detail(app: &App) -> Detail {
    let from = app.range.from.max(app.status.first).or(app.range.from);
    let to = match (app.range.to, app.status.last) {
        (Some(to), Some(last)) => Some(to.min(last)),
        (to, last) => to.or(last),
    };
    Detail::of(TimeRange { from, to }, app.zone)
}

/// At the right of the headings: why the rows are not what was asked for last.
fn draw_header_note(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let table = &app.table;
    let (said, role) = match (&table.error, &table.answer_of) {
        (Some(_), Some(query)) if !query.is_empty() && !table.hits.is_empty() => {
            (format!("answer to: {query}"), Role::Dim)
        }
        (Some(_), _) if !table.hits.is_empty() => {
            ("answer to the question before".to_owned(), Role::Dim)
        }
        (_, Some(query)) if app.query.error.is_some() && query.is_empty() => {
            ("answer to the empty query".to_owned(), Role::Dim)
        }
        (_, Some(query)) if app.query.error.is_some() => (format!("answer to: {query}"), Role::Dim),
        _ => return,
    };
    let room = usize::from(area.width) / 2;
    let said = text::shorten(&said, room, canvas.glyphs().ascii);
    let width = text::width(&said, room);
    let x = area.right().saturating_sub(width as u16 + 1);
    let style = canvas.style(role);
    canvas.text((x.saturating_sub(1), area.y), 1, " ", style);
    canvas.text((x, area.y), width, &said, style);
}
