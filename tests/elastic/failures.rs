//! What breaks on the way, and in the cluster: the program says it, keeps what it had, and goes on.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use peavey::query::{
    Answer, Clause, Cursor, Direction, Hit, PageRequest, Part, RequestId, Search, SearchRequest,
    SortOrder, Update, WarningKind,
};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource, Tail};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::export::{check_all, numbers, runtime, session};
use crate::support::cluster::Cluster;
use crate::support::engine::{Engine, names};
use crate::support::proxy::{Fault, Proxy};
use crate::{MAPPING, documents, number, search};

/// Longest wait for something that has to come.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) fn page(
    runtime: &Runtime,
    source: &ElasticSource,
    search: &Search,
    anchor: Option<Cursor>,
) -> Update {
    let wanted = PageRequest {
        anchor,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields: Vec::new(),
    };
    let (replies, mut answers) = tokio::sync::mpsc::channel(8);
    let parts = vec![Part::Page(wanted)];
    let request = SearchRequest { id: RequestId(1), search: search.clone(), parts };
    source.ask(request, replies, CancellationToken::new());
    runtime.block_on(answers.recv()).unwrap()
}

pub(crate) fn hits(update: Update) -> Result<Vec<Hit>, String> {
    match update.answer {
        Answer::Page(page) => Ok(page.hits),
        Answer::Failed(reason) => Err(reason),
        other => panic!("{other:?}"),
    }
}

fn delete_pit(engine: &Engine, id: &str) {
    let (path, body) = match engine.name.starts_with("os") {
        true => ("/_search/point_in_time", format!(r#"{{"pit_id":["{id}"]}}"#)),
        false => ("/_pit", format!(r#"{{"id":"{id}"}}"#)),
    };
    engine.ok("DELETE", path, &body);
}

#[test]
fn a_lost_point_in_time_does_not_move_the_rows() {
    let test = "a_lost_point_in_time_does_not_move_the_rows";
    let runtime = runtime();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let mut lines = documents(400);
        // Some have no time: they stand at the end, and can be paged through.
        for line in &mut lines[300..] {
            *line = line.replacen("@timestamp", "other", 1);
        }
        engine.fill("pit-lost", MAPPING, &lines);
        let proxy = Proxy::start(&engine.url);
        let connection = Connection::to(&proxy.url);
        let source =
            runtime.block_on(ElasticSource::connect(&connection, "pit-lost", None)).unwrap();
        for order in [SortOrder::Ascending, SortOrder::Descending] {
            let all = search(Clause::MatchAll, order);
            let (mut found, mut anchor) = (Vec::new(), None);
            loop {
                let rows = hits(page(&runtime, &source, &all, anchor)).unwrap();
                let Some(last) = rows.last() else { break };
                anchor = Some(last.cursor.clone());
                found.extend(rows.iter().map(number));
                if let Some(id) = proxy.last_pit() {
                    proxy.take();
                    delete_pit(engine, &id);
                }
            }
            let different: HashSet<i64> = found.iter().copied().collect();
            assert_eq!((found.len(), different.len()), (400, 400), "{name}");
            let timeless: HashSet<i64> = found[300..].iter().copied().collect();
            assert_eq!(timeless, (300..400).collect(), "{name}: without a time, so last");
        }
    }
}

#[test]
fn an_outage_is_told_once_and_ends_by_itself() {
    let test = "an_outage_is_told_once_and_ends_by_itself";
    let runtime = runtime();
    let Some(engine) = Engine::shared(names()[0], test) else { return };
    engine.fill("outage", MAPPING, &documents(100));
    let proxy = Proxy::start(&engine.url);
    let mut connection = Connection::to(&proxy.url);
    connection.timeout = Duration::from_secs(2);
    let source = runtime.block_on(ElasticSource::connect(&connection, "outage", None)).unwrap();
    let status = source.status();
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    let many = Fault::Busy { answers: 1000, retry_after: Some(3600) };
    for (fault, words) in [
        (Fault::Garbage, "does not speak HTTP"),
        (Fault::WrongJson, "cannot be read"),
        (Fault::Cut(200), "broke off"),
        (Fault::Delay(Duration::from_secs(10)), "hangs"),
        (many, "too much to do"),
        (Fault::Unauthorized, "401"),
    ] {
        assert_eq!(hits(page(&runtime, &source, &all, None)).unwrap().len(), 50, "{fault:?}");
        let before = status.borrow().generation;
        proxy.spoil(fault);
        let begun = Instant::now();
        let said = hits(page(&runtime, &source, &all, None)).unwrap_err();
        assert!(said.contains(words), "{fault:?}: {said}");
        assert!(begun.elapsed() < Duration::from_secs(8), "{fault:?}: {:?}", begun.elapsed());
        until("the outage is told", || status.borrow().notices.len() == 1);
        proxy.spoil(Fault::None);
        until("the end of the outage is told", || {
            let now = status.borrow();
            now.notices.is_empty() && now.generation > before
        });
    }
}

#[test]
fn a_red_index_is_told_and_the_others_answer() {
    let test = "a_red_index_is_told_and_the_others_answer";
    let runtime = runtime();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        engine.fill("red-good", MAPPING, &documents(40));
        let settings = r#"{"settings":{"index.routing.allocation.require.place":"nowhere"},"mappings":{"properties":{"@timestamp":{"type":"date"}}}}"#;
        engine.ok("PUT", "/red-bad?wait_for_active_shards=0", settings);
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let connection = Connection::to(&engine.url);
        let source = runtime.block_on(ElasticSource::connect(&connection, "red-*", None)).unwrap();
        let told = page(&runtime, &source, &all, None);
        let is_partial = told.warnings.iter().any(|told| told.kind == WarningKind::Partial);
        match hits(told.clone()) {
            Ok(rows) => {
                assert!(
                    rows.len() == 40 && is_partial,
                    "{name}: {} {:?}",
                    rows.len(),
                    told.warnings
                );
            }
            // Elasticsearch 7 opens no point in time while a shard is missing.
            Err(said) => assert!(name == &"es717" && said.contains("503"), "{name}: {said}"),
        }
        // An export does not leave out what is not there: it waits, and then says so.
        let session = session(&runtime, &connection, "red-*");
        let mut export = peavey::source::elastic::Export::new(&session, &all, &[], None)
            .patience(Duration::from_millis(300));
        let refused = runtime.block_on(export.page()).unwrap_err();
        assert!(refused.is_passing(), "{name}: {refused:?}");
        let mend = r#"{"index.routing.allocation.require.place":null}"#;
        engine.ok("PUT", "/red-bad/_settings", mend);
        engine.ok("GET", "/_cluster/health/red-bad?wait_for_status=yellow&timeout=30s", "");
        check_all(&numbers(&runtime, &session, &all, |_| {}), 40, name);
    }
}

/// A node that dies or hangs during a scroll, an export and a live tail. `hurt` does it to the
/// first node, which all three ask first.
fn survive(cluster: &Cluster, index: &str, hurt: &str) {
    let runtime = runtime();
    let name = cluster.nodes[0].name;
    let settings =
        MAPPING.replacen('{', r#"{"settings":{"number_of_shards":3,"number_of_replicas":1},"#, 1);
    let count = 4000;
    cluster.nodes[1].fill(index, &settings, &documents(count));
    cluster.wait_for(1, index, "wait_for_status=green&wait_for_nodes=3");
    let mut connection = Connection::to(&cluster.nodes[0].url);
    connection.hosts = cluster.urls();
    connection.timeout = Duration::from_secs(6);
    let source = runtime.block_on(ElasticSource::connect(&connection, index, None)).unwrap();
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    let session = session(&runtime, &connection, index);
    // All three have begun.
    let first = hits(page(&runtime, &source, &all, None)).unwrap();
    let mut tail = Tail::new(&session, &all, &["n".to_owned()]);
    let mut seen: HashMap<i64, u32> = HashMap::new();
    let mut look = |tail: &mut Tail| {
        let hits = runtime.block_on(tail.page());
        for hit in hits.iter().flatten() {
            *seen.entry(number(hit)).or_default() += 1;
        }
        (hits.is_ok_and(|hits| hits.is_empty()), seen.len())
    };
    until("the tail reads what is there", || look(&mut tail).0);
    let mut is_hurt = false;
    let found = numbers(&runtime, &session, &all, |rows| {
        if rows >= 500 && !std::mem::replace(&mut is_hurt, true) {
            cluster.signal(0, hurt);
        }
    });
    assert!(is_hurt);
    check_all(&found, count as i64, &format!("{name} {hurt}: export"));
    // The scroll goes on from its place; a page that fails is asked for again.
    let (mut rows, mut anchor) = (first, None::<Cursor>);
    let mut scrolled: Vec<i64> = Vec::new();
    let begun = Instant::now();
    while let Some(last) = rows.last() {
        anchor = Some(last.cursor.clone()).or(anchor);
        scrolled.extend(rows.iter().map(number));
        rows = loop {
            let told = page(&runtime, &source, &all, anchor.clone());
            let is_partial = told.warnings.iter().any(|told| told.kind == WarningKind::Partial);
            match hits(told) {
                // What is not whole is said to be so.
                Ok(rows) if !is_partial => break rows,
                Ok(_) => assert!(begun.elapsed() < PATIENCE, "{name} {hurt}: partial"),
                Err(said) => assert!(begun.elapsed() < PATIENCE, "{name} {hurt}: {said}"),
            }
        };
        if scrolled.len() > 600 {
            break;
        }
    }
    let different: HashSet<i64> = scrolled.iter().copied().collect();
    assert_eq!(different.len(), scrolled.len(), "{name} {hurt}: scroll");
    assert!(scrolled.iter().map(|n| n / 5).is_sorted(), "{name} {hurt}: scroll");
    assert_eq!(scrolled[scrolled.len() - 1] / 5, (scrolled.len() as i64 - 1) / 5, "{name}: scroll");
    // What comes afterwards is seen, and nothing twice.
    let mut body = String::new();
    for (at, line) in documents(count + 50)[count..].iter().enumerate() {
        // With a name, as a part of it may be taken before all of it is.
        body.push_str(&format!("{{\"index\":{{\"_id\":\"new{at}\"}}}}\n{line}\n"));
    }
    until("the cluster takes records again", || {
        let path = format!("/{index}/_bulk?refresh=true&timeout=5s");
        let (status, answer) = cluster.nodes[1].request("POST", &path, &body);
        status == 200 && answer["errors"] == false
    });
    until("the tail sees what came", || look(&mut tail).1 == count + 50);
    assert!(seen.values().all(|times| *times == 1), "{name} {hurt}: tail");
    runtime.block_on(async { tokio::join!(tail.close(), source.session().close()) });
}

#[test]
fn a_node_that_hangs_or_dies_loses_nothing_of_scroll_tail_and_export() {
    let test = "a_node_that_hangs_or_dies_loses_nothing_of_scroll_tail_and_export";
    for name in names().iter().filter(|name| ["es9", "os38"].contains(*name)) {
        let Some(cluster) = Cluster::start(name, test) else { return };
        survive(&cluster, "hung", "STOP");
        cluster.signal(0, "CONT");
        cluster.wait_for(1, "", "wait_for_nodes=3");
        survive(&cluster, "dead", "KILL");
    }
}
