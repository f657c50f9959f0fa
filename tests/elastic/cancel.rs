//! A question that is taken back: the connection closes, and the engine stops working.

use std::time::{Duration, Instant};

use peavey::query::{Clause, FacetRequest, Part, RequestId, SearchRequest, SortOrder};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource};
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

use crate::export::runtime;
use crate::support::engine::Engine;
use crate::{MAPPING, search};

/// Searches of ours that the engine works on.
fn tasks(engine: &Engine) -> usize {
    let all = engine.ok("GET", "/_tasks?actions=*search*&detailed=true", "");
    let nodes = all["nodes"].as_object().cloned().unwrap_or_default();
    let tasks = nodes.values().filter_map(|node| node["tasks"].as_object());
    let ours = |task: &&Json| task["headers"]["X-Opaque-Id"] == "peavey";
    tasks.flat_map(serde_json::Map::values).filter(ours).count()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
    begun.elapsed()
}

/// Keywords of which no two are the same, so that patterns have something to look through.
fn keywords(count: usize) -> Vec<String> {
    let word = |n: usize| {
        let mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("{mixed:016x}{:016x}", mixed.rotate_left(29) ^ 0x5555)
    };
    (0..count)
        .map(|n| {
            format!(r#"{{"@timestamp":"2026-01-01T00:00:00Z","n":{n},"service":"{}"}}"#, word(n))
        })
        .collect()
}

#[test]
fn a_question_that_is_taken_back_stops_the_engine() {
    let test = "a_question_that_is_taken_back_stops_the_engine";
    let runtime = runtime();
    // A script that counts on OpenSearch, where a loop has a million rounds at most; many patterns on
    // Elasticsearch, which has no scripts here.
    let source = "long s = 0; for (int i = 0; i < 500000; i++) { s += i % 7 } return s > 0";
    let script = Clause::Custom(json!({"script": {"script": {"source": source}}}));
    let pattern = |n: usize| Clause::Regexp {
        field: "service".to_owned(),
        pattern: format!(".*{:x}.*[0-9]{{3}}.*{:x}.*a.*[c-e]{:x}.*", n % 16, n / 16, n % 7),
        case_insensitive: None,
    };
    let patterns = Clause::any((0..250).map(pattern).collect());
    for (name, count, clause) in [("os38", 30_000, script), ("es9", 30_000, patterns)] {
        // A node of its own: others' searches would be taken for this one.
        let Some(engine) = Engine::start(name, test) else { return };
        let engine = &engine;
        engine.fill("cancelled", MAPPING, &keywords(count));
        let connection = Connection::to(&engine.url);
        let source =
            runtime.block_on(ElasticSource::connect(&connection, "cancelled", None)).unwrap();
        let (replies, mut answers) = tokio::sync::mpsc::channel(8);
        let token = CancellationToken::new();
        let facet = Part::Facet(FacetRequest { field: "service".to_owned(), size: 10 });
        let request = SearchRequest {
            id: RequestId(1),
            search: search(clause, SortOrder::Ascending),
            parts: vec![Part::Total, facet],
        };
        source.ask(request, replies, token.clone());
        until("the engine works on it", || tasks(engine) > 0);
        // It would go on for long.
        std::thread::sleep(Duration::from_millis(700));
        let answer = answers.try_recv().ok();
        assert!(tasks(engine) > 0 && answer.is_none(), "{name}: too fast to tell: {answer:?}");
        token.cancel();
        let took = until("the engine stops", || tasks(engine) == 0);
        assert!(took < Duration::from_secs(8), "{name}: {took:?}");
        assert!(runtime.block_on(answers.recv()).is_none(), "{name}: nobody is told");
    }
}
