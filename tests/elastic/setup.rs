//! `peavey setup` and `peavey doctor` against real nodes: what is made is what is found, and what
//! differs or is missing is told.

use std::process::{Command, Output, Stdio};

use serde_json::{Value as Json, json};

use crate::support::engine::{Engine, names};

struct Person {
    home: tempfile::TempDir,
}

impl Person {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peavey"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .current_dir(self.home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Standard output of a run that has to end with `status`.
    fn text(&self, status: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {errors}\n{text}");
        text
    }

    /// What the doctor found: check to grade and all that was said.
    fn doctor(&self, status: i32, arguments: &[&str]) -> Vec<(String, String, String)> {
        let text = self.text(status, &[&["doctor", "--json"], arguments].concat());
        let found: Json = serde_json::from_str(&text).unwrap();
        let findings = found["subjects"].as_array().unwrap().iter();
        let findings = findings.flat_map(|subject| subject["findings"].as_array().unwrap().clone());
        let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        findings
            .map(|finding| (word(&finding["check"]), word(&finding["grade"]), finding.to_string()))
            .collect()
    }
}

fn expect(found: &[(String, String, String)], check: &str, grade: &str, part: &str) {
    let (_, had, said) = found.iter().find(|(name, _, _)| name == check).unwrap_or_else(|| {
        panic!("nothing is said of {check}: {found:#?}");
    });
    assert_eq!(had, grade, "{check}: {said}");
    assert!(said.contains(part), "{check}: {said}");
}

/// Writes what the parcel tracking pipeline would make of log lines, into streams that are made on
/// the way, the newest now.
fn write_records(engine: &Engine) {
    let now = chrono::Utc::now();
    let mut body = String::new();
    for n in 0..60 {
        let at = now - chrono::Duration::seconds(60 - n);
        let (service, stream, logger, level, module) = match n % 6 {
            0 | 1 => ("django", "app", "apps.parcels.views", "ERROR", Some("parcels")),
            2 => ("django", "django", "django.request", "WARNING", None),
            3 => ("celery", "aws", "botocore", "INFO", None),
            4 => ("celery", "app", "apps.cron_tasks.tasks", "CRITICAL", Some("tasks")),
            _ => ("nginx", "unknown", "nginx", "INFO", Some("unknown")),
        };
        let mut record = json!({"@timestamp": at.to_rfc3339(), "group": "pt", "service": service, "stream": stream,
            "logger_name": logger, "log_level": level, "log_message": format!("parcel {n} moved"),
            "message": format!("{level}|{logger}|2025-11-24T10:00:00.123|parcel {n} moved"), "log_timestamp": "2025-11-24T10:00:00",
            "log_ms": "123", "data_stream": {"type": "logs", "dataset": service, "namespace": "pt"}, "event": {"module": "pt"},
            "host": {"name": "app-1"}, "container": {"labels": {"com_docker_compose_service": service}}});
        if let Some(module) = module {
            record["app_module"] = json!(module);
        }
        if n % 6 == 5 {
            record["tags"] = json!(["_grokparsefailure_pt"]);
        }
        body.push_str(&format!("{{\"create\":{{\"_index\":\"logs-{service}-pt\"}}}}\n{record}\n"));
    }
    let answer = engine.ok("POST", "/_bulk?refresh=true", &body);
    assert_eq!(answer["errors"], Json::Bool(false), "{}", answer["items"][0]);
}

#[test]
fn a_cluster_is_set_up_filled_read_and_examined() {
    for name in names() {
        let test = "a_cluster_is_set_up_filled_read_and_examined";
        // A node of its own: its health and its templates are those of this test alone.
        let Some(engine) = Engine::start(name, test) else { return };
        let person = Person::new();
        let setup = |status, more: &[&str]| {
            person.text(status, &[&["setup", "parcel-tracking", &engine.url], more].concat())
        };
        let address = format!("{}/logs-*-pt", engine.url);
        if ["es717", "es710"].contains(name) {
            // Engines of the tests that are too small for data streams refuse the template.
            let output = person.run(&["setup", "parcel-tracking", &engine.url]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("index template pt-logs: the cluster refuses"), "{name}: {said}");
            continue;
        }
        let before = person.doctor(2, &[&address]);
        expect(&before, "data view", "problem", "matches no index");
        let printed = setup(0, &["--dry-run"]);
        assert!(printed.starts_with("PUT /_index_template/pt-logs\n{"), "{name}: {printed}");
        let (status, _) = engine.request("GET", "/_index_template/pt-logs", "");
        assert_eq!(status, 404, "{name}: a dry run sends nothing");
        let first = setup(0, &[]);
        assert!(first.contains("made        index template pt-logs"), "{name}: {first}");
        assert!(
            first.contains("skipped     role logstash_writer_pt: this cluster has no security"),
            "{name}: {first}"
        );
        let again = setup(0, &[]);
        assert!(again.contains("is there    index template pt-logs"), "{name}: {again}");
        let other = setup(1, &["--replicas", "1"]);
        assert!(other.contains("- settings.index.number_of_replicas: 0"), "{name}: {other}");
        assert!(setup(0, &[]).contains("is there"), "{name}: it was left as it was");
        assert!(setup(0, &["--replicas", "1", "--force"]).contains("overwritten"), "{name}");
        assert!(setup(0, &["--force"]).contains("overwritten"), "{name}");

        write_records(&engine);
        let count = |query: &str| {
            let text = person.text(0, &["query", &address, "-q", query, "--format", "count"]);
            text.trim().parse::<u32>().unwrap()
        };
        // Section 9 of the stack's own page.
        for (query, expected) in [
            ("group:pt", 60),
            ("group:pt AND service:django AND log_level:ERROR", 20),
            ("group:pt AND stream:app AND app_module:parcels", 20),
            ("group:pt AND log_level:CRITICAL", 10),
            ("group:pt AND stream:aws", 10),
            ("group:pt AND logger_name:apps.parcels.views", 20),
            ("group:pt AND service:django AND app_module:parcels AND log_level:ERROR", 20),
            ("log_message: moved", 60),
        ] {
            assert_eq!(count(query), expected, "{name}: {query}");
        }
        let found = person.doctor(1, &[&address]);
        expect(&found, "data view", "ok", "3 data streams");
        expect(&found, "template", "ok", "makes data streams");
        expect(&found, "health", "ok", "green");
        expect(&found, "newest record", "ok", "logs-django-pt");
        expect(&found, "mapping", "ok", "fields");
        expect(&found, "clock", "ok", "agree");
        expect(&found, "parsing", "warning", "_grokparsefailure_pt: 10 records (17 %)");
        expect(&found, "licence", "skipped", "no such call");
        expect(&found, "user", "skipped", "no security");
        what_is_wrong_is_found(&engine, &person);
    }
}

fn what_is_wrong_is_found(engine: &Engine, person: &Person) {
    let name = engine.name;
    let index = |index: &str, kind: &str, settings: &str| {
        let body = format!(
            r#"{{"settings":{{{settings}}},"mappings":{{"properties":{{"@timestamp":{{"type":"date"}},"service":{{"type":"{kind}"}}}}}}}}"#
        );
        engine.fill(index, &body, &[r#"{"@timestamp":"2025-11-24T10:00:00Z"}"#.to_owned()]);
    };
    index("ill-a", "keyword", r#""number_of_replicas":1"#);
    index("ill-b", "long", r#""number_of_replicas":0,"index.mapping.total_fields.limit":2"#);
    engine.ok("PUT", "/ill-b/_settings", r#"{"index.blocks.read_only_allow_delete":true}"#);
    let address = format!("{}/ill-*", engine.url);
    let found = person.doctor(2, &[&address]);
    expect(&found, "health", "warning", "every node already has one");
    expect(&found, "health", "warning", r"PUT /ill-a/_settings");
    expect(&found, "mapping", "warning", "service: keyword in ill-a; long in ill-b");
    expect(&found, "field limit", "warning", "ill-b has the least");
    expect(&found, "blocks", "problem", "ill-b accept");
    expect(&found, "newest record", "warning", "nothing since Nov 24, 2025 @ 10:00:00");
    expect(&found, "template", "warning", "peavey setup template");
    let old = person.doctor(2, &[&address, "--late", "100000d"]);
    expect(&old, "newest record", "ok", "ill-a");
    // A primary shard that no node may have.
    let body = r#"{"settings":{"number_of_replicas":0,"index.routing.allocation.require.zone":"nowhere"}}"#;
    engine.ok("PUT", "/red?wait_for_active_shards=0&timeout=1s", body);
    let found = person.doctor(2, &[&address]);
    expect(&found, "health", "problem", "red, 1 node");
    // Advice stays readable at 80 columns.
    let text = person.text(2, &["doctor", &address]);
    let is_command = |line: &&str| line.starts_with("      ") && !line.starts_with("       ");
    for line in text.lines().filter(|line| !is_command(line)) {
        assert!(line.chars().count() <= 80, "{name}: {line}");
    }
    assert!(!text.contains('\u{1b}'), "{name}: no colours in a pipe");
}

#[test]
fn a_template_is_made_from_a_logs_fields() {
    for name in names() {
        let Some(engine) = Engine::shared(name, "a_template_is_made_from_a_logs_fields") else {
            return;
        };
        let person = Person::new();
        let log = person.home.path().join("access.log");
        let line =
            r#"192.0.2.7 - - [24/Nov/2025:10:00:00 +0000] "GET /a HTTP/1.1" 200 512 "-" "curl/8""#;
        std::fs::write(&log, format!("{line}\n").repeat(20)).unwrap();
        let log = log.display().to_string();
        let arguments =
            ["setup", "template", "--from", &log, "--name", "web", "--plain", &engine.url];
        let text = person.text(0, &arguments);
        assert!(text.contains("made        index template web"), "{name}: {text}");
        assert!(person.text(0, &arguments).contains("is there"), "{name}");
        let document = r#"{"@timestamp":"2025-11-24T10:00:00Z","source":{"address":"192.0.2.7"},"http":{"response":{"status_code":200}}}"#;
        engine.ok("PUT", "/web-1/_doc/1?refresh=true", document);
        let fields = person.text(0, &["fields", &format!("{}/web-*", engine.url)]);
        let kind = |field: &str| {
            let line = fields.lines().find(|line| line.starts_with(&format!("{field} ")));
            line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_default().to_owned()
        };
        assert_eq!(kind("http.response.status_code"), "long", "{name}: {fields}");
        assert_eq!(kind("source.address"), "keyword", "{name}: {fields}");
    }
}
