//! What a cached thing is of: a segment, and which of its things.

use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;

use super::segment::SegmentId;

/// Numbers a field for the life of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u32);

/// Numbers a clause for the life of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClauseId(pub u32);

/// The name of a cached thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CacheKey {
    /// Where the segment's records stand in its bytes.
    Spans(SegmentId),
    /// The records' times.
    Times(SegmentId),
    /// The values of a field.
    Column(SegmentId, FieldId),
    /// The records that match a clause.
    Docs(SegmentId, ClauseId),
}

impl CacheKey {
    /// The segment that the thing is of.
    #[must_use]
    pub fn segment(self) -> SegmentId {
        match self {
            Self::Spans(segment)
            | Self::Times(segment)
            | Self::Column(segment, _)
            | Self::Docs(segment, _) => segment,
        }
    }
}

/// Gives equal names equal numbers, from zero upwards.
#[derive(Debug)]
pub struct Interner<T> {
    numbers: Mutex<HashMap<T, u32>>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: Mutex::default() }
    }
}

impl<T: Hash + Eq> Interner<T> {
    /// The number of `name`.
    pub fn number(&self, name: T) -> u32 {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let next = numbers.len() as u32;
        *numbers.entry(name).or_insert(next)
    }
}
