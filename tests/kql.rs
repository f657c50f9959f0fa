//! KQL against Kibana: every case of tests/data/kql through `peavey conformance`.

#![allow(clippy::unwrap_used, reason = "a test may stop where it is")]

mod support;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

/// What a case expects; it is not shown to the program.
const EXPECTED: [&str; 8] =
    ["ast", "dsl", "error", "errorKind", "errorOffset", "tag", "iso", "suggest"];

/// Asks all cases of a file; gives each with its answer.
fn asked(kind: &str, file: &str) -> Vec<(Json, Json)> {
    let text = fs::read_to_string(support::data("kql").join(file)).unwrap();
    let cases: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut program = Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(["conformance", kind, "--data-views"])
        .arg(support::data("kql/data-views"))
        .env("TZ", "UTC")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    let questions = cases.clone();
    let writer = std::thread::spawn(move || {
        for mut case in questions {
            case.as_object_mut().unwrap().retain(|name, _| !EXPECTED.contains(&name.as_str()));
            writeln!(input, "{case}").unwrap();
        }
    });
    let output = program.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let answers: Vec<Json> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter::<Json>()
        .map(|answer| answer.unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len());
    cases.into_iter().zip(answers).collect()
}

/// Compares the answers with what the cases expect under these names.
fn check(kind: &str, file: &str, names: &[&str]) {
    let mut wrong = Vec::new();
    let asked = asked(kind, file);
    for (case, answer) in &asked {
        for name in names.iter().filter(|name| case.get(**name) != answer.get(**name)) {
            let (want, got) = (&case[*name], &answer[*name]);
            wrong.push(format!("{name} of {case}\n  want {want}\n  got  {got}"));
        }
    }
    let shown = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {} cases are wrong:\n{shown}", wrong.len(), asked.len());
}

#[test]
fn trees_queries_and_errors_are_kibanas() {
    check("kql", "translate.jsonl", &["ast", "dsl", "error", "errorOffset"]);
}

#[test]
fn requests_are_kibanas() {
    check("request", "build.jsonl", &["dsl", "error"]);
}

#[test]
fn the_caret_is_where_kibana_has_it() {
    check("suggest", "cursor.jsonl", &["suggest"]);
}

#[test]
fn ends_of_time_ranges_are_kibanas() {
    check("datemath", "datemath.jsonl", &["iso"]);
}

fn translate(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_peavey"))
        .arg("translate")
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn translate_prints_dsl_or_a_command() {
    let view = support::data("kql/data-views/weblogs.json");
    let view = view.to_str().unwrap();
    let (status, out, _) = translate(&["--data-view", view, "bytes > 5"]);
    let expect =
        json!({"bool": {"should": [{"range": {"bytes": {"gt": "5"}}}], "minimum_should_match": 1}});
    assert_eq!((status, serde_json::from_str::<Json>(&out).unwrap()), (Some(0), expect));
    let (_, out, _) = translate(&["host: it's", "--curl", "logs-*"]);
    assert!(out.starts_with("curl ") && out.contains("'/logs-*/_search?pretty'"), "{out}");
    assert!(out.contains(r"it'\''s"), "{out}");
}

#[test]
fn translate_says_where_a_query_is_wrong() {
    let (status, out, err) = translate(&["a:b (c)"]);
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(err.contains("but \"(\" found.\na:b (c)\n----^"), "{err}");
    let (status, _, err) = translate(&["--data-view", "/nowhere.json", "a"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("cannot read /nowhere.json"), "{err}");
}
