//! The second line: the question and the number of answers; below it what is wrong with it.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::canvas::{Canvas, Part};
use super::super::{number, text};
use crate::app::App;
use crate::app::state::{Language, Layer};
use crate::diagnostic::{Diagnostic, Severity};
use crate::query::kql::{self, Piece};
use crate::query::{Warning, WarningKind};
use crate::theme::Role;

/// The lines that the query bar needs in that width.
#[must_use]
pub fn height(app: &App, width: u16) -> u16 {
    match &app.query.error {
        Some(error) if has_place(error) && caret_fits(app, error, width) => 2,
        Some(error) => 1 + u16::from(has_place(error)) + reason_lines(error, width).len() as u16,
        None => 1 + told(app, width).0.len() as u16,
    }
}

/// Why there is no answer, in at most three lines, or what is wrong with it, in at most two.
fn told(app: &App, width: u16) -> (Vec<String>, Role) {
    let room = usize::from(width.saturating_sub(2));
    if let Some(failure) = app.failure() {
        return (text::words(failure, room, 3), Role::Error);
    }
    let told = app.told_warnings();
    let Some(first) = told.first() else { return (Vec::new(), Role::Warning) };
    let said = match told.len() {
        1 => first.message.clone(),
        more => format!("{} (and {} more: gn)", first.message, more - 1),
    };
    (text::words(&said, room, 2), Role::Warning)
}

/// Before a query that the key for it would take.
const TAKES: &str = "^X takes: ";
/// Longer queries are not coloured.
const COLOURED: usize = 4096;
/// Cells before the query: the margin and the language.
const LEAD: u16 = 6;

/// Draws the lines; returns where suggestions may hang: the cursor's cell.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let focused = app.focus.top() == Some(Layer::Query);
    let language = match app.query.language {
        Language::Kql => "KQL",
        Language::Lucene => "LUC",
    };
    let tag = if focused { Role::Accent } else { Role::Dim };
    canvas.text((area.x + 1, area.y), 3, language, canvas.style(tag));
    let hits = hits(canvas, app);
    let hits_width: usize = hits.iter().map(|(part, _)| text::width(part, 100)).sum();
    let room = usize::from(area.width).saturating_sub(usize::from(LEAD) + hits_width + 3);
    let line = Rect { x: area.x + LEAD, width: room as u16, height: 1, ..area };
    let hint = match (focused, app.query.language) {
        (true, Language::Kql) => "field: value and \"words in a row\"",
        (true, Language::Lucene) => "field:value AND \"words in a row\"",
        (false, _) => "all records; press i to filter them",
    };
    if room > 0 && line.right() <= area.right() {
        let parts = colours(canvas, app);
        canvas.coloured_prompt(line, (&app.query.prompt, hint), focused, &parts);
    }
    let x = area.right().saturating_sub(hits_width as u16 + 1);
    if x > area.x + LEAD {
        canvas.parts((x, area.y), hits_width, &hits);
    }
    if let Some(error) = &app.query.error {
        draw_error(canvas, app, area, error);
        return;
    }
    let (lines, role) = told(app, area.width);
    let style = canvas.style(role);
    for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
        let width = usize::from(area.width.saturating_sub(2));
        canvas.text((area.x + 1, y), width, line, style);
    }
}

/// The colours of the query's parts.
fn colours(canvas: &Canvas<'_>, app: &App) -> Vec<(Range<usize>, Style)> {
    let text = app.query.prompt.text();
    if app.query.language != Language::Kql || text.len() > COLOURED {
        return Vec::new();
    }
    let role = |piece| match piece {
        Piece::Field => Role::FieldName,
        Piece::Operator => Role::Dim,
        Piece::Conjunction => Role::Accent,
        Piece::Quoted => Role::JsonString,
        Piece::Number => Role::JsonNumber,
        Piece::Constant => Role::JsonLiteral,
        Piece::Value => Role::Input,
    };
    let pieces = kql::pieces(text).into_iter();
    pieces.map(|(range, piece)| (range, canvas.style(role(piece)))).collect()
}

/// How many hits there are, and how far that can be trusted.
fn hits(canvas: &Canvas<'_>, app: &App) -> Vec<Part> {
    let (strong, dim) = (canvas.style(Role::Strong), canvas.style(Role::Dim));
    let Some(total) = app.total else {
        let said = if app.status.title.is_empty() { "" } else { "counting" };
        return vec![(said.to_owned(), dim)];
    };
    if app.histogram.error.is_some() && !app.total_complete {
        let said = format!("{} no answer", canvas.glyphs().warn);
        return vec![(said, canvas.style(Role::Warning))];
    }
    let mut parts = Vec::new();
    if !app.warnings.is_empty() {
        let partial = Warning::worst(&app.warnings) == Some(WarningKind::Partial);
        let word = if partial { " partial  " } else { " " };
        let mark = format!("{}{word}", canvas.glyphs().warn);
        parts.push((mark, canvas.style(Role::Warning)));
    }
    parts.push((number::count(total.hits), strong));
    let of = total.of.max(total.hits);
    let all = total.hits == of && app.asked.question.text.is_empty();
    let whole = app.total_complete && app.status.complete;
    let rest = match (all, whole) {
        (true, true) => " records".to_owned(),
        (true, false) => " records so far".to_owned(),
        (false, true) => format!(" of {} hits", number::count(of)),
        (false, false) => format!(" of {} so far", number::count(of)),
    };
    parts.push((rest, dim));
    parts
}

/// The column of the error's place, counted from the start of the query.
fn caret_column(app: &App, error: &Diagnostic) -> usize {
    let query = app.query.prompt.text();
    let at = error.span.as_ref().map_or(0, |span| span.start).min(query.len());
    text::width(query.get(..at).unwrap_or(query), usize::from(u16::MAX))
}

fn has_place(error: &Diagnostic) -> bool {
    error.span.is_some()
}

/// The reason in at most two lines.
fn reason_lines(error: &Diagnostic, width: u16) -> Vec<String> {
    let width = usize::from(width.saturating_sub(2));
    let said = reason(error);
    let one_line = text::width(&said, width + 1) <= width;
    // What would be right has a line of its own where both do not fit into one.
    let said = if one_line { said } else { said.replacen(TAKES, &format!("\n{TAKES}"), 1) };
    text::words(&said, width, 2)
}

fn caret_fits(app: &App, error: &Diagnostic, width: u16) -> bool {
    let said = reason(error).chars().count();
    let column = usize::from(LEAD) + caret_column(app, error);
    column + said + 4 < usize::from(width)
}

fn reason(error: &Diagnostic) -> String {
    let mut said = error.message.clone();
    if let Some(hint) = &error.hint {
        said = format!("{said} ({hint})");
    }
    if let Some(replacement) = &error.replacement {
        said = format!("{said} {TAKES}{replacement}");
    }
    said
}

fn draw_error(canvas: &mut Canvas<'_>, app: &App, area: Rect, error: &Diagnostic) {
    if area.height < 2 {
        return;
    }
    let style = canvas.style(match error.severity {
        Severity::Error => Role::Error,
        Severity::Warning => Role::Warning,
    });
    let column = caret_column(app, error) as u16;
    let last = area.right().saturating_sub(2);
    let x = (area.x + LEAD).saturating_add(column).min(last);
    let fits = has_place(error) && caret_fits(app, error, area.width);
    if has_place(error) {
        let length = error.span.as_ref().map_or(1, ExactSizeIterator::len).clamp(1, 40);
        let room = usize::from(last.saturating_sub(x)) + 1;
        let length = if fits { 1 } else { length.min(room) };
        canvas.text((x, area.y + 1), room, &"^".repeat(length), style);
    }
    if fits {
        let room = usize::from(area.right().saturating_sub(x + 2));
        canvas.text((x + 2, area.y + 1), room, &reason(error), style);
        return;
    }
    let first = area.y + 1 + u16::from(has_place(error));
    for (line, y) in reason_lines(error, area.width).iter().zip(first..area.bottom()) {
        canvas.text((area.x + 1, y), usize::from(area.width.saturating_sub(2)), line, style);
    }
}
