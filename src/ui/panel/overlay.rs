//! Small things over the screen: help, a text to read, a question for one line, keys that follow.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::text;
use crate::app::App;
use crate::app::state::{HelpSection, Layer};
use crate::theme::Role;

/// Draws the help: sections one below the other, keys in the left column.
pub fn help(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let sections = &app.help.sections;
    let lines: usize = sections.iter().map(|section| section.rows.len() + 2).sum();
    let keys =
        sections.iter().flat_map(|section| &section.rows).map(|(keys, _)| text::width(keys, 20));
    let key_width = keys.max().unwrap_or(0).max(6);
    let height = (lines as u16 + 1).min(area.height.saturating_sub(2));
    let place = canvas::centered(area, 66, height.max(5));
    let inner = canvas.popup(place, "Keys that work here");
    canvas.geometry.list_rows = inner.height;
    let visible = help_lines(sections).into_iter().skip(app.help.top);
    for (line, entry) in visible.take(usize::from(inner.height)).enumerate() {
        let at = canvas::row(inner, line as u16);
        let width = usize::from(at.width);
        match entry {
            HelpLine::Title(title) => {
                canvas.text((at.x, at.y), width, title, canvas.style(Role::Accent));
            }
            HelpLine::Key(keys, what) => {
                canvas.text((at.x + 2, at.y), key_width, keys, canvas.style(Role::Key));
                let x = at.x + 2 + key_width as u16 + 2;
                let room = width.saturating_sub(key_width + 4);
                canvas.text((x, at.y), room, what, canvas.style(Role::Text));
            }
            HelpLine::Empty => {}
        }
    }
    more_below(canvas, place, lines, app.help.top, inner.height);
}

enum HelpLine<'a> {
    Title(&'a str),
    Key(&'a str, &'a str),
    Empty,
}

fn help_lines(sections: &[HelpSection]) -> Vec<HelpLine<'_>> {
    let mut lines = Vec::new();
    for section in sections {
        lines.push(HelpLine::Title(&section.title));
        lines.extend(section.rows.iter().map(|(keys, what)| HelpLine::Key(keys, what)));
        lines.push(HelpLine::Empty);
    }
    lines
}

/// At the lower edge of a pop-up: how many lines follow.
fn more_below(canvas: &mut Canvas<'_>, place: Rect, lines: usize, top: usize, height: u16) {
    let rest = lines.saturating_sub(top + usize::from(height));
    if rest > 1 && place.width > 20 {
        let said = format!(" {rest} more ");
        let x = place.right().saturating_sub(said.len() as u16 + 2);
        canvas.text((x, place.bottom() - 1), said.len(), &said, canvas.style(Role::Dim));
    }
}

/// Draws a text to read: notices.
pub fn reader(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let reader = &app.reader;
    let widest = reader.lines.iter().map(|line| text::width(line, 200)).max().unwrap_or(0);
    let width = (widest as u16 + 4).clamp(40, area.width.saturating_sub(4).max(40));
    let room = usize::from(width.saturating_sub(4));
    let lines: Vec<String> = reader.lines.iter().flat_map(|line| one_or_more(line, room)).collect();
    canvas.geometry.list_lines = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let height = (lines.len() as u16).saturating_add(2).min(area.height.saturating_sub(2));
    let place = canvas::centered(area, width, height.max(4));
    let inner = canvas.popup(place, &reader.title);
    canvas.geometry.list_rows = inner.height;
    let visible = lines.iter().skip(reader.top).take(usize::from(inner.height));
    for (line, said) in visible.enumerate() {
        let at = canvas::row(inner, line as u16);
        canvas.text((at.x, at.y), usize::from(at.width), said, canvas.style(Role::Text));
    }
    more_below(canvas, place, lines.len(), reader.top, inner.height);
}

/// A line broken between words; an empty one stays a line.
pub(super) fn one_or_more(line: &str, width: usize) -> Vec<String> {
    if line.is_empty() { vec![String::new()] } else { text::words(line, width, 1000) }
}

/// Draws a box that asks for one line.
pub fn ask(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let Some(ask) = &app.ask else { return };
    let place = canvas::centered(area, 60, 4);
    let inner = canvas.popup(place, &ask.title);
    if inner.height == 0 {
        return;
    }
    canvas.prompt(canvas::row(inner, 0), &ask.prompt, "", app.focus.top() == Some(Layer::Ask));
    let hint = canvas::row(inner, 1);
    if hint.height > 0 {
        let (said, role) = match &ask.error {
            Some(error) => (error.as_str(), Role::Error),
            None => ("Enter applies, Esc closes", Role::Dim),
        };
        canvas.text((hint.x, hint.y), usize::from(hint.width), said, canvas.style(role));
    }
}

/// Draws the keys that may follow the ones pressed, above the last line at the right.
pub fn continuations(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let keys = app.continuations();
    if keys.is_empty() || area.height < 6 {
        return;
    }
    let widest = keys.iter().map(|(key, what)| text::width(key, 12) + text::width(what, 40) + 2);
    let width = (widest.max().unwrap_or(0) as u16 + 4).max(16).min(area.width);
    let height = (keys.len() as u16 + 2).min(area.height - 2);
    let place = Rect {
        x: area.right() - width,
        y: area.bottom().saturating_sub(height + 1),
        width,
        height,
    };
    let pressed: String = app.pending.iter().map(ToString::to_string).collect();
    let inner = canvas.popup(place, &pressed);
    for (line, (key, what)) in keys.iter().take(usize::from(inner.height)).enumerate() {
        let at = canvas::row(inner, line as u16);
        let used = canvas.text((at.x, at.y), usize::from(at.width), key, canvas.style(Role::Key));
        let used = used.max(2);
        let room = usize::from(at.width).saturating_sub(used + 1);
        canvas.text((at.x + used as u16 + 1, at.y), room, what, canvas.style(Role::Text));
    }
}
