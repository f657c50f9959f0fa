//! The automaton of a pattern: a table from state and kind of character to state.
//!
//! In: terms and the root. Out: acceptance of whole texts, in one table step per character.

use foldhash::HashMap;

use super::Error;
use super::term::{TermId, Terms};

/// States and terms that a pattern may need (Lucene's effort limit is alike).
const MOST_STATES: usize = 10_000;
const MOST_TERMS: usize = 200_000;

/// A state that no text leaves any more.
const DEAD: u32 = 0;

#[derive(Debug, Clone)]
pub(super) struct Automaton {
    /// First code point of each kind of character, ascending.
    kinds: Box<[u32]>,
    /// The kind of each ASCII character.
    ascii: Box<[u16; 128]>,
    /// `next[state * kinds + kind]`.
    next: Box<[u32]>,
    accepting: Box<[bool]>,
    start: u32,
}

impl Automaton {
    pub(super) fn build(terms: &mut Terms, root: TermId) -> Result<Self, Error> {
        let kinds = terms.boundaries();
        let mut states = vec![Terms::NEVER];
        let mut numbers = HashMap::from_iter([(Terms::NEVER, DEAD)]);
        let mut next = vec![DEAD; kinds.len()];
        let start = if root == Terms::NEVER { DEAD } else { 1 };
        if root != Terms::NEVER {
            states.push(root);
            numbers.insert(root, 1);
        }
        let mut done = 1;
        while done < states.len() {
            for kind in &kinds {
                let target = terms.derive(states[done], *kind);
                let number = *numbers.entry(target).or_insert_with(|| {
                    states.push(target);
                    states.len() as u32 - 1
                });
                next.push(number);
            }
            if states.len() > MOST_STATES || terms.len() > MOST_TERMS {
                return Err(Error::TooComplex);
            }
            done += 1;
        }
        let mut ascii = Box::new([0_u16; 128]);
        for (character, kind) in ascii.iter_mut().enumerate() {
            *kind = kind_of(&kinds, character as u32) as u16;
        }
        let accepting = states.iter().map(|state| terms.is_nullable(*state)).collect();
        Ok(Self { kinds: kinds.into(), ascii, next: next.into(), accepting, start })
    }

    pub(super) fn accepts(&self, text: &str) -> bool {
        let mut state = self.start;
        for character in text.chars() {
            let kind = match self.ascii.get(character as usize) {
                Some(kind) => usize::from(*kind),
                None => kind_of(&self.kinds, u32::from(character)),
            };
            state = self.next[state as usize * self.kinds.len() + kind];
            if state == DEAD {
                return false;
            }
        }
        self.accepting[state as usize]
    }
}

/// The index of the kind that a code point belongs to.
fn kind_of(kinds: &[u32], character: u32) -> usize {
    kinds.partition_point(|first| *first <= character).saturating_sub(1)
}
