//! The engine against plain reading: every record decoded and matched by itself.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::scan::{Opened, RowOptions};
use super::{LocalSource, Options};
use crate::ingest::SourceArg;
use crate::ingest::discover::{self, discover};
use crate::query::{
    Answer, Breakdown, Clause, Cursor, Direction, Facet, FacetRequest, HistogramRequest, Interval,
    Page, PageRequest, Part, RequestId, Search, SearchRequest, Sort, SortOrder, Update,
};
use crate::source::Source;
use crate::time::{Millis, TimeRange, Zone};

/// A log in a folder of its own, opened with small blocks.
struct Fixture {
    source: Arc<LocalSource>,
    options: Options,
    folder: tempfile::TempDir,
}

const STATUS: &str = "http.response.status_code";

/// An access log: one request each second but for every tenth, which is a second late.
fn access_log(lines: usize) -> String {
    let mut text = String::new();
    for at in 0..lines {
        let time = if at % 10 == 9 { at - 1 } else { at };
        let (minute, second) = (time / 60 % 60, time % 60);
        let status = [200, 200, 200, 304, 404, 500, 200][at % 7];
        writeln!(
            text,
            "10.0.0.{} - - [24/Nov/2025:{:02}:{minute:02}:{second:02} +0000] \"GET /p/{} HTTP/1.1\" \
             {status} {} \"-\" \"agent {}\"",
            at % 5,
            time / 3600,
            at % 11,
            at * 3,
            if at % 13 == 0 { "timeout" } else { "fine" },
        )
        .unwrap();
    }
    text
}

fn options(block: u32) -> Options {
    let mut options = Options { threads: 2, ..Options::default() };
    options.limits.block = block;
    options
}

fn fixture(files: &[(&str, &str)], options: Options) -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let source = LocalSource::open(found(folder.path()), options.clone());
    Fixture { source, options, folder }
}

fn found(folder: &Path) -> crate::ingest::Discovered {
    let argument = SourceArg::parse(folder.to_str().unwrap());
    discover(&[argument.unwrap()], &discover::Options::default())
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

fn term(field: &str, value: impl Into<serde_json::Value>) -> Clause {
    Clause::Term { field: field.to_owned(), value: value.into(), case_insensitive: None }
}

impl Fixture {
    /// The final answers, in the order of the parts, and how many updates came in all.
    fn ask(&self, search: Search, parts: Vec<Part>) -> Vec<Answer> {
        let updates = self.updates(search, parts);
        let mut finals: Vec<_> = updates.into_iter().filter(|update| update.complete).collect();
        finals.sort_by_key(|update| update.part);
        finals.into_iter().map(|update| update.answer).collect()
    }

    fn updates(&self, search: Search, parts: Vec<Part>) -> Vec<Update> {
        let (sender, mut receiver) = mpsc::channel(1000);
        let count = parts.len();
        let request = SearchRequest { id: RequestId(1), search, parts };
        self.source.ask(request, sender, CancellationToken::new());
        let mut updates = Vec::new();
        let mut finals = 0;
        while finals < count {
            let Some(update) = receiver.blocking_recv() else { break };
            finals += usize::from(update.complete);
            updates.push(update);
        }
        updates
    }

    fn page(
        &self,
        search: &Search,
        anchor: Option<&Cursor>,
        direction: Direction,
        count: usize,
    ) -> Page {
        let request = PageRequest {
            anchor: anchor.cloned(),
            inclusive: false,
            direction,
            count,
            fields: Vec::new(),
        };
        match self.ask(search.clone(), vec![Part::Page(request)]).remove(0) {
            Answer::Page(page) => page,
            other => panic!("{other:?} is no page"),
        }
    }

    fn facet(&self, search: Search, field: &str, size: usize) -> Facet {
        let request = FacetRequest { field: field.to_owned(), size };
        match self.ask(search, vec![Part::Facet(request)]).remove(0) {
            Answer::Facet(facet) => facet,
            other => panic!("{other:?} is no facet"),
        }
    }

    fn total(&self, search: Search) -> (u64, u64) {
        match self.ask(search, vec![Part::Total]).remove(0) {
            Answer::Total(total) => (total.hits, total.of),
            other => panic!("{other:?} is no total"),
        }
    }

    /// The same files, for scans.
    fn scan(&self) -> Opened {
        Opened::open(&found(self.folder.path()), self.options.clone())
    }

    /// Identities of the rows that a scan gives.
    fn scanned(&self, search: &Search) -> Vec<String> {
        scanned(&self.scan(), search)
    }

    fn wait_complete(&self) {
        let status = self.source.status();
        while !status.borrow().complete {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn scanned(scan: &Opened, search: &Search) -> Vec<String> {
    let mut rows = Vec::new();
    let mut sink = |hit: crate::query::Hit| {
        rows.push(hit.id.0.to_string());
        std::ops::ControlFlow::Continue(())
    };
    scan.rows(search, &RowOptions::default(), &mut sink).unwrap();
    rows
}

fn ids(page: &Page) -> Vec<String> {
    page.hits.iter().map(|hit| hit.id.0.to_string()).collect()
}

#[test]
fn a_facet_counts_every_record_once() {
    let log = fixture(&[("access.log", &access_log(1000))], options(4 << 10));
    let facet = log.facet(search(Clause::MatchAll, SortOrder::Descending), STATUS, 10);
    let counts: Vec<_> =
        facet.values.iter().map(|value| (value.label.clone(), value.count)).collect();
    let expected = [("200", 571), ("304", 143), ("404", 143), ("500", 143)];
    assert_eq!(counts, expected.map(|(label, count)| (label.to_owned(), count)));
    assert_eq!((facet.hits, facet.missing, facet.other, facet.distinct), (1000, 0, 0, 4));
    let two = log.facet(search(Clause::MatchAll, SortOrder::Descending), STATUS, 2);
    assert_eq!((two.values.len(), two.other), (2, 286));
}

#[test]
fn pages_walk_through_everything_in_both_directions() {
    let old = access_log(120);
    let new = access_log(300);
    for block in [600, 5_000, 1 << 20] {
        let log = fixture(&[("a.log", &old), ("b.log", &new)], options(block));
        let descending = search(Clause::MatchAll, SortOrder::Descending);
        let ascending = search(Clause::MatchAll, SortOrder::Ascending);
        let mut all = ids(&log.page(&descending, None, Direction::After, 1000));
        assert_eq!(all.len(), 420);
        let mut reverse = ids(&log.page(&ascending, None, Direction::After, 1000));
        reverse.reverse();
        assert_eq!(all, reverse, "newest first is the exact reverse");
        let mut walked = Vec::new();
        let mut page = log.page(&descending, None, Direction::After, 47);
        assert!(page.at_start);
        while let Some(last) = page.hits.last() {
            let anchor = last.cursor.clone();
            walked.extend(ids(&page));
            page = log.page(&descending, Some(&anchor), Direction::After, 47);
        }
        assert!(page.at_end);
        assert_eq!(walked, all, "forwards with blocks of {block}");
        let mut back = Vec::new();
        let mut page = log.page(&descending, None, Direction::Before, 31);
        while let Some(first) = page.hits.first() {
            let anchor = first.cursor.clone();
            back.splice(0..0, ids(&page));
            page = log.page(&descending, Some(&anchor), Direction::Before, 31);
        }
        assert_eq!(back, all, "backwards with blocks of {block}");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 420, "each record once");
    }
}

#[test]
fn queries_by_column_and_by_text_find_the_same_records() {
    let text = access_log(800);
    let log = fixture(&[("access.log", &text)], options(9_000));
    let expected = text.lines().filter(|line| line.contains(" 404 ")).count() as u64;
    let by_column = search(term(STATUS, 404), SortOrder::Descending);
    assert_eq!(log.total(by_column), (expected, 800));
    let needle = Clause::RecordContains { text: "agent TIMEOUT".to_owned() };
    let expected = text.lines().filter(|line| line.contains("agent timeout")).count() as u64;
    assert_eq!(log.total(search(needle.clone(), SortOrder::Descending)), (expected, 800));
    let both = Clause::all(vec![needle, term(STATUS, 404)]);
    let expected = text
        .lines()
        .filter(|line| line.contains("agent timeout") && line.contains(" 404 "))
        .count() as u64;
    assert_eq!(log.total(search(both, SortOrder::Descending)), (expected, 800));
}

#[test]
fn a_histogram_covers_what_is_there() {
    let log = fixture(&[("access.log", &access_log(600))], options(7_000));
    let by = Some(Breakdown::StatusClass { field: STATUS.to_owned() });
    let request = HistogramRequest { interval: Interval::Fixed { millis: 60_000 }, by };
    let all = search(Clause::MatchAll, SortOrder::Descending);
    let Answer::Histogram(histogram) = log.ask(all, vec![Part::Histogram(request)]).remove(0)
    else {
        panic!("no histogram")
    };
    let labels: Vec<_> = histogram.series.iter().map(|series| series.label.as_str()).collect();
    assert_eq!(labels, ["2xx", "3xx", "4xx", "5xx"]);
    assert_eq!(histogram.buckets.len(), 10);
    assert_eq!(histogram.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), 600);
    for bucket in &histogram.buckets {
        assert_eq!(bucket.by.iter().sum::<u64>(), bucket.count);
        assert_eq!(bucket.count, 60, "the late record of each tenth stays in its minute");
    }
}

#[test]
fn a_time_range_counts_its_ends() {
    let log = fixture(&[("access.log", &access_log(600))], options(7_000));
    let start = 1_763_942_400_000;
    let mut ranged = search(Clause::MatchAll, SortOrder::Descending);
    ranged.range =
        TimeRange { from: Some(Millis(start + 60_000)), to: Some(Millis(start + 119_999)) };
    assert_eq!(log.total(ranged.clone()), (60, 600));
    log.wait_complete();
    assert_eq!(log.total(ranged), (60, 600));
}

#[test]
fn a_small_budget_changes_no_answer() {
    let text = access_log(2000);
    let mut small = options(2_000);
    small.memory = 4_000;
    let log = fixture(&[("access.log", &text)], small);
    for _ in 0..2 {
        let facet = log.facet(search(term(STATUS, 200), SortOrder::Descending), "source.ip", 0);
        assert_eq!(facet.hits, 1143);
        assert_eq!(facet.values.len(), 5);
    }
    let usage = log.source.engine.desk.cache.usage();
    assert!(usage.used <= usage.budget && usage.budget <= 4_000);
}

#[test]
fn a_cancelled_request_is_not_answered() {
    let log = fixture(&[("access.log", &access_log(500))], options(1_000));
    let (sender, mut receiver) = mpsc::channel(10);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let request = SearchRequest {
        id: RequestId(9),
        search: search(Clause::MatchAll, SortOrder::Descending),
        parts: vec![Part::Total],
    };
    log.source.ask(request, sender, cancel);
    assert!(receiver.blocking_recv().is_none());
}

#[test]
fn documents_neighbours_and_finds_are_answered() {
    let log = fixture(&[("access.log", &access_log(300))], options(3_000));
    let newest = search(term(STATUS, 500), SortOrder::Descending);
    let page = log.page(&newest, None, Direction::After, 3);
    let of = page.hits[1].cursor.clone();
    let parts = vec![
        Part::Document(of.clone()),
        Part::Surrounding { of: of.clone(), before: 4, after: 2 },
        Part::Find {
            pattern: "agent tim+eout".to_owned(),
            from: Some(of),
            direction: Direction::After,
        },
    ];
    let answers = log.ask(newest, parts);
    let Answer::Document(Some(document)) = &answers[0] else { panic!("{:?}", answers[0]) };
    assert_eq!(document.id, page.hits[1].id);
    assert_eq!(document.document.first(STATUS), Some(500.into()));
    let Answer::Surrounding { page: around, at } = &answers[1] else { panic!("{:?}", answers[1]) };
    assert_eq!((around.hits.len(), *at), (7, 4));
    assert_eq!(around.hits[4].id, page.hits[1].id);
    assert!(around.hits.is_sorted_by_key(|hit| hit.cursor.0.clone()), "in file order");
    let Answer::Found(Some(found)) = &answers[2] else { panic!("{:?}", answers[2]) };
    let raw = String::from_utf8(found.raw.as_ref().unwrap().to_vec()).unwrap();
    assert!(raw.contains("agent timeout") && raw.contains(" 500 "), "{raw}");
}

/// The screen asks for rows and for counts apart, and the newer request must not hold up the older.
#[test]
fn rows_are_answered_before_counts_have_read_everything() {
    let text = access_log(20_000);
    let log = fixture(&[("access.log", &text)], Options { threads: 1, ..options(4 << 10) });
    let (sender, mut receiver) = mpsc::channel(10_000);
    let page = PageRequest {
        anchor: None,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields: Vec::new(),
    };
    let part = Part::Facet(FacetRequest { field: STATUS.to_owned(), size: 5 });
    for (id, parts) in [(1, vec![Part::Page(page)]), (2, vec![part])] {
        let search = search(Clause::MatchAll, SortOrder::Descending);
        let request = SearchRequest { id: RequestId(id), search, parts };
        log.source.ask(request, sender.clone(), CancellationToken::new());
    }
    let mut rows = 0;
    while let Some(update) = receiver.blocking_recv() {
        match update.answer {
            Answer::Page(page) => rows = rows.max(page.hits.len()),
            _ if update.complete => break,
            _ => {}
        }
    }
    assert_eq!(rows, 50);
}

#[test]
fn rows_can_be_sorted_by_a_number() {
    let log = fixture(&[("access.log", &access_log(200))], options(3_000));
    let mut largest = search(Clause::MatchAll, SortOrder::Descending);
    largest.sort.field = "http.response.body.bytes".to_owned();
    let page = log.page(&largest, None, Direction::After, 5);
    let sizes: Vec<_> = page
        .hits
        .iter()
        .map(|hit| hit.document.first("http.response.body.bytes").unwrap())
        .collect();
    assert_eq!(sizes, [597, 594, 591, 588, 585].map(serde_json::Value::from));
    let more = log.page(&largest, Some(&page.hits[4].cursor), Direction::After, 1);
    assert_eq!(more.hits[0].document.first("http.response.body.bytes"), Some(582.into()));
}

/// Waits until the status says so.
fn wait_until(log: &Fixture, test: impl Fn(&crate::source::Status) -> bool) {
    let status = log.source.status();
    while !test(&status.borrow()) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_followed_file_grows_rotates_and_nothing_is_lost() {
    use std::io::Write as _;
    let lines: Vec<String> = access_log(900).lines().map(|line| format!("{line}\n")).collect();
    let mut following = options(2_000);
    following.follow = true;
    let log = fixture(&[("access.log", &lines[..300].concat())], following);
    let path = log.folder.path().join("access.log");
    wait_until(&log, |status| status.complete && status.records == 300);
    let generation = log.source.status().borrow().generation;
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    // Half a line, then the rest: the last record grows in place.
    file.write_all(&lines[300].as_bytes()[..30]).unwrap();
    wait_until(&log, |status| status.complete && status.records == 301);
    file.write_all(&lines[300].as_bytes()[30..]).unwrap();
    file.write_all(lines[301..600].concat().as_bytes()).unwrap();
    wait_until(&log, |status| status.complete && status.records == 600);
    assert!(log.source.status().borrow().generation > generation);
    std::fs::rename(&path, log.folder.path().join("access.log.1")).unwrap();
    std::fs::write(&path, lines[600..].concat()).unwrap();
    wait_until(&log, |status| status.complete && status.records == 900);
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    let page = log.page(&all, None, Direction::After, 2000);
    let raw: Vec<_> = page
        .hits
        .iter()
        .map(|hit| String::from_utf8(hit.raw.as_ref().unwrap().to_vec()).unwrap() + "\n")
        .collect();
    let mut expected = lines.clone();
    // Rows are in order of time; the file has each tenth a second late.
    expected.sort_by_key(|line| line[line.find('[').unwrap()..line.find(']').unwrap()].to_owned());
    assert_eq!(raw, expected);
}

#[test]
fn logs_that_appear_in_a_followed_folder_are_read() {
    let mut following = options(2_000);
    following.follow = true;
    let log = fixture(&[("access.log", &access_log(30))], following);
    wait_until(&log, |status| status.complete && status.records == 30);
    assert_eq!(log.source.logs(), 1);
    let generation = log.source.status().borrow().generation;
    std::fs::write(log.folder.path().join("other.log"), access_log(50)).unwrap();
    wait_until(&log, |status| status.complete && status.records == 80);
    assert!(log.source.status().borrow().generation > generation);
    assert_eq!(log.source.logs(), 2);
    // A log that begins empty gets its format with its first lines.
    std::fs::write(log.folder.path().join("third.log"), "").unwrap();
    wait_until(&log, |_| log.source.logs() == 3);
    std::fs::write(log.folder.path().join("third.log"), access_log(20)).unwrap();
    wait_until(&log, |status| status.complete && status.records == 100);
    let page =
        log.page(&search(term(STATUS, 404), SortOrder::Ascending), None, Direction::After, 100);
    let of_third = page.hits.iter().filter(|hit| LocalSource::log_of(&hit.id) == Some(2));
    assert_eq!(of_third.count(), access_log(20).matches(" 404 ").count());
}

/// Logs of several shapes: each name with a text.
fn mixed() -> Vec<(&'static str, String)> {
    let mut trace = String::new();
    let mut syslog = String::new();
    let mut json = String::new();
    for at in 0..400 {
        let (hour, minute, second) = (at / 3600, at / 60 % 60, at % 60);
        writeln!(
            trace,
            "2025-11-24 {hour:02}:{minute:02}:{second:02},120 - app - ERROR - failed {at}"
        )
        .unwrap();
        if at % 7 == 0 {
            trace.push_str(
                "Traceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: 'x'\n",
            );
        }
        let (month, day) = [("Dec", 30), ("Dec", 31), ("Jan", 1), ("Feb", 2)][at / 100];
        writeln!(
            syslog,
            "{month} {day:2} {hour:02}:{minute:02}:{second:02} host sshd[{at}]: word {at}"
        )
        .unwrap();
        let time = if at % 50 == 3 {
            String::new()
        } else {
            format!("\"@timestamp\":\"2025-11-24T{hour:02}:{minute:02}:{second:02}Z\",")
        };
        writeln!(
            json,
            "{{{time}\"log\":{{\"level\":\"info\"}},\"count\":{at},\"tags\":[\"a\",\"t{}\"]}}",
            at % 3
        )
        .unwrap();
    }
    vec![
        ("access.log", access_log(500)),
        ("app.log", trace),
        ("events.json", json),
        ("messages", syslog),
    ]
}

#[test]
fn blocks_do_not_change_records_times_or_answers() {
    let files = mixed();
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let ascending = search(Clause::MatchAll, SortOrder::Ascending);
    let parts = || {
        let interval = Interval::Fixed { millis: 60_000 };
        vec![
            Part::Total,
            Part::Facet(FacetRequest { field: "log.level".to_owned(), size: 0 }),
            Part::Facet(FacetRequest { field: "tags".to_owned(), size: 0 }),
            Part::Facet(FacetRequest { field: "process.name".to_owned(), size: 0 }),
            Part::Histogram(HistogramRequest { interval, by: None }),
        ]
    };
    let whole = fixture(&files, options(1 << 20));
    let expected = whole.ask(ascending.clone(), parts());
    let rows = whole.page(&ascending, None, Direction::After, 5000);
    let Answer::Total(total) = &expected[0] else { panic!("{:?}", expected[0]) };
    assert_eq!((total.hits, total.without_time), (1700, 8));
    assert_eq!(rows.hits.len(), 1700);
    let times: Vec<_> = rows.hits.iter().map(|hit| hit.time).collect();
    assert!(times[..1692].is_sorted() && times[1692..].iter().all(Option::is_none));
    for block in [300, 3_000] {
        let log = fixture(&files, options(block));
        assert_eq!(log.ask(ascending.clone(), parts()), expected, "blocks of {block}");
        let own = log.page(&ascending, None, Direction::After, 5000);
        assert_eq!(ids(&own), ids(&rows), "rows with blocks of {block}");
        assert_eq!(own.hits.iter().map(|hit| hit.time).collect::<Vec<_>>(), times);
        assert_eq!(log.scanned(&ascending), ids(&rows), "scan with blocks of {block}");
        let counted = log.scan().aggregate(&ascending, &parts()).unwrap();
        assert_eq!(counted.answers, expected, "scan with blocks of {block}");
    }
}

#[test]
fn stamps_without_year_go_back_from_the_files_end() {
    let files = mixed();
    let log = fixture(&[("messages", files[3].1.as_str())], options(700));
    let ascending = search(Clause::MatchAll, SortOrder::Ascending);
    let page = log.page(&ascending, None, Direction::After, 1000);
    let days: Vec<i64> =
        page.hits.iter().map(|hit| hit.time.unwrap().0.div_euclid(86_400_000)).collect();
    let first = days[0];
    let expected = [0, 1, 2, 34];
    for (at, day) in days.iter().enumerate() {
        assert_eq!(day - first, expected[at / 100], "record {at}");
    }
    let document = page.hits[0].document.first("@timestamp").unwrap();
    assert_eq!(document, serde_json::Value::from(page.hits[0].time.unwrap().to_string()));
}

#[test]
fn packed_files_are_read_as_plain_ones() {
    use std::io::Write as _;
    let text = access_log(700);
    let plain = fixture(&[("access.log", &text)], options(5_000));
    let packed = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(packed.path().join("access.log.gz")).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
    let options = options(5_000);
    let source = LocalSource::open(found(packed.path()), options.clone());
    let packed = Fixture { source, options, folder: packed };
    let all = search(term(STATUS, 404), SortOrder::Descending);
    assert_eq!(packed.facet(all.clone(), "source.ip", 0), plain.facet(all.clone(), "source.ip", 0));
    let page = |log: &Fixture| ids(&log.page(&all, None, Direction::After, 1000));
    assert_eq!(page(&packed), page(&plain));
    let part = Part::Facet(FacetRequest { field: STATUS.to_owned(), size: 0 });
    let count =
        |log: &Fixture| log.scan().aggregate(&all, std::slice::from_ref(&part)).unwrap().answers;
    assert_eq!(count(&packed), count(&plain));
    let ascending = search(term(STATUS, 404), SortOrder::Ascending);
    assert_eq!(packed.scanned(&ascending), plain.scanned(&ascending));
}

mod agreement {
    //! Any clause, answered by the engine and by reading every document.

    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::event::Mapping;
    use crate::query::evaluate::Moment;
    use crate::query::{Bound, Hit, MatchKind};

    struct Known {
        log: Fixture,
        scan: Opened,
        hits: Vec<Hit>,
        mapping: Arc<Mapping>,
    }

    static PLAIN: LazyLock<Known> = LazyLock::new(|| known(&access_log(260)));

    /// With lines that fit no format, lines of another one, and colours.
    static MIXED: LazyLock<Known> = LazyLock::new(|| {
        let mut text = String::new();
        for (at, line) in access_log(200).lines().enumerate() {
            match at % 16 {
                7 => writeln!(text, "GET 404 agent timeout 10.0.0.3 fine").unwrap(),
                9 => writeln!(
                    text,
                    "2025/11/24 00:00:10 [error] 31#31: *7 agent timeout, client: 10.0.0.3, \
                     server: x, request: \"GET /p/7 HTTP/1.1\", host: \"fine\""
                )
                .unwrap(),
                12 => writeln!(text, "{}", line.replace("timeout", "time\x1b[31mout")).unwrap(),
                13 => writeln!(text, "{}", line.replace("fine", "\x1b[1mfine\x1b[0m")).unwrap(),
                _ => writeln!(text, "{line}").unwrap(),
            }
        }
        known(&text)
    });

    fn known(text: &str) -> Known {
        let log = fixture(&[("access.log", text)], options(4_000));
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let hits = log.page(&all, None, Direction::After, 1000).hits;
        let mapping = Arc::clone(log.source.engine.state().formats[0].mapping(0));
        let scan = log.scan();
        Known { log, scan, hits, mapping }
    }

    fn leaf() -> impl Strategy<Value = Clause> {
        let field = prop::sample::select(vec![
            STATUS,
            "source.ip",
            "http.request.method",
            "url.path",
            "url.original",
            "user_agent.original",
            "http.response.body.bytes",
            "message",
            "event.original",
            "tags",
            "log.file.path",
            "_ignored",
            "no.such.field",
            "@timestamp",
        ]);
        let value = prop_oneof![
            prop::sample::select(vec![
                "404",
                "200",
                "GET",
                "get",
                "10.0.0.3",
                "/p/7",
                "fine",
                "agent timeout",
                "timeout\" \"",
                "_grokparsefailure",
            ])
            .prop_map(serde_json::Value::from),
            prop::sample::select(vec![200i64, 404, 0, 300]).prop_map(serde_json::Value::from),
        ];
        let pattern = prop::sample::select(vec!["4*", "*fine*", "/p/?", "G*", "*", "10.0.*"]);
        (field, value, pattern, 0..9u8).prop_map(|(field, value, pattern, kind)| {
            let field = field.to_owned();
            match kind {
                0 => Clause::Term { field, value, case_insensitive: None },
                1 => Clause::Match { field, value },
                2 => Clause::MatchPhrase { field, value, slop: 0 },
                3 => Clause::Exists { field },
                4 => {
                    Clause::Wildcard { field, pattern: pattern.to_owned(), case_insensitive: None }
                }
                5 => Clause::Range {
                    field: STATUS.to_owned(),
                    lower: Some(Bound { value: 300.into(), inclusive: true }),
                    upper: Some(Bound { value: 404.into(), inclusive: false }),
                    format: None,
                    time_zone: None,
                },
                6 => Clause::MultiMatch {
                    fields: Vec::new(),
                    value,
                    kind: MatchKind::BestFields,
                    lenient: true,
                },
                7 => Clause::MultiMatch {
                    fields: Vec::new(),
                    value,
                    kind: MatchKind::Phrase,
                    lenient: true,
                },
                _ => Clause::RecordContains { text: "TIMEout".to_owned() },
            }
        })
    }

    fn clause() -> impl Strategy<Value = Clause> {
        leaf().prop_recursive(2, 6, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..3).prop_map(Clause::all),
                prop::collection::vec(inner.clone(), 1..3).prop_map(Clause::any),
                inner.prop_map(Clause::negate),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        #[test]
        fn the_engine_finds_what_plain_reading_finds(clause in clause(), mixed in any::<bool>()) {
            let known = if mixed { &*MIXED } else { &*PLAIN };
            let moment = Moment { now: Millis(0), zone: Zone::UTC };
            prop_assume!(clause.check(&known.mapping, moment).is_ok());
            let expected: Vec<String> = known
                .hits
                .iter()
                .filter(|hit| clause.matches(&*hit.document, &known.mapping, moment))
                .map(|hit| hit.id.0.to_string())
                .collect();
            let asked = search(clause, SortOrder::Ascending);
            let page = known.log.page(&asked, None, Direction::After, 1000);
            prop_assert_eq!(ids(&page), expected.clone());
            let total = known.log.total(asked.clone());
            prop_assert_eq!(total.0 as usize, expected.len());
            prop_assert_eq!(scanned(&known.scan, &asked), expected);
        }
    }
}
