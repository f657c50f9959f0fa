//! The program against real nodes, as a person calls it.

use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

use crate::support::engine::{Engine, names};
use crate::{MAPPING, documents};

pub(super) fn peavey(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("TZ", "UTC")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Standard output of a run that has to end with `status`.
pub(super) fn text(status: i32, arguments: &[&str]) -> String {
    let output = peavey(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {errors}");
    assert_eq!(errors, "", "{arguments:?}: nothing to warn about");
    String::from_utf8(output.stdout).unwrap()
}

/// What a run says that has to be refused.
pub(super) fn refusal(arguments: &[&str]) -> String {
    let output = peavey(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    errors
}

/// An index with 2,345 records on each engine: its address and its engine.
fn indices(test: &str, index: &str) -> Vec<(String, &'static Engine)> {
    let engines = names().iter().map_while(|name| Engine::shared(name, test));
    engines
        .map(|engine| {
            engine.fill(index, MAPPING, &documents(2345));
            (format!("{}/{index}", engine.url), engine)
        })
        .collect()
}

#[test]
fn a_cluster_is_counted_and_written_as_files_are() {
    let all = indices("a_cluster_is_counted_and_written_as_files_are", "command-rows");
    for (address, engine) in all {
        let name = engine.name;
        let query = |more: &[&str]| text(0, &[&["query", &address], more].concat());
        assert_eq!(query(&["--format", "count"]).trim(), "2345", "{name}");
        assert_eq!(query(&["-q", "status >= 500", "--format", "count"]).trim(), "469", "{name}");
        // Several pages, each document as it was sent, the oldest first.
        let rows = query(&[]);
        let mut lines: Vec<&str> = rows.lines().collect();
        let second = |line: &str| {
            let json: Json = serde_json::from_str(line).unwrap();
            json["n"].as_i64().unwrap() / 5
        };
        assert!(lines.iter().map(|line| second(line)).is_sorted(), "{name}");
        let mut sent = documents(2345);
        sent.sort_unstable();
        lines.sort_unstable();
        assert_eq!(lines, sent, "{name}");
        let sorted = query(&[
            "--sort",
            "n:desc",
            "--limit",
            "3",
            "--fields",
            "n,service",
            "--format",
            "csv",
        ]);
        assert_eq!(sorted, "n,service\n2344,s6\n2343,s5\n2342,s4\n", "{name}");
        let first =
            query(&["--limit", "2", "--format", "ndjson", "--fields", "log,status", "--sort", "n"]);
        let expected = r#"{"log":{"level":"INFO","file":{"path":"/var/log/0.log"}},"status":200}"#;
        assert_eq!(first.lines().next(), Some(expected), "{name}: an object as it stands");
        let counts = query(&[
            "--facet",
            "service:2",
            "--histogram",
            "--by",
            "status",
            "--interval",
            "5m",
            "--format",
            "ndjson",
        ]);
        let counts: Json = serde_json::from_str(&counts).unwrap();
        assert_eq!(counts["total"], 2345, "{name}");
        assert_eq!(counts["facets"]["service"]["distinct"], 7, "{name}");
        assert_eq!(counts["facets"]["service"]["missing"], 47, "{name}");
        assert_eq!(counts["histogram"]["by"], "status", "{name}");
        assert_eq!(counts["histogram"]["buckets"][0]["count"], 1500, "{name}");
        assert_eq!(counts["histogram"]["buckets"][0]["values"]["5xx"], 300, "{name}");
        let none = text(1, &["query", &address, "-q", "service: nobody", "--format", "count"]);
        assert_eq!(none.trim(), "0", "{name}");
        let end = query(&["--from", "end-1m", "--format", "count"]);
        assert_eq!(end.trim(), "305", "{name}: the minute before the newest record");
        let fields = text(0, &["fields", &address]);
        assert!(
            fields.contains("agent.keyword") && fields.contains("log.level"),
            "{name}: {fields}"
        );
    }
}

#[test]
fn what_a_cluster_cannot_answer_is_told() {
    for (address, engine) in indices("what_a_cluster_cannot_answer_is_told", "command-wrong") {
        let name = engine.name;
        let nothing = refusal(&["query", &format!("{}/no-such-*", engine.url)]);
        assert!(nothing.contains("no index matches `no-such-*`"), "{name}: {nothing}");
        let wrong = refusal(&["query", &address, "-q", "status: (200 or"]);
        assert!(wrong.contains('^'), "{name}: {wrong}");
        let number = refusal(&["query", &address, "-q", "status: abc"]);
        assert!(number.contains("abc"), "{name}: {number}");
        let field = refusal(&["query", &address, "--facet", "servce"]);
        assert!(field.contains("did you mean `service`?"), "{name}: {field}");
        let pattern = refusal(&["query", &engine.url]);
        assert!(pattern.contains("/logs-*"), "{name}: {pattern}");
        let time = refusal(&["query", &address, "--time-field", "service"]);
        assert!(time.contains("`service` is no date field"), "{name}: {time}");
    }
}

#[test]
fn what_cannot_be_reached_or_opened_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/logs-*", listener.local_addr().unwrap());
    drop(listener);
    let said = refusal(&["query", &dead]);
    assert!(
        said.contains("no connection to 127.0.0.1") && said.contains("is the node running?"),
        "{said}"
    );
    let said = refusal(&["query", "es://prod/logs-*"]);
    assert!(said.contains("there is no cluster `prod`") && said.contains("cluster add"), "{said}");
    let said = refusal(&["query", "-q", "a: b", &dead, "."]);
    assert!(said.contains("there are no logs in"), "{said}");
    let said = refusal(&["query", &dead, "--set", "a=b"]);
    assert!(said.contains("--set is for files"), "{said}");
    let said = refusal(&["query", &dead.replace("http://", "http://eva:hidden@")]);
    assert!(said.contains("password in an address") && !said.contains("hidden"), "{said}");
}
