//! Finds records by their bytes, so that others need not be decoded.
//!
//! Only sound where every matching record must contain one of the needles as it stands, which
//! [`Tree::needles`](super::tree::Tree::needles) says for fields that are copied from the record.

use std::cell::Cell;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::event::Span;
use crate::ingest::format::{Decoder, Origin};
use crate::store::DocSet;

use super::plan::Conjunct;
use super::tree::{Needle, Test, passes};

/// What to look for, and where that tells nothing.
pub(super) struct Needles {
    texts: Texts,
    /// Some field is escaped in the record: letters may be written as `\u0041`.
    is_escaped: bool,
}

enum Texts {
    /// Nothing can match.
    None,
    /// One text, case counts.
    Exact(Box<memchr::memmem::Finder<'static>>),
    /// One or more texts.
    Any(AhoCorasick),
    /// One or more texts, case aside: faster at that than an automaton of all of them.
    AnyCase(regex::bytes::Regex),
}

impl Needles {
    /// The needles of a piece of a clause for a file of that path; `None` if it has no such thing.
    pub(super) fn of(
        scan: &Conjunct,
        numbers: &[usize],
        decoder: &Decoder,
        path: &str,
    ) -> Option<Self> {
        let mut all: Vec<Needle> = Vec::new();
        let is_escaped = Cell::new(false);
        for (part, tree) in scan.trees.iter().enumerate() {
            let of_test = |test: &Test| {
                let at = *numbers.get(test.field)?;
                if let Some(values) = decoder.possible(part as u8, at, path) {
                    let is_never = !values.iter().any(|value| passes(&test.holds, *value));
                    return is_never.then(Vec::new);
                }
                match decoder.origin(part as u8, at) {
                    Origin::Absent => Some(Vec::new()),
                    Origin::Whole | Origin::Copied => test.needles.clone(),
                    Origin::Escaped => {
                        let needles = test.needles.as_ref()?;
                        needles.iter().all(is_plain).then(|| {
                            is_escaped.set(true);
                            needles.clone()
                        })
                    }
                    Origin::Constant | Origin::Computed => None,
                }
            };
            all.extend(tree.needles(&of_test)?);
        }
        let texts = Texts::any(&shortest(all))?;
        Some(Self { texts, is_escaped: is_escaped.get() })
    }

    /// The records of a block that may contain a needle.
    pub(super) fn records(&self, bytes: &[u8], spans: &[Span]) -> DocSet {
        // Colours are left out of records before they are decoded.
        let is_altered = memchr::memchr(0x1b, bytes).is_some()
            || self.is_escaped && memchr::memmem::find(bytes, b"\\u").is_some();
        if is_altered && !matches!(self.texts, Texts::None) {
            return DocSet::all(spans.len() as u32);
        }
        self.texts.records(bytes, spans)
    }
}

/// Without those that are found only where another one is.
fn shortest(mut all: Vec<Needle>) -> Vec<Needle> {
    all.sort_by_key(|needle| (needle.bytes.len(), !needle.ignores_case));
    let mut kept: Vec<Needle> = Vec::new();
    for needle in all {
        if !kept.iter().any(|known| known.is_within(&needle)) {
            kept.push(needle);
        }
    }
    kept
}

/// Whether no escape other than `\u` can stand for one of its characters.
fn is_plain(needle: &Needle) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'_' | b'-');
    needle.bytes.iter().all(is_word) && needle.bytes.iter().any(u8::is_ascii_alphabetic)
}

impl Texts {
    /// Any of `all`; `None` if one is too short to be worth it.
    fn any(all: &[Needle]) -> Option<Self> {
        if all.is_empty() {
            return Some(Self::None);
        }
        if all.iter().any(|needle| needle.bytes.len() < 2) {
            return None;
        }
        if let [one] = all
            && !one.ignores_case
        {
            let finder = memchr::memmem::Finder::new(&one.bytes).into_owned();
            return Some(Self::Exact(Box::new(finder)));
        }
        // Bytes beyond ASCII have case too, which the search does not know.
        let ignores_case = all.iter().any(|needle| needle.ignores_case);
        if ignores_case && all.iter().any(|needle| !needle.bytes.is_ascii()) {
            return None;
        }
        if ignores_case {
            let texts = all.iter().filter_map(|needle| std::str::from_utf8(&needle.bytes).ok());
            let pattern = texts.map(regex::escape).collect::<Vec<_>>().join("|");
            let regex = regex::bytes::RegexBuilder::new(&pattern)
                .case_insensitive(true)
                .unicode(false)
                .build();
            return regex.ok().map(Self::AnyCase);
        }
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(all.iter().map(|needle| &needle.bytes))
            .ok()
            .map(Self::Any)
    }

    /// The records of a block that contain a needle.
    fn records(&self, bytes: &[u8], spans: &[Span]) -> DocSet {
        let len = spans.len() as u32;
        let mut words = vec![0u64; spans.len().div_ceil(64)];
        let mut from = 0;
        while let Some(at) = self.find(bytes, from) {
            let doc = spans.partition_point(|span| span.end as usize <= at);
            let Some(span) = spans.get(doc) else { break };
            if span.start as usize <= at {
                words[doc / 64] |= 1 << (doc % 64);
                from = span.end as usize;
            } else {
                from = at + 1;
            }
        }
        DocSet::from_words(len, words)
    }

    fn find(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let rest = bytes.get(from..)?;
        let at = match self {
            Self::None => None,
            Self::Exact(finder) => finder.find(rest),
            Self::Any(automaton) => automaton.find(rest).map(|found| found.start()),
            Self::AnyCase(regex) => regex.find(rest).map(|found| found.start()),
        };
        at.map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Needle, Needles, Texts};
    use crate::event::Span;

    fn check(needles: &[(&str, bool)], expected: &[u32]) {
        let text = b"Error one\nall fine\nan eRRor two: timeout\n";
        let mut spans = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            spans.push(Span { start, end: start + line.len() as u32 - 1 });
            start += line.len() as u32;
        }
        let needles: Vec<Needle> = needles
            .iter()
            .map(|(bytes, ignores_case)| Needle {
                bytes: bytes.as_bytes().to_vec(),
                ignores_case: *ignores_case,
            })
            .collect();
        let found = Texts::any(&needles).unwrap().records(text, &spans);
        assert_eq!(found.to_vec(), expected);
    }

    #[test]
    fn records_that_hold_a_needle_are_found() {
        check(&[("Error", false)], &[0]);
        check(&[("error", true)], &[0, 2]);
        check(&[("fine", false), ("timeout", false)], &[1, 2]);
        check(&[("one\nall", false)], &[0]);
        check(&[], &[]);
    }

    #[test]
    fn coloured_and_escaped_blocks_rule_nothing_out() {
        let span = [Span { start: 0, end: 10 }];
        let needles = |is_escaped| {
            let needle = Needle { bytes: b"fine".to_vec(), ignores_case: false };
            Needles { texts: Texts::any(&[needle]).unwrap(), is_escaped }
        };
        assert!(needles(false).records(b"fi\x1b[31mne..", &span).is_all());
        assert!(needles(true).records(b"f\\u0069ne..", &span).is_all());
        assert!(needles(false).records(b"f\\u0069ne..", &span).is_empty());
    }

    #[test]
    fn needles_whose_case_cannot_be_told_are_none() {
        let needle = Needle { bytes: "ÄRGER".into(), ignores_case: true };
        assert!(Texts::any(&[needle]).is_none());
    }
}
