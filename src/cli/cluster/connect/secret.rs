//! Fetches a secret from where a profile or option says that it is.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::origin::Variables;
use crate::config::cluster::{Guarded, SecretPlace, read_guarded};
use crate::source::elastic::Secret;

/// Longest wait for a command, which may ask its person for something.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// More output than this is no secret.
const LARGEST: u64 = 64 * 1024;

/// Fetches a secret. What goes wrong is told without anything that was printed or read.
///
/// # Errors
/// A text for the user.
pub(super) fn fetch(
    place: &SecretPlace,
    variables: &Variables<'_>,
    patience: Duration,
) -> Result<Secret, String> {
    match place {
        SecretPlace::Variable(name) => variables
            .get(name)
            .map(Secret::new)
            .ok_or_else(|| format!("there is no variable {name}, or it is empty")),
        SecretPlace::File(path) => of_file(path),
        SecretPlace::Command(words) => of_command(words, patience),
    }
}

fn of_file(path: &Path) -> Result<Secret, String> {
    let text = read_guarded(path, Guarded::FromReading)?;
    first_line(&text).ok_or_else(|| format!("{} holds nothing in its first line", path.display()))
}

fn of_command(words: &[String], patience: Duration) -> Result<Secret, String> {
    let shown = format!("the command `{}`", words.join(" "));
    let (program, arguments) =
        words.split_first().ok_or_else(|| "no command is named".to_owned())?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{shown} cannot be run: {error}"))?;
    let until = Instant::now() + patience;
    let printed = printed(&mut child, until);
    let status = printed.and_then(|text| Some((ended(&mut child, until)?, text)));
    let Some((status, text)) = status else {
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!("{shown} did not end within {} s", patience.as_secs()));
    };
    if !status.success() {
        return Err(format!("{shown} failed ({status}); run it yourself to see why"));
    }
    first_line(&text).ok_or_else(|| format!("{shown} printed nothing in its first line"))
}

/// What a command prints; `None` when its time is over.
fn printed(child: &mut Child, until: Instant) -> Option<String> {
    let out = child.stdout.take()?;
    let (tell, told) = mpsc::channel();
    // On a thread of its own, which is left alone when the time is over.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = out.take(LARGEST).read_to_end(&mut bytes);
        let _ = tell.send(bytes);
    });
    let bytes = told.recv_timeout(until.saturating_duration_since(Instant::now())).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn ended(child: &mut Child, until: Instant) -> Option<std::process::ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn first_line(text: &str) -> Option<Secret> {
    let line = text.lines().next().unwrap_or_default().trim_end_matches('\r');
    (!line.is_empty()).then(|| Secret::new(line))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::time::{Duration, Instant};

    use super::{Secret, SecretPlace, Variables, fetch};

    fn command(words: &[&str], patience: Duration) -> Result<Secret, String> {
        let place = SecretPlace::Command(words.iter().map(|word| (*word).to_owned()).collect());
        fetch(&place, &Variables(&|_| None), patience)
    }

    #[test]
    fn a_command_gives_its_first_line_and_what_goes_wrong_is_told_without_its_output() {
        let long = Duration::from_secs(20);
        assert_eq!(command(&["printf", "sec ret\\nmore\\n"], long), Ok(Secret::new("sec ret")));
        // No shell: a dollar is a dollar.
        assert_eq!(command(&["printf", "%s", "$HOME;x"], long), Ok(Secret::new("$HOME;x")));
        for (words, expected) in [
            (&["no-such-program-here"][..], "cannot be run"),
            (&["sh", "-c", "echo hidden; echo hidden >&2; exit 3"], "failed (exit status: 3)"),
            (&["true"], "printed nothing"),
        ] {
            let said = command(words, long).unwrap_err();
            assert!(said.contains(expected) && !said.contains("hidden\n"), "{said}");
        }
    }

    #[test]
    fn a_command_that_hangs_is_ended() {
        let begun = Instant::now();
        for words in [&["sleep", "60"][..], &["sh", "-c", "exec >&-; sleep 60"]] {
            let said = command(words, Duration::from_millis(100)).unwrap_err();
            assert!(said.contains("did not end within"), "{said}");
        }
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_secret_file_is_read_when_nobody_else_can() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "of a file\n").unwrap();
        let place = SecretPlace::File(path.clone());
        let read = || fetch(&place, &Variables(&|_| None), Duration::ZERO);
        for (mode, expected) in [(0o600, None), (0o640, Some("chmod 600")), (0o606, Some("go-w"))] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            match expected {
                None => assert_eq!(read(), Ok(Secret::new("of a file"))),
                Some(line) => assert!(read().unwrap_err().contains(line)),
            }
        }
    }
}
