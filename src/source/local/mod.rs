//! Log files as a source: a search engine that never copies the log.
//!
//! The way of a request: [`LocalSource::ask`] makes a job; worker threads take its segments one by
//! one (`job`), look at each (`look`: what is cached, else one reading of the segment, `load`), find
//! each part's share without a lock (`probe`) and merge it (`gather`); partial answers go out several
//! times a second, complete ones once. Indexing is a request for nothing, of the lowest priority.
//!
//! [`scan`] answers without any of that: one pass over everything in constant memory.

mod bound;
mod candidates;
mod cursor;
mod decoders;
mod engine;
mod errand;
mod feed;
mod follow;
mod gather;
mod glance;
mod hits;
mod job;
mod load;
mod log;
mod look;
mod needle;
mod newcomers;
mod open;
mod opener;
mod options;
mod order;
mod part;
mod plan;
mod probe;
mod progress;
pub mod scan;
mod segment;
mod stamps;
mod tree;
mod years;

#[cfg(test)]
mod tests;

pub use options::Options;

use std::sync::Arc;
use std::thread;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::ingest::Discovered;
use crate::query::aggregate::Key;
use crate::query::{Cursor, HitId, Search, SearchRequest};
use crate::source::{Replies, Source, Status};

use engine::Engine;
use job::Asked;
use progress::Progress;

/// Log files, indexed in the background.
pub struct LocalSource {
    engine: Arc<Engine>,
}

impl LocalSource {
    /// Opens what was found and begins to read it, newest first. Returns at once; what cannot be
    /// opened is told in the status.
    #[must_use]
    pub fn open(discovered: Discovered, options: Options) -> Arc<Self> {
        let progress = Progress::of(opener::title(&discovered));
        let threads = options.worker_threads();
        let files = discovered.sets.iter().map(|set| set.members.len()).sum();
        let engine = Arc::new(Engine::new(options, progress));
        engine.will_open(files);
        let opener = Arc::clone(&engine);
        start("peavey-open", move || opener::open_all(&opener, &discovered));
        for _ in 0..threads {
            let worker = Arc::clone(&engine);
            start("peavey-local", move || worker.work());
        }
        Arc::new(Self { engine })
    }

    /// How many logs (rotation sets) there are; more may appear while they are followed.
    #[must_use]
    pub fn logs(&self) -> usize {
        self.engine.state().log_sets
    }

    /// The number of the log that a row is of.
    #[must_use]
    pub fn log_of(hit: &HitId) -> Option<usize> {
        hits::log_of(hit)
    }

    /// Waits until every file is open, so that all formats and fields are known. Pipes are waited
    /// for too, until something comes.
    pub fn wait_until_open(&self) {
        self.engine.wait_until_open();
    }
}

/// Starts a thread; a machine that has none left is out of what anybody could do about it.
fn start(name: &str, work: impl FnOnce() + Send + 'static) {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    if let Err(error) = started {
        tracing::error!(%error, "no thread for {name}");
    }
}

impl Source for LocalSource {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.engine.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken) {
        self.engine.ask(Asked { request, replies, cancel });
    }

    fn follow(&self, on: bool) {
        self.engine.follow(on);
    }

    fn sort_value(&self, _search: &Search, cursor: &Cursor) -> Option<Key<'static>> {
        cursor::decode(cursor)?.value
    }
}

impl Drop for LocalSource {
    fn drop(&mut self) {
        self.engine.close();
    }
}
