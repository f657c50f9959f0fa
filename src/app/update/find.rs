//! Find: the next hit whose text matches, wherever in the answer it is.

use super::Out;
use super::pill::contains;
use crate::app::state::{App, Find, Layer, Pane, Slot};
use crate::app::work::{Landing, Place};
use crate::query::{Answer, Cursor, Direction, Hit, Part};

impl App {
    /// Opens the find box.
    pub(super) fn open_find(&mut self, forward: bool) {
        self.find.direction = if forward { Direction::After } else { Direction::Before };
        let typed = self.find.pattern.as_ref().map(|pattern| pattern.as_str().to_owned());
        self.find.prompt.set("");
        self.find.error = None;
        self.find.recalled = typed;
        self.focus.open(Layer::Find);
    }

    /// Takes what is typed as the pattern and goes to its first match; nothing typed repeats the
    /// last pattern, as in less.
    pub(super) fn submit_find(&mut self, out: &mut Out) {
        let typed = self.find.prompt.text().to_owned();
        if typed.is_empty() {
            self.focus.close(Layer::Find);
            self.find_again(true, out);
            return;
        }
        match Find::compile(&typed) {
            Ok(pattern) => {
                self.find.pattern = Some(pattern);
                self.find.error = None;
                self.focus.close(Layer::Find);
                self.find_again(true, out);
            }
            Err(reason) => self.find.error = Some(reason),
        }
    }

    /// The next match, or the one before, as seen from the direction of the find.
    pub(super) fn find_again(&mut self, same_way: bool, out: &mut Out) {
        if self.find.pattern.is_none() {
            self.tell("Nothing to find yet; / begins.", out);
            return;
        }
        let direction = match (self.find.direction, same_way) {
            (direction, true) => direction,
            (Direction::After, false) => Direction::Before,
            (Direction::Before, false) => Direction::After,
        };
        self.find.wrapped = false;
        let from = self.table.current().map(|hit| hit.cursor.clone());
        self.ask_find(from, direction, out);
    }

    fn ask_find(&mut self, from: Option<Cursor>, direction: Direction, out: &mut Out) {
        let (Some(pattern), Some(search)) = (&self.find.pattern, self.work.search.clone()) else {
            return;
        };
        let pattern = Find::wire(pattern);
        self.find.searching = true;
        self.work.find_direction = Some(direction);
        self.ask(Slot::Find, search, vec![Part::Find { pattern, from, direction }], out);
    }

    /// Takes the match, or begins again at the other end.
    pub(super) fn on_found(&mut self, answer: Answer, complete: bool, out: &mut Out) {
        match answer {
            Answer::Found(Some(hit)) => {
                self.find.searching = false;
                self.cancel(Slot::Find, out);
                if self.find.wrapped {
                    self.tell("The search began again at the other end.", out);
                }
                self.go_to_hit(&hit, out);
            }
            Answer::Found(None) if complete => {
                let direction = self.work.find_direction.unwrap_or(Direction::After);
                if self.find.wrapped {
                    self.find.searching = false;
                    self.tell("Pattern not found.", out);
                } else {
                    self.find.wrapped = true;
                    self.ask_find(None, direction, out);
                }
            }
            Answer::Failed(reason) => {
                self.find.searching = false;
                self.warn(reason, out);
            }
            _ => {}
        }
    }

    /// Puts the cursor on a hit, in the window or wherever it is.
    pub(super) fn go_to_hit(&mut self, hit: &Hit, out: &mut Out) {
        self.focus.pane = Pane::Table;
        if let Some(at) = self.table.index_of(&hit.id) {
            self.go_to_row(at, out);
            return;
        }
        self.pause_follow();
        let line = usize::from(self.geometry.table_rows) / 3;
        let place = Place { id: hit.id.clone(), cursor: hit.cursor.clone(), line };
        self.ask_rows(Landing::Near(place), out);
    }

    /// Makes a pill "record contains" of what is typed in the find box.
    pub(super) fn find_as_filter(&mut self, out: &mut Out) {
        let typed = self.find.prompt.text().trim().to_owned();
        let last = self.find.pattern.as_ref().map(|pattern| pattern.as_str().to_owned());
        let text = if typed.is_empty() { last.unwrap_or_default() } else { typed };
        if !text.is_empty() {
            self.focus.close(Layer::Find);
            self.put_filter(contains(&text), false, out);
        }
    }
}
