//! What an engine leaves out of an answer: each part says so, beside the answer that there is.

use peavey::query::{
    Answer, Clause, Direction, FacetRequest, PageRequest, Part, SortOrder, Update, Warning,
    WarningKind,
};
use serde_json::json;

use crate::support::engine::Engine;
use crate::{Asked, MAPPING, documents, search};

fn page(count: usize) -> Part {
    let (anchor, inclusive, direction) = (None, false, Direction::After);
    Part::Page(PageRequest { anchor, inclusive, direction, count, fields: Vec::new() })
}

fn hits(update: &Update) -> usize {
    match &update.answer {
        Answer::Page(page) => page.hits.len(),
        other => panic!("{other:?}"),
    }
}

fn partial(update: &Update) -> &str {
    let found = update.warnings.iter().find(|warning| warning.kind == WarningKind::Partial);
    found.map_or("", |warning| warning.message.as_str())
}

/// Two indices, in the second of which `service` is text, and `hidden` is not to be searched.
fn two(engine: &Engine, index: &str, settings: &str) -> Asked {
    let other = MAPPING
        .replace(r#""service":{"type":"keyword"}"#, r#""service":{"type":"text"},"hidden":{"type":"keyword","index":false,"doc_values":false}"#)
        .replacen('{', &format!("{{{settings}"), 1);
    engine.fill(&format!("{index}-text"), &other, &documents(20));
    Asked::on(engine, index, MAPPING, &documents(30))
}

/// A field that is a keyword here and a text there: what is sorted lacks an index or is refused, counts are a sample.
pub(super) fn a_field_of_two_types_is_told(engine: &Engine) {
    let asked = two(engine, "limits-types", "");
    let mut by_service = search(Clause::MatchAll, SortOrder::Ascending);
    "service".clone_into(&mut by_service.sort.field);
    let update = asked.ask(&by_service, page(100));
    let said = match &update.answer {
        Answer::Failed(reason) => reason.clone(),
        _ => partial(&update).to_owned(),
    };
    assert!(said.contains("service") && said.contains("text"), "{}: {said}", engine.name);
    let facet = Part::Facet(FacetRequest { field: "service".to_owned(), size: 5 });
    let update = asked.ask(&search(Clause::MatchAll, SortOrder::Ascending), facet);
    let worst = Warning::worst(&update.warnings);
    assert!(worst >= Some(WarningKind::Approximate), "{}: {update:?}", engine.name);
}

/// A field that is not indexed in one of two indices: the other index answers.
pub(super) fn a_field_that_is_not_indexed_is_told(engine: &Engine) {
    let asked = two(engine, "limits-hidden", "");
    let value = json!("x");
    let hidden = Clause::Term { field: "hidden".to_owned(), value, case_insensitive: None };
    let search = search(Clause::any(vec![hidden, Clause::MatchAll]), SortOrder::Ascending);
    let check = |update: &Update| {
        let said = partial(update);
        assert!(said.contains("`hidden` is not indexed there"), "{}: {said}", engine.name);
    };
    let rows = asked.ask(&search, page(100));
    assert_eq!(hits(&rows), 30, "{}", engine.name);
    check(&rows);
    let Answer::Page(page) = &rows.answer else { return };
    let of = page.hits[0].cursor.clone();
    for part in [
        Part::Total,
        Part::Facet(FacetRequest { field: "status".to_owned(), size: 5 }),
        Part::Find { pattern: "request 2".to_owned(), from: None, direction: Direction::After },
        Part::Suggest { field: "status".to_owned(), text: String::new(), size: 5 },
    ] {
        let update = asked.ask(&search, part);
        assert!(!matches!(update.answer, Answer::Failed(_)), "{}: {update:?}", engine.name);
        check(&update);
    }
    // Neighbours are asked without the query: they lack nothing.
    let around = asked.ask(&search, Part::Surrounding { of, before: 2, after: 2 });
    assert_eq!(partial(&around), "", "{}", engine.name);
}

/// More rows asked for than an index gives at a time.
pub(super) fn a_small_window_is_told(engine: &Engine) {
    let settings = r#""settings":{"index.max_result_window":10},"#;
    let asked = two(engine, "limits-window", settings);
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    let update = asked.ask(&all, page(40));
    assert_eq!(hits(&update), 30, "{}", engine.name);
    let said = partial(&update);
    assert!(said.contains("no more than 10 rows are given at a time"), "{}: {said}", engine.name);
    assert_eq!(hits(&asked.ask(&all, page(10))), 10, "{}", engine.name);
}

/// A script that fails in one of two indices, from a pill with DSL of its own.
pub(super) fn a_failing_script_is_told(engine: &Engine) {
    let asked = two(engine, "limits-script", "");
    let script = json!({"script": {"script": {"source": "doc['hidden'].size() == 0"}}});
    let custom = search(Clause::Custom(script), SortOrder::Ascending);
    let update = asked.ask(&custom, page(100));
    let said = match &update.answer {
        Answer::Failed(reason) => reason.clone(),
        _ => partial(&update).to_owned(),
    };
    let is_told = if engine.name.starts_with("os") || engine.name == "es710" {
        said.contains("a script of the query fails")
    } else {
        // Started from the published jars, these have no script language.
        said.contains("this cluster runs no scripts in painless")
    };
    assert!(is_told, "{}: {said}", engine.name);
}
