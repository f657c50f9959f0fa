//! Stacked bars over time, with both axes.
//!
//! In: buckets, a role for each series, what is selected and what is not read yet. Out: cells.
//! Where there are more buckets than columns they are added up; where there are fewer, bars widen.
//! Counts nothing and chooses no interval.

mod axis;
mod column;
#[cfg(test)]
mod tests;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use self::column::{Column, EIGHTHS};
use super::super::number;
use crate::query::Bucket;
use crate::theme::{Role, Theme};
use crate::time::{Millis, Zone};

/// A histogram to draw.
#[derive(Debug, Clone)]
pub struct HistogramView<'a> {
    /// The bars in time order.
    pub buckets: &'a [Bucket],
    /// The stack from its foot up: an index into each bucket's `by`, and a role. Empty without a
    /// breakdown.
    pub series: &'a [(usize, Role)],
    /// Where the last bucket ends.
    pub end: Millis,
    /// The zone of the labels.
    pub zone: Zone,
    /// The bucket under the cursor.
    pub cursor: Option<usize>,
    /// The selected buckets.
    pub span: Option<Range<usize>>,
    /// The last bucket is not over yet, or cut by the range.
    pub partial_last: bool,
    /// Buckets that are not all read yet.
    pub unread: Option<Range<usize>>,
    /// Colours and characters.
    pub theme: &'a Theme,
}

impl HistogramView<'_> {
    /// The cells left of the bars, for the numbers of the y axis.
    #[must_use]
    pub fn margin(&self) -> u16 {
        let label = number::round_count(self.top()).len() as u16;
        label.max(3) + 3
    }

    fn top(&self) -> u64 {
        let most = self.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
        axis::round_top(most)
    }

    /// The buckets of each column of bars.
    fn columns(&self, width: u16) -> Vec<Range<usize>> {
        let (width, count) = (usize::from(width), self.buckets.len());
        if count == 0 || width == 0 {
            return Vec::new();
        }
        (0..width)
            .map(|x| {
                let first = x * count / width;
                let next = (x + 1) * count / width;
                first..next.max(first + 1)
            })
            .collect()
    }
}

impl Widget for &HistogramView<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        let margin = self.margin();
        if area.height < 2 || area.width < margin + 4 {
            return;
        }
        let labels = if area.height >= 5 { 2 } else { 1 };
        let bars = Rect {
            x: area.x + margin,
            width: area.width - margin,
            height: area.height - labels,
            ..area
        };
        let columns = self.columns(bars.width);
        // Columns may add up several buckets; the axis is for what is drawn.
        let sums: Vec<Column> = columns.iter().map(|range| self.sum(range)).collect();
        let most = sums.iter().map(|column| column.count).max().unwrap_or(0);
        let top = axis::round_top(most);
        self.draw_counts(area, bars, top, buf);
        for (x, (range, sum)) in columns.iter().zip(&sums).enumerate() {
            self.draw_column(bars, x as u16, range, sum, top, buf);
        }
        self.draw_times(area, bars, &columns, buf);
    }
}

impl HistogramView<'_> {
    fn sum(&self, range: &Range<usize>) -> Column {
        let mut column = Column { count: 0, by: vec![0; self.series.len()] };
        for bucket in &self.buckets[range.clone()] {
            column.count += bucket.count;
            for (sum, (index, _)) in column.by.iter_mut().zip(self.series) {
                *sum += bucket.by.get(*index).copied().unwrap_or(0);
            }
        }
        column
    }

    fn draw_counts(&self, area: Rect, bars: Rect, top: u64, buf: &mut Buffer) {
        let theme = self.theme;
        let line = theme.style(Role::Line);
        for y in bars.top()..bars.bottom() {
            buf.set_string(bars.x - 1, y, theme.glyphs.vertical, line);
        }
        let mut label = |y: u16, count: u64| {
            let text = number::round_count(count);
            let width = usize::from(bars.x - area.x - 2);
            buf.set_string(area.x, y, format!("{text:>width$}"), theme.style(Role::Dim));
            buf.set_string(bars.x - 1, y, theme.glyphs.axis_tick, line);
        };
        label(bars.top(), top);
        if bars.height >= 5 && top.is_multiple_of(2) && top > 0 {
            label(bars.top() + bars.height / 2, top / 2);
        }
        let width = usize::from(bars.x - area.x - 2);
        buf.set_string(area.x, bars.bottom(), format!("{:>width$}", 0), theme.style(Role::Dim));
        buf.set_string(bars.x - 1, bars.bottom(), theme.glyphs.axis_corner, line);
    }

    fn draw_column(
        &self,
        bars: Rect,
        x: u16,
        range: &Range<usize>,
        sum: &Column,
        top: u64,
        buf: &mut Buffer,
    ) {
        let theme = self.theme;
        let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        let chosen = self.span.as_ref().is_some_and(overlaps);
        let under_cursor = self.cursor.is_some_and(|cursor| range.contains(&cursor));
        let unread = self.unread.as_ref().is_some_and(overlaps);
        let partial = self.partial_last && range.end == self.buckets.len();
        let mut ground = Style::new();
        if chosen || under_cursor {
            ground = theme.style(Role::Selection);
            ground.fg = None;
        }
        let cells = sum.cells(self.series, usize::from(bars.height), top, theme);
        for (row, cell) in cells.iter().enumerate() {
            let at = (bars.x + x, bars.bottom() - 1 - row as u16);
            let Some(place) = buf.cell_mut(at) else { continue };
            place.set_style(ground);
            match cell {
                Some(cell) => {
                    place.set_symbol(cell.symbol).set_style(cell.style);
                    if partial {
                        place.modifier.insert(Modifier::DIM);
                    }
                }
                None if unread => {
                    place.set_symbol(theme.glyphs.hatch).set_style(theme.style(Role::Line));
                }
                None => {}
            }
        }
    }

    fn draw_times(&self, area: Rect, bars: Rect, columns: &[Range<usize>], buf: &mut Buffer) {
        let theme = self.theme;
        let line = theme.style(Role::Line);
        let y = bars.bottom();
        for x in bars.left()..bars.right() {
            buf.set_string(x, y, theme.glyphs.horizontal, line);
        }
        let starts: Vec<Millis> =
            columns.iter().map(|range| self.buckets[range.start].start).collect();
        let label_row = if area.bottom() > y + 1 { y + 1 } else { y };
        for tick in axis::ticks(&starts, self.end, self.zone) {
            let x = bars.x + tick.column as u16;
            if label_row != y {
                buf.set_string(x, y, theme.glyphs.axis_mark, line);
            }
            let room = usize::from(bars.right().saturating_sub(x));
            if tick.label.len() <= room {
                buf.set_string(x, label_row, &tick.label, theme.style(Role::Dim));
            }
        }
        for (x, range) in columns.iter().enumerate() {
            let in_span = self.span.as_ref().is_some_and(|span| span.contains(&range.start));
            let under = self.cursor.is_some_and(|cursor| range.contains(&cursor));
            if in_span || under {
                let mark = if under && self.span.is_none() {
                    theme.glyphs.pointer
                } else {
                    theme.glyphs.heavy
                };
                buf.set_string(bars.x + x as u16, y, mark, theme.style(Role::Mark));
            }
        }
    }
}

/// How tall a bar is, in eighths of a cell, of `rows` cells that stand for `top`.
fn eighths(count: u64, rows: usize, top: u64) -> usize {
    if top == 0 {
        return 0;
    }
    let whole = (rows * EIGHTHS) as f64;
    (count as f64 / top as f64 * whole).round() as usize
}
