//! nginx in front of a node: TLS of many kinds, names and passwords, keys, redirects, echoes.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::skip;

/// The user's name.
pub(crate) const USER: &str = "eva";
/// The user's password, with what needs to be encoded somewhere.
pub(crate) const PASSWORD: &str = "wholly secret+wörd%1";
/// An API key, and as it travels.
pub(crate) const KEY: (&str, &str) = ("id:sec-ret-key", "aWQ6c2VjLXJldC1rZXk=");
/// A token.
pub(crate) const TOKEN: &str = "AAEAAWVsYXN0aWMtdG9rZW4";

/// A running nginx; it ends when its shell's input closes, however the test ends.
pub(crate) struct Nginx {
    child: Child,
    folder: tempfile::TempDir,
    /// Ports, in the order of [`PORTS`].
    ports: Vec<u16>,
}

/// What listens: TLS with all that is right, plain, and TLS where something is not.
const PORTS: [&str; 6] = ["tls", "plain", "client", "expired", "future", "other"];

impl Drop for Nginx {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    Command::new(program).args(arguments).current_dir(folder).env("PATH", path).output().ok()
}

fn openssl(folder: &Path, line: &str) -> Option<()> {
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = run(folder, "openssl", &arguments)?;
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

const CA: &str = "[ca]\ndefault_ca = d\n[d]\ndatabase = index\nnew_certs_dir = .\nrand_serial = yes\n\
    default_md = sha256\npolicy = p\nunique_subject = no\n[p]\ncommonName = supplied\n";

const NEW_KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

/// An authority of its own.
fn authority(folder: &Path, name: &str) -> Option<()> {
    let subject = if name == "ca" { "Test_authority" } else { name };
    let line = format!(
        "req -x509 -subj /CN={subject} -days 2 {NEW_KEY} -keyout {name}.key -out {name}.pem"
    );
    openssl(folder, &line)
}

/// A key and its certificate, signed by an authority for the names of a file, valid from one day
/// until another.
fn sign(folder: &Path, name: &str, by: &str, names: &str, days: (i64, i64)) -> Option<()> {
    let day = |days: i64| {
        let at = chrono::Utc::now() + chrono::Duration::days(days);
        at.format("%Y%m%d%H%M%SZ").to_string()
    };
    openssl(folder, &format!("req -subj /CN={name} {NEW_KEY} -keyout {name}.key -out {name}.csr"))?;
    let (from, until) = (day(days.0), day(days.1));
    openssl(
        folder,
        &format!(
            "ca -config ca.cnf -batch -notext -in {name}.csr -cert {by}.pem -keyfile {by}.key -startdate {from} -enddate {until} -extfile {names} -out {name}.own"
        ),
    )?;
    // The chain that is sent holds the authority, as Elasticsearch's own does.
    let chain = [
        fs::read(folder.join(format!("{name}.own"))).ok()?,
        fs::read(folder.join(format!("{by}.pem"))).ok()?,
    ];
    fs::write(folder.join(format!("{name}.pem")), chain.concat()).ok()
}

/// An authority and what it signed: for this machine, for another, of the past, of the future, and
/// a client's.
fn certificates(folder: &Path) -> Option<()> {
    fs::write(folder.join("here"), "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:es.invalid\n")
        .ok()?;
    fs::write(folder.join("there"), "subjectAltName=DNS:other.example\n").ok()?;
    fs::write(folder.join("ca.cnf"), CA).ok()?;
    fs::write(folder.join("index"), "").ok()?;
    authority(folder, "ca")?;
    for (name, names, from, until) in [
        ("tls", "here", -1, 40),
        ("client", "here", -1, 2),
        ("expired", "here", -9, -3),
        ("future", "here", 3, 9),
        ("other", "there", -1, 2),
        ("me", "here", -1, 2),
    ] {
        sign(folder, name, "ca", names, (from, until))?;
    }
    Some(())
}

/// Runs it over a folder until the input closes.
fn launch(folder: &Path) -> Option<Child> {
    let script = r#"PATH="$PATH:/usr/sbin"; nginx -p "$0" -c nginx.conf -e error.log & cat >/dev/null; kill $!; wait"#;
    Command::new("sh")
        .args(["-c", script])
        .arg(folder)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()
}

impl Nginx {
    /// Starts it before a node, or says that `test` is skipped.
    pub(crate) fn start(node: &str, test: &str) -> Option<Self> {
        let started = Self::try_start(node);
        if started.is_none() {
            skip(test, "nginx or openssl is not here");
        }
        started
    }

    fn try_start(node: &str) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let at = folder.path();
        run(at, "nginx", &["-v"])?;
        certificates(at)?;
        // All are held at once, so that no two are the same.
        let held: Vec<TcpListener> =
            PORTS.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let ports: Vec<u16> =
            held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        drop(held);
        fs::write(at.join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).ok()?;
        let port = |name: &str| ports[PORTS.iter().position(|known| *known == name).unwrap()];
        let plain = port("plain");
        let key = KEY.1;
        let echo = |(location, secret): (&str, &str)| {
            format!(
                "location /echo-{location}/ {{ default_type application/json;
                   return 400 '{{\"error\":{{\"type\":\"echo\",\"reason\":\"{secret} and $http_authorization\"}},\"status\":400}}'; }}"
            )
        };
        let echoes = [("word", PASSWORD), ("key", KEY.0), ("token", TOKEN)].map(echo);
        let locations = format!(
            "location /word/ {{ auth_basic node; auth_basic_user_file users; proxy_set_header Authorization ''; proxy_pass {node}/; }}
             location /key/ {{ if ($http_authorization != 'ApiKey {key}') {{ add_header WWW-Authenticate ApiKey always; return 401; }}
               proxy_set_header Authorization ''; proxy_pass {node}/; }}
             location /token/ {{ if ($http_authorization != 'Bearer {TOKEN}') {{ add_header WWW-Authenticate Bearer always; return 401; }}
               proxy_set_header Authorization ''; proxy_pass {node}/; }}
             location /open/ {{ proxy_pass {node}/; }}
             location /moved/ {{ return 307 http://127.0.0.1:{plain}/taken/; }}
             location /taken/ {{ return 200 '{{}}'; }}
             {}",
            echoes.concat()
        );
        let mut servers = String::new();
        for (name, port) in PORTS.iter().zip(&ports) {
            let listen = match *name {
                "plain" => format!("listen 127.0.0.1:{port};"),
                "tls" => format!("listen 127.0.0.1:{port} ssl http2;"),
                _ => format!("listen 127.0.0.1:{port} ssl;"),
            };
            let tls = match *name {
                "plain" => String::new(),
                name => format!(
                    "ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {name}.pem; ssl_certificate_key {name}.key;"
                ),
            };
            let client = if *name == "client" {
                "ssl_verify_client on; ssl_client_certificate ca.pem;"
            } else {
                ""
            };
            servers.push_str(&format!("server {{ {listen} {tls} {client} {locations} }}\n"));
        }
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log; events {{}}
             http {{ log_format own '$server_port $connection $server_protocol $bytes_sent [$sent_http_content_encoding] [$http_authorization] $request_uri';
               access_log access.log own; client_body_temp_path body; proxy_temp_path proxy;
               fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
               gzip on; gzip_types application/json; gzip_min_length 256; gzip_proxied any;
               {servers} }}"
        );
        fs::write(at.join("nginx.conf"), config).ok()?;
        let child = launch(at)?;
        let nginx = Self { child, folder, ports };
        nginx.wait();
        Some(nginx)
    }

    /// Waits until all of it listens.
    fn wait(&self) {
        let begun = Instant::now();
        while self.ports.iter().any(|port| TcpStream::connect(("127.0.0.1", *port)).is_err()) {
            let log = fs::read_to_string(self.path("error.log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "nginx did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Makes a certificate for this machine, signed by an authority, which is made where it is new.
    pub(crate) fn certify(&self, name: &str, by: &str) {
        if !self.folder().join(format!("{by}.pem")).exists() {
            authority(self.folder(), by).unwrap();
        }
        sign(self.folder(), name, by, "here", (-1, 2)).unwrap();
    }

    /// Starts it anew at the same ports with another certificate at `tls`.
    pub(crate) fn show(&mut self, name: &str) {
        for kind in ["pem", "key"] {
            fs::copy(self.path(&format!("{name}.{kind}")), self.path(&format!("tls.{kind}")))
                .unwrap();
        }
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
        self.child = launch(self.folder()).unwrap();
        self.wait();
    }

    /// From now on the user has this password.
    pub(crate) fn admit(&self, password: &str) {
        // In one step: it is read for each request.
        fs::write(self.path("users.new"), format!("{USER}:{{PLAIN}}{password}\n")).unwrap();
        fs::rename(self.path("users.new"), self.path("users")).unwrap();
    }

    /// The folder of its certificates, which serves as a home too.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of its folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// The port of a server.
    pub(crate) fn port(&self, name: &str) -> u16 {
        self.ports[PORTS.iter().position(|known| *known == name).unwrap()]
    }

    /// `https://127.0.0.1:PORT` of a server.
    pub(crate) fn url(&self, name: &str) -> String {
        let scheme = if name == "plain" { "http" } else { "https" };
        format!("{scheme}://127.0.0.1:{}", self.port(name))
    }

    /// SHA-256 of a certificate, as openssl prints it.
    pub(crate) fn fingerprint(&self, name: &str) -> String {
        let arguments = ["x509", "-in", name, "-noout", "-fingerprint", "-sha256"];
        let printed = run(self.folder(), "openssl", &arguments).unwrap().stdout;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        printed.trim().rsplit('=').next().unwrap_or_default().to_owned()
    }

    /// The lines of its log: port, connection, protocol, bytes, encoding, authorization, path.
    pub(crate) fn log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("access.log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Peavey with an empty environment and a home of its own.
    pub(crate) fn peavey(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peavey"));
        command.args(arguments).env_clear().env("HOME", self.folder()).stdin(Stdio::null());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Runs it: exit status and the words of all that is said, without any secret in them.
    pub(crate) fn say(&self, command: &mut Command) -> (i32, String) {
        let output = command.current_dir(self.folder()).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        let basic = format!("{USER}:{PASSWORD}");
        for secret in [PASSWORD, KEY.1, "sec-ret-key", TOKEN, &base64(&basic), "another-secret"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
        // Lines are broken at the terminal's width: words are compared, not lines.
        let words: Vec<String> = said
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        (output.status.code().unwrap_or(-1), words.join(" "))
    }
}

/// Base64 by the system's tool.
pub(crate) fn base64(text: &str) -> String {
    let mut child = Command::new("openssl")
        .args(["base64", "-A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}
