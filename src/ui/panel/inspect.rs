//! The requests behind the answer: a list of them, then one side of the chosen one.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas, Part};
use super::super::widget::bar::{self, Segment};
use super::super::{number, text};
use super::overlay;
use crate::app::App;
use crate::app::state::{Inspect, InspectTab};
use crate::query::Exchange;
use crate::theme::Role;

/// Lines of the list at most: a third of the panel, but no more than these.
const LISTED: u16 = 8;

/// Draws the panel over the whole screen but its last line.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let inspect = &app.inspect;
    let place = Rect { height: area.height.saturating_sub(1), ..area };
    let title = match inspect.calls.len() {
        0 => "The question as a request".to_owned(),
        calls => format!("Request {} of {calls}", inspect.at + 1),
    };
    let inner = canvas.popup(place, &title);
    if inner.height < 3 || inner.width < 10 {
        return;
    }
    let listed = (inspect.calls.len() as u16).min(LISTED).min(inner.height / 3);
    let list = Rect { height: listed, ..inner };
    draw_list(canvas, inspect, list);
    let mut y = inner.y + listed;
    if listed > 0 {
        canvas.rule(inner, y);
        y += 1;
    }
    draw_heading(canvas, app, canvas::row(Rect { y, ..inner }, 0));
    let body = Rect { y: y + 1, height: inner.bottom().saturating_sub(y + 1), ..inner };
    canvas.geometry.list_rows = body.height;
    let role = match inspect.current() {
        Some(call) if inspect.tab == InspectTab::Answer && is_bad(call) => Role::Warning,
        _ => Role::Text,
    };
    let style = canvas.style(role);
    let room = usize::from(body.width);
    let lines: Vec<String> =
        inspect.lines.iter().flat_map(|line| overlay::one_or_more(line, room)).collect();
    canvas.geometry.list_lines = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let visible = lines.iter().skip(inspect.top).take(usize::from(body.height));
    for (line, said) in visible.enumerate() {
        let at = canvas::row(body, line as u16);
        canvas.text((at.x, at.y), usize::from(at.width), said, style);
    }
    let rest = lines.len().saturating_sub(inspect.top + usize::from(body.height));
    if rest > 0 {
        let said = format!(" {rest} more ");
        let x = place.right().saturating_sub(said.len() as u16 + 2);
        canvas.text((x, place.bottom() - 1), said.len(), &said, canvas.style(Role::Dim));
    }
}

fn is_bad(call: &Exchange) -> bool {
    let lost = call.shards.is_some_and(|shards| shards.successful < shards.total);
    call.error.is_some() || lost || call.status.is_some_and(|status| status >= 300)
}

/// A line for each call: what for, where to, how it ended, how long it took.
fn draw_list(canvas: &mut Canvas<'_>, inspect: &Inspect, area: Rect) {
    let height = usize::from(area.height);
    let top = inspect.at.saturating_sub(height.saturating_sub(1));
    let purposes = inspect.calls.iter().map(|call| text::width(&call.purpose, 24));
    let purpose_width = purposes.max().unwrap_or(0).min(usize::from(area.width) / 3);
    for (line, (index, call)) in inspect.calls.iter().enumerate().skip(top).take(height).enumerate()
    {
        let at = canvas::row(area, line as u16);
        let role = if is_bad(call) { Role::Warning } else { Role::Dim };
        let ended = ended(call);
        let ended_width = text::width(&ended, 40);
        let x = at.x + purpose_width as u16 + 2;
        canvas.text((at.x, at.y), purpose_width, &call.purpose, canvas.style(Role::Text));
        let room = usize::from(at.right().saturating_sub(x)).saturating_sub(ended_width + 2);
        let line = call.line.split('?').next().unwrap_or_default();
        canvas.text((x, at.y), room, line, canvas.style(Role::Dim));
        let x = at.right().saturating_sub(ended_width as u16);
        canvas.text((x, at.y), ended_width, &ended, canvas.style(role));
        if index == inspect.at {
            canvas.select(Rect { x: at.x.saturating_sub(1), width: at.width + 2, ..at }, true);
        }
    }
}

fn ended(call: &Exchange) -> String {
    let end = match (&call.error, call.status) {
        (Some(_), None) => "no answer".to_owned(),
        (_, Some(status)) => status.to_string(),
        (None, None) => "waiting".to_owned(),
    };
    let waited = call.waited.map(|waited| format!("{:>8}", millis(waited)));
    format!("{end}{}", waited.unwrap_or_default())
}

fn millis(length: std::time::Duration) -> String {
    match length.as_millis() {
        0 => "<1 ms".to_owned(),
        millis if millis < 10_000 => format!("{millis} ms"),
        millis => format!("{} s", millis / 1000),
    }
}

/// The sides of the call, and what is known of its answer.
fn draw_heading(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let inspect = &app.inspect;
    let dim = canvas.style(Role::Dim);
    let mut left = Vec::new();
    for tab in InspectTab::ALL {
        let on = tab == inspect.tab;
        if inspect.calls.is_empty() && !on {
            continue;
        }
        let style = canvas.style(if on { Role::Accent } else { Role::Dim });
        let name = tab.title();
        let shown =
            if on && canvas.theme.patterned { format!("[{name}]") } else { name.to_owned() };
        left.push(Segment::of((shown, style), 0));
    }
    let facts = match inspect.current() {
        Some(call) => facts(call),
        None => own_facts(app),
    };
    let right = facts.into_iter().enumerate().map(|(rank, fact)| {
        let part: Part = (fact, dim);
        Segment::of(part, rank as u8 + 2)
    });
    bar::draw(
        canvas,
        Rect { x: area.x.saturating_sub(1), width: area.width + 2, ..area },
        left,
        right.collect(),
        2,
    );
}

/// What is known of an answer, the most important first.
fn facts(call: &Exchange) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(took) = call.took {
        said.push(format!("took {}", millis(took)));
        if let Some(waited) = call.waited {
            said.push(format!("network {}", millis(waited.saturating_sub(took))));
        }
    }
    if let Some(shards) = call.shards {
        let skipped = match shards.skipped {
            0 => String::new(),
            skipped => format!(" ({} skipped)", number::count(skipped)),
        };
        let (answered, all) = (number::count(shards.successful), number::count(shards.total));
        said.push(format!("{answered} of {all} shards{skipped}"));
    }
    if call.answer_bytes > 0 {
        said.push(number::bytes(call.answer_bytes));
    }
    said.push(call.host.clone());
    said
}

/// What is known where no server was asked.
fn own_facts(app: &App) -> Vec<String> {
    let status = &app.status;
    let mut said = app.inspect.read.clone();
    said.push(format!("{} records", number::count(status.records)));
    if status.bytes_done > 0 {
        said.push(format!("{} read", number::bytes(status.bytes_done)));
    }
    said
}
