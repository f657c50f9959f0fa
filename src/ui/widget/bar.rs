//! One line with a left and a right side, of which the less important parts give way.

use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Part};
use super::super::text;

/// A piece of a side. Pieces with a larger `rank` are left out first where there is no room.
#[derive(Debug, Clone)]
pub struct Segment {
    /// What it says, in parts of different styles.
    pub parts: Vec<Part>,
    /// 0 stays to the last.
    pub rank: u8,
}

impl Segment {
    /// A piece of one style.
    #[must_use]
    pub fn of(part: Part, rank: u8) -> Self {
        Self { parts: vec![part], rank }
    }

    fn width(&self) -> usize {
        self.parts.iter().map(|(text, _)| text::width(text, 1000)).sum()
    }
}

/// Draws the sides with `gap` cells between pieces; the left one is cut where both do not fit.
/// One cell stays free at each edge.
pub fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    left: Vec<Segment>,
    right: Vec<Segment>,
    gap: usize,
) {
    let room = usize::from(area.width).saturating_sub(2);
    if area.height == 0 || room == 0 {
        return;
    }
    let (mut left, mut right) = (left, right);
    let sum = |side: &[Segment]| {
        let widths: usize = side.iter().map(Segment::width).sum();
        widths + gap * side.len().saturating_sub(1)
    };
    let most = |side: &[Segment]| side.iter().map(|segment| segment.rank).max().unwrap_or(0);
    while sum(&left) + sum(&right) + 2 * gap > room {
        let worst = most(&left).max(most(&right));
        if worst == 0 {
            break;
        }
        let side = if most(&right) == worst { &mut right } else { &mut left };
        if let Some(at) = side.iter().rposition(|segment| segment.rank == worst) {
            side.remove(at);
        }
    }
    let right_width = sum(&right).min(room);
    let between = if right.is_empty() { 0 } else { gap };
    let left_room = room.saturating_sub(right_width + between);
    let mut used = 0;
    for segment in &left {
        let at = (area.x + 1 + used as u16, area.y);
        used += canvas.parts(at, left_room.saturating_sub(used), &segment.parts) + gap;
    }
    let mut x = area.right().saturating_sub(1 + right_width as u16).max(area.x);
    for segment in &right {
        let room = usize::from(area.right().saturating_sub(1).saturating_sub(x));
        x += (canvas.parts((x, area.y), room, &segment.parts) + gap) as u16;
    }
}
