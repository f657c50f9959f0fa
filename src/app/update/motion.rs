//! Moving: up and down in whatever has the cursor, a line, a page, or all the way.

use super::Out;
use crate::app::action::Action;
use crate::app::state::{App, Follow, Layer, Pane, Wrap};
use crate::app::work::Landing;

/// A movement along a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motion {
    /// So many lines down (or up, if negative).
    Lines(isize),
    /// So many pages, or halves where `half`.
    Pages { pages: isize, half: bool },
    /// To the first.
    Top,
    /// To the last.
    Bottom,
}

impl Motion {
    /// The motion of an action, repeated `count` times.
    pub(super) fn of(action: Action, count: usize) -> Option<Self> {
        let count = isize::try_from(count).unwrap_or(isize::MAX).max(1);
        Some(match action {
            Action::Down => Self::Lines(count),
            Action::Up => Self::Lines(-count),
            Action::PageDown => Self::Pages { pages: count, half: false },
            Action::PageUp => Self::Pages { pages: -count, half: false },
            Action::HalfPageDown => Self::Pages { pages: count, half: true },
            Action::HalfPageUp => Self::Pages { pages: -count, half: true },
            Action::Top => Self::Top,
            Action::Bottom => Self::Bottom,
            _ => return None,
        })
    }

    /// How many lines it is, where a page has `page` lines; `None` for an end.
    fn lines(self, page: usize) -> Option<isize> {
        match self {
            Self::Lines(lines) => Some(lines),
            Self::Pages { pages, half } => {
                let page = if half { page / 2 } else { page.saturating_sub(1) }.max(1);
                Some(pages.saturating_mul(page as isize))
            }
            Self::Top | Self::Bottom => None,
        }
    }

    /// Moves `cursor` in a list of `length`, and `top` so that it stays on a page of `page` lines.
    pub(super) fn apply(self, cursor: &mut usize, top: &mut usize, length: usize, page: usize) {
        let last = length.saturating_sub(1);
        let page = page.max(1);
        *cursor = match self.lines(page) {
            Some(lines) => cursor.saturating_add_signed(lines).min(last),
            None if self == Self::Top => 0,
            None => last,
        };
        if let Self::Pages { .. } = self {
            let lines = self.lines(page).unwrap_or(0);
            *top = top.saturating_add_signed(lines).min(length.saturating_sub(page));
        }
        keep_visible(*cursor, top, length, page);
    }
}

/// Moves `top` as little as shows `cursor`.
pub(super) fn keep_visible(cursor: usize, top: &mut usize, length: usize, page: usize) {
    let page = page.max(1);
    *top = (*top).min(cursor).max((cursor + 1).saturating_sub(page));
    *top = (*top).min(length.saturating_sub(1));
}

impl App {
    /// Moves in whatever is on top.
    pub(super) fn on_motion(&mut self, motion: Motion, out: &mut Out) {
        match self.focus.top() {
            Some(Layer::Picker) => self.move_picker(motion),
            Some(Layer::Time) => self.move_time(motion),
            Some(Layer::Query) => self.move_query(motion),
            Some(Layer::FieldSearch) => self.move_fields(motion),
            Some(Layer::Pill) => self.move_pill_editor(motion),
            Some(Layer::Document | Layer::DocumentSearch) => self.move_document(motion),
            Some(Layer::Surroundings) => self.move_surroundings(motion, out),
            Some(Layer::Help) => {
                let length = self.help_lines();
                scroll(motion, &mut self.help.top, length, self.geometry.list_rows);
            }
            Some(Layer::Reader) => {
                let length = usize::from(self.geometry.list_lines);
                scroll(motion, &mut self.reader.top, length, self.geometry.list_rows);
            }
            Some(Layer::Inspect) => {
                let length = usize::from(self.geometry.list_lines);
                scroll(motion, &mut self.inspect.top, length, self.geometry.list_rows);
            }
            Some(Layer::Find | Layer::Ask) => {}
            None => match self.focus.pane {
                Pane::Table => self.move_table(motion, out),
                Pane::Fields => self.move_fields(motion),
                Pane::Histogram => self.move_bars(motion),
                Pane::Pills => {}
            },
        }
    }

    /// Lines of the help as drawn: a title, its rows, an empty line.
    fn help_lines(&self) -> usize {
        self.help.sections.iter().map(|section| section.rows.len() + 2).sum()
    }

    fn move_table(&mut self, motion: Motion, out: &mut Out) {
        match motion {
            Motion::Top if !self.table.at_start => {
                self.pause_follow();
                self.ask_rows(Landing::Top, out);
                return;
            }
            Motion::Bottom => {
                if matches!(self.table.follow, Follow::Paused { .. }) {
                    self.table.follow = Follow::Live;
                    self.ask_rows(Landing::End, out);
                    return;
                }
                if !self.table.at_end {
                    self.ask_rows(Landing::End, out);
                    return;
                }
            }
            _ => {}
        }
        let before = self.table.cursor;
        let page = self.table_page();
        let length = self.table.hits.len();
        motion.apply(&mut self.table.cursor, &mut self.table.top, length, page);
        if self.table.cursor < before {
            self.pause_follow();
        }
        self.prefetch(out);
    }

    /// Records that the table shows at a time.
    pub(super) fn table_page(&self) -> usize {
        let lines = usize::from(self.geometry.table_rows);
        let hits = usize::from(self.geometry.table_hits);
        if self.table.wrap == Wrap::Wrapped && hits > 0 { hits.min(lines) } else { lines }
    }

    /// Scrolls the table so that its cursor is on the screen.
    pub(super) fn keep_cursor_visible(&mut self) {
        let page = self.table_page();
        if page > 0 {
            let length = self.table.hits.len();
            keep_visible(self.table.cursor, &mut self.table.top, length, page);
        }
    }
}

/// Moves the first line of a text.
fn scroll(motion: Motion, top: &mut usize, length: usize, page: u16) {
    let page = usize::from(page).max(1);
    let last = length.saturating_sub(page);
    *top = match motion.lines(page) {
        Some(lines) => top.saturating_add_signed(lines).min(last),
        None if motion == Motion::Top => 0,
        None => last,
    };
}
