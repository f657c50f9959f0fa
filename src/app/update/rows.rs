//! Rows that come: the first window, its better versions, and its extensions.

use super::Out;
use crate::app::state::{App, Follow, Slot};
use crate::app::work::{Landing, MoreAsked};
use crate::query::{Answer, Direction, Hit, Page};

/// More rows than this are not held; those far from the cursor go.
const HELD: usize = 5_000;

impl App {
    /// Takes rows around the place where the table is to be.
    pub(super) fn on_rows(&mut self, part: usize, answer: Answer, finished: bool, out: &mut Out) {
        let Some(asked) = &mut self.work.rows else { return };
        match answer {
            Answer::Page(page) if part == 0 && asked.landing != Landing::End => {
                asked.after = Some(page);
            }
            Answer::Page(page) => asked.before = Some(page),
            Answer::Refused(finding) => {
                self.table.error = Some(finding.to_string());
                self.query.error = Some(finding);
                return;
            }
            Answer::Failed(reason) => {
                self.table.error = Some(reason);
                return;
            }
            _ => return,
        }
        let two = matches!(asked.landing, Landing::Near(_) | Landing::OnOrTop(_));
        if two && (asked.after.is_none() || asked.before.is_none()) {
            return;
        }
        if let Landing::OnOrTop(place) = &asked.landing
            && finished
            && !asked.shown
            && !asked.after.iter().flat_map(|page| &page.hits).any(|hit| hit.id == place.id)
        {
            self.ask_rows(Landing::Top, out);
            return;
        }
        self.show_rows(finished);
        self.table.answer_of = Some(self.asked.question.text.clone());
        self.table.answered = true;
        if self.table.hits.is_empty() && finished {
            self.explain_nothing(out);
        } else if !self.table.hits.is_empty() {
            self.nothing = crate::app::state::NothingFound::default();
        }
        if finished {
            self.prefetch(out);
        }
    }

    /// Puts the pages that have come into the window.
    fn show_rows(&mut self, finished: bool) {
        let Some(asked) = &mut self.work.rows else { return };
        let (window, middle) = join(asked.before.as_ref(), asked.after.as_ref());
        let landing = asked.landing.clone();
        let first = !std::mem::replace(&mut asked.shown, true);
        let table = &mut self.table;
        let here = table.current().map(|hit| hit.id.clone());
        let line = table.cursor.saturating_sub(table.top);
        let at_top = table.cursor == 0 && table.top == 0;
        let at_last = table.cursor + 1 >= table.hits.len();
        if !first {
            // A better version of rows on the screen: the cursor stays with its record.
            let stays = match landing {
                Landing::Top if at_top => Some(0),
                Landing::End if at_last => Some(window.hits.len().saturating_sub(1)),
                _ => here.and_then(|id| window.hits.iter().position(|hit| hit.id == id)),
            };
            match stays {
                Some(cursor) => self.put_window(window, cursor, line),
                None if finished && self.table.hits.len() <= window.hits.len() => {
                    let cursor = self.table.cursor;
                    self.put_window(window, cursor, line);
                }
                None => {} // The window has moved on since; these rows are behind it.
            }
            return;
        }
        let bottom = usize::from(self.geometry.table_rows).saturating_sub(1);
        match landing {
            Landing::Top => self.put_window(window, 0, 0),
            Landing::End => {
                let last = window.hits.len().saturating_sub(1);
                self.put_window(window, last, bottom);
            }
            Landing::Near(place) | Landing::OnOrTop(place) => {
                let found = window.hits.iter().position(|hit| hit.id == place.id);
                self.put_window(window, found.unwrap_or(middle), place.line);
            }
        }
    }

    /// Replaces the window; the cursor is `line` lines below the top of the screen.
    fn put_window(&mut self, window: Page, cursor: usize, line: usize) {
        let table = &mut self.table;
        table.provisional = window.hits.iter().any(|hit| hit.provisional);
        table.hits = window.hits;
        table.before = window.before;
        table.at_start = window.at_start;
        table.at_end = window.at_end;
        table.cursor = cursor.min(table.hits.len().saturating_sub(1));
        table.top = table.cursor.saturating_sub(line);
        self.keep_cursor_visible();
        self.refresh_document();
    }

    /// Takes rows after or before the window.
    pub(super) fn on_more(&mut self, answer: Answer, out: &mut Out) {
        let page = match answer {
            Answer::Page(page) => page,
            Answer::Failed(reason) => {
                // The window stays as it is; scrolling on asks again.
                self.work.more = None;
                self.warn(reason, out);
                return;
            }
            _ => return,
        };
        match &mut self.work.more {
            Some(MoreAsked::After { kept }) => {
                let kept = *kept;
                if self.table.cursor >= kept && self.table.cursor >= kept + page.hits.len() {
                    return;
                }
                self.table.hits.truncate(kept);
                self.table.at_end = page.at_end;
                self.table.hits.extend(page.hits);
                self.trim_front();
            }
            Some(MoreAsked::Before { put }) => {
                let had = std::mem::replace(put, page.hits.len());
                let table = &mut self.table;
                let came = page.hits.len();
                table.hits.splice(..had.min(table.hits.len()), page.hits);
                table.cursor = (table.cursor + came).saturating_sub(had);
                table.top = (table.top + came).saturating_sub(had);
                table.at_start = page.at_start;
                let counted =
                    table.before.map(|before| (before + had as u64).saturating_sub(came as u64));
                table.before = page.before.or(counted);
                if page.at_start {
                    table.before = Some(0);
                }
                self.trim_back();
            }
            None => return,
        }
        if !self.is_running(Slot::More) {
            self.work.more = None;
            self.prefetch(out);
        }
    }

    /// Lets go of rows far before the screen.
    fn trim_front(&mut self) {
        let table = &mut self.table;
        let spare = table.hits.len().saturating_sub(HELD).min(table.top.saturating_sub(HELD / 4));
        if spare == 0 {
            return;
        }
        table.hits.drain(..spare);
        table.cursor -= spare;
        table.top -= spare;
        table.before = table.before.map(|before| before + spare as u64);
        table.at_start = false;
        if let Some(MoreAsked::After { kept }) = &mut self.work.more {
            *kept -= spare;
        }
    }

    /// Lets go of rows far behind the screen.
    fn trim_back(&mut self) {
        let table = &mut self.table;
        let keep = HELD.max(table.cursor + HELD / 4);
        if table.hits.len() > keep {
            table.hits.truncate(keep);
            table.at_end = false;
        }
    }

    /// Asks for more rows when the screen comes near an end of the window.
    pub(super) fn prefetch(&mut self, out: &mut Out) {
        if self.is_running(Slot::More) || self.is_running(Slot::Rows) || self.table.hits.is_empty()
        {
            return;
        }
        let Some(search) = self.work.search.clone() else { return };
        let margin = usize::from(self.geometry.table_rows).max(20);
        let table = &self.table;
        let last_needed = table.cursor.max(table.top + margin) + margin;
        if !table.at_end && last_needed >= table.hits.len() {
            let anchor = table.hits.last().map(|hit| hit.cursor.clone());
            self.work.more = Some(MoreAsked::After { kept: table.hits.len() });
            let part = self.page(anchor, false, Direction::After);
            self.ask(Slot::More, search, vec![part], out);
        } else if !table.at_start && table.top < margin {
            let anchor = table.hits.first().map(|hit| hit.cursor.clone());
            self.work.more = Some(MoreAsked::Before { put: 0 });
            let part = self.page(anchor, false, Direction::Before);
            self.ask(Slot::More, search, vec![part], out);
        }
    }

    /// Notes that a live table was left upwards, or reached its end again.
    pub(super) fn pause_follow(&mut self) {
        if self.table.follow == Follow::Live {
            let since = self.total.map_or(0, |total| total.hits);
            self.table.follow = Follow::Paused { since };
        }
    }
}

/// Both pages as one window, and the index at which the second begins.
fn join(before: Option<&Page>, after: Option<&Page>) -> (Page, usize) {
    let mut hits: Vec<Hit> = before.map(|page| page.hits.clone()).unwrap_or_default();
    let middle = hits.len();
    hits.extend(after.into_iter().flat_map(|page| page.hits.iter().cloned()));
    let at_start = before.or(after).is_none_or(|page| page.at_start);
    let at_end = after.or(before).is_none_or(|page| page.at_end);
    let counted = match (before, after) {
        (Some(before), after) => {
            before.before.or_else(|| after.and_then(|page| page.before)?.checked_sub(middle as u64))
        }
        (None, Some(after)) => after.before,
        (None, None) => Some(0),
    };
    let before = if at_start { Some(0) } else { counted };
    (Page { hits, before, at_start, at_end }, middle)
}
