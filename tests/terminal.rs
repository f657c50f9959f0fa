//! Peavey in a real terminal, under tmux: what no test backend shows.
//!
//! Every run has its own tmux server on a socket of its own; texts are waited for, never slept for.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test may fail"
)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Longest wait for a text to appear.
const PATIENCE: Duration = Duration::from_secs(30);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A terminal in which a shell runs; ended when dropped.
struct Terminal {
    socket: String,
    home: tempfile::TempDir,
}

impl Terminal {
    /// Opens a terminal of a size, or says that the test is skipped.
    fn open(test: &str, size: (u16, u16)) -> Option<Self> {
        if Command::new("tmux").arg("-V").output().is_err() {
            support::skip(test, "tmux is not installed");
            return None;
        }
        let socket =
            format!("peavey-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let home = tempfile::tempdir().unwrap();
        let terminal = Self { socket, home };
        let (width, height) = (size.0.to_string(), size.1.to_string());
        let environment = [
            ("HOME", terminal.home.path().display().to_string()),
            ("TZ", "UTC".to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
            ("PS1", "shell> ".to_owned()),
            ("COLORTERM", "truecolor".to_owned()),
            ("TMPDIR", terminal.home.path().display().to_string()),
            ("PEAVEY", env!("CARGO_BIN_EXE_peavey").to_owned()),
        ];
        let mut arguments = vec![
            "new-session".to_owned(),
            "-d".to_owned(),
            "-x".to_owned(),
            width,
            "-y".to_owned(),
            height,
        ];
        for (name, value) in environment {
            arguments.extend(["-e".to_owned(), format!("{name}={value}")]);
        }
        arguments.push(
            "env -u NO_COLOR -u RUST_BACKTRACE -u XDG_CONFIG_HOME -u XDG_CACHE_HOME PS1='shell> ' bash --norc --noprofile"
                .to_owned(),
        );
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        terminal.tmux(&arguments);
        terminal.tmux(&["set", "-s", "escape-time", "0"]);
        terminal.tmux(&["set", "-s", "set-clipboard", "on"]);
        terminal.wait_for("shell>");
        Some(terminal)
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-L", &self.socket, "-f", "/dev/null"])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    fn type_text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    fn keys(&self, keys: &[&str]) {
        let mut arguments = vec!["send-keys"];
        arguments.extend(keys);
        self.tmux(&arguments);
    }

    fn run(&self, command: &str) {
        self.type_text(command);
        self.keys(&["Enter"]);
    }

    /// Waits until the screen fulfils a condition; fails with the screen otherwise.
    fn until(&self, what: &str, condition: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let screen = self.screen();
            if condition(&screen) {
                return screen;
            }
            assert!(begun.elapsed() < PATIENCE, "waited for {what}; the screen is\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_for(&self, text: &str) -> String {
        self.until(text, |screen| screen.contains(text))
    }

    /// Waits for the shell, and says whether the terminal is as it was before.
    fn assert_restored(&self) {
        let modes =
            || self.tmux(&["display", "-p", "#{alternate_on} #{mouse_any_flag} #{cursor_flag}"]);
        let begun = Instant::now();
        while modes().trim() != "0 0 1" {
            assert!(
                begun.elapsed() < PATIENCE,
                "the terminal was left as {}\n{}",
                modes(),
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        // What is typed is echoed and run: the terminal is in no raw mode.
        self.run("echo rest''ored");
        self.wait_for("restored");
    }

    /// The process of Peavey below the terminal's shell.
    fn peavey_pid(&self) -> String {
        let shell = self.tmux(&["display", "-p", "#{pane_pid}"]).trim().to_owned();
        let output =
            Command::new("ps").args(["-o", "pid=,comm=", "--ppid", &shell]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text
            .lines()
            .find(|line| line.contains("peavey"))
            .unwrap_or_else(|| panic!("no peavey in {text}"));
        line.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/parcel-tracking")
}

#[test]
fn it_starts_searches_and_leaves_the_terminal_as_it_was() {
    let Some(terminal) =
        Terminal::open("it_starts_searches_and_leaves_the_terminal_as_it_was", (120, 36))
    else {
        return;
    };
    terminal.run("\"$PEAVEY\" demo");
    terminal.wait_for("6,197");
    terminal.keys(&["i"]);
    terminal.type_text("http.response.status_code >= 500");
    terminal.keys(&["Enter"]);
    terminal.wait_for("436");
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn without_colour_and_at_80_by_24_it_works_the_same() {
    let Some(terminal) =
        Terminal::open("without_colour_and_at_80_by_24_it_works_the_same", (80, 24))
    else {
        return;
    };
    terminal.run("NO_COLOR=1 \"$PEAVEY\" demo weblogs");
    terminal.wait_for("1,770");
    terminal.keys(&["i"]);
    terminal.type_text("response: 5*");
    terminal.keys(&["Enter"]);
    terminal.wait_for("47");
    let painted = terminal.tmux(&["capture-pane", "-p", "-e"]);
    assert!(
        !painted.contains("\u{1b}[38;") && !painted.contains("\u{1b}[48;"),
        "colour in spite of NO_COLOR"
    );
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn it_follows_a_growing_file_through_its_rotation() {
    let Some(terminal) =
        Terminal::open("it_follows_a_growing_file_through_its_rotation", (100, 30))
    else {
        return;
    };
    let log = terminal.home.path().join("app.log");
    let line =
        |second: u32, text: &str| format!("INFO|apps.x|2026-11-21T10:00:{second:02}.000|{text}\n");
    std::fs::write(&log, line(1, "first record")).unwrap();
    terminal.run(&format!("\"$PEAVEY\" -f {}", log.display()));
    terminal.wait_for("first record");
    let append = |text: &str| {
        use std::io::Write;
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    };
    append(&line(2, "second record"));
    terminal.wait_for("second record");
    std::fs::rename(&log, log.with_extension("log.1")).unwrap();
    append(&line(3, "third record"));
    terminal.wait_for("third record");
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_paste_into_the_table_opens_the_query_bar_and_runs_no_keys() {
    let Some(terminal) =
        Terminal::open("a_paste_into_the_table_opens_the_query_bar_and_runs_no_keys", (100, 30))
    else {
        return;
    };
    terminal.run("\"$PEAVEY\" demo weblogs");
    terminal.wait_for("1,770");
    terminal.tmux(&["set-buffer", "qqq quit"]);
    terminal.tmux(&["paste-buffer", "-p"]);
    terminal.wait_for("qqq quit");
    terminal.keys(&["C-c"]);
    terminal.keys(&["C-c"]);
    terminal.assert_restored();
}

#[test]
fn a_resize_redraws_and_a_tiny_window_does_no_harm() {
    let Some(terminal) =
        Terminal::open("a_resize_redraws_and_a_tiny_window_does_no_harm", (140, 45))
    else {
        return;
    };
    terminal.run("\"$PEAVEY\" demo weblogs");
    terminal.wait_for("1,770");
    for (width, height) in [("20", "5"), ("200", "60"), ("80", "24")] {
        terminal.tmux(&["resize-window", "-x", width, "-y", height]);
        terminal.until("the new size", |_| {
            terminal.tmux(&["display", "-p", "#{pane_width}"]).trim() == width
        });
    }
    terminal.wait_for("1,770");
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_signal_to_end_restores_the_terminal() {
    for signal in ["-TERM", "-HUP"] {
        let Some(terminal) = Terminal::open("a_signal_to_end_restores_the_terminal", (80, 24))
        else {
            return;
        };
        terminal.run("\"$PEAVEY\" demo weblogs");
        terminal.wait_for("1,770");
        let pid = terminal.peavey_pid();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        terminal.assert_restored();
    }
}

#[test]
fn suspended_it_gives_the_terminal_back_and_returns() {
    let Some(terminal) =
        Terminal::open("suspended_it_gives_the_terminal_back_and_returns", (80, 24))
    else {
        return;
    };
    terminal.run("\"$PEAVEY\" demo weblogs");
    terminal.wait_for("1,770");
    terminal.keys(&["C-z"]);
    terminal.assert_restored();
    terminal.run("clear; fg");
    terminal.wait_for("1,770");
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_panic_restores_the_terminal_and_is_told() {
    let Some(terminal) = Terminal::open("a_panic_restores_the_terminal_and_is_told", (80, 24))
    else {
        return;
    };
    terminal.run("PEAVEY_PANIC=draw \"$PEAVEY\" demo weblogs");
    terminal.wait_for("panicked");
    terminal.assert_restored();
}

#[test]
fn a_span_of_the_histogram_is_zoomed_with_keys() {
    let Some(terminal) = Terminal::open("a_span_of_the_histogram_is_zoomed_with_keys", (120, 36))
    else {
        return;
    };
    terminal.run("\"$PEAVEY\" demo");
    terminal.wait_for("6,197");
    terminal.keys(&["v"]);
    terminal.keys(&["Right", "Right", "Enter"]);
    terminal.until("fewer hits", |screen| {
        !screen.contains("6,197 hits") && !screen.contains("of 6,197 hits\n")
    });
    terminal.keys(&["u"]);
    terminal.wait_for("6,197");
    // The histogram may still have the keys; from the table, q ends the program.
    terminal.keys(&["g", "d"]);
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_record_is_copied_through_the_terminal() {
    let Some(terminal) = Terminal::open("a_record_is_copied_through_the_terminal", (100, 30))
    else {
        return;
    };
    let log = sample().join("flower.log.gz");
    terminal.run(&format!("\"$PEAVEY\" {}", log.display()));
    terminal.wait_for("90");
    terminal.keys(&["g", "g"]);
    terminal.keys(&["y", "r"]);
    let begun = Instant::now();
    while !terminal.tmux(&["show-buffer"]).contains("|2026-11-21T") {
        assert!(begun.elapsed() < PATIENCE, "nothing was copied\n{}", terminal.screen());
        std::thread::sleep(Duration::from_millis(20));
    }
    terminal.keys(&["q"]);
    terminal.assert_restored();
}

#[test]
fn a_dumb_terminal_is_told_of_the_headless_twin() {
    let Some(terminal) = Terminal::open("a_dumb_terminal_is_told_of_the_headless_twin", (80, 24))
    else {
        return;
    };
    terminal.run("TERM=dumb \"$PEAVEY\" demo; echo status $?");
    let screen = terminal.wait_for("status 2");
    assert!(screen.contains("peavey query"), "{screen}");
}
