//! Text that fits no format: its message, the best stamp in it, a level's name near its start.

use std::ops::Range;

use crate::ingest::format::stamp::{Clock, Shape, Stamp};

/// Where the lines of a plain file have their stamp, as its samples showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Bytes before the stamp in most lines.
    pub at: usize,
    /// Its shape.
    pub shape: Shape,
    /// It has a time of day: a date alone is no stamp then.
    pub timed: bool,
    /// How far into a line it is looked for where it does not stand at its place.
    pub reach: usize,
}

impl Spot {
    /// A spot whose stamps stand at their place, or a little further in odd lines.
    #[must_use]
    pub fn fixed(at: usize, shape: Shape, timed: bool) -> Self {
        Self { at, shape, timed, reach: at + 40 }
    }

    /// Reads the stamp of a line: at the usual place, else at the first place within reach.
    #[must_use]
    pub fn read(&self, text: &[u8], clock: &Clock) -> Option<Stamp> {
        let read = |at: usize| {
            let stamp = self.shape.read(text.get(at..)?, clock)?;
            (!self.timed
                || memchr::memchr(b':', &text[at..at + stamp.len]).is_some()
                || stamp.len > 13)
                .then_some(stamp)
        };
        read(self.at).or_else(|| {
            let line = first_line(text);
            let begins = |at: &usize| {
                line[*at].is_ascii_alphanumeric()
                    && (*at == 0 || !line[at - 1].is_ascii_alphanumeric())
            };
            (0..line.len().min(self.reach)).filter(begins).find_map(read)
        })
    }
}

/// The first line of a record.
#[must_use]
pub fn first_line(text: &[u8]) -> &[u8] {
    &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())]
}

/// Where a line names its level: the first whole word in its first 160 bytes that is one, in
/// upper case; or in lower case if it stands in brackets, after `level=` or before a colon.
#[must_use]
pub fn level(text: &[u8]) -> Option<Range<usize>> {
    let line = first_line(text);
    let line = &line[..line.len().min(160)];
    let mut at = 0;
    while at < line.len() {
        if !line[at].is_ascii_alphabetic() {
            at += 1;
            continue;
        }
        let end = at
            + line[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
                .count();
        let word = &line[at..end];
        let fresh = at == 0
            || !(line[at - 1].is_ascii_alphanumeric()
                || matches!(line[at - 1], b'_' | b'.' | b'-'));
        if fresh
            && is_level(word)
            && (word.iter().all(u8::is_ascii_uppercase) || is_marked(line, at, end))
        {
            return Some(at..end);
        }
        at = end;
    }
    None
}

fn is_marked(line: &[u8], start: usize, end: usize) -> bool {
    let before = line[..start].last();
    let after = line.get(end);
    matches!(
        (before, after),
        (Some(b'[' | b'(' | b'<' | b'|' | b'='), _)
            | (Some(b'\t'), Some(b'\t'))
            | (None | Some(b' '), Some(b':'))
    )
}

/// Whether a word is a level's name, whatever its case.
#[must_use]
pub fn is_level(word: &[u8]) -> bool {
    const NAMES: &[&str] = &[
        "alert",
        "audit",
        "crit",
        "critical",
        "debug",
        "emerg",
        "emergency",
        "err",
        "error",
        "fatal",
        "fine",
        "finer",
        "finest",
        "info",
        "information",
        "log",
        "notice",
        "panic",
        "severe",
        "trace",
        "verbose",
        "warn",
        "warning",
    ];
    let mut lower = [0_u8; 12];
    let Some(place) = lower.get_mut(..word.len()) else { return false };
    place.copy_from_slice(word);
    place.make_ascii_lowercase();
    let place = &*place;
    NAMES.binary_search_by(|name| name.as_bytes().cmp(place)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(level(line.as_bytes()).map(|range| &line[range]), expected, "{line}");
    }

    #[test]
    fn levels_of_lines() {
        check("2018-01-24 18:25:08,454 -0800 INFO pid=2376", Some("INFO"));
        check("[main/DEBUG] [x]: hello", Some("DEBUG"));
        check("x [error] y", Some("error"));
        check("an error occurred", None);
        check("error: it failed", Some("error"));
        check("WARNING_LIST is set, ERROR", Some("ERROR"));
        check("level=warn x", Some("warn"));
        check("", None);
    }
}
