//! Builds a column from values in record order.
//!
//! The work for each value is one look-up: small whole numbers in a table, a repetition of the
//! record before by comparison, everything else by hash.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::codes::Codes;
use super::dictionary::same;
use super::{Column, Dictionary, MISSING};
use crate::event::Value;

/// Whole numbers below this are found without hashing.
const SMALL: usize = 1024;

/// Collects a field's values: [`ColumnBuilder::begin`] for each record, then
/// [`ColumnBuilder::push`] for each of its values.
#[derive(Debug)]
pub struct ColumnBuilder {
    dictionary: Dictionary,
    first: Vec<u32>,
    more: Vec<(u32, u32)>,
    small: Box<[u32]>,
    table: Vec<Bucket>,
    hasher: FixedState,
    last: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    hash: u32,
    code: u32,
}

impl Default for ColumnBuilder {
    fn default() -> Self {
        Self {
            dictionary: Dictionary::default(),
            first: Vec::new(),
            more: Vec::new(),
            small: Box::default(),
            table: Vec::new(),
            hasher: FixedState::default(),
            last: MISSING,
        }
    }
}

impl ColumnBuilder {
    /// The next record; it has no value yet.
    pub fn begin(&mut self) {
        self.first.push(MISSING);
    }

    /// Gives the record begun last a value; a value that it has already changes nothing.
    pub fn push(&mut self, value: Value<'_>) {
        let Some(code) = self.code(value) else { return };
        let doc = self.first.len().saturating_sub(1) as u32;
        let Some(first) = self.first.last_mut() else { return };
        if *first == MISSING {
            *first = code;
        } else if *first != code && !self.has_more(doc, code) {
            self.more.push((doc, code));
        }
    }

    /// Number of records begun.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.first.len() as u32
    }

    /// Whether no record was begun.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// The finished column.
    #[must_use]
    pub fn finish(mut self) -> Column {
        self.dictionary.shrink();
        let first = Codes::pack(&self.first, self.dictionary.len());
        Column { dictionary: self.dictionary, first, more: self.more.into() }
    }

    fn has_more(&self, doc: u32, code: u32) -> bool {
        self.more.iter().rev().take_while(|(of, _)| *of == doc).any(|(_, other)| *other == code)
    }

    fn code(&mut self, value: Value<'_>) -> Option<u32> {
        if let Value::Int(number) = value
            && let Ok(number) = usize::try_from(number)
            && number < SMALL
        {
            return self.small_code(number);
        }
        let last = self.last.checked_sub(1).and_then(|at| self.dictionary.get(at));
        if last.is_some_and(|last| same(last, value)) {
            return Some(self.last);
        }
        self.last = self.hashed_code(value)?;
        Some(self.last)
    }

    fn small_code(&mut self, number: usize) -> Option<u32> {
        if self.small.is_empty() {
            self.small = vec![MISSING; SMALL].into();
        }
        let place = self.small.get_mut(number)?;
        if *place == MISSING {
            *place = self.dictionary.add(Value::Int(number as i64))? + 1;
        }
        Some(*place)
    }

    fn hashed_code(&mut self, value: Value<'_>) -> Option<u32> {
        let hash = match value {
            Value::Bool(value) => self.hasher.hash_one(u64::from(value)),
            Value::Int(number) => self.hasher.hash_one(number),
            Value::Float(number) => self.hasher.hash_one(number.to_bits()),
            Value::Time(at) => self.hasher.hash_one(at.0),
            Value::Text(text) => self.hasher.hash_one(text),
            Value::Null | Value::Tree(_) => return None,
        } as u32;
        if self.table.len() <= self.dictionary.len() as usize * 2 {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let bucket = self.table[at];
            if bucket.code == MISSING {
                break;
            }
            let known = self.dictionary.get(bucket.code - 1);
            if bucket.hash == hash && known.is_some_and(|known| same(known, value)) {
                return Some(bucket.code);
            }
            at = (at + 1) & mask;
        }
        let code = self.dictionary.add(value)? + 1;
        self.table[at] = Bucket { hash, code };
        Some(code)
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 4).max(64);
        let old = std::mem::replace(&mut self.table, vec![Bucket::default(); size]);
        for bucket in old.into_iter().filter(|bucket| bucket.code != MISSING) {
            let mut at = bucket.hash as usize & (size - 1);
            while self.table[at].code != MISSING {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = bucket;
        }
    }
}
