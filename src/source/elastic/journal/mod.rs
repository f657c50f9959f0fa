//! The last calls and their answers, for whoever inspects an answer.
//!
//! Bounded in number and size. Keeps bodies as they were sent; texts are made, and secrets masked,
//! only when somebody looks.

mod behalf;
mod curl;
mod head;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use self::behalf::Behalf;
pub(super) use self::behalf::on_behalf;
use super::connection::Connection;
use super::error::Error;
use crate::query::{Exchange, dsl};

/// Calls that are kept.
const KEPT: usize = 64;
/// Bytes of a request's body that are kept.
const REQUEST: usize = 64 << 10;
/// Bytes of an answer that are kept.
pub(super) const ANSWER: usize = 16 << 10;

/// The last calls of a client.
#[derive(Debug)]
pub(super) struct Journal {
    /// For masks, and for what `curl` needs.
    connection: Connection,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    last: u64,
    kept: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    behalf: Behalf,
    method: &'static str,
    origin: String,
    /// With prefix and parameters.
    path: String,
    body: Option<Kept>,
    answer: State,
}

/// The first part of a text.
#[derive(Debug)]
struct Kept {
    head: Box<[u8]>,
    bytes: usize,
}

impl Kept {
    fn of(text: &[u8], most: usize) -> Self {
        Self { head: text[..text.len().min(most)].into(), bytes: text.len() }
    }

    fn text(&self) -> String {
        let text = dsl::indented(&String::from_utf8_lossy(&self.head));
        if self.head.len() == self.bytes {
            return text;
        }
        let most = self.head.len() >> 10;
        format!("{text}\n… cut here: the first {most} KB of {} bytes", self.bytes)
    }
}

#[derive(Debug)]
enum State {
    Waiting,
    Answered { status: u16, body: Kept, waited: Duration },
    Failed { reason: String, waited: Duration },
    Stopped { waited: Duration },
}

/// A call under way: tells the journal how it ends, at the latest when it is dropped.
#[derive(Debug)]
pub(super) struct Sent<'a> {
    journal: &'a Journal,
    number: u64,
    begun: Instant,
}

impl Journal {
    pub(super) fn new(connection: &Connection) -> Self {
        Self { connection: connection.clone(), entries: Mutex::default() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call that is sent now. `path` has prefix and parameters.
    pub(super) fn sent(
        &self,
        method: &'static str,
        origin: &str,
        path: String,
        body: Option<&str>,
    ) -> Sent<'_> {
        let mut entries = self.entries();
        entries.last += 1;
        let number = entries.last;
        if entries.kept.len() == KEPT {
            entries.kept.pop_front();
        }
        entries.kept.push_back(Entry {
            number,
            behalf: Behalf::now(&path),
            method,
            origin: origin.to_owned(),
            path,
            body: body.map(|body| Kept::of(body.as_bytes(), REQUEST)),
            answer: State::Waiting,
        });
        drop(entries);
        Sent { journal: self, number, begun: Instant::now() }
    }

    /// The calls that are kept, oldest first.
    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.entries().kept.iter().map(|entry| self.exchange(entry)).collect()
    }

    fn exchange(&self, entry: &Entry) -> Exchange {
        let masks = self.connection.masks();
        let mask = |text: &str| masks.mask(text);
        let line = mask(&format!("{} {}", entry.method, entry.path));
        let body = entry.body.as_ref().map(|body| mask(&body.text()));
        let console = match &body {
            Some(body) => format!("{line}\n{body}"),
            None => line.clone(),
        };
        let address = mask(&format!("{}{}", entry.origin, entry.path));
        let curl = curl::command(&self.connection, entry.method, &address, body.as_deref());
        let mut exchange = Exchange {
            request: entry.behalf.request,
            purpose: entry.behalf.purpose.clone(),
            line,
            console,
            curl,
            host: entry.origin.split("://").last().unwrap_or_default().to_owned(),
            status: None,
            error: None,
            answer: String::new(),
            answer_bytes: 0,
            took: None,
            waited: None,
            shards: None,
        };
        match &entry.answer {
            State::Waiting => {}
            State::Answered { status, body, waited } => {
                exchange.status = Some(*status);
                exchange.answer = mask(&body.text());
                exchange.answer_bytes = body.bytes as u64;
                exchange.waited = Some(*waited);
                (exchange.took, exchange.shards) = head::read(&body.head);
            }
            State::Failed { reason, waited } => {
                exchange.error = Some(mask(reason));
                exchange.waited = Some(*waited);
            }
            State::Stopped { waited } => {
                exchange.error = Some("stopped, as a newer question came".to_owned());
                exchange.waited = Some(*waited);
            }
        }
        exchange
    }

    fn end(&self, number: u64, answer: State) {
        let mut entries = self.entries();
        if let Some(entry) = entries.kept.iter_mut().rev().find(|entry| entry.number == number) {
            entry.answer = answer;
        }
    }
}

impl Sent<'_> {
    /// The answer is there: the first of its bytes, and how many they are in all.
    pub(super) fn answered(&self, status: u16, head: &[u8], bytes: usize) {
        let body = Kept { bytes, ..Kept::of(head, ANSWER) };
        self.journal
            .end(self.number, State::Answered { status, body, waited: self.begun.elapsed() });
    }

    /// There is none; gives the error back.
    pub(super) fn failed(&self, error: Error) -> Error {
        let waited = self.begun.elapsed();
        self.journal.end(self.number, State::Failed { reason: error.to_string(), waited });
        error
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        let waited = self.begun.elapsed();
        let mut entries = self.journal.entries();
        let own = entries.kept.iter_mut().rev().find(|entry| entry.number == self.number);
        if let Some(entry) = own
            && matches!(entry.answer, State::Waiting)
        {
            entry.answer = State::Stopped { waited };
        }
    }
}

#[cfg(test)]
mod tests;
