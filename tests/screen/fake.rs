//! A source of a few records in memory that answers at once: real clauses, no files, no threads.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use peavey::diagnostic::Diagnostic;
use peavey::event::{DataView, Document, Mapping, ViewField};
use peavey::query::evaluate::Moment;
use peavey::query::{
    Answer, Breakdown, Bucket, Cursor, Direction, Exchange, Facet, FacetRequest, FacetValue,
    Histogram, HistogramRequest, Hit, HitId, Interval, Level, Page, PageRequest, Part,
    SearchRequest, ShardCount, SortOrder, Status, Total, Update, Warning, dsl,
};
use peavey::source::{Replies, Source};
use peavey::time::{Millis, TimeRange, interval};
use serde_json::{Value as Json, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// One record of the fake source.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its time.
    pub(crate) time: Millis,
    /// Its fields.
    pub(crate) document: Arc<Document>,
    /// Its text.
    pub(crate) raw: Arc<[u8]>,
}

/// The fake source. Clones share their records.
#[derive(Clone)]
pub(crate) struct Fake {
    inner: Arc<Mutex<Inner>>,
    status: watch::Sender<Arc<Status>>,
}

struct Inner {
    /// In the order of time.
    records: Vec<Record>,
    mapping: Mapping,
    /// Whether answers wait until they are let go.
    held: bool,
    waiting: Vec<(Replies, Update)>,
    /// Every request, for tests that look at them.
    requests: Vec<SearchRequest>,
    following: bool,
    /// What every answer is sent with.
    warnings: Vec<Warning>,
    /// Why nothing is answered, if it is not.
    refusal: Option<String>,
    /// Calls that a server would have got: one for each part, once wanted.
    exchanges: Option<Vec<Exchange>>,
}

impl Fake {
    /// A source of these records, with the types of its fields.
    pub(crate) fn new(title: &str, mut records: Vec<Record>, fields: &[(&str, &str)]) -> Self {
        records.sort_by_key(|record| record.time);
        let view = view_of(title, fields);
        let types = fields.iter().map(|(name, kind)| ((*name).to_owned(), json!({ "type": kind })));
        let properties: serde_json::Map<String, Json> = types.collect();
        let mapping = Mapping::from_json(&json!({ "properties": properties })).expect("a mapping");
        let status = status_of(title, &records, view, 1);
        let inner = Inner {
            records,
            mapping,
            held: false,
            waiting: Vec::new(),
            requests: Vec::new(),
            following: false,
            warnings: Vec::new(),
            refusal: None,
            exchanges: None,
        };
        Self { inner: Arc::new(Mutex::new(inner)), status: watch::Sender::new(Arc::new(status)) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no test panics while it holds the lock")
    }

    /// Holds answers back from now on.
    pub(crate) fn hold(&self) {
        self.lock().held = true;
    }

    /// Lets go of all answers that were held back, and holds no more.
    pub(crate) fn let_go(&self) {
        let mut inner = self.lock();
        inner.held = false;
        for (replies, update) in std::mem::take(&mut inner.waiting) {
            let _ = replies.try_send(update);
        }
    }

    /// Every answer comes with that warning from now on.
    pub(crate) fn warn(&self, warning: Warning) {
        self.lock().warnings.push(warning);
    }

    /// Every part fails with that reason from now on, or does no more.
    pub(crate) fn refuse(&self, reason: Option<&str>) {
        self.lock().refusal = reason.map(str::to_owned);
    }

    /// Answers come without warnings from now on.
    pub(crate) fn warn_no_more(&self) {
        self.lock().warnings.clear();
    }

    /// Answers seem to come from a server from now on.
    pub(crate) fn pretend_a_server(&self) {
        self.lock().exchanges = Some(Vec::new());
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<SearchRequest> {
        self.lock().requests.clone()
    }

    /// Whether the screen wants to follow.
    pub(crate) fn is_following(&self) -> bool {
        self.lock().following
    }

    /// Records come, as in a log that grows.
    pub(crate) fn grow(&self, records: Vec<Record>) {
        let mut inner = self.lock();
        inner.records.extend(records);
        inner.records.sort_by_key(|record| record.time);
        let before = self.status.borrow().clone();
        let view = before.view.clone();
        let status = status_of(&before.title, &inner.records, view, before.generation + 1);
        drop(inner);
        self.status.send_replace(Arc::new(status));
    }

    /// Changes what the source says of itself.
    pub(crate) fn change_status(&self, change: impl FnOnce(&mut Status)) {
        let mut status = Status::clone(&self.status.borrow());
        change(&mut status);
        self.status.send_replace(Arc::new(status));
    }
}

impl Source for Fake {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, _cancel: CancellationToken) {
        let mut inner = self.lock();
        inner.requests.push(request.clone());
        for (part, wanted) in request.parts.iter().enumerate() {
            let refusal = inner.refusal.clone().map(Answer::Failed);
            let answer = refusal.unwrap_or_else(|| inner.answer(&request, wanted));
            let warnings = inner.warnings.clone();
            if let Some(exchanges) = &mut inner.exchanges {
                exchanges.push(exchange(&request, wanted));
            }
            let update = Update { id: request.id, part, answer, complete: true, warnings };
            if inner.held {
                inner.waiting.push((replies.clone(), update));
            } else {
                let _ = replies.try_send(update);
            }
        }
    }

    fn follow(&self, on: bool) {
        self.lock().following = on;
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone().unwrap_or_default()
    }
}

/// The call that a server would have got for a part.
fn exchange(request: &SearchRequest, part: &Part) -> Exchange {
    let (purpose, body) = match part {
        Part::Page(page) => ("rows", json!({"size": page.count})),
        Part::Total => ("number of hits", json!({"size": 0, "track_total_hits": true})),
        _ => ("histogram", json!({"size": 0, "aggs": {"bars": {"date_histogram": {}}}})),
    };
    let mut body = body;
    body["query"] = dsl::to_json(&request.search.clause_in_range(Some("@timestamp")));
    let body = dsl::indented(&body.to_string());
    let line = "POST /logs-*-pt/_search?ignore_unavailable=true&allow_no_indices=true".to_owned();
    let millis = std::time::Duration::from_millis;
    Exchange {
        request: Some(request.id),
        purpose: purpose.to_owned(),
        console: format!("{line}\n{body}"),
        curl: format!(
            "curl -sS -X POST 'http://es:9200/logs-*-pt/_search' \\\n  -H 'Content-Type: application/json' -d '{body}'"
        ),
        line,
        host: "es.example:9200".to_owned(),
        status: Some(200),
        error: None,
        answer: dsl::indented(
            r#"{"took":7,"timed_out":false,"_shards":{"total":6,"successful":4,"skipped":1,"failed":2,"failures":[{"shard":0,"index":"part","node":null,"reason":{"type":"no_shard_available_action_exception","reason":null}}]}}"#,
        ),
        answer_bytes: 26_505,
        took: Some(millis(7)),
        waited: Some(millis(19)),
        shards: Some(ShardCount { total: 6, successful: 4, skipped: 1, failed: 2 }),
    }
}

impl Inner {
    fn answer(&self, request: &SearchRequest, part: &Part) -> Answer {
        match self.hits(request) {
            Ok(hits) => self.answer_with(request, part, &hits),
            Err(finding) => Answer::Refused(finding),
        }
    }

    /// Indices of the hits, in the search's order.
    fn hits(&self, request: &SearchRequest) -> Result<Vec<usize>, Diagnostic> {
        let search = &request.search;
        let moment = Moment { now: Millis(0), zone: search.zone };
        search.clause.check(&self.mapping, moment)?;
        let mut hits: Vec<usize> = (0..self.records.len())
            .filter(|at| {
                let record = &self.records[*at];
                search.range.contains(record.time)
                    && search.clause.matches(&*record.document, &self.mapping, moment)
            })
            .collect();
        if search.sort.order == SortOrder::Descending {
            hits.reverse();
        }
        Ok(hits)
    }

    fn answer_with(&self, request: &SearchRequest, part: &Part, hits: &[usize]) -> Answer {
        match part {
            Part::Page(page) => Answer::Page(self.page(hits, page, request.search.sort.order)),
            Part::Total => Answer::Total(Total {
                hits: hits.len() as u64,
                of: self.records.len() as u64,
                without_time: 0,
            }),
            Part::Histogram(wanted) => Answer::Histogram(self.bars(request, wanted, hits)),
            Part::Facet(wanted) => Answer::Facet(self.facet(wanted, hits)),
            Part::Document(cursor) => Answer::Document(Some(self.hit(index_of(cursor)))),
            Part::Surrounding { of, before, after } => {
                let at = index_of(of);
                let first = at.saturating_sub(*before);
                let last = (at + after + 1).min(self.records.len());
                let page = Page {
                    hits: (first..last).map(|index| self.hit(index)).collect(),
                    before: Some(first as u64),
                    at_start: first == 0,
                    at_end: last == self.records.len(),
                };
                Answer::Surrounding { page, at: at - first }
            }
            Part::Find { pattern, from, direction } => {
                let pattern = regex::Regex::new(pattern).expect("the screen sends patterns");
                let start = from
                    .as_ref()
                    .map(|from| hits.iter().position(|hit| *hit == index_of(from)).expect("a hit"));
                let matches = |at: &&usize| {
                    pattern.is_match(&String::from_utf8_lossy(&self.records[**at].raw))
                };
                let found = match direction {
                    Direction::After => {
                        let skip = start.map_or(0, |at| at + 1);
                        hits.iter().skip(skip).find(matches)
                    }
                    Direction::Before => {
                        let end = start.unwrap_or(hits.len());
                        hits[..end].iter().rev().find(matches)
                    }
                };
                Answer::Found(found.map(|at| self.hit(*at)))
            }
            Part::Suggest { field, text, size } => {
                let request = FacetRequest { field: field.clone(), size: 0 };
                let mut values = self.facet(&request, hits).values;
                values.retain(|value| value.label.contains(text.as_str()));
                values.truncate(*size);
                Answer::Suggestions(values)
            }
        }
    }

    fn hit(&self, at: usize) -> Hit {
        let record = &self.records[at];
        let level = record.document.first("log.level");
        Hit {
            id: HitId(format!("fake:{at}").into()),
            cursor: Cursor((at as u64).to_be_bytes().as_slice().into()),
            time: Some(record.time),
            level: level.and_then(|level| Level::of(level.as_str()?)),
            document: record.document.clone(),
            raw: Some(record.raw.clone()),
            more_lines: 0,
            provisional: false,
        }
    }

    fn page(&self, hits: &[usize], page: &PageRequest, order: SortOrder) -> Page {
        let place = |cursor: &Cursor| {
            let at = index_of(cursor);
            hits.partition_point(|hit| match order {
                SortOrder::Ascending => *hit < at,
                SortOrder::Descending => *hit > at,
            })
        };
        let anchor = page.anchor.as_ref().map(place);
        let holds = |at: usize| {
            page.anchor.as_ref().is_some_and(|anchor| hits.get(at) == Some(&index_of(anchor)))
        };
        let (first, last) = match page.direction {
            Direction::After => {
                let mut first = anchor.unwrap_or(0);
                if !page.inclusive && holds(first) {
                    first += 1;
                }
                (first, (first + page.count).min(hits.len()))
            }
            Direction::Before => {
                let mut last = anchor.unwrap_or(hits.len());
                if page.inclusive && holds(last) {
                    last += 1;
                }
                (last.saturating_sub(page.count), last)
            }
        };
        Page {
            hits: hits[first..last].iter().map(|at| self.hit(*at)).collect(),
            before: Some(first as u64),
            at_start: first == 0,
            at_end: last == hits.len(),
        }
    }

    fn bars(
        &self,
        request: &SearchRequest,
        wanted: &HistogramRequest,
        hits: &[usize],
    ) -> Histogram {
        let zone = request.search.zone;
        let range = request.search.range;
        let ends = TimeRange {
            from: range.from.or(self.records.first().map(|record| record.time)),
            to: range.to.or(self.records.last().map(|record| record.time)),
        };
        let width = match wanted.interval {
            Interval::Auto { buckets } => match (ends.from, ends.to) {
                (Some(from), Some(to)) => Interval::fit(from, to, buckets),
                _ => Interval::Day,
            },
            fixed => fixed,
        };
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut labels: Vec<Vec<String>> = Vec::new();
        if let (Some(from), Some(to)) = (ends.from, ends.to) {
            let mut start = interval::floor(width, zone, from);
            while start <= to && buckets.len() < 2_000 {
                buckets.push(Bucket { start, ..Bucket::default() });
                labels.push(Vec::new());
                start = interval::next(width, zone, start);
            }
        }
        for at in hits {
            let record = &self.records[*at];
            let place = buckets.partition_point(|bar| bar.start <= record.time);
            let Some(place) = place.checked_sub(1) else { continue };
            buckets[place].count += 1;
            if let Some(by) = &wanted.by {
                let label = label_of(by, &record.document);
                *counts.entry(label.clone()).or_default() += 1;
                labels[place].push(label);
            }
        }
        let mut series: Vec<FacetValue> = counts
            .into_iter()
            .map(|(label, count)| {
                let value = (label != "missing").then(|| Json::String(label.clone()));
                FacetValue { value, label, count }
            })
            .collect();
        series.sort_by_key(|series| (series.value.is_none(), Reverse(series.count)));
        for (bar, labels) in buckets.iter_mut().zip(labels) {
            let count = |series: &FacetValue| labels.iter().filter(|l| **l == series.label).count();
            bar.by = series.iter().map(|series| count(series) as u64).collect();
        }
        Histogram { interval: width, series, buckets }
    }

    fn facet(&self, wanted: &FacetRequest, hits: &[usize]) -> Facet {
        let mut counts: BTreeMap<String, (Json, u64)> = BTreeMap::new();
        let mut missing = 0;
        for at in hits {
            match self.records[*at].document.first(&wanted.field) {
                Some(value) => {
                    let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    counts.entry(label).or_insert((value, 0)).1 += 1;
                }
                None => missing += 1,
            }
        }
        let distinct = counts.len() as u64;
        let mut values: Vec<FacetValue> = counts
            .into_iter()
            .map(|(label, (value, count))| FacetValue { value: Some(value), label, count })
            .collect();
        values.sort_by_key(|value| Reverse(value.count));
        let shown = if wanted.size == 0 { values.len() } else { wanted.size.min(values.len()) };
        let other = values[shown..].iter().map(|value| value.count).sum();
        values.truncate(shown);
        Facet {
            field: wanted.field.clone(),
            values,
            other,
            missing,
            distinct,
            hits: hits.len() as u64,
            error: 0,
            distinct_estimated: false,
        }
    }
}

fn index_of(cursor: &Cursor) -> usize {
    u64::from_be_bytes(cursor.0[..8].try_into().expect("eight bytes")) as usize
}

fn label_of(by: &Breakdown, document: &Document) -> String {
    let missing = || "missing".to_owned();
    match by {
        Breakdown::StatusClass { field } => match document.first(field).and_then(|v| v.as_u64()) {
            Some(status) => format!("{}xx", status / 100),
            None => missing(),
        },
        Breakdown::Level { field } | Breakdown::Values { field, .. } => {
            let value = document.first(field);
            value.map_or_else(missing, |v| v.as_str().map_or(v.to_string(), str::to_owned))
        }
    }
}

fn status_of(title: &str, records: &[Record], view: Arc<DataView>, generation: u64) -> Status {
    let bytes = records.iter().map(|record| record.raw.len() as u64 + 1).sum();
    Status {
        generation,
        view,
        title: title.to_owned(),
        bytes_total: Some(bytes),
        bytes_done: bytes,
        records: records.len() as u64,
        complete: true,
        first: records.first().map(|record| record.time),
        last: records.last().map(|record| record.time),
        ..Status::default()
    }
}

fn view_of(title: &str, fields: &[(&str, &str)]) -> Arc<DataView> {
    let field = |(name, kind): &(&str, &str)| ViewField {
        name: (*name).to_owned(),
        kind: match *kind {
            "long" | "double" => "number",
            "keyword" | "text" => "string",
            other => other,
        }
        .to_owned(),
        es_types: vec![(*kind).to_owned()],
        searchable: true,
        aggregatable: *kind != "text",
        ..ViewField::default()
    };
    Arc::new(DataView {
        id: title.to_owned(),
        title: title.to_owned(),
        time_field_name: Some("@timestamp".to_owned()),
        fields: fields.iter().map(field).collect(),
    })
}
