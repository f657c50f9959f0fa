//! `peavey query` and its siblings, as a person or a script calls them: the real binary over the
//! shipped samples and small files. The counts were taken from the samples with other means.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test may fail"
)]

#[path = "headless/doctor.rs"]
mod doctor;
#[path = "headless/documented.rs"]
mod documented;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A home of its own, and the samples unpacked in it.
struct Home {
    folder: TempDir,
}

static HOME: LazyLock<Home> = LazyLock::new(|| {
    let home = Home { folder: tempfile::tempdir().unwrap() };
    for sample in ["parcel-tracking", "weblogs"] {
        let output = home.peavey(&["demo", sample, "--unpack"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    home
});

impl Home {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peavey"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("TZ", "UTC")
            .env("PATH", "/usr/bin:/bin");
        command.env("XDG_CACHE_HOME", self.folder.path().join("cache"));
        command
    }

    fn peavey(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn sample(&self, name: &str) -> PathBuf {
        self.folder.path().join("cache/peavey/demo").join(name)
    }

    /// Standard output of a run that has to match something.
    fn text(&self, arguments: &[&str]) -> String {
        let output = self.peavey(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn count(query: &str, source: &Path) -> u64 {
    let output =
        HOME.peavey(&["query", "-q", query, source.to_str().unwrap(), "--format", "count"]);
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    text.parse()
        .unwrap_or_else(|_| panic!("{query}: {text:?} {}", String::from_utf8_lossy(&output.stderr)))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_seven_queries_of_the_parcel_tracking_team_find_their_records() {
    let folder = HOME.sample("parcel-tracking");
    for (query, expected) in [
        ("*", 6197),
        ("group:pt AND service:django AND log_level:ERROR", 221),
        ("group:pt AND stream:app AND app_module:parcels", 352),
        ("group:pt AND log_level:CRITICAL", 21),
        ("group:pt AND stream:aws", 136),
        ("group:pt AND logger_name:apps.parcels.views", 352),
        ("group:pt AND service:django AND app_module:parcels AND log_level:ERROR", 97),
    ] {
        assert_eq!(count(query, &folder), expected, "{query}");
    }
    // The first of the seven: everything that the pipeline of the team reads.
    assert!(count("group:pt", &folder) >= 2929);
}

#[test]
fn the_four_queries_of_the_course_have_hits_on_the_web_logs() {
    let folder = HOME.sample("weblogs");
    for (query, expected) in [
        ("response: 5*", 47),
        (r"referer : http\://facebook.com*", 459),
        ("host: *elastic*", 843),
        ("request: /kibana", 383),
    ] {
        assert_eq!(count(query, &folder), expected, "{query}");
    }
    assert!(count("host: *elastic* and not response 200", &folder) > 0);
}

#[test]
fn the_incident_of_the_demo_can_be_found() {
    let access = HOME.sample("parcel-tracking").join("nginx/access.log");
    assert_eq!(count("http.response.status_code >= 500", &access), 436);
    let text = HOME.text(&[
        "query",
        "--facet",
        "http.response.status_code",
        "--histogram",
        "--by",
        "http.response.status_code",
        "--interval",
        "1h",
        "--format",
        "ndjson",
        access.to_str().unwrap(),
    ]);
    let answer: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(text.lines().count(), 1);
    assert_eq!(answer["total"], json!(3030));
    assert_eq!(answer["complete"], json!(true));
    let facet = &answer["facets"]["http.response.status_code"];
    assert_eq!(facet["values"][0], json!({"value": 200, "count": 1825}));
    assert_eq!(facet["values"][2], json!({"value": 502, "count": 298}));
    assert_eq!(facet["distinct"], json!(14));
    let buckets = answer["histogram"]["buckets"].as_array().unwrap();
    let worst = buckets.iter().max_by_key(|bucket| bucket["values"]["5xx"].as_u64()).unwrap();
    assert_eq!(worst["time"], json!("2026-11-21T14:00:00Z"));
    assert_eq!(answer["histogram"]["interval"], json!("1h"));
}

#[test]
fn raw_rows_into_a_pipe_are_the_bytes_of_the_files_in_time_order() {
    let folder = tempfile::tempdir().unwrap();
    let line = |minute: u32, text: &str| {
        format!(
            "10.0.0.1 - - [21/Nov/2026:10:{minute:02}:00 +0000] \"GET /{text} HTTP/1.1\" 200 5\n"
        )
    };
    let a = write(folder.path(), "a.log", (line(1, "a") + &line(3, "c\u{1b}[31m")).as_bytes());
    let b = write(folder.path(), "b.log", (line(2, "b") + &line(4, "d")).as_bytes());
    let text = HOME.text(&["query", "*", &b, &a]);
    assert!(
        text == line(1, "a") + &line(2, "b") + &line(3, "c\u{1b}[31m") + &line(4, "d"),
        "{}",
        &text[..text.len().min(500)]
    );
}

#[test]
fn exit_status_says_matched_nothing_or_error() {
    let access = HOME.sample("parcel-tracking").join("nginx/access.log");
    let access = access.to_str().unwrap();
    for (arguments, status) in [
        (vec!["query", "http.response.status_code: 502", access], 0),
        (vec!["query", "http.response.status_code: 999", access], 1),
        (vec!["query", "http.response.status_code: (502", access], 2),
        (vec!["query", "*", "/no/such/file.log"], 2),
        (vec!["query", "no-such.log"], 2),
        (vec!["query", "--facet", "no.such.field", access], 2),
        (vec!["query", "--no-such-option"], 2),
    ] {
        let output = HOME.peavey(&arguments);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let said = !output.stderr.is_empty();
        assert_eq!(said, status == 2, "{arguments:?}");
    }
}

#[test]
fn a_wrong_query_shows_its_place() {
    let access = HOME.sample("parcel-tracking").join("nginx/access.log");
    let output = HOME.peavey(&["query", "url.path: (a or b", access.to_str().unwrap()]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("but end of input found."), "{text}");
    assert!(text.contains("  url.path: (a or b\n                   ^"), "{text}");
}

#[test]
fn a_wildcard_on_a_number_is_refused_with_what_would_work() {
    let access = HOME.sample("parcel-tracking").join("nginx/access.log");
    let output = HOME.peavey(&["query", "http.response.status_code: 5*", access.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("http.response.status_code >= 500"), "{text}");
}

#[test]
fn records_come_from_a_pipe() {
    let mut command = HOME.command(&["query", "log.level: ERROR", "--format", "count"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for number in 0..100 {
        let level = if number % 10 == 0 { "ERROR" } else { "INFO" };
        writeln!(input, "{level}|apps.x|2026-11-21T10:00:00.{number:03}|message {number}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "10\n");
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let access = HOME.sample("parcel-tracking");
    let mut child = HOME
        .command(&["query", "*", access.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn chosen_fields_are_written_as_ndjson_and_csv() {
    let access = HOME.sample("parcel-tracking").join("nginx/access.log");
    let access = access.to_str().unwrap();
    let text = HOME.text(&[
        "query",
        "http.response.status_code: 504",
        access,
        "--limit",
        "1",
        "--format",
        "ndjson",
        "--fields",
        "http.response.status_code,url.path",
    ]);
    let row: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(row["http.response.status_code"], json!(504));
    assert!(row["url.path"].as_str().unwrap().ends_with("/rates"));
    let text = HOME.text(&[
        "query",
        "*",
        access,
        "--limit",
        "2",
        "--format",
        "csv",
        "--fields",
        "http.response.status_code,source.ip",
    ]);
    assert_eq!(text.lines().next(), Some("http.response.status_code,source.ip"));
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn a_range_may_count_from_the_newest_record() {
    let folder = HOME.sample("parcel-tracking");
    let whole = count("*", &folder);
    let output = HOME.peavey(&[
        "query",
        "*",
        folder.to_str().unwrap(),
        "--from",
        "end-1h",
        "--format",
        "count",
    ]);
    let last_hour: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(last_hour > 0 && last_hour < whole / 4, "{last_hour} of {whole}");
    let output = HOME.peavey(&[
        "query",
        "*",
        folder.to_str().unwrap(),
        "--from",
        "2026-11-21T14:02:00Z",
        "--to",
        "2026-11-21T14:21:00Z",
        "--format",
        "count",
    ]);
    let burst: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(burst > 900, "{burst}");
}

#[test]
fn damaged_input_gives_what_can_be_read_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let packed = fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/parcel-tracking/django.log.gz"),
    )
    .unwrap();
    let cut = write(folder.path(), "django.log.gz", &packed[..packed.len() / 2]);
    let output = HOME.peavey(&["query", "*", &cut, "--format", "count"]);
    let found: u64 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(found > 300, "{found}");
    assert!(!output.stderr.is_empty(), "the damage is not said");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn nothing_to_read_is_an_error_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let empty = write(folder.path(), "empty.log", b"");
    let binary = write(folder.path(), "core", &[0u8; 4096]);
    for (arguments, status, word) in [
        (vec!["query", "*", empty.as_str(), "--format", "count"], 1, ""),
        (vec!["query", "*", binary.as_str()], 2, "no text"),
        (vec!["query", "*", folder.path().join("none").to_str().unwrap()], 2, "none"),
    ] {
        let output = HOME.peavey(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
        assert!(said.contains(word), "{arguments:?}: {said}");
    }
}

#[test]
fn help_teaches_with_examples() {
    for arguments in [
        vec!["--help"],
        vec!["query", "--help"],
        vec!["formats"],
        vec!["queries"],
        vec!["fields", "--help"],
    ] {
        let text = HOME.text(&arguments);
        assert!(text.lines().count() > 5, "{arguments:?}: {text}");
    }
    assert!(HOME.text(&["query", "--help"]).contains("Examples:"));
}

#[test]
fn a_saved_query_runs_by_name() {
    let folder = HOME.sample("parcel-tracking");
    let text = HOME.text(&["queries"]);
    assert!(text.contains("nginx 5xx"), "{text}");
    let text = HOME.text(&[
        "query",
        "--saved",
        "nginx-5xx",
        folder.to_str().unwrap(),
        "--format",
        "count",
    ]);
    assert_eq!(text, "436\n");
    let output = HOME.peavey(&["query", "--saved", "nginx-5x", folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nginx 5xx"));
}

#[test]
fn fields_show_the_data_view() {
    let text = HOME.text(&["fields", HOME.sample("parcel-tracking").to_str().unwrap()]);
    for field in ["@timestamp", "http.response.status_code", "app_module", "log.level"] {
        assert!(text.lines().any(|line| line.starts_with(field)), "{field}: {text}");
    }
}

#[test]
fn a_file_that_does_not_exist_yet_is_waited_for_and_later_logs_are_read_whole() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let line =
        |second: u32, text: &str| format!("INFO|apps.x|2026-11-21T10:00:{second:02}.000|{text}\n");
    let name = folder.path().join("new.log");
    let pattern = folder.path().join("*.log");
    let mut child = HOME
        .command(&["query", "-f", "-q", "*", name.to_str().unwrap(), pattern.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("waiting for logs to appear")));
    fs::write(&name, line(30, "one")).unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.next().unwrap_or_default().ends_with("|one"));
    // Older than all that was given, and by more than a record may be late.
    let old = "INFO|apps.x|2026-11-21T08:00:00.000|old\n";
    fs::write(folder.path().join("other.log"), old.to_owned() + &line(31, "two")).unwrap();
    let mut found = [lines.next(), lines.next()].map(Option::unwrap_or_default);
    found.sort();
    assert!(found[0].ends_with("|old") && found[1].ends_with("|two"), "{found:?}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_followed_file_gives_each_record_once_as_it_comes() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let line =
        |second: u32, text: &str| format!("INFO|apps.x|2026-11-21T10:00:{second:02}.000|{text}\n");
    let log = write(folder.path(), "app.log", (line(1, "one") + &line(5, "two")).as_bytes());
    let mut child =
        HOME.command(&["query", "-f", "*", &log]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut next = || lines.next().unwrap_or_default();
    assert!(next().ends_with("|one") && next().ends_with("|two"));
    let append = |text: &str| {
        fs::OpenOptions::new().append(true).open(&log).unwrap().write_all(text.as_bytes()).unwrap();
    };
    // The second is written late: its time lies before that of the record before it.
    append(&(line(7, "three") + &line(4, "late") + &line(8, "four")));
    let mut found =
        [next(), next(), next()].map(|line| line.rsplit('|').next().unwrap_or_default().to_owned());
    found.sort();
    assert_eq!(found, ["four", "late", "three"]);
    child.kill().unwrap();
    child.wait().unwrap();
}
