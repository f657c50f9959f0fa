//! Formats from a file's text to its documents.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::*;
use crate::event::{FieldType, Value};

fn open_with(path: &str, text: &str, options: &DetectOptions) -> Arc<FileFormat> {
    let samples = Samples { head: text.as_bytes(), ..Samples::default() };
    detect(path, &samples, options).expect("usable options")
}

fn open(path: &str, text: &str) -> Arc<FileFormat> {
    open_with(path, text, &DetectOptions::default())
}

fn meta(path: &str) -> RecordMeta<'_> {
    RecordMeta { path, offset: 7, base_year: 2025, inherited: None }
}

/// The last line as a document.
fn last(file: &Arc<FileFormat>, path: &str, text: &str) -> Whole {
    let line = text.lines().last().expect("a line");
    file.decoder(&[]).document(line.as_bytes(), &meta(path))
}

/// Opens `text` as a file, and compares its format and some fields of its last line.
fn check(text: &str, format: &str, expected: &Json) {
    let file = open("/srv/pt/django.log", text);
    assert_eq!(file.parts()[0].name, format, "{}", file.explanation());
    let whole = last(&file, "/srv/pt/django.log", text);
    for (name, value) in expected.as_object().expect("an object") {
        assert_eq!(
            whole.document.first(name).as_ref().unwrap_or(&Json::Null),
            value,
            "{name} of {:?}",
            whole.document
        );
    }
}

#[test]
fn examples_are_recognised() {
    for format in builtin::BUILTIN {
        let file = open("x.log", &format!("{}\n", format.example));
        assert_eq!(file.parts()[0].name, format.name, "{}", file.explanation());
        let whole = last(&file, "x.log", format.example);
        assert!(whole.matched, "{}", format.name);
        assert_eq!(whole.time.is_some(), format.name != "dmesg", "{}", format.name);
        assert_eq!(whole.document.first("log.offset"), Some(json!(7)));
        assert_eq!(whole.document.first("event.original"), Some(json!(format.example)));
    }
    for info in list().iter().filter(|info| info.fields.is_empty()) {
        let file = open("x.log", &format!("{}\n", info.example));
        assert_eq!(file.parts()[0].name, info.name, "{}", file.explanation());
    }
}

#[test]
fn access_logs() {
    check(
        r#"127.0.0.1 - ada [24/Nov/2025:10:00:00 +0100] "GET /a/b.css?x=1 HTTP/2.0" 404 153 "https://e.org/" "curl/8" rt=0.218 uct="0.000" urt="0.217" ups="10.0.0.5:8000""#,
        "access",
        &json!({
            "@timestamp": "2025-11-24T09:00:00.000Z", "source.ip": "127.0.0.1", "user.name": "ada", "http.request.method": "GET",
            "url.original": "/a/b.css?x=1", "url.path": "/a/b.css", "url.extension": "css", "http.version": "2.0",
            "http.response.status_code": 404, "http.response.body.bytes": 153, "http.request.referrer": "https://e.org/",
            "user_agent.original": "curl/8", "nginx.access.request_time": 0.218, "nginx.access.upstream.response_time": 0.217,
            "nginx.access.upstream.address": "10.0.0.5:8000", "clientip": null, "response": null, "tags": null,
        }),
    );
    // Seed formats: status before the request; a number before the request.
    check(
        r#"127.0.0.1 - - [24/Nov/2025:10:00:00 +0000]  200 "GET / HTTP/1.1" 612 "-" "curl/7.79.1""#,
        "access-main",
        &json!({"http.response.status_code": 200, "http.response.body.bytes": 612, "http.request.referrer": null}),
    );
    check(
        r#"10.185.248.71 - - [09/Jan/2015:19:12:06 +0000] 808840 "GET /inventoryService/inventory/purchaseItem?userId=20253471&itemId=23434300 HTTP/1.1" 500 17 "-" "Apache-HttpClient/4.2.6 (java 1.5)""#,
        "access-timed",
        &json!({"http.response.status_code": 500, "apache.access.microseconds": 808_840, "user_agent.original": "Apache-HttpClient/4.2.6 (java 1.5)"}),
    );
    check(
        r#"::1 - - [24/Nov/2025:10:00:00 +0000] "-" 400 -"#,
        "access",
        &json!({"http.response.status_code": 400, "http.response.body.bytes": null, "source.ip": "::1"}),
    );
}

#[test]
fn pipe_logs() {
    check(
        "ERROR|apps.parcels.views|2025-11-24T10:00:00.123|Parcel 416525\n",
        "pipe",
        &json!({"group": "pt", "service": "django", "stream": "app", "app_module": "parcels", "log_level": "ERROR", "log.level": "ERROR",
                "logger_name": "apps.parcels.views", "log_message": "Parcel 416525", "@timestamp": "2025-11-24T10:00:00.123Z"}),
    );
    check(
        "INFO|urllib3.connectionpool|2025-11-24T10:00:00|x\n",
        "pipe",
        &json!({"stream": "network", "app_module": null}),
    );
}

#[test]
fn python_with_dashes() {
    check(
        "2021-10-26 10:17:35,098 — flask_app — ERROR — something went wrong division by zero\n",
        "python",
        &json!({"log.logger": "flask_app", "log.level": "ERROR", "message": "something went wrong division by zero"}),
    );
    check(
        "2021-10-26 10:17:35,098 — flask_app — ERROR — main:12 — no\n",
        "python",
        &json!({"log.origin.function": "main", "log.origin.file.line": 12, "message": "no"}),
    );
}

#[test]
fn wrapped_logs() {
    let file = open(
        "x",
        "{\"log\":\"ERROR|a.b|2025-11-24T10:00:00|x\\n\",\"stream\":\"stderr\",\"time\":\"2025-11-24T10:00:01.5Z\"}\n",
    );
    assert_eq!(file.title(), "docker json-file: LEVEL|LOGGER|TIMESTAMP|MESSAGE");
    check(
        "web-1  | {\"level\":\"info\",\"msg\":\"up\"}\nweb-1  | {\"level\":\"warn\",\"msg\":\"down\"}\n",
        "json",
        &json!({"container.name": "web-1", "level": "warn", "msg": "down"}),
    );
    check(
        "2016-10-06T00:17:09.669794202Z stdout F plain words\n",
        "plain",
        &json!({"message": "plain words", "stream": "stdout", "@timestamp": "2016-10-06T00:17:09.669Z"}),
    );
}

#[test]
fn colours_are_left_out() {
    let text = "\u{1b}[32m2021-10-26 10:17:35,098\u{1b}[0m - app - \u{1b}[31mERROR\u{1b}[0m - no\n";
    check(
        text,
        "python",
        &json!({"log.level": "ERROR", "message": "no", "event.original": text.trim_end()}),
    );
}

#[test]
fn journal_documents() {
    check(
        r#"{"MESSAGE":"started","PRIORITY":"4","_PID":"12","SYSLOG_IDENTIFIER":"sshd","_HOSTNAME":"web1","__REALTIME_TIMESTAMP":"1763978400000000"}"#,
        "json",
        &json!({"message": "started", "log.level": "warning", "process.name": "sshd", "process.pid": 12, "host.hostname": "web1",
                "@timestamp": "2025-11-24T10:00:00.000Z", "PRIORITY": "4"}),
    );
    check(
        r#"{"name":"app","hostname":"web1","pid":7,"level":50,"msg":"no","time":"2025-11-24T10:00:00Z","v":0}"#,
        "json",
        &json!({"log.level": "error", "level": 50}),
    );
}

#[test]
fn classic_names_answer_queries_only() {
    let line =
        r#"127.0.0.1 - - [24/Nov/2025:10:00:00 +0000] "GET /a.css HTTP/1.1" 404 153 "-" "curl/8""#;
    let file = open("x", line);
    let names = [
        "clientip",
        "response.keyword",
        "bytes",
        "request",
        "extension",
        "verb",
        "referrer",
        "log.file.path",
        "event.dataset",
        "nothing",
    ];
    let mut decoder = file.decoder(&names);
    let decoded = decoder.decode(line.as_bytes(), &meta("x"));
    let values: Vec<Json> =
        (0..names.len()).map(|index| decoded.value(index).map_or(Json::Null, json)).collect();
    assert_eq!(
        Json::from(values),
        json!(["127.0.0.1", 404, 153, "/a.css", "css", "GET", null, "x", "nginx.access", null])
    );
    let kind = |name: &str| file.mapping(0).get(name).map(|field| field.kind);
    assert_eq!(kind("response"), Some(FieldType::Text));
    assert_eq!(kind("response.keyword"), Some(FieldType::Keyword));
    assert_eq!(kind("clientip"), Some(FieldType::Ip));
    assert_eq!(file.status_field(), Some("http.response.status_code"));
    // A document's own names win.
    let file =
        open("x", "{\"response\":{\"x\":1},\"http\":{\"response\":{\"status_code\":200}}}\n");
    assert_eq!(file.mapping(0).get("response.keyword"), None);
}

#[test]
fn values_that_do_not_fit_are_named() {
    let text = "{\"n\":1,\"when\":\"2025-01-01\",\"list\":[1]}\n{\"n\":2,\"when\":\"2025-01-02\",\"list\":[2]}\n";
    let file = open("x", text);
    let mut decoder = file.decoder(&["n", "when", "_ignored", "list"]);
    let decoded = decoder.decode(br#"{"n":"many","when":"soon","list":[3,"x"]}"#, &meta("x"));
    assert_eq!(decoded.value(0), None);
    assert_eq!(decoded.value(2), Some(Value::Tree(&json!(["list", "n", "when"]))));
    assert_eq!(decoded.value(3), Some(Value::Tree(&json!([3]))));
}

#[test]
fn options_are_followed() {
    let text = "Invoice Date,Amount\n11/24/2015,1\n01/02/2015,2\n";
    let options = DetectOptions {
        time_field: Some("Invoice Date".to_owned()),
        time_format: Some("%d/%m/%Y".to_owned()),
        set: vec![("site".to_owned(), "north".to_owned())],
        ..DetectOptions::default()
    };
    let file = open_with("x.csv", text, &options);
    let whole = last(&file, "x.csv", text);
    assert_eq!(whole.time.map(|at| at.to_string()).as_deref(), Some("2015-02-01T00:00:00.000Z"));
    assert_eq!(whole.document.first("site"), Some(json!("north")));
    let forced = DetectOptions { format: Some("plain".to_owned()), ..DetectOptions::default() };
    assert_eq!(open_with("x.csv", text, &forced).parts()[0].name, "plain");
    let wrong = DetectOptions { format: Some("sislog".to_owned()), ..DetectOptions::default() };
    let told = detect("x", &Samples::default(), &wrong).expect_err("unknown").to_string();
    assert_eq!(told, "unknown format 'sislog' (did you mean syslog? `peavey formats` lists them)");
}

#[test]
fn fields_set_by_path() {
    let text = r#"127.0.0.1 - - [24/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 5"#;
    let options = DetectOptions {
        set_by_path: vec![("*/nginx/*".to_owned(), "service".to_owned(), "nginx".to_owned())],
        ..DetectOptions::default()
    };
    let at =
        |path: &str| last(&open_with(path, text, &options), path, text).document.first("service");
    assert_eq!(at("/srv/nginx/access.log"), Some(json!("nginx")));
    assert_eq!(at("/srv/access.log"), None);
}

#[test]
fn where_values_come_from() {
    let origins = |text: &str, names: &[&str]| {
        let decoder = open("x", text).decoder(names);
        (0..names.len()).map(|index| decoder.origin(0, index)).collect::<Vec<_>>()
    };
    let line = r#"127.0.0.1 - - [24/Nov/2025:10:00:00 +0000] "GET / HTTP/1.1" 200 5"#;
    assert_eq!(
        origins(
            line,
            &["url.path", "response", "event.dataset", "message", "@timestamp", "nothing"]
        ),
        [
            Origin::Copied,
            Origin::Copied,
            Origin::Constant,
            Origin::Whole,
            Origin::Computed,
            Origin::Absent
        ]
    );
    let line = "ERROR|apps.parcels.views|2025-11-24T10:00:00.123|Parcel\n";
    assert_eq!(origins(line, &["app_module", "log.level"]), [Origin::Computed, Origin::Copied]);
    assert_eq!(
        origins("{\"a\":\"x\",\"n\":1}\n", &["a.keyword", "n"]),
        [Origin::Escaped, Origin::Computed]
    );
    let wrapped = "2016-10-06T00:17:09.669794202Z stdout F plain words\n";
    assert_eq!(origins(wrapped, &["message"]), [Origin::Computed]);
}

#[test]
fn services_by_file_and_folder() {
    let text = "ERROR|a.b|2025-11-24T10:00:00|x\n";
    for (path, service) in [
        ("/srv/django.log", "django"),
        ("/srv/celery.log.2.gz", "celery"),
        ("nginx/access.log", "nginx"),
        ("flower-1.log", "flower"),
        ("app.log", "app"),
    ] {
        let whole = last(&open(path, text), path, text);
        assert_eq!(whole.document.first("service"), Some(json!(service)), "{path}");
    }
}

#[test]
fn nothing_and_noise_are_plain_text() {
    for text in ["", "\n\n", "\0\0\0", "words\n", " \n", "{\n", "#Fields:\n"] {
        let file = open("x", text);
        assert_eq!(file.parts()[0].name, "plain", "{text:?}");
        let whole = file.decoder(&[]).document(text.as_bytes(), &meta("x"));
        assert_eq!(whole.time, None);
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_decoded(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let samples = Samples { head: &bytes, middle: &bytes, tail: &bytes };
        let file = detect("x", &samples, &DetectOptions::default()).expect("no options");
        let mut decoder = file.decoder(&["message", "@timestamp", "clientip"]);
        for line in bytes.split(|byte| *byte == b'\n') {
            let _ = decoder.document(line, &meta("x"));
            let decoded = decoder.decode(line, &meta("x"));
            let _ = (decoded.value(0), decoded.value(1), decoded.time());
        }
    }
}
