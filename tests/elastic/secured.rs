//! The program against a real node behind nginx: TLS with an authority of its own, a user name and
//! password, an API key, a path before the data view. No secret is in any output.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{engine::Engine, skip};
use crate::{MAPPING, documents};

const PASSWORD: &str = "wholly-secret-word";

/// A running nginx; it ends when its shell's input closes, however the test ends.
struct Proxy {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Option<Output> {
    let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    Command::new(program).args(arguments).current_dir(folder).env("PATH", path).output().ok()
}

/// An authority, and a certificate for this machine that it signed.
fn certificates(folder: &Path) -> Option<()> {
    fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1\n").ok()?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let authority = ["req", "-x509", "-subj", "/CN=Test authority", "-days", "2"];
    let files = ["-keyout", "ca.key", "-out", "ca.pem"];
    let own = ["req", "-subj", "/CN=node", "-keyout", "node.key", "-out", "node.csr"];
    let sign = ["x509", "-req", "-in", "node.csr", "-CA", "ca.pem", "-CAkey", "ca.key"];
    let into = ["-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "node.pem"];
    for arguments in [
        [&authority[..], &key, &files].concat(),
        [&own[..], &key].concat(),
        [&sign[..], &into].concat(),
    ] {
        let output = run(folder, "openssl", &arguments)?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    // The chain that is sent holds the authority, as Elasticsearch's own does.
    let chain = [fs::read(folder.join("node.pem")).ok()?, fs::read(folder.join("ca.pem")).ok()?];
    fs::write(folder.join("chain.pem"), chain.concat()).ok()
}

impl Proxy {
    fn start(node: &str) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let at = folder.path();
        run(at, "nginx", &["-v"])?;
        certificates(at)?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        fs::write(at.join("users"), format!("eva:{{PLAIN}}{PASSWORD}\n")).ok()?;
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log; events {{}}
             http {{ access_log off; client_body_temp_path body; proxy_temp_path proxy;
               fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
               server {{ listen 127.0.0.1:{port} ssl; ssl_certificate chain.pem; ssl_certificate_key node.key;
                 location /word/ {{ auth_basic node; auth_basic_user_file users; proxy_set_header Authorization ''; proxy_pass {node}/; }}
                 location /key/ {{ if ($http_authorization != 'ApiKey aWQ6c2VjcmV0') {{ add_header WWW-Authenticate ApiKey always; return 401; }}
                   proxy_set_header Authorization ''; proxy_pass {node}/; }} }} }}"
        );
        fs::File::create(at.join("nginx.conf")).ok()?.write_all(config.as_bytes()).ok()?;
        let script = r#"PATH="$PATH:/usr/sbin"; nginx -p "$0" -c nginx.conf -e error.log & cat >/dev/null; kill $!; wait"#;
        let child = Command::new("sh")
            .args(["-c", script])
            .arg(at)
            .current_dir(at)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let proxy = Self { child, folder, port };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(proxy.folder.path().join("error.log")).unwrap_or_default();
            assert!(begun.elapsed() < Duration::from_secs(20), "nginx did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(proxy)
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Counts the index behind a location: exit status and all that is said.
    fn count(&self, location: &str, options: &[&str], password: &str) -> (i32, String) {
        let address = format!("https://127.0.0.1:{}/{location}/secured", self.port);
        let output = Command::new(env!("CARGO_BIN_EXE_peavey"))
            .args(["query", &address, "--format", "count"])
            .args(options)
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PEAVEY_PASSWORD", password)
            .env("API_KEY", "id:secret")
            .env("ENCODED", "aWQ6c2VjcmV0")
            .env("WRONG_KEY", "id:other")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        for secret in [password, "aWQ6c2VjcmV0", "id:other"] {
            assert!(!said.contains(secret), "{said}");
        }
        (output.status.code().unwrap_or(-1), said)
    }
}

#[test]
fn a_secured_cluster_is_opened_with_the_right_credentials_alone() {
    let test = "a_secured_cluster_is_opened_with_the_right_credentials_alone";
    let Some(engine) = Engine::shared("os38", test) else { return };
    engine.fill("secured", MAPPING, &documents(30));
    let Some(proxy) = Proxy::start(&engine.url) else {
        return skip(test, "nginx or openssl is not here");
    };
    let check = |location: &str, options: &[&str], password: &str, status: i32, word: &str| {
        let (code, said) = proxy.count(location, options, password);
        assert!(code == status && said.contains(word), "{location} {options:?}: {code} {said}");
    };
    let authority = proxy.file("ca.pem");
    let trust = ["--ca-cert", authority.as_str()];
    let with = |more: &[&'static str]| [&trust[..], more].concat();
    check("word", &["--user", "eva"], PASSWORD, 2, "is not trusted");
    check("word", &trust, PASSWORD, 2, "give credentials: --user NAME");
    check(
        "word",
        &with(&["--user", "eva"]),
        "another-secret",
        2,
        "does not take user eva (from --user)",
    );
    check("word", &with(&["--user", "eva"]), PASSWORD, 0, "30");
    check("key", &with(&["--api-key-env", "API_KEY"]), PASSWORD, 0, "30");
    check("key", &with(&["--api-key-env", "ENCODED"]), PASSWORD, 0, "30");
    check("key", &with(&["--api-key-env", "WRONG_KEY"]), PASSWORD, 2, "401");
    // The fingerprint of the authority, as openssl prints it.
    let folder = proxy.folder.path();
    let arguments = ["x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha256"];
    let printed = run(folder, "openssl", &arguments).unwrap().stdout;
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let fingerprint = printed.trim().rsplit('=').next().unwrap_or_default();
    check("word", &["--user", "eva", "--ca-fingerprint", fingerprint], PASSWORD, 0, "30");
    let other = "ab".repeat(32);
    check("word", &["--user", "eva", "--ca-fingerprint", &other], PASSWORD, 2, "is not trusted");
}
