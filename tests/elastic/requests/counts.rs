//! Numbers of hits, bars and values.

use peavey::query::{
    Answer, Bound, Breakdown, Clause, FacetRequest, HistogramRequest, Interval, Part, SortOrder,
};
use serde_json::json;

use super::open;
use crate::search;
use crate::support::engine::Engine;

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
    assert_eq!(
        series,
        [("1xx", 0), ("2xx", 240), ("3xx", 120), ("4xx", 120), ("5xx", 120)],
        "{name}"
    );
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
