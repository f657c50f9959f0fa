//! Single documents, what is around them, finding and suggesting.

use peavey::query::{Answer, Clause, Direction, Part, SortOrder};
use serde_json::json;

use super::open;
use crate::support::engine::Engine;
use crate::{documents, number, search};

/// Also: one whole document is the exact source, and suggestions are in any case.
pub(super) fn neighbours_are_of_the_same_file_and_find_walks_the_hits(engine: &Engine) {
    let name = engine.name;
    let asked = open(engine, "neighbours_are_of_the_same_file_and_find_walks_the_hits", 300);
    let errors = search(
        Clause::Term {
            field: "log.level".to_owned(),
            value: json!("ERROR"),
            case_insensitive: None,
        },
        SortOrder::Ascending,
    );
    let page = asked.page(&errors, None, Direction::After, 10);
    let hit = &page.hits[5];
    let part = Part::Surrounding { of: hit.cursor.clone(), before: 4, after: 6 };
    let Answer::Surrounding { page, at } = asked.ask(&errors, part).answer else {
        panic!("{name}")
    };
    assert_eq!((page.hits.len(), at), (11, 4), "{name}");
    assert_eq!(page.hits[at].id, hit.id, "{name}");
    let parity = number(hit) % 2;
    assert!(
        page.hits.iter().all(|hit| number(hit) % 2 == parity),
        "{name}: another file's records"
    );
    let part = Part::Find {
        pattern: "request 2[0-9]8 ".to_owned(),
        from: None,
        direction: Direction::After,
    };
    let Answer::Found(Some(found)) = asked.ask(&errors, part).answer else { panic!("{name}") };
    assert_eq!(number(&found), 208, "{name}");
    let part = Part::Document(found.cursor);
    let Answer::Document(Some(document)) = asked.ask(&errors, part).answer else {
        panic!("{name}")
    };
    let raw = String::from_utf8_lossy(document.raw.as_deref().unwrap()).into_owned();
    assert_eq!(raw, documents(300)[208], "{name}: the exact source");
    let part = Part::Suggest { field: "service".to_owned(), text: "S1".to_owned(), size: 5 };
    let Answer::Suggestions(values) = asked.ask(&errors, part).answer else { panic!("{name}") };
    assert_eq!(
        values.iter().map(|value| value.label.as_str()).collect::<Vec<_>>(),
        ["s1"],
        "{name}"
    );
}
