//! logfmt: `key=value key="quoted value" flag`.

use super::put;
use crate::event::{Event, Slot, Span};

/// One pair of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Where the key stands.
    pub key: Span,
    /// Where the value stands, without its quotes; empty for a key alone.
    pub value: Span,
    /// The value holds backslash escapes.
    pub escaped: bool,
    /// There was a `=`.
    pub assigned: bool,
}

/// The pairs of a line, in order. Words without `=` are keys alone.
pub fn pairs(text: &[u8]) -> impl Iterator<Item = Pair> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while text.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let start = at;
        while text.get(at).is_some_and(|byte| *byte != b'=' && !byte.is_ascii_whitespace()) {
            at += 1;
        }
        if at == text.len() && start == at {
            return None;
        }
        let key = Span { start: start as u32, end: at as u32 };
        if text.get(at) != Some(&b'=') {
            let value = Span { start: at as u32, end: at as u32 };
            return Some(Pair { key, value, escaped: false, assigned: false });
        }
        at += 1;
        if text.get(at) == Some(&b'"') {
            let start = at + 1;
            let mut end = start;
            let mut escaped = false;
            while end < text.len() && text[end] != b'"' {
                if text[end] == b'\\' {
                    escaped = true;
                    end += 1;
                }
                end += 1;
            }
            let end = end.min(text.len());
            at = (end + 1).min(text.len());
            let value = Span { start: start as u32, end: end as u32 };
            return Some(Pair { key, value, escaped, assigned: true });
        }
        let start = at;
        while text.get(at).is_some_and(|byte| !byte.is_ascii_whitespace()) {
            at += 1;
        }
        let value = Span { start: start as u32, end: at as u32 };
        Some(Pair { key, value, escaped: false, assigned: true })
    })
}

/// Whether a line is logfmt: it begins with an assignment of a plain name, and most of its words
/// are assignments.
#[must_use]
pub fn fits(text: &[u8]) -> bool {
    let mut all = 0;
    let mut assigned = 0;
    for pair in pairs(text).take(64) {
        let key = bytes(text, pair.key);
        let named = pair.assigned && is_name(key);
        if all == 0 && !named {
            return false;
        }
        all += 1;
        assigned += usize::from(named);
    }
    assigned >= 2 && assigned * 4 >= all * 3
}

fn is_name(key: &[u8]) -> bool {
    key.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'@'))
        && key.iter().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'@' | b'/')
        })
}

/// Reads the pairs whose keys have a slot.
pub fn read(text: &[u8], event: &mut Event) -> bool {
    if !fits(text) {
        return false;
    }
    let layout = event.layout().clone();
    for pair in pairs(text).filter(|pair| pair.assigned) {
        let Ok(key) = std::str::from_utf8(bytes(text, pair.key)) else { continue };
        let Some(slot) = layout.slot(key) else { continue };
        let value = if pair.escaped {
            Slot::Arena(event.store(&unescape(bytes(text, pair.value))))
        } else {
            Slot::Record(pair.value)
        };
        put(event, slot, value, text);
    }
    true
}

/// The bytes of a span of `text`.
#[must_use]
pub fn bytes(text: &[u8], span: Span) -> &[u8] {
    text.get(span.start as usize..span.end as usize).unwrap_or_default()
}

/// A quoted value without its escapes.
#[must_use]
pub fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        match rest.next() {
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'r') => out.push(b'\r'),
            Some(other) => out.push(*other),
            None => out.push(b'\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = pairs(text.as_bytes())
            .map(|pair| {
                let value = unescape(bytes(text.as_bytes(), pair.value));
                let key = String::from_utf8_lossy(bytes(text.as_bytes(), pair.key)).into_owned();
                if pair.assigned {
                    format!("{key}→{}", String::from_utf8_lossy(&value))
                } else {
                    key
                }
            })
            .collect();
        assert_eq!(shown.join(" | "), expected, "{text}");
    }

    #[test]
    fn pairs_of_a_line() {
        check(
            r#"ts=1 msg="a \"b\" c" empty= flag x=""  "#,
            "ts→1 | msg→a \"b\" c | empty→ | flag | x→",
        );
        check(r#"a="open"#, "a→open");
        check(r#"a="end\"#, "a→end\\");
        check("", "");
        check("=x", "→x");
    }

    #[test]
    fn lines_that_fit() {
        assert!(fits(b"level=info msg=\"hello world\""));
        assert!(!fits(b"GET /a?x=1 y=2"));
        assert!(!fits(b"a=1 and then a sentence follows"));
        assert!(!fits(b"a=1"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = fits(&text);
            for pair in pairs(&text) {
                let _ = unescape(bytes(&text, pair.value));
            }
        }
    }
}
