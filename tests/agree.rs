//! The two readings of a clause agree: the compiled matcher finds a document exactly when
//! `Clause::matches` does, whatever the clause and the document; and what a leaf says every match
//! contains is in every match.

use std::fmt::Write;
use std::sync::Arc;

use peavey::event::{Document, Event, Layout, Mapping, Slot, Span};
use peavey::query::evaluate::{EventFields, Fields, Leaf, Moment, Node, compile};
use peavey::query::{Bound, Clause, MatchKind};
use peavey::time::{Millis, Zone};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

const MOMENT: Moment = Moment { now: Millis(1_711_880_000_000), zone: Zone::UTC };

fn mapping() -> Mapping {
    Mapping::from_json(&json!({"properties": {
        "kw": {"type": "keyword", "ignore_above": 12},
        "txt": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 20}}},
        "long": {"type": "long"}, "int": {"type": "integer"},
        "dbl": {"type": "double"}, "flt": {"type": "float"},
        "flag": {"type": "boolean"}, "addr": {"type": "ip"},
        "day": {"type": "date"}, "nanos": {"type": "date_nanos"},
        "geo": {"type": "geo_point"},
        "obj": {"properties": {"a": {"type": "keyword"}, "t": {"type": "text"}}},
        "items": {"type": "nested", "properties": {
            "name": {"type": "keyword"}, "stock": {"type": "long"}, "label": {"type": "text"}}},
        "also": {"type": "alias", "path": "kw"},
    }}))
    .expect("the mapping is a constant")
}

const FIELDS: [&str; 18] = [
    "kw",
    "txt",
    "txt.keyword",
    "long",
    "int",
    "dbl",
    "flt",
    "flag",
    "addr",
    "day",
    "nanos",
    "geo",
    "obj.a",
    "obj.t",
    "also",
    "items.name",
    "nosuch",
    "obj",
];

const WORDS: [&str; 32] = [
    "error",
    "ERROR",
    "Error",
    "timeout",
    "time-out",
    "Quick Brown-Foxes",
    "app:ERROR",
    "a.b",
    "a",
    "b a",
    "kelvin \u{212A}",
    "İstanbul",
    "straße",
    "日本語 テスト",
    "👍 ok",
    "",
    "!!",
    "--",
    "don't",
    "10.0.0.1",
    "192.168.1.7",
    "10.0.0.0/8",
    "::1",
    "true",
    "false",
    "42",
    "-7",
    "3.9",
    "1e2",
    "2024-03-31",
    "2024-03-31T10:00:00.123456789Z",
    "http://x.org/y?z=1",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(WORDS.to_vec()).prop_map(str::to_owned),
        1 => "[abKİé:.,' _-]{0,12}",
        1 => ("[a-b ]{1,4}", "[a-b ]{1,4}").prop_map(|(a, b)| format!("{a} {b}")),
    ]
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        5 => word().prop_map(Json::from),
        1 => (-50_i64..50).prop_map(Json::from),
        1 => proptest::sample::select(vec![json!(5.7), json!(-0.0), json!(0.0), json!(1e300),
            json!(2_147_483_648_i64), json!(i64::MAX), json!(1_711_880_000_000_i64), json!(2024)]),
        1 => any::<bool>().prop_map(Json::from),
    ]
}

fn stored() -> impl Strategy<Value = Json> {
    prop_oneof![
        6 => scalar(),
        1 => Just(Json::Null),
        2 => proptest::collection::vec(scalar(), 0..4).prop_map(Json::from),
    ]
}

fn document() -> impl Strategy<Value = Document> {
    let plain = ["kw", "txt", "long", "int", "dbl", "flt", "flag", "addr", "day", "nanos"];
    let fields =
        proptest::collection::btree_map(proptest::sample::select(plain.to_vec()), stored(), 0..8);
    let object = || (stored(), stored()).prop_map(|(a, t)| json!({"a": a, "t": t}));
    let item = (stored(), stored(), stored())
        .prop_map(|(name, stock, label)| json!({"name": name, "stock": stock, "label": label}));
    let objects = proptest::collection::vec(object(), 0..3);
    let items = proptest::collection::vec(item, 0..3);
    (fields, objects, items, any::<bool>()).prop_map(|(fields, objects, items, dotted)| {
        let mut source: Map<String, Json> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        match objects.as_slice() {
            [one] if dotted => {
                source.insert("obj.a".to_owned(), one["a"].clone());
            }
            _ => {
                source.insert("obj".to_owned(), objects.clone().into());
            }
        }
        source.insert("items".to_owned(), items.into());
        if dotted {
            source.insert("geo".to_owned(), json!({"lat": 1.5, "lon": 2}));
        }
        Document { source }
    })
}

fn field() -> impl Strategy<Value = String> {
    proptest::sample::select(FIELDS.to_vec()).prop_map(str::to_owned)
}

fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-eo?*]{0,5}",
        word().prop_map(|word| format!("{}*", word.chars().take(3).collect::<String>())),
        word().prop_map(|word| format!("*{}*", word.chars().skip(1).take(3).collect::<String>())),
    ]
}

fn bound() -> impl Strategy<Value = Option<Bound>> {
    proptest::option::of(
        (scalar(), any::<bool>()).prop_map(|(value, inclusive)| Bound { value, inclusive }),
    )
}

fn lucene_text() -> impl Strategy<Value = String> {
    let quoted = word().prop_map(|word| format!("\"{word}\""));
    let atom = prop_oneof![
        quoted,
        "[a-z]{1,5}[~*]?",
        "[a-e]\\?[a-e]{0,2}\\*?",
        "(kw|txt|long|day|addr|obj\\.t):[a-z0-9]{1,4}\\*?",
        Just("/e.*r/".to_owned()),
        Just("long:[1 TO 50}".to_owned()),
        Just("txt:[a TO k]".to_owned()),
        Just("_exists_:kw".to_owned()),
        Just("\"quick foxes\"~2".to_owned()),
    ];
    let joined = proptest::collection::vec(
        (proptest::sample::select(vec!["AND", "OR", "", "-", "+"]), atom),
        1..4,
    );
    joined.prop_map(|atoms| {
        let mut text = String::new();
        for (at, (join, atom)) in atoms.iter().enumerate() {
            let join = if at == 0 && matches!(*join, "AND" | "OR") { "" } else { join };
            let space = if matches!(join, "AND" | "OR") { " " } else { "" };
            let _ = write!(text, " {join}{space}{atom}");
        }
        text
    })
}

fn leaf_clause() -> impl Strategy<Value = Clause> {
    let flag = || proptest::option::of(any::<bool>());
    prop_oneof![
        1 => Just(Clause::MatchAll),
        1 => Just(Clause::MatchNone),
        4 => (field(), scalar()).prop_map(|(field, value)| Clause::Match { field, value }),
        3 => (field(), scalar(), 0_u32..4)
            .prop_map(|(field, value, slop)| Clause::MatchPhrase { field, value, slop }),
        2 => (scalar(), any::<bool>()).prop_map(|(value, phrase)| Clause::MultiMatch {
            fields: Vec::new(),
            value,
            kind: if phrase { MatchKind::Phrase } else { MatchKind::BestFields },
            lenient: true,
        }),
        2 => (field(), scalar(), flag())
            .prop_map(|(field, value, case_insensitive)| Clause::Term { field, value, case_insensitive }),
        1 => (field(), proptest::collection::vec(scalar(), 0..3))
            .prop_map(|(field, values)| Clause::Terms { field, values }),
        4 => (field(), bound(), bound()).prop_map(|(field, lower, upper)| Clause::Range {
            field, lower, upper, format: None, time_zone: None,
        }),
        2 => field().prop_map(|field| Clause::Exists { field }),
        2 => (field(), pattern(), flag()).prop_map(|(field, pattern, case_insensitive)| {
            Clause::Wildcard { field, pattern, case_insensitive }
        }),
        1 => (field(), word(), flag())
            .prop_map(|(field, value, case_insensitive)| Clause::Prefix { field, value, case_insensitive }),
        1 => (field(), "[a-e.*|&~()]{0,6}", flag()).prop_map(|(field, pattern, case_insensitive)| {
            Clause::Regexp { field, pattern, case_insensitive }
        }),
        4 => (lucene_text(), flag()).prop_map(|(query, analyze_wildcard)| Clause::QueryString {
            query, fields: Vec::new(), analyze_wildcard, time_zone: None, options: Vec::new(),
        }),
        1 => (lucene_text(), field()).prop_map(|(query, field)| Clause::QueryString {
            query, fields: vec![field], analyze_wildcard: None, time_zone: None, options: Vec::new(),
        }),
        1 => word().prop_map(|text| Clause::RecordContains { text }),
    ]
}

fn nested_clause() -> impl Strategy<Value = Clause> {
    let inner = prop_oneof![
        scalar().prop_map(|value| Clause::Match { field: "items.stock".to_owned(), value }),
        word()
            .prop_map(|word| Clause::Match { field: "items.label".to_owned(), value: word.into() }),
        word().prop_map(|word| Clause::negate(Clause::Term {
            field: "items.name".to_owned(),
            value: word.into(),
            case_insensitive: None,
        })),
        Just(Clause::Exists { field: "items.label".to_owned() }),
    ];
    proptest::collection::vec(inner, 1..3).prop_map(|inner| Clause::Nested {
        path: "items".to_owned(),
        query: Box::new(Clause::all(inner)),
        score_mode: None,
        ignore_unmapped: None,
    })
}

fn clause() -> impl Strategy<Value = Clause> {
    let leaf = prop_oneof![8 => leaf_clause(), 1 => nested_clause()];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let list = || proptest::collection::vec(inner.clone(), 0..3);
        (list(), list(), list(), list(), proptest::option::of(0_u32..3)).prop_map(
            |(must, filter, should, must_not, minimum_should_match)| Clause::Bool {
                must,
                filter,
                should,
                must_not,
                minimum_should_match,
            },
        )
    })
}

/// The document as the hot form has it: texts as spans of a record, the rest as slots or trees.
fn event_of(document: &Document, record: &mut Vec<u8>) -> Event {
    let mut layout = Layout::default();
    for name in document.source.keys() {
        layout.intern(name).expect("a document has few fields");
    }
    let layout = Arc::new(layout);
    let mut event = Event::new(layout.clone());
    for (name, value) in &document.source {
        let slot = layout.slot(name).expect("it was just made");
        match value {
            Json::Null => event.set(slot, Slot::Null),
            Json::Bool(value) => event.set(slot, Slot::Bool(*value)),
            Json::Number(number) => event.set(
                slot,
                match number.as_i64() {
                    Some(number) => Slot::Int(number),
                    None => Slot::Float(number.as_f64().unwrap_or(f64::NAN)),
                },
            ),
            Json::String(text) => {
                let start = record.len() as u32;
                record.extend_from_slice(text.as_bytes());
                event.set(slot, Slot::Record(Span { start, end: record.len() as u32 }));
            }
            tree => event.set(slot, Slot::Tree(Box::new(tree.clone()))),
        }
    }
    event
}

/// Checks that what a matching leaf promises of its values is true of one of them.
fn check_literals(node: &Node, document: &dyn Fields) {
    match node {
        Node::And(nodes) | Node::Or(nodes) => {
            for node in nodes {
                check_literals(node, document);
            }
        }
        Node::Not(node) => check_literals(node, document),
        Node::Leaf(leaf) => check_leaf(leaf, document),
        _ => {}
    }
}

fn check_leaf(leaf: &Leaf, document: &dyn Fields) {
    let Some(literals) = leaf.literals() else { return };
    document.each(&leaf.field, &mut |value| {
        let peavey::event::Value::Text(text) = value else { return };
        if !leaf.test.matches(value) {
            return;
        }
        let lowered = text.to_ascii_lowercase();
        let kept = literals.iter().any(|literal| {
            let text = if literal.ignore_case { &lowered } else { text };
            literal.bytes.is_empty()
                || text.windows(literal.bytes.len()).any(|it| it == literal.bytes)
        });
        assert!(kept, "{leaf:?} matches {:?}", String::from_utf8_lossy(text));
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn the_compiled_reading_is_the_plain_one(clause in clause(), documents in proptest::collection::vec(document(), 1..4)) {
        let mapping = mapping();
        prop_assert_eq!(clause.check(&mapping, MOMENT).is_ok(), compile(&clause, &mapping, MOMENT).is_ok());
        let Ok(matcher) = compile(&clause, &mapping, MOMENT) else { return Ok(()) };
        for document in documents {
            let plain = clause.matches(&document, &mapping, MOMENT);
            prop_assert_eq!(matcher.matches(&document), plain, "{:?}\n{:?}", &clause, &document.source);
            let mut record = Vec::new();
            let event = event_of(&document, &mut record);
            let event = EventFields { event: &event, record: &record };
            prop_assert_eq!(matcher.matches(&event), plain, "as an event: {:?}\n{:?}", &clause, &document.source);
            check_literals(matcher.root(), &document);
        }
    }
}
