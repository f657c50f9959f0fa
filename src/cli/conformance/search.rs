//! Conformance of searching: cases with what a real Elasticsearch found.
//!
//! In: cases, one JSON object a line; a folder of data views and mappings; a folder of documents.
//! Out: one answer a line. The documents are evaluated as they are; nothing is added to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use foldhash::{HashMap, HashSet};
use serde_json::{Map, Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::event::{DataView, Document, Mapping};
use crate::query::aggregate::{Key, best, compare, key, top};
use crate::query::evaluate::plan::Planner;
use crate::query::evaluate::{Fields, Moment, compile};
use crate::query::{Bound, Clause, Language, QueryConfig, Question, SortOrder};
use crate::time::{Interval, Millis, Zone, interval};

/// Rows of a page and values of a facet.
const PAGE: usize = 20;
const VALUES: usize = 10;

/// One set of documents with its fields.
struct Set {
    documents: Vec<Document>,
    mapping: Mapping,
    view: DataView,
}

/// Answers cases; sets of documents are read when a case first names them.
pub(super) struct Searcher {
    views: PathBuf,
    documents: PathBuf,
    sets: HashMap<String, Set>,
}

impl Searcher {
    /// Reads `NAME.view.json` and `NAME.mapping.json` from `views`, `NAME.ndjson` from `documents`.
    pub(super) fn new(views: &Path, documents: &Path) -> Self {
        Self { views: views.to_owned(), documents: documents.to_owned(), sets: HashMap::default() }
    }

    /// Answers one case.
    ///
    /// # Errors
    /// Files that cannot be read, and cases that are none. A refused query is an answer.
    pub(super) fn answer(&mut self, case: &Json) -> Result<Json> {
        let name = case["docs"].as_str().context("a case names its documents in `docs`")?;
        if !self.sets.contains_key(name) {
            let set = self.load(name).with_context(|| format!("documents `{name}`"))?;
            self.sets.insert(name.to_owned(), set);
        }
        let set = &self.sets[name];
        Ok(match set.search(case) {
            Ok(answer) => answer,
            Err(refused) => json!({"error": refused.to_string()}),
        })
    }

    fn load(&self, name: &str) -> Result<Set> {
        let text = |folder: &Path, extension: &str| {
            let path = folder.join(format!("{name}.{extension}"));
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let mapping: Json = serde_json::from_str(&text(&self.views, "mapping.json")?)?;
        let view: DataView = serde_json::from_str(&text(&self.views, "view.json")?)?;
        let lines = text(&self.documents, "ndjson")?;
        let documents = lines
            .lines()
            .map(|line| Ok(Document { source: serde_json::from_str::<Map<String, Json>>(line)? }))
            .collect::<Result<_>>()?;
        Ok(Set { documents, mapping: Mapping::from_json(&mapping)?, view })
    }
}

impl Set {
    fn search(&self, case: &Json) -> Result<Json, Diagnostic> {
        let moment = Moment { now: Millis(0), zone: Zone::UTC };
        let clause = self.clause(case)?;
        let matcher = compile(&clause, &self.mapping, moment)?;
        let ids: Vec<usize> =
            (0..self.documents.len()).filter(|id| matcher.matches(&self.documents[*id])).collect();
        let mut answer = json!({"total": ids.len(), "ids": ids});
        if let Some(sort) = case.get("sort") {
            answer["page"] = self.page(&ids, sort);
        }
        for field in case["facets"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            answer["facets"][field] = self.facet(&ids, field);
        }
        if let Some(histogram) = case.get("histogram") {
            answer["histogram"] = self.histogram(&ids, histogram)?;
        }
        Ok(answer)
    }

    fn clause(&self, case: &Json) -> Result<Clause, Diagnostic> {
        let text = case["q"].as_str().unwrap_or_default().to_owned();
        let language = if case["lang"] == "lucene" { Language::Lucene } else { Language::Kql };
        let question = Question { language, text, filters: Vec::new() };
        let mut clauses = vec![question.lower(&self.view, &QueryConfig::default())?];
        if let Some(range) = case.get("timeRange") {
            let bound = |end: &Json| Some(Bound { value: end.clone(), inclusive: true });
            clauses.push(Clause::Range {
                field: "@timestamp".to_owned(),
                lower: bound(&range["from"]),
                upper: bound(&range["to"]),
                format: Some("strict_date_optional_time".to_owned()),
                time_zone: None,
            });
        }
        Ok(Clause::all(clauses))
    }

    /// The different values of a document's field, aliases followed.
    fn keys(&self, id: usize, field: &str) -> Vec<Key<'static>> {
        let planner = Planner { mapping: &self.mapping, nested: None };
        let Some(asked) = planner.resolve(field) else { return Vec::new() };
        let mut keys = Vec::new();
        Fields::each(&self.documents[id], &asked.source, &mut |value| {
            keys.extend(key(&asked.field, value).map(Key::into_owned));
        });
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn page(&self, ids: &[usize], sort: &Json) -> Json {
        let field = sort["field"].as_str().unwrap_or_default();
        let order =
            if sort["order"] == "desc" { SortOrder::Descending } else { SortOrder::Ascending };
        let mut rows: Vec<_> =
            ids.iter().map(|id| (best(self.keys(*id, field), order), *id)).collect();
        rows.sort_by(|a, b| compare(a.0.as_ref(), b.0.as_ref(), order).then(a.1.cmp(&b.1)));
        rows.into_iter().take(PAGE).map(|(_, id)| id).collect()
    }

    fn facet(&self, ids: &[usize], field: &str) -> Json {
        let mut counts: HashMap<Key<'static>, u64> = HashMap::default();
        let mut missing = 0;
        for id in ids {
            let keys = self.keys(*id, field);
            missing += u64::from(keys.is_empty());
            for key in keys {
                *counts.entry(key).or_default() += 1;
            }
        }
        let (values, other) = top(counts.into_iter().collect(), VALUES);
        let values: Vec<Json> = values
            .into_iter()
            .map(|(key, count)| json!({"value": key.to_json(), "count": count}))
            .collect();
        json!({"values": values, "other": other, "missing": missing})
    }

    fn histogram(&self, ids: &[usize], asked: &Json) -> Result<Json, Diagnostic> {
        let zone_name = asked["timeZone"].as_str().unwrap_or("UTC");
        let zone = Zone::parse(zone_name)
            .ok_or_else(|| Diagnostic::error(format!("`{zone_name}` is no time zone")))?;
        let width = interval_of(asked)
            .ok_or_else(|| Diagnostic::error(format!("`{}` is no interval", asked["interval"])))?;
        let mut buckets: BTreeMap<Millis, (u64, BTreeMap<String, u64>)> = BTreeMap::new();
        for id in ids {
            let starts: HashSet<Millis> = self
                .keys(*id, "@timestamp")
                .into_iter()
                .filter_map(|key| match key {
                    Key::Time(at) => Some(interval::floor(width, zone, Millis(at))),
                    _ => None,
                })
                .collect();
            for start in starts {
                let bucket = buckets.entry(start).or_default();
                bucket.0 += 1;
                for key in asked["by"].as_str().map(|by| self.keys(*id, by)).into_iter().flatten() {
                    *bucket.1.entry(key.label()).or_default() += 1;
                }
            }
        }
        let buckets: Vec<Json> = buckets
            .into_iter()
            .map(|(start, (count, values))| {
                json!({"time": start.to_string(), "count": count, "values": values})
            })
            .collect();
        Ok(json!({"buckets": buckets}))
    }
}

fn interval_of(asked: &Json) -> Option<Interval> {
    let text = asked["interval"].as_str()?;
    if asked["calendar"] != true {
        return Interval::parse(text)
            .map(|interval| Interval::Fixed { millis: interval.nominal_millis() });
    }
    Some(match text {
        "minute" => Interval::Fixed { millis: 60_000 },
        "hour" => Interval::Fixed { millis: 3_600_000 },
        "day" => Interval::Day,
        "week" => Interval::Week,
        "month" => Interval::Month,
        "year" => Interval::Year,
        _ => return None,
    })
}
