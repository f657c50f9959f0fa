//! The client against real nodes: what is asked through the trait of all sources is what is there.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::explicit_auto_deref,
    clippy::format_push_string,
    reason = "a test may fail"
)]

mod calls;
mod cancel;
mod changed;
mod command;
mod differential;
mod export;
mod failures;
mod least;
mod limits;
mod merged;
mod nginx;
mod prompted;
mod requests;
mod secured;
mod setup;
#[path = "../support/mod.rs"]
mod support;
mod tail;
mod views;

use std::sync::Arc;

use peavey::query::{
    Answer, Clause, Cursor, Direction, Page, PageRequest, Part, RequestId, Search, SearchRequest,
    Sort, SortOrder, Update,
};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource};
use peavey::time::{Millis, TimeRange, Zone};
use support::engine::Engine;
use tokio_util::sync::CancellationToken;

const MAPPING: &str = r#"{"mappings":{"properties":{"@timestamp":{"type":"date"},"n":{"type":"long"},
    "status":{"type":"integer"},"service":{"type":"keyword"},"message":{"type":"text"},
    "agent":{"type":"text","fields":{"keyword":{"type":"keyword"}}},"log":{"properties":{"level":{"type":"keyword"},
    "file":{"properties":{"path":{"type":"keyword"}}}}}}}}"#;

/// Records, five of one second each, so that ties are broken all the time.
fn documents(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let (second, status) = (n / 5, [200, 200, 404, 502, 301][n % 5]);
            let time = Millis(1_763_942_400_000 + second as i64 * 1000).to_string();
            let level = if status == 502 { "ERROR" } else { "INFO" };
            let missing = if n % 50 == 0 { String::new() } else { format!(r#""service":"s{}","#, n % 7) };
            format!(r#"{{"@timestamp":"{time}","n":{n},"status":{status},{missing}"message":"request {n} done","agent":"curl/{}","log":{{"level":"{level}","file":{{"path":"/var/log/{}.log"}}}}}}"#, n % 3, n % 2)
        })
        .collect()
}

struct Asked {
    runtime: tokio::runtime::Runtime,
    source: Arc<ElasticSource>,
}

impl Asked {
    /// The same on a node that the tests share.
    fn with(
        name: &'static str,
        test: &str,
        index: &str,
        mapping: &str,
        documents: &[String],
    ) -> Option<Self> {
        Some(Self::on(Engine::shared(name, test)?, index, mapping, documents))
    }

    /// An index of a node, filled with documents and opened.
    fn on(engine: &Engine, index: &str, mapping: &str, documents: &[String]) -> Self {
        engine.fill(index, mapping, documents);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let source = runtime
            .block_on(ElasticSource::connect(
                &Connection::to(&engine.url),
                &format!("{index}*"),
                None,
            ))
            .unwrap();
        Self { runtime, source }
    }

    fn ask(&self, search: &Search, part: Part) -> Update {
        let (replies, mut answers) = tokio::sync::mpsc::channel(8);
        let request = SearchRequest { id: RequestId(1), search: search.clone(), parts: vec![part] };
        self.source.ask(request, replies, CancellationToken::new());
        self.runtime.block_on(answers.recv()).unwrap()
    }

    fn page(
        &self,
        search: &Search,
        anchor: Option<Cursor>,
        direction: Direction,
        count: usize,
    ) -> Page {
        let wanted = PageRequest { anchor, inclusive: false, direction, count, fields: Vec::new() };
        match self.ask(search, Part::Page(wanted)).answer {
            Answer::Page(page) => page,
            other => panic!("{other:?}"),
        }
    }
}

fn search(clause: Clause, order: SortOrder) -> Search {
    Search {
        clause: Arc::new(clause),
        unlowered: None,
        range: TimeRange::ALL,
        sort: Sort { field: "@timestamp".to_owned(), order },
        zone: Zone::UTC,
    }
}

fn number(hit: &peavey::query::Hit) -> i64 {
    hit.document.first("n").unwrap().as_i64().unwrap()
}
