//! The standard analyzer: words by Unicode's rules (UAX #29), lower-cased.
//!
//! In: text. Out: its tokens in order. No stop words, no stemming, no folding of accents; pieces
//! without a letter, digit or ideograph are dropped, emoji are kept, runs of over 255 UTF-16 units
//! are cut. Text of ASCII alone takes a faster way with the same result.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

/// The longest token in UTF-16 units.
const LONGEST: usize = 255;

/// Characters that are pictures.
static PICTURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\x{FE0F}?\x{20E3})")
        .expect("the pattern is a constant that compiles")
});

/// All tokens of `text`.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let _ = each_token(text, &mut |token| {
        found.push(token.to_owned());
        ControlFlow::Continue(())
    });
    found
}

/// Calls `visit` with each token in order, until it breaks.
pub fn each_token(text: &str, visit: &mut dyn FnMut(&str) -> ControlFlow<()>) -> ControlFlow<()> {
    let mut lowered = String::new();
    if text.is_ascii() {
        for word in AsciiWords::of(text.as_bytes()) {
            lowered.clear();
            lowered.extend(word.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
            visit(&lowered)?;
        }
        return ControlFlow::Continue(());
    }
    each_unicode_token(text, &mut lowered, visit)
}

/// The general way, for any text.
fn each_unicode_token(
    text: &str,
    lowered: &mut String,
    visit: &mut dyn FnMut(&str) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut rest = text;
    while let Some(cut) = tokens_until_cut(rest, lowered, visit)? {
        rest = &rest[cut..];
    }
    ControlFlow::Continue(())
}

/// Visits tokens up to the first that is too long; gives where that one was cut, which is where
/// reading begins anew.
fn tokens_until_cut(
    text: &str,
    lowered: &mut String,
    visit: &mut dyn FnMut(&str) -> ControlFlow<()>,
) -> ControlFlow<(), Option<usize>> {
    let mut segments = text.split_word_bound_indices().peekable();
    while let Some((start, segment)) = segments.next() {
        if !is_word(segment) {
            continue;
        }
        let mut end = start + segment.len();
        if segment.chars().all(is_complex) {
            // Scripts without spaces stay in one piece, as nothing here knows their words.
            while let Some((at, next)) = segments.next_if(|(_, it)| it.chars().all(is_complex)) {
                end = at + next.len();
            }
        }
        let word = &text[start..end];
        let cut = cut_of(word);
        lowered.clear();
        lowered.extend(word[..cut].chars().map(lower));
        visit(lowered)?;
        if cut < word.len() {
            return ControlFlow::Continue(Some(start + cut));
        }
    }
    ControlFlow::Continue(None)
}

/// The bytes of a word that make one token: all, or the most that a token may have.
fn cut_of(word: &str) -> usize {
    if word.len() <= LONGEST {
        return word.len();
    }
    let mut units = 0;
    for (at, character) in word.char_indices() {
        units += character.len_utf16();
        if units > LONGEST {
            let kept = word[..at].trim_end_matches([':', ',', ';', '.', '\'']);
            return kept.len().max(1);
        }
    }
    word.len()
}

/// The simple lower case of one character, always one character.
#[must_use]
pub fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

/// The simple lower case of a whole text, as the analyzer has it.
#[must_use]
pub fn lower_text(text: &str) -> String {
    text.chars().map(lower).collect()
}

fn is_word(segment: &str) -> bool {
    segment.chars().any(char::is_alphanumeric)
        || (!segment.is_ascii() && PICTURE.is_match(segment) && !segment.contains('\u{FE0E}'))
}

/// Letters of the South East Asian scripts that are written without spaces.
fn is_complex(character: char) -> bool {
    let block = matches!(u32::from(character),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x1950..=0x19DF | 0x1A20..=0x1AAF
        | 0xA9E0..=0xA9FF | 0xAA60..=0xAADF);
    block && !character.is_numeric()
}

/// The words of ASCII text, not yet lower-cased.
#[derive(Debug, Clone)]
pub struct AsciiWords<'a> {
    text: &'a [u8],
    at: usize,
}

/// How word breaking sees an ASCII byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Underscore,
    /// Joins letters only.
    MidLetter,
    /// Joins digits only.
    MidNumber,
    /// Joins letters and digits.
    MidBoth,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'_' => Class::Underscore,
            b':' => Class::MidLetter,
            b',' | b';' => Class::MidNumber,
            b'.' | b'\'' => Class::MidBoth,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

impl<'a> AsciiWords<'a> {
    /// The words of `text`, which must be ASCII; other bytes are taken as breaks.
    #[must_use]
    pub fn of(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn class(&self, at: usize) -> Class {
        self.text.get(at).map_or(Class::Other, |byte| CLASSES[usize::from(*byte)])
    }

    /// Where the token of a word ends: with the word, or earlier if that is too long.
    fn cut(&self, start: usize, end: usize) -> usize {
        if end - start <= LONGEST {
            return end;
        }
        let mut cut = start + LONGEST;
        while matches!(self.class(cut - 1), Class::MidLetter | Class::MidNumber | Class::MidBoth) {
            cut -= 1;
        }
        cut
    }

    /// Where the word that begins at `start` ends, and whether it has a letter or digit.
    fn end_of(&self, start: usize) -> (usize, bool) {
        let mut at = start;
        let mut last = Class::Other;
        let mut counts = false;
        loop {
            let class = self.class(at);
            match class {
                Class::Letter | Class::Digit | Class::Underscore => {
                    counts |= class != Class::Underscore;
                    last = class;
                    at += 1;
                }
                Class::MidLetter if last == Class::Letter => {
                    if self.class(at + 1) != Class::Letter {
                        return (at, counts);
                    }
                    at += 1;
                }
                Class::MidNumber if last == Class::Digit => {
                    if self.class(at + 1) != Class::Digit {
                        return (at, counts);
                    }
                    at += 1;
                }
                Class::MidBoth if matches!(last, Class::Letter | Class::Digit) => {
                    if self.class(at + 1) != last {
                        return (at, counts);
                    }
                    at += 1;
                }
                _ => return (at, counts),
            }
        }
    }
}

impl<'a> Iterator for AsciiWords<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while self.at < self.text.len() {
            let start = self.at;
            let (end, counts) = self.end_of(start);
            let cut = self.cut(start, end);
            self.at = cut.max(start + 1);
            if counts {
                return Some(&self.text[start..cut]);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expect: &[&str]) {
        assert_eq!(tokens(text), expect, "{text:?}");
    }

    #[test]
    fn words_break_where_elasticsearch_breaks_them() {
        check("Brown-Foxes", &["brown", "foxes"]);
        check("dog's foo_bar", &["dog's", "foo_bar"]);
        check("pt-web-01", &["pt", "web", "01"]);
        check("apps.parcels.views 10.0.0.1 v1.2.3", &["apps.parcels.views", "10.0.0.1", "v1.2.3"]);
        check("a.1 3,14 a,b", &["a", "1", "3,14", "a", "b"]);
        check("app:ERROR key:5", &["app:error", "key", "5"]);
        check("foo@bar.com /kibana", &["foo", "bar.com", "kibana"]);
        check("http://facebook.com/x", &["http", "facebook.com", "x"]);
        check("2020-01-01T10:00:00Z", &["2020", "01", "01t10", "00", "00z"]);
        check("!! -- __ a. .b", &["a", "b"]);
    }

    #[test]
    fn scripts_have_their_own_breaks() {
        check("日本語 カタカナ 한국어", &["日", "本", "語", "カタカナ", "한국어"]);
        check("İstanbul ΣΑΣ straße", &["istanbul", "σασ", "straße"]);
        check("ok✓ 👍 Ⅳ ０１２", &["ok", "👍", "ⅳ", "０１２"]);
        check("สวัสดีครับ", &["สวัสดีครับ"]);
    }

    #[test]
    fn a_long_word_is_cut_at_255_units() {
        let lengths = |text: &str| -> Vec<usize> {
            tokens(text).iter().map(|token| token.encode_utf16().count()).collect()
        };
        assert_eq!(lengths(&"x".repeat(600)), [255, 255, 90]);
        assert_eq!(lengths(&"é".repeat(600)), [255, 255, 90]);
    }

    proptest! {
        #[test]
        fn both_ways_agree_on_ascii(text in "[a-zA-Z0-9_.:,;'\" /-]{0,40}|[ -~\t\n]{0,60}|[a.:]{250,600}") {
            let fast = tokens(&text);
            let mut general = Vec::new();
            let _ = each_unicode_token(&text, &mut String::new(), &mut |token| {
                general.push(token.to_owned());
                ControlFlow::Continue(())
            });
            prop_assert_eq!(fast, general);
        }
    }
}
