//! One column of a histogram: how a stack of counts becomes cells.
//!
//! A cell has eight eighths and two colours. The class at the foot of the stack (by convention the
//! worst) stands on the axis, so that it is drawn to the eighth under however tall a bar; what
//! would need three colours elsewhere is decided for the largest part.

use ratatui::style::{Color, Style};

use super::eighths;
use crate::theme::{Role, Theme};

/// The parts that a cell can be filled in.
pub(super) const EIGHTHS: usize = 8;
/// Eighths that a cell at the foot may be drawn too tall, to show two classes in it.
const SLACK: usize = 4;
/// Eighths that the worst class needs to stand for a cell that can show only one.
const SHOWN: usize = 2;
/// A bar of less than half a cell takes the colour of the worst class if that is one in so many.
const HEAVY: u64 = 4;

/// The counts of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// All documents.
    pub count: u64,
    /// Those of each series, the lowest of the stack first.
    pub by: Vec<u64>,
}

/// What to draw in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarCell {
    /// The character.
    pub symbol: &'static str,
    /// Its colours.
    pub style: Style,
}

/// A part of the stack: a role, from an eighth to an eighth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layer {
    role: Role,
    series: usize,
    count: u64,
    from: usize,
    to: usize,
}

impl Column {
    /// The cells of the column from its foot up; `None` where nothing stands.
    pub(super) fn cells(
        &self,
        series: &[(usize, Role)],
        rows: usize,
        top: u64,
        theme: &Theme,
    ) -> Vec<Option<BarCell>> {
        let layers = self.layers(series, rows, top);
        (0..rows)
            .map(|row| {
                let (foot, head) = (row * EIGHTHS, (row + 1) * EIGHTHS);
                let inside = layers.iter().filter(|layer| layer.from < head && foot < layer.to);
                let parts: Vec<Layer> = inside
                    .map(|layer| Layer {
                        from: layer.from.max(foot) - foot,
                        to: layer.to.min(head) - foot,
                        ..*layer
                    })
                    .collect();
                cell(&parts, row == 0, theme)
            })
            .collect()
    }

    /// The stack in eighths: every class that counts anything has one at least.
    fn layers(&self, series: &[(usize, Role)], rows: usize, top: u64) -> Vec<Layer> {
        let whole = rows * EIGHTHS;
        let height = eighths(self.count, rows, top).max(usize::from(self.count > 0)).min(whole);
        if series.is_empty() {
            let role = Role::Bar;
            return vec![Layer { role, series: 0, count: self.count, from: 0, to: height }];
        }
        let mut heights: Vec<usize> = self
            .by
            .iter()
            .map(|count| eighths(*count, rows, top).max(usize::from(*count > 0)))
            .collect();
        // What the least eighths added is taken from the tallest.
        while heights.iter().sum::<usize>() > height.max(1) {
            let Some(tallest) = heights.iter_mut().filter(|height| **height > 1).max() else {
                break;
            };
            *tallest -= 1;
        }
        let mut from = 0;
        let mut layers = Vec::new();
        for ((height, count), (index, role)) in heights.iter().zip(&self.by).zip(series) {
            if *height > 0 {
                let to = (from + height).min(whole);
                layers.push(Layer { role: *role, series: *index, count: *count, from, to });
                from = to;
            }
        }
        layers
    }
}

/// The character and colours of a cell with these parts, lowest first.
fn cell(parts: &[Layer], is_foot: bool, theme: &Theme) -> Option<BarCell> {
    let (first, last) = (parts.first()?, parts.last()?);
    let filled = last.to;
    let bar = |eighths: usize| theme.glyphs.bars[eighths.clamp(1, EIGHTHS) - 1];
    if theme.patterned {
        let largest = parts.iter().max_by_key(|part| part.to - part.from)?;
        let shown = if is_foot && first.to >= SHOWN { first } else { largest };
        let patterns = theme.glyphs.patterns;
        let pattern = patterns[shown.series % patterns.len()];
        let symbol = if shown.series == 0 { bar(filled) } else { pattern };
        return Some(BarCell { symbol, style: Style::new() });
    }
    let one = |part: &Layer, height: usize| {
        let style = Style::new().fg(theme.fill(part.role));
        Some(BarCell { symbol: bar(height), style })
    };
    let largest = |parts: &[Layer]| parts.iter().copied().max_by_key(|part| part.count);
    if parts.len() == 1 {
        return one(first, filled);
    }
    if theme.glyphs.ascii {
        let shown = if is_foot && first.to >= SHOWN { *first } else { largest(parts)? };
        return one(&shown, filled);
    }
    // Above the foot the end of a bar belongs to its largest part; at the foot the worst class is
    // kept, in its own height where the rest nearly fills the cell.
    if filled < EIGHTHS && !is_foot {
        return one(&largest(parts)?, filled);
    }
    if filled + SLACK < EIGHTHS {
        let all: u64 = parts.iter().map(|part| part.count).sum();
        let heavy = first.count.saturating_mul(HEAVY) >= all;
        return one(&if heavy { *first } else { largest(parts)? }, filled);
    }
    let upper = theme.fill(largest(&parts[1..])?.role);
    let style = Style::new().fg(theme.fill(first.role));
    let style = if upper == Color::Reset { style } else { style.bg(upper) };
    Some(BarCell { symbol: bar(first.to), style })
}
