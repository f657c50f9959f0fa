//! The rows of each source around a place: what is kept of them, and what is asked for.

use super::cursor::{Neighbour, Spot};
use super::member::Member;
use super::order::{Lane, RowKey};
use super::round::{Ask, Given};
use super::seek::Anchor;
use super::window::Asked;
use super::work::Work;
use crate::query::{Answer, Cursor, Direction, Hit, Page, PageRequest, Part, Search};

/// How far a source is with its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Asked, and nothing has come.
    Waiting,
    /// Some rows; better ones follow.
    Partial,
    /// All that was asked for.
    Done,
    /// None will come.
    Failed,
}

/// The rows of one source on one side of a place.
pub(super) struct Strip {
    /// How it was asked.
    pub(super) search: Search,
    /// The rows, in the search's order.
    pub(super) hits: Vec<Hit>,
    /// Their keys.
    keys: Vec<RowKey>,
    /// No row lies beyond them.
    pub(super) is_all: bool,
    /// How far it is.
    pub(super) state: State,
    asked: Asked,
    request: Option<PageRequest>,
    kept: Vec<Hit>,
    /// The outermost row that came, wherever it stands.
    edge: Option<Cursor>,
    /// Where the place itself lies in this source.
    place: Option<Neighbour>,
}

impl Strip {
    /// What to ask the source now.
    pub(super) fn ask(&self) -> Ask {
        match &self.request {
            Some(request) => Ask::Part(self.search.clone(), Part::Page(request.clone())),
            None => Ask::Nothing,
        }
    }

    /// Whether the source has more rows than these.
    pub(super) fn lane(&self, is_final: bool) -> Lane {
        Lane { keys: self.keys.clone(), is_all: self.is_all || !is_final }
    }

    /// Where the place of a row lies in this source, when `at` of these rows stand before it.
    pub(super) fn neighbour(&self, at: usize, direction: Direction) -> Option<Neighbour> {
        let after = at.checked_sub(1).and_then(|at| self.hits.get(at));
        let after = after.map(|hit| Neighbour::After(hit.cursor.clone()));
        let before = self.hits.get(at).map(|hit| Neighbour::Before(hit.cursor.clone()));
        match direction {
            Direction::After => {
                let place = self.place.clone().filter(|it| matches!(it, Neighbour::After(_)));
                after.or(place).or(before).or_else(|| self.place.clone())
            }
            Direction::Before => after.or(before).or_else(|| self.place.clone()),
        }
    }
}

impl Work {
    /// Finds where the rows of a source begin: what is kept of them, and what is to be asked for.
    pub(super) async fn strip(
        &self,
        member: &Member,
        spot: Option<&Spot>,
        wanted: &PageRequest,
    ) -> Result<Strip, crate::diagnostic::Diagnostic> {
        let search = member.search(&self.search, &self.time)?;
        let fields = member.fields(&wanted.fields, &self.time);
        let asked = member.asked(&search, &fields);
        let direction = wanted.direction;
        let place = self.locate(member, &search, spot, direction).await;
        let mut anchor = Anchor::beside(place.as_ref(), direction);
        if spot.is_some_and(|spot| spot.source == member.number) {
            anchor.inclusive = wanted.inclusive;
        }
        let mut strip = Strip {
            search,
            hits: Vec::new(),
            keys: Vec::new(),
            is_all: false,
            state: State::Waiting,
            asked,
            request: None,
            kept: Vec::new(),
            edge: None,
            place,
        };
        // Who lands on a row anew, rather than scrolling on, wants what there is now.
        if let Some(row) = anchor.cursor.as_ref().filter(|_| !wanted.inclusive) {
            let (inclusive, count) = (anchor.inclusive, wanted.count);
            let kept = member.window().beside(&strip.asked, row, inclusive, direction, count);
            if let Some(kept) = kept {
                if let Some(edge) = outermost(&kept.hits, direction) {
                    anchor = Anchor { cursor: Some(edge), inclusive: false };
                }
                strip.is_all = kept.is_all;
                let is_enough = kept.is_all || kept.hits.len() >= wanted.count;
                strip.kept = kept.hits;
                if is_enough {
                    strip.state = State::Done;
                    self.put(member, &mut strip, spot, direction, Vec::new());
                    return Ok(strip);
                }
            }
        }
        let Anchor { cursor, inclusive } = anchor;
        let count = wanted.count;
        strip.request = Some(PageRequest { anchor: cursor, inclusive, direction, count, fields });
        Ok(strip)
    }

    /// Takes what a source has answered.
    pub(super) fn take(
        &self,
        member: &Member,
        strip: &mut Strip,
        spot: Option<&Spot>,
        given: &Given,
    ) {
        let Some(request) = strip.request.clone() else { return };
        let Answer::Page(page) = &given.answer else {
            strip.state = State::Failed;
            strip.is_all = true;
            return;
        };
        if given.complete {
            member.window().absorb(&strip.asked, &request, page);
        }
        strip.state = if given.complete { State::Done } else { State::Partial };
        strip.is_all = is_edge(page, request.direction);
        self.put(member, strip, spot, request.direction, page.hits.clone());
    }

    /// Asks for further rows where those that came were too few.
    pub(super) async fn extend(
        &self,
        member: &Member,
        strip: &mut Strip,
        spot: Option<&Spot>,
        wanted: &PageRequest,
    ) {
        let Some(last) = strip.edge.clone() else {
            strip.is_all = true;
            return;
        };
        let kept = std::mem::take(&mut strip.hits);
        strip.kept = kept;
        let fields = member.fields(&wanted.fields, &self.time);
        let request =
            PageRequest { anchor: Some(last), inclusive: false, fields, ..wanted.clone() };
        strip.request = Some(request.clone());
        let given = self.one(member, strip.search.clone(), Part::Page(request)).await;
        self.take(member, strip, spot, &given);
    }

    /// Joins kept and new rows, and leaves out those that stand on the other side of the place:
    /// records that came since its neighbours were found.
    fn put(
        &self,
        member: &Member,
        strip: &mut Strip,
        spot: Option<&Spot>,
        direction: Direction,
        new: Vec<Hit>,
    ) {
        let kept = strip.kept.clone();
        let mut hits = match direction {
            Direction::After => [kept, new].concat(),
            Direction::Before => [new, kept].concat(),
        };
        strip.edge = outermost(&hits, direction);
        let key = |hit: &Hit| self.key(member, &strip.search, hit);
        let mut keys: Vec<RowKey> = hits.iter().map(key).collect();
        if let Some(spot) = spot.filter(|spot| spot.source != member.number)
            && let Some(place) = self.place_key(spot)
        {
            let order = self.search.sort.order;
            match direction {
                Direction::After => {
                    let wrong = keys.iter().take_while(|key| key.compare(&place, order).is_lt());
                    let wrong = wrong.count();
                    hits.drain(..wrong);
                    keys.drain(..wrong);
                }
                Direction::Before => {
                    let wrong =
                        keys.iter().rev().take_while(|key| key.compare(&place, order).is_gt());
                    let left = keys.len() - wrong.count();
                    hits.truncate(left);
                    keys.truncate(left);
                }
            }
        }
        (strip.hits, strip.keys) = (hits, keys);
    }

    /// The key of a place; `None` if its source is not among these.
    pub(super) fn place_key(&self, spot: &Spot) -> Option<RowKey> {
        let owner = self.members().get(spot.source)?;
        let search = owner.search(&self.search, &self.time).ok()?;
        let value = self.value(owner, &search, &spot.own);
        Some(RowKey { value, ..spot.time_key() })
    }
}

/// The row from which reading goes on.
fn outermost(hits: &[Hit], direction: Direction) -> Option<Cursor> {
    let hit = match direction {
        Direction::After => hits.last(),
        Direction::Before => hits.first(),
    };
    hit.map(|hit| hit.cursor.clone())
}

fn is_edge(page: &Page, direction: Direction) -> bool {
    match direction {
        Direction::After => page.at_end,
        Direction::Before => page.at_start,
    }
}
