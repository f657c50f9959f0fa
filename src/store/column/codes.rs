//! Codes by record number, in as few bytes each as the largest needs.

use crate::store::docset::DocSet;

/// A list of codes.
#[derive(Debug, Clone)]
pub(super) enum Codes {
    Narrow(Box<[u8]>),
    Middle(Box<[u16]>),
    Wide(Box<[u32]>),
}

impl Codes {
    /// The same codes, `largest` being none of them smaller than any.
    pub(super) fn pack(codes: &[u32], largest: u32) -> Self {
        if u8::try_from(largest).is_ok() {
            Self::Narrow(codes.iter().map(|code| *code as u8).collect())
        } else if u16::try_from(largest).is_ok() {
            Self::Middle(codes.iter().map(|code| *code as u16).collect())
        } else {
            Self::Wide(codes.into())
        }
    }

    pub(super) fn len(&self) -> u32 {
        match self {
            Self::Narrow(codes) => codes.len() as u32,
            Self::Middle(codes) => codes.len() as u32,
            Self::Wide(codes) => codes.len() as u32,
        }
    }

    /// The code at a place; 0 past the end.
    pub(super) fn get(&self, at: u32) -> u32 {
        let at = at as usize;
        match self {
            Self::Narrow(codes) => codes.get(at).map_or(0, |code| u32::from(*code)),
            Self::Middle(codes) => codes.get(at).map_or(0, |code| u32::from(*code)),
            Self::Wide(codes) => codes.get(at).copied().unwrap_or(0),
        }
    }

    /// The places whose code is accepted.
    pub(super) fn select(&self, accepted: &[bool]) -> DocSet {
        match self {
            Self::Narrow(codes) => select(codes, accepted),
            Self::Middle(codes) => select(codes, accepted),
            Self::Wide(codes) => select(codes, accepted),
        }
    }

    /// Adds the codes at `docs` to `counts`.
    pub(super) fn count(&self, docs: &DocSet, counts: &mut [u32]) {
        match self {
            Self::Narrow(codes) => count(codes, docs, counts),
            Self::Middle(codes) => count(codes, docs, counts),
            Self::Wide(codes) => count(codes, docs, counts),
        }
    }

    pub(super) fn size(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Middle(codes) => codes.len() * 2,
            Self::Wide(codes) => codes.len() * 4,
        }
    }
}

fn index<T: Copy + Into<u32>>(code: T) -> usize {
    let code: u32 = code.into();
    code as usize
}

fn select<T: Copy + Into<u32>>(codes: &[T], accepted: &[bool]) -> DocSet {
    let word = |chunk: &[T]| {
        let bit = |word: u64, (bit, code): (usize, &T)| {
            word | u64::from(accepted.get(index(*code)).copied().unwrap_or(false)) << bit
        };
        chunk.iter().enumerate().fold(0u64, bit)
    };
    DocSet::from_words(codes.len() as u32, codes.chunks(64).map(word).collect())
}

fn count<T: Copy + Into<u32>>(codes: &[T], docs: &DocSet, counts: &mut [u32]) {
    let mut add = |code: &T| {
        if let Some(count) = counts.get_mut(index(*code)) {
            *count += 1;
        }
    };
    if docs.is_all() {
        codes.iter().for_each(add);
    } else {
        docs.each(|doc| codes.get(doc as usize).into_iter().for_each(&mut add));
    }
}
