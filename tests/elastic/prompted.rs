//! On a real terminal: a certificate that nobody vouches for is shown and pinned after a yes, and a
//! cluster that asks who is there is answered without showing the password.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::nginx::{Nginx, PASSWORD, USER};
use crate::support::engine::Engine;
use crate::support::skip;
use crate::{MAPPING, documents};

const PATIENCE: Duration = Duration::from_secs(60);

/// A shell under tmux, with a server of its own.
struct Terminal {
    socket: String,
}

impl Terminal {
    fn open(nginx: &Nginx, test: &str) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            skip(test, "tmux is not installed");
            return None;
        }
        let terminal = Self { socket: format!("peavey-prompted-{}", std::process::id()) };
        let variables = [
            format!("HOME={}", nginx.folder().display()),
            format!("PEAVEY={}", env!("CARGO_BIN_EXE_peavey")),
            "LC_ALL=C.UTF-8".to_owned(),
            "TZ=UTC".to_owned(),
        ];
        let mut arguments = vec!["new-session", "-d", "-x", "100", "-y", "30"];
        for variable in &variables {
            arguments.extend(["-e", variable]);
        }
        arguments.push(
            "env -u XDG_CONFIG_HOME -u PEAVEY_CONFIG_DIR PS1='shell> ' bash --norc --noprofile",
        );
        terminal.tmux(&arguments);
        terminal.wait_for("shell>");
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("tmux");
        let output = command.args(["-L", &self.socket, "-f", "/dev/null"]).args(arguments);
        String::from_utf8_lossy(&output.output().unwrap().stdout).into_owned()
    }

    fn enter(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
        self.tmux(&["send-keys", "Enter"]);
    }

    fn wait_for(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    fn until(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.tmux(&["capture-pane", "-p", "-J"]);
            if is_there(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "waited for {what}; the screen is\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a command on an empty screen, so that nothing of the last one is taken for its own.
    fn run(&self, command: &str) {
        self.enter("clear");
        self.until("an empty screen", |screen| screen.trim() == "shell>");
        self.enter(command);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

#[test]
fn a_person_is_asked_for_what_is_missing() {
    let test = "a_person_is_asked_for_what_is_missing";
    let Some(engine) = Engine::shared("os38", test) else { return };
    engine.fill("prompted", MAPPING, &documents(30));
    let Some(nginx) = Nginx::start(&engine.url, test) else { return };
    let Some(terminal) = Terminal::open(&nginx, test) else { return };
    let folder = nginx.folder().join(".config/peavey/clusters");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("prod.toml");
    let profile = format!("hosts = ['{}']\npath-prefix = 'word'\n", nginx.url("tls"));
    fs::write(&file, &profile).unwrap();
    let ask = "$PEAVEY query es://prod/prompted --format count";
    // No yes: nothing is trusted, nothing is written.
    terminal.run(ask);
    let shown = terminal.wait_for("pin it in the profile prod? [y/N]");
    assert!(shown.contains("subject  CN=tls") && shown.contains("issuer   CN=Test_authority"));
    let pin = nginx.fingerprint("ca.pem").replace(':', "").to_lowercase();
    assert!(shown.contains(&pin), "{pin} in {shown}");
    terminal.enter("");
    terminal.wait_for("is not trusted");
    assert_eq!(fs::read_to_string(&file).unwrap(), profile);
    // A yes pins; then the cluster asks who is there.
    terminal.run(ask);
    terminal.wait_for("pin it in the profile prod? [y/N]");
    terminal.enter("y");
    terminal.wait_for("asks who you are. User:");
    assert!(fs::read_to_string(&file).unwrap().contains(&format!("ca-fingerprint = \"{pin}\"")));
    terminal.enter(USER);
    terminal.wait_for(&format!("Password of {USER} at 127.0.0.1"));
    terminal.enter("mistyped-secret");
    terminal.wait_for(&format!("does not take user {USER} (typed)"));
    terminal.wait_for(&format!("Password of {USER} at 127.0.0.1:{}: \n\n", nginx.port("tls")));
    terminal.enter(PASSWORD);
    let shown = terminal.wait_for("\n30\n");
    assert!(!shown.contains(PASSWORD) && !shown.contains("mistyped"), "{shown}");
    // The screen: a profile that checks nothing says so in its title.
    let word = format!("{profile}\n[authentication]\nuser = '{USER}'\n[tls]\nverify = false\n");
    fs::write(&file, word).unwrap();
    terminal.run("$PEAVEY es://prod/prompted");
    terminal.wait_for("Password of");
    terminal.enter(PASSWORD);
    terminal.wait_for("certificate NOT checked");
    let shown = terminal.wait_for("request 29 done");
    assert!(shown.contains("prompted at prod"), "{shown}");
    terminal.tmux(&["send-keys", "q"]);
    terminal.wait_for("shell>");
}
