//! The values of one field in one segment: each different value once, and a code for each record.
//!
//! In: values in record order ([`ColumnBuilder`]). Out: tests and counts that look at each
//! different value once, whatever the number of records. A record may have several values; each
//! different one counts once.

mod builder;
mod codes;
mod dictionary;

pub use builder::ColumnBuilder;
pub use dictionary::Dictionary;

use codes::Codes;

use super::docset::DocSet;
use crate::event::Value;

/// The code of a record without a value. Values have the codes from 1.
pub const MISSING: u32 = 0;

/// A field's values by record number.
#[derive(Debug, Clone)]
pub struct Column {
    dictionary: Dictionary,
    /// The code of each record's first value, or [`MISSING`].
    first: Codes,
    /// Further values: record number and code, in record order.
    more: Box<[(u32, u32)]>,
}

impl Column {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.first.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of different values.
    #[must_use]
    pub fn distinct(&self) -> u32 {
        self.dictionary.len()
    }

    /// The value of a code; `None` for [`MISSING`] and codes that do not exist.
    #[must_use]
    pub fn value(&self, code: u32) -> Option<Value<'_>> {
        self.dictionary.get(code.checked_sub(1)?)
    }

    /// The different values in order of their codes, from 1.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.dictionary.len()).filter_map(|at| self.dictionary.get(at))
    }

    /// The code of a record's first value, or [`MISSING`].
    #[must_use]
    pub fn first_code(&self, doc: u32) -> u32 {
        self.first.get(doc)
    }

    /// Calls `visit` with the code of each of a record's values.
    pub fn each_code(&self, doc: u32, mut visit: impl FnMut(u32)) {
        let code = self.first.get(doc);
        if code == MISSING {
            return;
        }
        visit(code);
        let start = self.more.partition_point(|(of, _)| *of < doc);
        self.more[start..]
            .iter()
            .take_while(|(of, _)| *of == doc)
            .for_each(|(_, code)| visit(*code));
    }

    /// Whether some record has more than one value.
    #[must_use]
    pub fn is_multi(&self) -> bool {
        !self.more.is_empty()
    }

    /// The records with at least one value that passes `test`, which is called once for each
    /// different value.
    #[must_use]
    pub fn matching(&self, mut test: impl FnMut(Value<'_>) -> bool) -> DocSet {
        let accepted: Vec<bool> =
            std::iter::once(false).chain(self.values().map(&mut test)).collect();
        let hits = accepted.iter().filter(|accept| **accept).count();
        if hits == 0 {
            return DocSet::none(self.len());
        }
        let mut docs = self.first.select(&accepted);
        if !self.more.is_empty() {
            let more: Vec<u32> = self
                .more
                .iter()
                .filter(|(_, code)| accepted.get(*code as usize) == Some(&true))
                .map(|(doc, _)| *doc)
                .collect();
            docs = docs.or(&DocSet::of(self.len(), |doc| more.binary_search(&doc).is_ok()));
        }
        docs
    }

    /// Records of `docs` by code of each of their values; the count of [`MISSING`] comes first.
    #[must_use]
    pub fn count(&self, docs: &DocSet) -> Vec<u32> {
        let mut counts = vec![0; self.distinct() as usize + 1];
        self.first.count(docs, &mut counts);
        for (doc, code) in &self.more {
            if docs.contains(*doc)
                && let Some(count) = counts.get_mut(*code as usize)
            {
                *count += 1;
            }
        }
        counts
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.dictionary.size() + self.first.size() + self.more.len() * 8
    }
}

#[cfg(test)]
mod tests;
