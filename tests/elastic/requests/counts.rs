//! Numbers of hits, bars and values.

use peavey::query::{
    Answer, Bound, Breakdown, Clause, FacetRequest, HistogramRequest, Interval, Part, SortOrder,
};
use peavey::time::Zone;
use serde_json::json;

use super::open;
use crate::support::engine::Engine;
use crate::{Asked, MAPPING, search};

/// Of numbers, of keywords, and of a text by its keyword sub-field.
pub(super) fn total_histogram_and_facets_are_exact(engine: &Engine) {
    let name = engine.name;
    let asked = open(engine, "total_histogram_and_facets_are_exact", 600);
    let all = search(Clause::MatchAll, SortOrder::Descending);
    let errors = search(
        Clause::Range {
            field: "status".to_owned(),
            lower: Some(Bound { value: json!(500), inclusive: true }),
            upper: None,
            format: None,
            time_zone: None,
        },
        SortOrder::Descending,
    );
    let Answer::Total(total) = asked.ask(&errors, Part::Total).answer else { panic!("{name}") };
    assert_eq!((total.hits, total.of), (120, 600), "{name}");
    let request = HistogramRequest {
        interval: Interval::Fixed { millis: 60_000 },
        by: Some(Breakdown::StatusClass { field: "status".to_owned() }),
    };
    let Answer::Histogram(histogram) = asked.ask(&all, Part::Histogram(request)).answer else {
        panic!("{name}")
    };
    assert_eq!(
        histogram.buckets.iter().map(|bucket| bucket.count).collect::<Vec<_>>(),
        [300, 300],
        "{name}"
    );
    let series: Vec<(&str, u64)> =
        histogram.series.iter().map(|series| (series.label.as_str(), series.count)).collect();
    assert_eq!(series, [("2xx", 240), ("3xx", 120), ("4xx", 120), ("5xx", 120)], "{name}");
    let Answer::Facet(facet) =
        asked.ask(&all, Part::Facet(FacetRequest { field: "service".to_owned(), size: 3 })).answer
    else {
        panic!("{name}")
    };
    assert_eq!((facet.missing, facet.distinct, facet.hits, facet.error), (12, 7, 600, 0), "{name}");
    let listed: u64 = facet.values.iter().map(|value| value.count).sum();
    assert_eq!(listed + facet.other + facet.missing, 600, "{name}");
    let Answer::Facet(facet) =
        asked.ask(&all, Part::Facet(FacetRequest { field: "agent".to_owned(), size: 10 })).answer
    else {
        panic!("{name}")
    };
    assert_eq!(facet.values[0].label, "curl/0", "{name}: the keyword sub-field of a text");
}

/// Days of 24, 25 and 23 recorded hours, each hour once, stacked by level and by service.
pub(super) fn bars_follow_a_clock_change(engine: &Engine) {
    let name = engine.name;
    let first = 1_761_343_200_000; // 2025-10-24T22:00:00Z, midnight in Berlin.
    let records: Vec<String> = (0..72_i64)
        .map(|hour| {
            let level = if hour % 3 == 0 { "WARN" } else { "INFO" };
            let service = ["\"a\"", "\"b\"", "[\"a\",\"c\"]", "null"][hour as usize % 4];
            let time = first + hour * 3_600_000;
            format!(r#"{{"@timestamp":{time},"service":{service},"log":{{"level":"{level}"}}}}"#)
        })
        .collect();
    let asked = Asked::on(engine, "clock-change", MAPPING, &records);
    let mut all = search(Clause::MatchAll, SortOrder::Descending);
    all.zone = Zone::parse("Europe/Berlin").unwrap();
    let bars = |by: Breakdown| {
        let request = HistogramRequest { interval: Interval::Day, by: Some(by) };
        let Answer::Histogram(histogram) = asked.ask(&all, Part::Histogram(request)).answer else {
            panic!("{name}")
        };
        let series: Vec<(String, u64)> =
            histogram.series.iter().map(|series| (series.label.clone(), series.count)).collect();
        let counts: Vec<(i64, u64)> = histogram
            .buckets
            .iter()
            .map(|bucket| ((bucket.start.0 - first) / 3_600_000, bucket.count))
            .collect();
        (series, counts)
    };
    let days = vec![(0, 24), (24, 25), (49, 23)];
    let named = |all: &[(&str, u64)]| {
        all.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect::<Vec<_>>()
    };
    assert_eq!(
        bars(Breakdown::Level { field: "log.level".to_owned() }),
        (named(&[("INFO", 48), ("WARN", 24)]), days.clone()),
        "{name}"
    );
    assert_eq!(
        bars(Breakdown::Values { field: "service".to_owned(), top: 1 }),
        (named(&[("a", 36), ("other", 18), ("missing", 18)]), days),
        "{name}"
    );
}
