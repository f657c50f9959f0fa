//! What keys do, seen in the state and on the screen. How it looks is another file's.

use super::harness::Harness;

#[tokio::test(start_paused = true)]
async fn the_first_screen_shows_the_newest_records_and_their_number() {
    let harness = Harness::new(80, 24).await;
    let app = harness.app();
    assert_eq!(app.total.map(|total| total.hits), Some(600));
    assert_eq!(app.table.position(), Some(1));
    assert!(harness.screen().contains("600"), "{}", harness.screen());
    assert!(app.histogram.by.is_some(), "the status class is the default breakdown");
}

#[tokio::test(start_paused = true)]
async fn moving_down_fetches_more_rows_and_keeps_count() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("300j").await;
    let held = harness.app().table.hits.len();
    for _ in 0..20 {
        harness.keys("<PgDn><PgDn>").await;
    }
    assert!(harness.app().table.hits.len() > held);
    harness.keys("G").await;
    assert_eq!(harness.app().table.position(), Some(600));
    assert!(harness.app().table.at_end);
    harness.keys("gg").await;
    assert_eq!(harness.app().table.position(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn quitting_ends_the_loop() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("?").await;
    harness.keys("q").await;
    assert!(!harness.app().quitting, "q closed the help");
    harness.keys("<Esc>").await;
    assert!(!harness.app().quitting, "Esc never quits");
    harness.keys("q").await;
    assert!(harness.app().quitting);
}
