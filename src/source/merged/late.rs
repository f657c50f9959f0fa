//! A source that could not be opened: it says why, and takes its place once it can be.

use std::sync::{Arc, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::query::aggregate::Key;
use crate::query::{Answer, Cursor, Exchange, Notice, Search, SearchRequest, Status, Update};
use crate::source::{Replies, Source};

/// A source that is still missing, or came late.
pub struct LateSource {
    reason: String,
    found: OnceLock<Arc<dyn Source>>,
    following: watch::Sender<bool>,
    status: watch::Sender<Arc<Status>>,
}

impl LateSource {
    /// Stands in for a source, and tries `again` and again to open it; `None` never tries.
    pub fn start(
        name: &str,
        reason: &str,
        again: Option<Duration>,
        open: impl Fn() -> Result<Arc<dyn Source>, String> + Send + 'static,
    ) -> Arc<dyn Source> {
        // Who does not wait for it is told with each answer.
        let notice = again.map(|_| Notice {
            message: reason.lines().next().unwrap_or_default().to_owned(),
            details: reason.lines().map(str::to_owned).collect(),
        });
        let status = Status {
            generation: 1,
            title: name.to_owned(),
            complete: true,
            notices: notice.into_iter().collect(),
            ..Status::default()
        };
        let source = Arc::new(Self {
            reason: reason.to_owned(),
            found: OnceLock::new(),
            following: watch::Sender::new(false),
            status: watch::Sender::new(Arc::new(status)),
        });
        if let Some(again) = again {
            let late = Arc::downgrade(&source);
            let started = thread::Builder::new()
                .name("late-source".to_owned())
                .spawn(move || wait(&late, again, &open));
            if let Err(error) = started {
                tracing::error!(%error, "no thread to try a source again");
            }
        }
        source
    }

    /// Takes over the state of the source that came; ends with it.
    fn pass_on(late: &Weak<Self>, mut own: watch::Receiver<Arc<Status>>) {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
        runtime.block_on(async {
            loop {
                let Some(source) = late.upgrade() else { return };
                let mut status = Status::clone(&own.borrow_and_update());
                // All states after this one's are newer.
                status.generation += 1;
                source.status.send_replace(Arc::new(status));
                drop(source);
                if own.changed().await.is_err() {
                    return;
                }
            }
        });
    }
}

/// Tries to open a source until it is there, or nobody wants it any more.
fn wait(
    late: &Weak<LateSource>,
    again: Duration,
    open: &dyn Fn() -> Result<Arc<dyn Source>, String>,
) {
    loop {
        thread::sleep(again);
        if late.strong_count() == 0 {
            return;
        }
        let Ok(found) = open() else { continue };
        let own = found.status();
        {
            let Some(source) = late.upgrade() else { return };
            found.follow(*source.following.borrow());
            if source.found.set(found).is_err() {
                return;
            }
        }
        return LateSource::pass_on(late, own);
    }
}

impl Source for LateSource {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken) {
        if let Some(found) = self.found.get() {
            return found.ask(request, replies, cancel);
        }
        for part in 0..request.parts.len() {
            let answer = Answer::Failed(self.reason.clone());
            let (id, warnings) = (request.id, Vec::new());
            // Who asks for more parts than there is room for learns it from the first.
            let _ = replies.try_send(Update { id, part, answer, complete: true, warnings });
        }
    }

    fn follow(&self, on: bool) {
        self.following.send_replace(on);
        if let Some(found) = self.found.get() {
            found.follow(on);
        }
    }

    fn sort_value(&self, search: &Search, cursor: &Cursor) -> Option<Key<'static>> {
        self.found.get()?.sort_value(search, cursor)
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.found.get().map(|found| found.exchanges()).unwrap_or_default()
    }
}
