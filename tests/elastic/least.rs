//! A user who may read one pattern and nothing else: all of Discover works, whatever else is refused.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use peavey::query::{
    Answer, Breakdown, Clause, Direction, FacetRequest, HistogramRequest, Interval, Part, SortOrder,
};
use peavey::source::Source;
use peavey::source::elastic::engine::Product;
use peavey::source::elastic::{Client, Connection, ElasticSource, Tail, catalog};

use crate::command::{peavey, text};
use crate::export::{check_all, numbers, runtime};
use crate::nginx::run;
use crate::support::engine::{Engine, names};
use crate::support::skip;
use crate::{Asked, MAPPING, documents, number, search};

/// Records of the index.
const COUNT: usize = 2345;

/// Doors to a node: with points in time, without, and with them but without the product's header.
const DOORS: [&str; 3] = ["whole", "no points in time", "no header"];

/// nginx with a door for each kind of user. It ends when its shell's input closes.
struct Guard {
    child: Child,
    folder: tempfile::TempDir,
    urls: Vec<String>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// What each product answers to whoever may not.
fn refusal(engine: &Engine) -> String {
    let is_elastic = engine.name.starts_with("es");
    let reason = if is_elastic {
        "action [cluster:monitor/main] is unauthorized for user [eva] with effective roles [reader], \
         this action is granted by the cluster privileges [monitor,manage,all]"
    } else {
        "no permissions for [cluster:monitor/main] and User [name=eva, backend_roles=[], requestedTenant=null]"
    };
    let cause = format!(r#""type":"security_exception","reason":"{reason}""#);
    format!(r#"return 403 '{{"error":{{"root_cause":[{{{cause}}}],{cause}}},"status":403}}';"#)
}

impl Guard {
    /// Only the reading calls on `least*` pass.
    fn start(engine: &Engine, test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let at = folder.path();
        if run(at, "nginx", &["-v"]).is_none() {
            skip(test, "nginx is not here");
            return None;
        }
        let held: Vec<TcpListener> =
            DOORS.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let ports: Vec<u16> =
            held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        drop(held);
        let (node, no) = (&engine.url, refusal(engine));
        let mut servers = String::new();
        for (door, port) in DOORS.iter().zip(&ports) {
            let header = match *door {
                "no header" => "proxy_hide_header X-elastic-product;",
                _ => "",
            };
            let pass = |path: &str, methods: &str| {
                format!(
                    "location ~ ^/{path}$ {{ if ($request_method !~ ^({methods})$) {{ {no} }} proxy_pass {node}; }}\n"
                )
            };
            servers.push_str(&format!(
                "server {{ listen 127.0.0.1:{port}; default_type application/json; {header}\n"
            ));
            servers.push_str(&format!("location / {{ {no} }}\n"));
            servers.push_str(&pass("least[^/,]*/(_search|_field_caps|_terms_enum)", "GET|POST"));
            if *door != "no points in time" {
                servers.push_str(&pass("least[^/,]*/(_pit|_search/point_in_time)", "POST"));
                servers.push_str(&pass("_search", "POST"));
                servers.push_str(&pass("(_pit|_search/point_in_time)", "DELETE"));
            }
            servers.push_str("}\n");
        }
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log; events {{}}
             http {{ log_format own '$server_port $request_method $status $request_uri'; access_log access.log own;
               client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
               uwsgi_temp_path uwsgi; scgi_temp_path scgi; {servers} }}"
        );
        fs::write(at.join("nginx.conf"), config).ok()?;
        let script = r#"PATH="$PATH:/usr/sbin"; nginx -p "$0" -c nginx.conf -e error.log & cat >/dev/null; kill $!; wait"#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(at).current_dir(at).stdin(Stdio::piped());
        let child = shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let urls = ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect();
        let guard = Self { child, folder, urls };
        let begun = Instant::now();
        while ports.iter().any(|port| TcpStream::connect(("127.0.0.1", *port)).is_err()) {
            let log = fs::read_to_string(guard.folder.path().join("error.log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "nginx did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(guard)
    }

    /// Lines of its log of one door: method, status, path.
    fn log(&self, url: &str) -> Vec<String> {
        let port = url.rsplit(':').next().unwrap_or_default();
        let log = fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default();
        let lines = log.lines().filter_map(|line| line.strip_prefix(port));
        lines.map(|line| line.trim().to_owned()).collect()
    }
}

/// Everything that the screen and an export ask, through one door.
fn everything_is_answered(asked: &Asked, what: &str) {
    let status = asked.source.status().borrow().clone();
    assert_eq!(status.records, COUNT as u64, "{what}");
    assert!(status.notices.is_empty(), "{what}: {:?}", status.notices);
    assert!(status.view.field("agent.keyword").is_some(), "{what}");
    let all = search(Clause::MatchAll, SortOrder::Ascending);
    // Forwards to the end, and back from there.
    for direction in [Direction::After, Direction::Before] {
        let (mut found, mut anchor) = (Vec::new(), None);
        loop {
            let page = asked.page(&all, anchor, direction, 500);
            found.push(page.hits.iter().map(number).collect::<Vec<_>>());
            let (edge, is_done) = match direction {
                Direction::After => (page.hits.last(), page.at_end),
                Direction::Before => (page.hits.first(), page.at_start),
            };
            if is_done {
                break;
            }
            anchor = edge.map(|hit| hit.cursor.clone());
        }
        if direction == Direction::Before {
            found.reverse();
        }
        check_all(&found.concat(), COUNT as i64, what);
    }
    let Answer::Total(total) = asked.ask(&all, Part::Total).answer else { panic!("{what}") };
    assert_eq!(total.hits, COUNT as u64, "{what}");
    let request = HistogramRequest {
        interval: Interval::Fixed { millis: 60_000 },
        by: Some(Breakdown::Values { field: "service".to_owned(), top: 3 }),
    };
    let Answer::Histogram(histogram) = asked.ask(&all, Part::Histogram(request)).answer else {
        panic!("{what}")
    };
    let counted: u64 = histogram.buckets.iter().map(|bucket| bucket.count).sum();
    assert_eq!(counted, COUNT as u64, "{what}");
    for (field, first) in [("service", None), ("agent", Some("curl/0")), ("message", None)] {
        let part = Part::Facet(FacetRequest { field: field.to_owned(), size: 3 });
        let Answer::Facet(facet) = asked.ask(&all, part).answer else { panic!("{what}: {field}") };
        assert!(!facet.values.is_empty(), "{what}: {field}");
        assert!(first.is_none_or(|label| facet.values[0].label == label), "{what}: {field}");
    }
    let hit = asked.page(&all, None, Direction::After, 20).hits[9].clone();
    let found = asked.ask(&all, Part::Document(hit.cursor.clone())).answer;
    let Answer::Document(Some(document)) = found else { panic!("{what}: {found:?}") };
    assert_eq!(number(&document), number(&hit), "{what}");
    let part = Part::Surrounding { of: hit.cursor.clone(), before: 3, after: 4 };
    let found = asked.ask(&all, part).answer;
    let Answer::Surrounding { page, at } = found else { panic!("{what}: {found:?}") };
    assert_eq!((page.hits.len(), page.hits[at].id == hit.id), (8, true), "{what}");
    let pattern = "request 1208 ".to_owned();
    let part = Part::Find { pattern, from: Some(hit.cursor), direction: Direction::After };
    let found = asked.ask(&all, part).answer;
    let Answer::Found(Some(found)) = found else { panic!("{what}: {found:?}") };
    assert_eq!(number(&found), 1208, "{what}");
    let part = Part::Suggest { field: "service".to_owned(), text: "s1".to_owned(), size: 5 };
    let Answer::Suggestions(values) = asked.ask(&all, part).answer else { panic!("{what}") };
    assert_eq!(values[0].label, "s1", "{what}");
    // Export and live tail.
    check_all(&numbers(&asked.runtime, asked.source.session(), &all, |_| ()), COUNT as i64, what);
    let mut tail = Tail::new(asked.source.session(), &all, &[]);
    let mut seen = Vec::new();
    for _ in 0..2 {
        loop {
            let hits = asked.runtime.block_on(tail.page()).unwrap();
            if hits.is_empty() {
                break;
            }
            seen.extend(hits.iter().map(number));
        }
    }
    check_all(&seen, COUNT as i64, what);
    asked.runtime.block_on(asked.source.session().close());
}

/// The program, as a person calls it.
fn the_program_answers(address: &str) {
    let query = |more: &[&str]| text(0, &[&["query", address], more].concat());
    assert_eq!(query(&["-q", "status >= 500", "--format", "count"]).trim(), "469", "{address}");
    let mut rows = query(&[]).lines().map(str::to_owned).collect::<Vec<_>>();
    let mut sent = documents(COUNT);
    sent.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, sent, "{address}");
    assert!(text(0, &["fields", address]).contains("agent.keyword"), "{address}");
    let proof = peavey(&["cluster", "test", address]);
    let said = String::from_utf8_lossy(&proof.stdout).into_owned();
    assert_eq!(proof.status.code(), Some(0), "{address}: {said}");
    assert!(said.contains("does not tell this user its version"), "{address}: {said}");
    assert!(said.contains("2,345") || said.contains("2345"), "{address}: {said}");
    let home = tempfile::tempdir().unwrap();
    let mut following = Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(["query", address, "-f", "--fields", "n", "--format", "ndjson"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(following.stdout.take().unwrap()).lines();
    let given = lines.map_while(Result::ok).take(COUNT).count();
    let _ = following.kill();
    let _ = following.wait();
    assert_eq!(given, COUNT, "{address}");
}

#[test]
fn whoever_may_read_one_pattern_and_nothing_else_can_do_everything() {
    let test = "whoever_may_read_one_pattern_and_nothing_else_can_do_everything";
    for name in names() {
        let Some(engine) = Engine::shared(name, test) else { return };
        let Some(guard) = Guard::start(engine, test) else { return };
        engine.fill("least-rows", MAPPING, &documents(COUNT));
        for (door, url) in DOORS.iter().zip(&guard.urls) {
            let what = format!("{name}, {door}");
            let runtime = runtime();
            let connection = Connection::to(url);
            let client = Client::new(&connection).unwrap();
            let listed = runtime.block_on(catalog::list(&client));
            assert!(listed.unwrap_err().is_not_there(), "{what}: the pattern is typed then");
            let source = runtime.block_on(ElasticSource::connect(&connection, "least-*", None));
            let asked = Asked { source: source.unwrap(), runtime };
            everything_is_answered(&asked, &what);
            let told = asked.source.session().engine.product;
            let is_fork = name.starts_with("os");
            let expected = if is_fork { Product::OpenSearch } else { Product::Elasticsearch };
            assert_eq!(told, expected, "{what}");
            let all = search(Clause::MatchAll, SortOrder::Ascending);
            let part = Part::Page(peavey::query::PageRequest {
                anchor: None,
                inclusive: false,
                direction: Direction::After,
                count: 5,
                fields: Vec::new(),
            });
            let warnings = asked.ask(&all, part).warnings;
            let is_told = warnings.iter().any(|warning| warning.message.contains("rows may shift"));
            assert_eq!(is_told, *door == "no points in time", "{what}: {warnings:?}");
            the_program_answers(&format!("{url}/least-*"));
            let log = guard.log(url);
            let (mut refused, mut pits) = (0, 0);
            for line in &log {
                let is_pit = line.contains("_pit") || line.contains("point_in_time");
                refused += u32::from(line.contains(" 403 "));
                pits += u32::from(is_pit && line.contains(" 200 "));
            }
            assert!(refused > 3, "{what}: {refused} refused of {}", log.len());
            assert_eq!(pits > 0, *door != "no points in time", "{what}: {log:?}");
        }
    }
}
