//! The same question to both engines: random questions about the same records in local files and in
//! real indices with the same mapping are answered alike: rows, totals, bars and values.
//!
//! `PEAVEY_SEED` and `PEAVEY_QUESTIONS` (in all; 2,000 by default) choose; what fails says its
//! number, and `PEAVEY_QUESTION=N` asks that one alone.

mod compare;
mod corpus;
mod fixed;
mod kql;
mod lucene;
mod question;
mod random;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use peavey::query::{
    Answer, Clause, Direction, PageRequest, Part, QueryConfig, RequestId, Search, SearchRequest,
};
use peavey::source::Source;
use serde_json::Value as Json;
use tokio_util::sync::CancellationToken;

use self::compare::{Said, difference};
use self::corpus::{Corpus, text_of};
use self::question::Asking;
use self::random::Random;
use crate::Asked;
use crate::support::{self, engine::Engine, engine::names};

/// Questions that are asked at a time.
const AT_ONCE: usize = 3;

/// Asks a source; the last answer to each part.
async fn ask(
    source: &dyn Source,
    search: &Search,
    parts: Vec<Part>,
) -> Result<Vec<Answer>, String> {
    let (replies, mut updates) = tokio::sync::mpsc::channel(16);
    let mut answers: Vec<Option<Answer>> = parts.iter().map(|_| None).collect();
    let request = SearchRequest { id: RequestId(1), search: search.clone(), parts };
    source.ask(request, replies, CancellationToken::new());
    while let Some(update) = updates.recv().await {
        if update.complete {
            answers[update.part] = Some(update.answer);
        }
        if answers.iter().all(Option::is_some) {
            break;
        }
    }
    let whole: Option<Vec<Answer>> = answers.into_iter().collect();
    whole.ok_or_else(|| "a part was not answered".to_owned())
}

/// What came of one question.
enum Outcome {
    /// The same answer, with so many records.
    Same(usize),
    /// Both refused it.
    Refused,
    /// Something else.
    Differs(String),
}

/// Asks both.
async fn compared(corpus: &Corpus, cluster: &dyn Source, asking: &Asking) -> Outcome {
    let status = cluster.status();
    let view = Arc::clone(&status.borrow().view);
    let config =
        QueryConfig { date_format_tz: Some(asking.zone.to_string()), ..QueryConfig::default() };
    // Each with the fields that it knows itself.
    let lowered =
        (asking.question.lower(&corpus.view, &config), asking.question.lower(&view, &config));
    let (own, theirs) = match lowered {
        (Ok(own), Ok(theirs)) => (own, theirs),
        (Err(_), Err(_)) => return Outcome::Refused,
        (Err(wrong), Ok(_)) => return Outcome::Differs(format!("not lowered: {}", wrong.message)),
        (Ok(_), Err(wrong)) => return Outcome::Differs(format!("there not: {}", wrong.message)),
    };
    let search = |clause: Clause| Search {
        clause: Arc::new(clause),
        unlowered: None,
        range: asking.range,
        sort: asking.sort.clone(),
        zone: asking.zone,
    };
    let parts = || {
        let page = PageRequest {
            anchor: None,
            inclusive: false,
            direction: Direction::After,
            count: 9_000,
            fields: vec!["@timestamp".to_owned()],
        };
        vec![
            Part::Page(page),
            Part::Total,
            Part::Histogram(asking.histogram.clone()),
            Part::Facet(asking.facet.clone()),
        ]
    };
    let (own, theirs) = (search(own), search(theirs));
    let answers = tokio::join!(ask(&*corpus.local, &own, parts()), ask(cluster, &theirs, parts()));
    let answers = (answers.0.and_then(Said::of), answers.1.and_then(Said::of));
    match answers {
        (Ok(own), Ok(theirs)) => match difference(&own, &theirs, &corpus.numbers) {
            None => Outcome::Same(own.page.hits.len()),
            Some(what) => {
                // The first record that the difference names.
                let named = what.split('[').nth(1).and_then(|list| list.split([',', ']']).next());
                let named = named.and_then(|number| number.parse::<usize>().ok());
                let record = named.map_or("", |number| corpus.documents[number].as_str());
                Outcome::Differs(format!("{what} {record}"))
            }
        },
        (Err(_), Err(_)) => Outcome::Refused,
        (Ok(own), Err(reason)) => {
            Outcome::Differs(format!("{} records, refused there: {reason}", own.page.hits.len()))
        }
        // An engine does not read a condition that it would refuse beside one that nothing meets.
        (Err(_), Ok(theirs)) if theirs.page.hits.is_empty() => Outcome::Refused,
        (Err(reason), Ok(theirs)) => {
            Outcome::Differs(format!("refused: {reason}; there {} records", theirs.page.hits.len()))
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Counts of what came of the questions about one corpus on one engine.
#[derive(Default)]
struct Tally {
    found: usize,
    refused: usize,
    wrong: Vec<String>,
}

/// Asks the questions `range` of a corpus, some at a time.
fn run(asked: &Asked, corpus: &Arc<Corpus>, seed: u64, numbers: std::ops::Range<u64>) -> Tally {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let next = Arc::new(AtomicU64::new(numbers.start));
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (tally, next) = (Arc::clone(&tally), Arc::clone(&next));
            let (corpus, cluster) = (Arc::clone(corpus), Arc::clone(&asked.source));
            let end = numbers.end;
            asked.runtime.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return;
                    }
                    let asking = Asking::random(&mut Random::new(seed, number), &corpus);
                    let outcome = compared(&corpus, &*cluster, &asking).await;
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    match outcome {
                        Outcome::Same(records) => tally.found += usize::from(records > 0),
                        Outcome::Refused => tally.refused += 1,
                        Outcome::Differs(what) => {
                            tally.wrong.push(format!("#{number} {}\n    {what}", asking.shown()));
                        }
                    }
                }
            })
        })
        .collect();
    for worker in workers {
        asked.runtime.block_on(worker).unwrap();
    }
    Arc::into_inner(tally).unwrap().into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Asks this corpus' share of the questions of the newest engines.
fn check(test: &str, share: f64, open: impl Fn(&tokio::runtime::Runtime) -> Corpus) {
    let seed = setting("PEAVEY_SEED").unwrap_or(20_261_122);
    let questions = setting("PEAVEY_QUESTIONS").unwrap_or(2_000) as f64;
    let numbers = match setting("PEAVEY_QUESTION") {
        Some(one) => one..one + 1,
        None => 0..(questions * share) as u64,
    };
    let engines: Vec<&Engine> =
        names().iter().map_while(|name| Engine::shared(name, test)).collect();
    if engines.is_empty() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap();
    let corpus = Arc::new(open(&runtime));
    let mut failed = String::new();
    for engine in engines {
        let begun = Instant::now();
        let asked = corpus.index(engine);
        for text in std::env::var("PEAVEY_ASK").iter().flat_map(|all| all.lines()) {
            let asking = Asking::plain(peavey::query::Language::Kql, text);
            match asked.runtime.block_on(compared(&corpus, &*asked.source, &asking)) {
                Outcome::Same(count) => println!("ASKED {text}: {count}"),
                Outcome::Refused => println!("ASKED {text}: refused"),
                Outcome::Differs(what) => println!("ASKED {text}: {what}"),
            }
        }
        let count = (numbers.end - numbers.start) as usize;
        let tally = run(&asked, &corpus, seed, numbers.clone());
        let (name, set) = (engine.name, corpus.name);
        println!(
            "{name} {set}: PEAVEY_SEED={seed}, {count} questions about {} records in {} ms: {} found something, {} refused by both, {} differ",
            corpus.documents.len(),
            begun.elapsed().as_millis(),
            tally.found,
            tally.refused,
            tally.wrong.len()
        );
        if count > 50 && tally.found < count / 3 {
            failed.push_str(&format!("{name} {set}: the questions find too little\n"));
        }
        for wrong in tally.wrong.iter().take(setting("PEAVEY_SHOWN").unwrap_or(10) as usize) {
            failed.push_str(&format!("{name} {set} {wrong}\n"));
        }
    }
    assert!(failed.is_empty(), "the engines differ (PEAVEY_SEED={seed}):\n{failed}");
}

/// The first lines of a sample; `PEAVEY_LINES` says how many.
fn sample(path: &str) -> String {
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    shortened(&text_of(&samples.join(path)))
}

fn shortened(text: &str) -> String {
    let most = setting("PEAVEY_LINES").unwrap_or(400) as usize;
    text.lines().take(most).flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn web_logs_are_answered_alike() {
    check("web_logs_are_answered_alike", 0.25, |runtime| {
        let files = [("weblogs.ndjson", sample("weblogs/weblogs.ndjson.gz"))];
        Corpus::open(runtime, "weblogs", &files, None)
    });
}

#[test]
fn kibanas_sample_web_logs_are_answered_alike() {
    let test = "kibanas_sample_web_logs_are_answered_alike";
    let Some(shared) = support::shared_or_skip(test) else { return };
    check(test, 0.1, |runtime| {
        let folder = shared.join("eval");
        let mapping: Json =
            serde_json::from_str(&text_of(&folder.join("weblogs.mapping.json"))).unwrap();
        let files = [("kibana.ndjson", shortened(&text_of(&folder.join("weblogs.ndjson"))))];
        Corpus::open(runtime, "kibana", &files, Some(&mapping))
    });
}

#[test]
fn parcel_tracking_is_answered_alike() {
    check("parcel_tracking_is_answered_alike", 0.2, |runtime| {
        let files = ["django.log", "celery.log", "react.log"]
            .map(|name| (name, sample(&format!("parcel-tracking/{name}.gz"))));
        Corpus::open(runtime, "parcel", &files, None)
    });
}

#[test]
fn nginx_logs_are_answered_alike() {
    check("nginx_logs_are_answered_alike", 0.2, |runtime| {
        let files = [("access.log", sample("parcel-tracking/nginx/access.log.gz"))];
        Corpus::open(runtime, "nginx", &files, None)
    });
}

#[test]
fn hostile_documents_are_answered_alike() {
    check("hostile_documents_are_answered_alike", 0.35, |runtime| {
        hostile_corpus(runtime, "hostile")
    });
}

#[test]
fn what_once_differed_is_answered_alike() {
    let test = "what_once_differed_is_answered_alike";
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_time()
        .build()
        .unwrap();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let corpus = hostile_corpus(&runtime, "fixed");
        let asked = corpus.index(engine);
        for (was, asking) in fixed::questions() {
            match asked.runtime.block_on(compared(&corpus, &*asked.source, &asking)) {
                Outcome::Same(_) => {}
                Outcome::Refused => panic!("{name}: {was}: refused {}", asking.shown()),
                Outcome::Differs(what) => panic!("{name}: {was}: {}\n{what}", asking.shown()),
            }
        }
    }
}

fn hostile_corpus(runtime: &tokio::runtime::Runtime, name: &'static str) -> Corpus {
    let mapping: Json =
        serde_json::from_str(&text_of(&support::data("eval/hostile.mapping.json"))).unwrap();
    let files = [("hostile.ndjson", hostile())];
    Corpus::open(runtime, name, &files, Some(&mapping))
}

/// Documents made to trip an evaluator; some of them without a time, or with one in another form.
fn hostile() -> String {
    let text = text_of(&support::data("eval/hostile.ndjson"));
    let mut lines = String::new();
    for (at, line) in text.lines().enumerate() {
        let mut document: Json = serde_json::from_str(line).unwrap();
        let time = document["@timestamp"].as_str().unwrap_or_default().to_owned();
        let other = match at % 23 {
            3 => None,
            7 => Some(Json::from(time.replace('Z', "+02:00"))),
            11 => Some(Json::from(&time[..10])),
            13 => Some(Json::from(1_711_843_200_000_i64 + at as i64 * 977)),
            17 => Some(Json::from((1_711_843_200_000_i64 + at as i64 * 977).to_string())),
            _ => {
                lines.push_str(line);
                lines.push('\n');
                continue;
            }
        };
        match (other, document.as_object_mut()) {
            (Some(other), Some(fields)) => fields.insert("@timestamp".to_owned(), other),
            (None, Some(fields)) => fields.shift_remove("@timestamp"),
            (_, None) => None,
        };
        lines.push_str(&document.to_string());
        lines.push('\n');
    }
    lines
}
