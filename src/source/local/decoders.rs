//! Decoders at rest: compiled once for a format and a list of fields, used by one thread at a time.

use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;

use crate::ingest::format::{Decoder, FileFormat};

type Key = (usize, Vec<Arc<str>>);

/// Most lists of fields for which decoders are kept.
const MOST: usize = 64;

/// A pool of decoders.
#[derive(Default)]
pub(super) struct Decoders {
    idle: Mutex<HashMap<Key, Decoder>>,
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
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(decoder) = idle.get(&key) {
            let decoder = decoder.clone();
            return Lent { key, decoder };
        }
        drop(idle);
        let wanted: Vec<&str> = names.iter().map(|name| &**name).collect();
        let decoder = format.decoder(&wanted);
        idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() >= MOST {
            idle.clear();
        }
        idle.insert(key.clone(), decoder.clone());
        Lent { key, decoder }
    }

    /// Takes a decoder back with the memory that it has grown.
    pub(super) fn take_back(&self, lent: Lent) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).insert(lent.key, lent.decoder);
    }
}
