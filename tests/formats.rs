//! The formats against real logs: counts that were made with other programs (`facts.json`),
//! record starts as Filebeat sees them, and that every file of the corpora can be read.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use peavey::event::Value;
use peavey::ingest::format::{self, DetectOptions, FileFormat, RecordMeta, Samples};
use peavey::ingest::frame::{EveryLine, Framing, Joining};
use peavey::ingest::input::{Feed, Step};
use peavey::ingest::{self, Limits, Member, SourceArg};
use peavey::time::Millis;
use serde_json::Value as Json;

/// A file as the program opens it.
struct Opened {
    format: Arc<FileFormat>,
    records: Vec<(u64, Vec<u8>)>,
}

fn member(path: &Path) -> Option<Member> {
    let argument = SourceArg::parse(&path.to_string_lossy()).ok()?;
    let found = ingest::discover(&[argument], &ingest::discover::Options::default());
    found.sets.into_iter().next()?.members.into_iter().next_back()
}

/// All text of a file, unpacked and decoded.
fn text(member: &Member) -> Option<Vec<u8>> {
    let framing =
        Framing { rule: &EveryLine, joining: Joining::default(), newline: member.newline };
    let mut feed = Feed::open(member, &Limits::default(), false).ok()?;
    let mut text: Vec<u8> = Vec::new();
    while let Step::Fed(fed) = feed.next(&framing, Duration::ZERO, Vec::new()).ok()? {
        text.resize(text.len().max(fed.block.end() as usize), b'\n');
        let start = fed.block.offset() as usize;
        text[start..start + fed.block.bytes.len()].copy_from_slice(&fed.block.bytes);
    }
    Some(text)
}

fn open(path: &Path) -> Option<Opened> {
    let member = member(path)?;
    let text = text(&member)?;
    let part = |from: usize| &text[from.min(text.len())..(from + 65_536).min(text.len())];
    let middle = if text.len() > 200_000 { part(text.len() / 2) } else { &[] };
    let tail = if text.len() > 200_000 { part(text.len() - 65_536) } else { &[] };
    let samples = Samples { head: part(0), middle, tail };
    let format =
        format::detect(&path.to_string_lossy(), &samples, &DetectOptions::default()).ok()?;
    let rule = format.rule();
    let framing = Framing { rule: &*rule, joining: Joining::default(), newline: member.newline };
    let mut records = Vec::new();
    let mut feed = Feed::open(&member, &Limits::default(), false).ok()?;
    let mut spans = Vec::new();
    while let Step::Fed(fed) = feed.next(&framing, Duration::ZERO, Vec::new()).ok()? {
        spans.clear();
        fed.block.records(&framing, &mut spans);
        for span in &spans {
            let offset = fed.block.offset() + u64::from(span.start);
            if offset < fed.settled.offset || fed.settled.offset == fed.block.end() {
                records.push((
                    offset,
                    fed.block.bytes[span.start as usize..span.end as usize].to_vec(),
                ));
            }
        }
    }
    Some(Opened { format, records })
}

fn shown(value: Value<'_>) -> String {
    match format::json(value) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// What was counted of one file.
#[derive(Default)]
struct Counted {
    records: usize,
    failed: usize,
    own_times: Vec<Millis>,
    values: Vec<BTreeMap<String, u64>>,
}

fn count(opened: &Opened, path: &str, names: &[&str]) -> Counted {
    let mut wanted = vec!["@timestamp"];
    wanted.extend(names);
    let mut decoder = opened.format.decoder(&wanted);
    let mut counted = Counted { values: vec![BTreeMap::new(); names.len()], ..Counted::default() };
    for (offset, record) in &opened.records {
        let meta = RecordMeta { path, offset: *offset, base_year: 2024, inherited: None };
        let decoded = decoder.decode(record, &meta);
        counted.records += 1;
        counted.failed += usize::from(!decoded.matched);
        counted.own_times.extend(decoded.time());
        for (index, values) in counted.values.iter_mut().enumerate() {
            let value = decoded.value(index + 1).map_or("None".to_owned(), shown);
            *values.entry(value).or_default() += 1;
        }
    }
    counted
}

/// A time of the facts, whichever way it is written there.
fn fact_time(fact: &Json) -> i64 {
    if let Some(millis) = fact.as_i64() {
        return millis;
    }
    let text = fact.as_str().expect("a time");
    let zoned = ["%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%M:%S%.f"];
    if let Some(at) =
        zoned.iter().find_map(|format| chrono::NaiveDateTime::parse_from_str(text, format).ok())
    {
        return at.and_utc().timestamp_millis();
    }
    let year_added = format!("2024-{text}");
    if let Ok(at) = chrono::NaiveDateTime::parse_from_str(&year_added, "%Y-%m-%dT%H:%M:%S%.f") {
        return at.and_utc().timestamp_millis();
    }
    let at =
        chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").expect("a known form");
    at.timestamp_millis()
}

fn check(root: &Path, name: &str, facts: &Json, findings: &mut Vec<String>) {
    let Some(opened) = open(&root.join(name)) else {
        findings.push(format!("{name}: cannot be opened"));
        return;
    };
    let status = opened.format.status_field().unwrap_or("status").to_owned();
    let level = opened.format.level_field().unwrap_or("level").to_owned();
    let names = [
        status.as_str(),
        level.as_str(),
        "clientip",
        "request",
        "http.request.method",
        "process.name",
        "host.hostname",
        "extension",
        "host",
        "machine.os",
        "geo.src",
        "action",
        "Channel",
        "EventID",
        "bytes",
    ];
    let counted = count(&opened, name, &names);
    let mut expect = |what: &str, got: String, expected: String| {
        if got != expected {
            findings.push(format!(
                "{name} ({}): {what}: {got}, should be {expected}",
                opened.format.title()
            ));
        }
    };
    let number = |key: &str| facts[key].as_u64().unwrap_or_default();
    let before = usize::from(number("lines_before_first_record") > 0);
    expect(
        "records",
        counted.records.to_string(),
        (number("records") as usize + before).to_string(),
    );
    let (first, last) =
        if facts["min_ts"].is_null() { ("first_ts", "last_ts") } else { ("min_ts", "max_ts") };
    let least = counted.own_times.iter().min().map_or(0, |at| at.0);
    let most = counted.own_times.iter().max().map_or(0, |at| at.0);
    expect("first time", Millis(least).to_string(), Millis(fact_time(&facts[first])).to_string());
    expect("last time", Millis(most).to_string(), Millis(fact_time(&facts[last])).to_string());
    if let Some(sorted) = facts["sorted"].as_bool().or(facts["sorted_ignoring_year"].as_bool()) {
        expect("sorted", counted.own_times.is_sorted().to_string(), sorted.to_string());
    }
    let tables = [
        ("status", 0),
        ("levels", 1),
        ("methods", 4),
        ("hosts", 6),
        ("extension", 7),
        ("host", 8),
        ("machine.os", 9),
        ("action", 11),
        ("Channel", 12),
    ];
    for (key, index) in tables {
        let Some(table) = facts[key].as_object() else { continue };
        let expected: BTreeMap<String, u64> = table
            .iter()
            .map(|(value, count)| (value.clone(), count.as_u64().unwrap_or_default()))
            .collect();
        let mut got = counted.values[index].clone();
        if !expected.contains_key("None") {
            got.remove("None");
        }
        if key == "methods" {
            // Requests that are none are counted by their first word there.
            got.retain(|value, _| expected.contains_key(value));
            let known: BTreeMap<String, u64> =
                expected.into_iter().filter(|(value, _)| got.contains_key(value)).collect();
            expect(key, format!("{got:?}"), format!("{known:?}"));
            continue;
        }
        expect(key, format!("{got:?}"), format!("{expected:?}"));
    }
    let tops = [("top_clientips", 2), ("top_programs", 5), ("top_requests", 3)];
    for (key, index) in tops {
        let Some(list) = facts[key].as_array() else { continue };
        for pair in list {
            let value = pair[0].as_str().unwrap_or_default();
            let got = counted.values[index].get(value).copied().unwrap_or_default();
            if value != "-" {
                expect(&format!("{key} {value}"), got.to_string(), pair[1].to_string());
            }
        }
    }
    for (key, index) in [
        ("distinct_clientips", 2),
        ("distinct_programs", 5),
        ("distinct_EventID", 13),
        ("distinct_geo.src", 10),
    ] {
        let Some(expected) = facts[key].as_u64() else { continue };
        let distinct = counted.values[index].keys().filter(|value| *value != "None").count();
        expect(key, distinct.to_string(), expected.to_string());
    }
    if let Some(sum) = facts["bytes_sum"].as_u64() {
        let got: u64 = counted.values[14]
            .iter()
            .map(|(value, count)| value.parse::<u64>().unwrap_or_default() * count)
            .sum();
        expect("bytes_sum", got.to_string(), sum.to_string());
    }
}

#[test]
fn facts_of_the_corpora() {
    let Some(shared) = support::shared_or_skip("facts_of_the_corpora") else { return };
    let root = shared.join("corpora");
    let facts: Json =
        serde_json::from_slice(&std::fs::read(root.join("facts.json")).expect("facts"))
            .expect("JSON");
    let mut findings = Vec::new();
    for (name, facts) in facts.as_object().expect("an object") {
        check(&root, name, facts, &mut findings);
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Every file gives records, and each decodes to a document, whatever it holds. Large files in part.
#[test]
fn every_file_of_the_corpora_decodes() {
    let Some(shared) = support::shared_or_skip("every_file_of_the_corpora_decodes") else { return };
    let mut paths = Vec::new();
    files(&shared.join("corpora"), &mut paths);
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        let Some(opened) = open(&path) else { continue };
        let mut decoder = opened.format.decoder(&["@timestamp", "message", "log.level"]);
        let name = path.to_string_lossy().into_owned();
        for (offset, record) in opened.records.iter().take(300) {
            let meta =
                RecordMeta { path: &name, offset: *offset, base_year: 2024, inherited: None };
            let whole = decoder.document(record, &meta);
            let decoded = decoder.decode(record, &meta);
            assert_eq!(
                (whole.time, whole.format, whole.matched),
                (decoded.time(), decoded.format, decoded.matched),
                "{name}"
            );
        }
        *titles.entry(opened.format.title()).or_default() += 1;
    }
    assert!(titles.len() > 15, "{titles:?}");
}

/// The samples of Filebeat's modules whose format is built in.
const BEATS: &[&str] = &[
    "apache/access/darwin-2.4.23.log",
    "apache/access/test.log",
    "apache/access/ubuntu-2.2.22.log",
    "apache/error/darwin-2.4.23.log",
    "apache/error/test.log",
    "apache/error/ubuntu-2.2.22.log",
    "elasticsearch/server/test.log",
    "elasticsearch/server/test-json.log",
    "elasticsearch/slowlog/slowlogs-json.log",
    "haproxy/log/default.log",
    "haproxy/log/haproxy.log",
    "iis/access/test-iis-7.5.log",
    "iis/access/test-ipv6zone.log",
    "iis/access/test.log",
    "iis/error/test.log",
    "kafka/log/controller-2.0.0.log",
    "kafka/log/controller.log",
    "kafka/log/server-2.0.0.log",
    "kafka/log/state-change-2.0.0.log",
    "logstash/log/logstash-json.log",
    "logstash/log/logstash-plain.log",
    "nginx/access/access.log",
    "nginx/access/test.log",
    "nginx/error/error.log",
    "osquery/result/osqueryd.results.sample.log",
    "system/auth/auth-ubuntu1204.log",
    "system/auth/secure-rhel7.log",
    "system/auth/test.log",
    "system/auth/timestamp.log",
    "system/syslog/darwin-syslog-sample.log",
    "system/syslog/darwin-syslog.log",
    "system/syslog/suse-syslog.log",
    "system/syslog/tz-offset.log",
];

#[test]
fn records_begin_where_filebeat_says() {
    let Some(shared) = support::shared_or_skip("records_begin_where_filebeat_says") else { return };
    let root = shared.join("corpora/beats-expected");
    let mut findings = Vec::new();
    for name in BEATS {
        let expected =
            std::fs::read(root.join(format!("{name}-expected.json"))).expect("expected events");
        let expected: Json = serde_json::from_slice(&expected).expect("JSON");
        let offsets: Vec<u64> = expected
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|event| event["log.offset"].as_u64())
            .collect();
        assert!(!offsets.is_empty(), "{name}");
        let opened = open(&root.join(name)).expect("opens");
        let last = offsets.iter().copied().max().unwrap_or_default();
        let ours: Vec<u64> = opened
            .records
            .iter()
            .map(|(offset, _)| *offset)
            .filter(|offset| *offset <= last)
            .collect();
        if ours != offsets {
            let missing: Vec<&u64> =
                offsets.iter().filter(|offset| !ours.contains(offset)).collect();
            let more: Vec<&u64> = ours.iter().filter(|offset| !offsets.contains(offset)).collect();
            findings.push(format!(
                "{name} ({}): missing {missing:?}, more {more:?}",
                opened.format.title()
            ));
        }
    }
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
