//! Patterns of `*` (any run) and `?` (one character) over a whole text.
//!
//! In: a pattern, where a backslash makes the next character plain. Out: whether a text matches.
//! The common shapes (`a*`, `*a`, `*a*`) are one comparison or one search.

use memchr::memmem;

/// A compiled pattern.
#[derive(Debug, Clone)]
pub struct Wildcard {
    /// What lies between the stars; one more than there are stars.
    parts: Box<[Part]>,
    ignore_case: bool,
    /// Whether all parts are plain, so that bytes can be compared.
    is_plain: bool,
}

#[derive(Debug, Clone)]
struct Part {
    pieces: Box<[Piece]>,
    /// Set if the part is plain text that is compared byte by byte.
    plain: Option<memmem::Finder<'static>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Plain(char),
    One,
}

impl Wildcard {
    /// Compiles a pattern. A backslash at the end stands for itself.
    #[must_use]
    pub fn compile(pattern: &str, ignore_case: bool) -> Self {
        let mut parts = vec![Vec::new()];
        let mut characters = pattern.chars();
        while let Some(character) = characters.next() {
            let piece = match character {
                '*' => {
                    parts.push(Vec::new());
                    continue;
                }
                '?' => Piece::One,
                '\\' => Piece::Plain(characters.next().unwrap_or('\\')),
                plain => Piece::Plain(plain),
            };
            if let Some(part) = parts.last_mut() {
                part.push(piece);
            }
        }
        let parts: Box<[Part]> =
            parts.into_iter().map(|pieces| Part::of(pieces, ignore_case)).collect();
        let is_plain = parts.iter().all(|part| part.plain.is_some() || part.pieces.is_empty());
        Self { parts, ignore_case, is_plain }
    }

    /// Whether the pattern matches everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.parts.len() > 1 && self.parts.iter().all(|part| part.pieces.is_empty())
    }

    /// The longest plain text that every match contains.
    #[must_use]
    pub fn literal(&self) -> Option<&[u8]> {
        let plain = self.parts.iter().filter_map(|part| part.plain.as_ref());
        plain.map(memmem::Finder::needle).max_by_key(|needle| needle.len())
    }

    /// Whether the whole of a text matches; bytes that are no UTF-8 are replacement characters.
    #[must_use]
    pub fn matches_bytes(&self, text: &[u8]) -> bool {
        if !self.is_plain {
            return self.matches(&String::from_utf8_lossy(text));
        }
        let plain = |part: &'_ Part| part.plain.as_ref().map_or(0, |plain| plain.needle().len());
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let is_start = first.plain.as_ref().is_none_or(|it| text.starts_with(it.needle()));
        let Some((last, middle)) = rest.split_last() else {
            return is_start && text.len() == plain(first);
        };
        let Some(mut text) = is_start.then(|| &text[plain(first)..]) else { return false };
        for finder in middle.iter().filter_map(|part| part.plain.as_ref()) {
            let Some(at) = finder.find(text) else { return false };
            text = &text[at + finder.needle().len()..];
        }
        last.plain.as_ref().is_none_or(|it| text.ends_with(it.needle()))
    }

    /// Whether the whole of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        if self.is_plain {
            return self.matches_bytes(text.as_bytes());
        }
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some((last, middle)) = rest.split_last() else {
            return first.at_start(text, self.ignore_case) == Some(text.len());
        };
        let Some(skipped) = first.at_start(text, self.ignore_case) else { return false };
        let mut text = &text[skipped..];
        for part in middle {
            let Some(end) = part.search(text, self.ignore_case) else { return false };
            text = &text[end..];
        }
        last.at_end(text, self.ignore_case)
    }
}

impl Part {
    fn of(pieces: Vec<Piece>, ignore_case: bool) -> Self {
        let plain: Option<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(character) => Some(*character),
                Piece::One => None,
            })
            .collect();
        let plain = plain.filter(|text| !ignore_case && !text.is_empty());
        let plain = plain.map(|text| memmem::Finder::new(text.as_bytes()).into_owned());
        Self { pieces: pieces.into(), plain }
    }

    /// The length of the part at the start of `text`, if it is there.
    fn at_start(&self, text: &str, ignore_case: bool) -> Option<usize> {
        if let Some(plain) = &self.plain {
            return text.as_bytes().starts_with(plain.needle()).then(|| plain.needle().len());
        }
        let mut characters = text.chars();
        for piece in &self.pieces {
            let found = characters.next()?;
            let fits = match piece {
                Piece::One => true,
                Piece::Plain(wanted) => *wanted == found || (ignore_case && same(*wanted, found)),
            };
            if !fits {
                return None;
            }
        }
        Some(text.len() - characters.as_str().len())
    }

    /// The end of the first place of the part in `text`.
    fn search(&self, text: &str, ignore_case: bool) -> Option<usize> {
        if let Some(plain) = &self.plain {
            return plain.find(text.as_bytes()).map(|at| at + plain.needle().len());
        }
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        starts.into_iter().find_map(|at| Some(at + self.at_start(&text[at..], ignore_case)?))
    }

    fn at_end(&self, text: &str, ignore_case: bool) -> bool {
        if let Some(plain) = &self.plain {
            return text.as_bytes().ends_with(plain.needle());
        }
        let count = self.pieces.len();
        if count == 0 {
            return true;
        }
        let start = text.char_indices().rev().nth(count - 1).map(|(at, _)| at);
        start.is_some_and(|at| self.at_start(&text[at..], ignore_case).is_some())
    }
}

/// Whether two characters differ in case at most.
#[must_use]
pub fn same(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase()) || a.to_uppercase().eq(b.to_uppercase())
}

/// Whether two texts differ in case at most, character by character.
#[must_use]
pub fn same_text(a: &str, b: &str) -> bool {
    let mut others = b.chars();
    a.chars().all(|character| others.next().is_some_and(|other| same(character, other)))
        && others.next().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        let wildcard = Wildcard::compile(pattern, false);
        for text in yes {
            assert!(wildcard.matches(text), "{pattern} {text}");
        }
        for text in no {
            assert!(!wildcard.matches(text), "{pattern} {text}");
        }
    }

    #[test]
    fn stars_are_runs_and_question_marks_are_characters() {
        check("*", &["", "abc"], &[]);
        check("er*", &["er", "error"], &["Error", "terror"]);
        check("*or", &["or", "error"], &["error "]);
        check("*rr*", &["error"], &["eror"]);
        check("a*b*c", &["abc", "axbxc", "abcbc"], &["ab", "acb"]);
        check("ab*ba", &["abba", "abxba"], &["aba"]);
        check("?", &["é", "x"], &["", "xy"]);
        check("*e?", &["e?", "een"], &["e"]);
        check(r"a\*b\\", &[r"a*b\"], &[r"axb\"]);
        check("a?*?d", &["abcd", "aXXXd"], &["acd"]);
    }

    #[test]
    fn case_can_be_left_aside() {
        let wildcard = Wildcard::compile("ÉR*n", true);
        assert!(wildcard.matches("érRoN"));
        assert!(!wildcard.matches("err"));
    }

    /// The plain meaning, tried at every split.
    fn simple(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|at| simple(rest, &text[at..])),
            Some((wanted, rest)) => text.split_first().is_some_and(|(found, after)| {
                (*wanted == '?' || wanted == found) && simple(rest, after)
            }),
        }
    }

    proptest! {
        #[test]
        fn it_means_what_the_simple_reading_says(pattern in "[abé?*]{0,8}", text in "[abé]{0,10}") {
            let wanted: Vec<char> = pattern.chars().collect();
            let found: Vec<char> = text.chars().collect();
            let expect = simple(&wanted, &found);
            let wildcard = Wildcard::compile(&pattern, false);
            prop_assert_eq!(wildcard.matches(&text), expect);
            prop_assert_eq!(wildcard.matches_bytes(text.as_bytes()), expect);
            prop_assert_eq!(Wildcard::compile(&pattern, true).matches(&text), expect);
        }
    }
}
