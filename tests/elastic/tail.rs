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
