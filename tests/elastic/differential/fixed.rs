//! Questions that were once answered differently, about the hostile documents.

use peavey::query::{
    Breakdown, FacetRequest, Filter, FilterKind, Interval, Language, Relation, Sort, SortOrder,
};
use peavey::time::{Millis, TimeRange, Zone};

use super::question::Asking;

fn kql(text: &str) -> Asking {
    Asking::plain(Language::Kql, text)
}

/// The questions, each with what was wrong.
pub(super) fn questions() -> Vec<(&'static str, Asking)> {
    let values = |field: &str, top| Some(Breakdown::Values { field: field.to_owned(), top });
    let counted = |field: &str, size| FacetRequest { field: field.to_owned(), size };
    let mut all = vec![
        (
            "a condition on the time beside one on nested objects found nothing",
            kql("NOT \"2024-03-30T15:52:06.951Z\" OR items: { name: \"TIMEOUT\" }"),
        ),
        (
            "so did one in brackets",
            kql("not @timestamp: \"2024-03-31T03:45:59.308Z\" or not items: { stock: 11 }"),
        ),
    ];
    let mut zoned = kql("NOT items: { when: \"2024-03-31\" or stock: 6 } or day: \"2024-03-31\"");
    zoned.zone = Zone::parse("Asia/Kathmandu").unwrap();
    all.push(("dates inside nested objects were read in the zone of display", zoned));
    let mut alias = kql("");
    alias.facet = counted("alias_long", 0);
    alias.histogram.by = values("alias_long", 3);
    alias.sort = Sort { field: "alias_long".to_owned(), order: SortOrder::Descending };
    alias.range = TimeRange { from: Some(Millis(1_711_800_000_000)), to: None };
    all.push(("values of an alias were counted as they are written", alias));
    let mut several = kql("");
    several.histogram.by = values("kw", 1);
    all.push(("records with a shown value and others were counted among the others", several));
    let mut classes = kql("kw: *");
    classes.histogram.by = Some(Breakdown::StatusClass { field: "long".to_owned() });
    all.push(("two codes of one class were counted twice; empty classes were shown", classes));
    let mut levels = kql("");
    levels.histogram.by = Some(Breakdown::Level { field: "tags".to_owned() });
    all.push(("levels came in the reverse order from a cluster", levels));
    let mut nothing = kql("kw: \"no such value\"");
    nothing.range =
        TimeRange { from: Some(Millis(1_711_800_000_000)), to: Some(Millis(1_711_900_000_000)) };
    nothing.histogram.interval = Interval::Auto { buckets: 60 };
    all.push(("a closed range without hits has its bars, all empty", nothing));
    let mut until = kql("flag: true");
    until.range = TimeRange { from: None, to: Some(Millis(1_712_000_000_000)) };
    until.histogram.interval = Interval::Fixed { millis: 3_600_000 };
    until.zone = Zone::parse("America/New_York").unwrap();
    all.push(("an open range ends with its hits", until));
    let mut timeless = kql("");
    timeless.histogram.by = values("kw", 2);
    timeless.sort.order = SortOrder::Ascending;
    let mut empty = kql("kw: *");
    let none = FilterKind::Combined { relation: Relation::Or, members: Vec::new() };
    empty.question.filters.push(Filter::new(none).negated());
    all.push((
        "a combined pill without members held for nothing; engines take it for everything",
        empty,
    ));
    all.push(("values of records without a time decided which had bars", timeless));
    all
}
