//! What begins a record of a file.

use super::ansi;
use super::builtin::{BUILTIN, Joining};
use super::shape::{csv, logfmt, plain::Spot};
use super::stamp::{Clock, Shape as StampShape};
use super::wrapper::Wrapper;
use crate::ingest::{LineKind, RecordRule};
use crate::time::Zone;

/// A cheap test whether a line begins a record of one format.
#[derive(Debug, Clone)]
pub(super) enum Start {
    /// A built-in text format, by its place in the list.
    Builtin(usize),
    /// `{`.
    Object,
    /// A stamp at a place.
    Stamp(Spot),
    /// Pairs.
    Logfmt,
    /// A cell of a table: as many cells as there are columns, or an open quote in the last.
    Cells(u8, usize),
    /// `time tag {`.
    Fluentd,
    /// `__CURSOR=`.
    Export,
}

impl Start {
    fn test(&self, line: &[u8]) -> bool {
        match self {
            Self::Builtin(index) => (BUILTIN[*index].probe)(line),
            Self::Object => line.first() == Some(&b'{'),
            Self::Stamp(spot) => {
                let clock = Clock { zone: Zone::UTC, year: 2024 };
                spot.read(line, &clock).is_some()
            }
            Self::Logfmt => logfmt::fits(line),
            Self::Cells(separator, count) => csv::begins(line, *separator, *count),
            Self::Fluentd => fluentd_head(line).is_some(),
            Self::Export => line.starts_with(b"__CURSOR="),
        }
    }
}

/// Where the JSON of `2024-05-02 12:17:25 +0000 tag: {...}` (or with tabs) begins, and its tag.
pub(super) fn fluentd_head(line: &[u8]) -> Option<(usize, std::ops::Range<usize>)> {
    let clock = Clock { zone: Zone::UTC, year: 2024 };
    let stamp = StampShape::Iso.read(line, &clock).filter(|stamp| stamp.len > 16)?;
    let start =
        stamp.len + line[stamp.len..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let tag = line[start..].iter().take(200).take_while(|byte| !byte.is_ascii_whitespace()).count();
    let brace = start
        + tag
        + line[start + tag..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let end = start + tag - usize::from(tag > 0 && line[start + tag - 1] == b':');
    (tag > 1 && brace > start + tag && line.get(brace) == Some(&b'{'))
        .then_some((brace, start..end))
}

/// The rule of one file: depends on the line (and, for parts of lines, the line before) only.
#[derive(Debug, Clone)]
pub(super) struct FileRule {
    pub(super) wrapper: Option<Wrapper>,
    pub(super) joining: Joining,
    pub(super) starts: Vec<Start>,
    /// The CSV header.
    pub(super) header: Option<Vec<u8>>,
    /// Lines that begin with `#` are directives.
    pub(super) directives: bool,
}

impl FileRule {
    fn inner_kind(&self, line: &[u8]) -> LineKind {
        if self.directives && line.first() == Some(&b'#') {
            return LineKind::Header;
        }
        if self
            .header
            .as_deref()
            .is_some_and(|header| header == line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line))
        {
            return LineKind::Header;
        }
        let starts = match self.joining {
            Joining::Lines => !continues(line),
            Joining::Starts => self.starts.iter().any(|start| start.test(line)),
        };
        if starts { LineKind::Start } else { LineKind::Continues }
    }
}

impl RecordRule for FileRule {
    fn kind(&self, line: &[u8], before: &[u8]) -> LineKind {
        let Some(wrapper) = self.wrapper else {
            if !ansi::is_coloured(line) {
                return self.inner_kind(line);
            }
            let mut plain = Vec::with_capacity(line.len());
            ansi::strip(line, &mut plain);
            return self.inner_kind(&plain);
        };
        let (inner, peeled) = wrapper.inner(line);
        let Some(peeled) = peeled else { return LineKind::Start };
        let (_, above) = wrapper.inner(before);
        if above.is_some_and(|above| above.open && above.stream == peeled.stream) {
            return LineKind::Continues;
        }
        if inner.is_empty() {
            return if self.joining == Joining::Starts {
                LineKind::Continues
            } else {
                LineKind::Start
            };
        }
        self.inner_kind(&inner)
    }
}

/// Whether a line looks like part of the record before it, whatever its format.
fn continues(line: &[u8]) -> bool {
    match line.first() {
        None | Some(b' ' | b'\t') => true,
        Some(b'}' | b']' | b')') => line.len() <= 3,
        Some(b'C') => line.starts_with(b"Caused by: "),
        Some(b'T') => line.starts_with(b"Traceback (most recent call last)"),
        Some(b'S') => line.starts_with(b"Suppressed: "),
        Some(b'.') => line.starts_with(b"... "),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(rule: &FileRule, lines: &[&str]) -> String {
        let mut before: &[u8] = b"";
        let mut out = String::new();
        for line in lines {
            out.push(match rule.kind(line.as_bytes(), before) {
                LineKind::Start => 'S',
                LineKind::Continues => 'c',
                LineKind::Header => 'h',
            });
            before = line.as_bytes();
        }
        out
    }

    fn rule(wrapper: Option<Wrapper>, joining: Joining, starts: Vec<Start>) -> FileRule {
        FileRule { wrapper, joining, starts, header: None, directives: false }
    }

    #[test]
    fn lines() {
        let rule = rule(None, Joining::Lines, vec![]);
        assert_eq!(
            kinds(&rule, &["a", "b", "  c", "\td", "Caused by: e", "}", "} else"]),
            "SSccccS"
        );
    }

    #[test]
    fn starts() {
        let spot = Spot::fixed(1, StampShape::Iso, true);
        let rule = rule(None, Joining::Starts, vec![Start::Stamp(spot), Start::Object]);
        assert_eq!(
            kinds(
                &rule,
                &[
                    "[2024-05-02 10:00:00] a",
                    "java.lang.Error",
                    "\x1b[31m[2024-05-02 10:00:00] b",
                    "{"
                ]
            ),
            "ScSS"
        );
    }

    #[test]
    fn parts_of_lines() {
        let rule = rule(Some(Wrapper::Cri), Joining::Lines, vec![]);
        let time = "2016-10-06T00:17:09.669794202Z";
        let lines: Vec<String> =
            ["stdout P a", "stdout F b", "stdout P c", "stderr F d", "stdout F   e", "stdout F f"]
                .iter()
                .map(|rest| format!("{time} {rest}"))
                .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(kinds(&rule, &lines), "ScSScS");
    }

    #[test]
    fn tables() {
        let mut csv = rule(None, Joining::Starts, vec![Start::Cells(b',', 3)]);
        csv.header = Some(b"a,b,c".to_vec());
        assert_eq!(
            kinds(&csv, &["a,b,c", "1,2,3", "1,\"two", "lines\",3", "1,2,\"x", "y\""]),
            "hSScSc"
        );
        let mut w3c = rule(None, Joining::Lines, vec![]);
        w3c.directives = true;
        assert_eq!(kinds(&w3c, &["#Fields: a b", "1 2", "#Date: x"]), "hSh");
    }

    #[test]
    fn fluentd_lines() {
        let head =
            |line: &str| fluentd_head(line.as_bytes()).map(|(at, tag)| (at, line[tag].to_owned()));
        assert_eq!(
            head("2024-05-02 12:17:25 +0000 app.web: {\"a\":1}"),
            Some((35, "app.web".to_owned()))
        );
        assert_eq!(
            head("2024-05-02T12:17:25+00:00\tapp.web\t{\"a\":1}"),
            Some((34, "app.web".to_owned()))
        );
        assert_eq!(head("2024-05-02 12:17:25 +0000 text"), None);
        assert_eq!(head("2024-05-02 12:17:25 +0000 {\"a\":1}"), None);
    }
}
