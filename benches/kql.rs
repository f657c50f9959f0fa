//! How fast queries are read: parse and lower, over the accepted queries of tests/data/kql, and one
//! long text (bytes per second), one thread.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peavey::event::DataView;
use peavey::query::{QueryConfig, dsl, kql, lower};
use serde_json::Value as Json;

/// The accepted queries, each with its data view.
fn queries() -> Vec<(String, Option<DataView>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kql");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is in the tree");
    let view = |name: &str| {
        let text = read(&format!("data-views/{name}.json"));
        serde_json::from_str::<DataView>(&text).expect("it is a data view")
    };
    let views = ["pt", "weblogs", "nested"].map(|name| (name, view(name)));
    let cases = read("translate.jsonl");
    let cases = cases.lines().map(|line| serde_json::from_str::<Json>(line).expect("it is JSON"));
    cases
        .filter(|case| case.get("error").is_none() && case["tag"] != "size")
        .map(|case| {
            let view = views.iter().find(|(name, _)| case["fields"] == *name);
            let text = case["q"].as_str().unwrap_or_default().to_owned();
            (text, view.map(|(_, view)| view.clone()))
        })
        .collect()
}

fn bench(criterion: &mut Criterion) {
    let queries = queries();
    let config = QueryConfig::default();
    let mut group = criterion.benchmark_group("kql");
    group.throughput(Throughput::Elements(queries.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            for (text, _) in &queries {
                let _ = black_box(kql::parse(black_box(text)));
            }
        });
    });
    group.bench_function("parse and lower", |bencher| {
        bencher.iter(|| {
            for (text, view) in &queries {
                let ast = kql::parse(black_box(text)).expect("it was accepted");
                let _ = black_box(lower::kql(&ast, view.as_ref(), &config));
            }
        });
    });
    group.bench_function("parse, lower and write", |bencher| {
        bencher.iter(|| {
            for (text, view) in &queries {
                let ast = kql::parse(black_box(text)).expect("it was accepted");
                let clause = lower::kql(&ast, view.as_ref(), &config);
                black_box(clause.map(|clause| dsl::to_json(&clause)).ok());
            }
        });
    });
    for (name, text) in [
        ("a megabyte of words", "word ".repeat(200_000)),
        ("a megabyte of terms", "k:v or ".repeat(150_000) + "k:v"),
        ("a megabyte with an error", "k:v or ".repeat(150_000)),
        ("a megabyte of escapes", r"\*".repeat(500_000)),
        ("a megabyte of stars", "a*".repeat(500_000)),
        ("an open quote", format!("\"{}", "x\\\"".repeat(333_000))),
    ] {
        group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(kql::parse(&text)).is_ok()));
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
