//! The last line: what state things are in on the left, the keys that matter here on the right.

use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Part};
use super::super::widget::bar::{self, Segment};
use super::super::{number, text};
use super::fields;
use crate::app::App;
use crate::app::state::{Follow, Layer, Pane};
use crate::diagnostic::Severity;
use crate::query::{Direction, SortOrder};
use crate::theme::Role;

/// Draws the line.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    if app.focus.top() == Some(Layer::Find) {
        draw_find(canvas, app, area);
        return;
    }
    let left = state(canvas, app);
    let right = hints(canvas, app);
    bar::draw(canvas, area, left, right, 3);
}

/// The left side: a message, else work, else where one is.
fn state(canvas: &Canvas<'_>, app: &App) -> Vec<Segment> {
    let dim = canvas.style(Role::Dim);
    let plain = canvas.style(Role::Text);
    if let Some(passing) = &app.passing {
        let role = match passing.severity {
            None => Role::Ok,
            Some(Severity::Warning) => Role::Warning,
            Some(Severity::Error) => Role::Error,
        };
        return vec![Segment::of((passing.text.clone(), canvas.style(role)), 0)];
    }
    let mut segments = Vec::new();
    if !app.pending.is_empty() || app.count.is_some() {
        let count = app.count.map_or_else(String::new, |count| count.to_string());
        let keys: String = app.pending.iter().map(ToString::to_string).collect();
        segments.push(Segment::of((format!("{count}{keys}"), canvas.style(Role::Key)), 0));
    }
    if app.progress.shown {
        segments.push(Segment::of((working(app), canvas.style(Role::Accent)), 1));
    }
    if app.find.searching {
        segments.push(Segment::of(("finding".to_owned(), canvas.style(Role::Accent)), 1));
    }
    segments.extend(follow(canvas, app));
    let in_list = app.focus.pane == Pane::Fields && app.focus.top().is_none();
    if let Some(words) = in_list.then(|| fields::words(app, canvas.glyphs().ascii)).flatten() {
        segments.push(Segment::of((words, plain), 0));
        return segments;
    }
    if let Some(position) = app.table.position() {
        let of = app.total.map_or_else(String::new, |total| {
            format!(" of {}", number::count(total.hits.max(position)))
        });
        segments.push(Segment::of((format!("{}{of}", number::count(position)), plain), 1));
    }
    if !app.table.hits.is_empty() && app.table.follow == Follow::Off {
        segments.push(Segment::of((order(app), dim), 3));
    }
    segments
}

fn working(app: &App) -> String {
    let elapsed = app.progress.since().map_or(0, |since| (app.now.0 - since.0).max(0)) / 1000;
    if elapsed >= 1 { format!("Searching {elapsed} s, ^C stops") } else { "Searching".to_owned() }
}

fn follow(canvas: &Canvas<'_>, app: &App) -> Option<Segment> {
    let part = match app.table.follow {
        Follow::Off => return None,
        Follow::Live => ("Following".to_owned(), canvas.style(Role::Ok)),
        Follow::Paused { since } => {
            let hits = app.total.map_or(0, |total| total.hits);
            let new = number::count(hits.saturating_sub(since));
            (format!("Paused, +{new} new, G goes on"), canvas.style(Role::Warning))
        }
    };
    Some(Segment::of(part, 0))
}

fn order(app: &App) -> String {
    let sort = &app.table.sort;
    let by_time = app.table.sorted_by_time(Some(app.time_field()));
    match (by_time, sort.order) {
        (true, SortOrder::Descending) => "newest first".to_owned(),
        (true, SortOrder::Ascending) => "oldest first".to_owned(),
        (false, SortOrder::Descending) => format!("by {}, largest first", sort.field),
        (false, SortOrder::Ascending) => format!("by {}, smallest first", sort.field),
    }
}

/// The right side: at most six keys, the later ones give way first.
fn hints(canvas: &Canvas<'_>, app: &App) -> Vec<Segment> {
    let (key, dim) = (canvas.style(Role::Key), canvas.style(Role::Dim));
    let hints = app.hints();
    let last = hints.len().saturating_sub(1);
    let shown = hints.into_iter().enumerate().map(|(index, (keys, what))| Segment {
        parts: vec![(keys, key), (format!(" {what}"), dim)],
        // Help, the last one, stays nearly to the end.
        rank: if index == last { 2 } else { index as u8 + 4 },
    });
    shown.collect()
}

/// The find box, in the place of the last line.
fn draw_find(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let sign = if app.find.direction == Direction::Before { "?" } else { "/" };
    canvas.text((area.x + 1, area.y), 1, sign, canvas.style(Role::Accent));
    let mut notes: Vec<Part> = Vec::new();
    if let Some(error) = &app.find.error {
        notes.push((error.clone(), canvas.style(Role::Error)));
    } else {
        for (keys, what) in app.hints() {
            notes.push((format!("  {keys}"), canvas.style(Role::Key)));
            notes.push((format!(" {what}"), canvas.style(Role::Dim)));
        }
    }
    let wanted: usize = notes.iter().map(|(part, _)| text::width(part, 200)).sum();
    let room = usize::from(area.width).saturating_sub(4);
    let notes_width = wanted.min(room / 2);
    let line = Rect { x: area.x + 2, width: (room - notes_width) as u16, ..area };
    canvas.prompt(line, &app.find.prompt, "regular expression", true);
    let x = area.right().saturating_sub(notes_width as u16 + 1);
    canvas.parts((x, area.y), notes_width, &notes);
}
