//! Asks for a password on the terminal without showing it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::source::elastic::Secret;

/// Asks for the password of a user.
///
/// # Errors
/// If there is no terminal, or the person gives up (Ctrl-C, Ctrl-D).
pub(super) fn password(user: &str, host: &str) -> Result<Secret, String> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_none| {
        format!("there is no password for {user}; set PEAVEY_PASSWORD, or run on a terminal")
    })?;
    let user = crate::cli::open::clean(user);
    let line = ask(terminal, &format!("Password of {user} at {host}: "));
    line.map(Secret::new).map_err(|error| format!("no password was given: {error}"))
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
