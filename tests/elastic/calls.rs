//! What is sent: calls of the reading table alone, each with its mark, at most four at once.

use std::time::Duration;

use peavey::query::{
    Breakdown, Clause, Direction, FacetRequest, HistogramRequest, Interval, PageRequest, Part,
    RequestId, SearchRequest, SortOrder,
};
use peavey::source::Source;
use peavey::source::elastic::calls::READING;
use peavey::source::elastic::{Connection, ElasticSource, Export, Tail};
use tokio_util::sync::CancellationToken;

use crate::export::runtime;
use crate::support::engine::{Engine, names};
use crate::support::proxy::{Fault, Proxy, Sent};
use crate::{MAPPING, documents, search};

/// Whether a request is a row of the table.
fn is_reading(sent: &Sent) -> bool {
    let path = sent.path.split('?').next().unwrap_or_default();
    READING.iter().any(|(_, method, row)| {
        let fits = match row.split_once("{index}") {
            None => path == *row,
            Some((before, after)) => {
                let middle = path.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                middle.is_some_and(|middle| !middle.is_empty() && !middle.contains('/'))
            }
        };
        fits && method.name() == sent.method
    })
}

#[test]
fn only_reading_calls_are_sent_each_marked_and_at_most_four_at_once() {
    let test = "only_reading_calls_are_sent_each_marked_and_at_most_four_at_once";
    let runtime = runtime();
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        engine.fill("calls", MAPPING, &documents(600));
        let proxy = Proxy::start(&engine.url);
        let connection = Connection::to(&proxy.url);
        let source = runtime.block_on(ElasticSource::connect(&connection, "calls*", None)).unwrap();
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let ask = |parts: Vec<Part>| {
            let (replies, mut answers) = tokio::sync::mpsc::channel(32);
            let request = SearchRequest { id: RequestId(1), search: all.clone(), parts };
            source.ask(request, replies, CancellationToken::new());
            runtime.block_on(async {
                let mut found = Vec::new();
                while let Some(update) = answers.recv().await {
                    found.push(update.answer);
                }
                found
            })
        };
        let page = |direction| {
            let (anchor, fields) = (None, Vec::new());
            Part::Page(PageRequest { anchor, inclusive: false, direction, count: 20, fields })
        };
        let rows = ask(vec![page(Direction::After)]);
        let Some(peavey::query::Answer::Page(rows)) = rows.into_iter().next() else {
            panic!("{name}")
        };
        let of = rows.hits[7].cursor.clone();
        let facet = |field: &str| Part::Facet(FacetRequest { field: field.to_owned(), size: 5 });
        proxy.spoil(Fault::Delay(Duration::from_millis(150)));
        let answered = ask(vec![
            page(Direction::After),
            page(Direction::Before),
            Part::Total,
            Part::Histogram(HistogramRequest {
                interval: Interval::Auto { buckets: 20 },
                by: Some(Breakdown::Values { field: "service".to_owned(), top: 3 }),
            }),
            facet("service"),
            facet("agent"),
            facet("message"),
            facet("status"),
            Part::Document(of.clone()),
            Part::Surrounding { of, before: 3, after: 3 },
            Part::Find { pattern: "request 5".to_owned(), from: None, direction: Direction::After },
            Part::Suggest { field: "service".to_owned(), text: "s".to_owned(), size: 5 },
        ]);
        assert_eq!(answered.len(), 12, "{name}");
        assert_eq!(proxy.most_at_once(), 4, "{name}: all places are used, and no more");
        proxy.spoil(Fault::None);
        let session = source.session();
        runtime.block_on(async {
            let mut export = Export::new(session, &all, &[], Some(150));
            while !export.page().await.unwrap().is_empty() {}
            let mut tail = Tail::new(session, &all, &[]);
            for _ in 0..3 {
                while !tail.page().await.unwrap().is_empty() {}
            }
            session.close().await;
        });
        let sent = proxy.take();
        assert!(sent.len() > 30, "{name}: {}", sent.len());
        for one in &sent {
            assert!(is_reading(one), "{name}: {} {}", one.method, one.path);
            assert!(one.headers.contains("x-opaque-id: peavey"), "{name}: {}", one.headers);
            if one.path.contains("_search?") && one.path.contains("ignore_unavailable") {
                assert!(
                    one.body.contains("\"timeout\":") || one.path.contains("partial"),
                    "{name}"
                );
            }
        }
    }
}
