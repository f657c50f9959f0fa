//! A cluster behind the trait that the screen asks: parts answered as they come, cancelled by dropping.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::answer::{facet, find, histogram, page, suggest, surrounding, trouble};
use super::client::Client;
use super::connection::Connection;
use super::cursor::Place;
use super::error::Error;
use super::journal;
use super::pulse::{self, Pulse};
use super::session::Session;
use crate::query::aggregate::Key;
use crate::query::{
    Answer, Cursor, Exchange, Part, Search, SearchRequest, Status, Update, Warning,
};
use crate::source::{Replies, Source};

/// A data view of a cluster.
#[derive(Debug)]
pub struct ElasticSource {
    session: Arc<Session>,
    status: watch::Sender<Arc<Status>>,
    pulse: watch::Sender<Pulse>,
    runtime: Handle,
}

impl ElasticSource {
    /// Connects, reads the fields, and counts what exists. Must run inside a tokio runtime.
    ///
    /// # Errors
    /// If the cluster cannot be reached or refuses.
    pub async fn connect(
        connection: &Connection,
        pattern: &str,
        time_field: Option<&str>,
    ) -> Result<Arc<Self>, Error> {
        let client = Arc::new(Client::new(connection)?);
        let session = Arc::new(Session::open(client, pattern, time_field).await?);
        let extent = session.extent().await?;
        let notices = session.notices();
        let status = Status {
            generation: 1,
            view: Arc::clone(&session.view),
            title: connection.title(pattern),
            records: extent.records,
            first: extent.first,
            last: extent.last,
            complete: true,
            notices,
            time_candidates: session.time_candidates.clone(),
            ..Status::default()
        };
        let source = Arc::new(Self {
            session,
            status: watch::Sender::new(Arc::new(status)),
            pulse: watch::Sender::new(Pulse::default()),
            runtime: Handle::current(),
        });
        source.runtime.spawn(pulse::beat(Arc::downgrade(&source), source.pulse.subscribe()));
        Ok(source)
    }

    /// The data view that is asked.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Counts again what exists, and tells it. When the cluster is back, what it answered before may
    /// be wrong, so it is to be asked anew.
    pub(super) async fn refresh(&self, was_away: bool) -> Result<(), Error> {
        let extent = self.session.extent().await?;
        self.status.send_if_modified(|status| {
            let is_same = (status.records, status.first, status.last)
                == (extent.records, extent.first, extent.last);
            if is_same && !was_away {
                return false;
            }
            let mut new = Status::clone(status);
            new.generation += 1;
            (new.records, new.first, new.last) = (extent.records, extent.first, extent.last);
            new.notices.retain(|notice| !pulse::is_outage(notice));
            *status = Arc::new(new);
            true
        });
        Ok(())
    }

    /// Notes that the cluster answers.
    pub(super) fn is_back(&self) {
        self.pulse.send_if_modified(|pulse| std::mem::take(&mut pulse.away));
    }

    /// Tells that the cluster is away, once for each reason.
    pub(super) fn tell(&self, error: &Error) {
        let outage = pulse::outage(error);
        self.status.send_if_modified(|status| {
            if status.notices.contains(&outage) {
                return false;
            }
            let mut new = Status::clone(status);
            new.notices.retain(|notice| !pulse::is_outage(notice));
            new.notices.push(outage);
            *status = Arc::new(new);
            true
        });
    }
}

impl Source for ElasticSource {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken) {
        let request = Arc::new(request);
        for part in 0..request.parts.len() {
            let (session, pulse) = (Arc::clone(&self.session), self.pulse.clone());
            let (request, replies, cancel) =
                (Arc::clone(&request), replies.clone(), cancel.clone());
            self.runtime.spawn(async move {
                let work = answer(&session, &request, part);
                let work = journal::on_behalf(request.id, request.parts.get(part), work);
                let work = trouble::gathered(work);
                let Some((answered, gathered)) = cancel.run_until_cancelled(work).await else {
                    return;
                };
                let (answer, mut warnings) = answered.unwrap_or_else(|error| {
                    if error.is_outage() {
                        pulse.send_if_modified(|pulse| !std::mem::replace(&mut pulse.away, true));
                    }
                    (Answer::Failed(error.sentence()), Vec::new())
                });
                for warning in gathered {
                    if !warnings.contains(&warning) {
                        warnings.push(warning);
                    }
                }
                // What an engine complains of may repeat what it was sent.
                for warning in &mut warnings {
                    warning.message = session.client.mask(&warning.message);
                }
                let update = Update { id: request.id, part, answer, complete: true, warnings };
                // Nobody may be waiting any more: then there is nobody to tell.
                let _ = replies.send(update).await;
            });
        }
    }

    fn sort_value(&self, search: &Search, cursor: &Cursor) -> Option<Key<'static>> {
        let field = self.session.countable(&search.sort.field);
        let kind = self.session.view.field(&field)?.es_types.first()?;
        Place::of(cursor)?.value(kind)
    }

    fn follow(&self, on: bool) {
        self.pulse.send_modify(|pulse| pulse.following = on);
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.session.exchanges()
    }
}

async fn answer(
    session: &Session,
    request: &SearchRequest,
    part: usize,
) -> Result<(Answer, Vec<Warning>), Error> {
    let search = &request.search;
    let Some(part) = request.parts.get(part) else {
        return Ok((Answer::Failed("no such part".to_owned()), Vec::new()));
    };
    if matches!(part, Part::Page(_) | Part::Surrounding { .. } | Part::Find { .. }) {
        session.settle().await;
    }
    Ok(match part {
        Part::Page(wanted) => {
            let (page, warnings) = page::page(session, search, wanted).await?;
            (Answer::Page(page), warnings)
        }
        Part::Total => {
            let (total, warnings) = histogram::total(session, search).await?;
            (Answer::Total(total), warnings)
        }
        Part::Histogram(wanted) => {
            let (histogram, warnings) = histogram::histogram(session, search, wanted).await?;
            (Answer::Histogram(histogram), warnings)
        }
        Part::Facet(wanted) => {
            let (facet, warnings) = facet::facet(session, search, wanted).await?;
            (Answer::Facet(facet), warnings)
        }
        Part::Document(cursor) => {
            let found = match Place::of(cursor) {
                Some(place) => session.document(&place).await?,
                None => None,
            };
            (Answer::Document(found), Vec::new())
        }
        Part::Surrounding { of, before, after } => {
            surrounding::surrounding(session, search, of, *before, *after).await?
        }
        Part::Find { pattern, from, direction } => {
            let (found, is_limited) =
                find::find(session, search, pattern, from.as_ref(), *direction).await?;
            let limit = Warning::note(
                "find looked through 100,000 hits and stopped; go on from there with n",
            );
            (Answer::Found(found), if is_limited { vec![limit] } else { Vec::new() })
        }
        Part::Suggest { field, text, size } => (
            Answer::Suggestions(suggest::suggest(session, search, field, text, *size).await?),
            Vec::new(),
        ),
    })
}
