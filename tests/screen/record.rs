//! The open document, its neighbours, and copying.

use peavey::app::state::{DocumentTab, FilterKind, Layer};

use super::harness::Harness;

#[tokio::test(start_paused = true)]
async fn a_document_opens_and_goes_to_the_next_on_the_same_field() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("<Enter>").await;
    let view = harness.app().document.as_ref().expect("a document");
    assert!(view.whole);
    assert_eq!(view.fields[0].name, "@timestamp");
    harness.keys("/url<Enter>").await;
    let view = harness.app().document.as_ref().expect("a document");
    assert_eq!(view.fields.len(), 1);
    assert_eq!(view.fields[0].name, "url.path");
    harness.keys("J").await;
    assert_eq!(harness.app().table.position(), Some(2));
    let view = harness.app().document.as_ref().expect("a document");
    assert_eq!(view.current().map(|field| field.name.as_str()), Some("url.path"));
    assert_eq!(view.current().map(|field| field.text.as_str()), Some("/static/app.js"));
    harness.keys("-").await;
    let filters = &harness.app().asked.question.filters;
    assert!(matches!(&filters[0].kind, FilterKind::Is { field, .. } if field == "url.path"));
    assert_eq!(harness.app().total.expect("a total").hits, 450);
    harness.keys("q").await;
    assert_eq!(harness.app().focus.top(), None);
}

#[tokio::test(start_paused = true)]
async fn tabs_show_json_that_folds_and_the_record_as_it_was_written() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("<Enter><Tab>").await;
    let view = harness.app().document.as_ref().expect("a document");
    assert_eq!(view.tab, DocumentTab::Json);
    let lines = view.json.len();
    harness.keys("<Enter>").await;
    let view = harness.app().document.as_ref().expect("a document");
    assert_eq!(view.json.len(), 1, "{lines} lines folded to one");
    harness.keys("<Enter><Tab>").await;
    let view = harness.app().document.as_ref().expect("a document");
    assert_eq!(view.raw.len(), 1);
    assert!(view.raw[0].ends_with("#599"));
}

#[tokio::test(start_paused = true)]
async fn surroundings_lift_the_query_and_come_back() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ilog.level: ERROR<Enter>jx").await;
    let around = harness.app().surroundings.as_ref().expect("surroundings");
    let of = around.of.id.clone();
    assert_eq!(around.hits[around.at].id, of);
    assert_eq!(around.hits.len(), 101);
    assert_eq!(around.cursor, around.at);
    harness.keys("60k").await;
    let around = harness.app().surroundings.as_ref().expect("surroundings");
    assert!(around.hits.len() > 101, "more are fetched near the end");
    assert_eq!(around.of.id, of);
    harness.keys("<Enter>").await;
    assert_eq!(harness.app().focus.layers, [Layer::Surroundings, Layer::Document]);
    harness.keys("qq").await;
    assert_eq!(harness.app().focus.top(), None);
    assert_eq!(harness.app().table.position(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn copies_say_what_was_copied() {
    let mut harness = Harness::new(80, 24).await;
    let raw = harness.app().table.current().expect("a row").raw.clone().expect("its text");
    harness.keys("yr").await;
    let told = harness.app().passing.clone().expect("a message").text;
    assert_eq!(told, format!("Copied {} characters.", raw.len()));
    harness.pass(5_000).await;
    assert_eq!(harness.app().passing, None);
}
