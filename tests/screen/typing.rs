//! The query bar while it is typed in: suggestions.

use peavey::app::state::{Layer, SuggestionKind};

use super::harness::Harness;

/// The lines of the pop-up, of one kind.
fn lines(harness: &Harness, kind: SuggestionKind) -> Vec<String> {
    let suggestions = &harness.app().query.suggestions;
    assert!(suggestions.is_shown(), "{:?}", harness.app().query);
    let items = suggestions.items.iter().filter(|item| item.kind == kind);
    items.map(|item| item.text.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn fields_operators_and_values_follow_each_other() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ilev").await;
    assert_eq!(lines(&harness, SuggestionKind::Field), ["log.level"]);
    harness.keys("<Tab>").await;
    assert_eq!(harness.app().query.prompt.text(), "log.level ");
    let operators = lines(&harness, SuggestionKind::Operator);
    assert_eq!(operators[0], ":");
    harness.keys("<Tab>").await;
    assert_eq!(harness.app().query.prompt.text(), "log.level : ");
    assert_eq!(lines(&harness, SuggestionKind::Value), ["INFO"], "of the rows in view");
    harness.pass(200).await;
    assert_eq!(lines(&harness, SuggestionKind::Value), ["INFO", "ERROR"], "of the source");
    assert_eq!(harness.app().query.suggestions.items[0].detail, "585");
    harness.keys("<Down><Down><Enter>").await;
    assert_eq!(harness.app().query.prompt.text(), "log.level : \"ERROR\" ");
    assert_eq!(harness.app().focus.top(), Some(Layer::Query), "Enter accepted, it did not ask");
    harness.keys("<Enter>").await;
    assert_eq!(harness.app().total.expect("a total").hits, 15);
}

#[tokio::test(start_paused = true)]
async fn the_pop_up_never_steals_a_key() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("imessage: served<Enter>").await;
    assert_eq!(harness.app().asked.question.text, "message: served", "Enter asks");
    harness.keys("i<C-u>mess<Esc>").await;
    assert!(!harness.app().query.suggestions.is_shown());
    assert_eq!(harness.app().focus.top(), Some(Layer::Query), "Esc put the pop-up away");
    harness.keys("<C-Space>").await;
    assert!(harness.app().query.suggestions.is_shown());
    harness.keys("<Esc><Esc>").await;
    assert_eq!(harness.app().focus.top(), None);
    assert_eq!(harness.app().query.prompt.text(), "message: served");
    harness.keys("i<Esc>").await;
    assert_eq!(harness.app().focus.top(), None, "nothing typed, one Esc is enough");
}

#[tokio::test(start_paused = true)]
async fn a_refused_query_offers_one_that_works() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ihttp.response.status_code: 5*<Enter>").await;
    let error = harness.app().query.error.clone().expect("it is refused");
    assert!(error.replacement.is_some(), "{error:?}");
    assert!(!harness.app().table.hits.is_empty(), "the last answer stays");
    harness.keys("<C-x>").await;
    assert_eq!(harness.app().query.error, None);
    assert_eq!(harness.app().total.expect("a total").hits, 15);
}
