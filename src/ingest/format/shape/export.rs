//! `journalctl -o export`: a record is lines `KEY=value`, one field a line.
//!
//! Fields with binary values (a key alone, a length, the bytes) are passed over.

use super::put;
use crate::event::{Event, Slot, Span};

/// The fields of a record: key and where its value stands.
pub fn fields(text: &[u8]) -> impl Iterator<Item = (&str, Span)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at;
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |found| at + found);
            at = end + 1;
            let line = &text[start..end];
            let Some(equals) = memchr::memchr(b'=', line) else { continue };
            let key = &line[..equals];
            let plain =
                |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
            if key.is_empty() || !key.iter().all(plain) {
                continue;
            }
            let Ok(key) = std::str::from_utf8(key) else { continue };
            return Some((key, Span { start: (start + equals + 1) as u32, end: end as u32 }));
        }
        None
    })
}

/// Reads the fields that have a slot.
pub fn read(text: &[u8], event: &mut Event) -> bool {
    let layout = event.layout().clone();
    let mut any = false;
    for (key, value) in fields(text) {
        any = true;
        if let Some(slot) = layout.slot(key) {
            put(event, slot, Slot::Record(value), text);
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_record() {
        let text = "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1\nnoise\nMESSAGE=a=b\n";
        let got: Vec<String> = fields(text.as_bytes())
            .map(|(key, span)| format!("{key} {}", &text[span.start as usize..span.end as usize]))
            .collect();
        assert_eq!(got, ["__CURSOR s=1;i=2", "__REALTIME_TIMESTAMP 1", "MESSAGE a=b"]);
    }
}
