//! The whole screen: which panel stands where.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::number;
use super::{
    document, fields, footer, histogram, inspect, overlay, picker, pill_editor, pills, query,
    suggestions, surroundings, table, time, title,
};
use crate::app::App;
use crate::app::state::{Layer, Pane};
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
    draw_body(canvas, app, body);
    footer::draw(canvas, app, last);
    draw_layers(canvas, app, area);
}

/// Pop-ups over everything, the topmost last.
fn draw_layers(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    for layer in &app.focus.layers {
        match layer {
            Layer::Time => time::draw(canvas, app, area),
            Layer::Pill => pill_editor::draw(canvas, app, area),
            Layer::Picker => picker::draw(canvas, app, area),
            Layer::Ask => overlay::ask(canvas, app, area),
            Layer::Help => overlay::help(canvas, app, area),
            Layer::Reader => overlay::reader(canvas, app, area),
            Layer::Inspect => inspect::draw(canvas, app, area),
            Layer::Query => suggestions::draw(canvas, app, area),
            // These have their places among the panels.
            Layer::FieldSearch
            | Layer::Find
            | Layer::Document
            | Layer::DocumentSearch
            | Layer::Surroundings => {}
        }
    }
    overlay::continuations(canvas, app, area);
}

/// From this width on the field list stands beside the table.
const WIDE: u16 = 100;

/// Draws what lies between the question and the last line.
fn draw_body(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    if area.height == 0 {
        return;
    }
    let mut right = area;
    let beside = area.width >= WIDE && app.fields.open;
    canvas.geometry.fields_beside = beside;
    if beside {
        let width = fields::width(app, area.width);
        let left = Rect { width, ..area };
        fields::draw(canvas, app, left);
        canvas.divider(left.right(), area);
        if area.y > 0 {
            let style = canvas.style(Role::Line);
            canvas.glyph((left.right(), area.y - 1), canvas.theme.glyphs.tee_down, style);
        }
        right = Rect { x: left.right() + 1, width: area.width - width - 1, ..area };
    }
    let height = histogram::height(app, right.height);
    let mut rest = right;
    if height > 0 {
        histogram::draw(canvas, app, Rect { height, ..right });
        canvas.rule(right, right.y + height);
        if beside {
            let style = canvas.style(Role::Line);
            canvas.glyph((right.x - 1, right.y + height), canvas.theme.glyphs.tee_right, style);
        }
        rest = Rect { y: right.y + height + 1, height: right.height - height - 1, ..right };
    }
    if app.focus.has(Layer::Surroundings) {
        surroundings::draw(canvas, app, rest);
    } else {
        table::draw(canvas, app, rest);
    }
    if app.focus.has(Layer::Document) || app.focus.has(Layer::DocumentSearch) {
        draw_document(canvas, app, area, rest);
    }
    let in_list = app.focus.pane == Pane::Fields || app.focus.has(Layer::FieldSearch);
    if area.width < WIDE && in_list {
        draw_drawer(canvas, app, area);
    }
}

/// From this width on a document stands beside the table.
const VERY_WIDE: u16 = 140;

/// The document: beside the table where there is room for both, else over all of it.
fn draw_document(canvas: &mut Canvas<'_>, app: &App, body: Rect, table: Rect) {
    if body.width < VERY_WIDE {
        document::draw(canvas, app, body);
        if body.y > 0 {
            draw_rule(canvas, app, Rect { y: body.y - 1, height: 1, ..body });
        }
        return;
    }
    let width = (table.width / 2).max(64).min(table.width);
    let place = Rect { x: table.right() - width + 1, width: width - 1, ..table };
    document::draw(canvas, app, place);
    canvas.divider(place.x - 1, table);
    if table.y > body.y {
        let (glyph, style) = (canvas.theme.glyphs.tee_down, canvas.style(Role::Line));
        canvas.glyph((place.x - 1, table.y - 1), glyph, style);
    }
}

/// The field list over the left of a narrow screen.
fn draw_drawer(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let width = if area.width < 60 { area.width } else { 46.min(area.width) };
    let drawer = Rect { width, ..area };
    canvas.fill(drawer, canvas.style(Role::Popup));
    let inner = if width < area.width { Rect { width: width - 1, ..drawer } } else { drawer };
    if width < area.width {
        canvas.divider(drawer.right() - 1, drawer);
    }
    fields::draw(canvas, app, inner);
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
    let rate = app.progress.rate.map(|rate| format!(", {}/s", number::bytes(rate)));
    let said = format!(
        " reading {} of {}{} ",
        number::percent(status.bytes_done, total),
        number::bytes(total),
        rate.unwrap_or_default(),
    );
    let room = usize::from(area.width).saturating_sub(said.len() + 2);
    let filled = (share * room as f64) as usize;
    let done = canvas.glyphs().heavy.repeat(filled);
    canvas.glyph((area.x, area.y), &done, canvas.style(Role::Bar));
    let x = area.right().saturating_sub(said.len() as u16 + 1);
    canvas.text((x, area.y), said.len(), &said, canvas.style(Role::Dim));
}
