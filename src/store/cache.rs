//! Everything that can be built again, under one memory budget.
//!
//! In: columns, record tables and document sets with their sizes. Out: the same, if they are still
//! there. What was used longest ago goes first; what the current request itself has used stays, so
//! that one pass over more segments than fit does not throw out what it will need next time: the
//! newest arrivals are refused instead.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use super::column::Column;
use super::docset::DocSet;
use super::key::CacheKey;
use super::segment::SegmentId;
use super::times::Times;
use crate::event::Span;

/// Numbers requests in the order in which they came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Epoch(pub u64);

/// A cached thing.
#[derive(Debug, Clone)]
pub enum Cached {
    /// Where the records stand in the segment's bytes.
    Spans(Arc<[Span]>),
    /// The records' times.
    Times(Arc<Times>),
    /// The values of a field.
    Column(Arc<Column>),
    /// The records that match a clause.
    Docs(Arc<DocSet>),
}

impl Cached {
    fn size(&self) -> usize {
        ENTRY
            + match self {
                Self::Spans(spans) => size_of_val(&**spans),
                Self::Times(times) => times.size(),
                Self::Column(column) => column.size(),
                Self::Docs(docs) => docs.size(),
            }
    }
}

/// What the cache itself needs for an entry, about.
const ENTRY: usize = 160;

/// How full a cache is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Bytes held.
    pub used: usize,
    /// Bytes allowed.
    pub budget: usize,
}

/// The cache. Shared by threads; locked for a look-up only.
#[derive(Debug)]
pub struct Cache {
    budget: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<CacheKey, Entry>,
    by_use: BTreeMap<(Epoch, u64), CacheKey>,
    used: usize,
    tick: u64,
}

#[derive(Debug)]
struct Entry {
    value: Cached,
    size: usize,
    last: (Epoch, u64),
}

impl Cache {
    /// An empty cache of at most `budget` bytes.
    #[must_use]
    pub fn of(budget: usize) -> Self {
        Self { budget, inner: Mutex::default() }
    }

    /// The thing of that name, marked as used in `epoch`.
    pub fn get(&self, key: CacheKey, epoch: Epoch) -> Option<Cached> {
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        let entry = inner.entries.get_mut(&key)?;
        inner.tick += 1;
        inner.by_use.remove(&entry.last);
        entry.last = (entry.last.0.max(epoch), inner.tick);
        inner.by_use.insert(entry.last, key);
        Some(entry.value.clone())
    }

    /// Keeps a thing if there is room, or room can be made of what older epochs used.
    pub fn put(&self, key: CacheKey, value: Cached, epoch: Epoch) {
        let size = value.size();
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *guard;
        inner.remove(key);
        if size > self.budget || !inner.make_room(self.budget - size, epoch) {
            return;
        }
        inner.tick += 1;
        let last = (epoch, inner.tick);
        inner.by_use.insert(last, key);
        inner.entries.insert(key, Entry { value, size, last });
        inner.used += size;
    }

    /// Forgets everything about a segment.
    pub fn forget(&self, segment: SegmentId) {
        let mut guard = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<_> =
            guard.entries.keys().copied().filter(|key| key.segment() == segment).collect();
        for key in keys {
            guard.remove(key);
        }
    }

    /// How full it is.
    pub fn usage(&self) -> Usage {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Usage { used: inner.used, budget: self.budget }
    }
}

impl Inner {
    fn remove(&mut self, key: CacheKey) {
        if let Some(entry) = self.entries.remove(&key) {
            self.by_use.remove(&entry.last);
            self.used -= entry.size;
        }
    }

    /// Removes what older epochs used until at most `limit` bytes are held.
    fn make_room(&mut self, limit: usize, epoch: Epoch) -> bool {
        while self.used > limit {
            match self.by_use.first_key_value() {
                Some((last, key)) if last.0 < epoch => {
                    let key = *key;
                    self.remove(key);
                }
                _ => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Cache, Cached, Epoch};
    use crate::store::{CacheKey, ClauseId, DocSet, SegmentId};

    fn key(segment: u32) -> CacheKey {
        CacheKey::Docs(SegmentId(segment), ClauseId(0))
    }

    fn docs() -> Cached {
        Cached::Docs(Arc::new(DocSet::of(8000, |doc| doc % 2 == 0)))
    }

    fn held(cache: &Cache) -> Vec<u32> {
        (0..20).filter(|at| cache.get(key(*at), Epoch(0)).is_some()).collect()
    }

    #[test]
    fn the_budget_is_kept_and_one_pass_does_not_evict_itself() {
        let cache = Cache::of(5 * docs().size());
        (0..10).for_each(|at| cache.put(key(at), docs(), Epoch(1)));
        assert_eq!(held(&cache), [0, 1, 2, 3, 4]);
        assert!(cache.usage().used <= cache.usage().budget);
    }

    #[test]
    fn a_newer_request_takes_the_place_of_what_was_used_longest_ago() {
        let cache = Cache::of(3 * docs().size());
        (0..3).for_each(|at| cache.put(key(at), docs(), Epoch(1)));
        assert!(cache.get(key(0), Epoch(2)).is_some());
        cache.put(key(7), docs(), Epoch(2));
        assert_eq!(held(&cache), [0, 2, 7]);
    }

    #[test]
    fn a_forgotten_segment_gives_its_memory_back() {
        let cache = Cache::of(1 << 20);
        (0..3).for_each(|at| cache.put(key(at), docs(), Epoch(1)));
        (0..3).for_each(|at| cache.forget(SegmentId(at)));
        assert_eq!(cache.usage().used, 0);
    }
}
