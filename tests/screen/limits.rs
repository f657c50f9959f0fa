//! What is said of an answer's limits, and the requests behind it.

use peavey::app::state::{InspectTab, Layer};
use peavey::query::Warning;

use super::harness::{Harness, web_log};

const LOST: &str = "4 of 6 shards answered (node b has left); there may be more hits: see the cluster's health, then ask again with r";

async fn over_a_server(width: u16, height: u16, warning: Option<Warning>) -> Harness {
    let fake = web_log();
    fake.pretend_a_server();
    if let Some(warning) = warning {
        fake.warn(warning);
    }
    Box::pin(Harness::over(fake, width, height, |_| {})).await
}

#[tokio::test(start_paused = true)]
async fn a_partial_answer_is_marked_and_said_beside_the_answer_that_there_is() {
    let mut harness = over_a_server(80, 24, Some(Warning::partial(LOST))).await;
    insta::assert_snapshot!("a_partial_answer_80x24", harness.screen());
    harness.resize(140, 40).await;
    insta::assert_snapshot!("a_partial_answer_140x40", harness.screen());
    // Read once, it can be put away; the mark stays, and the same warning does not come back.
    harness.keys("<Esc>r").await;
    let screen = harness.screen();
    assert!(!screen.contains("node b has left") && screen.contains("partial"), "{screen}");
    harness.keys("gn").await;
    assert!(harness.screen().contains("node b has left"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_lacked_is_forgotten_with_the_next_whole_answer() {
    let fake = web_log();
    fake.warn(Warning::partial(LOST));
    let mut harness = Box::pin(Harness::over(fake, 80, 24, |_| {})).await;
    assert!(harness.screen().contains("partial"), "{}", harness.screen());
    harness.fake.warn_no_more();
    harness.fake.change_status(|status| status.generation += 1);
    harness.pass(400).await;
    assert!(!harness.screen().contains("partial"), "{}", harness.screen());
    assert!(harness.app().warnings.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_note_takes_no_line() {
    let harness = over_a_server(80, 24, Some(Warning::note("all is well, nearly"))).await;
    let screen = harness.screen();
    assert!(!screen.contains("nearly") && !screen.contains("partial"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn the_requests_behind_an_answer_are_read_and_copied() {
    let mut harness = over_a_server(80, 24, None).await;
    harness.keys("ihttp.response.status_code >= 500<Enter>I").await;
    assert_eq!(harness.app().focus.top(), Some(Layer::Inspect));
    let calls: Vec<&str> =
        harness.app().inspect.calls.iter().map(|call| call.purpose.as_str()).collect();
    assert_eq!(calls, ["rows", "number of hits", "histogram"], "those of the answer in force");
    assert!(harness.app().inspect.lines.iter().any(|line| line.contains("\"gte\": \"500\"")));
    insta::assert_snapshot!("a_request_80x24", harness.screen());
    harness.keys("J<Tab>").await;
    assert_eq!((harness.app().inspect.at, harness.app().inspect.tab), (1, InspectTab::Curl));
    assert!(harness.app().inspect.lines[0].starts_with("curl "));
    harness.keys("yc").await;
    let told = harness.app().passing.clone().expect("a copy is told").text;
    assert!(told.starts_with("Copied "), "{told}");
    harness.resize(140, 40).await.keys("<Tab>").await;
    insta::assert_snapshot!("an_answer_behind_140x40", harness.screen());
    harness.keys("<Esc>").await;
    assert_eq!(harness.app().focus.top(), None);
}

#[tokio::test(start_paused = true)]
async fn the_question_to_files_is_shown_as_a_request_too() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ihttp.response.status_code >= 500 and url.path: /login<Enter>I").await;
    insta::assert_snapshot!("a_question_to_files_80x24", harness.screen());
    harness.keys("GggJK<Tab>yy").await;
    let told = harness.app().passing.clone().expect("a copy is told").text;
    assert!(told.starts_with("Copied "), "{told}");
}

#[tokio::test(start_paused = true)]
async fn what_a_facet_lacks_is_said_at_the_facet() {
    let told = "message cannot be counted by the engine; these are the values of 500 hits";
    let mut harness = Harness::new(140, 40).await;
    harness.fake.warn(Warning::approximate(told));
    harness.keys("gf/status<Enter>").await;
    let screen = harness.screen();
    assert!(!screen.contains(told) && screen.contains("of 600 hits"), "{screen}");
    // The value under the cursor is told in full words, and so is what lacks.
    harness.keys("j").await;
    let screen = harness.screen();
    assert!(screen.contains("525 hits, 87.5%"), "{screen}");
    harness.keys("jjjj").await;
    assert!(harness.screen().contains(told), "{}", harness.screen());
    harness.keys("gn").await;
    assert!(harness.screen().contains(told), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_question_without_an_answer_says_why_and_keeps_the_rows_before() {
    let mut harness = Harness::new(80, 24).await;
    let reason = "the cluster refuses: `token` is not indexed there, and cannot be searched; search another field, or set \"index\": true in the mapping of new indices";
    harness.fake.refuse(Some(reason));
    harness.keys("itoken: x<Enter>").await;
    insta::assert_snapshot!("no_answer_80x24", harness.screen());
    harness.fake.refuse(None);
    harness.keys("r").await;
    let screen = harness.screen();
    assert!(!screen.contains("no answer") && !screen.contains("not indexed"), "{screen}");
}
