//! Real Elasticsearch and `OpenSearch` nodes for tests: started on a free loopback port, ended with the test.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

/// Longest wait for a node to be ready.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running node. Its standard input is held open; it ends when that closes, however the test ends.
pub struct Engine {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// Its short name (`es9`, `os38`).
    pub name: &'static str,
    child: Child,
    guard: Option<ChildStdin>,
    _folder: tempfile::TempDir,
}

/// Every engine, newest first in each product, with the least JDK that runs it.
const ENGINES: [(&str, u32); 7] = [
    ("es9", 21),
    ("es8", 17),
    ("es717", 17),
    ("es710", 17),
    ("os38", 21),
    ("os219", 17),
    ("os13", 17),
];

/// The engines that this machine's JDK can run (all of them where there is none: then each test
/// says that it is left out), and those that `PEAVEY_ENGINES=es9,os13` leaves of them.
pub fn every() -> &'static [&'static str] {
    static EVERY: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let chosen = std::env::var("PEAVEY_ENGINES").unwrap_or_default();
        let chosen: Vec<&str> = chosen.split(',').filter(|name| !name.is_empty()).collect();
        let jdk = jdk_version();
        let is_run = |row: &&(&'static str, u32)| {
            jdk.is_none_or(|version| row.1 <= version)
                && (chosen.is_empty() || chosen.contains(&row.0))
        };
        for row in ENGINES.iter().filter(|row| chosen.is_empty() && !is_run(row)) {
            let version = jdk.unwrap_or_default();
            super::skip(row.0, &format!("it needs JDK {}, this machine has {version}", row.1));
        }
        ENGINES.iter().filter(is_run).map(|row| row.0).collect()
    });
    &EVERY
}

/// The newest Elasticsearch and the newest `OpenSearch` of them, for tests that need no other.
pub fn names() -> &'static [&'static str] {
    static NEWEST: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        let newest = |product: &str| every().iter().find(|name| name.starts_with(product));
        newest("es").into_iter().chain(newest("os")).copied().collect()
    });
    &NEWEST
}

/// The major version of the JDK that would be used.
fn jdk_version() -> Option<u32> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/jdk");
    let output = Command::new(script).arg("--version").stdin(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Nodes that all tests of a binary share. They end when the process does, as their input closes then.
static SHARED: Mutex<Vec<&'static Engine>> = Mutex::new(Vec::new());

impl Engine {
    /// A node that the tests of this binary share; each uses indices of its own.
    pub fn shared(name: &'static str, test: &str) -> Option<&'static Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = shared.iter().find(|engine| engine.name == name) {
            return Some(engine);
        }
        let engine = Box::leak(Box::new(Self::start(name, test)?));
        shared.push(engine);
        Some(engine)
    }

    /// Starts a node, or says that `test` is skipped as this machine cannot.
    pub fn start(name: &'static str, test: &str) -> Option<Self> {
        Self::start_with(name, test, &[])
    }

    /// The same with settings.
    pub fn start_with(name: &'static str, test: &str, settings: &[&str]) -> Option<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines");
        let setup =
            Command::new(here.join("setup")).arg(name).stdin(Stdio::null()).output().ok()?;
        if !setup.status.success() {
            let why = String::from_utf8_lossy(&setup.stderr).trim().to_owned();
            assert_eq!(setup.status.code(), Some(3), "tests/engines/setup {name}: {why}");
            super::skip(test, &format!("{name} cannot be started: {why}"));
            return None;
        }
        let folder = tempfile::tempdir().ok()?;
        let mut child = Command::new(here.join("node"))
            .arg(name)
            .arg(folder.path())
            .args(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let guard = child.stdin.take();
        let out = child.stdout.take()?;
        let errors = child.stderr.take()?;
        let (ready, wait) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if let Some(rest) = line.strip_prefix("READY ") {
                    let _ = ready.send(rest.split(' ').next().unwrap_or_default().to_owned());
                }
            }
        });
        let said = std::thread::spawn(move || {
            let lines = BufReader::new(errors).lines().map_while(Result::ok);
            lines.take(2000).collect::<Vec<_>>().join("\n")
        });
        match wait.recv_timeout(PATIENCE) {
            Ok(place) => {
                Some(Self { url: format!("http://{place}"), name, child, guard, _folder: folder })
            }
            Err(_late) => {
                let _ = child.kill();
                let _ = child.wait();
                panic!("{name} did not start: {}", said.join().unwrap_or_default());
            }
        }
    }

    /// The process id, for tests that kill or stop the node.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a request and reads the answer as JSON; the status too.
    pub fn request(&self, method: &str, path: &str, body: &str) -> (u16, Json) {
        let kind = if path.contains("_bulk") { "application/x-ndjson" } else { "application/json" };
        let mut command = Command::new("curl");
        command.args([
            "-sS",
            "-X",
            method,
            "-H",
            &format!("Content-Type: {kind}"),
            "-w",
            "\n%{http_code}",
            "--data-binary",
            "@-",
        ]);
        command.arg(format!("{}{path}", self.url));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        {
            use std::io::Write;
            child.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
        }
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (body, status) = text.rsplit_once('\n').unwrap_or(("", "0"));
        (status.trim().parse().unwrap_or(0), serde_json::from_str(body).unwrap_or(Json::Null))
    }

    /// The same, for a request that has to succeed.
    pub fn ok(&self, method: &str, path: &str, body: &str) -> Json {
        let (status, answer) = self.request(method, path, body);
        assert!((200..300).contains(&status), "{} {method} {path}: {status} {answer}", self.name);
        answer
    }

    /// Makes an index with a mapping and fills it with documents, `_id` being the line number.
    pub fn fill(&self, index: &str, mapping: &str, documents: &[String]) {
        self.ok("PUT", &format!("/{index}"), mapping);
        for (chunk, lines) in documents.chunks(2000).enumerate() {
            let mut body = String::new();
            for (at, line) in lines.iter().enumerate() {
                body.push_str(&format!(
                    "{{\"index\":{{\"_id\":\"{}\"}}}}\n{line}\n",
                    chunk * 2000 + at
                ));
            }
            let answer = self.ok("POST", &format!("/{index}/_bulk"), &body);
            assert_eq!(answer["errors"], Json::Bool(false), "{}", answer["items"][0]);
        }
        self.ok("POST", &format!("/{index}/_refresh"), "");
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Closing its input ends it in order; what does not end is killed.
        self.guard = None;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(5) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
