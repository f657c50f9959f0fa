//! Asking: the question in force becomes requests, one for each part of the screen.

use std::sync::Arc;

use super::Out;
use crate::app::effect::Effect;
use crate::app::message::Timer;
use crate::app::state::{App, Asked, Follow, NothingFound, Running, Slot};
use crate::app::work::{Asking, Landing, Place, RowsAsked};
use crate::diagnostic::Diagnostic;
use crate::query::{
    Direction, HistogramRequest, Interval, PageRequest, Part, Question, RequestId, Search,
    SearchRequest, Unlowered,
};

/// Work is said to be running after so many milliseconds.
const WORKING_AFTER: u32 = 100;

impl App {
    /// Asks for the first time, once the screen has a size.
    pub(super) fn start(&mut self, out: &mut Out) {
        self.work.started = true;
        if !self.status.time_candidates.is_empty() {
            self.open_time_fields(out);
        }
        let following = self.table.follow == Follow::Live;
        let landing = if following { Landing::End } else { Landing::Top };
        if let Err(finding) = self.search(self.asked.clone(), landing, out) {
            self.query.prompt.set(&self.asked.question.text.clone());
            self.query.error = Some(finding);
        }
    }

    /// Puts a question in force and asks for everything on the screen.
    ///
    /// # Errors
    /// What is wrong with the question; then everything stays as it was.
    pub(super) fn search(
        &mut self,
        asked: Asked,
        landing: Landing,
        out: &mut Out,
    ) -> Result<(), Diagnostic> {
        let clause = asked.question.lower(&self.status.view, &self.query_config)?;
        if let Some(refused) = asked.question.advice(&self.status.view, &self.query_config) {
            return Err(refused);
        }
        let range = asked.span.resolve(&self.anchors())?;
        self.table.sort.field = self.sort_field();
        let sort = self.table.sort.clone();
        let unlowered = Some(Arc::new(self.unlowered(&asked.question)));
        let clause = Arc::new(clause);
        self.work.search = Some(Search { clause, unlowered, range, sort, zone: self.zone });
        self.range = range;
        if self.asked.question.text != asked.question.text || !self.focus.is_typing() {
            self.query.prompt.set(&asked.question.text);
        }
        self.query.language = asked.question.language;
        self.asked = asked;
        self.query.error = None;
        let last_pill = self.asked.question.filters.len().saturating_sub(1);
        self.pill = self.pill.min(last_pill);
        self.nothing = NothingFound::default();
        self.warnings.clear();
        self.work.warned.clear();
        self.work.latest.clear();
        self.histogram.anchor = None;
        for slot in [Slot::HintFilters, Slot::HintRange, Slot::HintBefore] {
            self.cancel(slot, out);
        }
        self.ask_rows(landing, out);
        self.ask_totals(out);
        self.ask_facets(true, out);
        Ok(())
    }

    /// A question with how it is read here.
    pub(super) fn unlowered(&self, question: &Question) -> Unlowered {
        Unlowered { question: question.clone(), config: self.query_config.clone() }
    }

    /// Asks the question in force again; the cursor stays on its record.
    pub(super) fn search_again(&mut self, out: &mut Out) {
        let landing = self.landing_here();
        // The question was in force already, so only a time text can fail now; it is told.
        if let Err(finding) = self.search(self.asked.clone(), landing, out) {
            self.warn(finding.to_string(), out);
        }
    }

    /// The field that rows are sorted by; the view's time field unless a column was chosen.
    fn sort_field(&self) -> String {
        let sort = &self.table.sort.field;
        if sort.is_empty() { self.time_field().to_owned() } else { sort.clone() }
    }

    /// Where to be after the same answer, or nearly the same, has come anew.
    pub(super) fn landing_here(&self) -> Landing {
        if self.table.follow == Follow::Live {
            return Landing::End;
        }
        match self.place() {
            Some(place) if self.table.cursor > 0 || !self.table.at_start => Landing::Near(place),
            _ => Landing::Top,
        }
    }

    /// The record under the cursor and its line on the screen.
    pub(super) fn place(&self) -> Option<Place> {
        let hit = self.table.current()?;
        let line = self.table.cursor.saturating_sub(self.table.top);
        Some(Place { id: hit.id.clone(), cursor: hit.cursor.clone(), line })
    }

    /// Asks for the rows that the table is to show.
    pub(super) fn ask_rows(&mut self, landing: Landing, out: &mut Out) {
        let Some(search) = self.work.search.clone() else { return };
        self.cancel(Slot::More, out);
        self.work.more = None;
        let parts = match &landing {
            Landing::Top => vec![self.page(None, true, Direction::After)],
            Landing::End => vec![self.page(None, true, Direction::Before)],
            Landing::Near(place) | Landing::OnOrTop(place) => {
                let anchor = Some(place.cursor.clone());
                vec![
                    self.page(anchor.clone(), true, Direction::After),
                    self.page(anchor, false, Direction::Before),
                ]
            }
        };
        let asked = RowsAsked { landing, after: None, before: None, shown: false };
        self.work.rows = Some(asked);
        self.table.error = None;
        self.ask(Slot::Rows, search, parts, out);
    }

    /// A page of rows with the fields that are shown.
    pub(super) fn page(
        &self,
        anchor: Option<crate::query::Cursor>,
        inclusive: bool,
        direction: Direction,
    ) -> Part {
        let mut fields = self.table.columns.clone();
        if !fields.is_empty() {
            fields.insert(0, self.time_field().to_owned());
        }
        let count = self.page_size();
        Part::Page(PageRequest { anchor, inclusive, direction, count, fields })
    }

    /// How many rows are asked for at a time: some screens.
    pub(super) fn page_size(&self) -> usize {
        (usize::from(self.geometry.table_rows) * 3).clamp(60, 600)
    }

    /// Asks for total and histogram.
    pub(super) fn ask_totals(&mut self, out: &mut Out) {
        let Some(search) = self.work.search.clone() else { return };
        self.choose_breakdown_field();
        let columns = self.geometry.histogram_columns;
        let buckets = if columns == 0 { 60 } else { columns.clamp(10, 400) };
        let interval = self.histogram.interval.unwrap_or(Interval::Auto { buckets });
        let histogram = HistogramRequest { interval, by: self.histogram.by.clone() };
        self.total_complete = false;
        self.histogram.complete = false;
        self.work.resized = false;
        self.progress.asked_generation = self.status.generation;
        let mut parts = vec![Part::Total];
        if self.has_time() {
            parts.push(Part::Histogram(histogram));
        }
        self.ask(Slot::Totals, search, parts, out);
    }

    /// Sends a request in a slot; what ran there is stopped.
    pub(super) fn ask(&mut self, slot: Slot, search: Search, parts: Vec<Part>, out: &mut Out) {
        self.work.last_id = RequestId(self.work.last_id.0 + 1);
        let id = self.work.last_id;
        let done = vec![false; parts.len()];
        let generation = self.status.generation;
        let running = Running { id, since: self.now, open: parts.len(), done, generation };
        self.progress.running.insert(slot, running);
        self.work.latest.insert(slot, Asking { id, took: None });
        out.push(Effect::Ask(slot, SearchRequest { id, search, parts }));
        if !self.progress.shown {
            out.push(Effect::SetTimer(Timer::Working, WORKING_AFTER));
        }
    }

    /// Stops what runs in a slot.
    pub(super) fn cancel(&mut self, slot: Slot, out: &mut Out) {
        if self.progress.running.remove(&slot).is_some() {
            out.push(Effect::Cancel(slot));
        }
    }

    /// Whether something runs in a slot.
    pub(super) fn is_running(&self, slot: Slot) -> bool {
        self.progress.running.contains_key(&slot)
    }

    /// Stops everything; whether anything ran.
    pub(super) fn cancel_all(&mut self, out: &mut Out) -> bool {
        let slots: Vec<Slot> = self.progress.running.keys().copied().collect();
        for slot in &slots {
            self.cancel(*slot, out);
        }
        self.find.searching = false;
        self.nothing.pending = false;
        self.progress.shown = false;
        !slots.is_empty()
    }

    /// Shows that work is running, and counts its seconds.
    pub(super) fn on_working(&mut self, out: &mut Out) {
        self.progress.shown = self.progress.is_busy();
        if self.progress.shown {
            out.push(Effect::SetTimer(Timer::Working, 1_000));
        }
    }
}
