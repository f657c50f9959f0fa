//! Sources opened for one pass without a screen, and the question about them.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::open::{self, Opening};
use super::options::QuestionOptions;
use crate::diagnostic::Diagnostic;
use crate::event::DataView;
use crate::ingest::Discovered;
use crate::query::{
    Answer, Clause, Direction, Hit, PageRequest, Part, RequestId, Search, SearchRequest, Sort,
    SortOrder,
};
use crate::source::Source;
use crate::source::local::scan::Opened;
use crate::source::local::{LocalSource, Options};
use crate::time::{Anchors, Millis, TimeRange, Zone};

/// Opened sources and a lowered question.
pub(super) struct Headless {
    /// The opened sources.
    pub(super) opened: Opened,
    /// Their fields.
    pub(super) view: DataView,
    /// Query and pills, lowered.
    pub(super) clause: Arc<Clause>,
    /// The resolved time range.
    pub(super) range: TimeRange,
    /// The zone of display, buckets and ranges.
    pub(super) zone: Zone,
    found: Discovered,
    options: Options,
    text: String,
}

impl Headless {
    /// Opens sources and lowers the question with their fields. `query` is the one that was given
    /// as a free argument or by name.
    ///
    /// # Errors
    /// A text for the user: nothing that can be read, or a wrong option, query or range.
    pub(super) fn open(
        opening: &Opening<'_>,
        question: &QuestionOptions,
        query: Option<&str>,
    ) -> Result<Self, String> {
        let zone = open::display_zone(question.tz.as_deref())?;
        let options = open::local_options(opening)?;
        let asked = open::saved_view(question, query)?.asked;
        let found = open::discover(opening.sources)?;
        let opened = Opened::open(&found, options.clone());
        if opened.is_empty() {
            let said: Vec<&str> = opened.notices().iter().map(|notice| &*notice.message).collect();
            return Err(format!("nothing to read\n{}", said.join("\n")).trim_end().to_owned());
        }
        let view = opened.view();
        let lowered = asked.question.lower(&view, &open::config(question));
        let text = asked.question.text;
        let clause = lowered.map_err(|wrong| open::explain(&text, &wrong))?;
        let now = Millis(chrono::Utc::now().timestamp_millis());
        let mut anchors = Anchors::new(now, zone);
        let texts = [&asked.span.from, &asked.span.to];
        let mut own = Self {
            opened,
            view,
            clause: Arc::new(clause),
            range: TimeRange::ALL,
            zone,
            found,
            options,
            text,
        };
        if texts.into_iter().flatten().any(|text| text.contains("end")) {
            anchors.end = own.newest();
        }
        own.range = asked.span.resolve(&anchors).map_err(|wrong| wrong.to_string())?;
        Ok(own)
    }

    /// The search in an order.
    pub(super) fn search(&self, sort: Sort) -> Search {
        Search { clause: Arc::clone(&self.clause), range: self.range, sort, zone: self.zone }
    }

    /// The usual order.
    pub(super) fn by_time(&self, order: SortOrder) -> Sort {
        let field = self.view.time_field_name.clone();
        Sort { field: field.unwrap_or_else(|| "@timestamp".to_owned()), order }
    }

    /// The sources as the screen has them, for what one pass cannot answer.
    pub(super) fn source(&self, follow: bool) -> Arc<LocalSource> {
        let options = Options { follow, ..self.options.clone() };
        LocalSource::open(self.found.clone(), options)
    }

    /// The first rows of an order other than the oldest first.
    ///
    /// # Errors
    /// A text for the user if the source cannot answer.
    pub(super) fn sorted(
        &self,
        sort: Sort,
        count: usize,
        fields: &[String],
    ) -> Result<Vec<Hit>, String> {
        let page = PageRequest {
            anchor: None,
            inclusive: false,
            direction: Direction::After,
            count,
            fields: fields.to_vec(),
        };
        let source = self.source(false);
        match ask(source.as_ref(), self.search(sort), Part::Page(page)) {
            Some(Answer::Page(page)) => Ok(page.hits),
            Some(Answer::Failed(reason)) => Err(reason),
            Some(Answer::Refused(wrong)) => Err(self.explain(&wrong)),
            _ => Err("the source gave no answer".to_owned()),
        }
    }

    /// The newest record's time: what `end` means.
    fn newest(&self) -> Option<Millis> {
        let sort = self.by_time(SortOrder::Descending);
        let search = Search {
            clause: Arc::new(Clause::MatchAll),
            range: TimeRange::ALL,
            sort,
            zone: self.zone,
        };
        let page = PageRequest {
            anchor: None,
            inclusive: false,
            direction: Direction::After,
            count: 1,
            fields: vec!["@timestamp".to_owned()],
        };
        match ask(self.source(false).as_ref(), search, Part::Page(page)) {
            Some(Answer::Page(page)) => page.hits.first()?.time,
            _ => None,
        }
    }

    /// Tells what is wrong with the query, with a caret under the place.
    pub(super) fn explain(&self, wrong: &Diagnostic) -> String {
        open::explain(&self.text, wrong)
    }

    /// Says on standard error what was left out or damaged.
    pub(super) fn say_notices(&self) {
        for notice in self.opened.notices() {
            eprintln!("peavey: {}", open::clean(&notice.message));
        }
    }
}

/// The final answer of one part; waits for it.
fn ask(source: &dyn Source, search: Search, part: Part) -> Option<Answer> {
    let (replies, mut answers) = mpsc::channel(16);
    let request = SearchRequest { id: RequestId(1), search, parts: vec![part] };
    source.ask(request, replies, CancellationToken::new());
    let mut last = None;
    while let Some(update) = answers.blocking_recv() {
        let is_final = update.complete;
        last = Some(update.answer);
        if is_final {
            break;
        }
    }
    last
}
