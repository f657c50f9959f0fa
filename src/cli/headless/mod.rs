//! Sources opened for one pass without a screen, and the question about them.

mod cluster;
mod follow;
mod local;
mod several;

use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::local::Local;
use super::cluster::ClusterSource;
use super::open::{self, Opening};
use super::options::QuestionOptions;
use super::several::Several;
use crate::diagnostic::Diagnostic;
use crate::event::DataView;
use crate::query::{
    Answer, Clause, Direction, Hit, PageRequest, Part, RequestId, Search, SearchRequest, Sort,
    SortOrder, Unlowered, Warning,
};
use crate::source::Source;
use crate::source::local::scan::{self, Opened};
use crate::time::{Anchors, Millis, TimeRange, Zone};

/// Opened sources and a lowered question.
pub(super) struct Headless {
    /// Their fields.
    pub(super) view: DataView,
    /// Query and pills, lowered.
    pub(super) clause: Arc<Clause>,
    /// The resolved time range.
    pub(super) range: TimeRange,
    /// The zone of display, buckets and ranges.
    pub(super) zone: Zone,
    origin: Origin,
    unlowered: Arc<Unlowered>,
}

/// Where the records are.
enum Origin {
    Local(Box<Local>),
    Cluster(ClusterSource),
    Several(Several),
}

impl Origin {
    fn open(opening: &Opening<'_>) -> Result<Self, String> {
        if crate::cli::several::is_meant(opening.sources) {
            let several = crate::cli::several::open(opening, false)?;
            if let Some(files) = &several.files {
                files.wait_until_open();
            }
            return Ok(Self::Several(several));
        }
        if super::cluster::is_meant(opening.sources) {
            return Ok(Self::Cluster(ClusterSource::open(opening)?));
        }
        Ok(Self::Local(Box::new(Local::open(opening)?)))
    }

    fn view(&self) -> DataView {
        match self {
            Self::Local(local) => local.opened.view(),
            Self::Cluster(cluster) => cluster.status().borrow().view.as_ref().clone(),
            Self::Several(several) => several.source.refreshed().view.as_ref().clone(),
        }
    }
}

/// What is wanted of each row.
pub(super) struct Wanted<'a> {
    /// The fields; empty means whole documents.
    pub(super) fields: &'a [String],
    /// Whether documents are wanted at all; else rows have their raw text only.
    pub(super) documents: bool,
    /// At most so many rows.
    pub(super) limit: Option<u64>,
    /// Whether to go on with what comes.
    pub(super) follow: bool,
}

/// Answers without a screen, and what should be known about them.
pub(super) struct Counted {
    /// One for each part.
    pub(super) answers: Vec<Answer>,
    /// Damage, failed shards and the like.
    pub(super) warnings: Vec<Warning>,
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
        let asked = open::saved_view(question, query)?.asked;
        let origin = Origin::open(opening)?;
        let view = origin.view();
        let unlowered =
            Arc::new(Unlowered { question: asked.question, config: open::config(question, zone) });
        let lowered = unlowered.lower(&view);
        let clause = lowered.map_err(|wrong| open::explain(&unlowered.question.text, &wrong))?;
        let now = Millis(chrono::Utc::now().timestamp_millis());
        let mut anchors = Anchors::new(now, zone).with_weeks_from(open::settings().week_start);
        let texts = [&asked.span.from, &asked.span.to];
        let mut own =
            Self { origin, view, clause: Arc::new(clause), unlowered, range: TimeRange::ALL, zone };
        if texts.into_iter().flatten().any(|text| text.contains("end")) {
            anchors.end = own.newest();
        }
        own.range = asked.span.resolve(&anchors).map_err(|wrong| wrong.to_string())?;
        own.check_time()?;
        Ok(own)
    }

    /// A range means nothing to a cluster's data view without a time field.
    fn check_time(&self) -> Result<(), String> {
        let Origin::Cluster(cluster) = &self.origin else { return Ok(()) };
        if self.range.is_all() || self.view.time_field_name.is_some() {
            return Ok(());
        }
        let status = cluster.status();
        let candidates = status.borrow().time_candidates.join(", ");
        Err(match candidates.as_str() {
            "" => {
                format!("{} has no time field, so --from and --to cannot be asked", self.view.title)
            }
            some => format!(
                "{} has several dates ({some}); choose one with --time-field",
                self.view.title
            ),
        })
    }

    /// Counts the parts of a search.
    ///
    /// # Errors
    /// A text for the user if the query cannot be asked.
    pub(super) fn count(&self, search: &Search, parts: &[Part]) -> Result<Counted, String> {
        match &self.origin {
            Origin::Local(local) => {
                let counted = local.opened.aggregate(search, parts);
                let counted = counted.map_err(|wrong| self.explain(&wrong))?;
                Ok(Counted { answers: counted.answers, warnings: counted.warnings })
            }
            Origin::Cluster(cluster) => cluster::count(cluster, search, parts),
            Origin::Several(several) => cluster::count(&*several.source, search, parts),
        }
    }

    /// Gives each hit to `sink`, oldest first, until it breaks off. Tells how many were given, and
    /// what should be known about them.
    ///
    /// # Errors
    /// A text for the user if the query cannot be asked, or the cluster cannot answer.
    pub(super) fn rows(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<(u64, Vec<Warning>), String> {
        let search = self.search(self.by_time(SortOrder::Ascending));
        match &self.origin {
            Origin::Local(local) if local.can_grow() => {
                let rows = follow::follow(local.source(true).as_ref(), &search, wanted, sink)?;
                Ok((rows, Vec::new()))
            }
            Origin::Local(local) => {
                let options = scan::RowOptions {
                    fields: wanted.fields.to_vec(),
                    documents: wanted.documents,
                    limit: wanted.limit,
                };
                let streamed = local.opened.rows(&search, &options, sink);
                let streamed = streamed.map_err(|wrong| self.explain(&wrong))?;
                Ok((streamed.rows, streamed.warnings))
            }
            Origin::Several(_) if wanted.follow => Err(
                "following several sources without a screen is not there yet; name one, or leave \
                 `query` out to follow them on the screen"
                    .to_owned(),
            ),
            Origin::Cluster(cluster) => self.cluster_rows(cluster, &search, wanted, sink),
            Origin::Several(several) => {
                self.rows_of_several(&*several.source, &search, wanted, sink)
            }
        }
    }

    /// The same in an order other than the oldest first.
    ///
    /// # Errors
    /// A text for the user if the source cannot answer.
    pub(super) fn sorted(
        &self,
        sort: Sort,
        wanted: &Wanted<'_>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<(u64, Vec<Warning>), String> {
        let search = self.search(sort);
        match &self.origin {
            Origin::Local(local) => {
                let page = PageRequest {
                    anchor: None,
                    inclusive: false,
                    direction: Direction::After,
                    count: wanted.limit.map_or(usize::MAX, |limit| limit as usize),
                    fields: wanted.fields.to_vec(),
                };
                let hits = match ask(local.source(false).as_ref(), search, Part::Page(page)) {
                    Some(Answer::Page(page)) => page.hits,
                    Some(Answer::Failed(reason)) => return Err(reason),
                    Some(Answer::Refused(wrong)) => return Err(self.explain(&wrong)),
                    _ => return Err("the source gave no answer".to_owned()),
                };
                let count = hits.len() as u64;
                let _ = hits.into_iter().try_for_each(sink);
                Ok((count, Vec::new()))
            }
            Origin::Cluster(cluster) => self.cluster_rows(cluster, &search, wanted, sink),
            Origin::Several(several) => {
                self.rows_of_several(&*several.source, &search, wanted, sink)
            }
        }
    }

    /// The formats of local sources.
    pub(super) fn opened(&self) -> Option<&Opened> {
        match &self.origin {
            Origin::Local(local) => Some(&local.opened),
            Origin::Cluster(_) | Origin::Several(_) => None,
        }
    }

    /// The search in an order.
    pub(super) fn search(&self, sort: Sort) -> Search {
        Search {
            clause: Arc::clone(&self.clause),
            unlowered: Some(Arc::clone(&self.unlowered)),
            range: self.range,
            sort,
            zone: self.zone,
        }
    }

    /// The usual order.
    pub(super) fn by_time(&self, order: SortOrder) -> Sort {
        let field = self.view.time_field_name.clone();
        Sort { field: field.unwrap_or_else(|| "@timestamp".to_owned()), order }
    }

    /// The newest record's time: what `end` means.
    fn newest(&self) -> Option<Millis> {
        let source: Arc<dyn Source> = match &self.origin {
            Origin::Local(local) => local.source(false),
            Origin::Cluster(cluster) => return cluster.status().borrow().last,
            Origin::Several(several) => Arc::clone(&several.source) as Arc<dyn Source>,
        };
        let sort = self.by_time(SortOrder::Descending);
        let search = Search {
            clause: Arc::new(Clause::MatchAll),
            unlowered: None,
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
        match ask(&*source, search, Part::Page(page)) {
            Some(Answer::Page(page)) => page.hits.first()?.time,
            _ => None,
        }
    }

    /// Tells what is wrong with the query, with a caret under the place.
    pub(super) fn explain(&self, wrong: &Diagnostic) -> String {
        open::explain(&self.unlowered.question.text, wrong)
    }

    /// Says on standard error what was left out or damaged.
    pub(super) fn say_notices(&self) {
        let cluster = match &self.origin {
            Origin::Local(_) => Vec::new(),
            Origin::Cluster(cluster) => cluster.status().borrow().notices.clone(),
            Origin::Several(several) => several.source.refreshed().notices.clone(),
        };
        let local = self.opened().map(Opened::notices).unwrap_or_default();
        for notice in local.iter().chain(&cluster) {
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
