//! A set of the records of one segment, by their number in it.
//!
//! In: numbers in ascending order, or other sets. Out: membership, counts, members in either
//! direction. Few members are kept as a list, many as bits, all and none as a word.

/// Members of a segment's records `0..len`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocSet {
    len: u32,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    None,
    All,
    List(Box<[u32]>),
    Bits { words: Box<[u64]>, count: u32 },
}

/// A list takes 32 bits for each member, bits take one for each record.
const LIST_SHARE: u32 = 32;

impl DocSet {
    /// No record of `len`.
    #[must_use]
    pub fn none(len: u32) -> Self {
        Self { len, form: Form::None }
    }

    /// Every record of `len`.
    #[must_use]
    pub fn all(len: u32) -> Self {
        Self { len, form: if len == 0 { Form::None } else { Form::All } }
    }

    /// The records for which `test` holds.
    #[must_use]
    pub fn of(len: u32, mut test: impl FnMut(u32) -> bool) -> Self {
        let mut words = vec![0u64; (len as usize).div_ceil(64)];
        for (at, word) in words.iter_mut().enumerate() {
            let first = at as u32 * 64;
            for bit in 0..64.min(len - first) {
                *word |= u64::from(test(first + bit)) << bit;
            }
        }
        Self::from_words(len, words)
    }

    /// The records in `range`.
    #[must_use]
    pub fn range(len: u32, range: std::ops::Range<u32>) -> Self {
        if range.start == 0 && range.end >= len {
            return Self::all(len);
        }
        Self::of(len, |doc| range.contains(&doc))
    }

    /// The records whose bits are set; bits past `len` must be clear.
    #[must_use]
    pub fn from_words(len: u32, words: Vec<u64>) -> Self {
        let count: u32 = words.iter().map(|word| word.count_ones()).sum();
        let form = if count == 0 {
            Form::None
        } else if count == len {
            Form::All
        } else if count < len / LIST_SHARE {
            Form::List(Bits { words: &words, at: 0, word: 0 }.collect())
        } else {
            Form::Bits { words: words.into(), count }
        };
        Self { len, form }
    }

    /// Number of records in the segment.
    #[must_use]
    pub fn universe(&self) -> u32 {
        self.len
    }

    /// Number of members.
    #[must_use]
    pub fn count(&self) -> u32 {
        match &self.form {
            Form::None => 0,
            Form::All => self.len,
            Form::List(list) => list.len() as u32,
            Form::Bits { count, .. } => *count,
        }
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.form, Form::None)
    }

    /// Whether every record is in it.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self.form, Form::All) || self.len == 0
    }

    /// Whether a record is in it.
    #[must_use]
    pub fn contains(&self, doc: u32) -> bool {
        match &self.form {
            Form::None => false,
            Form::All => doc < self.len,
            Form::List(list) => list.binary_search(&doc).is_ok(),
            Form::Bits { words, .. } => {
                words.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1)
            }
        }
    }

    /// Members in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (&self.form, &other.form) {
            (Form::None, _) | (_, Form::All) => self.clone(),
            (_, Form::None) | (Form::All, _) => other.clone(),
            (Form::List(list), _) => Self::from_list(self.len, list, |doc| other.contains(doc)),
            (_, Form::List(list)) => Self::from_list(self.len, list, |doc| self.contains(doc)),
            (Form::Bits { words: a, .. }, Form::Bits { words: b, .. }) => {
                Self::from_words(self.len, a.iter().zip(b).map(|(a, b)| a & b).collect())
            }
        }
    }

    /// Members of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (&self.form, &other.form) {
            (Form::None, _) | (_, Form::All) => other.clone(),
            (_, Form::None) | (Form::All, _) => self.clone(),
            _ => {
                let (mut words, more) = (self.words(), other.words());
                words.iter_mut().zip(more).for_each(|(a, b)| *a |= b);
                Self::from_words(self.len, words)
            }
        }
    }

    /// Records that are not members.
    #[must_use]
    pub fn not(&self) -> Self {
        match &self.form {
            Form::None => Self::all(self.len),
            Form::All => Self::none(self.len),
            _ => {
                let mut words = self.words();
                for word in &mut words {
                    *word = !*word;
                }
                if !self.len.is_multiple_of(64)
                    && let Some(last) = words.last_mut()
                {
                    *last &= (1 << (self.len % 64)) - 1;
                }
                Self::from_words(self.len, words)
            }
        }
    }

    /// Calls `visit` with every member, ascending.
    pub fn each(&self, mut visit: impl FnMut(u32)) {
        match &self.form {
            Form::None => {}
            Form::All => (0..self.len).for_each(visit),
            Form::List(list) => list.iter().for_each(|doc| visit(*doc)),
            Form::Bits { words, .. } => {
                for (at, word) in words.iter().enumerate() {
                    let mut rest = *word;
                    while rest != 0 {
                        visit(at as u32 * 64 + rest.trailing_zeros());
                        rest &= rest - 1;
                    }
                }
            }
        }
    }

    /// The members, ascending.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u32> {
        let mut docs = Vec::with_capacity(self.count() as usize);
        self.each(|doc| docs.push(doc));
        docs
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Self>()
            + match &self.form {
                Form::None | Form::All => 0,
                Form::List(list) => list.len() * 4,
                Form::Bits { words, .. } => words.len() * 8,
            }
    }

    fn from_list(len: u32, list: &[u32], mut test: impl FnMut(u32) -> bool) -> Self {
        let kept: Box<[u32]> = list.iter().copied().filter(|doc| test(*doc)).collect();
        Self { len, form: if kept.is_empty() { Form::None } else { Form::List(kept) } }
    }

    fn words(&self) -> Vec<u64> {
        if let Form::Bits { words, .. } = &self.form {
            return words.to_vec();
        }
        let mut words = vec![0u64; (self.len as usize).div_ceil(64)];
        self.each(|doc| words[doc as usize / 64] |= 1 << (doc % 64));
        words
    }
}

struct Bits<'a> {
    words: &'a [u64],
    at: usize,
    word: u64,
}

impl Iterator for Bits<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        while self.word == 0 {
            self.word = *self.words.get(self.at)?;
            self.at += 1;
        }
        let bit = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some((self.at as u32 - 1) * 64 + bit)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::DocSet;

    fn set(len: u32, docs: &BTreeSet<u32>) -> DocSet {
        DocSet::of(len, |doc| docs.contains(&doc))
    }

    proptest! {
        #[test]
        fn sets_behave_as_sets(
            len in 0u32..300,
            a in prop::collection::btree_set(0u32..300, 0..300),
            b in prop::collection::btree_set(0u32..300, 0..12),
        ) {
            let a: BTreeSet<u32> = a.into_iter().filter(|doc| *doc < len).collect();
            let b: BTreeSet<u32> = b.into_iter().filter(|doc| *doc < len).collect();
            let (x, y) = (set(len, &a), set(len, &b));
            prop_assert_eq!(x.to_vec(), a.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(x.count() as usize, a.len());
            prop_assert_eq!(x.and(&y).to_vec(), a.intersection(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(y.and(&x), x.and(&y));
            prop_assert_eq!(x.or(&y).to_vec(), a.union(&b).copied().collect::<Vec<_>>());
            prop_assert_eq!(
                x.not().to_vec(),
                (0..len).filter(|doc| !a.contains(doc)).collect::<Vec<_>>()
            );
            for doc in 0..len + 70 {
                prop_assert_eq!(x.contains(doc), a.contains(&doc));
            }
        }
    }

    #[test]
    fn a_range_that_covers_the_segment_is_all_of_it() {
        assert!(DocSet::range(5, 0..9).is_all());
        assert_eq!(DocSet::range(100, 3..5).to_vec(), [3, 4]);
        assert!(DocSet::range(100, 7..7).is_empty());
    }
}
