//! Files and clusters together: half of the records in a file, half in an index, and what is asked
//! of both is what a file with all of them answers.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use peavey::event::Mapping;
use peavey::ingest::format::DetectOptions;
use peavey::ingest::{self, SourceArg};
use peavey::query::{
    Answer, Breakdown, Cursor, Direction, FacetRequest, Histogram, HistogramRequest, Interval,
    Language, Page, PageRequest, Part, Question, RequestId, Search, SearchRequest, Sort, SortOrder,
    Unlowered, Update, WarningKind,
};
use peavey::source::Source;
use peavey::source::local::{LocalSource, Options};
use peavey::source::merged::{MergedSource, Named, SOURCE_FIELD};
use peavey::time::{TimeRange, Zone};
use tokio_util::sync::CancellationToken;

use crate::support::engine::{Engine, names};
use crate::{Asked, MAPPING, documents, number};

/// Records in all.
const COUNT: usize = 900;

fn file(folder: &Path, name: &str, lines: &[String]) -> Arc<LocalSource> {
    let path = folder.join(name);
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    let argument = SourceArg::parse(path.to_str().unwrap()).unwrap();
    let found = ingest::discover(&[argument], &ingest::discover::Options::default());
    let mapping = Mapping::from_json(&serde_json::from_str(MAPPING).unwrap()).unwrap();
    let detect = DetectOptions { mapping: Some(Arc::new(mapping)), ..DetectOptions::default() };
    let source = LocalSource::open(found, Options { detect, ..Options::default() });
    source.wait_until_open();
    source
}

fn ask(source: &dyn Source, search: &Search, part: Part) -> Update {
    let (replies, mut answers) = tokio::sync::mpsc::channel(8);
    let request = SearchRequest { id: RequestId(1), search: search.clone(), parts: vec![part] };
    source.ask(request, replies, CancellationToken::new());
    while let Some(update) = answers.blocking_recv() {
        if update.complete {
            return update;
        }
    }
    panic!("no final answer");
}

fn page(
    source: &dyn Source,
    search: &Search,
    anchor: Option<Cursor>,
    direction: Direction,
) -> Page {
    let part = Part::Page(PageRequest {
        anchor,
        inclusive: false,
        direction,
        count: 97,
        fields: Vec::new(),
    });
    match ask(source, search, part).answer {
        Answer::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

/// All rows, page by page, in the search's order.
fn rows(source: &dyn Source, search: &Search, direction: Direction) -> Vec<(i64, i64)> {
    let (mut rows, mut anchor) = (Vec::new(), None);
    loop {
        let page = page(source, search, anchor, direction);
        let new: Vec<(i64, i64)> =
            page.hits.iter().map(|hit| (hit.time.unwrap().0, number(hit))).collect();
        let (edge, is_done) = match direction {
            Direction::After => (page.hits.last(), page.at_end),
            Direction::Before => (page.hits.first(), page.at_start),
        };
        anchor = edge.map(|hit| hit.cursor.clone());
        match direction {
            Direction::After => rows.extend(new),
            Direction::Before => {
                rows.splice(..0, new);
            }
        }
        assert!(rows.len() <= COUNT);
        if is_done {
            return rows;
        }
    }
}

fn search(source: &dyn Source, query: &str, order: SortOrder) -> Search {
    let question =
        Question { language: Language::Kql, text: query.to_owned(), filters: Vec::new() };
    let unlowered = Unlowered { question, ..Unlowered::default() };
    let clause = unlowered.lower(&source.status().borrow().view).unwrap();
    Search {
        clause: Arc::new(clause),
        unlowered: Some(Arc::new(unlowered)),
        range: TimeRange::ALL,
        sort: Sort { field: "@timestamp".to_owned(), order },
        zone: Zone::UTC,
    }
}

/// What does not depend on who counts: bars and series that count something.
type Bars = (Interval, Vec<(String, u64)>, Vec<(i64, u64, Vec<u64>)>);

fn bars(histogram: &Histogram) -> Bars {
    let shown: Vec<usize> =
        (0..histogram.series.len()).filter(|at| histogram.series[*at].count > 0).collect();
    let series = shown.iter().map(|at| &histogram.series[*at]);
    let buckets = histogram.buckets.iter().map(|bucket| {
        (bucket.start.0, bucket.count, shown.iter().map(|at| bucket.by[*at]).collect())
    });
    (
        histogram.interval,
        series.map(|series| (series.label.clone(), series.count)).collect(),
        buckets.collect(),
    )
}

#[test]
fn a_file_and_an_index_answer_as_one_file_with_all_records() {
    let test = "a_file_and_an_index_answer_as_one_file_with_all_records";
    let all = documents(COUNT);
    let half = |rest: usize| -> Vec<String> {
        all.iter()
            .enumerate()
            .filter(|(n, _)| n / 3 % 2 == rest)
            .map(|(_, it)| it.clone())
            .collect()
    };
    for name in names() {
        let Some(cluster) = Asked::with(name, test, "merged-half", MAPPING, &half(0)) else {
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let local = file(folder.path(), "half.ndjson", &half(1));
        let whole = file(folder.path(), "whole.ndjson", &all);
        let named = |name: &str, source| Named { name: name.to_owned(), source };
        let both = MergedSource::new(vec![
            named("cluster", Arc::clone(&cluster.source) as Arc<dyn Source>),
            named("file", local as Arc<dyn Source>),
        ])
        .unwrap();
        for query in
            ["", "status >= 400 and not service: s3", "message: done and agent: *url*", "n < 40"]
        {
            let asked = search(&*both, query, SortOrder::Descending);
            let expected = search(&*whole, query, SortOrder::Descending);
            let mut plain = rows(&*whole, &expected, Direction::After);
            for direction in [Direction::After, Direction::Before] {
                let mut read = rows(&*both, &asked, direction);
                assert!(read.is_sorted_by(|a, b| a.0 >= b.0), "{name} {query}");
                read.sort_unstable();
                plain.sort_unstable();
                assert_eq!(read, plain, "{name} {query} {direction:?}");
            }
            for part in [
                Part::Total,
                Part::Facet(FacetRequest { field: "service".to_owned(), size: 5 }),
                Part::Facet(FacetRequest { field: "status".to_owned(), size: 0 }),
            ] {
                let (ours, theirs) =
                    (ask(&*both, &asked, part.clone()), ask(&*whole, &expected, part.clone()));
                let case = format!("{name} {query} {part:?}");
                match (ours.answer, theirs.answer) {
                    (Answer::Total(ours), Answer::Total(theirs)) => {
                        assert_eq!(ours.hits, theirs.hits, "{case}");
                    }
                    (Answer::Facet(ours), Answer::Facet(theirs)) => {
                        let counts = |facet: &peavey::query::Facet| {
                            let values = facet.values.iter();
                            let values: Vec<(String, u64)> =
                                values.map(|it| (it.label.clone(), it.count)).collect();
                            (values, facet.other, facet.missing, facet.distinct, facet.hits)
                        };
                        assert_eq!(counts(&ours), counts(&theirs), "{case}");
                        assert_eq!(ours.error, 0, "{case}");
                    }
                    (ours, theirs) => panic!("{case}: {ours:?} {theirs:?}"),
                }
                assert_eq!(ours.warnings, []);
            }
            let by = |field: &str| Some(Breakdown::Values { field: field.to_owned(), top: 3 });
            for by in
                [None, Some(Breakdown::StatusClass { field: "status".to_owned() }), by("service")]
            {
                let request = HistogramRequest { interval: Interval::Auto { buckets: 40 }, by };
                let part = Part::Histogram(request.clone());
                let Answer::Histogram(ours) = ask(&*both, &asked, part).answer else {
                    panic!("no histogram")
                };
                // The width may be another where the time covered is told by other bars.
                let interval = ours.interval;
                let part = Part::Histogram(HistogramRequest { interval, ..request });
                let Answer::Histogram(theirs) = ask(&*whole, &expected, part).answer else {
                    panic!("no histogram")
                };
                assert_eq!(bars(&ours), bars(&theirs), "{name} {query}");
            }
        }
        check_places(&*both);
    }
}

/// A document, its neighbours and the next match are those of the row's own source.
fn check_places(both: &dyn Source) {
    let asked = search(both, "", SortOrder::Ascending);
    let first = page(both, &asked, None, Direction::After);
    for hit in first.hits.iter().take(8) {
        let update = ask(both, &asked, Part::Document(hit.cursor.clone()));
        let Answer::Document(Some(found)) = update.answer else { panic!("no document") };
        assert_eq!((&found.id, number(&found)), (&hit.id, number(hit)));
        let part = Part::Surrounding { of: hit.cursor.clone(), before: 2, after: 2 };
        let Answer::Surrounding { page, at } = ask(both, &asked, part).answer else {
            panic!("no neighbours")
        };
        assert_eq!(page.hits[at].id, hit.id);
        let source = |hit: &peavey::query::Hit| hit.document.first(SOURCE_FIELD);
        assert!(page.hits.iter().all(|near| source(near) == source(hit)));
        let (pattern, from) = ("request 7[0-9] ".to_owned(), Some(hit.cursor.clone()));
        let find = Part::Find { pattern, from, direction: Direction::After };
        let Answer::Found(Some(found)) = ask(both, &asked, find).answer else {
            panic!("not found")
        };
        assert!((70..75).contains(&number(&found)), "{}", number(&found));
        // And the table goes on from there.
        let after = self::page(both, &asked, Some(found.cursor.clone()), Direction::After);
        let before = self::page(both, &asked, Some(found.cursor), Direction::Before);
        assert_eq!(before.hits.len() + after.hits.len(), first.hits.len() + before.hits.len());
        assert!(before.hits.last().unwrap().time <= after.hits[0].time);
    }
}

#[test]
fn a_cluster_that_dies_leaves_the_file_alive() {
    let test = "a_cluster_that_dies_leaves_the_file_alive";
    let Some(engine) = Engine::start("os38", test) else { return };
    let all = documents(COUNT);
    let cluster = Asked::on(&engine, "merged-dies", MAPPING, &all[..COUNT / 2]);
    let folder = tempfile::tempdir().unwrap();
    let local = file(folder.path(), "later.ndjson", &all[COUNT / 2..]);
    let both = MergedSource::new(vec![
        Named { name: "prod".to_owned(), source: Arc::clone(&cluster.source) as Arc<dyn Source> },
        Named { name: "later.ndjson".to_owned(), source: local as Arc<dyn Source> },
    ])
    .unwrap();
    let asked = search(&*both, "", SortOrder::Descending);
    let first = page(&*both, &asked, None, Direction::After);
    drop(engine);
    let anchor = first.hits.last().map(|hit| hit.cursor.clone());
    let part = Part::Page(PageRequest {
        anchor,
        inclusive: false,
        direction: Direction::After,
        count: COUNT,
        fields: Vec::new(),
    });
    let begun = Instant::now();
    let update = ask(&*both, &asked, part);
    assert!(begun.elapsed() < Duration::from_secs(60));
    let Answer::Page(rest) = update.answer else { panic!("{:?}", update.answer) };
    assert_eq!(first.hits.len() + rest.hits.len(), COUNT - COUNT / 2);
    let warning = &update.warnings[0];
    assert_eq!(warning.kind, WarningKind::Partial);
    assert!(warning.message.starts_with("prod: "), "{}", warning.message);
}

fn peavey(arguments: &[&str]) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn files_and_clusters_are_written_and_counted_together() {
    let test = "files_and_clusters_are_written_and_counted_together";
    let all = documents(COUNT);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.ndjson");
    std::fs::write(&path, all[COUNT / 3 * 2..].join("\n") + "\n").unwrap();
    let path = path.to_str().unwrap();
    let mut addresses = Vec::new();
    for (at, name) in names().iter().enumerate().take(2) {
        let Some(engine) = Engine::shared(name, test) else { return };
        let kind = ["integer", "keyword"][at];
        let mapping = MAPPING
            .replace(r#""status":{"type":"integer"}"#, &format!(r#""status":{{"type":"{kind}"}}"#));
        engine.fill("merged-part", &mapping, &all[at * COUNT / 3..(at + 1) * COUNT / 3]);
        addresses.push(format!("{}/merged-part", engine.url));
    }
    let sources: Vec<&str> = addresses.iter().map(String::as_str).chain([path]).collect();
    let query = |more: &[&str]| {
        let (status, out, errors) = peavey(&[&["query"], more, &sources].concat());
        assert_eq!((status, errors.as_str()), (Some(0), ""), "{more:?}");
        out
    };
    assert_eq!(query(&["--format", "count"]).trim(), COUNT.to_string());
    // A number here and a keyword there: each source reads the query with its own type.
    let of_502 = query(&["-q", "status: 502", "--format", "count"]);
    assert_eq!(of_502.trim(), (COUNT / 5).to_string());
    let rows = query(&["--format", "ndjson", "--fields", "n,peavey.source"]);
    let numbers: Vec<i64> = rows
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["n"].as_i64().unwrap())
        .collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..COUNT as i64).collect::<Vec<_>>());
    assert!(numbers.iter().zip(&sorted).all(|(a, b)| a / 5 == b / 5), "by time");
    let of_file = query(&["-q", "peavey.source: part.ndjson", "--format", "count"]);
    assert_eq!(of_file.trim(), (COUNT / 3).to_string());
    let facet = query(&["--facet", "peavey.source", "--format", "ndjson"]);
    assert!(facet.contains(r#"{"value":"part.ndjson","count":300}"#), "{facet}");
    let (_, fields, _) = peavey(&[&["fields"], &sources[..]].concat());
    let status = fields.lines().find(|line| line.starts_with("status")).unwrap();
    assert!(status.contains("conflict") && status.contains("part.ndjson"), "{status}");
}

#[test]
fn a_cluster_that_cannot_be_reached_is_told_and_the_rest_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("here.ndjson");
    std::fs::write(&path, documents(50).join("\n") + "\n").unwrap();
    let gone = "http://127.0.0.1:1/logs";
    let (status, out, errors) =
        peavey(&["query", "--format", "ndjson", gone, path.to_str().unwrap()]);
    assert_eq!((status, out.lines().count()), (Some(2), 50), "{errors}");
    assert!(errors.contains("127.0.0.1:1: "), "{errors}");
    let (status, out, errors) = peavey(&["query", gone, "http://127.0.0.1:1/other"]);
    assert_eq!((status, out.as_str()), (Some(2), ""), "{errors}");
    let (status, _, errors) = peavey(&["query", gone, "/nowhere/at/all.log"]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("/nowhere/at/all.log"), "{errors}");
}
