//! A whole record out of its wrapper: the inner lines joined, and what the wrapper says of them.

use super::ansi;
use super::stamp::Clock;
use super::wrapper::Wrapper;
use crate::time::Millis;

/// What a wrapper said of a record, from its first line. Reused from record to record.
#[derive(Debug, Default)]
pub(super) struct Outer {
    pub(super) time: Option<Millis>,
    pub(super) yearless: bool,
    fields: Vec<(&'static str, std::ops::Range<usize>)>,
    bytes: Vec<u8>,
}

impl Outer {
    pub(super) fn clear(&mut self) {
        self.time = None;
        self.yearless = false;
        self.fields.clear();
        self.bytes.clear();
    }

    /// The value of a field, if the wrapper says it.
    pub(super) fn field(&self, name: &str) -> Option<&[u8]> {
        let (_, range) = self.fields.iter().find(|(known, _)| *known == name)?;
        self.bytes.get(range.clone())
    }

    fn add(&mut self, name: &'static str, value: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.fields.push((name, start..self.bytes.len()));
    }

    /// Takes the wrapper off each line of a record. Parts of a line are joined as they are, lines
    /// with a line end between them. Lines that are not wrapped stay.
    pub(super) fn unwrap(
        &mut self,
        wrapper: Wrapper,
        record: &[u8],
        clock: &Clock,
        text: &mut Vec<u8>,
    ) {
        text.clear();
        let mut open = true;
        for (index, line) in record.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if index > 0 && !open {
                text.push(b'\n');
            }
            let Some(peeled) = wrapper.peel(line, clock) else {
                ansi::strip(line, text);
                open = false;
                continue;
            };
            match &peeled.text {
                Some(range) => ansi::strip(&line[range.clone()], text),
                None => ansi::strip(&peeled.owned, text),
            }
            open = peeled.open;
            if index == 0 {
                self.time = peeled.time;
                self.yearless = peeled.yearless;
                for (name, range) in peeled.fields {
                    self.add(name, &line[range]);
                }
                if let Some(stream) = peeled.stream {
                    self.add("stream", stream.name().as_bytes());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Zone;

    #[test]
    fn parts_and_lines() {
        let time = "2016-10-06T00:17:09.669794202Z";
        let record = format!(
            "{time} stdout P one \n{time} stdout P two\r\n{time} stdout F .\n{time} stdout F   at x"
        );
        let mut outer = Outer::default();
        let mut text = Vec::new();
        let clock = Clock { zone: Zone::UTC, year: 2024 };
        outer.unwrap(Wrapper::Cri, record.as_bytes(), &clock, &mut text);
        assert_eq!(String::from_utf8_lossy(&text), "one two.\n  at x");
        assert_eq!(outer.field("stream"), Some(&b"stdout"[..]));
        assert_eq!(
            outer.time.map(|at| at.to_string()).as_deref(),
            Some("2016-10-06T00:17:09.669Z")
        );
    }
}
