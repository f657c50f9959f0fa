//! Live tail: what comes is given once, late records too.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use peavey::query::{Clause, SortOrder};
use peavey::source::elastic::{Connection, Tail};
use peavey::time::Millis;

use crate::export::{runtime, session};
use crate::support::engine::{Engine, names};
use crate::{MAPPING, search};

/// Writers at once, and records of each.
const WRITERS: usize = 4;
const EACH: usize = 25_000;
/// Records of one request.
const BATCH: usize = 1000;

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

/// Writes one share of the records; each fifth is 20 s late by its own stamp.
fn write(engine: &Engine, writer: usize) {
    for batch in 0..EACH / BATCH {
        let mut body = String::new();
        for at in 0..BATCH {
            let n = writer * EACH + batch * BATCH + at;
            let late = if n.is_multiple_of(5) { 20_000 } else { 0 };
            let time = Millis(now() - late);
            body.push_str(&format!(
                "{{\"create\":{{}}}}\n{{\"@timestamp\":\"{time}\",\"n\":{n},\"service\":\"w{writer}\"}}\n"
            ));
        }
        let answer = engine.ok("POST", "/tail-live/_bulk", &body);
        assert_eq!(answer["errors"], false, "{}", answer["items"][0]);
    }
}

#[test]
fn each_of_a_hundred_thousand_records_of_four_writers_is_seen_once() {
    let test = "each_of_a_hundred_thousand_records_of_four_writers_is_seen_once";
    let runtime = runtime();
    for name in names().iter().take(2) {
        let Some(engine) = Engine::shared(name, test) else { return };
        engine.ok("PUT", "/tail-live", MAPPING);
        // One from the future, by a wrong clock: it must not hide the others.
        let future = format!(r#"{{"@timestamp":"{}","n":-1}}"#, Millis(now() + 3_600_000));
        engine.ok("POST", "/tail-live/_doc?refresh=true", &future);
        let session = session(&runtime, &Connection::to(&engine.url), "tail-live");
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let mut tail = Tail::new(&session, &all, &["n".to_owned()]);
        let is_written = Arc::new(AtomicBool::new(false));
        let mut seen: HashMap<i64, u32> = HashMap::new();
        std::thread::scope(|scope| {
            let done = Arc::clone(&is_written);
            scope.spawn(move || {
                std::thread::scope(|inner| {
                    for writer in 0..WRITERS {
                        inner.spawn(move || write(engine, writer));
                    }
                });
                engine.ok("POST", "/tail-live/_refresh", "");
                done.store(true, Ordering::SeqCst);
            });
            let begun = Instant::now();
            // The look that ends first may have begun before the last records came.
            let mut looks_after = 0;
            loop {
                let was_written = is_written.load(Ordering::SeqCst);
                let hits = runtime.block_on(tail.page()).unwrap();
                for hit in &hits {
                    *seen.entry(crate::number(hit)).or_default() += 1;
                }
                looks_after += u32::from(hits.is_empty() && was_written);
                if looks_after == 2 {
                    break;
                }
                assert!(begun.elapsed() < Duration::from_secs(180), "{name}: {}", seen.len());
            }
        });
        runtime.block_on(tail.close());
        let twice = seen.values().filter(|times| **times > 1).count();
        assert_eq!((seen.len(), twice), (WRITERS * EACH + 1, 0), "{name}");
    }
}

/// `peavey query -f` over an index, its output read line by line.
fn following(address: &str) -> (std::process::Child, std::sync::mpsc::Receiver<String>) {
    use std::io::BufRead;
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(["query", "-f", address, "--format", "ndjson", "--fields", "n"])
        .env_clear()
        .env("HOME", std::env::temp_dir())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let (lines, read) = std::sync::mpsc::channel();
    let out = child.stdout.take().unwrap();
    std::thread::spawn(move || {
        for line in std::io::BufReader::new(out).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return; // The pipe closes here.
            }
        }
    });
    (child, read)
}

fn ends(mut child: std::process::Child, what: &str) {
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}: it goes on");
        std::thread::sleep(Duration::from_millis(20));
    };
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{what}");
}

#[test]
fn a_followed_cluster_is_written_as_it_grows_and_ends_in_order() {
    let test = "a_followed_cluster_is_written_as_it_grows_and_ends_in_order";
    let wait = Duration::from_secs(60);
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let record = |n: i64| format!(r#"{{"@timestamp":"{}","n":{n}}}"#, Millis(now()));
        engine.fill("followed", MAPPING, &[record(1), record(2)]);
        let address = format!("{}/followed", engine.url);
        let (child, lines) = following(&address);
        for n in 1..=2 {
            assert_eq!(lines.recv_timeout(wait).unwrap(), format!(r#"{{"n":{n}}}"#), "{name}");
        }
        for n in 3..=5 {
            engine.ok("POST", "/followed/_doc?refresh=true", &record(n));
            assert_eq!(lines.recv_timeout(wait).unwrap(), format!(r#"{{"n":{n}}}"#), "{name}");
        }
        let pid = child.id().to_string();
        assert!(
            std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success()
        );
        ends(child, &format!("{name}: interrupted"));
        // Nobody reads on: it ends though nothing more comes than one record.
        let (child, lines) = following(&address);
        for _ in 1..=5 {
            lines.recv_timeout(wait).unwrap();
        }
        drop(lines);
        engine.ok("POST", "/followed/_doc?refresh=true", &record(6));
        ends(child, &format!("{name}: nobody reads on"));
    }
}
