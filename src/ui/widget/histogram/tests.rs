//! Histograms as pictures of characters.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::widgets::Widget as _;

use super::HistogramView;
use super::axis::{round_top, ticks};
use crate::query::Bucket;
use crate::theme::{Charset, ColorDepth, Role, Theme};
use crate::time::{Millis, Zone};

const MINUTE: i64 = 60_000;
/// 2026-11-21T15:00:00Z
const START: i64 = 1_795_273_200_000;

fn buckets(minutes: i64, counts: &[&[u64]]) -> Vec<Bucket> {
    let bucket = |(index, by): (usize, &&[u64])| Bucket {
        start: Millis(START + index as i64 * minutes * MINUTE),
        count: by.iter().sum(),
        by: by.to_vec(),
    };
    counts.iter().enumerate().map(bucket).collect()
}

fn view<'a>(buckets: &'a [Bucket], minutes: i64, theme: &'a Theme) -> HistogramView<'a> {
    let end = buckets.last().map_or(START, |last| last.start.0 + minutes * MINUTE);
    HistogramView {
        buckets,
        series: &[(1, Role::Class5xx), (0, Role::Class2xx)],
        end: Millis(end),
        zone: Zone::UTC,
        cursor: None,
        span: None,
        partial_last: false,
        unread: None,
        theme,
    }
}

fn draw(view: &HistogramView<'_>, width: u16, height: u16) -> (Buffer, String) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view.render(buffer.area, &mut buffer);
    let line = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    let lines: Vec<String> = (0..height).map(|y| line(y).trim_end().to_owned()).collect();
    let text = lines.join("\n");
    (buffer, text)
}

#[test]
fn bars_have_eighths_and_axes_have_round_numbers() {
    let counts: Vec<Vec<u64>> = (0..24).map(|hour| vec![hour * 10, 0]).collect();
    let counts: Vec<&[u64]> = counts.iter().map(Vec::as_slice).collect();
    let buckets = buckets(60, &counts);
    let theme = Theme::default();
    let (_, text) = draw(&view(&buckets, 60, &theme), 54, 8);
    insta::assert_snapshot!(text, @r"
    240 ┤                                          ▂▂▄▄▆▆
        │                                  ▂▂▄▄▆▆████████
        │                          ▂▂▄▄▆▆████████████████
    120 ┤                  ▂▂▄▄▆▆████████████████████████
        │          ▂▂▄▄▆▆████████████████████████████████
        │  ▂▂▄▄▆▆████████████████████████████████████████
      0 ┼──────┬───────────┬───────────┬───────────┬─────
               18:00       11-22       06:00       12:00
    ");
}

#[test]
fn a_small_share_of_errors_of_a_tall_bar_is_seen() {
    let buckets = buckets(60, &[&[960, 1], &[950, 0], &[20, 8], &[0, 0]]);
    let theme = Theme::shipped("dark", ColorDepth::True, Charset::Unicode).unwrap();
    let (buffer, _) = draw(&view(&buckets, 60, &theme), 10, 7);
    let red = theme.fill(Role::Class5xx);
    let seen = |x: u16| (0..5).any(|y| buffer[(x, y)].fg == red || buffer[(x, y)].bg == red);
    assert!(seen(6), "{buffer:?}");
    assert!(!seen(7), "{buffer:?}");
    assert!(seen(8), "{buffer:?}");
    assert!(!seen(9), "{buffer:?}");
}

#[test]
fn without_colour_series_differ_by_pattern() {
    let buckets = buckets(60, &[&[80, 0], &[0, 80]]);
    let theme = Theme::shipped("dark", ColorDepth::None, Charset::Unicode).unwrap();
    let (buffer, _) = draw(&view(&buckets, 60, &theme), 10, 4);
    assert_ne!(buffer[(6, 1)].symbol(), buffer[(9, 1)].symbol());
    assert_eq!(buffer[(6, 1)].fg, Color::Reset);
}

#[test]
fn what_is_not_read_is_hatched_and_the_cursor_has_a_mark() {
    let buckets = buckets(60, &[&[5, 0], &[9, 0], &[9, 0], &[2, 0]]);
    let theme = Theme::default();
    let mut view = view(&buckets, 60, &theme);
    view.unread = Some(0..1);
    view.cursor = Some(2);
    let (_, text) = draw(&view, 14, 6);
    insta::assert_snapshot!(text, @r"
    10 ┤╱╱▅▅▅▅
       │╱╱████
       │██████
       │██████▆▆
     0 ┼────▲▲┬─
    ");
}

#[test]
fn the_top_of_the_axis_is_round() {
    for (most, top) in [
        (0, 0),
        (1, 1),
        (3, 3),
        (7, 8),
        (11, 12),
        (23, 24),
        (101, 120),
        (240, 240),
        (9_100, 10_000),
    ] {
        assert_eq!(round_top(most), top, "{most}");
    }
}

fn labels(minutes: f64, columns: usize, zone: Zone) -> Vec<String> {
    let width = (minutes * MINUTE as f64) / columns as f64;
    let starts: Vec<Millis> =
        (0..columns).map(|x| Millis(START + (x as f64 * width) as i64)).collect();
    let end = Millis(START + (minutes * MINUTE as f64) as i64);
    ticks(&starts, end, zone).into_iter().map(|tick| tick.label).collect()
}

#[test]
fn times_are_round_and_the_date_shows_where_it_changes() {
    assert_eq!(
        labels(1440.0, 90, Zone::UTC),
        ["15:00", "18:00", "21:00", "11-22", "03:00", "06:00", "09:00", "12:00"]
    );
    assert_eq!(labels(10.0, 60, Zone::UTC), ["15:00", "15:02", "15:04", "15:06", "15:08"]);
    assert_eq!(labels(0.5, 60, Zone::UTC), ["15:00:00", "15:00:10", "15:00:20"]);
    assert_eq!(labels(1440.0 * 5.0, 60, Zone::UTC), ["11-22", "11-23", "11-24", "11-25", "11-26"]);
    let kolkata = Zone::Named(chrono_tz::Asia::Kolkata);
    assert_eq!(labels(120.0, 60, kolkata), ["20:30", "21:00", "21:30", "22:00"]);
}

proptest! {
    #[test]
    fn drawing_never_panics(
        counts in proptest::collection::vec((0..u64::MAX / 1_000_000, 0..500_u64), 0..80),
        width in 0..200_u16,
        height in 0..30_u16,
        minutes in 1..600_i64,
        cursor in proptest::option::of(0..100_usize),
        none: bool,
    ) {
        let counts: Vec<Vec<u64>> = counts.into_iter().map(|(a, b)| vec![a, b]).collect();
        let counts: Vec<&[u64]> = counts.iter().map(Vec::as_slice).collect();
        let buckets = buckets(minutes, &counts);
        let depth = if none { ColorDepth::None } else { ColorDepth::Ansi16 };
        let theme = Theme::shipped("dark", depth, Charset::Unicode).unwrap();
        let mut view = view(&buckets, minutes, &theme);
        view.cursor = cursor;
        view.span = cursor.map(|at| at..at + 5);
        draw(&view, width, height);
    }
}
