//! One part of a request to all: which sources are asked, and what is told of their answers.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Desk;
use super::member::Member;
use super::order::RowKey;
use super::round::{self, Answers, Ask, Given};
use crate::query::aggregate::Key;
use crate::query::{Answer, Hit, Part, RequestId, Search, SearchRequest, Update, Warning};
use crate::source::Replies;

/// A part that is being answered.
pub(super) struct Work {
    pub(super) desk: Arc<Desk>,
    pub(super) id: RequestId,
    pub(super) part: usize,
    /// The search as it was put to all.
    pub(super) search: Search,
    /// The time field of all.
    pub(super) time: String,
    pub(super) replies: Replies,
    pub(super) cancel: CancellationToken,
}

impl Work {
    /// Answers a part.
    pub(super) async fn answer(&self, part: &Part) {
        match part {
            Part::Page(request) => self.page(request).await,
            Part::Total => self.total().await,
            Part::Histogram(request) => self.histogram(request).await,
            Part::Facet(request) => self.facet(request).await,
            Part::Suggest { field, text, size } => self.suggest(field, text, *size).await,
            Part::Document(cursor) => self.document(cursor).await,
            Part::Surrounding { of, before, after } => {
                self.surrounding(of, *before, *after).await;
            }
            Part::Find { pattern, from, direction } => {
                self.find(pattern, from.as_ref(), *direction).await;
            }
        }
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.desk.members
    }

    /// A part put to every source.
    pub(super) fn everywhere(&self, part: &Part) -> Vec<Ask> {
        self.members().iter().map(|member| self.ask_of(member, part.clone())).collect()
    }

    /// A part put to one source, in its own words.
    pub(super) fn ask_of(&self, member: &Member, part: Part) -> Ask {
        match member.search(&self.search, &self.time) {
            Ok(search) => Ask::Part(search, part),
            Err(wrong) => Ask::Refused(wrong),
        }
    }

    /// Asks in one round, and answers with what `combine` makes of the answers: partly while some
    /// are missing, then completely.
    pub(super) async fn round(
        &self,
        asks: Vec<Ask>,
        combine: &(dyn Fn(&Answers) -> Answer + Sync),
    ) {
        let mut so_far = |answers: &Answers| {
            if let (warnings, None) = round::judge(self.members(), answers) {
                self.tell_so_far(combine(answers), warnings);
            }
        };
        let answers = round::ask(self.members(), asks, self.id, &self.cancel, &mut so_far).await;
        let (warnings, nothing) = round::judge(self.members(), &answers);
        self.tell(nothing.unwrap_or_else(|| combine(&answers)), warnings).await;
    }

    /// The final answer of one source to one part.
    pub(super) async fn one(&self, member: &Member, search: Search, part: Part) -> Given {
        let stop = self.cancel.child_token();
        let _stopped_at_the_end = stop.clone().drop_guard();
        let (replies, mut updates) = mpsc::channel(4);
        let request = SearchRequest { id: self.id, search, parts: vec![part] };
        member.source.ask(request, replies, stop);
        while let Some(Update { answer, complete, warnings, .. }) = updates.recv().await {
            if complete {
                return Given { answer, complete, warnings };
            }
        }
        Given::of(Answer::Failed("it stopped answering".to_owned()))
    }

    /// Tells the final answer.
    pub(super) async fn tell(&self, answer: Answer, warnings: Vec<Warning>) {
        // Nobody may be waiting any more.
        let _ = self.replies.send(self.update(answer, warnings, true)).await;
    }

    /// Tells what there is, unless the receiver is behind: better follows.
    pub(super) fn tell_so_far(&self, answer: Answer, warnings: Vec<Warning>) {
        let _ = self.replies.try_send(self.update(answer, warnings, false));
    }

    fn update(&self, answer: Answer, warnings: Vec<Warning>, complete: bool) -> Update {
        Update { id: self.id, part: self.part, answer, complete, warnings }
    }

    /// Whether rows are in the order of time.
    pub(super) fn is_by_time(&self) -> bool {
        self.search.sort.field == self.time
    }

    /// Where a row of a source stands; `search` is how the source was asked.
    pub(super) fn key(&self, member: &Member, search: &Search, hit: &Hit) -> RowKey {
        let value = self.value(member, search, &hit.cursor);
        RowKey { value, time: hit.time, source: member.number }
    }

    /// The value that a row is sorted by.
    pub(super) fn value(
        &self,
        member: &Member,
        search: &Search,
        cursor: &crate::query::Cursor,
    ) -> Option<Key<'static>> {
        if self.is_by_time() {
            return None;
        }
        if self.search.sort.field == super::SOURCE_FIELD {
            return Some(Key::Text(member.name.clone().into_bytes().into()));
        }
        member.source.sort_value(search, cursor)
    }
}
