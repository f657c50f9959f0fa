//! Sets of characters: what `[a-z]`, `\w`, `.` and POSIX brackets mean.
//!
//! In: ranges of code points while a pattern is read. Out: [`CharClass`], a mask for ASCII and a
//! list of ranges for the rest. Bytes that are no UTF-8 count as one character each, which only
//! classes that hold every character beyond ASCII contain.

use std::sync::OnceLock;

const MAX: u32 = 0x0010_FFFF;

/// Code points as sorted ranges that neither touch nor overlap.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// The set of these ranges, in any order.
    pub(super) fn of(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.retain(|(low, high)| low <= high);
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => merged.push((low, high)),
            }
        }
        Self(merged)
    }

    /// One character.
    pub(super) fn single(c: char) -> Self {
        Self(vec![(c as u32, c as u32)])
    }

    /// Every character.
    pub(super) fn all() -> Self {
        Self(vec![(0, MAX)])
    }

    /// Both sets together.
    pub(super) fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied().collect())
    }

    /// Everything that is not in the set.
    pub(super) fn negate(&self) -> Self {
        let mut rest = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (low, high) in &self.0 {
            if *low > next {
                rest.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= MAX {
            rest.push((next, MAX));
        }
        Self(rest)
    }

    /// What both sets hold.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        self.negate().union(&other.negate()).negate()
    }

    /// The set and every other case of its letters.
    pub(super) fn fold_case(&self) -> Self {
        if *self == Self::all() {
            return self.clone();
        }
        let mut ranges = self.0.clone();
        for (low, high) in &self.0 {
            // Cases exist in few blocks; a set that holds everything needs none.
            for code in *low..=(*high).min(0x1_E943) {
                let Some(c) = char::from_u32(code) else { continue };
                for folded in other_cases(c) {
                    ranges.push((folded as u32, folded as u32));
                }
            }
        }
        Self::of(ranges)
    }

    /// The form that matchers use.
    pub(super) fn finish(&self) -> CharClass {
        let mut ascii = 0_u128;
        let mut wide = Vec::new();
        for (low, high) in &self.0 {
            for code in *low..=(*high).min(127) {
                ascii |= 1 << code;
            }
            if *high >= 128 {
                wide.push(((*low).max(128), *high));
            }
        }
        let wide = match wide.as_slice() {
            [] => Wide::None,
            [(128, MAX)] => Wide::All,
            _ => Wide::Ranges(wide.into()),
        };
        CharClass { ascii, wide }
    }
}

/// The other cases of a letter (simple folding: one character to one character).
pub(super) fn other_cases(c: char) -> impl Iterator<Item = char> {
    let single = |mut cases: Box<dyn Iterator<Item = char>>| match (cases.next(), cases.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    };
    let lower = single(Box::new(c.to_lowercase()));
    let upper = single(Box::new(c.to_uppercase()));
    [lower, upper].into_iter().flatten().filter(move |folded| *folded != c)
}

/// The characters beyond ASCII of a class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Wide {
    /// None of them.
    None,
    /// All of them, and bytes that are no UTF-8.
    All,
    /// These, sorted.
    Ranges(Box<[(u32, u32)]>),
}

/// A set of characters, ready to be tested against.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CharClass {
    /// One bit for each ASCII character.
    pub(super) ascii: u128,
    /// The rest.
    pub(super) wide: Wide,
}

impl CharClass {
    /// Whether the character that begins at `text[at]` is in the class: its length in bytes.
    #[inline]
    pub(super) fn matches(&self, text: &[u8], at: usize) -> Option<usize> {
        let byte = *text.get(at)?;
        if byte < 128 {
            return (self.ascii >> byte & 1 == 1).then_some(1);
        }
        let (code, len) = decode(text, at);
        self.has_wide(code).then_some(len)
    }

    /// Whether a byte of ASCII is in the class.
    #[inline]
    pub(super) fn has_ascii(&self, byte: u8) -> bool {
        byte < 128 && self.ascii >> byte & 1 == 1
    }

    fn has_wide(&self, code: Option<u32>) -> bool {
        match &self.wide {
            Wide::None => false,
            Wide::All => true,
            Wide::Ranges(ranges) => code.is_some_and(|code| {
                let idx = ranges.partition_point(|(_, high)| *high < code);
                ranges.get(idx).is_some_and(|(low, _)| *low <= code)
            }),
        }
    }

    /// The bytes that a character of the class can begin with.
    pub(super) fn first_bytes(&self) -> [bool; 256] {
        let mut bytes = [false; 256];
        for (byte, place) in bytes.iter_mut().enumerate() {
            *place = if byte < 128 {
                self.ascii >> byte & 1 == 1
            } else {
                !matches!(self.wide, Wide::None)
            };
        }
        bytes
    }
}

/// The character at `text[at]`, a byte of 128 or more: its code and length, or no code and one
/// byte where it is no UTF-8.
pub(super) fn decode(text: &[u8], at: usize) -> (Option<u32>, usize) {
    let lead = text[at];
    let len = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return (None, 1),
    };
    let Some(bytes) = text.get(at..at + len) else { return (None, 1) };
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.chars().next().map(|c| c as u32), len),
        Err(_) => (None, 1),
    }
}

/// The start of the character that ends at `at` (which is not 0).
pub(super) fn previous(text: &[u8], at: usize) -> usize {
    if text[at - 1] < 128 {
        return at - 1;
    }
    for len in 2..=4.min(at) {
        let start = at - len;
        if text[start] >= 0xC0 {
            return if decode(text, start).1 == len { start } else { at - 1 };
        }
        if text[start] < 128 {
            break;
        }
    }
    at - 1
}

/// Whether the character at `at` is a word character, as Unicode has it (`\b` uses this).
pub(super) fn is_word_at(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        None => false,
        Some(byte) if *byte < 128 => byte.is_ascii_alphanumeric() || *byte == b'_',
        Some(_) => decode(text, at).0.and_then(char::from_u32).is_some_and(is_word),
    }
}

/// Whether `\b` holds at `at`.
pub(super) fn is_word_boundary(text: &[u8], at: usize) -> bool {
    let before = at > 0 && is_word_at(text, previous(text, at));
    before != is_word_at(text, at)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_mark_or_connector(c)
}

/// Combining marks and connectors that make up words; the blocks that matter in logs.
fn is_mark_or_connector(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x610..=0x61A
        | 0x64B..=0x65F | 0x93A..=0x94F | 0x203F | 0x2040 | 0x2054 | 0x20D0..=0x20F0
        | 0x3099 | 0x309A | 0xFE33 | 0xFE34 | 0xFE20..=0xFE2F | 0xFF3F)
}

/// The class of a POSIX bracket or `\p{..}` name, Unicode as in Ruby.
pub(super) fn named(name: &str) -> Option<Ranges> {
    static CACHE: [OnceLock<Ranges>; 8] = [const { OnceLock::new() }; 8];
    let unicode = |idx: usize, test: fn(char) -> bool| {
        CACHE[idx]
            .get_or_init(|| {
                let codes = (0..=MAX).filter(|code| char::from_u32(*code).is_some_and(test));
                Ranges::of(codes.map(|code| (code, code)).collect())
            })
            .clone()
    };
    Some(match name.to_ascii_lowercase().replace([' ', '_', '-'], "").as_str() {
        "alpha" | "l" | "letter" | "alphabetic" => unicode(0, char::is_alphabetic),
        "alnum" => unicode(1, char::is_alphanumeric),
        "upper" | "lu" | "uppercase" => unicode(2, char::is_uppercase),
        "lower" | "ll" | "lowercase" => unicode(3, char::is_lowercase),
        "digit" | "nd" => unicode(4, |c| c.is_numeric() && (c.is_ascii_digit() || !c.is_ascii())),
        "word" | "w" => unicode(5, is_word),
        "space" => unicode(6, char::is_whitespace),
        "punct" | "p" | "punctuation" => unicode(7, |c| {
            c.is_ascii_punctuation()
                || matches!(c as u32, 0xA1 | 0xA7 | 0xAB | 0xB6 | 0xB7 | 0xBB
                | 0xBF | 0x2010..=0x2027 | 0x2030..=0x205E | 0x3001..=0x3003 | 0x3008..=0x3011)
        }),
        "blank" => Ranges::of(vec![(9, 9), (32, 32), (0xA0, 0xA0), (0x2000, 0x200A)]),
        "cntrl" | "cc" => Ranges::of(vec![(0, 31), (127, 159)]),
        "xdigit" | "asciihexdigit" => Ranges::of(vec![(48, 57), (65, 70), (97, 102)]),
        "ascii" => Ranges::of(vec![(0, 127)]),
        "any" => Ranges::all(),
        "graph" => {
            unicode(6, char::is_whitespace).union(&Ranges::of(vec![(0, 31), (127, 159)])).negate()
        }
        "print" => Ranges::of(vec![(0, 31), (127, 159)]).negate(),
        _ => return None,
    })
}
