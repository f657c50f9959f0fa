//! How fast compiled queries look at values: per question, over a hundred thousand log lines' worth
//! of values each.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peavey::event::{Mapping, Value};
use peavey::query::evaluate::{Leaf, Moment, Node, compile};
use peavey::query::{Bound, Clause, MatchKind};
use peavey::time::{Millis, Zone};
use serde_json::json;

const LINES: usize = 100_000;

const AGENTS: [&str; 5] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.4.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1",
];

fn mapping() -> Mapping {
    Mapping::from_json(&json!({"properties": {
        "agent": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}},
        "status": {"type": "long"},
        "method": {"type": "keyword"},
        "client": {"type": "ip"},
    }}))
    .expect("the mapping is a constant")
}

/// The leaves of a clause, to be asked by value.
fn leaves(clause: &Clause) -> Vec<Leaf> {
    fn collect(node: &Node, found: &mut Vec<Leaf>) {
        match node {
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().for_each(|it| collect(it, found)),
            Node::Not(node) => collect(node, found),
            Node::Leaf(leaf) => found.push(leaf.clone()),
            _ => {}
        }
    }
    let moment = Moment { now: Millis(0), zone: Zone::UTC };
    let matcher = compile(clause, &mapping(), moment).expect("the clause is a constant");
    let mut found = Vec::new();
    collect(matcher.root(), &mut found);
    found
}

fn measure(criterion: &mut Criterion, name: &str, clause: &Clause, values: &[Vec<u8>]) {
    let leaves = leaves(clause);
    let bytes: usize = values.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("evaluate");
    group.sample_size(20).throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(name, |bench| {
        bench.iter(|| {
            let matches = |value: &&Vec<u8>| {
                leaves.iter().any(|leaf| leaf.test.matches(Value::Text(black_box(value))))
            };
            values.iter().filter(matches).count()
        });
    });
    group.finish();
}

fn text(field: &str, value: &str) -> (String, serde_json::Value) {
    (field.to_owned(), json!(value))
}

fn evaluate(criterion: &mut Criterion) {
    let agents: Vec<Vec<u8>> =
        (0..LINES).map(|line| AGENTS[line * 7 % 5].as_bytes().to_vec()).collect();
    let codes: Vec<Vec<u8>> =
        (0..LINES).map(|line| (200 + line % 304).to_string().into()).collect();
    let clients: Vec<Vec<u8>> =
        (0..LINES).map(|line| format!("10.0.{}.{}", line % 7, line % 251).into()).collect();

    let (field, value) = text("agent", "firefox");
    measure(criterion, "word", &Clause::Match { field, value }, &agents);
    let (field, value) = text("agent", "like Mac OS");
    measure(criterion, "phrase", &Clause::MatchPhrase { field, value, slop: 0 }, &agents);
    let everywhere = Clause::MultiMatch {
        fields: Vec::new(),
        value: json!("timeout"),
        kind: MatchKind::BestFields,
        lenient: true,
    };
    measure(criterion, "free text", &everywhere, &agents);
    let wildcard = Clause::Wildcard {
        field: "agent.keyword".to_owned(),
        pattern: "*Googlebot*".to_owned(),
        case_insensitive: None,
    };
    measure(criterion, "wildcard", &wildcard, &agents);
    let (field, value) = text("method", "DELETE");
    measure(criterion, "term", &Clause::Term { field, value, case_insensitive: None }, &agents);
    let range = Clause::Range {
        field: "status".to_owned(),
        lower: Some(Bound { value: json!(500), inclusive: true }),
        upper: None,
        format: None,
        time_zone: None,
    };
    measure(criterion, "number range", &range, &codes);
    let (field, value) = text("client", "10.0.3.0/24");
    measure(criterion, "address block", &Clause::Match { field, value }, &clients);
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
