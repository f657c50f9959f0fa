//! The client against real nodes: what is asked through the trait of all sources is what is there.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::explicit_auto_deref,
    clippy::format_push_string,
    reason = "a test may fail"
)]

mod command;
mod differential;
mod secured;
#[path = "../support/mod.rs"]
mod support;

use std::sync::Arc;

use peavey::query::{
    Answer, Breakdown, Clause, Cursor, Direction, FacetRequest, HistogramRequest, Interval, Page,
    PageRequest, Part, RequestId, Search, SearchRequest, Sort, SortOrder, Update,
};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource};
use peavey::time::{Millis, TimeRange, Zone};
use serde_json::json;
use support::engine::{Engine, names};
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
    fn open(name: &'static str, test: &str, count: usize) -> Option<Self> {
        Self::with(name, test, &format!("logs-{count}"), MAPPING, &documents(count))
    }

    fn with(
        name: &'static str,
        test: &str,
        index: &str,
        mapping: &str,
        documents: &[String],
    ) -> Option<Self> {
        let engine = Engine::shared(name, test)?;
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
        Some(Self { runtime, source })
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

#[test]
fn pages_walk_the_whole_answer_both_ways_without_loss() {
    for name in names() {
        let Some(asked) =
            Asked::open(name, "pages_walk_the_whole_answer_both_ways_without_loss", 523)
        else {
            return;
        };
        for order in [SortOrder::Ascending, SortOrder::Descending] {
            let search = search(Clause::MatchAll, order);
            let (mut forward, mut anchor) = (Vec::new(), None);
            loop {
                let page = asked.page(&search, anchor, Direction::After, 50);
                assert_eq!(page.at_start, forward.is_empty(), "{name}");
                forward.extend(page.hits.iter().map(number));
                if page.at_end {
                    break;
                }
                anchor = page.hits.last().map(|hit| hit.cursor.clone());
            }
            let mut sorted = forward.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..523).collect::<Vec<i64>>(), "{name}: each once");
            let seconds: Vec<i64> = forward.iter().map(|n| n / 5).collect();
            let in_order = match order {
                SortOrder::Ascending => seconds.is_sorted(),
                SortOrder::Descending => seconds.iter().rev().is_sorted(),
            };
            assert!(in_order, "{name}");
            let (mut backward, mut anchor) = (Vec::new(), None);
            loop {
                let page = asked.page(&search, anchor, Direction::Before, 50);
                backward.splice(0..0, page.hits.iter().map(number));
                if page.at_start {
                    break;
                }
                anchor = page.hits.first().map(|hit| hit.cursor.clone());
            }
            assert_eq!(backward.len(), 523, "{name}");
        }
    }
}

#[test]
fn total_histogram_and_facets_are_exact() {
    for name in names() {
        let Some(asked) = Asked::open(name, "total_histogram_and_facets_are_exact", 600) else {
            return;
        };
        let all = search(Clause::MatchAll, SortOrder::Descending);
        let errors = search(
            Clause::Range {
                field: "status".to_owned(),
                lower: Some(peavey::query::Bound { value: json!(500), inclusive: true }),
                upper: None,
                format: None,
                time_zone: None,
            },
            SortOrder::Descending,
        );
        let Answer::Total(total) = asked.ask(&errors, Part::Total).answer else { panic!("{name}") };
        assert_eq!((total.hits, total.of), (120, 600), "{name}");
        let request = HistogramRequest {
            interval: Interval::Fixed { millis: 60_000 },
            by: Some(Breakdown::StatusClass { field: "status".to_owned() }),
        };
        let Answer::Histogram(histogram) = asked.ask(&all, Part::Histogram(request)).answer else {
            panic!("{name}")
        };
        assert_eq!(
            histogram.buckets.iter().map(|bucket| bucket.count).collect::<Vec<_>>(),
            [300, 300],
            "{name}"
        );
        let series: Vec<(&str, u64)> =
            histogram.series.iter().map(|series| (series.label.as_str(), series.count)).collect();
        assert_eq!(
            series,
            [("1xx", 0), ("2xx", 240), ("3xx", 120), ("4xx", 120), ("5xx", 120)],
            "{name}"
        );
        let Answer::Facet(facet) = asked
            .ask(&all, Part::Facet(FacetRequest { field: "service".to_owned(), size: 3 }))
            .answer
        else {
            panic!("{name}")
        };
        assert_eq!(
            (facet.missing, facet.distinct, facet.hits, facet.error),
            (12, 7, 600, 0),
            "{name}"
        );
        let listed: u64 = facet.values.iter().map(|value| value.count).sum();
        assert_eq!(listed + facet.other + facet.missing, 600, "{name}");
        let Answer::Facet(facet) = asked
            .ask(&all, Part::Facet(FacetRequest { field: "agent".to_owned(), size: 10 }))
            .answer
        else {
            panic!("{name}")
        };
        assert_eq!(facet.values[0].label, "curl/0", "{name}: the keyword sub-field of a text");
    }
}

#[test]
fn neighbours_are_of_the_same_file_and_find_walks_the_hits() {
    for name in names() {
        let Some(asked) =
            Asked::open(name, "neighbours_are_of_the_same_file_and_find_walks_the_hits", 300)
        else {
            return;
        };
        let errors = search(
            Clause::Term {
                field: "log.level".to_owned(),
                value: json!("ERROR"),
                case_insensitive: None,
            },
            SortOrder::Ascending,
        );
        let page = asked.page(&errors, None, Direction::After, 10);
        let hit = &page.hits[5];
        let part = Part::Surrounding { of: hit.cursor.clone(), before: 4, after: 6 };
        let Answer::Surrounding { page, at } = asked.ask(&errors, part).answer else {
            panic!("{name}")
        };
        assert_eq!((page.hits.len(), at), (11, 4), "{name}");
        assert_eq!(page.hits[at].id, hit.id, "{name}");
        let parity = number(hit) % 2;
        assert!(
            page.hits.iter().all(|hit| number(hit) % 2 == parity),
            "{name}: another file's records"
        );
        let part = Part::Find {
            pattern: "request 2[0-9]8 ".to_owned(),
            from: None,
            direction: Direction::After,
        };
        let Answer::Found(Some(found)) = asked.ask(&errors, part).answer else { panic!("{name}") };
        assert_eq!(number(&found), 208, "{name}");
        let part = Part::Document(found.cursor);
        let Answer::Document(Some(document)) = asked.ask(&errors, part).answer else {
            panic!("{name}")
        };
        let raw = String::from_utf8_lossy(document.raw.as_deref().unwrap()).into_owned();
        assert_eq!(raw, documents(300)[208], "{name}: the exact source");
        let part = Part::Suggest { field: "service".to_owned(), text: "S1".to_owned(), size: 5 };
        let Answer::Suggestions(values) = asked.ask(&errors, part).answer else { panic!("{name}") };
        assert_eq!(
            values.iter().map(|value| value.label.as_str()).collect::<Vec<_>>(),
            ["s1"],
            "{name}"
        );
    }
}
