//! Limits of a whole cluster, on a node of each product's newest engine that no other test uses.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use peavey::query::{
    Answer, Clause, Direction, FacetRequest, HistogramRequest, Interval, PageRequest, Part,
    RequestId, Search, SearchRequest, SortOrder, WarningKind,
};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource};
use peavey::time::TimeRange;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::engine::{Engine, names};
use crate::{Asked, MAPPING, documents, search};

fn all() -> Search {
    search(Clause::MatchAll, SortOrder::Descending)
}

fn facet() -> Part {
    Part::Facet(FacetRequest { field: "service".to_owned(), size: 5 })
}

fn page() -> Part {
    let (anchor, inclusive, direction) = (None, false, Direction::After);
    Part::Page(PageRequest { anchor, inclusive, direction, count: 50, fields: Vec::new() })
}

/// Puts a setting of the cluster in force, runs `check`, and takes it back.
fn under(engine: &Engine, setting: &str, value: &serde_json::Value, check: impl FnOnce()) {
    let set = |value: &serde_json::Value| {
        let body = json!({"transient": {setting: value}}).to_string();
        engine.ok("PUT", "/_cluster/settings", &body);
    };
    set(value);
    check();
    set(&serde_json::Value::Null);
}

#[test]
fn limits_of_a_cluster_are_sentences_with_what_to_do() {
    let test = "limits_of_a_cluster_are_sentences_with_what_to_do";
    for &name in names() {
        let Some(engine) = Engine::start(name, test) else { return };
        let hidden = r#""hidden":{"type":"keyword","index":false,"doc_values":false},"n":"#;
        engine.fill("limits-hidden", &MAPPING.replace(r#""n":"#, hidden), &documents(20));
        let asked = Asked::on(&engine, "limits", MAPPING, &documents(600));
        let refused = |part: Part, search: &Search, said: &[&str]| {
            let answer = asked.ask(search, part).answer;
            let Answer::Failed(reason) = &answer else { panic!("{name}: {answer:?}") };
            for said in said {
                assert!(reason.contains(said), "{name}: {reason}");
            }
        };
        under(&engine, "search.max_buckets", &json!(50), || {
            let bars = HistogramRequest { interval: Interval::Fixed { millis: 1000 }, by: None };
            let buckets = ["more than 50 buckets", "ask for wider bars"];
            refused(Part::Histogram(bars), &all(), &buckets);
        });
        under(&engine, "indices.breaker.request.limit", &json!("100b"), || {
            let begun = Instant::now();
            let memory = ["short of memory", "100b allowed", "ask for a shorter time"];
            refused(facet(), &all(), &memory);
            // It was asked again a few times before it was told.
            assert!(begun.elapsed() > Duration::from_millis(500), "{name}");
            let tries = asked.source.exchanges();
            let busy = tries.iter().filter(|call| call.status == Some(429)).count();
            assert!(busy > 1, "{name}: {busy}");
        });
        under(&engine, "search.allow_expensive_queries", &json!(false), || {
            let (field, pattern) = ("service".to_owned(), "*1".to_owned());
            let wildcard = Clause::Wildcard { field, pattern, case_insensitive: None };
            let wildcard = search(wildcard, SortOrder::Descending);
            refused(page(), &wildcard, &["allows no wildcard queries", "ask for whole values"]);
        });
        // What there is of an answer is given, whatever the cluster's default is.
        under(&engine, "search.default_allow_partial_results", &json!(false), || {
            let (field, value) = ("hidden".to_owned(), json!("x"));
            let hidden = Clause::Term { field, value, case_insensitive: None };
            let some = search(Clause::any(vec![hidden, Clause::MatchAll]), SortOrder::Descending);
            for part in [Part::Total, page()] {
                let update = asked.ask(&some, part);
                assert!(!matches!(update.answer, Answer::Failed(_)), "{name}: {update:?}");
                let is_told = update.warnings.iter().any(|warning| {
                    warning.kind == WarningKind::Partial
                        && warning.message.contains("(in limits-hidden)")
                });
                assert!(is_told, "{name}: {update:?}");
            }
        });
        let update = asked.ask(&all(), facet());
        assert!(matches!(update.answer, Answer::Facet(_)), "{name}: all is well again");
        assert_eq!(update.warnings, [], "{name}");
    }
}

#[test]
fn what_was_sent_for_an_answer_can_be_inspected() {
    let test = "what_was_sent_for_an_answer_can_be_inspected";
    for &name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let asked = Asked::on(engine, "inspected", MAPPING, &documents(60));
        let parts = vec![page(), Part::Total, facet()];
        let (replies, mut answers) = tokio::sync::mpsc::channel(8);
        let request = SearchRequest { id: RequestId(7), search: all(), parts };
        asked.source.ask(request, replies, CancellationToken::new());
        asked.runtime.block_on(async { while answers.recv().await.is_some() {} });
        let calls = asked.source.exchanges();
        let own = |purpose: &str| {
            let is_own = |call: &&peavey::query::Exchange| {
                call.request == Some(RequestId(7))
                    && call.purpose == purpose
                    && call.line.contains("/_search")
                    && call.console.contains('{')
            };
            calls.iter().find(is_own).unwrap_or_else(|| panic!("{name}: {purpose}: {calls:#?}"))
        };
        for purpose in ["rows", "number of hits", "values of service"] {
            let call = own(purpose);
            assert_eq!(call.status, Some(200), "{name}");
            assert!(call.took.is_some() && call.waited >= call.took, "{name}: {call:?}");
            assert!(call.shards.is_some_and(|shards| shards.total > 0), "{name}: {call:?}");
            assert!(call.answer.contains("\"took\": "), "{name}: {}", call.answer);
        }
        // What the console is given is what the engine takes.
        let console = &own("values of service").console;
        let (line, body) = console.split_once('\n').unwrap();
        let (method, path) = line.split_once(' ').unwrap();
        let answer = engine.ok(method, path, body);
        assert_eq!(answer["hits"]["total"]["value"], 60, "{name}");
        // And what a shell is given gets the same answer.
        let curl = &own("number of hits").curl;
        let output = std::process::Command::new("sh").args(["-c", curl]).output().unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(answer["hits"]["total"]["value"], 60, "{name}: {curl}");
        assert!(calls.iter().any(|call| call.request.is_none() && call.purpose == "fields"));
    }
}

#[test]
fn a_remote_cluster_that_is_away_is_named() {
    let test = "a_remote_cluster_that_is_away_is_named";
    for &name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let Some(remote) = Engine::start_with(name, test, &[&format!("transport.port={port}")])
        else {
            return;
        };
        remote.fill("across", MAPPING, &documents(20));
        engine.fill("across", MAPPING, &documents(30));
        let remotes = json!({"persistent": {
            "cluster.remote.away.seeds": [format!("127.0.0.1:{port}")],
            "cluster.remote.away.skip_unavailable": true,
        }});
        engine.ok("PUT", "/_cluster/settings", &remotes.to_string());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let connection = Connection::to(&engine.url);
        let connect = ElasticSource::connect(&connection, "across,away:across", None);
        let source = runtime.block_on(connect).unwrap();
        let asked = Asked { runtime, source };
        let count = || {
            let update = asked.ask(&all(), Part::Total);
            let Answer::Total(total) = update.answer else { panic!("{name}: {update:?}") };
            (total.hits, update.warnings)
        };
        assert_eq!(count(), (50, Vec::new()), "{name}");
        drop(remote);
        let begun = Instant::now();
        let (hits, warnings) = loop {
            let counted = count();
            if counted.0 == 30 || begun.elapsed() > Duration::from_secs(30) {
                break counted;
            }
        };
        assert_eq!(hits, 30, "{name}");
        assert!(
            warnings.iter().any(|warning| warning.kind == WarningKind::Partial
                && warning.message.contains("did not answer")
                && warning.message.contains("leave it out of the pattern")),
            "{name}: {warnings:?}"
        );
        let none = json!({"persistent": {
            "cluster.remote.away.seeds": null, "cluster.remote.away.skip_unavailable": null,
        }});
        engine.ok("PUT", "/_cluster/settings", &none.to_string());
    }
}

#[test]
fn a_range_without_hits_lacks_nothing() {
    let test = "a_range_without_hits_lacks_nothing";
    for &name in names() {
        let Some(asked) = Asked::with(name, test, "no-hits", MAPPING, &documents(10)) else {
            return;
        };
        let mut none = all();
        none.range = TimeRange { from: Some(peavey::time::Millis(0)), to: None };
        none.range.to = none.range.from;
        for part in [page(), Part::Total, facet()] {
            let update = asked.ask(&none, part);
            assert_eq!(update.warnings, [], "{name}: skipped shards are no lost ones");
        }
    }
}
