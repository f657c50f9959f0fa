//! Finds records by their bytes, so that others need not be decoded.
//!
//! Only sound where every matching record must contain one of the needles as it stands, which
//! [`Tree::needles`](super::tree::Tree::needles) says for fields that are copied from the record.

use aho_corasick::{AhoCorasick, MatchKind};

use crate::event::Span;
use crate::ingest::format::{Decoder, Origin};
use crate::store::DocSet;

use super::plan::Conjunct;
use super::tree::Needle;

/// What to look for.
pub(super) enum Needles {
    /// Nothing can match.
    None,
    /// One text, case counts.
    Exact(memchr::memmem::Finder<'static>),
    /// One or more texts.
    Any(AhoCorasick),
}

impl Needles {
    /// The needles of a piece of a clause; `None` if it has no such thing.
    pub(super) fn of(scan: &Conjunct, numbers: &[usize], decoder: &Decoder) -> Option<Self> {
        let mut all: Vec<Needle> = Vec::new();
        for (part, tree) in scan.trees.iter().enumerate() {
            let is_copied = |field: usize| {
                numbers.get(field).is_some_and(|at| {
                    matches!(decoder.origin(part as u8, *at), Origin::Copied | Origin::Absent)
                })
            };
            all.extend(tree.needles(&is_copied)?);
        }
        Self::any(&all)
    }

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
            return Some(Self::Exact(memchr::memmem::Finder::new(&one.bytes).into_owned()));
        }
        // Bytes beyond ASCII have case too, which the search does not know.
        let ignores_case = all.iter().any(|needle| needle.ignores_case);
        if ignores_case && all.iter().any(|needle| !needle.bytes.is_ascii()) {
            return None;
        }
        AhoCorasick::builder()
            .ascii_case_insensitive(ignores_case)
            .match_kind(MatchKind::LeftmostFirst)
            .build(all.iter().map(|needle| &needle.bytes))
            .ok()
            .map(Self::Any)
    }

    /// The records of a block that contain a needle.
    pub(super) fn records(&self, bytes: &[u8], spans: &[Span]) -> DocSet {
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
        };
        at.map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Needle, Needles};
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
        let found = Needles::any(&needles).unwrap().records(text, &spans);
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
    fn needles_whose_case_cannot_be_told_are_none() {
        let needle = Needle { bytes: "ÄRGER".into(), ignores_case: true };
        assert!(Needles::any(&[needle]).is_none());
    }
}
