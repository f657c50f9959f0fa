//! Configurations with events in and out.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::state::json_of;
use super::{Config, Ecs, Options, Outcome, Pipeline, RunContext, Scratch, Wanted, Years};
use crate::event::Event;
use crate::time::Millis;

/// 2024-03-05T06:07:08.090Z
const CTX: RunContext = RunContext { now: Millis(1_709_618_828_090), base_year: 2024 };

pub(super) fn options(wanted: &[&str]) -> Options {
    let wanted: BTreeSet<String> = wanted.iter().map(|&name| name.to_owned()).collect();
    Options {
        wanted: if wanted.is_empty() { Wanted::All } else { Wanted::Fields(wanted) },
        ecs: Ecs::Disabled,
        years: Years::Logstash,
        ..Options::default()
    }
}

pub(super) fn compile(filters: &str, options: &Options) -> Pipeline {
    let config = Config::parse(&format!("filter {{ {filters} }}")).expect("it is a configuration");
    Pipeline::compile(&config, options).unwrap_or_else(|e| panic!("{filters}: {e:?}"))
}

/// The event as JSON with dotted names, without the message as it came.
pub(super) fn run(pipeline: &Pipeline, record: &[u8]) -> (Map<String, Json>, Outcome) {
    let mut event = Event::new(pipeline.layout().clone());
    pipeline.begin(record, &mut event);
    let outcome = pipeline.run(&CTX, &mut Scratch::default(), record, &mut event);
    let mut fields = Map::new();
    for (idx, name) in pipeline.layout().names().enumerate() {
        if let Some(value) = event.value(crate::event::SlotId(idx as u16), record) {
            fields.insert(name.to_owned(), json_of(value));
        }
    }
    fields.extend(event.overflow().clone());
    let untouched = Json::String(String::from_utf8_lossy(record).into_owned());
    if fields.get("message") == Some(&untouched) {
        fields.remove("message");
    }
    (fields, outcome)
}

#[track_caller]
fn check(filters: &str, record: &str, expect: &str) {
    let (fields, outcome) = run(&compile(filters, &options(&[])), record.as_bytes());
    let found = if outcome.dropped { Json::Null } else { Json::Object(fields) };
    let expect: Json = serde_json::from_str(expect).expect("it is JSON");
    assert_eq!(found, expect, "{filters} on {record}");
}

#[test]
fn grok_takes_a_line_apart() {
    check(
        r#"grok { match => { "message" => "%{WORD:[a][b]} %{INT:n:int} %{NUMBER:f:float}" } }"#,
        "x 12 1.5",
        r#"{"a.b": "x", "n": 12, "f": 1.5}"#,
    );
    check(
        r#"grok { match => { "message" => "%{INT:n}" } }"#,
        "x",
        r#"{"tags": ["_grokparsefailure"]}"#,
    );
    check(
        r#"grok { match => { "message" => ["^%{INT:n}$", "^%{WORD:w} %{WORD:w}$"] } }"#,
        "x y",
        r#"{"w": ["x", "y"]}"#,
    );
    check(
        r#"grok { match => { "message" => "^%{WORD:w} %{GREEDYDATA:message}" } overwrite => [message] }"#,
        "x y z",
        r#"{"w": "x", "message": "y z"}"#,
    );
    check(
        r#"grok { match => { "message" => "^%{WORD:w} %{GREEDYDATA:message}" } }"#,
        "x y z",
        r#"{"w": "x", "message": ["x y z", "y z"]}"#,
    );
}

#[test]
fn date_sets_the_time() {
    check(
        r#"grok { match => { "message" => "%{HTTPDATE:[@metadata][t]}" } }
           date { match => ["[@metadata][t]", "dd/MMM/yyyy:HH:mm:ss Z"] remove_field => ["[@metadata][t]"] }"#,
        "24/Nov/2025:10:11:12 +0100",
        r#"{"@timestamp": "2025-11-24T09:11:12.000Z"}"#,
    );
    check(
        r#"date { match => ["message", "ISO8601"] }"#,
        "never",
        r#"{"tags": ["_dateparsefailure"]}"#,
    );
}

#[test]
fn a_stamp_without_year_is_reported() {
    let options = Options { years: Years::Base, ..options(&[]) };
    let pipeline =
        compile(r#"date { match => ["message", "MMM d HH:mm:ss", "ISO8601"] }"#, &options);
    let (fields, outcome) = run(&pipeline, b"Mar 6 01:02:03");
    assert_eq!(fields["@timestamp"], "2024-03-06T01:02:03.000Z");
    assert!(outcome.yearless);
    assert!(!run(&pipeline, b"2024-03-06T01:02:03Z").1.yearless);
}

#[test]
fn mutate_works_in_its_own_order() {
    check(
        r#"mutate { add_field => { "a" => " X,Y " "n" => "12.7" } }
           mutate { copy => { "a" => "b" } lowercase => ["a"] strip => ["a"] split => { "a" => "," }
                    convert => { "n" => "integer" } rename => { "n" => "[m][n]" } }"#,
        "-",
        r#"{"a": ["x", "y"], "b": ["x", "y"], "m.n": "12.7"}"#,
    );
    check(
        r#"mutate { gsub => ["message", "(\w)(\d)", "\2\1"] }"#,
        "a1 b2",
        r#"{"message": "1a 2b"}"#,
    );
    check(
        r#"mutate { replace => { "x" => "%{message}-%{nothing}" } add_tag => ["t_%{message}"] }"#,
        "m",
        r#"{"x": "m-%{nothing}", "tags": ["t_m"]}"#,
    );
    check(
        r#"mutate { add_field => { "n" => "x1" } } mutate { convert => { "n" => "integer" } add_tag => ["ok"] }"#,
        "-",
        r#"{"n": "x1", "tags": ["_mutate_error"]}"#,
    );
}

#[test]
fn conditions_guard() {
    let guarded = |condition: &str| {
        format!(
            r#"grok {{ match => {{ "message" => "%{{WORD:w}} %{{INT:n:int}}" }} tag_on_failure => [] }}
               if {condition} {{ mutate {{ add_field => {{ "r" => "yes" }} }} }} else {{ drop {{}} }}
               mutate {{ remove_field => ["w", "n"] }}"#
        )
    };
    for (condition, holds) in [
        (r#"[w] == "abc""#, true),
        (r#"[w] != "abc""#, false),
        (r#"[n] == 5"#, true),
        (r#"[n] == 5.0"#, false),
        (r#"[n] == "5""#, false),
        (r#"[n] > 4 and [n] <= 5"#, true),
        (r#"[w] =~ /^a.c$/"#, true),
        (r#"[w] !~ "b""#, false),
        (r#""b" in [w]"#, true),
        (r#"[w] in ["abc", "x"]"#, true),
        (r#"[w] not in ["abc", "x"]"#, false),
        (r#"[nothing]"#, false),
        (r#"![nothing] and ([w] == "x" or [n])"#, true),
        (r#"[nothing] > 1"#, false),
        (r#"[w] == "x" nand [n]"#, true),
    ] {
        let expect = if holds { r#"{"r": "yes"}"# } else { "null" };
        check(&guarded(condition), "abc 5", expect);
    }
}

#[test]
fn what_is_not_wanted_is_left_out() {
    let filters = r#"
        grok { match => { "message" => "%{WORD:a} %{INT:b:int} %{HTTPDATE:t}" } }
        date { match => ["t", "dd/MMM/yyyy:HH:mm:ss Z"] }
        mutate { rename => { "b" => "c" } }"#;
    let record = b"x 5 24/Nov/2025:10:11:12 +0100";
    let only = |wanted: &[&str]| {
        let pipeline = compile(filters, &options(wanted));
        let names: Vec<_> = pipeline.layout().names().map(str::to_owned).collect();
        (names.join(" "), run(&pipeline, record).0)
    };
    let (names, fields) = only(&["c"]);
    assert_eq!(names, "@timestamp b c message tags");
    assert_eq!(Json::Object(fields), serde_json::json!({"c": 5}));
    let (names, fields) = only(&["a"]);
    assert_eq!(names, "@timestamp a message tags");
    assert_eq!(Json::Object(fields), serde_json::json!({"a": "x"}));
    assert!(compile(filters, &options(&["nothing"])).is_empty());
}

#[test]
fn wrong_options_are_refused_with_their_place() {
    for (filters, reason) in [
        ("mutate { renme => {} }", "unknown option `renme` of `mutate`"),
        ("mutat { }", "filter `mutat` is unknown"),
        (r#"grok { match => { "message" => "%{WORT}" } }"#, "unknown grok pattern `WORT`"),
        (r#"date { match => ["t"] }"#, "`match` of `date` needs a field and a format"),
        (r#"if [a] == "${NO}" { }"#, "environment variable `NO` is not set"),
    ] {
        let config = Config::parse(&format!("filter {{ {filters} }}")).expect("it parses");
        let findings = Pipeline::compile(&config, &options(&[])).expect_err("must be refused");
        assert_eq!(findings[0].message, reason);
        assert!(findings[0].span.is_some(), "{reason}");
    }
}
