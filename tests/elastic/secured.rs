//! The program against a real node behind nginx: TLS, credentials of every kind, profiles, proxies.
//! No secret is in any output, also where the server repeats it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::nginx::{KEY, Nginx, PASSWORD, TOKEN, USER, base64};
use crate::support::engine::Engine;
use crate::{MAPPING, documents};

/// A node with an index of 30 records behind nginx.
fn secured(test: &str, index: &str) -> Option<Nginx> {
    let engine = Engine::shared("os38", test)?;
    engine.fill(index, MAPPING, &documents(30));
    Nginx::start(&engine.url, test)
}

/// Credentials in the environment.
fn known(command: &mut Command) -> &mut Command {
    command
        .env("PEAVEY_PASSWORD", PASSWORD)
        .env("API_KEY", KEY.0)
        .env("ENCODED", KEY.1)
        .env("WRONG_KEY", "id:another-secret")
        .env("TOKEN", TOKEN)
}

#[test]
fn a_secured_cluster_is_opened_with_the_right_credentials_alone() {
    let test = "a_secured_cluster_is_opened_with_the_right_credentials_alone";
    let Some(nginx) = secured(test, "secured") else { return };
    let authority = nginx.path("ca.pem");
    let check = |location: &str, options: &[&str], status: i32, word: &str| {
        let address = format!("{}/{location}/secured", nginx.url("tls"));
        let arguments = [&["query", &address, "--format", "count"], options].concat();
        let (code, said) = nginx.say(known(&mut nginx.peavey(&arguments)));
        assert!(code == status && said.contains(word), "{location} {options:?}: {code} {said}");
    };
    let trust = ["--ca-cert", authority.as_str()];
    let with = |more: &[&'static str]| [&trust[..], more].concat();
    check("word", &["--user", USER], 2, "nobody known vouches for it");
    check("word", &trust, 2, "give credentials: --user NAME");
    check(
        "word",
        &with(&["--user", "bob"]),
        2,
        "does not take user bob (from --user) with the password (from PEAVEY_PASSWORD)",
    );
    check("word", &with(&["--user", USER]), 0, "30");
    check("key", &with(&["--api-key-env", "API_KEY"]), 0, "30");
    check("key", &with(&["--api-key-env", "ENCODED"]), 0, "30");
    check("key", &with(&["--api-key-env", "WRONG_KEY"]), 2, "the API key (from --api-key-env");
    check("token", &with(&["--token-env", "TOKEN"]), 0, "30");
    check("token", &with(&["--token-env", "API_KEY"]), 2, "the token (from --token-env");
    // The fingerprint of the authority, and of the server's own certificate.
    for file in ["ca.pem", "tls.own"] {
        let fingerprint = nginx.fingerprint(file);
        check("word", &["--user", USER, "--ca-fingerprint", &fingerprint], 0, "30");
    }
    let other = "ab".repeat(32);
    check(
        "word",
        &["--user", USER, "--ca-fingerprint", &other],
        2,
        "it is not the one that was pinned",
    );
    // What repeats the credentials in its complaint.
    for (kind, options) in [
        ("word", ["--user", USER]),
        ("key", ["--api-key-env", "API_KEY"]),
        ("token", ["--token-env", "TOKEN"]),
    ] {
        let known: Vec<&str> = [&trust[..], &options].concat();
        check(&format!("echo-{kind}"), &known, 2, "••• (echo)");
    }
}

#[test]
fn what_is_wrong_with_tls_is_told_each_in_its_own_words() {
    let test = "what_is_wrong_with_tls_is_told_each_in_its_own_words";
    let Some(nginx) = secured(test, "secured-tls") else { return };
    let ask = |url: &str, options: &[&str]| {
        let address = format!("{url}/open/secured-tls");
        let authority = nginx.path("ca.pem");
        let arguments =
            [&["query", &address, "--format", "count", "--ca-cert", &authority], options].concat();
        nginx.say(&mut nginx.peavey(&arguments))
    };
    for (server, expected) in [
        ("other", "it is for other.example, not for 127.0.0.1; write the address with a name"),
        ("expired", "it expired on "),
        ("future", "it is valid from "),
        ("client", "it asks for a client certificate; give --client-cert"),
    ] {
        let (code, said) = ask(&nginx.url(server), &[]);
        assert!(code == 2 && said.contains(expected), "{server}: {code} {said}");
    }
    let (certificate, key) = (nginx.path("me.pem"), nginx.path("me.key"));
    let own = ["--client-cert", &certificate, "--client-key", &key];
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = ask(&nginx.url("client"), &own);
    assert!(code == 2 && said.contains("chmod 600"), "{code} {said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let (code, said) = ask(&nginx.url("client"), &own);
    assert_eq!((code, said.trim()), (0, "30"));
    let (code, said) = ask(&nginx.url("tls").replace("https", "http"), &[]);
    assert!(code == 2 && said.contains("write https://"), "{code} {said}");
    let (code, said) = ask(&nginx.url("plain").replace("http", "https"), &[]);
    assert!(code == 2 && said.contains("write http://"), "{code} {said}");
    // Files that are none.
    let no_key = ["--client-cert", &certificate, "--client-key", &certificate];
    let (code, said) = ask(&nginx.url("client"), &no_key);
    assert!(code == 2 && said.contains("me.pem"), "{code} {said}");
    let address = format!("{}/open/secured-tls", nginx.url("tls"));
    let key = nginx.path("ca.key");
    let (code, said) = nginx.say(&mut nginx.peavey(&["query", &address, "--ca-cert", &key]));
    assert!(code == 2 && said.contains("holds no certificate"), "{code} {said}");
}

#[test]
fn credentials_follow_no_redirect() {
    let Some(nginx) = secured("credentials_follow_no_redirect", "secured-moved") else { return };
    let address = format!("{}/moved/secured-moved", nginx.url("tls"));
    let authority = nginx.path("ca.pem");
    let arguments = ["query", &address, "--ca-cert", &authority, "--user", USER];
    let (code, said) = nginx.say(known(&mut nginx.peavey(&arguments)));
    assert!(code == 2 && said.contains("credentials follow no redirect"), "{code} {said}");
    let log = nginx.log();
    assert!(!log.is_empty() && !log.iter().any(|line| line.ends_with("/taken/")), "{log:?}");
}

/// A proxy that knows CONNECT alone and where everything is; keeps the heads of what it is asked.
fn connect_proxy(to: u16) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || serve(client, to, &kept));
        }
    });
    (port, heads)
}

fn serve(mut client: TcpStream, to: u16, kept: &Mutex<Vec<String>>) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0u8];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let is_welcome = head.contains(&format!("Basic {}", base64("bob:proxy-secret")))
        || head.contains(&format!("basic {}", base64("bob:proxy-secret")));
    kept.lock().unwrap().push(head);
    if !is_welcome {
        return client.write_all(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n").ok();
    }
    let mut server = TcpStream::connect(("127.0.0.1", to)).ok()?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
    let (mut from_client, mut to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Write);
    });
    std::io::copy(&mut server, &mut client).ok()?;
    client.shutdown(std::net::Shutdown::Both).ok()
}

#[test]
fn proxies_are_used_and_answers_travel_compressed_over_one_connection() {
    let test = "proxies_are_used_and_answers_travel_compressed_over_one_connection";
    let Some(nginx) = secured(test, "secured-far") else { return };
    let (port, heads) = connect_proxy(nginx.port("tls"));
    // A name that only the proxy knows.
    let address = "https://es.invalid:9200/open/secured-far";
    let authority = nginx.path("ca.pem");
    let ask = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [arguments, &["--ca-cert", &authority]].concat();
        let mut command = nginx.peavey(&arguments);
        command.envs(variables.iter().copied());
        let (code, said) = nginx.say(&mut command);
        assert!(!said.contains("proxy-secret"), "{said}");
        (code, said)
    };
    let proxy = format!("http://bob:proxy-secret@127.0.0.1:{port}");
    let through = ("HTTPS_PROXY", proxy.as_str());
    let (code, said) = ask(&["query", address], &[through]);
    assert!(code == 0 && said.matches("@timestamp").count() == 30, "{code} {said}");
    let seen = heads.lock().unwrap().clone();
    assert!(
        !seen.is_empty() && seen.iter().all(|head| head.starts_with("CONNECT es.invalid:9200")),
        "{seen:?}"
    );
    let log = nginx.log();
    let connections: std::collections::BTreeSet<&str> =
        log.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(connections.len() < log.len(), "kept alive: {log:?}");
    assert!(log.iter().all(|line| line.contains(" HTTP/2.0 ")), "{log:?}");
    let rows = log.iter().filter(|line| line.contains("_search")).map(|line| {
        let mut parts = line.split(' ').skip(3);
        let bytes: usize = parts.next().unwrap().parse().unwrap();
        (bytes, parts.next().unwrap() == "[gzip]")
    });
    let most = rows.max().unwrap();
    let plain: usize = documents(30).iter().map(String::len).sum();
    assert!(most.1 && most.0 < plain / 2, "{most:?} of {plain} bytes: {log:?}");
    let (code, said) = ask(&["cluster", "test", address], &[through]);
    assert!(
        code == 0
            && said.contains("through the proxy of HTTPS_PROXY")
            && said.contains("30 records"),
        "{code} {said}"
    );
    let (code, said) =
        ask(&["cluster", "test", address], &[("https_proxy", &proxy.replace("bob", "eve"))]);
    assert!(
        code == 2 && said.contains("the proxy asks for a user and a password"),
        "{code} {said}"
    );
    let (code, said) = ask(&["query", address], &[through, ("NO_PROXY", "invalid")]);
    assert!(code == 2 && said.contains("its name is not known"), "{code} {said}");
    // Without TLS a proxy is asked for the whole address; nginx knows that.
    let plain = format!("http://127.0.0.1:{}", nginx.port("plain"));
    let far = "http://es.invalid:9200/open/secured-far";
    let (code, said) = ask(&["query", far, "--format", "count"], &[("HTTP_PROXY", &plain)]);
    assert_eq!((code, said.trim()), (0, "30"));
    let log = nginx.log();
    let port = format!("{} ", nginx.port("plain"));
    let over: Vec<&String> = log.iter().filter(|line| line.starts_with(&port)).collect();
    let connections: std::collections::BTreeSet<&str> =
        over.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(over.len() > connections.len() && over[0].contains("HTTP/1.1"), "{over:?}");
    // This machine is reached without one.
    let near = format!("{}/open/secured-far", nginx.url("tls"));
    let (code, said) =
        ask(&["query", &near, "--format", "count"], &[("HTTPS_PROXY", "http://127.0.0.1:1")]);
    assert_eq!((code, said.trim()), (0, "30"));
}

#[test]
fn a_cluster_is_kept_under_a_name_and_proved_step_by_step() {
    let test = "a_cluster_is_kept_under_a_name_and_proved_step_by_step";
    let Some(nginx) = secured(test, "secured-kept") else { return };
    let say = |arguments: &[&str]| nginx.say(&mut nginx.peavey(arguments));
    let secret = nginx.path("secret");
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    let address = format!("{}/word/secured-*", nginx.url("tls"));
    let authority = nginx.path("ca.pem");
    let add = [
        "cluster",
        "add",
        "prod",
        &address,
        "--ca-cert",
        &authority,
        "--user",
        USER,
        "--password-file",
        &secret,
    ];
    // A secret that others can read is no secret.
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = say(&add);
    assert!(code == 2 && said.contains("chmod 600"), "{code} {said}");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let (code, said) = say(&add);
    assert!(code == 2 && said.contains("--force replaces it"), "{code} {said}");
    let (code, said) = say(&[&add[..], &["--force"]].concat());
    assert!(
        code == 0 && said.contains("OpenSearch 3.8") && said.contains("TLS 1.3"),
        "{code} {said}"
    );
    let file = nginx.path(".config/peavey/clusters/prod.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("password-file") && !text.contains(PASSWORD), "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let (code, said) = say(&["query", "es://prod", "--format", "count"]);
    assert!(code == 0 && said.trim().parse::<u64>().unwrap() >= 30, "{code} {said}");
    let (code, said) = say(&["query", "es://prod/secured-kept", "--format", "count"]);
    assert_eq!((code, said.trim()), (0, "30"));
    let (code, said) = say(&["fields", "es://prod"]);
    assert!(code == 0 && said.contains("log.level"), "{code} {said}");
    let (code, said) = say(&["cluster", "test", "prod"]);
    for part in ["prod.toml, file ", "it takes user eva", "CN=tls", "Test_authority", "records"] {
        assert!(code == 0 && said.contains(part), "{part}: {said}");
    }
    let (code, said) =
        nginx.say(known(&mut nginx.peavey(&["cluster", "test", "prod", "--user", "bob"])));
    assert!(
        code == 2 && said.contains("--user") && said.contains("PEAVEY_PASSWORD"),
        "{code} {said}"
    );
    let (code, said) = say(&["cluster", "list"]);
    assert!(code == 0 && said.contains("as eva"), "{code} {said}");
    // One of several hosts may be away.
    let two = text.replace("hosts = [", "hosts = [\"https://127.0.0.1:1\", ");
    fs::write(file.replace("prod", "two"), two).unwrap();
    let (code, said) = say(&["cluster", "test", "two"]);
    assert!(code == 0 && said.contains("warning connection 127.0.0.1:1"), "{code} {said}");
    let (code, said) = say(&["query", "es://two/secured-kept", "--format", "count"]);
    assert_eq!((code, said.trim()), (0, "30"));
    // A command gives the password too; one that fails says so.
    let command = text.replace("password-file", "#");
    fs::write(
        &file,
        command.replace(
            "[authentication]",
            &format!("[authentication]\npassword-command = ['cat', '{secret}']"),
        ),
    )
    .unwrap();
    let (code, said) = say(&["query", "es://prod/secured-kept", "--format", "count"]);
    assert_eq!((code, said.trim()), (0, "30"));
    fs::write(
        &file,
        command.replace("[authentication]", "[authentication]\npassword-command = ['false']"),
    )
    .unwrap();
    let (code, said) = say(&["query", "es://prod"]);
    assert!(code == 2 && said.contains("the command `false` failed"), "{code} {said}");
    // What is wrong in a profile is shown with its place; a secret in it is not.
    fs::write(&file, format!("hosts = ['{address}'\n")).unwrap();
    let (code, said) = say(&["query", "es://prod"]);
    assert!(code == 2 && said.contains("prod.toml:") && said.contains('^'), "{code} {said}");
    fs::write(
        &file,
        format!("hosts = ['https://h']\n[authentication]\nuser = 'eva'\npassword = '{PASSWORD}'\n"),
    )
    .unwrap();
    let (code, said) = say(&["query", "es://prod"]);
    assert!(code == 2 && said.contains("a profile holds no secret"), "{code} {said}");
    // Others must not be able to change where the credentials go.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let (code, said) = say(&["query", "es://prod"]);
    assert!(code == 2 && said.contains("chmod go-w"), "{code} {said}");
    let (code, said) = say(&["cluster", "list"]);
    assert!(code == 2 && said.contains("cannot be used"), "{code} {said}");
}
