//! What concerns one place: a document, the records around it, the next match.

use super::cursor::{Neighbour, Spot};
use super::member::Member;
use super::order::RowKey;
use super::round::{self, Answers, Ask, Given};
use super::work::Work;
use crate::query::{Answer, Cursor, Direction, Hit, PageRequest, Part, Search};

impl Work {
    /// Asks the source that a row is of.
    async fn of_owner(
        &self,
        cursor: &Cursor,
        part: impl Fn(Cursor) -> Part,
    ) -> Option<(&Member, Given)> {
        let spot = Spot::of(cursor)?;
        let member = self.members().get(spot.source)?;
        let given = match member.search(&self.search, &self.time) {
            Ok(search) => self.one(member, search, part(spot.own)).await,
            Err(wrong) => Given::of(Answer::Refused(wrong)),
        };
        Some((member, given))
    }

    pub(super) async fn document(&self, cursor: &Cursor) {
        let Some((member, given)) = self.of_owner(cursor, Part::Document).await else {
            return self.tell(Answer::Document(None), Vec::new()).await;
        };
        let answer = match given.answer {
            Answer::Document(Some(hit)) => {
                let mut hit = member.named(&hit);
                hit.cursor = cursor.clone();
                Answer::Document(Some(hit))
            }
            other => other,
        };
        self.tell(answer, given.warnings).await;
    }

    pub(super) async fn surrounding(&self, of: &Cursor, before: usize, after: usize) {
        let part = |of| Part::Surrounding { of, before, after };
        let Some((member, given)) = self.of_owner(of, part).await else {
            let gone = Answer::Failed("the record is of none of these sources".to_owned());
            return self.tell(gone, Vec::new()).await;
        };
        let answer = match given.answer {
            Answer::Surrounding { mut page, at } => {
                for hit in &mut page.hits {
                    *hit = self.alone(member, hit);
                }
                Answer::Surrounding { page, at }
            }
            other => other,
        };
        self.tell(answer, given.warnings).await;
    }

    pub(super) async fn find(&self, pattern: &str, from: Option<&Cursor>, direction: Direction) {
        let spot = from.and_then(Spot::of);
        let place = spot.as_ref().and_then(|spot| self.place_key(spot));
        let mut asks = Vec::new();
        let mut searches: Vec<Option<Search>> = Vec::new();
        for member in self.members() {
            match member.search(&self.search, &self.time) {
                Ok(search) => {
                    let from = self.edge_of(member, &search, spot.as_ref(), direction).await;
                    let pattern = pattern.to_owned();
                    let part = Part::Find { pattern, from, direction };
                    asks.push(Ask::Part(search.clone(), part));
                    searches.push(Some(search));
                }
                Err(wrong) => {
                    asks.push(Ask::Refused(wrong));
                    searches.push(None);
                }
            }
        }
        let answers = round::ask(self.members(), asks, self.id, &self.cancel, &mut |_| {}).await;
        let (warnings, nothing) = round::judge(self.members(), &answers);
        let found = || Answer::Found(self.nearest(&answers, &searches, place.as_ref(), direction));
        self.tell(nothing.unwrap_or_else(found), warnings).await;
    }

    /// The nearest of the hits that sources found, on the wanted side of a place.
    fn nearest(
        &self,
        answers: &Answers,
        searches: &[Option<Search>],
        place: Option<&RowKey>,
        direction: Direction,
    ) -> Option<Hit> {
        let order = self.search.sort.order;
        let is_before = |a: &RowKey, b: &RowKey| match direction {
            Direction::After => a.compare(b, order).is_lt(),
            Direction::Before => a.compare(b, order).is_gt(),
        };
        let mut best: Option<(RowKey, Hit)> = None;
        for ((member, given), search) in self.members().iter().zip(answers).zip(searches) {
            let (Some(given), Some(search)) = (given, search) else { continue };
            let Answer::Found(Some(hit)) = &given.answer else { continue };
            let key = self.key(member, search, hit);
            let is_behind = place
                .filter(|place| place.source != member.number)
                .is_some_and(|place| is_before(&key, place));
            if !is_behind && best.as_ref().is_none_or(|(known, _)| is_before(&key, known)) {
                best = Some((key, self.alone(member, hit)));
            }
        }
        best.map(|(_, hit)| hit)
    }

    /// The row of a source behind which (in a direction) a place lies; `None` if none does.
    async fn edge_of(
        &self,
        member: &Member,
        search: &Search,
        spot: Option<&Spot>,
        direction: Direction,
    ) -> Option<Cursor> {
        let is_own = spot.is_some_and(|spot| spot.source == member.number);
        let (row, back) = match (self.locate(member, search, spot, direction).await?, direction) {
            (Neighbour::After(row), Direction::After)
            | (Neighbour::Before(row), Direction::Before) => return Some(row),
            (Neighbour::Before(row) | Neighbour::After(row), _) if is_own => return Some(row),
            (Neighbour::Before(row), Direction::After) => (row, Direction::Before),
            (Neighbour::After(row), Direction::Before) => (row, Direction::After),
        };
        let page = PageRequest {
            anchor: Some(row),
            inclusive: false,
            direction: back,
            count: 1,
            fields: vec![member.time_field()],
        };
        match self.one(member, search.clone(), Part::Page(page)).await.answer {
            Answer::Page(page) => page.hits.first().map(|hit| hit.cursor.clone()),
            _ => None,
        }
    }

    /// A hit of one source whose place among the others is not known.
    fn alone(&self, member: &Member, hit: &Hit) -> Hit {
        let spot = Spot {
            source: member.number,
            own: hit.cursor.clone(),
            time: hit.time,
            sort: self.search.sort.clone(),
            neighbours: Vec::new(),
        };
        let mut hit = member.named(hit);
        hit.cursor = spot.to_cursor();
        hit
    }
}
