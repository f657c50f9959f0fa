//! Rows of one source that were fetched and may not be shown yet: a stretch of its answer without
//! gaps, so that scrolling over several sources asks none of them twice for the same rows.

use crate::query::{Cursor, Direction, Hit, Page, PageRequest, Search};

/// Most rows that are kept of a source.
const MOST: usize = 3_000;

/// What the rows are an answer to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    /// The search, as this source was asked.
    pub(super) search: Search,
    /// The fields of each row.
    pub(super) fields: Vec<String>,
    /// The state of the source.
    pub(super) generation: u64,
}

/// A stretch of rows in the search's order.
#[derive(Debug, Default)]
pub(super) struct Window {
    asked: Option<Asked>,
    hits: Vec<Hit>,
    at_start: bool,
    at_end: bool,
}

/// Rows on one side of a place.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Kept {
    /// The rows, in the search's order.
    pub(super) hits: Vec<Hit>,
    /// No row lies beyond them.
    pub(super) is_all: bool,
}

impl Window {
    /// What is kept on one side of a row, at most `count` rows; `None` if the row is not kept.
    pub(super) fn beside(
        &self,
        asked: &Asked,
        cursor: &Cursor,
        inclusive: bool,
        direction: Direction,
        count: usize,
    ) -> Option<Kept> {
        if self.asked.as_ref() != Some(asked) {
            return None;
        }
        let at = self.hits.iter().position(|hit| hit.cursor == *cursor)?;
        let (found, is_edge) = match direction {
            Direction::After => (&self.hits[at + usize::from(!inclusive)..], self.at_end),
            Direction::Before => (&self.hits[..at + usize::from(inclusive)], self.at_start),
        };
        let chosen = match direction {
            Direction::After => &found[..found.len().min(count)],
            Direction::Before => &found[found.len().saturating_sub(count)..],
        };
        let is_all = is_edge && chosen.len() == found.len();
        Some(Kept { hits: chosen.to_vec(), is_all })
    }

    /// Takes in a page that was asked for.
    pub(super) fn absorb(&mut self, asked: &Asked, request: &PageRequest, page: &Page) {
        let anchor = request.anchor.as_ref();
        let is_same = self.asked.as_ref() == Some(asked);
        let place = anchor.filter(|_| is_same && !request.inclusive);
        let place = place.and_then(|anchor| self.hits.iter().position(|it| it.cursor == *anchor));
        match (place, request.direction) {
            (Some(at), Direction::After) => {
                self.hits.truncate(at + 1);
                self.hits.extend(page.hits.iter().cloned());
                self.at_end = page.at_end;
                let spare = self.hits.len().saturating_sub(MOST);
                self.hits.drain(..spare);
                self.at_start &= spare == 0;
            }
            (Some(at), Direction::Before) => {
                self.hits.splice(..at, page.hits.iter().cloned());
                self.at_start = page.at_start;
                self.at_end &= self.hits.len() <= MOST;
                self.hits.truncate(MOST);
            }
            (None, direction) => {
                let is_whole = anchor.is_none();
                self.asked = Some(asked.clone());
                self.hits.clone_from(&page.hits);
                self.at_start = match direction {
                    Direction::After => is_whole,
                    Direction::Before => page.at_start,
                };
                self.at_end = match direction {
                    Direction::After => page.at_end,
                    Direction::Before => is_whole,
                };
            }
        }
    }
}
