//! All rows of a search, written while the next ones are on their way.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ClusterSource;
use super::progress::Progress;
use crate::query::{Hit, Part, RequestId, Search, SearchRequest, Warning};
use crate::source::Source;
use crate::source::elastic::{Error, Export, Row};

/// Longest wait for an export that is stopped to close what it opened.
const FAREWELL: Duration = Duration::from_secs(1);

/// What came of it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Given {
    /// Rows given.
    pub(in crate::cli) rows: u64,
    /// Failed shards and the like, each once.
    pub(in crate::cli) warnings: Vec<Warning>,
}

/// What an export tells.
enum Told {
    Rows(Vec<Row>),
    End(Vec<Warning>),
    Failed(Error),
}

impl ClusterSource {
    /// Gives each hit to `sink` in the search's order, until it breaks off or `limit` are given.
    /// `fields` empty gives whole documents.
    ///
    /// # Errors
    /// A text for the user if the cluster cannot answer, with the number of rows given so far.
    pub(in crate::cli) fn rows(
        &self,
        search: &Search,
        fields: &[String],
        limit: Option<u64>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<Given, String> {
        let mut given = Given::default();
        let Some(runtime) = &self.runtime else { return Ok(given) };
        let session = Arc::clone(self.source.session());
        let export = Export::new(&session, search, fields, limit);
        let stop = CancellationToken::new();
        let (pages, mut told) = mpsc::channel(1);
        let worker = runtime.spawn(export_all(export, pages, stop.clone()));
        let (replies, total) = mpsc::channel(1);
        let mut progress = Progress::begin(total);
        if progress.is_shown() {
            let (id, search) = (RequestId(1), search.clone());
            self.ask(SearchRequest { id, search, parts: vec![Part::Total] }, replies, stop.clone());
        }
        let failed = 'all: loop {
            match told.blocking_recv() {
                Some(Told::Rows(rows)) => {
                    for row in rows {
                        let hit = match row.hit(&session) {
                            Ok(hit) => hit,
                            Err(error) => break 'all Some(error),
                        };
                        given.rows += 1;
                        progress.rows(given.rows);
                        if sink(hit).is_break() {
                            break 'all None;
                        }
                    }
                }
                Some(Told::End(warnings)) => {
                    given.warnings = warnings;
                    break None;
                }
                Some(Told::Failed(error)) => break Some(error),
                None => break None,
            }
        };
        progress.end();
        stop.cancel();
        drop(told);
        let farewell = async { tokio::time::timeout(FAREWELL, worker).await };
        if runtime.block_on(farewell).is_err() {
            tracing::debug!("an export was left to itself");
        }
        match failed {
            None => Ok(given),
            Some(error) => Err(match given.rows {
                0 => error.sentence(),
                rows => format!("{}\n{rows} rows were written before", error.sentence()),
            }),
        }
    }
}

async fn export_all(mut export: Export, pages: mpsc::Sender<Told>, stop: CancellationToken) {
    loop {
        let Some(page) = stop.run_until_cancelled(export.page()).await else { break };
        let (told, is_last) = match page {
            Ok(rows) if rows.is_empty() => (Told::End(export.warnings().to_vec()), true),
            Ok(rows) => (Told::Rows(rows), false),
            Err(error) => (Told::Failed(error), true),
        };
        if pages.send(told).await.is_err() || is_last {
            break;
        }
    }
    export.close().await;
}
