//! Whoever answers: the trait that local files, clusters and both together implement.
//!
//! A source answers a [`SearchRequest`] by sending [`Update`]s. Asking never blocks; the work is
//! done on the source's own threads or tasks and stops when the token is cancelled.

pub mod elastic;
pub mod local;
pub mod merged;

use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::query::aggregate::Key;
use crate::query::{Cursor, Exchange, Search, SearchRequest, Update};

pub use crate::query::{FormatShare, Notice, Status};

/// Where answers go. Bounded: a source waits (on its own thread) while the receiver is behind.
pub type Replies = mpsc::Sender<Update>;

/// Something that answers searches.
pub trait Source: Send + Sync + 'static {
    /// The state of the source, now and whenever it changes.
    fn status(&self) -> watch::Receiver<Arc<Status>>;

    /// Starts to answer. Each part gets at least one final [`Update`], unless cancelled.
    fn ask(&self, request: SearchRequest, replies: Replies, cancel: CancellationToken);

    /// Starts or stops following growth.
    fn follow(&self, on: bool);

    /// The value that a row was sorted by, told by its cursor; `None` for a row without, and where
    /// rows are in the order of time.
    fn sort_value(&self, _search: &Search, _cursor: &Cursor) -> Option<Key<'static>> {
        None
    }

    /// The last calls to a server, oldest first; none where answers come from here.
    fn exchanges(&self) -> Vec<Exchange> {
        Vec::new()
    }
}
