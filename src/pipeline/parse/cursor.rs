//! A place in the text of a configuration, and the farthest place where something was missing.

use super::{Escapes, Failed, Parsed};
use crate::diagnostic::Diagnostic;

/// How deep blocks and values may be nested.
const DEPTH: usize = 200;

pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    pub(super) escapes: Escapes,
    farthest: usize,
    wanted: Vec<&'static str>,
    fatal: Option<Diagnostic>,
    depth: usize,
}

/// A place to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, escapes: Escapes) -> Self {
        Self { text, at: 0, escapes, farthest: 0, wanted: Vec::new(), fatal: None, depth: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// A place to come back to.
    pub(super) fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    /// Goes back to a place, to try something else there.
    pub(super) fn reset(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Takes `token` if it stands here.
    pub(super) fn eat(&mut self, token: &'static str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        } else {
            self.want(token);
        }
        found
    }

    /// Takes `token` or fails.
    pub(super) fn token(&mut self, token: &'static str) -> Parsed<()> {
        if self.eat(token) { Ok(()) } else { Err(Failed) }
    }

    /// Takes the bytes that `test` accepts.
    pub(super) fn take_while(&mut self, test: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.bytes().take_while(|byte| test(*byte)).count();
        self.at += len;
        &rest[..len]
    }

    /// Takes so many bytes.
    pub(super) fn take(&mut self, len: usize) -> &'a str {
        let taken = &self.rest()[..len];
        self.at += len;
        taken
    }

    /// White space without comments; whether there was any.
    pub(super) fn blank(&mut self) -> bool {
        !self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).is_empty()
    }

    /// White space and comments.
    pub(super) fn space(&mut self) {
        loop {
            self.blank();
            if !self.rest().starts_with('#') {
                return;
            }
            let line = self.rest().find('\n').map_or(self.rest().len(), |len| len + 1);
            self.at += line;
        }
    }

    pub(super) fn expected<T>(&mut self, what: &'static str) -> Parsed<T> {
        self.want(what);
        Err(Failed)
    }

    fn want(&mut self, what: &'static str) {
        if self.at > self.farthest {
            self.farthest = self.at;
            self.wanted.clear();
        }
        if self.at == self.farthest && !self.wanted.contains(&what) {
            self.wanted.push(what);
        }
    }

    /// Fails for good: what stands there is understood, but not allowed.
    pub(super) fn refuse<T>(&mut self, finding: Diagnostic) -> Parsed<T> {
        self.fatal.get_or_insert(finding);
        Err(Failed)
    }

    pub(super) fn is_fatal(&self) -> bool {
        self.fatal.is_some()
    }

    /// One level deeper.
    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            let at = self.at;
            return self.refuse(Diagnostic::error("nested too deeply").at(at..at));
        }
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(super) fn into_diagnostic(self) -> Diagnostic {
        if let Some(fatal) = self.fatal {
            return fatal;
        }
        let at = self.farthest;
        let found = self.text[at..].chars().next();
        let found = found.map_or("the end of the text".to_owned(), |c| format!("`{c}`"));
        let quote = |what: &str| match what.contains('`') || what.contains(' ') {
            true => what.to_owned(),
            false => format!("`{what}`"),
        };
        let wanted: Vec<String> = self.wanted.iter().map(|what| quote(what)).collect();
        let (line, column) = position(self.text, at);
        let message = format!(
            "expected {} but found {found} at line {line}, column {column}",
            if wanted.is_empty() { "something else".to_owned() } else { wanted.join(", ") }
        );
        let end = self.text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        Diagnostic::error(message).at(at..end)
    }
}

/// Line and column, from 1.
fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
