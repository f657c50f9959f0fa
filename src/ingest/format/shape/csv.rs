//! Rows of separated values, named by a header line (or by their place, where there is none).

use super::put;
use crate::event::{Event, Slot, SlotId, Span};

/// One value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Where it stands, without its quotes.
    pub span: Span,
    /// It holds doubled quotes.
    pub doubled: bool,
    /// It opens a quote that the row does not close.
    pub open: bool,
}

/// The cells of a row. A quoted cell may hold separators and line ends; an unclosed quote runs to
/// the end.
pub fn cells(text: &[u8], separator: u8) -> impl Iterator<Item = Cell> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        if text.get(start) != Some(&b'"') {
            let end = memchr::memchr(separator, &text[start..]).map_or(text.len(), |at| start + at);
            next = (end < text.len()).then_some(end + 1);
            return Some(Cell {
                span: Span { start: start as u32, end: end as u32 },
                doubled: false,
                open: false,
            });
        }
        let mut at = start + 1;
        let mut doubled = false;
        let mut open = false;
        let end = loop {
            let Some(quote) = memchr::memchr(b'"', &text[at..]) else {
                open = true;
                break text.len();
            };
            at += quote + 1;
            if text.get(at) != Some(&b'"') {
                break at - 1;
            }
            doubled = true;
            at += 1;
        };
        let after = (end + 1).min(text.len());
        let stop = memchr::memchr(separator, &text[after..]).map_or(text.len(), |at| after + at);
        next = (stop < text.len()).then_some(stop + 1);
        Some(Cell { span: Span { start: (start + 1) as u32, end: end as u32 }, doubled, open })
    })
}

/// A cell's text.
#[must_use]
pub fn text(row: &[u8], cell: Cell) -> Vec<u8> {
    let bytes = row.get(cell.span.start as usize..cell.span.end as usize).unwrap_or_default();
    if !cell.doubled {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut quote = false;
    for byte in bytes {
        quote = *byte == b'"' && !quote;
        if !quote {
            out.push(*byte);
        }
    }
    out
}

/// Whether a line can begin a row of `columns`: it has as many cells, or leaves the last of fewer
/// open, so that the row goes on in the next line.
#[must_use]
pub fn begins(line: &[u8], separator: u8, columns: usize) -> bool {
    let mut count = 0;
    let mut open = false;
    for cell in cells(line, separator) {
        count += 1;
        open = cell.open;
    }
    count == columns || open && count <= columns
}

/// Which columns go where.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Between values.
    pub separator: u8,
    /// By column: its slot, if it is wanted.
    pub slots: Vec<Option<SlotId>>,
    /// The value that stands for none.
    pub absent: &'static [u8],
}

impl Columns {
    /// Reads a row. `false` if it has more or less values than there are columns.
    pub fn read(&self, row: &[u8], event: &mut Event) -> bool {
        let mut count = 0;
        for (index, cell) in cells(row, self.separator).enumerate() {
            count += 1;
            let Some(Some(slot)) = self.slots.get(index) else { continue };
            let bytes =
                row.get(cell.span.start as usize..cell.span.end as usize).unwrap_or_default();
            if bytes.is_empty() || bytes == self.absent {
                continue;
            }
            let value = if cell.doubled {
                Slot::Arena(event.store(&text(row, cell)))
            } else {
                Slot::Record(cell.span)
            };
            put(event, *slot, value, row);
        }
        count == self.slots.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(row: &str, expected: &[&str]) {
        let got: Vec<String> = cells(row.as_bytes(), b',')
            .map(|cell| String::from_utf8_lossy(&text(row.as_bytes(), cell)).into_owned())
            .collect();
        assert_eq!(got, expected, "{row}");
    }

    #[test]
    fn cells_of_a_row() {
        check("a,b,,d", &["a", "b", "", "d"]);
        check("a,", &["a", ""]);
        check("", &[""]);
        check(r#""a,""b""",c"#, &[r#"a,"b""#, "c"]);
        check("\"two\nlines\",x", &["two\nlines", "x"]);
        check(r#""open,x"#, &["open,x"]);
        check(r#""a"junk,b"#, &["a", "b"]);
        check(r#"""""#, &["\""]);
    }

    #[test]
    fn beginnings() {
        assert!(begins(b"a,\"b", b',', 3) && begins(b"a,\"b\",c", b',', 3));
        assert!(!begins(b"b\",c", b',', 3) && !begins(b"a,b", b',', 3));
    }

    proptest::proptest! {
        #[test]
        fn writing_and_reading_agree(values in proptest::collection::vec("[a\",\n ]{0,6}", 1..5)) {
            let row: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
            let row = row.join(",");
            let got: Vec<Vec<u8>> = cells(row.as_bytes(), b',').map(|cell| text(row.as_bytes(), cell)).collect();
            let expected: Vec<Vec<u8>> = values.iter().map(|value| value.clone().into_bytes()).collect();
            proptest::prop_assert_eq!(got, expected);
        }

        #[test]
        fn never_panics(row in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            for cell in cells(&row, b',') {
                let _ = text(&row, cell);
            }
        }
    }
}
