//! Sources in memory, merged: compared with a plain sort of all their rows.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicUsize, Ordering as Atomic};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Map, json};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::{LateSource, MergedSource, Named, SOURCE_FIELD};
use crate::event::{DataView, Document, FieldType, MappedField, Mapping, ViewField};
use crate::query::aggregate::Key;
use crate::query::evaluate::Moment;
use crate::query::{
    Answer, Clause, Cursor, Direction, Facet, FacetRequest, FacetValue, Hit, HitId, Page,
    PageRequest, Part, Question, RequestId, Search, SearchRequest, Sort, SortOrder, Status, Total,
    Unlowered, Update,
};
use crate::source::{Replies, Source};
use crate::time::{Millis, TimeRange, Zone};

/// A row: its time, and a number.
type Row = (Option<i64>, i64);

/// A source in memory: rows with an identity each, answered at once.
struct Memory {
    rows: Mutex<Vec<Row>>,
    kind: &'static str,
    broken: bool,
    pages: AtomicUsize,
    asked: Mutex<Vec<Clause>>,
    status: watch::Sender<Arc<Status>>,
}

impl Memory {
    fn of(rows: &[Row]) -> Arc<Self> {
        Self::with(rows, "long", false)
    }

    fn with(rows: &[Row], kind: &'static str, broken: bool) -> Arc<Self> {
        let field = |name: &str, kind: &str, elastic: &str| ViewField {
            name: name.to_owned(),
            kind: kind.to_owned(),
            es_types: vec![elastic.to_owned()],
            searchable: true,
            aggregatable: true,
            ..ViewField::default()
        };
        let is_number = if kind == "long" { "number" } else { "string" };
        let view = DataView {
            time_field_name: Some("@timestamp".to_owned()),
            fields: vec![field("@timestamp", "date", "date"), field("n", is_number, kind)],
            ..DataView::default()
        };
        let status = Status {
            generation: 1,
            view: Arc::new(view),
            records: rows.len() as u64,
            complete: true,
            ..Status::default()
        };
        Arc::new(Self {
            rows: Mutex::new(rows.to_vec()),
            kind,
            broken,
            pages: AtomicUsize::new(0),
            asked: Mutex::default(),
            status: watch::Sender::new(Arc::new(status)),
        })
    }

    fn hit(&self, at: usize) -> Hit {
        let (time, number) = self.rows.lock().unwrap()[at];
        let mut source = Map::new();
        source.insert("n".to_owned(), json!(number));
        if let Some(time) = time {
            source.insert("@timestamp".to_owned(), json!(Millis(time).to_string()));
        }
        Hit {
            id: HitId(at.to_string().into()),
            cursor: Cursor(Arc::from(at.to_string().into_bytes())),
            time: time.map(Millis),
            level: None,
            document: Arc::new(Document { source }),
            raw: None,
            more_lines: 0,
            provisional: false,
        }
    }

    fn at(cursor: &Cursor) -> usize {
        std::str::from_utf8(&cursor.0).unwrap().parse().unwrap()
    }

    fn compare(&self, search: &Search, a: usize, b: usize) -> Ordering {
        let rows = self.rows.lock().unwrap();
        let by_time = search.sort.field == "@timestamp";
        compare_rows((rows[a], 0, a), (rows[b], 0, b), search.sort.order, by_time)
    }

    fn found(&self, search: &Search) -> Vec<usize> {
        let mut mapping = Mapping::default();
        mapping.fields.insert("@timestamp".into(), MappedField::of(FieldType::Date));
        let kind = if self.kind == "long" { FieldType::Long } else { FieldType::Keyword };
        mapping.fields.insert("n".into(), MappedField::of(kind));
        let moment = Moment { now: Millis(0), zone: Zone::UTC };
        let count = self.rows.lock().unwrap().len();
        let is_in = |at: &usize| {
            let hit = self.hit(*at);
            let in_range = search.range.is_all()
                || hit.time.is_some_and(|time| {
                    search.range.from.is_none_or(|from| from <= time)
                        && search.range.to.is_none_or(|to| time <= to)
                });
            in_range && search.clause.matches(&*hit.document, &mapping, moment)
        };
        let mut found: Vec<usize> = (0..count).filter(is_in).collect();
        found.sort_by(|a, b| self.compare(search, *a, *b));
        found
    }

    fn page(&self, search: &Search, request: &PageRequest) -> Page {
        self.pages.fetch_add(1, Atomic::Relaxed);
        let found = self.found(search);
        let anchor = request.anchor.as_ref().map(Self::at);
        let is_wanted = |at: &&usize| {
            let Some(anchor) = anchor else { return true };
            match (self.compare(search, **at, anchor), request.direction) {
                (Ordering::Equal, _) => request.inclusive,
                (ordering, Direction::After) => ordering.is_gt(),
                (ordering, Direction::Before) => ordering.is_lt(),
            }
        };
        let side: Vec<usize> = found.iter().filter(is_wanted).copied().collect();
        let count = request.count.min(side.len());
        let (chosen, is_edge) = match request.direction {
            Direction::After => (&side[..count], count == side.len()),
            Direction::Before => (&side[side.len() - count..], count == side.len()),
        };
        let hits = chosen.iter().map(|at| self.hit(*at)).collect();
        let (at_start, at_end) = match request.direction {
            Direction::After => (anchor.is_none(), is_edge),
            Direction::Before => (is_edge, anchor.is_none()),
        };
        Page { hits, before: None, at_start, at_end }
    }

    fn answer(&self, search: &Search, part: &Part) -> Answer {
        if self.broken {
            return Answer::Failed("it is broken".to_owned());
        }
        match part {
            Part::Page(request) => Answer::Page(self.page(search, request)),
            Part::Total => Answer::Total(Total {
                hits: self.found(search).len() as u64,
                of: self.rows.lock().unwrap().len() as u64,
                without_time: 0,
            }),
            Part::Facet(request) => {
                let found = self.found(search);
                let values = found.iter().map(|at| FacetValue {
                    value: Some(json!(self.rows.lock().unwrap()[*at].1)),
                    label: self.rows.lock().unwrap()[*at].1.to_string(),
                    count: 1,
                });
                let distinct = found.len() as u64;
                let field = request.field.clone();
                Answer::Facet(Facet {
                    field,
                    values: values.collect(),
                    distinct,
                    hits: distinct,
                    ..Facet::default()
                })
            }
            Part::Document(cursor) => Answer::Document(Some(self.hit(Self::at(cursor)))),
            Part::Find { pattern, from, direction } => {
                let request = PageRequest {
                    anchor: from.clone(),
                    inclusive: false,
                    direction: *direction,
                    count: usize::MAX,
                    fields: Vec::new(),
                };
                let hits = self.page(search, &request).hits;
                let wanted: i64 = pattern.parse().unwrap();
                let matches = |hit: &&Hit| hit.document.first("n") == Some(json!(wanted));
                Answer::Found(match direction {
                    Direction::After => hits.iter().find(matches).cloned(),
                    Direction::Before => hits.iter().rev().find(matches).cloned(),
                })
            }
            _ => Answer::Failed("not of this test".to_owned()),
        }
    }
}

impl Source for Memory {
    fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    fn ask(&self, request: SearchRequest, replies: Replies, _cancel: CancellationToken) {
        self.asked.lock().unwrap().push((*request.search.clause).clone());
        for (part, wanted) in request.parts.iter().enumerate() {
            let answer = self.answer(&request.search, wanted);
            let update =
                Update { id: request.id, part, answer, complete: true, warnings: Vec::new() };
            replies.try_send(update).unwrap();
        }
    }

    fn follow(&self, _on: bool) {}

    fn sort_value(&self, search: &Search, cursor: &Cursor) -> Option<Key<'static>> {
        let number = self.rows.lock().unwrap()[Self::at(cursor)].1;
        (search.sort.field == "n").then_some(Key::Int(number))
    }
}

/// The plain order: value, time, source, own number.
fn compare_rows(
    (a, a_source, a_at): (Row, usize, usize),
    (b, b_source, b_at): (Row, usize, usize),
    order: SortOrder,
    by_time: bool,
) -> Ordering {
    let directed = |ordering: Ordering| match order {
        SortOrder::Ascending => ordering,
        SortOrder::Descending => ordering.reverse(),
    };
    let times = match (a.0, b.0) {
        (Some(a), Some(b)) => directed(a.cmp(&b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    let values = if by_time { Ordering::Equal } else { directed(a.1.cmp(&b.1)) };
    values
        .then(times)
        .then_with(|| directed(a_source.cmp(&b_source)))
        .then_with(|| directed(a_at.cmp(&b_at)))
}

struct Fixture {
    memories: Vec<Arc<Memory>>,
    merged: Arc<MergedSource>,
}

impl Fixture {
    fn of(sources: &[Vec<Row>]) -> Self {
        Self::with(sources.iter().map(|rows| Memory::of(rows)).collect())
    }

    fn with(memories: Vec<Arc<Memory>>) -> Self {
        let named = memories.iter().enumerate().map(|(at, memory)| Named {
            name: format!("s{at}"),
            source: Arc::clone(memory) as Arc<dyn Source>,
        });
        let merged = MergedSource::new(named.collect()).unwrap();
        Self { memories, merged }
    }

    fn ask_all(&self, search: &Search, part: Part) -> Update {
        let (replies, mut updates) = mpsc::channel(16);
        let request = SearchRequest { id: RequestId(7), search: search.clone(), parts: vec![part] };
        self.merged.ask(request, replies, CancellationToken::new());
        while let Some(update) = updates.blocking_recv() {
            assert_eq!((update.id, update.part), (RequestId(7), 0));
            if update.complete {
                return update;
            }
        }
        panic!("no final answer");
    }

    fn ask(&self, search: &Search, part: Part) -> Answer {
        self.ask_all(search, part).answer
    }

    fn page(
        &self,
        search: &Search,
        anchor: Option<Cursor>,
        inclusive: bool,
        direction: Direction,
        count: usize,
    ) -> Page {
        let fields = vec!["@timestamp".to_owned()];
        let request = PageRequest { anchor, inclusive, direction, count, fields };
        match self.ask(search, Part::Page(request)) {
            Answer::Page(page) => page,
            other => panic!("{other:?}"),
        }
    }

    /// All rows in the plain order, by their identities.
    fn sorted(&self, search: &Search) -> Vec<String> {
        let by_time = search.sort.field == "@timestamp";
        let mut all = Vec::new();
        for (source, memory) in self.memories.iter().enumerate() {
            let rows = memory.rows.lock().unwrap();
            all.extend(rows.iter().enumerate().map(|(at, row)| (*row, source, at)));
        }
        all.sort_by(|a, b| compare_rows(*a, *b, search.sort.order, by_time));
        all.into_iter().map(|(_, source, at)| format!("s{source}/{at}")).collect()
    }

    fn pages_asked(&self) -> usize {
        self.memories.iter().map(|memory| memory.pages.load(Atomic::Relaxed)).sum()
    }
}

fn ids(page: &Page) -> Vec<String> {
    page.hits.iter().map(|hit| hit.id.0.to_string()).collect()
}

fn search(field: &str, order: SortOrder) -> Search {
    Search {
        clause: Arc::new(Clause::MatchAll),
        unlowered: None,
        range: TimeRange::ALL,
        sort: Sort { field: field.to_owned(), order },
        zone: Zone::UTC,
    }
}

fn sources() -> impl Strategy<Value = Vec<Vec<Row>>> {
    let row = (prop::option::weighted(0.85, 0_i64..9), 0_i64..5);
    prop::collection::vec(prop::collection::vec(row, 0..14), 1..4)
}

fn order() -> impl Strategy<Value = SortOrder> {
    any::<bool>().prop_map(|up| if up { SortOrder::Ascending } else { SortOrder::Descending })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn reading_on_in_either_direction_gives_every_row_once_in_order(
        (sources, order, by_time, count) in (sources(), order(), any::<bool>(), 1_usize..6),
    ) {
        let fixture = Fixture::of(&sources);
        let search = search(if by_time { "@timestamp" } else { "n" }, order);
        let expected = fixture.sorted(&search);
        for direction in [Direction::After, Direction::Before] {
            let (mut read, mut anchor) = (Vec::new(), None);
            loop {
                let page = fixture.page(&search, anchor, false, direction, count);
                prop_assert!(page.hits.len() <= count);
                let (edge, is_done) = match direction {
                    Direction::After => (page.hits.last(), page.at_end),
                    Direction::Before => (page.hits.first(), page.at_start),
                };
                anchor = edge.map(|hit| hit.cursor.clone());
                match direction {
                    Direction::After => read.extend(ids(&page)),
                    Direction::Before => { read.splice(..0, ids(&page)); }
                }
                prop_assert!(read.len() <= expected.len(), "{read:?}");
                if is_done {
                    break;
                }
                prop_assert!(!page.hits.is_empty());
            }
            prop_assert_eq!(&read, &expected, "{:?}", direction);
        }
    }

    #[test]
    fn from_any_row_either_side_is_what_stands_there(
        (sources, order) in (sources(), order()),
        steps in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any::<bool>(), 1_usize..5), 1..6),
        other_order in order(),
    ) {
        let fixture = Fixture::of(&sources);
        let (search, other) = (search("@timestamp", order), search("@timestamp", other_order));
        let expected = fixture.sorted(&search);
        prop_assume!(!expected.is_empty());
        // Cursors of a search in perhaps another order, as when a time is jumped to.
        let mut rows = fixture.page(&other, None, false, Direction::After, 1000).hits;
        for (which, forward, inclusive, count) in steps {
            let from = which.get(&rows).clone();
            let place = expected.iter().position(|id| **id == *from.id.0).unwrap();
            let direction = if forward { Direction::After } else { Direction::Before };
            let page = fixture.page(&search, Some(from.cursor), inclusive, direction, count);
            let side = if forward {
                let side = &expected[place + usize::from(!inclusive)..];
                &side[..side.len().min(count)]
            } else {
                let side = &expected[..place + usize::from(inclusive)];
                &side[side.len().saturating_sub(count)..]
            };
            prop_assert_eq!(ids(&page), side);
            rows.extend(page.hits);
        }
    }

    #[test]
    fn find_gives_the_nearest_match_of_all(
        (sources, order, forward) in (sources(), order(), any::<bool>()),
        (which, wanted) in (any::<prop::sample::Index>(), 0_i64..5),
    ) {
        let fixture = Fixture::of(&sources);
        let search = search("@timestamp", order);
        let rows = fixture.page(&search, None, false, Direction::After, 1000).hits;
        prop_assume!(!rows.is_empty());
        let at = which.index(rows.len());
        let direction = if forward { Direction::After } else { Direction::Before };
        let part = Part::Find {
            pattern: wanted.to_string(),
            from: Some(rows[at].cursor.clone()),
            direction,
        };
        let Answer::Found(found) = fixture.ask(&search, part) else { panic!("not found") };
        let number = |hit: &&Hit| {
            let (source, at) = hit.id.0.split_once('/').unwrap();
            let source: usize = source[1..].parse().unwrap();
            sources[source][at.parse::<usize>().unwrap()].1 == wanted
        };
        let expected = if forward {
            rows[at + 1..].iter().find(number)
        } else {
            rows[..at].iter().rev().find(number)
        };
        prop_assert_eq!(found.map(|hit| hit.id), expected.map(|hit| hit.id.clone()));
    }
}

#[test]
fn scrolling_back_and_forth_asks_only_for_new_rows() {
    let rows = |from: i64| (0..1000).map(|n| (Some(from + n * 2), n)).collect::<Vec<Row>>();
    let fixture = Fixture::of(&[rows(0), rows(1)]);
    let search = search("@timestamp", SortOrder::Ascending);
    let mut page = fixture.page(&search, None, false, Direction::After, 100);
    for _ in 0..7 {
        let last = page.hits.last().map(|hit| hit.cursor.clone());
        page = fixture.page(&search, last, false, Direction::After, 100);
    }
    // 800 rows are shown of 2 sources, that is 4 pages of 100 of each, and no row twice.
    let forth = fixture.pages_asked();
    assert!(forth <= 10, "{forth}");
    for _ in 0..7 {
        let first = page.hits.first().map(|hit| hit.cursor.clone());
        page = fixture.page(&search, first, false, Direction::Before, 100);
    }
    assert_eq!(ids(&page)[0], "s0/0");
    assert_eq!(fixture.pages_asked(), forth);
}

#[test]
fn records_that_came_since_are_found_where_they_belong() {
    let fixture = Fixture::of(&[vec![(Some(5), 0)], vec![(Some(1), 0)]]);
    let search = search("@timestamp", SortOrder::Ascending);
    let page = fixture.page(&search, None, false, Direction::After, 10);
    assert_eq!(ids(&page), ["s1/0", "s0/0"]);
    // One on either side of the row at 5, in the other source.
    fixture.memories[1].rows.lock().unwrap().extend([(Some(3), 0), (Some(8), 0)]);
    fixture.memories[1].status.send_modify(|status| Arc::make_mut(status).generation += 1);
    let cursor = page.hits[1].cursor.clone();
    let after = fixture.page(&search, Some(cursor.clone()), false, Direction::After, 10);
    assert_eq!((ids(&after), after.at_end), (vec!["s1/2".to_owned()], true));
    let before = fixture.page(&search, Some(cursor), true, Direction::Before, 10);
    assert_eq!(ids(&before).last().map(String::as_str), Some("s0/0"));
    assert!(!ids(&before).contains(&"s1/2".to_owned()));
}

#[test]
fn a_source_that_fails_leaves_the_others_alive() {
    let good = Memory::of(&[(Some(1), 0), (Some(2), 1)]);
    let fixture = Fixture::with(vec![Memory::with(&[], "long", true), good]);
    let search = search("@timestamp", SortOrder::Ascending);
    let request = PageRequest {
        anchor: None,
        inclusive: true,
        direction: Direction::After,
        count: 5,
        fields: Vec::new(),
    };
    for part in [Part::Page(request), Part::Total] {
        let update = fixture.ask_all(&search, part);
        match update.answer {
            Answer::Page(page) => assert_eq!(ids(&page), ["s1/0", "s1/1"]),
            Answer::Total(total) => assert_eq!(total.hits, 2),
            other => panic!("{other:?}"),
        }
        let said: Vec<String> = update.warnings.into_iter().map(|it| it.message).collect();
        assert_eq!(said, ["s0: it is broken"]);
    }
    let fixture = Fixture::with(vec![Memory::with(&[], "long", true)]);
    let answer = fixture.ask(&search, Part::Total);
    assert_eq!(answer, Answer::Failed("s0: it is broken".to_owned()));
}

#[test]
fn each_source_reads_the_question_with_its_own_types() {
    let rows = [(Some(1), 5), (Some(2), 50)];
    let fixture = Fixture::with(vec![Memory::of(&rows), Memory::with(&rows, "keyword", false)]);
    let view = Arc::clone(&fixture.merged.status().borrow().view);
    assert_eq!(view.field("n").map(|field| field.kind.as_str()), Some("conflict"));
    let mut search = search("@timestamp", SortOrder::Ascending);
    let question = Question { text: "n > 10".to_owned(), ..Question::default() };
    search.unlowered = Some(Arc::new(Unlowered { question, ..Unlowered::default() }));
    let Answer::Total(total) = fixture.ask(&search, Part::Total) else { panic!("no total") };
    // As a number 50 is above 10; as texts so are "5" and "50".
    assert_eq!(total.hits, 3);
    assert_eq!(total.of, 4);
}

#[test]
fn the_source_of_a_record_can_be_asked_counted_and_sorted_by() {
    let fixture = Fixture::of(&[vec![(Some(1), 0), (Some(3), 0)], vec![(Some(2), 0)]]);
    let mut asked = search("@timestamp", SortOrder::Ascending);
    let part = Part::Facet(FacetRequest { field: SOURCE_FIELD.to_owned(), size: 10 });
    let Answer::Facet(facet) = fixture.ask(&asked, part) else { panic!("no facet") };
    let counts: Vec<(&str, u64)> =
        facet.values.iter().map(|value| (value.label.as_str(), value.count)).collect();
    assert_eq!(counts, [("s0", 2), ("s1", 1)]);
    let question = Question { text: format!("{SOURCE_FIELD}: s1"), ..Question::default() };
    asked.unlowered = Some(Arc::new(Unlowered { question, ..Unlowered::default() }));
    let page = fixture.page(&asked, None, true, Direction::After, 10);
    assert_eq!(ids(&page), ["s1/0"]);
    assert_eq!(page.hits[0].document.first(SOURCE_FIELD), Some(json!("s1")));
    let by_source = search(SOURCE_FIELD, SortOrder::Descending);
    let page = fixture.page(&by_source, None, true, Direction::After, 10);
    assert_eq!(ids(&page), ["s1/0", "s0/1", "s0/0"]);
}

#[test]
fn a_source_that_comes_late_takes_its_place() {
    let tries = AtomicUsize::new(0);
    let late = LateSource::start("s0", "it is down", Some(Duration::from_millis(5)), move || {
        if tries.fetch_add(1, Atomic::Relaxed) < 2 {
            return Err("still down".to_owned());
        }
        Ok(Memory::of(&[(Some(1), 0)]) as Arc<dyn Source>)
    });
    let there = Memory::of(&[(Some(2), 0), (Some(3), 0)]);
    let named = |name: &str, source| Named { name: name.to_owned(), source };
    let sources = vec![named("s0", late), named("s1", Arc::clone(&there) as Arc<dyn Source>)];
    let fixture = Fixture { memories: vec![there], merged: MergedSource::new(sources).unwrap() };
    let before = fixture.merged.status().borrow().generation;
    let begun = Instant::now();
    while fixture.merged.refreshed().records < 3 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it never came");
        std::thread::sleep(Duration::from_millis(2));
    }
    let status = fixture.merged.refreshed();
    assert!(status.notices.is_empty() && status.generation > before);
    let update = fixture.ask_all(&search("@timestamp", SortOrder::Ascending), Part::Total);
    assert!(matches!(update.answer, Answer::Total(Total { hits: 3, .. })), "{update:?}");
    assert_eq!(update.warnings, []);
}
