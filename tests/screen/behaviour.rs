//! What keys do on the main screen, seen in the state. How it looks is another file's.

use peavey::app::state::{FieldRow, FilterKind, Follow, Layer, Pane};
use peavey::query::{Breakdown, SortOrder};
use serde_json::json;

use super::harness::{Harness, web_record};

/// Hits of the answer on the screen.
fn hits(harness: &Harness) -> u64 {
    harness.app().total.expect("a total").hits
}

/// The number of the record under the cursor, as its text ends (`#17`).
fn record(harness: &Harness) -> String {
    let raw = harness.app().table.current().expect("a row").raw.clone().expect("its text");
    let text = String::from_utf8_lossy(&raw).into_owned();
    text.rsplit('#').next().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_first_screen_shows_the_newest_records_and_their_number() {
    let harness = Harness::new(80, 24).await;
    let app = harness.app();
    assert_eq!(hits(&harness), 600);
    assert_eq!(app.table.position(), Some(1));
    assert_eq!(record(&harness), "599");
    assert!(harness.screen().contains("600"), "{}", harness.screen());
    let field = "http.response.status_code".to_owned();
    assert_eq!(app.table.sort.field, "@timestamp");
    assert_eq!(app.histogram.by, Some(Breakdown::StatusClass { field }));
}

#[tokio::test(start_paused = true)]
async fn moving_down_fetches_more_rows_and_keeps_count() {
    let mut harness = Harness::new(80, 24).await;
    let held = harness.app().table.hits.len();
    harness.keys("40j").await;
    assert_eq!(harness.app().table.position(), Some(41));
    assert!(harness.app().table.hits.len() > held);
    harness.keys("G").await;
    assert_eq!(harness.app().table.position(), Some(600));
    assert_eq!(record(&harness), "0");
    harness.keys("<PgUp><PgUp>").await;
    assert!(harness.app().table.position() < Some(600));
    harness.keys("gg").await;
    assert_eq!(harness.app().table.position(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn the_whole_answer_can_be_walked_through() {
    let mut harness = Harness::new(80, 24).await;
    let mut seen = vec![record(&harness)];
    for _ in 1..600 {
        harness.keys("j").await;
        seen.push(record(&harness));
    }
    let expected: Vec<String> = (0..600).rev().map(|at: i32| at.to_string()).collect();
    assert_eq!(seen, expected);
    for _ in 1..600 {
        harness.keys("k").await;
    }
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

#[tokio::test(start_paused = true)]
async fn a_query_is_typed_asked_and_undone() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("3j").await;
    harness.keys("ihttp.response.status_code >= 500<Enter>").await;
    assert_eq!(hits(&harness), 15);
    assert_eq!(harness.app().focus.top(), None);
    assert_eq!(harness.app().table.position(), Some(1));
    harness.keys("u").await;
    assert_eq!(hits(&harness), 600);
    assert_eq!(harness.app().query.prompt.text(), "");
    assert_eq!(harness.app().table.position(), Some(4), "the cursor is where it was");
    harness.keys("<C-r>").await;
    assert_eq!(hits(&harness), 15);
    assert_eq!(harness.app().query.prompt.text(), "http.response.status_code >= 500");
}

#[tokio::test(start_paused = true)]
async fn a_wrong_query_says_where_and_keeps_the_last_answer() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ilog.level: (ERROR or <Enter>").await;
    let error = harness.app().query.error.clone().expect("an error");
    assert!(error.span.is_some());
    assert_eq!(harness.app().focus.top(), Some(Layer::Query));
    assert_eq!(hits(&harness), 600);
    assert!(!harness.app().table.hits.is_empty());
    harness.keys("INFO)").await;
    assert_eq!(harness.app().query.error, None, "typing takes the error away");
    harness.keys("<Enter>").await;
    assert_eq!(hits(&harness), 600);
    assert_eq!(harness.app().focus.top(), None);
}

#[tokio::test(start_paused = true)]
async fn esc_leaves_the_query_and_the_history_keeps_it() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("imessage: half<Esc>").await;
    if harness.app().focus.top().is_some() {
        harness.keys("<Esc>").await; // The first one has closed the suggestions.
    }
    assert_eq!(harness.app().query.prompt.text(), "");
    harness.keys("i<Up>").await;
    assert_eq!(harness.app().query.prompt.text(), "message: half");
    harness.keys("<Down>").await;
    assert_eq!(harness.app().query.prompt.text(), "");
}

#[tokio::test(start_paused = true)]
async fn a_paste_opens_the_query_bar_and_never_runs_as_keys() {
    let mut harness = Harness::new(80, 24).await;
    harness.paste("q\nZZ :quit\n").await;
    assert!(!harness.app().quitting);
    assert_eq!(harness.app().focus.top(), Some(Layer::Query));
    assert_eq!(harness.app().query.prompt.text(), "q ZZ :quit");
    harness.keys("<C-z>").await;
    assert_eq!(harness.app().query.prompt.text(), "", "one edit");
}

#[tokio::test(start_paused = true)]
async fn a_facet_filters_and_the_pill_can_be_changed() {
    let mut harness = Harness::new(140, 45).await;
    harness.keys("gf/status<Enter>").await;
    let facet = &harness.app().fields.facets["http.response.status_code"];
    let values = &facet.facet.as_ref().expect("an answer").values;
    assert_eq!(values[0].count, 525);
    assert!(facet.complete);
    harness.keys("j").await;
    assert!(matches!(harness.app().fields.current(), Some(FieldRow::Value { index: 0, .. })));
    harness.keys("-").await;
    assert_eq!(hits(&harness), 75);
    let filters = &harness.app().asked.question.filters;
    let field = "http.response.status_code".to_owned();
    assert_eq!(filters[0].kind, FilterKind::Is { field, value: json!(200) });
    assert!(filters[0].negate);
    harness.keys("gp!").await;
    assert_eq!(hits(&harness), 525);
    harness.keys("<Space>").await;
    assert_eq!(hits(&harness), 600);
    assert!(harness.app().asked.question.filters[0].disabled);
    harness.keys("d").await;
    assert!(harness.app().asked.question.filters.is_empty());
    assert_eq!(harness.app().focus.pane, Pane::Table);
    harness.keys("uu").await;
    assert_eq!(hits(&harness), 525);
}

#[tokio::test(start_paused = true)]
async fn a_class_of_the_legend_becomes_a_pill() {
    let mut harness = Harness::new(140, 45).await;
    harness.keys("gh").await;
    let series = harness.app().histogram.bars.as_ref().expect("bars").series.clone();
    let steps = series.iter().position(|series| series.label == "5xx").expect("5xx") + 1;
    harness.keys(&"j".repeat(steps)).await;
    harness.keys("+").await;
    assert_eq!(hits(&harness), 15);
    let filters = &harness.app().asked.question.filters;
    assert!(matches!(&filters[0].kind, FilterKind::Between { .. }), "{:?}", filters[0].kind);
}

#[tokio::test(start_paused = true)]
async fn a_span_is_selected_zoomed_shifted_and_undone() {
    let mut harness = Harness::new(140, 45).await;
    harness.keys("v10h<Enter>").await;
    let zoomed = hits(&harness);
    assert!(zoomed < 600 && zoomed > 0, "{zoomed}");
    assert!(!harness.app().range.is_all());
    assert_eq!(harness.app().histogram.anchor, None);
    let before = harness.app().range;
    harness.keys("<lt>").await;
    assert!(harness.app().range.from < before.from);
    harness.keys("Z").await;
    assert!(harness.app().range.from < before.from);
    harness.keys("uuu").await;
    assert!(harness.app().range.is_all());
    assert_eq!(hits(&harness), 600);
}

#[tokio::test(start_paused = true)]
async fn the_time_picker_takes_quick_relative_and_exact_ranges() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("t<Down><Down><Enter>").await; // Last 15 minutes; the log ends at 14:59.
    assert_eq!(harness.app().asked.span.from.as_deref(), Some("now-15m"));
    assert_eq!(hits(&harness), 15);
    harness.keys("t<Tab><C-u>1<Tab><Right><Enter>").await;
    assert_eq!(harness.app().asked.span.from.as_deref(), Some("now-1h"));
    assert_eq!(hits(&harness), 60);
    harness.keys("t<Tab><Tab><Tab><C-u>2025-11-24T05:00<Tab><C-u>2025-11-24T05:09:30<Enter>").await;
    assert_eq!(hits(&harness), 10);
    harness.keys("t<Tab><C-u>nonsense<Enter>").await;
    assert_eq!(harness.app().focus.top(), Some(Layer::Time));
    assert!(harness.app().time.error.is_some());
    harness.keys("<Esc>").await;
    assert_eq!(hits(&harness), 10);
}

#[tokio::test(start_paused = true)]
async fn the_cursor_stays_on_its_record_when_the_order_turns() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("100jjj").await;
    let here = record(&harness);
    harness.keys("o").await;
    assert_eq!(record(&harness), here);
    assert_eq!(harness.app().table.sort.order, SortOrder::Ascending);
    assert_eq!(harness.app().table.position(), Some(here.parse::<u64>().expect("a number") + 1));
}

#[tokio::test(start_paused = true)]
async fn the_cursor_stays_on_its_record_when_a_filter_keeps_it() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("/timed out<Enter>").await;
    let here = record(&harness);
    assert_eq!(here, "428");
    harness.keys("n").await;
    assert_eq!(record(&harness), "426");
    harness.keys("ilog.level: ERROR<Enter>").await;
    assert_eq!(record(&harness), "426");
    assert_eq!(harness.app().table.position(), Some(2));
    harness.keys("u").await;
    assert_eq!(record(&harness), "426");
}

#[tokio::test(start_paused = true)]
async fn find_goes_round_and_says_so() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("/#599$<Enter>").await;
    assert_eq!(record(&harness), "599");
    let told = harness.app().passing.clone().expect("a message").text;
    assert_eq!(told, "The search began again at the other end.");
    harness.keys("/no such text<Enter>").await;
    assert_eq!(harness.app().passing.clone().expect("a message").text, "Pattern not found.");
    assert_eq!(record(&harness), "599");
    harness.keys("/(<Enter>").await;
    assert!(harness.app().find.error.is_some());
}

#[tokio::test(start_paused = true)]
async fn columns_come_and_go_and_sort() {
    let mut harness = Harness::new(140, 45).await;
    harness.keys("curl.path<Enter>").await;
    assert_eq!(harness.app().table.columns, ["url.path"]);
    harness.keys("cmessage<Enter>..").await;
    assert_eq!(harness.app().table.column, Some(1));
    harness.keys("H").await;
    assert_eq!(harness.app().table.columns, ["message", "url.path"]);
    harness.keys("<Del>").await;
    assert_eq!(harness.app().table.columns, ["url.path"]);
    let fields = match &harness.fake.requests().last().expect("a request").parts[0] {
        peavey::query::Part::Page(page) => page.fields.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields, ["@timestamp", "url.path"]);
}

#[tokio::test(start_paused = true)]
async fn following_stays_at_the_end_pauses_and_resumes() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("F").await;
    assert!(harness.fake.is_following());
    assert_eq!(harness.app().table.sort.order, SortOrder::Ascending);
    assert_eq!(record(&harness), "599");
    harness.fake.grow((600..603).map(|at| web_record(at, 60_000)).collect());
    harness.pass(400).await;
    assert_eq!(record(&harness), "602");
    harness.keys("k").await;
    assert!(matches!(harness.app().table.follow, Follow::Paused { .. }));
    harness.fake.grow((603..610).map(|at| web_record(at, 60_000)).collect());
    harness.pass(400).await;
    assert_eq!(record(&harness), "601", "paused");
    assert_eq!(harness.app().came_since_pause(), 7);
    harness.keys("G").await;
    assert_eq!(record(&harness), "609");
    assert_eq!(harness.app().table.follow, Follow::Live);
    harness.keys("F").await;
    assert!(!harness.fake.is_following());
    assert_eq!(harness.app().table.sort.order, SortOrder::Descending);
}

#[tokio::test(start_paused = true)]
async fn nothing_found_says_why_and_offers_ways_out() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys("ilog.levle: ERROR<Enter>").await;
    assert_eq!(hits(&harness), 0);
    assert!(harness.screen().contains("log.level"), "{}", harness.screen());
    harness.keys("1").await;
    assert_eq!(harness.app().asked.question.text, "log.level: ERROR");
    assert_eq!(hits(&harness), 15);
    harness.keys("i<C-u>stream ti<Enter>").await;
    assert_eq!(hits(&harness), 0, "whole words only");
    harness.keys("1").await;
    assert_eq!(hits(&harness), 15, "the record contains it");
    harness.keys("t<Down><Down><Enter>").await;
    assert_eq!(hits(&harness), 0);
    assert_eq!(harness.app().nothing.offers.len(), 3, "{:?}", harness.app().nothing);
}

#[tokio::test(start_paused = true)]
async fn work_is_said_to_run_after_a_moment_and_can_be_stopped() {
    let mut harness = Harness::new(80, 24).await;
    harness.fake.hold();
    harness.keys("ilog.level: ERROR<Enter>").await;
    assert!(!harness.app().progress.shown);
    harness.pass(150).await;
    assert!(harness.app().progress.shown);
    assert!(!harness.app().table.hits.is_empty(), "the last answer stays");
    harness.keys("<Esc>").await;
    assert!(!harness.app().progress.shown);
    harness.fake.let_go();
    harness.idle().await;
    assert_eq!(hits(&harness), 600, "late answers are dropped");
    harness.keys("r").await;
    assert_eq!(hits(&harness), 15);
}

#[tokio::test(start_paused = true)]
async fn records_of_a_static_source_appear_while_it_is_read() {
    let mut harness = Harness::new(80, 24).await;
    harness.fake.grow((600..620).map(|at| web_record(at, 60_000)).collect());
    harness.pass(400).await;
    assert_eq!(hits(&harness), 620);
    assert_eq!(record(&harness), "619", "the first row is still the first");
    harness.keys("5j").await;
    let here = record(&harness);
    harness.fake.grow((620..640).map(|at| web_record(at, 60_000)).collect());
    harness.pass(400).await;
    assert_eq!(record(&harness), here);
    harness.keys("gg").await;
    assert_eq!(record(&harness), "639");
}

#[tokio::test(start_paused = true)]
async fn the_palette_runs_actions_by_name() {
    let mut harness = Harness::new(80, 24).await;
    harness.keys(":togglewrap<Enter>").await;
    assert_eq!(harness.app().table.wrap, peavey::app::state::Wrap::Wrapped);
    assert_eq!(harness.app().focus.top(), None);
    harness.keys("g").await;
    assert!(!harness.app().continuations().is_empty());
    harness.keys("<Esc>").await;
    assert!(harness.app().continuations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_screen_takes_any_size_and_keeps_its_cursor() {
    let mut harness = Harness::new(140, 45).await;
    harness.keys("30j").await;
    let here = record(&harness);
    for (width, height) in [(80, 24), (20, 5), (1, 1), (200, 60)] {
        harness.resize(width, height).await;
        harness.pass(200).await;
        assert_eq!(record(&harness), here, "{width}x{height}");
    }
    let rows = usize::from(harness.app().geometry.table_rows);
    let table = &harness.app().table;
    assert!((table.top..table.top + rows).contains(&table.cursor));
}

#[tokio::test(start_paused = true)]
async fn what_was_left_out_is_told_once_and_can_be_read() {
    let mut harness = Harness::new(80, 24).await;
    harness.fake.change_status(|status| {
        status.notices.push(peavey::query::Notice {
            message: "3 files skipped: permission denied".to_owned(),
            details: vec!["/var/log/secure".to_owned()],
        });
    });
    harness.idle().await;
    let told = harness.app().passing.clone().expect("a message").text;
    assert_eq!(told, "3 files skipped: permission denied (gn tells more)");
    harness.keys("gn").await;
    assert!(harness.screen().contains("/var/log/secure"), "{}", harness.screen());
    harness.keys("q").await;
    assert_eq!(harness.app().focus.top(), None);
}

#[tokio::test(start_paused = true)]
async fn a_source_is_picked_when_none_was_named() {
    use peavey::app::state::{Offered, SourceRow};
    let row = |label: &str| SourceRow {
        label: label.to_owned(),
        detail: "12 MB, today".to_owned(),
        args: vec![label.to_owned()],
    };
    let fake = super::harness::web_log();
    let rows = vec![row("/var/log/syslog"), row("/var/log/nginx")];
    let mut harness = Harness::over(fake, 80, 24, move |options| {
        options.source = None;
        options.picker = Offered { rows, cluster: None };
    })
    .await;
    assert!(harness.screen().contains("/var/log/nginx"), "{}", harness.screen());
    assert!(harness.fake.requests().is_empty());
    harness.keys("ngin").await;
    assert_eq!(harness.app().picker.as_ref().expect("a list").matched.len(), 1);
    harness.keys("<Esc>").await;
    assert!(harness.app().quitting);
}
