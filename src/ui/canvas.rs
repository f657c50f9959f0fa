//! What panels draw on: a buffer, the theme, and the few marks that all of them make.
//!
//! Every string that a panel draws goes through [`super::text`]; nothing is drawn outside
//! the buffer.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use super::text::{self, Ink};
use crate::app::state::{Geometry, Prompt};
use crate::theme::{Glyphs, Role, Theme};

/// A frame being drawn.
pub struct Canvas<'a> {
    /// The cells.
    pub buf: &'a mut Buffer,
    /// Colours and characters.
    pub theme: &'a Theme,
    /// Where the terminal's cursor goes; `None` hides it.
    pub cursor: Option<Position>,
    /// Sizes for update.
    pub geometry: Geometry,
}

/// A piece of a line with its style.
pub type Part = (String, Style);

impl Canvas<'_> {
    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// The characters.
    #[must_use]
    pub fn glyphs(&self) -> &Glyphs {
        &self.theme.glyphs
    }

    /// The plain way of drawing a text.
    #[must_use]
    pub fn ink(&self, style: Style) -> Ink<'static> {
        let symbol = self.style(Role::Symbol);
        Ink { symbol, ..Ink::of(style, self.theme.glyphs.ascii) }
    }

    /// Draws `text` at most `width` cells wide; returns the cells used.
    pub fn text(&mut self, at: (u16, u16), width: usize, text: &str, style: Style) -> usize {
        let ink = self.ink(style);
        self.inked(at, width, text, &ink)
    }

    /// Draws `text` with marks; returns the cells used.
    pub fn inked(&mut self, at: (u16, u16), width: usize, text: &str, ink: &Ink<'_>) -> usize {
        let fitted = text::fit(text, 0, width, ink);
        self.spans(at, width, &fitted.spans);
        fitted.width
    }

    /// Draws spans that [`text`] made, clipped to `width` and to the buffer.
    pub fn spans(&mut self, at: (u16, u16), width: usize, spans: &[Span<'_>]) {
        let (mut x, y) = at;
        if y >= self.buf.area.bottom() || y < self.buf.area.top() {
            return;
        }
        let end = usize::from(x).saturating_add(width).min(usize::from(self.buf.area.right()));
        for span in spans {
            let room = end.saturating_sub(usize::from(x));
            if room == 0 {
                return;
            }
            (x, _) = self.buf.set_stringn(x, y, span.content.as_ref(), room, span.style);
        }
    }

    /// Draws parts one after the other; returns the cells used.
    pub fn parts(&mut self, at: (u16, u16), width: usize, parts: &[Part]) -> usize {
        let mut used = 0;
        for (text, style) in parts {
            let room = width.saturating_sub(used);
            if room == 0 {
                break;
            }
            used += self.text((at.0 + used as u16, at.1), room, text, *style);
        }
        used
    }

    /// Fills an area with blanks of a style.
    pub fn fill(&mut self, area: Rect, style: Style) {
        let area = area.intersection(self.buf.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buf.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_symbol(" ").set_style(style);
                }
            }
        }
    }

    /// Lays a style over what is drawn in an area.
    pub fn tint(&mut self, area: Rect, style: Style) {
        self.buf.set_style(area.intersection(self.buf.area), style);
    }

    /// Draws a horizontal line.
    pub fn rule(&mut self, area: Rect, y: u16) {
        let line = self.glyphs().horizontal.repeat(usize::from(area.width));
        let style = self.style(Role::Line);
        self.glyph((area.x, y), &line, style);
    }

    /// Draws a vertical line through an area's column `x`.
    pub fn divider(&mut self, x: u16, area: Rect) {
        let style = self.style(Role::Line);
        let line = self.glyphs().vertical;
        for y in area.top()..area.bottom() {
            self.glyph((x, y), line, style);
        }
    }

    /// Draws own characters (lines, marks), which need no cleaning.
    pub fn glyph(&mut self, at: (u16, u16), glyph: &str, style: Style) {
        if self.buf.area.contains(Position::new(at.0, at.1)) {
            self.buf.set_string(at.0, at.1, glyph, style);
        }
    }

    /// Empties `area` for a pop-up, draws its frame and title; returns what is inside.
    pub fn popup(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buf.area);
        let ground = self.style(Role::Popup);
        self.fill(area, ground);
        if area.width < 4 || area.height < 3 {
            return Rect { width: 0, height: 0, ..area };
        }
        let line = ground.patch(self.style(Role::Line));
        let glyphs = *self.glyphs();
        let across = glyphs.horizontal.repeat(usize::from(area.width) - 2);
        let (left, right) = (area.x, area.right() - 1);
        let (top, bottom) = (area.y, area.bottom() - 1);
        for y in [top, bottom] {
            self.glyph((left + 1, y), &across, line);
        }
        for y in top + 1..bottom {
            self.glyph((left, y), glyphs.vertical, line);
            self.glyph((right, y), glyphs.vertical, line);
        }
        for (at, corner) in [(left, top), (right, top), (left, bottom), (right, bottom)]
            .into_iter()
            .zip(glyphs.corners)
        {
            self.glyph(at, corner, line);
        }
        if !title.is_empty() {
            let style = ground.patch(self.style(Role::Accent));
            let width = usize::from(area.width).saturating_sub(6);
            let shown = text::shorten(title, width, glyphs.ascii);
            self.text((left + 2, top), width + 2, &format!(" {shown} "), style);
        }
        Rect { x: left + 2, y: top + 1, width: area.width - 4, height: area.height - 2 }
    }

    /// Draws a line that is being edited; sets the cursor if it has the focus.
    pub fn prompt(&mut self, area: Rect, prompt: &Prompt, placeholder: &str, focused: bool) {
        self.coloured_prompt(area, (prompt, placeholder), focused, &[]);
    }

    /// The same with styles of parts of the text.
    pub fn coloured_prompt(
        &mut self,
        area: Rect,
        (prompt, placeholder): (&Prompt, &str),
        focused: bool,
        parts: &[(Range<usize>, Style)],
    ) {
        let width = usize::from(area.width);
        if width == 0 || area.height == 0 {
            return;
        }
        let text = prompt.text();
        if text.is_empty() {
            let style = self.style(Role::Placeholder);
            self.text((area.x, area.y), width, placeholder, style);
        }
        let before = text::width(&text[..prompt.cursor_byte()], usize::MAX / 128);
        // One cell stays free behind the text for the cursor.
        let skip = if focused { (before + 1).saturating_sub(width) } else { 0 };
        let ink = Ink { parts, ..self.ink(self.style(Role::Input)) };
        let fitted = text::fit(text, skip, width, &ink);
        self.spans((area.x, area.y), width, &fitted.spans);
        if focused {
            let x = area.x + (before - skip) as u16;
            self.cursor = Some(Position::new(x.min(area.right() - 1), area.y));
        }
    }

    /// Marks a row as the one under the cursor.
    pub fn select(&mut self, row: Rect, active: bool) {
        let role = if active { Role::Selection } else { Role::SelectionInactive };
        let style = self.style(role);
        self.tint(row, style);
    }

    /// Makes an area look old or out of reach.
    pub fn fade(&mut self, area: Rect) {
        let mut dim = self.style(Role::Dim);
        if dim.fg.is_none() {
            dim = dim.add_modifier(Modifier::DIM);
        }
        self.tint(area, dim);
    }
}

/// The row `index` of an area, one cell high.
#[must_use]
pub fn row(area: Rect, index: u16) -> Rect {
    Rect { y: area.y.saturating_add(index), height: u16::from(index < area.height), ..area }
}

/// A pop-up's place: in the middle of `area`, no larger than it.
#[must_use]
pub fn centered(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 3,
        width,
        height,
    }
}
