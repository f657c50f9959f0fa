//! Commands whose output is a log: started with an argument vector, never through a shell.

use std::io::{self, PipeReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How much of what a command complains is kept.
const COMPLAINT: usize = 1 << 10;

/// The output of a running command.
pub(super) struct Output {
    reader: PipeReader,
    guard: Arc<Guard>,
    complaint: Complaint,
    name: String,
}

/// Ends the command when the last holder is gone, or when told to.
#[derive(Debug)]
pub(super) struct Guard(Mutex<Child>);

/// What the command said that may explain a failure.
enum Complaint {
    /// Collected from standard error by a thread.
    Apart(Option<JoinHandle<String>>),
    /// The end of the output, of which standard error is a part.
    Within(Vec<u8>),
}

impl Output {
    /// Starts `program` with `arguments`. With `is_merged`, standard error is part of the output;
    /// else it is kept for the message of a failure.
    pub(super) fn start(program: &str, arguments: &[String], is_merged: bool) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null());
        command.stderr(if is_merged { writer.try_clone()?.into() } else { Stdio::piped() });
        command.stdout(writer);
        let mut child = command.spawn().map_err(|error| not_started(program, &error))?;
        drop(command); // It holds the writing end.
        let complaint = match child.stderr.take() {
            Some(errors) => Complaint::Apart(Some(std::thread::spawn(move || listen(errors)))),
            None => Complaint::Within(Vec::new()),
        };
        let guard = Arc::new(Guard(Mutex::new(child)));
        Ok(Self { reader, guard, complaint, name: program.to_owned() })
    }

    /// The handle that ends the command.
    pub(super) fn guard(&self) -> Arc<Guard> {
        Arc::clone(&self.guard)
    }

    /// The end of the output: an error if the command failed, with what it said.
    fn finish(&mut self) -> io::Result<usize> {
        let status = self.guard.wait()?;
        let said = match &mut self.complaint {
            Complaint::Apart(listener) => {
                listener.take().and_then(|listener| listener.join().ok()).unwrap_or_default()
            }
            Complaint::Within(end) => String::from_utf8_lossy(end).into_owned(),
        };
        if status.success() {
            return Ok(0);
        }
        let name = &self.name;
        Err(io::Error::other(match said.trim() {
            "" => format!("{name} ended with {status}"),
            said => format!("{name} failed: {said}"),
        }))
    }
}

impl Guard {
    /// Ends the command, if it still runs.
    pub(super) fn end(&self) {
        let mut child = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Waits for the command to end, without keeping others from ending it.
    fn wait(&self) -> io::Result<ExitStatus> {
        loop {
            if let Some(status) =
                self.0.lock().unwrap_or_else(PoisonError::into_inner).try_wait()?
            {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.end();
    }
}

impl Read for Output {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buf)?;
        if count == 0 && !buf.is_empty() {
            return self.finish();
        }
        if let Complaint::Within(end) = &mut self.complaint {
            end.clear();
            end.extend_from_slice(&buf[count.saturating_sub(COMPLAINT)..count]);
        }
        Ok(count)
    }
}

fn listen(mut errors: impl Read) -> String {
    let mut head = Vec::new();
    let _ = errors.by_ref().take(COMPLAINT as u64).read_to_end(&mut head);
    // The rest is read and dropped, so that the command does not wait for us.
    let _ = io::copy(&mut errors, &mut io::sink());
    String::from_utf8_lossy(&head).into_owned()
}

fn not_started(program: &str, error: &io::Error) -> io::Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound => format!("{program} is not installed (or not in PATH)"),
        _ => format!("cannot start {program}: {error}"),
    };
    io::Error::new(error.kind(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, is_merged: bool) -> io::Result<String> {
        let mut text = String::new();
        Output::start("sh", &["-c".into(), script.into()], is_merged)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn the_output_is_read_to_its_end() {
        assert_eq!(run("echo a; echo b >&2", false).unwrap(), "a\n");
        assert_eq!(run("echo a; echo b >&2", true).unwrap(), "a\nb\n");
    }

    #[test]
    fn a_failure_says_what_the_command_said() {
        for is_merged in [false, true] {
            let error = run("echo no such unit >&2; exit 3", is_merged).unwrap_err();
            assert_eq!(error.to_string(), "sh failed: no such unit");
        }
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Output::start("no-such-program-here", &[], false).err().unwrap();
        assert!(error.to_string().contains("no-such-program-here is not installed"));
    }

    #[test]
    fn a_dropped_command_is_ended() {
        let output = Output::start("sleep", &["1000".into()], false).unwrap();
        let id = output.guard.0.lock().unwrap().id();
        drop(output);
        assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
    }
}
