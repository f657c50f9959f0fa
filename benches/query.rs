//! How soon an indexed log answers a new query: rows, histogram and three facets.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

mod support;

use std::time::Duration;

use peavey::query::{
    Answer, Breakdown, Clause, Direction, FacetRequest, HistogramRequest, Interval, PageRequest,
    Part, Update,
};
use peavey::source::local::{LocalSource, Options};

const STATUS: &str = "http.response.status_code";

fn main() {
    let path = support::log();
    let source = LocalSource::open(support::found(&[&path]), Options::default());
    support::wait_complete(&source);
    let term = |field: &str, value: serde_json::Value| Clause::Term {
        field: field.to_owned(),
        value,
        case_insensitive: None,
    };
    measure(&source, "everything, first touch", Clause::MatchAll);
    measure(&source, "everything, with columns", Clause::MatchAll);
    measure(&source, "status 404, a new query", term(STATUS, 404.into()));
    measure(&source, "status 500, a new query", term(STATUS, 500.into()));
    measure(&source, "status 500, again", term(STATUS, 500.into()));
    let both = Clause::all(vec![
        term("http.request.method", "GET".into()),
        Clause::negate(term(STATUS, 200.into())),
    ]);
    measure(&source, "GET and not 200, a new query", both);
    let text = Clause::RecordContains { text: "firefox/131".to_owned() };
    measure(&source, "record contains, first touch", text);
    support::tell(&format!("peak memory {} MB", support::peak_memory()), Duration::ZERO);
}

fn measure(source: &LocalSource, what: &str, clause: Clause) {
    let facet = |field: &str| Part::Facet(FacetRequest { field: field.to_owned(), size: 10 });
    let page = PageRequest {
        anchor: None,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields: Vec::new(),
    };
    let histogram = HistogramRequest {
        interval: Interval::Auto { buckets: 80 },
        by: Some(Breakdown::StatusClass { field: STATUS.to_owned() }),
    };
    let parts = vec![
        Part::Page(page),
        Part::Total,
        Part::Histogram(histogram),
        facet(STATUS),
        facet("http.request.method"),
        facet("http.version"),
    ];
    let updates = support::ask(source, support::search(clause), parts);
    let hits = updates.iter().rev().find_map(|(_, update)| match &update.answer {
        Answer::Total(total) => Some(total.hits),
        _ => None,
    });
    println!("{what}: {} hits, {} updates", hits.unwrap_or(0), updates.len());
    let first = |test: &dyn Fn(&Update) -> bool| {
        updates.iter().find(|(_, update)| test(update)).map_or(Duration::ZERO, |(took, _)| *took)
    };
    let has_rows = |update: &Update| matches!(&update.answer, Answer::Page(_));
    support::tell("  first rows", first(&has_rows));
    support::tell("  rows final", first(&|update| update.part == 0 && update.complete));
    support::tell("  first counts", first(&|update| update.part == 1));
    support::tell("  complete", updates.last().map_or(Duration::ZERO, |(took, _)| *took));
}
