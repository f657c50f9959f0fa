//! A page of rows of all sources: each is read from the place on, and what comes is woven together.
//!
//! Rows of one source that the page has no room for are kept for the next one.

use futures_util::future::join_all;

use super::cursor::Spot;
use super::fetch::{State, Strip};
use super::order::{Lane, Woven, weave};
use super::round::{self, Answers, Ask, Given};
use super::work::Work;
use crate::query::{Answer, Direction, Hit, Page, PageRequest, Warning};

/// How often a source is asked on for one page, when what came stood on the other side of its place.
const TRIES: usize = 20;

/// What was asked, and where.
struct Wanted<'a> {
    request: &'a PageRequest,
    spot: Option<Spot>,
}

impl Work {
    pub(super) async fn page(&self, request: &PageRequest) {
        let spot = request.anchor.as_ref().and_then(Spot::of);
        let wanted = Wanted { request, spot };
        let members = self.members().iter();
        let found = members.map(|member| self.strip(member, wanted.spot.as_ref(), request));
        let (mut strips, mut asks) = (Vec::new(), Vec::new());
        for found in join_all(found).await {
            match found {
                Ok(strip) => {
                    asks.push(strip.ask());
                    strips.push(Some(strip));
                }
                Err(wrong) => {
                    asks.push(Ask::Refused(wrong));
                    strips.push(None);
                }
            }
        }
        let mut so_far = |answers: &Answers| {
            self.take_all(&mut strips, &wanted, answers);
            let (warnings, _) = round::judge(self.members(), answers);
            let page = self.assembled(&strips, &wanted, false);
            if !page.hits.is_empty() {
                self.tell_so_far(Answer::Page(page), warnings);
            }
        };
        let mut answers =
            round::ask(self.members(), asks, self.id, &self.cancel, &mut so_far).await;
        self.take_all(&mut strips, &wanted, &answers);
        for (place, strip) in answers.iter_mut().zip(&strips) {
            if place.is_none() && strip.as_ref().is_some_and(|it| it.state == State::Done) {
                // What was kept is an answer too.
                *place = Some(Given::of(Answer::Page(Page::default())));
            }
        }
        let (mut warnings, nothing) = round::judge(self.members(), &answers);
        if let Some(nothing) = nothing {
            return self.tell(nothing, warnings).await;
        }
        for _ in 0..TRIES {
            let Some(dry) = self.woven(&strips, &wanted, true).dry else { break };
            let (Some(member), Some(Some(strip))) = (self.members().get(dry), strips.get_mut(dry))
            else {
                break;
            };
            self.extend(member, strip, wanted.spot.as_ref(), request).await;
            if strip.state == State::Failed {
                let message = format!("{}: its further rows cannot be read now", member.name);
                warnings.push(Warning::partial(message));
            }
        }
        self.tell(Answer::Page(self.assembled(&strips, &wanted, true)), warnings).await;
    }

    fn take_all(&self, strips: &mut [Option<Strip>], wanted: &Wanted<'_>, answers: &Answers) {
        for ((member, strip), given) in self.members().iter().zip(strips).zip(answers) {
            let (Some(strip), Some(given)) = (strip, given) else { continue };
            if strip.state != State::Done {
                self.take(member, strip, wanted.spot.as_ref(), given);
            }
        }
    }

    fn woven(&self, strips: &[Option<Strip>], wanted: &Wanted<'_>, is_final: bool) -> Woven {
        let nothing = || Lane { keys: Vec::new(), is_all: true };
        let lanes: Vec<Lane> = strips
            .iter()
            .map(|strip| strip.as_ref().map_or_else(nothing, |strip| strip.lane(is_final)))
            .collect();
        let PageRequest { direction, count, .. } = wanted.request;
        weave(&lanes, self.search.sort.order, *direction, *count)
    }

    /// The page that the rows of all make.
    fn assembled(&self, strips: &[Option<Strip>], wanted: &Wanted<'_>, is_final: bool) -> Page {
        let woven = self.woven(strips, wanted, is_final);
        let direction = wanted.request.direction;
        let length = |strip: &Option<Strip>| strip.as_ref().map_or(0, |strip| strip.hits.len());
        let mut used = vec![0; strips.len()];
        for (lane, _) in &woven.rows {
            used[*lane] += 1;
        }
        let is_all = |(strip, used): (&Option<Strip>, &usize)| {
            let Some(strip) = strip else { return true };
            strip.is_all && strip.state != State::Waiting && strip.hits.len() == *used
        };
        let at_edge = is_final && strips.iter().zip(&used).all(is_all);
        // How many rows of each source stand before the row at hand.
        let mut passed: Vec<usize> = match direction {
            Direction::After => vec![0; strips.len()],
            Direction::Before => {
                strips.iter().zip(&used).map(|(strip, used)| length(strip) - used).collect()
            }
        };
        let is_open = !is_final
            && strips
                .iter()
                .flatten()
                .any(|it| matches!(it.state, State::Waiting | State::Partial));
        let mut hits = Vec::with_capacity(woven.rows.len());
        for (lane, row) in woven.rows {
            passed[lane] = row + 1;
            let Some(own) = strips[lane].as_ref().and_then(|strip| strip.hits.get(row)) else {
                continue;
            };
            let mut hit = self.members()[lane].named(own);
            hit.provisional |= is_open;
            hit.cursor = self.spot(own, lane, strips, &passed, direction).to_cursor();
            hits.push(hit);
        }
        let (at_start, at_end) = match direction {
            Direction::After => (wanted.spot.is_none(), at_edge),
            Direction::Before => (at_edge, wanted.spot.is_none()),
        };
        Page { hits, before: at_start.then_some(0), at_start, at_end }
    }

    fn spot(
        &self,
        own: &Hit,
        lane: usize,
        strips: &[Option<Strip>],
        passed: &[usize],
        direction: Direction,
    ) -> Spot {
        let neighbour = |(at, strip): (usize, &Option<Strip>)| {
            let is_known = |strip: &&Strip| strip.state == State::Done && at != lane;
            strip.as_ref().filter(is_known)?.neighbour(passed[at], direction)
        };
        Spot {
            source: lane,
            own: own.cursor.clone(),
            time: own.time,
            sort: self.search.sort.clone(),
            neighbours: strips.iter().enumerate().map(neighbour).collect(),
        }
    }
}
