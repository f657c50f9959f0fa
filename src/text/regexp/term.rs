//! Regular expressions as terms that know their derivatives.
//!
//! In: parts put together by [`Terms`]' methods, which simplify. Out: the term that is left after
//! a character was read. Equal terms have equal ids, so that the automaton is finite.

use foldhash::{HashMap, HashMapExt};

/// A term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TermId(u32);

/// Characters from the first to the second, both included.
pub(super) type CharRange = (u32, u32);

/// The largest code point.
pub(super) const LAST: u32 = 0x10_FFFF;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Term {
    Never,
    Empty,
    /// One character of sorted, disjoint ranges.
    Class(Box<[CharRange]>),
    Concat(TermId, TermId),
    Or(Box<[TermId]>),
    And(Box<[TermId]>),
    Not(TermId),
    Star(TermId),
}

/// All terms of one pattern.
#[derive(Debug)]
pub(super) struct Terms {
    all: Vec<Term>,
    nullable: Vec<bool>,
    ids: HashMap<Term, TermId>,
    derived: HashMap<(TermId, u32), TermId>,
}

impl Terms {
    pub(super) const NEVER: TermId = TermId(0);
    pub(super) const EMPTY: TermId = TermId(1);
    /// Any text.
    pub(super) const ALL: TermId = TermId(2);

    pub(super) fn new() -> Self {
        let mut terms = Self {
            all: Vec::new(),
            nullable: Vec::new(),
            ids: HashMap::new(),
            derived: HashMap::new(),
        };
        terms.intern(Term::Never);
        terms.intern(Term::Empty);
        terms.intern(Term::Not(Self::NEVER));
        terms
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    fn term(&self, id: TermId) -> &Term {
        &self.all[id.0 as usize]
    }

    /// Whether the empty text matches.
    pub(super) fn is_nullable(&self, id: TermId) -> bool {
        self.nullable[id.0 as usize]
    }

    fn intern(&mut self, term: Term) -> TermId {
        if let Some(id) = self.ids.get(&term) {
            return *id;
        }
        let nullable = match &term {
            Term::Never | Term::Class(_) => false,
            Term::Empty | Term::Star(_) => true,
            Term::Concat(a, b) => self.is_nullable(*a) && self.is_nullable(*b),
            Term::Or(parts) => parts.iter().any(|part| self.is_nullable(*part)),
            Term::And(parts) => parts.iter().all(|part| self.is_nullable(*part)),
            Term::Not(inner) => !self.is_nullable(*inner),
        };
        let id = TermId(self.all.len() as u32);
        self.all.push(term.clone());
        self.nullable.push(nullable);
        self.ids.insert(term, id);
        id
    }

    pub(super) fn class(&mut self, mut ranges: Vec<CharRange>) -> TermId {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut merged: Vec<CharRange> = Vec::new();
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        if merged.is_empty() { Self::NEVER } else { self.intern(Term::Class(merged.into())) }
    }

    pub(super) fn concat(&mut self, a: TermId, b: TermId) -> TermId {
        match (a, b) {
            (Self::NEVER, _) | (_, Self::NEVER) => Self::NEVER,
            (Self::EMPTY, other) | (other, Self::EMPTY) => other,
            _ => match *self.term(a) {
                Term::Concat(first, second) => {
                    let rest = self.concat(second, b);
                    self.concat(first, rest)
                }
                _ => self.intern(Term::Concat(a, b)),
            },
        }
    }

    pub(super) fn or(&mut self, parts: Vec<TermId>) -> TermId {
        let mut flat = Vec::new();
        for part in parts {
            match self.term(part) {
                Term::Or(inner) => flat.extend_from_slice(inner),
                Term::Never => {}
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [] => Self::NEVER,
            [one] => *one,
            _ if flat.contains(&Self::ALL) => Self::ALL,
            _ => self.intern(Term::Or(flat.into())),
        }
    }

    pub(super) fn and(&mut self, parts: Vec<TermId>) -> TermId {
        let mut flat = Vec::new();
        for part in parts {
            match self.term(part) {
                Term::And(inner) => flat.extend_from_slice(inner),
                _ if part == Self::ALL => {}
                _ => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        match flat.as_slice() {
            [] => Self::ALL,
            [one] => *one,
            _ if flat.contains(&Self::NEVER) => Self::NEVER,
            _ => self.intern(Term::And(flat.into())),
        }
    }

    pub(super) fn not(&mut self, inner: TermId) -> TermId {
        match *self.term(inner) {
            Term::Not(original) => original,
            _ => self.intern(Term::Not(inner)),
        }
    }

    pub(super) fn star(&mut self, inner: TermId) -> TermId {
        match self.term(inner) {
            Term::Never | Term::Empty => Self::EMPTY,
            Term::Star(_) => inner,
            _ => self.intern(Term::Star(inner)),
        }
    }

    /// The boundaries of all character ranges: between two of them all characters are alike.
    pub(super) fn boundaries(&self) -> Vec<u32> {
        let mut bounds = vec![0];
        for term in &self.all {
            if let Term::Class(ranges) = term {
                bounds.extend(ranges.iter().flat_map(|(first, last)| [*first, last + 1]));
            }
        }
        bounds.sort_unstable();
        bounds.dedup();
        bounds.retain(|bound| *bound <= LAST);
        bounds
    }

    /// What is left of a term after `character` was read.
    pub(super) fn derive(&mut self, id: TermId, character: u32) -> TermId {
        if let Some(known) = self.derived.get(&(id, character)) {
            return *known;
        }
        let result = match self.term(id).clone() {
            Term::Never | Term::Empty => Self::NEVER,
            Term::Class(ranges) => {
                let inside = ranges.iter().any(|(a, z)| (*a..=*z).contains(&character));
                if inside { Self::EMPTY } else { Self::NEVER }
            }
            Term::Concat(a, b) => {
                let derived = self.derive(a, character);
                let first = self.concat(derived, b);
                if self.is_nullable(a) {
                    let second = self.derive(b, character);
                    self.or(vec![first, second])
                } else {
                    first
                }
            }
            Term::Or(parts) => {
                let parts = parts.iter().map(|part| self.derive(*part, character)).collect();
                self.or(parts)
            }
            Term::And(parts) => {
                let parts = parts.iter().map(|part| self.derive(*part, character)).collect();
                self.and(parts)
            }
            Term::Not(inner) => {
                let derived = self.derive(inner, character);
                self.not(derived)
            }
            Term::Star(inner) => {
                let derived = self.derive(inner, character);
                self.concat(derived, id)
            }
        };
        self.derived.insert((id, character), result);
        result
    }
}
