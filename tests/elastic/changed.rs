//! A certificate that changes and a password that is revoked while the program runs: it says so,
//! keeps what it has, and goes on by itself once the cluster is as before.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use peavey::query::{Clause, SortOrder};
use peavey::source::Source;
use peavey::source::elastic::{Authentication, Connection, ElasticSource, Secret, Trust};
use tokio::runtime::Runtime;

use crate::export::runtime;
use crate::failures::{hits, page, until};
use crate::nginx::{Nginx, PASSWORD, USER};
use crate::support::engine::Engine;
use crate::{MAPPING, documents, number, search};

/// Longest wait for something that has to come.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the user has after the password is revoked.
const OTHER: &str = "quite-another-one";

/// Numbers of the first page.
fn rows(runtime: &Runtime, source: &ElasticSource) -> Result<Vec<i64>, String> {
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    Ok(hits(page(runtime, source, &all, None))?.iter().map(number).collect())
}

fn connected(runtime: &Runtime, nginx: &Nginx, index: &str, trust: Trust) -> Arc<ElasticSource> {
    let mut connection = Connection::to(&nginx.url("tls"));
    "/word".clone_into(&mut connection.prefix);
    connection.authentication =
        Authentication::Basic { user: USER.to_owned(), password: Secret::new(PASSWORD) };
    connection.trust = trust;
    connection.timeout = Duration::from_secs(5);
    runtime.block_on(ElasticSource::connect(&connection, index, None)).unwrap()
}

fn authority(nginx: &Nginx) -> Trust {
    Trust { authority_file: Some(nginx.path("ca.pem").into()), ..Trust::default() }
}

/// Waits until the one notice says this.
fn is_told(source: &ElasticSource, words: &str) {
    let status = source.status();
    until(&format!("it is told: {words}"), || {
        let now = status.borrow();
        let notices: Vec<&str> = now.notices.iter().map(|notice| notice.message.as_str()).collect();
        assert!(notices.len() <= 1, "{notices:?}");
        notices.iter().any(|notice| notice.contains(words))
    });
}

/// Waits until nothing is wrong any more, and all is to be asked anew.
fn is_well(source: &ElasticSource, since: u64) {
    let status = source.status();
    until("it goes on by itself", || {
        let now = status.borrow();
        now.notices.is_empty() && now.generation > since
    });
}

#[test]
fn a_certificate_that_changes_is_told_and_the_old_one_ends_it() {
    let test = "a_certificate_that_changes_is_told_and_the_old_one_ends_it";
    let Some(engine) = Engine::shared("os38", test) else { return };
    engine.fill("changed-tls", MAPPING, &documents(100));
    let Some(mut nginx) = Nginx::start(&engine.url, test) else { return };
    nginx.certify("strange", "stranger");
    nginx.certify("renewed", "ca");
    for kind in ["pem", "key"] {
        let (now, kept) = (format!("tls.{kind}"), format!("first.{kind}"));
        std::fs::copy(nginx.path(&now), nginx.path(&kept)).unwrap();
    }
    let runtime = runtime();
    let pinned = |file: &str| Trust {
        fingerprint: Trust::parse_fingerprint(&nginx.fingerprint(file)),
        ..Trust::default()
    };
    let unknown = "it is not the one of before, and nobody known vouches for it";
    let other = "it is not the one that was pinned";
    // Whose certificate of the same authority is as good as the first one.
    let sources = [
        (connected(&runtime, &nginx, "changed-tls", authority(&nginx)), unknown, true),
        (connected(&runtime, &nginx, "changed-tls", pinned("ca.pem")), other, true),
        (connected(&runtime, &nginx, "changed-tls", pinned("tls.own")), other, false),
    ];
    let first: Vec<i64> = rows(&runtime, &sources[0].0).unwrap();
    assert_eq!(first.len(), 50);
    let before: Vec<u64> =
        sources.iter().map(|(source, ..)| source.status().borrow().generation).collect();
    for (source, ..) in &sources {
        assert_eq!(rows(&runtime, source).as_ref(), Ok(&first));
        source.follow(true);
    }
    nginx.show("strange");
    for (source, words, _) in &sources {
        let said = rows(&runtime, source).unwrap_err();
        assert!(said.contains("certificate") && said.contains(words), "{said}");
        is_told(source, words);
        assert_eq!(source.status().borrow().records, 100, "what was known stays");
    }
    nginx.show("first");
    for ((source, ..), since) in sources.iter().zip(&before) {
        assert_eq!(rows(&runtime, source).as_ref(), Ok(&first), "at once");
        is_well(source, *since);
        source.follow(false);
    }
    nginx.show("renewed");
    for (source, words, is_as_good) in &sources {
        match rows(&runtime, source) {
            Ok(found) => assert!(*is_as_good && found == first, "{found:?}"),
            Err(said) => assert!(!is_as_good && said.contains(words), "{said}"),
        }
        if *is_as_good {
            is_well(source, 0);
        } else {
            is_told(source, words);
        }
    }
}

#[test]
fn a_password_that_is_revoked_is_told_and_works_again_once_it_is_allowed() {
    let test = "a_password_that_is_revoked_is_told_and_works_again_once_it_is_allowed";
    let Some(engine) = Engine::shared("os38", test) else { return };
    engine.fill("changed-word", MAPPING, &documents(100));
    let Some(nginx) = Nginx::start(&engine.url, test) else { return };
    let runtime = runtime();
    for is_followed in [true, false] {
        let source = connected(&runtime, &nginx, "changed-word", authority(&nginx));
        let first = rows(&runtime, &source).unwrap();
        let since = source.status().borrow().generation;
        source.follow(is_followed);
        nginx.admit(OTHER);
        let said = rows(&runtime, &source).unwrap_err();
        for words in
            ["does not accept user eva with this password (401)", "start again with the new"]
        {
            assert!(said.contains(words) && !said.contains(PASSWORD), "{said}");
        }
        is_told(&source, "does not accept user eva");
        assert_eq!(source.status().borrow().records, 100, "what was known stays");
        nginx.admit(PASSWORD);
        assert_eq!(rows(&runtime, &source), Ok(first), "at once");
        is_well(&source, since);
    }
}

fn peavey(nginx: &Nginx, index: &str, options: &[&str]) -> Command {
    let address = format!("{}/word/{index}", nginx.url("tls"));
    let trust = nginx.path("ca.pem");
    let given = ["query", &address, "--ca-cert", &trust, "--user", USER];
    let mut command = nginx.peavey(&[&given[..], options].concat());
    command.env("PEAVEY_PASSWORD", PASSWORD).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The lines of a pipe as they come.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (lines, read) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                return;
            }
        }
    });
    read
}

/// Waits for a line that holds these words.
fn says(lines: &Receiver<String>, words: &str) {
    let mut said = Vec::new();
    while !said.last().is_some_and(|line: &String| line.contains(words)) {
        let line = lines.recv_timeout(PATIENCE);
        said.push(line.unwrap_or_else(|_| panic!("{words} is not in {said:?}")));
        assert!(!said.concat().contains(PASSWORD), "{said:?}");
    }
}

#[test]
fn without_a_screen_a_change_is_told_and_waited_out_or_ends_with_status_2() {
    let test = "without_a_screen_a_change_is_told_and_waited_out_or_ends_with_status_2";
    let Some(engine) = Engine::shared("os38", test) else { return };
    let count = 20_000;
    engine.fill("changed-rows", MAPPING, &documents(count));
    engine.fill("changed-follow", MAPPING, &documents(2));
    let Some(mut nginx) = Nginx::start(&engine.url, test) else { return };
    nginx.certify("strange", "stranger");
    nginx.certify("renewed", "ca");
    // An export that cannot go on: what is written is whole, and the status tells.
    let mut child = peavey(&nginx, "changed-rows", &["--format", "ndjson"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut written = String::new();
    out.read_line(&mut written).unwrap();
    nginx.admit(OTHER);
    out.read_to_string(&mut written).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("does not accept"), "{said}");
    assert!(written.lines().count() < count && written.ends_with("}\n"), "{said}");
    for line in written.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    // What begins without being let in does not wait.
    let (code, said) = nginx.say(&mut peavey(&nginx, "changed-follow", &["-f"]));
    assert!(code == 2 && said.contains("does not take user eva"), "{code} {said}");
    nginx.admit(PASSWORD);
    nginx.show("strange");
    let (code, said) = nginx.say(&mut peavey(&nginx, "changed-follow", &["-f"]));
    assert!(code == 2 && said.contains("nobody known vouches for it"), "{code} {said}");
    nginx.show("renewed");
    // What follows waits, and loses nothing.
    let options = ["-f", "--format", "ndjson", "--fields", "n"];
    let mut child = peavey(&nginx, "changed-follow", &options).spawn().unwrap();
    let out = lines(child.stdout.take().unwrap());
    let said = lines(child.stderr.take().unwrap());
    says(&out, r#"{"n":0}"#);
    says(&out, r#"{"n":1}"#);
    let add = |n: i64| {
        let time = chrono::Utc::now().format("%Y-%m-%dT%H:%M:%S%.3fZ");
        let record = format!(r#"{{"@timestamp":"{time}","n":{n}}}"#);
        engine.ok("POST", "/changed-follow/_doc?refresh=true", &record);
    };
    nginx.admit(OTHER);
    says(&said, "does not accept user eva");
    add(2);
    nginx.admit(PASSWORD);
    says(&said, "answers again");
    says(&out, r#"{"n":2}"#);
    nginx.show("strange");
    says(&said, "it is not the one of before, and nobody known vouches for it");
    add(3);
    nginx.show("renewed");
    says(&said, "answers again");
    says(&out, r#"{"n":3}"#);
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
