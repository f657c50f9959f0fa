//! One random question: a query in KQL or Lucene's language, pills, a time range, an order, bars and
//! values, over fields and values that documents have.

use std::fmt::Write as _;

use peavey::query::{
    Breakdown, FacetRequest, Filter, FilterKind, HistogramRequest, Interval, Language, Question,
    Relation, Sort, SortOrder,
};
use peavey::time::{Millis, TimeRange, Zone};
use serde_json::{Value as Json, json};

use super::corpus::{Corpus, Known};
use super::random::Random;
use super::{kql, lucene};

/// What is asked of both.
pub(super) struct Asking {
    pub(super) question: Question,
    pub(super) range: TimeRange,
    pub(super) sort: Sort,
    pub(super) zone: Zone,
    pub(super) histogram: HistogramRequest,
    pub(super) facet: FacetRequest,
}

/// Zones whose clocks change, have odd offsets, or neither.
const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "+05:30", "Australia/Lord_Howe"];

/// Widths of bars, by the span that they suit.
const INTERVALS: [Interval; 9] = [
    Interval::Auto { buckets: 60 },
    Interval::Fixed { millis: 5 * 60_000 },
    Interval::Fixed { millis: 37 * 60_000 },
    Interval::Fixed { millis: 3 * 3_600_000 },
    Interval::Fixed { millis: 12 * 3_600_000 },
    Interval::Day,
    Interval::Week,
    Interval::Month,
    Interval::Year,
];

impl Asking {
    /// A question about a corpus.
    pub(super) fn random(random: &mut Random, corpus: &Corpus) -> Self {
        let lucene = random.one(6);
        let text = match (lucene, random.below(12)) {
            (_, 0) => String::new(),
            (true, _) => lucene::query(random, corpus),
            (false, _) => kql::query(random, &corpus.fields),
        };
        let mut filters = Vec::new();
        while random.one(3) && filters.len() < 3 {
            filters.extend(pill(random, &corpus.fields, true));
        }
        let language = if lucene { Language::Lucene } else { Language::Kql };
        let sorted: Vec<&Known> = corpus.fields.iter().filter(|field| is_sortable(field)).collect();
        let field =
            if random.one(3) { random.of(&sorted).name.clone() } else { "@timestamp".to_owned() };
        let order = *random.of(&[SortOrder::Ascending, SortOrder::Descending]);
        let counted: Vec<&Known> = corpus.fields.iter().filter(|field| is_counted(field)).collect();
        let facet = FacetRequest {
            field: random.of(&counted).name.clone(),
            size: *random.of(&[1, 3, 10, 1000, 0]),
        };
        Self {
            question: Question { language, text, filters },
            range: range(random, corpus.span),
            sort: Sort { field, order },
            zone: Zone::parse(random.text(&ZONES)).unwrap(),
            histogram: HistogramRequest {
                interval: *random.of(&INTERVALS),
                by: breakdown(random, &counted),
            },
            facet,
        }
    }

    /// A query and nothing else.
    pub(super) fn plain(language: Language, text: &str) -> Self {
        Self {
            question: Question { language, text: text.to_owned(), filters: Vec::new() },
            range: TimeRange::ALL,
            sort: Sort { field: "@timestamp".to_owned(), order: SortOrder::Descending },
            zone: Zone::UTC,
            histogram: HistogramRequest { interval: Interval::Day, by: None },
            facet: FacetRequest { field: "log.file.path".to_owned(), size: 10 },
        }
    }

    /// As a line to find it again by.
    pub(super) fn shown(&self) -> String {
        let mut text = format!("{:?} `{}`", self.question.language, self.question.text);
        for filter in &self.question.filters {
            let _ =
                write!(text, " pill {}{:?}", if filter.negate { "NOT " } else { "" }, filter.kind);
        }
        let end = |at: Option<Millis>| at.map_or("*".to_owned(), |at| at.to_string());
        let _ = write!(
            text,
            " from {} to {} by {} {:?} in {} bars {:?} {:?} values {} {}",
            end(self.range.from),
            end(self.range.to),
            self.sort.field,
            self.sort.order,
            self.zone,
            self.histogram.interval,
            self.histogram.by,
            self.facet.field,
            self.facet.size
        );
        text
    }
}

fn is_sortable(field: &Known) -> bool {
    field.aggregatable && field.nested.is_none()
}

/// Not dates of nanoseconds: the engines count them by millisecond.
fn is_counted(field: &Known) -> bool {
    is_sortable(field) && field.kind != "date_nanos"
}

fn range(random: &mut Random, span: (i64, i64)) -> TimeRange {
    let instant = |random: &mut Random| {
        let width = usize::try_from(span.1 - span.0).unwrap_or(0).max(1) + 7_200_000;
        Some(Millis(span.0 - 3_600_000 + random.below(width) as i64))
    };
    match random.below(6) {
        0 => TimeRange { from: instant(random), to: None },
        1 => TimeRange { from: None, to: instant(random) },
        2 | 3 => {
            let (a, b) = (instant(random), instant(random));
            TimeRange { from: a.min(b), to: a.max(b) }
        }
        _ => TimeRange::ALL,
    }
}

fn breakdown(random: &mut Random, counted: &[&Known]) -> Option<Breakdown> {
    let field = random.of(counted);
    match random.below(5) {
        0 | 1 => Some(Breakdown::Values { field: field.name.clone(), top: 1 + random.below(5) }),
        2 if field.kind == "keyword" => Some(Breakdown::Level { field: field.name.clone() }),
        2 if matches!(field.kind.as_str(), "long" | "integer" | "keyword") => {
            Some(Breakdown::StatusClass { field: field.name.clone() })
        }
        _ => None,
    }
}

/// A pill; combined ones only where `deep`.
fn pill(random: &mut Random, fields: &[Known], deep: bool) -> Option<Filter> {
    let field = random.of(fields);
    if field.nested.is_some() {
        return None;
    }
    let name = || field.name.clone();
    let value = |random: &mut Random| typed(field.value(random), &field.kind);
    let kind = match random.below(7) {
        _ if field.values.is_empty() => FilterKind::Exists { field: name() },
        0 => FilterKind::IsOneOf { field: name(), values: vec![value(random), value(random)] },
        1 if field.kind != "text" => FilterKind::Exists { field: name() },
        2 if matches!(field.kind.as_str(), "long" | "integer" | "double" | "float" | "date") => {
            FilterKind::Between {
                field: name(),
                from: (!random.one(4)).then(|| value(random)),
                to: Some(value(random)),
            }
        }
        3 => FilterKind::Custom { query: custom(random, field) },
        4 if deep => FilterKind::Combined {
            relation: *random.of(&[Relation::And, Relation::Or]),
            members: (0..2).filter_map(|_| pill(random, fields, false)).collect(),
        },
        _ => FilterKind::Is { field: name(), value: value(random) },
    };
    let made = Filter::new(kind);
    Some(if random.one(3) { made.negated() } else { made })
}

/// Query DSL as a person writes it into a pill.
fn custom(random: &mut Random, field: &Known) -> Json {
    let (name, value) = (&field.name, field.value(random));
    match (random.below(5), field.kind.as_str()) {
        (0, "keyword") => json!({"wildcard": {name: {"value": format!("*{}*", word(value))}}}),
        (1, "keyword") => json!({"prefix": {name: {"value": word(value)}}}),
        (0 | 1, "text") => json!({"match_phrase": {name: {"query": value, "slop": 1}}}),
        (2, _) => json!({"terms": {name: [value]}}),
        (3, _) => json!({"bool": {"must_not": [{"term": {name: {"value": value}}}]}}),
        _ => json!({"match": {name: value}}),
    }
}

/// The letters and digits at the beginning of a text, three at most.
pub(super) fn word(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).take(3).collect()
}

fn typed(value: &str, kind: &str) -> Json {
    match kind {
        "boolean" => value.parse::<bool>().map_or(json!(value), Json::from),
        "long" | "integer" | "double" | "float" => {
            serde_json::from_str::<serde_json::Number>(value).map_or(json!(value), Json::from)
        }
        _ => json!(value),
    }
}
