//! `peavey doctor` over logs and this machine; doctor and setup against documented answers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::documented::Documented;
use crate::{HOME, write};

/// Check, grade and all that was said, of each finding.
fn findings(output: &Output) -> Vec<(String, String, String)> {
    let text = String::from_utf8_lossy(&output.stdout);
    let found: Json = serde_json::from_str(&text).unwrap_or_else(|_| {
        panic!("{text} {}", String::from_utf8_lossy(&output.stderr));
    });
    let word = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let subjects = found["subjects"].as_array().unwrap().clone();
    let findings =
        subjects.iter().flat_map(|subject| subject["findings"].as_array().unwrap().clone());
    findings
        .map(|finding| (word(&finding["check"]), word(&finding["grade"]), finding.to_string()))
        .collect()
}

fn expect(output: &Output, status: i32, wanted: &[(&str, &str, &str)]) {
    let found = findings(output);
    assert_eq!(output.status.code(), Some(status), "{found:#?}");
    for (check, grade, part) in wanted {
        let is_it = |(name, had, said): &&(String, String, String)| {
            name == check && had == grade && said.contains(part)
        };
        assert!(found.iter().any(|finding| is_it(&finding)), "{check} {grade} {part}: {found:#?}");
    }
}

fn doctor(arguments: &[&str]) -> Output {
    HOME.peavey(&[&["doctor", "--json"], arguments].concat())
}

#[test]
fn a_log_is_examined() {
    let folder = tempfile::tempdir().unwrap();
    let line = |hour: u32, minute: u32| {
        format!(
            "192.0.2.7 - - [24/Nov/2025:{hour:02}:{minute:02}:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8\"\n"
        )
    };
    let mut text: String = (0..40).map(|minute| line(10, minute)).collect();
    text.push_str(&(0..5).map(|minute| line(9, minute)).collect::<String>());
    text.push_str("this is no request at all\n");
    let log = write(folder.path(), "access.log", text.as_bytes());
    let wanted = [
        ("format", "ok", "nginx/Apache access"),
        ("parsing", "ok", "| this is no request at all"),
        ("times", "ok", "Nov 24, 2025 @ 10:39:00"),
        ("time zone", "ok", "name their zone"),
        ("clock", "warning", "1 h 39 m back"),
    ];
    expect(&doctor(&[&log]), 1, &wanted);
    expect(&doctor(&["/there/is/nothing.log"]), 2, &[("readable", "problem", "does not exist")]);
    let empty = write(folder.path(), "empty.log", b"");
    expect(&doctor(&[&empty]), 1, &[("readable", "warning", "empty")]);
    // The shipped samples of this stack are well but for their age and what was put in on purpose.
    let sample = HOME.sample("parcel-tracking").display().to_string();
    let found = findings(&doctor(&[&sample]));
    assert!(found.iter().all(|(_, grade, _)| grade != "problem"), "{found:#?}");
}

#[test]
fn times_without_a_zone_are_doubted_where_the_file_was_written_at_another_hour() {
    let folder = tempfile::tempdir().unwrap();
    let line = "ERROR|apps.parcels.views|2025-11-24T10:00:00.000|a parcel\n";
    let log = write(folder.path(), "django.log", line.repeat(20).as_bytes());
    let written = |seconds: u64| {
        let file = fs::File::options().write(true).open(&log).unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_763_978_400 + seconds);
        file.set_modified(at).unwrap();
        doctor(&[&log])
    };
    expect(&written(3), 0, &[("time zone", "ok", "read as UTC")]);
    expect(&written(7203), 1, &[("time zone", "warning", "2 h after its last record")]);
}

#[test]
fn this_machine_is_examined() {
    let home = tempfile::tempdir().unwrap();
    let run = || {
        Command::new(env!("CARGO_BIN_EXE_peavey"))
            .args(["doctor", "--json"])
            .env_clear()
            .env("HOME", home.path())
            .env("LANG", "C")
            .output()
            .unwrap()
    };
    let wanted = [("terminal", "skipped", "no terminal"), ("language", "warning", "LANG=C.UTF-8")];
    expect(&run(), 1, &wanted);
    let config = home.path().join(".config/peavey");
    fs::create_dir_all(&config).unwrap();
    let file = config.join("config.toml");
    fs::write(&file, "no_such_setting = 1\n").unwrap();
    expect(&run(), 1, &[("settings", "warning", "no_such_setting")]);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    expect(&run(), 2, &[("settings", "problem", "chmod go-w")]);
}

#[test]
fn logstash_is_examined_by_its_documented_answer() {
    let server = Documented::start(false);
    let place = server.url.trim_start_matches("http://").to_owned();
    let port = place.rsplit(':').next().unwrap().to_owned();
    let open = doctor(&["--logstash", &place, "--logstash-ports", &port]);
    let wanted = [
        ("inputs", "ok", "open"),
        ("events", "ok", "293,658 in"),
        ("filters", "warning", "grok: 8 failures"),
    ];
    expect(&open, 1, &wanted);
    let closed = doctor(&["--logstash", &place, "--logstash-ports", "1"]);
    expect(&closed, 2, &[("inputs", "problem", "nothing listens there")]);
}

#[test]
fn a_secured_cluster_is_examined_by_documented_answers() {
    let server = Documented::start(false);
    let address = format!("{}/logs-*-pt", server.url);
    let found = doctor(&[&address, "--writer"]);
    let wanted = [
        ("user", "ok", "eva with the roles viewer"),
        ("licence", "ok", "trial"),
        ("health", "ok", "green, 2 nodes"),
        ("may read", "ok", "read, view_index_metadata"),
        ("may write", "warning", "auto_configure on logs-*-pt"),
        ("retention", "ok", "7d"),
    ];
    let status = found.status.code().unwrap();
    expect(&found, status, &wanted);
    server.state.lock().unwrap().refused = vec!["/_cluster", "/_license", "/_security"];
    let found = doctor(&[&address]);
    let wanted = [("health", "skipped", "may not ask"), ("licence", "skipped", "may not ask")];
    let status = found.status.code().unwrap();
    expect(&found, status, &wanted);
}

/// Runs a setup with the writer's password in the environment; all that it says.
fn setup(arguments: &[&str], status: i32) -> String {
    let mut command = HOME.command(&[&["setup", "parcel-tracking"], arguments].concat());
    let output = command.env("LOGSTASH_WRITER_PASSWORD", "hunter2-hunter2").output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {said}");
    assert!(!said.contains("hunter2"), "{said}");
    said
}

#[test]
fn security_is_set_up_by_documented_calls() {
    for (is_opensearch, role, user) in [
        (false, "/_security/role/logstash_writer_pt", "/_security/user/logstash_writer"),
        (
            true,
            "/_plugins/_security/api/roles/logstash_writer_pt",
            "/_plugins/_security/api/internalusers/logstash_writer",
        ),
    ] {
        let server = Documented::start(is_opensearch);
        let url = server.url.as_str();
        let none = HOME.peavey(&["setup", "parcel-tracking", url]);
        let said = String::from_utf8_lossy(&none.stderr).into_owned();
        assert!(said.contains("set LOGSTASH_WRITER_PASSWORD"), "{said}");
        server.state.lock().unwrap().written.clear();
        let first = setup(&[url], 0);
        assert!(first.contains("made        role logstash_writer_pt"), "{first}");
        assert!(first.contains("made        user logstash_writer"), "{first}");
        let written = server.state.lock().unwrap().written.clone();
        assert_eq!(written[user]["password"], "hunter2-hunter2");
        let rules = if is_opensearch { "index_permissions" } else { "indices" };
        assert!(written[role][rules][0].to_string().contains("logs-*-pt"), "{written:?}");
        let again = setup(&[url], 0);
        assert!(again.contains("is there    role"), "{again}");
        assert!(again.contains("its password stays as it is"), "{again}");
        assert_eq!(server.state.lock().unwrap().written, written, "nothing was written");
        server.state.lock().unwrap().written.get_mut(role).unwrap()[rules] = serde_json::json!([]);
        let other = setup(&[url], 1);
        assert!(other.contains("differs     role") && other.contains("+ "), "{other}");
        assert!(setup(&[url, "--force"], 0).contains("overwritten role"));
        assert_eq!(server.state.lock().unwrap().written, written, "all is as it was made");
        if !is_opensearch {
            server.state.lock().unwrap().refused = vec!["/_security"];
            assert!(setup(&[url], 0).contains("manage_security"));
        }
    }
}

#[test]
fn data_views_go_into_the_profile() {
    let server = Documented::start(false);
    let folder = HOME.folder.path().join(".config/peavey/clusters");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("parcels.toml");
    fs::write(&file, format!("hosts = [\"{}\"]\ndata-views = [\"own-*\"]\n", server.url)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let first = setup(&["es://parcels"], 0);
    assert!(first.contains("made        data views: in the profile parcels"), "{first}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("own-*") && text.contains("logs-*-pt") && text.contains("logs-react-pt"),
        "{text}"
    );
    assert!(setup(&["es://parcels"], 0).contains("is there    data views"));
}

#[test]
fn a_setup_says_what_it_needs() {
    let check = |arguments: &[&str], part: &str| {
        let output = HOME.peavey(&[&["setup"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(part), "{arguments:?}: {said}");
    };
    check(&["parcel-tracking"], "--dry-run");
    check(&["template", "--from", "/nothing.log", "--name", "x", "--dry-run"], "/nothing.log");
    check(&["template", "--from", "/etc/passwd", "--name", "No Name", "--dry-run"], "no name");
    let printed = HOME.text(&["setup", "parcel-tracking", "--dry-run", "--shards", "2"]);
    assert!(
        printed.contains("PUT /_index_template/pt-logs")
            && printed.contains("\"number_of_shards\": 2")
    );
    assert!(printed.contains("\"password\": \"PASSWORD\""));
}
