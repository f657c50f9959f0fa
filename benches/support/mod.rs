//! What the engine's benches share: a log to read, requests, and a way to say what was measured.

#![allow(dead_code, reason = "each bench uses a part")]
#![allow(unreachable_pub, reason = "a module of several programs")]
#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use peavey::ingest::SourceArg;
use peavey::ingest::discover::{self, Discovered};
use peavey::query::Part;
use peavey::query::{Clause, RequestId, Search, SearchRequest, Sort, SortOrder, Update};
use peavey::source::Source;
use peavey::source::local::LocalSource;
use peavey::time::{TimeRange, Zone};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The log that `PEAVEY_BENCH_LOG` names, else one of 64 MB of our own, made once.
pub fn log() -> PathBuf {
    if let Some(path) = std::env::var_os("PEAVEY_BENCH_LOG") {
        return path.into();
    }
    let path = std::env::temp_dir().join("peavey-bench-access.log");
    let size = 64 << 20;
    if std::fs::metadata(&path).is_ok_and(|file| file.len() >= size) {
        return path;
    }
    write_access_log(&path, size, 0);
    path
}

/// Writes an access log of at least `size` bytes: sixteen requests a second from a small generator of
/// numbers, so that every run reads the same. `start` is the
/// number of the first request.
pub fn write_access_log(path: &Path, size: u64, start: u64) {
    let file = std::fs::File::create(path).expect("the folder can be written to");
    let mut out = BufWriter::new(file);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let (mut written, mut at) = (0u64, start);
    while written < size {
        let seconds = at / 16;
        let day = 1 + seconds / 86_400 % 28;
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let status = [200, 200, 200, 200, 200, 304, 404, 500][next(8) as usize];
        let line = format!(
            "10.{}.{}.{} - - [{day:02}/Nov/2025:{hour:02}:{minute:02}:{second:02} +0000] \
             \"GET /p/item-{}?page={} HTTP/1.1\" {status} {} \"https://shop.example.com/{}\" \
             \"Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/{}.0\"\n",
            next(4),
            next(16),
            next(100),
            next(9000),
            next(20),
            next(300_000),
            next(50),
            100 + next(33),
        );
        out.write_all(line.as_bytes()).expect("the disk has room");
        written += line.len() as u64;
        at += 1;
    }
    out.flush().expect("the disk has room");
}

/// Finds what `paths` name.
pub fn found(paths: &[&Path]) -> Discovered {
    let named = paths.iter().filter_map(|path| SourceArg::parse(path.to_str()?).ok());
    discover::discover(&named.collect::<Vec<_>>(), &discover::Options::default())
}

/// A search over everything, newest first.
pub fn search(clause: Clause) -> Search {
    Search {
        clause: Arc::new(clause),
        unlowered: None,
        range: TimeRange::ALL,
        sort: Sort { field: "@timestamp".to_owned(), order: SortOrder::Descending },
        zone: Zone::UTC,
    }
}

/// Asks, and gives each update with the time that it took.
pub fn ask(source: &LocalSource, search: Search, parts: Vec<Part>) -> Vec<(Duration, Update)> {
    let (sender, mut receiver) = mpsc::channel(1000);
    let open = parts.len();
    let began = Instant::now();
    let request = SearchRequest { id: RequestId(1), search, parts };
    source.ask(request, sender, CancellationToken::new());
    let mut updates = Vec::new();
    let mut finals = 0;
    while finals < open {
        let Some(update) = receiver.blocking_recv() else { break };
        finals += usize::from(update.complete);
        updates.push((began.elapsed(), update));
    }
    updates
}

/// Waits until everything is indexed.
pub fn wait_complete(source: &LocalSource) {
    let status = source.status();
    while !status.borrow().complete {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The most memory that this process has held, in megabytes.
pub fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Prints a measurement.
pub fn tell(what: &str, took: Duration) {
    println!("{what:<58} {:>9.1} ms", took.as_secs_f64() * 1000.0);
}

/// Runs `work` and prints how long it took.
pub fn time<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = work();
    tell(what, began.elapsed());
    made
}
