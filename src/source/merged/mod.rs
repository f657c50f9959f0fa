//! Several sources as one: rows merged by time, counts added up, one view of all fields.
//!
//! In: sources with a name each. Out: a [`Source`]. Every source is asked in its own words: the
//! question is lowered with its own fields, so that it answers as it would alone. A source that
//! fails is told in a warning and the others answer. Knows neither files nor clusters.

mod combine;
mod counts;
mod cursor;
mod fetch;
mod late;
mod meaning;
mod member;
mod order;
mod page;
mod places;
mod round;
mod seek;
mod status;
mod view;
mod window;
mod work;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Weak};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::member::Member;
use self::status::Joiner;
use self::work::Work;
use crate::query::{Exchange, SearchRequest, Status};
use crate::source::{Replies, Source};

pub use self::late::LateSource;
pub use self::member::Named;

/// The field that says which source a record is from.
pub const SOURCE_FIELD: &str = "peavey.source";

/// Several sources as one.
pub struct MergedSource {
    desk: Arc<Desk>,
    runtime: Option<Runtime>,
}

/// What all work shares.
struct Desk {
    members: Vec<Member>,
    joiner: Joiner,
    status: watch::Sender<Arc<Status>>,
}

impl MergedSource {
    /// Joins sources.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn new(sources: Vec<Named>) -> std::io::Result<Arc<Self>> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("merged")
            .enable_all()
            .build()?;
        let members: Vec<Member> =
            sources.into_iter().enumerate().map(|(at, named)| Member::new(at, named)).collect();
        let desk = Arc::new(Desk {
            members,
            joiner: Joiner::default(),
            status: watch::Sender::new(Arc::default()),
        });
        desk.refresh();
        for member in &desk.members {
            runtime.spawn(watch(member.source.status(), Arc::downgrade(&desk)));
        }
        Ok(Arc::new(Self { desk, runtime: Some(runtime) }))
    }
}

impl MergedSource {
    /// The state of all as it is at this moment.
    #[must_use]
    pub fn refreshed(&self) -> Arc<Status> {
        self.desk.refresh();
        Arc::clone(&self.desk.status.borrow())
    }
}

/// Tells the state of all whenever that of one changes; ends with either.
async fn watch(mut status: watch::Receiver<Arc<Status>>, desk: Weak<Desk>) {
    while status.changed().await.is_ok() {
        let Some(desk) = desk.upgrade() else { return };
        desk.refresh();
    }
}

impl Desk {
    fn refresh(&self) {
        let own: Vec<(&str, Arc<Status>)> =
            self.members.iter().map(|member| (&*member.name, member.status())).collect();
        self.status.send_replace(Arc::new(self.joiner.join(&own)));
    }

    /// The time field of the view of all.
    fn time_field(&self) -> String {
        let view = Arc::clone(&self.status.borrow().view);
        view.time_field_name.clone().unwrap_or_else(|| "@timestamp".to_owned())
    }
}

impl Drop for MergedSource {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Whoever drops this may not be allowed to wait.
            runtime.shutdown_background();
        }
    }
}

impl Source for MergedSource {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.desk.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken) {
        let Some(runtime) = &self.runtime else { return };
        for (number, part) in request.parts.into_iter().enumerate() {
            let work = Work {
                desk: Arc::clone(&self.desk),
                id: request.id,
                part: number,
                search: request.search.clone(),
                time: self.desk.time_field(),
                replies: replies.clone(),
                cancel: cancel.clone(),
            };
            runtime.spawn(async move {
                let stop = work.cancel.clone();
                let _ = stop.run_until_cancelled(work.answer(&part)).await;
            });
        }
    }

    fn follow(&self, on: bool) {
        self.desk.members.iter().for_each(|member| member.source.follow(on));
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.desk.members.iter().flat_map(|member| member.source.exchanges()).collect()
    }
}
