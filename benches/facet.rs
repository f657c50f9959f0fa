//! How long it takes to count the statuses of an access log, without a screen.
//!
//! `PEAVEY_BENCH_LOG` names the log; its lines are counted too, as a measure of the machine.

mod support;

use std::time::Instant;

use peavey::query::{
    Answer, Breakdown, Clause, FacetRequest, HistogramRequest, Interval, Part, SortOrder,
};
use peavey::source::local::Options;
use peavey::source::local::scan::{Opened, RowOptions};

fn main() {
    let path = support::log();
    let began = Instant::now();
    let lines = count_lines(&path);
    let wc = began.elapsed();
    support::tell(&format!("lines counted ({lines})"), wc);
    let facet = |field: &str| Part::Facet(FacetRequest { field: field.to_owned(), size: 10 });
    let by = Breakdown::StatusClass { field: "http.response.status_code".to_owned() };
    let histogram = Part::Histogram(HistogramRequest {
        interval: Interval::Fixed { millis: 60_000 },
        by: Some(by),
    });
    let term = |value: i64| Clause::Term {
        field: "http.response.status_code".to_owned(),
        value: value.into(),
        case_insensitive: None,
    };
    let questions = [
        ("status facet", Clause::MatchAll, vec![facet("http.response.status_code")]),
        ("histogram by status", Clause::MatchAll, vec![histogram]),
        ("source.ip facet", Clause::MatchAll, vec![facet("source.ip")]),
        ("url.path facet", Clause::MatchAll, vec![facet("url.path")]),
        ("url.path facet of status 500", term(500), vec![facet("url.path")]),
        (
            "total of records that contain \"timeout\"",
            Clause::RecordContains { text: "timeout".to_owned() },
            vec![Part::Total],
        ),
    ];
    for (what, clause, parts) in questions {
        let began = Instant::now();
        let opened = Opened::open(&support::found(&[&path]), Options::default());
        let counted = opened.aggregate(&support::search(clause), &parts).expect("it is no error");
        let took = began.elapsed();
        let ratio = took.as_secs_f64() / wc.as_secs_f64();
        let total = match &counted.answers[0] {
            Answer::Facet(facet) => facet.hits,
            Answer::Histogram(histogram) => histogram.buckets.iter().map(|at| at.count).sum(),
            Answer::Total(total) => total.hits,
            _ => 0,
        };
        support::tell(&format!("{what} ({total} hits, {ratio:.1} x lines)"), took);
    }
    let opened = Opened::open(&support::found(&[&path]), Options::default());
    let mut ascending = support::search(term(404));
    ascending.sort.order = SortOrder::Ascending;
    let streamed = support::time("raw rows of status 404", || {
        let mut sink = |_| std::ops::ControlFlow::Continue(());
        opened.rows(&ascending, &RowOptions::default(), &mut sink).expect("it is no error")
    });
    assert!(streamed.rows <= lines);
    support::tell(&format!("peak memory {} MB; all", support::peak_memory()), began.elapsed());
}

fn count_lines(path: &std::path::Path) -> u64 {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path).expect("the log can be read");
    let mut buffer = vec![0; 256 << 10];
    let mut lines = 0;
    loop {
        let count = file.read(&mut buffer).expect("the log can be read");
        if count == 0 {
            return lines;
        }
        lines += memchr::memchr_iter(b'\n', &buffer[..count]).count() as u64;
    }
}
