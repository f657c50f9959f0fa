//! Rows of records: margin, time, then columns or the summary.
//!
//! Used by the table and by surrounding records. Only rows that are seen are made.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::super::super::canvas::{self, Canvas};
use super::super::super::stamp::Detail;
use super::super::super::text::{self, Ink};
use super::super::super::{number, series};
use super::columns::{self, Column};
use super::marks::Marks;
use super::summary;
use crate::query::aggregate::{LEVEL_FIELDS, STATUS_FIELDS};
use crate::query::{Hit, Level};
use crate::theme::Role;
use crate::time::Zone;

/// Rows to draw.
pub struct Rows<'a> {
    /// All that are held.
    pub hits: &'a [Hit],
    /// The first one on the screen.
    pub top: usize,
    /// The one under the cursor.
    pub cursor: usize,
    /// Whether the cursor is here.
    pub active: bool,
    /// One that is set off from the others.
    pub middle: Option<usize>,
    /// Fields; none shows the summary.
    pub fields: &'a [String],
    /// The field that keys act on.
    pub field: Option<usize>,
    /// Cells cut off at the left of the last column.
    pub shifted: usize,
    /// Whether rows take several lines.
    pub wrapped: bool,
    /// How much of a date is shown; `None` where records have no time.
    pub detail: Option<Detail>,
    /// The zone of times.
    pub zone: Zone,
    /// What is marked.
    pub marks: &'a Marks<'a>,
}

/// Cells before the time: the cursor's mark and one for provisional rows.
const MARGIN: u16 = 2;

impl Rows<'_> {
    /// The cells left of the columns.
    fn lead(&self) -> u16 {
        MARGIN + self.detail.map_or(0, |detail| detail.width() as u16 + 2)
    }

    /// The columns for an area of that width.
    pub fn columns(&self, width: u16, height: u16) -> Vec<Column> {
        let seen = self.hits.iter().skip(self.top).take(usize::from(height));
        let seen: Vec<&Hit> = seen.collect();
        let room = usize::from(width.saturating_sub(self.lead() + 1));
        columns::lay_out(self.fields, &seen, self.field.unwrap_or(0), room)
    }

    /// Draws the headings of the columns over the rows; `sorted` is the field of the order with
    /// its arrow, `time` the time field's name.
    pub fn header(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        columns: &[Column],
        time: &str,
        sorted: (&str, &str),
    ) {
        let dim = canvas.style(Role::Dim);
        let width = self.detail.map_or(0, Detail::width);
        let label = |field: &str, name: &str, room: usize| {
            let (by, arrow) = sorted;
            if by != field {
                return text::shorten(name, room, false);
            }
            format!("{} {arrow}", text::shorten(name, room.saturating_sub(2), false))
        };
        let name = if time.len() + 2 > width { "time" } else { time };
        if width > 0 {
            let said = label(time, name, width);
            canvas.text((area.x + MARGIN, area.y), width, &said, dim);
        }
        let x = area.x + self.lead();
        if self.fields.is_empty() {
            canvas.text((x, area.y), 20, "summary", dim);
            return;
        }
        for column in columns {
            let field = &self.fields[column.index];
            let said = label(field, field, column.width);
            let style =
                if self.field == Some(column.index) { canvas.style(Role::Accent) } else { dim };
            let pad = if column.numeric {
                column.width.saturating_sub(text::width(&said, column.width))
            } else {
                0
            };
            canvas.text((x + (column.x + pad) as u16, area.y), column.width - pad, &said, style);
        }
        if columns.last().is_some_and(|last| last.index + 1 < self.fields.len()) {
            let mark = canvas.glyphs().closed;
            canvas.glyph((area.right() - 1, area.y), mark, canvas.style(Role::Accent));
        }
    }

    /// Draws rows until the area is full; returns how many were drawn whole.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, columns: &[Column]) -> u16 {
        let mut y = area.y;
        let mut whole = 0;
        for (index, hit) in self.hits.iter().enumerate().skip(self.top) {
            let left = area.bottom().saturating_sub(y);
            if left == 0 {
                break;
            }
            let place = Rect { y, height: left, ..area };
            let (used, complete) = self.draw_hit(canvas, place, hit, index, columns);
            whole += u16::from(complete);
            y += used;
        }
        whole
    }

    /// Draws one row; returns its lines and whether all of it is there.
    fn draw_hit(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        hit: &Hit,
        index: usize,
        columns: &[Column],
    ) -> (u16, bool) {
        if let Some(detail) = self.detail {
            self.draw_time(canvas, area, hit, detail);
        }
        let under_cursor = index == self.cursor;
        let hit_role = if under_cursor && self.active { Role::MatchCurrent } else { Role::Match };
        let hit_style = canvas.style(hit_role);
        let (lines, complete) = if self.fields.is_empty() {
            self.draw_summary(canvas, area, hit, hit_style)
        } else {
            self.draw_columns(canvas, area, hit, columns, hit_style)
        };
        let place = Rect { height: lines, ..area };
        if self.middle == Some(index) {
            canvas.tint(place, Style::new().add_modifier(Modifier::BOLD));
        }
        if under_cursor {
            self.mark_cursor(canvas, place, columns);
        }
        (lines, complete)
    }

    fn mark_cursor(&self, canvas: &mut Canvas<'_>, place: Rect, columns: &[Column]) {
        // Matches keep their own ground, so that they are seen in the row under the cursor too.
        let ground = canvas.style(Role::MatchCurrent).bg.filter(|_| self.active);
        let selection =
            canvas.style(if self.active { Role::Selection } else { Role::SelectionInactive });
        for y in place.top()..place.bottom() {
            for x in place.left()..place.right() {
                if let Some(cell) = canvas.buf.cell_mut((x, y))
                    && (ground.is_none() || ground != Some(cell.bg))
                {
                    cell.set_style(selection);
                }
            }
        }
        let mark = canvas.glyphs().cursor;
        let style = canvas.style(Role::Mark);
        canvas.glyph((place.x, place.y), mark, style);
        if let Some(column) = columns.iter().find(|column| Some(column.index) == self.field) {
            let x = place.x + self.lead() + column.x as u16;
            let cell = Rect { x, width: column.width as u16, height: 1, ..place };
            canvas.tint(cell, Style::new().add_modifier(Modifier::UNDERLINED | Modifier::BOLD));
        }
    }

    fn draw_time(&self, canvas: &mut Canvas<'_>, area: Rect, hit: &Hit, detail: Detail) {
        let role = match hit.level {
            Some(Level::Critical) => Role::Critical,
            Some(Level::Error) => Role::Error,
            Some(Level::Warning) => Role::Warning,
            _ => Role::Dim,
        };
        let style = canvas.style(role);
        let (said, style) = match hit.time {
            Some(at) => (detail.stamp(at, self.zone), style),
            None => ("no time".to_owned(), canvas.style(Role::Dim)),
        };
        if hit.provisional {
            canvas.text((area.x + 1, area.y), 1, "~", canvas.style(Role::Dim));
        }
        canvas.text((area.x + MARGIN, area.y), detail.width(), &said, style);
    }

    fn draw_summary(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        hit: &Hit,
        marked: Style,
    ) -> (u16, bool) {
        let x = area.x + self.lead();
        let width = usize::from(area.right().saturating_sub(x + 1));
        if width == 0 {
            return (1, true);
        }
        let rows = usize::from(area.height);
        let room = if self.wrapped { width * rows } else { width + self.shifted };
        let summary = summary::of(hit, canvas.theme, room, self.wrapped);
        let places = self.marks.of(&summary.text, None);
        let plain = canvas.ink(canvas.style(Role::Text));
        let ink = Ink { parts: &summary.parts, marks: &places, hit: marked, ..plain };
        if self.wrapped {
            let (lines, more) = text::wrap(&summary.text, width, rows, &ink);
            for (line, row) in lines.iter().zip(area.y..) {
                canvas.spans((x, row), width, &line.spans);
            }
            return ((lines.len() as u16).max(1), !more);
        }
        let more = more_lines(hit);
        let width = width.saturating_sub(more.len());
        let fitted = text::fit(&summary.text, self.shifted, width, &ink);
        canvas.spans((x, area.y), width, &fitted.spans);
        let at = (x + fitted.width as u16, area.y);
        canvas.text(at, more.len(), &more, canvas.style(Role::Dim));
        (1, true)
    }

    fn draw_columns(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        hit: &Hit,
        columns: &[Column],
        marked: Style,
    ) -> (u16, bool) {
        let mut lines = 1;
        let mut complete = true;
        let last = self.fields.len().saturating_sub(1);
        let more = more_lines(hit);
        for column in columns {
            let x = area.x + self.lead() + column.x as u16;
            let field = self.fields[column.index].as_str();
            let Some(mut cell) = columns::cell(hit, field) else {
                let x = if column.numeric { x + column.width as u16 - 1 } else { x };
                canvas.text((x, area.y), 1, "-", canvas.style(Role::Dim));
                continue;
            };
            if !self.wrapped && hit.more_lines > 0 {
                // How many lines follow stands at the end of the row.
                cell.truncate(cell.find('\n').unwrap_or(cell.len()));
            }
            let places = self.marks.of(&cell, Some(field));
            let ink = canvas.ink(canvas.style(cell_role(field, &cell)));
            let ink = Ink { marks: &places, hit: marked, ..ink };
            let is_last = column.index == last;
            if is_last && self.wrapped {
                let rows = usize::from(area.height);
                let (wrapped, cut) = text::wrap(&cell, column.width, rows, &ink);
                for (line, row) in wrapped.iter().zip(area.y..) {
                    canvas.spans((x, row), column.width, &line.spans);
                }
                lines = (wrapped.len() as u16).max(1);
                complete = !cut;
                continue;
            }
            let skip = if is_last { self.shifted } else { 0 };
            let width =
                if is_last { column.width.saturating_sub(more.len()) } else { column.width };
            let fitted = text::fit(&cell, skip, width, &ink);
            let pad = if column.numeric { width - fitted.width } else { 0 };
            canvas.spans((x + pad as u16, area.y), width - pad, &fitted.spans);
            if is_last {
                let at = (x + fitted.width as u16, area.y);
                canvas.text(at, more.len(), &more, canvas.style(Role::Dim));
            }
        }
        (lines, complete)
    }
}

/// The role of a cell: statuses and levels have their class's.
fn cell_role(field: &str, text: &str) -> Role {
    if STATUS_FIELDS.contains(&field) || field == "response.keyword" {
        return series::status_class(text);
    }
    if LEVEL_FIELDS.contains(&field.trim_end_matches(".keyword")) && series::level(text).is_some() {
        return series::level_role(text);
    }
    Role::Text
}

/// What stands behind a record of several lines.
fn more_lines(hit: &Hit) -> String {
    match hit.more_lines {
        0 => String::new(),
        1 => "  +1 line".to_owned(),
        more => format!("  +{} lines", number::count(u64::from(more))),
    }
}

/// The row of an area under its first one.
#[must_use]
pub fn below(area: Rect) -> Rect {
    let first = canvas::row(area, 0);
    Rect { y: area.y + first.height, height: area.height - first.height, ..area }
}
