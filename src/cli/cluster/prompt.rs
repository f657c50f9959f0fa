//! Asks the person at the terminal: a password without showing it, a line, a yes.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::memory;
use crate::cli::open::clean;
use crate::source::elastic::Secret;

/// Whether there is a person who can be asked.
pub(super) fn may_ask() -> bool {
    !memory::is_on_screen() && io::stderr().is_terminal() && terminal().is_ok()
}

fn terminal() -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open("/dev/tty")
}

/// Says a line where questions are asked.
pub(super) fn say(text: &str) {
    eprintln!("{}", clean(text));
}

/// Asks for the password of a user.
///
/// # Errors
/// If there is no terminal, or the person gives up (Ctrl-C, Ctrl-D).
pub(super) fn password(user: &str, host: &str) -> Result<Secret, String> {
    let user = clean(user);
    let terminal = if may_ask() { terminal().ok() } else { None };
    let Some(terminal) = terminal else {
        return Err(format!(
            "there is no password for {user} at {host}; set PEAVEY_PASSWORD, name a \
             password-command in a profile, or run on a terminal"
        ));
    };
    let line = ask(terminal, &format!("Password of {user} at {host}: "));
    line.map(Secret::new).map_err(|error| format!("no password was given: {error}"))
}

/// Asks for a password that is being chosen: twice, as nobody sees what was typed.
///
/// # Errors
/// If there is no terminal, the person gives up, or types two different ones.
pub(super) fn chosen_password(user: &str) -> Result<Secret, String> {
    let user = clean(user);
    let asked = |question: String| {
        let terminal = if may_ask() { terminal().ok() } else { None };
        let terminal =
            terminal.ok_or_else(|| format!("there is no password for the new user {user}"))?;
        ask(terminal, &question).map_err(|error| format!("no password was given: {error}"))
    };
    let first = asked(format!("Password for the new user {user}: "))?;
    if first.is_empty() {
        return Err("no password was given".to_owned());
    }
    if asked("The same again: ".to_owned())? != first {
        return Err("the two passwords differ; nothing was made with them".to_owned());
    }
    Ok(Secret::new(first))
}

/// A line, shown as it is typed.
///
/// # Errors
/// If it cannot be read.
pub(super) fn line(question: &str) -> Result<String, String> {
    let gone = |error: io::Error| format!("nothing can be asked: {error}");
    let mut terminal = terminal().map_err(gone)?;
    write!(terminal, "{}", clean(question)).map_err(gone)?;
    let mut typed = String::new();
    BufReader::new(terminal).read_line(&mut typed).map_err(gone)?;
    Ok(typed.trim().to_owned())
}

/// Whether the answer is a yes.
///
/// # Errors
/// If it cannot be read.
pub(super) fn yes(question: &str) -> Result<bool, String> {
    let answer = line(question)?.to_lowercase();
    Ok(answer == "y" || answer == "yes")
}

/// The terminal with echo and line editing off; as it was when dropped.
struct Silent {
    terminal: File,
    before: Termios,
}

impl Silent {
    fn new(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut silent = before.clone();
        // Signals off too: Ctrl-C must not leave the terminal without echo.
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(&terminal, OptionalActions::Flush, &silent)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
    }
}

fn ask(terminal: File, question: &str) -> io::Result<String> {
    let mut silent = Silent::new(terminal)?;
    write!(silent.terminal, "{question}")?;
    let typed = read_line(&mut silent.terminal);
    writeln!(silent.terminal)?;
    typed
}

/// Reads up to the end of the line, minding erased characters.
fn read_line(from: &mut dyn Read) -> io::Result<String> {
    let mut typed = Vec::new();
    let mut byte = [0u8];
    loop {
        if from.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match byte[0] {
            b'\r' | b'\n' => break,
            3 | 4 => return Err(io::Error::other("given up")),
            8 | 127 => {
                // A character may be of several bytes; the last begins with no continuation.
                while typed.pop().is_some_and(|last| last & 0xc0 == 0x80) {}
            }
            21 => typed.clear(),
            other => typed.push(other),
        }
    }
    String::from_utf8(typed).map_err(|_bytes| io::Error::other("it is no UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::read_line;

    #[test]
    fn a_password_is_edited_as_it_is_typed() {
        for (keys, expected) in [
            ("secret\n", Some("secret")),
            ("sé\u{7f}ecret\r", Some("secret")),
            ("wrong\u{15}right\n", Some("right")),
            ("\u{7f}\u{7f}a\n", Some("a")),
            ("half\u{3}", None),
            ("cut", None),
        ] {
            assert_eq!(read_line(&mut keys.as_bytes()).ok().as_deref(), expected, "{keys:?}");
        }
    }
}
