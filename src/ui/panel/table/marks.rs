//! Which places of a text are marked: what the find bar or the query matches.

use std::ops::Range;

use regex::Regex;

/// No more of a text is searched.
const CAP: usize = 16 * 1024;
/// No more places of one text are marked.
const MOST: usize = 64;

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct Marks<'a> {
    /// The find bar's pattern.
    pub find: Option<&'a Regex>,
    /// Words of the query.
    pub words: Vec<Regex>,
}

impl Marks<'_> {
    /// The places in `text`, in order and apart.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<Range<usize>> {
        let end = (0..=text.len().min(CAP)).rev().find(|end| text.is_char_boundary(*end));
        let text = &text[..end.unwrap_or(0)];
        let mut places: Vec<Range<usize>> = Vec::new();
        for pattern in self.find.into_iter().chain(&self.words) {
            let found = pattern.find_iter(text).map(|found| found.range());
            places.extend(found.filter(|range| !range.is_empty()).take(MOST));
        }
        places.sort_by_key(|range| (range.start, range.end));
        let mut joined: Vec<Range<usize>> = Vec::new();
        for place in places {
            match joined.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => joined.push(place),
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::Marks;

    #[test]
    fn places_are_joined_and_in_order() {
        let find = Regex::new("o+").unwrap();
        let words = vec![Regex::new("(?i)FOO").unwrap(), Regex::new("x*").unwrap()];
        let marks = Marks { find: Some(&find), words };
        assert_eq!(marks.of("a foo, boo"), [2..5, 8..10]);
        assert!(marks.of("").is_empty());
    }
}
