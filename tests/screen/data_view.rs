//! Other sources: a data view is picked from a list or typed, a time field is chosen, data views
//! without one have no histogram.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use peavey::app::state::{Offered, PickerKind, SourceRow};
use peavey::query::Status;
use peavey::shell::Opener;
use peavey::source::Source;

use super::fake::Fake;
use super::harness::{FIELDS, Harness, web_log, web_record};

/// A cluster with two data views; what is opened is noted.
struct Cluster {
    opened: Mutex<Vec<String>>,
}

impl Cluster {
    fn note(&self, what: String) -> Arc<dyn Source> {
        let title = what.clone();
        self.opened.lock().unwrap().push(what);
        let records = (0..7).map(|at| web_record(at, 1_000)).collect();
        Arc::new(Fake::new(&title, records, &FIELDS))
    }
}

impl Opener for Cluster {
    fn open(&self, sources: Vec<String>) -> anyhow::Result<Arc<dyn Source>> {
        Ok(self.note(sources.join(" ")))
    }

    fn open_view(&self, pattern: &str) -> anyhow::Result<Arc<dyn Source>> {
        if pattern == "nothing" {
            anyhow::bail!("no index matches `nothing`");
        }
        Ok(self.note(format!("view {pattern}")))
    }

    fn use_time_field(&self, field: &str) -> anyhow::Result<Arc<dyn Source>> {
        Ok(self.note(format!("time {field}")))
    }

    fn list(&self, tell: &mut dyn FnMut(Offered) -> bool) -> anyhow::Result<()> {
        for detail in ["data stream", "data stream, 1,204 documents"] {
            tell(offered(detail));
        }
        Ok(())
    }
}

fn offered(detail: &str) -> Offered {
    let row = |label: &str| SourceRow {
        label: label.to_owned(),
        detail: detail.to_owned(),
        args: Vec::new(),
    };
    Offered { rows: vec![row("logs-app-pt"), row("metrics")], cluster: Some("h:9200".to_owned()) }
}

async fn over(fake: Fake, picking: bool) -> (Harness, Arc<Cluster>) {
    let cluster = Arc::new(Cluster { opened: Mutex::new(Vec::new()) });
    let opener = Arc::clone(&cluster);
    let harness = Harness::over(fake, 100, 30, move |options| {
        options.opener = Some(opener);
        if picking {
            options.source = None;
            options.picker = offered("data stream");
        }
    })
    .await;
    (harness, cluster)
}

/// Waits for work that other threads do.
async fn until(harness: &mut Harness, what: impl Fn(&Harness) -> bool) {
    let begun = Instant::now();
    while !what(harness) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", harness.screen());
        std::thread::sleep(Duration::from_millis(2));
        harness.idle().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_data_view_is_picked_before_anything_is_open() {
    let (mut harness, cluster) = over(web_log(), true).await;
    until(&mut harness, |harness| harness.screen().contains("1,204 documents")).await;
    let screen = harness.screen();
    assert!(screen.contains("Data views of h:9200") && screen.contains("metrics"), "{screen}");
    harness.keys("nothing<Enter>").await;
    until(&mut harness, |harness| harness.screen().contains("no index matches")).await;
    assert!(harness.screen().contains("logs-app-pt"), "the list is there again");
    harness.keys("met<Enter>").await;
    until(&mut harness, |harness| harness.screen().contains("view metrics")).await;
    until(&mut harness, |harness| !harness.app().table.hits.is_empty()).await;
    assert_eq!(*cluster.opened.lock().unwrap(), ["view metrics"]);
    assert!(harness.app().picker.is_none());
}

#[tokio::test(start_paused = true)]
async fn another_data_view_is_opened_by_a_typed_pattern() {
    let (mut harness, cluster) = over(web_log(), false).await;
    harness.keys("gv").await;
    until(&mut harness, |harness| harness.screen().contains("1,204 documents")).await;
    harness.keys("logs-*").await;
    assert!(harness.screen().contains("pattern: matches 1 of them"), "{}", harness.screen());
    harness.keys("<Enter>").await;
    until(&mut harness, |harness| harness.app().status.title == "view logs-*").await;
    until(&mut harness, |harness| harness.app().table.hits.len() == 7).await;
    assert_eq!(*cluster.opened.lock().unwrap(), ["view logs-*"]);
    harness.keys("gv").await;
    until(&mut harness, |harness| harness.app().picker.is_some()).await;
    harness.keys("<Esc>").await;
    assert!(harness.app().picker.is_none() && !harness.app().quitting);
}

#[tokio::test(start_paused = true)]
async fn among_several_dates_the_time_field_is_asked_for() {
    let fake = web_log();
    fake.change_status(|status: &mut Status| {
        let mut view = status.view.as_ref().clone();
        view.time_field_name = None;
        status.view = Arc::new(view);
        status.time_candidates = vec!["born".to_owned(), "seen".to_owned()];
    });
    let (mut harness, cluster) = over(fake, false).await;
    let kind = harness.app().picker.as_ref().map(|picker| picker.kind);
    assert_eq!(kind, Some(PickerKind::TimeField), "{}", harness.screen());
    assert!(harness.screen().contains("(no time field)"), "{}", harness.screen());
    harness.keys("<Esc>").await;
    let screen = harness.screen();
    assert!(screen.contains("no time field") && !screen.contains("@timestamp ↓"), "{screen}");
    let asks_bars = |request: &peavey::query::SearchRequest| {
        request.parts.iter().any(|part| matches!(part, peavey::query::Part::Histogram(_)))
    };
    assert!(!harness.fake.requests().iter().any(asks_bars), "no histogram without a time field");
    harness.keys("t").await;
    assert!(harness.screen().contains("gT chooses one"), "{}", harness.screen());
    harness.keys("gTseen<Enter>").await;
    until(&mut harness, |harness| harness.screen().contains("time seen")).await;
    assert_eq!(*cluster.opened.lock().unwrap(), ["time seen"]);
    until(&mut harness, |harness| harness.screen().contains("@timestamp ↓")).await;
}
