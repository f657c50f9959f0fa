//! The open document: its fields as a table, its JSON, its bytes.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas, Part};
use super::super::number;
use super::super::stamp::Detail;
use super::super::text::{self, Ink};
use super::super::widget::bar::{self, Segment};
use super::fields::type_role;
use super::table::marks::Marks;
use crate::app::App;
use crate::app::state::{DocumentField, DocumentTab, DocumentView, JsonLine, Layer};
use crate::theme::Role;

/// A value takes no more lines than this, so that the next field stays in sight.
const LINES: usize = 12;

/// Draws the panel.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let Some(view) = &app.document else { return };
    canvas.fill(area, canvas.style(Role::Surface));
    if area.height < 3 || area.width < 16 {
        return;
    }
    draw_heading(canvas, app, view, canvas::row(area, 0));
    draw_search(canvas, app, view, canvas::row(area, 1));
    let body = Rect { y: area.y + 2, height: area.height - 2, ..area };
    canvas.geometry.document_rows = body.height;
    if view.gone {
        let said = "This record is no longer in its source.";
        canvas.text(
            (body.x + 1, body.y),
            usize::from(body.width),
            said,
            canvas.style(Role::Warning),
        );
        return;
    }
    match view.tab {
        DocumentTab::Table => draw_fields(canvas, app, view, body),
        DocumentTab::Json => draw_json(canvas, app, view, body),
        DocumentTab::Raw => draw_raw(canvas, app, view, body),
    }
}

fn draw_heading(canvas: &mut Canvas<'_>, app: &App, view: &DocumentView, area: Rect) {
    let dim = canvas.style(Role::Dim);
    let mut left = Vec::new();
    if let Some(at) = view.hit.time {
        left.push(Segment::of((Detail::Day.stamp(at, app.zone), canvas.style(Role::Strong)), 1));
    }
    let path = view.hit.document.first("log.file.path");
    let path = path.as_ref().and_then(|path| path.as_str()).unwrap_or(&view.hit.id.0);
    left.push(Segment::of((text::shorten(path, 40, canvas.glyphs().ascii), dim), 3));
    let tab = |tab: DocumentTab, name: &str| -> Part {
        let role = if view.tab == tab { Role::Accent } else { Role::Dim };
        let style = canvas.style(role);
        let on = canvas.theme.patterned && view.tab == tab;
        (if on { format!("[{name}]") } else { name.to_owned() }, style)
    };
    let gap = || ("  ".to_owned(), dim);
    let tabs = vec![
        tab(DocumentTab::Table, "Table"),
        gap(),
        tab(DocumentTab::Json, "JSON"),
        gap(),
        tab(DocumentTab::Raw, "Raw"),
    ];
    let mut right = vec![Segment { parts: tabs, rank: 0 }];
    if let Some(position) = app.table.position() {
        let of = app.total.map_or(position, |total| total.hits.max(position));
        let said = format!("{} of {}", number::count(position), number::count(of));
        right.push(Segment::of((said, dim), 2));
    }
    bar::draw(canvas, area, left, right, 3);
}

fn draw_search(canvas: &mut Canvas<'_>, app: &App, view: &DocumentView, area: Rect) {
    let focused = app.focus.top() == Some(Layer::DocumentSearch);
    let role = if focused { Role::Accent } else { Role::Dim };
    canvas.text((area.x + 1, area.y), 1, "/", canvas.style(role));
    let line = Rect { x: area.x + 3, width: area.width.saturating_sub(4), ..area };
    let hint = if view.whole { "search names and values" } else { "loading all fields" };
    canvas.prompt(line, &view.search, hint, focused);
}

fn draw_fields(canvas: &mut Canvas<'_>, app: &App, view: &DocumentView, area: Rect) {
    let widest = view.fields.iter().map(|field| text::width(&field.name, 40)).max().unwrap_or(0);
    let name_width = widest.min(usize::from(area.width) / 3).max(8);
    let marks = Marks::new(app.find.pattern.as_ref(), &app.asked.question.text);
    if view.fields.is_empty() {
        let said = if view.search.is_empty() { "no fields" } else { "no field or value like that" };
        canvas.text((area.x + 1, area.y), usize::from(area.width), said, canvas.style(Role::Dim));
    }
    let mut y = area.y;
    for (index, field) in view.fields.iter().enumerate().skip(view.top) {
        let left = area.bottom().saturating_sub(y);
        if left == 0 {
            return;
        }
        let place = Rect { y, height: left, ..area };
        let lines = draw_field(canvas, field, place, name_width, &marks);
        if index == view.cursor {
            select(canvas, app, Rect { height: lines, ..place });
        }
        y += lines;
    }
}

fn select(canvas: &mut Canvas<'_>, app: &App, place: Rect) {
    let active = app.focus.top() == Some(Layer::Document);
    canvas.select(place, active);
    let (mark, style) = (canvas.theme.glyphs.cursor, canvas.style(Role::Mark));
    canvas.glyph((place.x, place.y), mark, style);
}

/// Draws one field; returns its lines.
fn draw_field(
    canvas: &mut Canvas<'_>,
    field: &DocumentField,
    area: Rect,
    name_width: usize,
    marks: &Marks<'_>,
) -> u16 {
    let mark = if field.pinned { "*" } else { field.mark };
    let style = canvas.style(if field.pinned { Role::Accent } else { type_role(field.mark) });
    canvas.text((area.x + 1, area.y), 2, mark, style);
    canvas.text((area.x + 4, area.y), name_width, &field.name, canvas.style(Role::FieldName));
    let x = area.x + 4 + name_width as u16 + 2;
    let width = usize::from(area.right().saturating_sub(x + 1));
    let places = marks.of(&field.text, Some(&field.name));
    let ink = canvas.ink(canvas.style(Role::Text));
    let ink = Ink { marks: &places, hit: canvas.style(Role::Match), ..ink };
    let rows = LINES.min(usize::from(area.height));
    let (lines, more) = text::wrap(&field.text, width, rows, &ink);
    for (line, y) in lines.iter().zip(area.y..) {
        canvas.spans((x, y), width, &line.spans);
    }
    let count = (lines.len() as u16).max(1);
    if more && width > 2 {
        let mark = canvas.theme.glyphs.ellipsis;
        canvas.glyph((area.right() - 1, area.y + count - 1), mark, canvas.style(Role::Dim));
    }
    count
}

fn draw_json(canvas: &mut Canvas<'_>, app: &App, view: &DocumentView, area: Rect) {
    let visible = view.json.iter().enumerate().skip(view.top).take(usize::from(area.height));
    for (line, (index, json)) in visible.enumerate() {
        let at = canvas::row(area, line as u16);
        draw_json_line(canvas, json, at);
        if index == view.cursor {
            select(canvas, app, at);
        }
    }
}

fn draw_json_line(canvas: &mut Canvas<'_>, json: &JsonLine, at: Rect) {
    if json.opens.is_some() {
        let mark = if json.folded { canvas.glyphs().closed } else { canvas.glyphs().open };
        canvas.glyph((at.x + 1, at.y), mark, canvas.style(Role::Dim));
    }
    let indent = json.depth.saturating_mul(2).min(at.width / 2);
    let x = at.x + 3 + indent;
    let room = usize::from(at.right().saturating_sub(x));
    let value = match json.text.bytes().next() {
        Some(b'"') => Role::JsonString,
        Some(b'-' | b'0'..=b'9') => Role::JsonNumber,
        Some(b't' | b'f' | b'n') => Role::JsonLiteral,
        _ => Role::Dim,
    };
    let parts = [
        (json.key.clone(), canvas.style(Role::FieldName)),
        (json.text.clone(), canvas.style(value)),
    ];
    canvas.parts((x, at.y), room, &parts);
}

fn draw_raw(canvas: &mut Canvas<'_>, app: &App, view: &DocumentView, area: Rect) {
    let width = usize::from(area.width.saturating_sub(2));
    let ink = canvas.ink(canvas.style(Role::Text));
    let mut y = area.y;
    for (index, line) in view.raw.iter().enumerate().skip(view.top) {
        let left = area.bottom().saturating_sub(y);
        if left == 0 {
            return;
        }
        let (rows, _) = text::wrap(line, width, usize::from(left), &ink);
        for (row, y) in rows.iter().zip(y..) {
            canvas.spans((area.x + 1, y), width, &row.spans);
        }
        let count = (rows.len() as u16).max(1);
        if index == view.cursor {
            select(canvas, app, Rect { y, height: count, ..area });
        }
        y += count;
    }
}
