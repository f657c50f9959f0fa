//! Export: all rows in order, each exactly once, whatever happens to the point in time.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use peavey::query::{Clause, Search, SortOrder};
use peavey::source::elastic::{Client, Connection, Export, Session};
use tokio::runtime::Runtime;

use crate::support::engine::{Engine, names};
use crate::support::proxy::{Fault, Proxy};
use crate::{MAPPING, documents, search};

/// A session through an address.
pub(crate) fn session(runtime: &Runtime, connection: &Connection, pattern: &str) -> Arc<Session> {
    let client = Arc::new(Client::new(connection).unwrap());
    Arc::new(runtime.block_on(Session::open(client, pattern, None)).unwrap())
}

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Reads everything; `between` is called before each page with the number of rows so far.
pub(crate) fn numbers(
    runtime: &Runtime,
    session: &Arc<Session>,
    search: &Search,
    mut between: impl FnMut(usize),
) -> Vec<i64> {
    let mut export = Export::new(session, search, &[], None);
    let mut found = Vec::new();
    loop {
        between(found.len());
        let rows = runtime.block_on(export.page()).unwrap();
        if rows.is_empty() {
            assert_eq!(export.warnings(), []);
            return found;
        }
        for row in rows {
            found.push(crate::number(&row.hit(session).unwrap()));
        }
    }
}

/// Each of the numbers from 0, in the order of their seconds.
pub(crate) fn check_all(found: &[i64], count: i64, what: &str) {
    let different: HashSet<i64> = found.iter().copied().collect();
    assert_eq!((found.len(), different.len()), (count as usize, count as usize), "{what}");
    assert!(found.iter().map(|n| n / 5).is_sorted(), "{what}: in time order");
}

#[test]
fn an_export_goes_on_when_its_point_in_time_is_lost_or_an_answer_is_spoilt() {
    let test = "an_export_goes_on_when_its_point_in_time_is_lost_or_an_answer_is_spoilt";
    let runtime = runtime();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let count = 3000;
        engine.fill("export", MAPPING, &documents(count));
        let proxy = Proxy::start(&engine.url);
        let mut connection = Connection::to(&proxy.url);
        connection.timeout = Duration::from_secs(8);
        let session = session(&runtime, &connection, "export");
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        check_all(&numbers(&runtime, &session, &all, |_| {}), count as i64, name);
        // The point in time goes twice; rows share their instants with others on both pages.
        let mut deleted = 0;
        let found = numbers(&runtime, &session, &all, |rows| {
            if (rows >= 100 && deleted == 0 || rows >= 500 && deleted == 1)
                && let Some(id) = proxy.last_pit()
            {
                deleted += 1;
                let (path, body) = match name.starts_with("os") {
                    true => ("/_search/point_in_time", format!(r#"{{"pit_id":["{id}"]}}"#)),
                    false => ("/_pit", format!(r#"{{"id":"{id}"}}"#)),
                };
                engine.ok("DELETE", path, &body);
            }
        });
        let has_none = ["es710", "os13"].contains(name);
        assert_eq!(deleted, if has_none { 0 } else { 2 }, "{name}");
        check_all(&found, count as i64, name);
        // Answers that break off, are late, or are none.
        for fault in [
            Fault::Cut(30_000),
            Fault::Cut(0),
            Fault::Garbage,
            Fault::WrongJson,
            Fault::Busy { answers: 2, retry_after: Some(1) },
            Fault::Busy { answers: 3, retry_after: None },
        ] {
            let (spoil, mend) = std::sync::mpsc::channel::<()>();
            let mut is_spoilt = false;
            let found = std::thread::scope(|scope| {
                let proxy = &proxy;
                scope.spawn(move || {
                    // Mended some time after it was spoilt.
                    if mend.recv().is_ok() {
                        std::thread::sleep(Duration::from_millis(400));
                        proxy.spoil(Fault::None);
                    }
                });
                let found = numbers(&runtime, &session, &all, |rows| {
                    if rows >= 100 && !std::mem::replace(&mut is_spoilt, true) {
                        proxy.spoil(fault);
                        if !matches!(fault, Fault::Busy { .. }) {
                            spoil.send(()).unwrap();
                        }
                    }
                });
                drop(spoil);
                found
            });
            check_all(&found, count as i64, &format!("{name} {fault:?}"));
            proxy.spoil(Fault::None);
        }
    }
}

#[test]
fn large_documents_come_as_they_are_and_pages_stay_small() {
    let test = "large_documents_come_as_they_are_and_pages_stay_small";
    let runtime = runtime();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        // 6 MB (these small nodes refuse more at once) and a number that no float holds, among small ones.
        let large = format!(
            r#"{{"@timestamp":"2025-11-24T00:00:30.000Z","n":3000,"big":9223372036854775807,"float":0.1000000000000000055511151231257827,"text":"{}"}}"#,
            "x".repeat(6 << 20)
        );
        let mapping = r#"{"mappings":{"properties":{"@timestamp":{"type":"date"},"n":{"type":"long"},
            "text":{"type":"keyword","ignore_above":100},"float":{"type":"double"},"big":{"type":"long"}}}}"#;
        let mut lines = documents(1500);
        lines.truncate(400);
        engine.fill("large", mapping, &lines);
        engine.ok("PUT", "/large/_doc/large?refresh=true", &large);
        let session = session(&runtime, &Connection::to(&engine.url), "large");
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let mut export = Export::new(&session, &all, &[], None);
        let mut texts = Vec::new();
        loop {
            let rows = runtime.block_on(export.page()).unwrap();
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let hit = row.hit(&session).unwrap();
                texts.push(String::from_utf8(hit.raw.unwrap().to_vec()).unwrap());
                if texts.last().is_some_and(|text| text.len() > 1 << 20) {
                    let ignored = format!("{:?}", hit.document.source.get("_ignored"));
                    // OpenSearch does not tell it with a hit.
                    assert!(
                        ignored.contains("text") || name.starts_with("os"),
                        "{name}: {ignored}"
                    );
                    assert_eq!(hit.document.source.get("_id").unwrap(), "large", "{name}");
                    assert_eq!(
                        hit.document.source.get("big").unwrap().as_i64(),
                        Some(i64::MAX),
                        "{name}"
                    );
                }
            }
        }
        assert_eq!(texts.len(), 401, "{name}");
        assert!(texts.contains(&large), "{name}: the exact source");
    }
}
