//! The same question to both engines: random queries over the same documents in a local file and
//! in real indices with the same mapping find the same records.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use peavey::event::{DataView, Mapping};
use peavey::ingest::format::DetectOptions;
use peavey::ingest::{self, SourceArg};
use peavey::query::{
    Answer, Clause, Facet, FacetRequest, Histogram, HistogramRequest, Interval, Part, QueryConfig,
    Question, Search, Sort, SortOrder,
};
use peavey::source::local::{self, scan};
use peavey::time::{TimeRange, Zone};
use serde_json::Value as Json;

use crate::Asked;
use crate::support::{self, engine::names};

/// Queries over each set of documents.
const QUERIES: usize = 50;

/// A small generator of numbers (xorshift), so that a seed says everything.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

/// A field with a value that some document has in it.
fn sample(random: &mut Random, view: &DataView, documents: &[Json]) -> (String, String, String) {
    loop {
        let field = random.of(&view.fields);
        let is_plain = field.nested_path().is_none() && !field.name.starts_with('_');
        let kind = field.es_types.first().map_or("", |kind| kind.as_str());
        if !is_plain || matches!(kind, "object" | "nested" | "geo_point" | "alias") {
            continue;
        }
        let path = field.parent().unwrap_or(&field.name);
        let mut at = random.of(documents);
        for step in path.split('.') {
            at = &at[step];
            while let Some(list) = at.as_array().filter(|list| !list.is_empty()) {
                at = random.of(list);
            }
        }
        let value = match at {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Bool(yes) => yes.to_string(),
            _ => continue,
        };
        return (field.name.clone(), kind.to_owned(), value);
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One condition in KQL.
fn leaf(random: &mut Random, view: &DataView, documents: &[Json]) -> String {
    let (field, kind, value) = sample(random, view, documents);
    let word: String = value.chars().filter(char::is_ascii_alphanumeric).take(3).collect();
    match (random.below(6), kind.as_str()) {
        // Not for texts: OpenSearch's `hits.total` counts documents with a word where its rows and
        // aggregations have those with an empty text too.
        (0, kind) if kind != "text" => format!("{field}: *"),
        (1, "keyword") if !word.is_empty() => format!("{field}: {word}*"),
        (2, "keyword") if !word.is_empty() => format!("{field}: *{word}*"),
        (1 | 2, "text") if !value.trim().is_empty() => {
            let words: Vec<&str> = value.split_whitespace().collect();
            let word: &str = *random.of(&words);
            format!("{field}: {}", quoted(word))
        }
        (3 | 4, "long" | "integer" | "double" | "date" | "ip" | "keyword") => {
            format!("{field} {} {}", random.of(&[">", ">=", "<", "<="]), quoted(&value))
        }
        _ => format!("{field}: {}", quoted(&value)),
    }
}

fn query(random: &mut Random, view: &DataView, documents: &[Json]) -> String {
    let mut text = String::new();
    for at in 0..=random.below(3) {
        if at > 0 {
            text.push_str(*random.of(&[" and ", " or "]));
        }
        let not = random.of(&["", "", "not "]);
        let _ = write!(text, "{not}{}", leaf(random, view, documents));
    }
    text
}

/// What one engine says of a query: records by their text, facet and histogram.
#[derive(PartialEq)]
struct Said {
    times: Vec<i64>,
    records: Vec<Vec<u8>>,
    facet: Facet,
    buckets: Vec<(i64, u64)>,
}

fn search(clause: Clause) -> Search {
    let sort = Sort { field: "@timestamp".to_owned(), order: SortOrder::Ascending };
    Search {
        clause: Arc::new(clause),
        unlowered: None,
        range: TimeRange::ALL,
        sort,
        zone: Zone::UTC,
    }
}

fn parts(field: &str) -> [Part; 2] {
    let histogram = HistogramRequest { interval: Interval::Day, by: None };
    [
        Part::Facet(FacetRequest { field: field.to_owned(), size: 10_000 }),
        Part::Histogram(histogram),
    ]
}

fn counted(histogram: &Histogram) -> Vec<(i64, u64)> {
    let full = histogram.buckets.iter().filter(|bucket| bucket.count > 0);
    full.map(|bucket| (bucket.start.0, bucket.count)).collect()
}

fn said(hits: Vec<peavey::query::Hit>, answers: Vec<Answer>) -> Said {
    let times = hits.iter().map(|hit| hit.time.map_or(i64::MAX, |at| at.0)).collect();
    let mut records: Vec<Vec<u8>> =
        hits.iter().map(|hit| hit.raw.as_deref().unwrap_or_default().to_vec()).collect();
    records.sort_unstable();
    let (mut facet, mut buckets) = (Facet::default(), Vec::new());
    for answer in answers {
        match answer {
            Answer::Facet(found) => facet = found,
            Answer::Histogram(found) => buckets = counted(&found),
            other => panic!("{other:?}"),
        }
    }
    // Values of one count may come in either order.
    facet.values.sort_by(|a, b| (b.count, &a.label).cmp(&(a.count, &b.label)));
    Said { times, records, facet, buckets }
}

fn local(path: &Path, mapping: &Json) -> scan::Opened {
    let mapping = Mapping::from_json(mapping).unwrap();
    let detect = DetectOptions { mapping: Some(Arc::new(mapping)), ..DetectOptions::default() };
    let wanted = [SourceArg::parse(path.to_str().unwrap()).unwrap()];
    let found = ingest::discover(&wanted, &ingest::discover::Options::default());
    scan::Opened::open(&found, local::Options { detect, ..local::Options::default() })
}

fn ask_local(opened: &scan::Opened, search: &Search, field: &str) -> Result<Said, String> {
    let wanted = scan::RowOptions { fields: Vec::new(), documents: false, limit: None };
    let mut hits = Vec::new();
    let streamed = opened.rows(search, &wanted, &mut |hit| {
        hits.push(hit);
        std::ops::ControlFlow::Continue(())
    });
    streamed.map_err(|wrong| wrong.message)?;
    let counted = opened.aggregate(search, &parts(field)).map_err(|wrong| wrong.message)?;
    Ok(said(hits, counted.answers))
}

fn ask_cluster(asked: &Asked, search: &Search, field: &str) -> Result<Said, String> {
    let page = peavey::query::PageRequest {
        anchor: None,
        inclusive: false,
        direction: peavey::query::Direction::After,
        count: 5000,
        fields: Vec::new(),
    };
    let hits = match asked.ask(search, Part::Page(page)).answer {
        Answer::Page(page) => page.hits,
        Answer::Failed(reason) => return Err(reason),
        other => panic!("{other:?}"),
    };
    let answers = parts(field).map(|part| asked.ask(search, part).answer);
    Ok(said(hits, answers.into()))
}

fn difference(local: &Said, cluster: &Said) -> Option<String> {
    if local.records != cluster.records {
        let only = |a: &Said, b: &Said| {
            let extra = a.records.iter().find(|record| b.records.binary_search(record).is_err());
            extra
                .map(|record| String::from_utf8_lossy(record).chars().take(300).collect::<String>())
        };
        return Some(format!(
            "{} records, {} in the cluster; only local: {:?}; only there: {:?}",
            local.records.len(),
            cluster.records.len(),
            only(local, cluster),
            only(cluster, local)
        ));
    }
    if local.times != cluster.times {
        return Some("other times, or another order".to_owned());
    }
    if local.buckets != cluster.buckets {
        return Some(format!("histogram {:?}, there {:?}", local.buckets, cluster.buckets));
    }
    let facet = |said: &Said| {
        let values = said.facet.values.iter().map(|value| (value.label.clone(), value.count));
        (values.collect::<Vec<_>>(), said.facet.missing, said.facet.hits)
    };
    (facet(local) != facet(cluster))
        .then(|| format!("facet {:?}, there {:?}", facet(local), facet(cluster)))
}

fn check(set: &str, facets: &[&str], test: &str) {
    let Some(shared) = support::shared_or_skip(test) else { return };
    let folder = shared.join("eval");
    let text = std::fs::read_to_string(folder.join(format!("{set}.ndjson"))).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let documents: Vec<Json> =
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mapping = std::fs::read_to_string(folder.join(format!("{set}.mapping.json"))).unwrap();
    let opened =
        local(&folder.join(format!("{set}.ndjson")), &serde_json::from_str(&mapping).unwrap());
    let seed = std::env::var("PEAVEY_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or(20_261_122);
    println!("PEAVEY_SEED={seed}");
    for name in names() {
        let Some(asked) = Asked::with(name, test, &format!("same-{set}"), &mapping, &lines) else {
            return;
        };
        let view = Arc::clone(&asked.source.session().view);
        let mut random = Random(seed);
        let mut wrong = Vec::new();
        let (mut found, mut refused) = (0, 0);
        for _ in 0..QUERIES {
            let text = query(&mut random, &view, &documents);
            let field = random.of(facets);
            let question = Question { text: text.clone(), ..Question::default() };
            let lower = |view: &DataView| question.lower(view, &QueryConfig::default());
            // Each with the fields that it knows itself.
            let theirs = match (lower(&opened.view()), lower(&view)) {
                (Ok(own), Ok(theirs)) => {
                    let own = ask_local(&opened, &search(own), field);
                    (own, ask_cluster(&asked, &search(theirs), field))
                }
                (own, theirs) => {
                    assert_eq!(own.is_err(), theirs.is_err(), "{name} {set}: {text}");
                    refused += 1;
                    continue;
                }
            };
            match theirs {
                (Ok(own), Ok(theirs)) => {
                    found += usize::from(!own.records.is_empty());
                    let what = difference(&own, &theirs);
                    wrong.extend(what.map(|what| format!("{text} [{field}]: {what}")));
                }
                (Err(_), Err(_)) => refused += 1,
                (Ok(_), Err(reason)) => wrong.push(format!("{text}: refused there: {reason}")),
                (Err(reason), Ok(_)) => wrong.push(format!("{text}: refused here: {reason}")),
            }
        }
        println!("{name} {set}: {QUERIES} queries, {found} found something, {refused} refused");
        assert!(found > QUERIES / 3, "{name} {set}: the queries find too little: {found}");
        let shown = wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
        assert!(wrong.is_empty(), "{name} {set}: {} of {QUERIES} differ\n{shown}", wrong.len());
    }
}

#[test]
fn web_logs_are_found_alike() {
    check(
        "weblogs",
        &["extension.keyword", "bytes", "response.keyword"],
        "web_logs_are_found_alike",
    );
}

#[test]
fn parcel_tracking_is_found_alike() {
    check("pt", &["log_level", "service", "stream"], "parcel_tracking_is_found_alike");
}

#[test]
fn hostile_documents_are_found_alike() {
    check("hostile", &["kw", "long", "flag"], "hostile_documents_are_found_alike");
}
