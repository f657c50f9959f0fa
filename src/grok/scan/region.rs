//! The automaton of a region with one state at a time, made as the text asks for it.
//!
//! States are sets of the [`Nfa`]'s. Each thread has its own table, so that nothing is locked.

use std::sync::atomic::{AtomicUsize, Ordering};

use foldhash::HashMap;

use super::nfa::{Nfa, State};

const UNKNOWN: u32 = 0;
const UNSURE: u32 = 1;
const ACCEPT: u32 = 2;
/// The number of the first true state.
const FIRST: u32 = 3;

/// The most states that a thread keeps of one region.
const MOST: usize = 4000;

/// The byte before, where there is none or it does not matter.
const NONE: u16 = 256;

static NEXT_ID: AtomicUsize = AtomicUsize::new(0);

/// A part of a pattern that is matched by an automaton.
#[derive(Debug)]
pub(in crate::grok) struct Region {
    nfa: Nfa,
    /// Among the regions of the program.
    id: usize,
    /// Bytes that no set tells apart, to one number; the end of the text is the last.
    classes: Box<[u8; 256]>,
    stride: usize,
}

/// The tables of one thread.
#[derive(Debug, Default)]
pub(in crate::grok) struct Regions {
    tables: Vec<Option<Box<Table>>>,
}

#[derive(Debug)]
struct Table {
    /// For each state and class of bytes what comes next, already multiplied by the stride.
    next: Vec<u32>,
    /// For each state: its sets, before what takes no byte, and the byte before.
    states: Vec<(Box<[usize]>, u16)>,
    known: HashMap<(Box<[usize]>, u16), u32>,
    /// The first state after each byte.
    starts: Box<[u32; 257]>,
}

impl Region {
    pub(super) fn new(nfa: Nfa) -> Self {
        let mut classes = Box::new([0_u8; 256]);
        let mut kinds: Vec<Vec<bool>> = Vec::new();
        for byte in 0..=255_u8 {
            let mut kind: Vec<bool> = nfa.sets.iter().map(|set| set.has(byte)).collect();
            // Words are told apart whatever the sets say.
            kind.push(byte.is_ascii_alphanumeric() || byte == b'_');
            kind.push(byte >= 128);
            let known = kinds.iter().position(|known| *known == kind);
            let class = known.unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            });
            classes[usize::from(byte)] = class as u8;
        }
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Self { nfa, id, classes, stride: kinds.len() + 1 }
    }

    /// Where the region ends that begins at `at`; `None` where that is not sure.
    #[inline]
    pub(super) fn scan(&self, regions: &mut Regions, text: &[u8], at: usize) -> Option<usize> {
        if regions.tables.len() <= self.id {
            regions.tables.resize_with(self.id + 1, || None);
        }
        let table = regions.tables[self.id].get_or_insert_with(|| Box::new(Table::new()));
        let before = match at.checked_sub(1) {
            Some(before) if self.nfa.looks_back => u16::from(text[before]),
            _ => NONE,
        };
        let mut state = table.starts[usize::from(before)];
        if state == UNKNOWN {
            state = table.state(self, vec![self.nfa.start], before);
            table.starts[usize::from(before)] = state;
        }
        let mut at = at;
        let rest = text.get(at..)?;
        for byte in rest {
            let class = usize::from(self.classes[usize::from(*byte)]);
            let mut next = table.next[state as usize + class];
            if next < FIRST {
                if next == UNKNOWN {
                    next = table.step(self, state, Some(*byte), class);
                }
                match next {
                    UNSURE => return None,
                    ACCEPT => return Some(at),
                    _ => {}
                }
            }
            state = next;
            at += 1;
        }
        let end = self.stride - 1;
        let mut next = table.next[state as usize + end];
        if next == UNKNOWN {
            next = table.step(self, state, None, end);
        }
        (next == ACCEPT).then_some(at)
    }
}

impl Table {
    fn new() -> Self {
        Self {
            next: Vec::new(),
            states: Vec::new(),
            known: HashMap::default(),
            starts: Box::new([UNKNOWN; 257]),
        }
    }

    /// The number of a state, made if it is new.
    fn state(&mut self, region: &Region, mut set: Vec<usize>, before: u16) -> u32 {
        set.sort_unstable();
        set.dedup();
        let key = (set.into_boxed_slice(), before);
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        // Room for the numbers that are no states.
        let base = if self.next.is_empty() { region.stride.max(FIRST as usize) } else { 0 };
        self.next.resize(self.next.len() + base, UNKNOWN);
        let number = self.next.len() as u32;
        self.next.resize(self.next.len() + region.stride, UNKNOWN);
        self.states.push(key.clone());
        self.known.insert(key, number);
        number
    }

    /// Finds what comes after a state.
    #[cold]
    fn step(&mut self, region: &Region, state: u32, byte: Option<u8>, class: usize) -> u32 {
        let first = region.stride.max(FIRST as usize);
        let (set, before) = self.states[(state as usize - first) / region.stride].clone();
        let mut seen = vec![false; region.nfa.states.len()];
        let mut open: Vec<usize> = set.into_vec();
        let mut reached = Vec::new();
        let (mut accepts, mut unsure) = (false, false);
        while let Some(idx) = open.pop() {
            if std::mem::replace(&mut seen[idx], true) {
                continue;
            }
            let in_set = |set: &usize, byte: Option<u8>| {
                byte.is_some_and(|byte| region.nfa.sets[*set].has(byte))
            };
            match &region.nfa.states[idx] {
                State::Accept => accepts = true,
                State::Split(ways) => open.extend(ways),
                State::Take { set, next } => {
                    if in_set(set, byte) {
                        reached.push(*next);
                    }
                }
                State::Poison { set } => unsure |= in_set(set, byte),
                State::Next { set, negative, next } => {
                    if in_set(set, byte) != *negative {
                        open.push(*next);
                    }
                }
                State::Previous { set, negative, next } => {
                    if in_set(set, u8::try_from(before).ok()) != *negative {
                        open.push(*next);
                    }
                }
                State::Word { negative, next } => {
                    let before = u8::try_from(before).ok();
                    let wide = |byte: Option<u8>| byte.is_some_and(|byte| byte >= 128);
                    unsure |= wide(before) || wide(byte);
                    let is_word = |byte: Option<u8>| {
                        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                    };
                    if (is_word(before) != is_word(byte)) != *negative {
                        open.push(*next);
                    }
                }
            }
        }
        let next = if unsure || (reached.is_empty() && !accepts) || self.states.len() > MOST {
            UNSURE
        } else if reached.is_empty() {
            ACCEPT
        } else {
            let before = match byte {
                Some(byte) if region.nfa.looks_back => representative(region, byte),
                _ => NONE,
            };
            self.state(region, reached, before)
        };
        self.next[state as usize + class] = next;
        next
    }
}

/// One byte that stands for all that no set tells from `byte`.
fn representative(region: &Region, byte: u8) -> u16 {
    let class = region.classes[usize::from(byte)];
    region.classes.iter().position(|known| *known == class).map_or(u16::from(byte), |b| b as u16)
}
