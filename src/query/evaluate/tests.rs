//! What queries find among a few documents, by both readings; and what is refused.

use serde_json::{Value as Json, json};

use super::*;
use crate::event::{Document, Mapping};
use crate::query::{Bound, Clause, MatchKind};

const MOMENT: Moment = Moment { now: Millis(1_711_880_000_000), zone: Zone::UTC };

fn mapping() -> Mapping {
    Mapping::from_json(&json!({"properties": {
        "kw": {"type": "keyword", "ignore_above": 10},
        "txt": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 20}}},
        "status_code": {"type": "short"}, "long": {"type": "long"}, "int": {"type": "integer"}, "dbl": {"type": "double"},
        "flag": {"type": "boolean"}, "addr": {"type": "ip"},
        "day": {"type": "date"}, "nanos": {"type": "date_nanos"}, "geo": {"type": "geo_point"},
        "obj": {"properties": {"a": {"type": "keyword"}}},
        "items": {"type": "nested", "properties": {
            "name": {"type": "keyword"}, "stock": {"type": "long"}}},
        "also": {"type": "alias", "path": "kw"},
    }}))
    .unwrap()
}

/// Which of the documents match; `None` if the clause is refused.
fn found(clause: &Clause, documents: &[Json]) -> Option<Vec<usize>> {
    let mapping = mapping();
    let matcher = compile(clause, &mapping, MOMENT).ok()?;
    let matches = |source: &Json| {
        let document = Document { source: source.as_object().unwrap().clone() };
        let plain = clause.matches(&document, &mapping, MOMENT);
        assert_eq!(matcher.matches(&document), plain, "the readings differ on {source}");
        plain
    };
    Some((0..documents.len()).filter(|at| matches(&documents[*at])).collect())
}

fn check(clause: &Clause, documents: &[Json], expect: &[usize]) {
    assert_eq!(found(clause, documents).as_deref(), Some(expect), "{clause:?}");
}

fn refused(clause: &Clause) -> String {
    compile(clause, &mapping(), MOMENT).unwrap_err().to_string()
}

fn is(field: &str, value: impl Into<Json>) -> Clause {
    Clause::Match { field: field.to_owned(), value: value.into() }
}

fn phrase(field: &str, value: &str, slop: u32) -> Clause {
    Clause::MatchPhrase { field: field.to_owned(), value: value.into(), slop }
}

fn exists(field: &str) -> Clause {
    Clause::Exists { field: field.to_owned() }
}

fn wildcard(field: &str, pattern: &str) -> Clause {
    let (field, pattern) = (field.to_owned(), pattern.to_owned());
    Clause::Wildcard { field, pattern, case_insensitive: None }
}

fn above(field: &str, value: impl Into<Json>, inclusive: bool) -> Clause {
    let lower = Some(Bound { value: value.into(), inclusive });
    Clause::Range { field: field.to_owned(), lower, upper: None, format: None, time_zone: None }
}

fn below(field: &str, value: impl Into<Json>, inclusive: bool) -> Clause {
    let upper = Some(Bound { value: value.into(), inclusive });
    Clause::Range { field: field.to_owned(), lower: None, upper, format: None, time_zone: None }
}

fn query_string(query: &str, fields: &[&str]) -> Clause {
    Clause::QueryString {
        query: query.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        analyze_wildcard: fields.is_empty().then_some(true),
        time_zone: None,
        options: Vec::new(),
    }
}

fn everywhere(value: &str, kind: MatchKind) -> Clause {
    Clause::MultiMatch { fields: Vec::new(), value: value.into(), kind, lenient: true }
}

#[test]
fn text_is_searched_by_word_and_keywords_whole() {
    let documents = [
        json!({"txt": "Quick Brown-Foxes", "kw": "quick"}),
        json!({"txt": ["brown", "quick"], "kw": ["Quick", "x"]}),
        json!({}),
    ];
    check(&is("txt", "QUICK foxes!"), &documents, &[0, 1]);
    check(&is("txt", "!!"), &documents, &[]);
    check(&is("kw", "quick"), &documents, &[0]);
    check(&is("also", "Quick"), &documents, &[1]);
    check(&is("txt.keyword", "quick"), &documents, &[1]);
    check(&phrase("txt", "quick brown", 0), &documents, &[0]);
    check(&phrase("txt", "brown quick", 2), &documents, &[0]);
    check(&phrase("kw", "quick", 0), &documents, &[0]);
    check(&Clause::negate(is("kw", "quick")), &documents, &[1, 2]);
}

#[test]
fn values_that_a_field_does_not_take_are_left_out_of_it() {
    let documents = [
        json!({"kw": "0123456789x", "long": "abc", "int": 1_i64 << 40, "flag": "yes", "day": "now"}),
        json!({"kw": "0123456789", "long": "42", "int": 7.9, "flag": "", "day": "2024-03-31"}),
        json!({"kw": null, "long": [], "int": [null]}),
    ];
    for field in ["kw", "long", "int", "flag", "day"] {
        check(&exists(field), &documents, &[1]);
    }
    check(&is("int", 7), &documents, &[1]);
    check(&is("flag", false), &documents, &[1]);
}

#[test]
fn numbers_are_compared_as_numbers() {
    let documents = [json!({"long": 5, "dbl": -0.0}), json!({"long": [-3, 9], "dbl": 0.5})];
    check(&is("long", "5.0"), &documents, &[0]);
    check(&is("long", "5.7"), &documents, &[]);
    check(&is("long", "1e300"), &documents, &[]);
    check(&above("long", "5.7", true), &documents, &[1]);
    check(&below("long", -2.5, false), &documents, &[1]);
    let both = Clause::all(vec![above("long", 5, false), below("long", 0, false)]);
    check(&both, &documents, &[1]);
    check(&is("dbl", 0), &documents, &[]);
    check(&is("dbl", "-0.0"), &documents, &[0]);
    check(&below("dbl", 0, false), &documents, &[0]);
}

#[test]
fn dates_mean_the_whole_of_what_is_written() {
    let documents = [
        json!({"day": "2024-03-31T10:20:30Z", "nanos": "2024-03-31T10:20:30.000000001Z"}),
        json!({"day": 1_711_886_400_000_i64, "nanos": "2024-03-31T12:00:00Z"}),
    ];
    check(&is("day", "2024-03-31"), &documents, &[0, 1]);
    check(&is("day", "2024-03-31T10"), &documents, &[0]);
    check(&is("day", "2024"), &documents, &[]);
    check(&is("day", "1711886400000"), &documents, &[1]);
    check(&above("day", "2024-03-31T12", false), &documents, &[]);
    check(&above("nanos", "2024-03-31T10:20:30.000000001Z", false), &documents, &[1]);
    check(&below("day", "now/d", false), &documents, &[]);
    check(&is("day", "2024-02-29||+1M+2d/d"), &documents, &[0, 1]);
}

#[test]
fn addresses_are_known_in_every_spelling() {
    let documents = [json!({"addr": "::ffff:10.0.0.4"}), json!({"addr": "2001:DB8:0:0::5"})];
    check(&is("addr", "10.0.0.4"), &documents, &[0]);
    check(&is("addr", "10.0.0.0/29"), &documents, &[0]);
    check(&is("addr", "0.0.0.0/0"), &documents, &[0]);
    check(&is("addr", "::/0"), &documents, &[0, 1]);
    check(&is("addr", "2001:db8::5"), &documents, &[1]);
    check(&above("addr", "10.0.0.4", false), &documents, &[1]);
}

#[test]
fn a_nested_group_is_about_one_object() {
    let documents = [
        json!({"items": [{"name": "a", "stock": 1}, {"name": "b", "stock": 2}]}),
        json!({"items": {"name": "a", "stock": 2}}),
        json!({}),
    ];
    let group = |query: Clause| Clause::Nested {
        path: "items".to_owned(),
        query: Box::new(query),
        score_mode: None,
        ignore_unmapped: None,
    };
    let both = Clause::all(vec![is("items.name", "a"), is("items.stock", 2)]);
    check(&group(both), &documents, &[1]);
    check(&group(Clause::negate(is("items.name", "a"))), &documents, &[0]);
    check(&Clause::negate(group(is("items.name", "a"))), &documents, &[2]);
    check(&is("items.name", "a"), &documents, &[]);
    check(&group(exists("kw")), &documents, &[]);
}

#[test]
fn free_text_asks_every_field_that_can_take_it() {
    let documents = [
        json!({"txt": "code 42 here"}),
        json!({"long": 42}),
        json!({"kw": "42"}),
        json!({"items": {"stock": 42}}),
        json!({"day": "2024-03-31T05:00:00Z", "flag": true, "addr": "10.0.0.1"}),
    ];
    check(&everywhere("42", MatchKind::BestFields), &documents, &[0, 1, 2]);
    check(&everywhere("42 here", MatchKind::Phrase), &documents, &[0]);
    check(&everywhere("2024-03-31", MatchKind::BestFields), &documents, &[4]);
    check(&everywhere("10.0.0.0/8", MatchKind::BestFields), &documents, &[4]);
    check(&everywhere("true", MatchKind::BestFields), &documents, &[4]);
}

#[test]
fn patterns_see_single_words_of_text() {
    let documents = [json!({"txt": "Time-Out ERROR", "kw": "Time-Out"}), json!({"txt": "terror"})];
    check(&query_string("ERR*", &["txt"]), &documents, &[0]);
    check(&query_string("time\\-ou*", &["txt"]), &documents, &[]);
    check(&query_string("foo *rr*", &["txt"]), &documents, &[0, 1]);
    check(&wildcard("kw", "Time-*"), &documents, &[0]);
    check(&wildcard("kw", "time-*"), &documents, &[]);
    check(&query_string("erorr~ AND txt:/t.*/", &[]), &documents, &[0]);
    check(&query_string("errxx~2", &[]), &documents, &[0]);
}

#[test]
fn lucene_reads_its_operators_from_left_to_right() {
    let documents = [json!({"kw": "a"}), json!({"kw": ["b", "c"]}), json!({"kw": "d"})];
    let lucene =
        |query: &str, expect: &[usize]| check(&query_string(query, &[]), &documents, expect);
    lucene("a OR b AND c", &[1]);
    lucene("a || -b", &[0]);
    lucene("-b", &[0, 2]);
    lucene("kw:(a d)", &[]);
    lucene("kw:a kw:d", &[0, 2]);
    lucene("kw:>=b", &[1, 2]);
    lucene("kw:{a TO d}", &[1]);
    lucene("long:abc OR day:xyz", &[]);
    lucene("NOT long:abc", &[0, 1, 2]);
    lucene("*", &[0, 1, 2]);
    lucene("_exists_:long", &[]);
    lucene("k\\*:a", &[0]);
}

#[test]
fn an_object_exists_if_any_of_its_fields_does() {
    let documents =
        [json!({"obj.a": "x"}), json!({"obj": {"b": 1}}), json!({"geo": {"lat": 1, "lon": 2}})];
    check(&exists("obj"), &documents, &[0]);
    check(&exists("geo"), &documents, &[2]);
    check(&exists("nosuch"), &documents, &[]);
}

#[test]
fn the_record_is_searched_as_grep_would() {
    let documents = [json!({"event.original": "GET /Straße 500"}), json!({"txt": "straße"})];
    let contains = |text: &str| Clause::RecordContains { text: text.to_owned() };
    check(&contains("get /STRAßE"), &documents, &[0]);
    check(&contains("T /s"), &documents, &[0]);
    check(&contains("405"), &documents, &[]);
}

#[test]
fn what_elasticsearch_refuses_is_refused_with_a_way_out() {
    let cases = [
        (is("long", "abc"), "`long` holds whole numbers, and `abc` is no number"),
        (is("dbl", true), "`dbl` holds numbers, and `true` is no number"),
        (is("day", "yesterday"), "`day` holds dates, and `yesterday` is no date"),
        (is("addr", "10.0.0.0/33"), "`addr` holds IP addresses, and `10.0.0.0/33` is no address"),
        (is("flag", "yes"), "`flag` holds true or false, and `yes` is neither true nor false"),
        (is("geo", "x"), "`geo` holds places, which cannot be searched so"),
        (is("kw", Json::Null), "null is no value that `kw` could have"),
        (query_string("5*", &["status_code"]), "(`status_code >= 500 and status_code < 600`)"),
        (query_string("5*", &["long"]), "patterns such as `5*` cannot be searched"),
        (wildcard("addr", "10.*"), "patterns such as `10.*` cannot be searched"),
        (query_string("(a", &[]), "expected `)`"),
        (Clause::Custom(json!({"geo_distance": {}})), "`geo_distance` clauses are not read here"),
        (Clause::any(vec![is("kw", "a"), is("items.stock", "x")]), "`items.stock`"),
    ];
    for (clause, expect) in cases {
        let message = refused(&clause);
        assert!(message.contains(expect), "{clause:?}: {message}");
    }
}

#[test]
fn a_minimum_of_optional_clauses() {
    let documents = [json!({"kw": ["a", "b"]}), json!({"kw": ["a", "b", "c"]}), json!({"kw": "c"})];
    let some = |minimum_should_match: Option<u32>, filter: Vec<Clause>| Clause::Bool {
        must: Vec::new(),
        filter,
        should: vec![is("kw", "a"), is("kw", "b"), is("kw", "c")],
        must_not: Vec::new(),
        minimum_should_match,
    };
    check(&some(None, vec![]), &documents, &[0, 1, 2]);
    check(&some(Some(2), vec![]), &documents, &[0, 1]);
    check(&some(Some(3), vec![]), &documents, &[1]);
    check(&some(Some(4), vec![]), &documents, &[]);
    check(&some(None, vec![Clause::MatchAll]), &documents, &[0, 1, 2]);
    check(&some(None, vec![exists("long")]), &documents, &[]);
}
