//! The histogram: its heading with the legend, and the bars.

use ratatui::layout::Rect;
use ratatui::widgets::Widget as _;

use super::super::canvas::{self, Canvas, Part};
use super::super::widget::histogram::HistogramView;
use super::super::{number, series, stamp, text};
use crate::app::App;
use crate::app::state::{HistogramState, Pane};
use crate::query::{Breakdown, FacetValue, Histogram};
use crate::theme::Role;
use crate::time::{Millis, interval};

/// The lines that the histogram takes of a body of that height.
#[must_use]
pub fn height(app: &App, body: u16) -> u16 {
    if app.histogram.hidden || body < 12 || !app.has_time() {
        return 0;
    }
    match body {
        12..16 => 4,
        16..24 => 5,
        24..34 => 8,
        _ => 10,
    }
}

/// Draws the panel.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    if area.height < 3 {
        return;
    }
    let state = &app.histogram;
    let bars_area = Rect {
        y: area.y + 1,
        height: area.height - 1,
        x: area.x + 1,
        width: area.width.saturating_sub(2),
    };
    let Some(bars) = state.bars.as_ref().filter(|bars| !bars.buckets.is_empty()) else {
        canvas.geometry.histogram_columns = bars_area.width.saturating_sub(7);
        draw_empty(canvas, app, area);
        return;
    };
    let by = state.by.as_ref();
    let stack = series::stack(bars, by);
    let heading = canvas::row(area, 0);
    let focused = app.focus.pane == Pane::Histogram;
    if focused || state.anchor.is_some() {
        draw_cursor_heading(canvas, app, bars, heading);
    } else {
        draw_heading(canvas, state, bars, heading);
    }
    let starts = |index: usize| bars.buckets.get(index).map(|bucket| bucket.start);
    let end = bars
        .buckets
        .last()
        .map_or(Millis(0), |last| interval::next(bars.interval, app.zone, last.start));
    let unread = unread(app, bars, end);
    let view = HistogramView {
        buckets: &bars.buckets,
        series: if by.is_some() { &stack } else { &[] },
        end,
        zone: app.zone,
        cursor: (focused || state.anchor.is_some()).then_some(state.cursor),
        span: state.selection().map(|(first, last)| first..last + 1),
        partial_last: starts(bars.buckets.len() - 1).is_some_and(|_| is_partial(app, end)),
        unread,
        theme: canvas.theme,
    };
    canvas.geometry.histogram_columns = bars_area.width.saturating_sub(view.margin());
    view.render(bars_area, canvas.buf);
}

/// Whether the last bucket goes on beyond what was asked for, or beyond the present.
fn is_partial(app: &App, end: Millis) -> bool {
    app.range.to.is_some_and(|to| to.0 < end.0 - 1) || (app.now.0 > 0 && app.now < end)
}

/// The buckets that may still grow: those before the oldest record that is known, as files are
/// read from their newest end.
fn unread(app: &App, bars: &Histogram, end: Millis) -> Option<std::ops::Range<usize>> {
    if app.status.complete {
        return None;
    }
    let first = app.status.first.unwrap_or(end);
    let known = bars.buckets.partition_point(|bucket| bucket.start < first);
    (known > 0).then_some(0..known)
}

fn what(by: Option<&Breakdown>) -> String {
    match by {
        None => String::new(),
        Some(Breakdown::StatusClass { .. }) => " by status class".to_owned(),
        Some(Breakdown::Level { .. }) => " by level".to_owned(),
        Some(Breakdown::Values { field, .. }) => format!(" by {field}"),
    }
}

fn draw_heading(canvas: &mut Canvas<'_>, state: &HistogramState, bars: &Histogram, area: Rect) {
    let dim = canvas.style(Role::Dim);
    let width = number::span(bars.interval.nominal_millis());
    let narrow = area.width < 84;
    let said = if narrow { "per" } else { "count per" };
    let mut said = format!("{said} {width}{}", what(state.by.as_ref()));
    if !state.complete {
        said.push_str(", so far");
    }
    let room = usize::from(area.width).saturating_sub(2);
    let used = canvas.text((area.x + 1, area.y), room, &said, dim);
    if state.by.is_some() {
        let rest = Rect {
            x: area.x + 1 + used as u16 + 3,
            width: (room.saturating_sub(used + 3)) as u16,
            ..area
        };
        draw_legend(canvas, state, bars, rest);
    }
}

/// Each class with its share; without shares where they do not fit.
fn draw_legend(canvas: &mut Canvas<'_>, state: &HistogramState, bars: &Histogram, area: Rect) {
    let all: u64 = bars.buckets.iter().map(|bucket| bucket.count).sum();
    let legend = |canvas: &Canvas<'_>, shares: bool| -> Vec<Vec<Part>> {
        let entry = |(index, series): (usize, &FacetValue)| {
            let count: u64 = bars.buckets.iter().filter_map(|bucket| bucket.by.get(index)).sum();
            let role = series::role(index, series, state.by.as_ref());
            let label = text::shorten(&series.label, 20, canvas.glyphs().ascii);
            let share = if shares { number::percent(count, all) } else { String::new() };
            legend_parts(canvas, index, role, &label, &share)
        };
        bars.series.iter().enumerate().map(entry).collect()
    };
    let room = usize::from(area.width);
    let full = legend(canvas, true);
    let fits = full.iter().map(|parts| parts_width(parts) + 2).sum::<usize>() <= room + 2;
    let entries = if fits { full } else { legend(canvas, false) };
    let mut x = area.x;
    for (index, parts) in entries.iter().enumerate() {
        let width = parts_width(parts);
        let room = usize::from(area.right().saturating_sub(x));
        if width > room {
            canvas.text((x, area.y), room, canvas.theme.glyphs.ellipsis, canvas.style(Role::Dim));
            return;
        }
        canvas.parts((x, area.y), room, parts);
        if state.series == Some(index) {
            canvas.select(Rect { x, y: area.y, width: width as u16, height: 1 }, true);
        }
        x += width as u16 + if fits { 2 } else { 1 };
    }
}

fn parts_width(parts: &[Part]) -> usize {
    parts.iter().map(|(part, _)| text::width(part, 200)).sum()
}

fn legend_parts(
    canvas: &Canvas<'_>,
    index: usize,
    role: Role,
    label: &str,
    count: &str,
) -> Vec<Part> {
    let glyphs = canvas.glyphs();
    let square = if canvas.theme.patterned {
        glyphs.patterns[index % glyphs.patterns.len()]
    } else {
        glyphs.square
    };
    vec![
        (format!("{square} "), canvas.style(role)),
        (label.to_owned(), canvas.style(Role::Text)),
        (
            if count.is_empty() { String::new() } else { format!(" {count}") },
            canvas.style(Role::Dim),
        ),
    ]
}

/// With the cursor in the bars: the time of the bucket, or the span, and its counts per class.
fn draw_cursor_heading(canvas: &mut Canvas<'_>, app: &App, bars: &Histogram, area: Rect) {
    let state = &app.histogram;
    let last = bars.buckets.len() - 1;
    let cursor = state.cursor.min(last);
    let (first, last) = state.selection().unwrap_or((cursor, cursor));
    let chosen = bars.buckets.get(first..=last.min(bars.buckets.len() - 1)).unwrap_or_default();
    let (Some(from), Some(to)) = (chosen.first(), chosen.last()) else { return };
    let until = interval::next(bars.interval, app.zone, to.start);
    let range = crate::time::TimeRange { from: Some(from.start), to: Some(until) };
    let count: u64 = chosen.iter().map(|bucket| bucket.count).sum();
    let mut parts = vec![
        (stamp::range(range, app.zone), canvas.style(Role::Accent)),
        (format!("   {} records", number::count(count)), canvas.style(Role::Strong)),
    ];
    let mut places = Vec::new();
    if state.by.is_some() {
        for (index, series) in bars.series.iter().enumerate() {
            let here: u64 = chosen.iter().filter_map(|bucket| bucket.by.get(index)).sum();
            if here == 0 && state.series != Some(index) {
                continue;
            }
            let role = series::role(index, series, state.by.as_ref());
            let label = text::shorten(&series.label, 20, canvas.glyphs().ascii);
            parts.push(("   ".to_owned(), canvas.style(Role::Text)));
            let start = parts_width(&parts);
            parts.extend(legend_parts(canvas, index, role, &label, &number::count(here)));
            let end = parts_width(&parts);
            if state.series == Some(index) {
                places.push((start, end - start));
            }
        }
    }
    let room = usize::from(area.width).saturating_sub(2);
    canvas.parts((area.x + 1, area.y), room, &parts);
    for (start, width) in places {
        if start < room {
            let width = width.min(room - start) as u16;
            let at = Rect { x: area.x + 1 + start as u16, y: area.y, width, height: 1 };
            canvas.select(at, true);
        }
    }
}

fn draw_empty(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let (said, role) = match (&app.histogram.error, &app.histogram.bars) {
        (Some(error), _) => (format!("No histogram: {error}"), Role::Error),
        (None, Some(_)) => ("Nothing to count in this time".to_owned(), Role::Dim),
        (None, None) if app.status.title.is_empty() => (String::new(), Role::Dim),
        (None, None) => ("Counting over time".to_owned(), Role::Dim),
    };
    let room = usize::from(area.width).saturating_sub(2);
    canvas.text((area.x + 1, area.y), room, &said, canvas.style(role));
}
