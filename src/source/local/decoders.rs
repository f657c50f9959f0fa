//! Decoders at rest: compiled once for a format and a list of fields, used by one thread at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;

use crate::ingest::format::{Decoder, FileFormat};

type Key = (usize, Vec<Arc<str>>);

/// Most lists of fields for which decoders are kept.
const MOST: usize = 64;

/// A pool of decoders.
#[derive(Default)]
pub(super) struct Decoders {
    idle: Mutex<HashMap<Key, Vec<Decoder>>>,
}

/// A decoder on loan, for the fields of `names` in that order.
pub(super) struct Lent {
    key: Key,
    pub decoder: Decoder,
}

impl Decoders {
    /// A decoder for the fields `names` of records of `format`.
    pub(super) fn lend(&self, format: &Arc<FileFormat>, names: &[Arc<str>]) -> Lent {
        let key = (Arc::as_ptr(format).addr(), names.to_vec());
        let decoder = self.idle().get_mut(&key).and_then(Vec::pop).unwrap_or_else(|| {
            let wanted: Vec<&str> = names.iter().map(|name| &**name).collect();
            format.decoder(&wanted)
        });
        Lent { key, decoder }
    }

    /// Takes a decoder back with the memory that it has grown.
    pub(super) fn take_back(&self, lent: Lent) {
        let mut idle = self.idle();
        if idle.len() >= MOST && !idle.contains_key(&lent.key) {
            idle.clear();
        }
        idle.entry(lent.key).or_default().push(lent.decoder);
    }

    fn idle(&self) -> MutexGuard<'_, HashMap<Key, Vec<Decoder>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
