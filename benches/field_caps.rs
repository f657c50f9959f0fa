//! How long a data view of 10,000 fields takes to read, and a query over it to lower.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

mod support;

use std::fmt::Write as _;
use std::time::Instant;

use peavey::query::{QueryConfig, Question};
use peavey::source::elastic::fields;

const FIELDS: usize = 10_000;

fn main() {
    let answer = answer();
    let begun = Instant::now();
    let (view, _) = fields::data_view("logs-*", &answer).expect("an answer");
    support::tell(
        &format!("{} fields of {} kB are read", view.fields.len(), answer.len() / 1000),
        begun.elapsed(),
    );
    for text in ["a.b7.c9907: 5", "a.b7.*: 5", "a.b7.c9907: 5 and not a.b8.c9908 >= 3", "word"] {
        let question = Question { text: text.to_owned(), ..Question::default() };
        let begun = Instant::now();
        let lowered = question.lower(&view, &QueryConfig::default());
        support::tell(&format!("`{text}` is lowered"), begun.elapsed());
        assert!(lowered.is_ok());
        let begun = Instant::now();
        std::hint::black_box(question.advice(&view, &QueryConfig::default()));
        support::tell(&format!("`{text}` is judged"), begun.elapsed());
    }
    let begun = Instant::now();
    let known = view.fields.iter().filter(|field| view.field(&field.name).is_some()).count();
    support::tell(&format!("{known} names are looked up"), begun.elapsed());
}

/// An answer as Elasticsearch 9.5 writes it: fields in objects, a multi-field below each tenth.
fn answer() -> Vec<u8> {
    let mut text = String::from(r#"{"indices":["logs-1"],"fields":{"@timestamp":"#);
    text.push_str(&caps("date", true));
    for n in 0..FIELDS {
        let name = format!("a.b{}.c{n}", n % 100);
        let kind = ["long", "keyword", "text", "ip"][n % 4];
        let _ = write!(text, r#","{name}":{}"#, caps(kind, kind != "text"));
        if n % 10 == 2 {
            let _ = write!(text, r#","{name}.keyword":{}"#, caps("keyword", true));
        }
    }
    text.push_str("}}");
    text.into_bytes()
}

fn caps(kind: &str, aggregatable: bool) -> String {
    format!(
        r#"{{"{kind}":{{"type":"{kind}","metadata_field":false,"searchable":true,"aggregatable":{aggregatable}}}}}"#
    )
}
