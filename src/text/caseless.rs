//! Searching bytes for a text with the case of ASCII letters left aside.
//!
//! In: a needle, then bytes. Out: where it is. The scan runs at the speed of finding the needle's
//! rarest byte.

/// A needle to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caseless {
    needle: Box<[u8]>,
    /// Index of the byte that is scanned for.
    rare: usize,
}

impl Caseless {
    /// Searches for `needle`. An empty one is found everywhere.
    #[must_use]
    pub fn of(needle: &[u8]) -> Self {
        let needle: Box<[u8]> = needle.to_ascii_lowercase().into();
        let rare = (0..needle.len()).min_by_key(|at| commonness(needle[*at])).unwrap_or(0);
        Self { needle, rare }
    }

    /// The needle in lower case.
    #[must_use]
    pub fn needle(&self) -> &[u8] {
        &self.needle
    }

    /// Whether the needle is somewhere in `text`.
    #[must_use]
    pub fn is_in(&self, text: &[u8]) -> bool {
        self.find_at(text, 0).is_some()
    }

    /// The first place of the needle in `text` that begins at `from` or later.
    #[must_use]
    pub fn find_at(&self, text: &[u8], from: usize) -> Option<usize> {
        let Some(byte) = self.needle.get(self.rare).copied() else { return Some(from) };
        let mut at = from + self.rare;
        while at < text.len() {
            let rest = &text[at..];
            let skipped = if byte.is_ascii_lowercase() {
                memchr::memchr2(byte, byte.to_ascii_uppercase(), rest)?
            } else {
                memchr::memchr(byte, rest)?
            };
            let start = at + skipped - self.rare;
            let found = text.get(start..start + self.needle.len())?;
            if found.eq_ignore_ascii_case(&self.needle) {
                return Some(start);
            }
            at += skipped + 1;
        }
        None
    }
}

/// How often a byte is met in logs, roughly: larger is more often.
fn commonness(byte: u8) -> u8 {
    match byte {
        b' ' | b'e' | b'0' | b'1' => 9,
        b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'.' | b'2' => 8,
        b'/' | b'-' | b':' | b'3'..=b'9' | b'l' | b'c' | b'd' => 7,
        b'"' | b'm' | b'p' | b'u' | b'h' | b'g' => 6,
        b'f' | b'w' | b'b' | b'y' | b'v' | b'_' => 4,
        b'k' | b',' | b'=' | b'[' | b']' | b'(' | b')' => 3,
        b'x' | b'j' => 2,
        b'q' | b'z' => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_case_of_letters_is_left_aside() {
        let needle = Caseless::of(b"TimeOut");
        assert_eq!(needle.find_at(b"a TIMEOUT, timeout", 0), Some(2));
        assert_eq!(needle.find_at(b"a TIMEOUT, timeout", 3), Some(11));
        assert!(!needle.is_in(b"timeou"));
        assert!(Caseless::of(b"").is_in(b""));
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_scan_finds(needle in "[abAB-]{1,3}", text in "[abAB-]{0,12}") {
            let lowered = text.to_ascii_lowercase();
            let expect = lowered.find(&needle.to_ascii_lowercase());
            prop_assert_eq!(Caseless::of(needle.as_bytes()).find_at(text.as_bytes(), 0), expect);
        }
    }
}
