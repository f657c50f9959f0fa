//! The automaton of a region, with more than one state at a time.

use super::super::backtrack::single_class;
use super::super::class::{CharClass, Wide};
use super::super::syntax::{Assertion, Greed, Node};
use super::bytes::{Bytes, Follow, alphabet, first, is_deterministic};

/// The most states that a region may have.
const LIMIT: usize = 20_000;

/// A state of the automaton.
#[derive(Debug)]
pub(super) enum State {
    /// Takes a byte of the set.
    Take { set: usize, next: usize },
    /// A byte of the set here is more than the region can judge.
    Poison { set: usize },
    /// Goes on at all of them.
    Split(Vec<usize>),
    /// Goes on if the next byte is in the set, or is not.
    Next { set: usize, negative: bool, next: usize },
    /// The same for the byte before.
    Previous { set: usize, negative: bool, next: usize },
    /// Goes on at a word boundary, or where there is none.
    Word { negative: bool, next: usize },
    /// The end.
    Accept,
}

/// The automaton of a region.
#[derive(Debug)]
pub(in crate::grok) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) sets: Vec<Bytes>,
    pub(super) start: usize,
    /// Whether it looks at the byte before.
    pub(super) looks_back: bool,
    /// Sets that what follows can begin with too: the region cannot judge where they end.
    doubtful: Vec<usize>,
}

impl Nfa {
    /// The automaton of `nodes`, before what `follow` says. `None` where it cannot be had.
    ///
    /// No state takes a byte that can follow: such a state is poison, so the region ends exactly
    /// where the text stops fitting.
    pub(super) fn build(nodes: &[Node], follow: &Follow) -> Option<Self> {
        if follow.open || !follow.bytes.is_ascii() {
            return None;
        }
        let mut builder = Builder {
            nfa: Self {
                states: Vec::new(),
                sets: Vec::new(),
                start: 0,
                looks_back: false,
                doubtful: Vec::new(),
            },
            follow: follow.bytes.clone(),
        };
        let accept = builder.push(State::Accept)?;
        builder.nfa.start = builder.sequence(nodes, accept, follow)?;
        Some(builder.nfa)
    }

    /// Whether nothing in it overlaps with what follows.
    pub(super) fn is_sure(&self) -> bool {
        self.doubtful.is_empty()
    }

    /// Whether its very first byte may be one that it cannot judge.
    pub(super) fn begins_unsure(&self) -> bool {
        let mut open = vec![self.start];
        let mut seen = vec![false; self.states.len()];
        while let Some(idx) = open.pop() {
            if std::mem::replace(&mut seen[idx], true) {
                continue;
            }
            match &self.states[idx] {
                State::Poison { set } if self.doubtful.contains(set) => return true,
                State::Split(ways) => open.extend(ways),
                State::Next { next, .. }
                | State::Previous { next, .. }
                | State::Word { next, .. } => open.push(*next),
                _ => {}
            }
        }
        false
    }
}

struct Builder {
    nfa: Nfa,
    follow: Bytes,
}

impl Builder {
    fn push(&mut self, state: State) -> Option<usize> {
        self.nfa.states.push(state);
        (self.nfa.states.len() <= LIMIT).then(|| self.nfa.states.len() - 1)
    }

    fn set(&mut self, bytes: Bytes) -> usize {
        if let Some(idx) = self.nfa.sets.iter().position(|known| *known == bytes) {
            return idx;
        }
        self.nfa.sets.push(bytes);
        self.nfa.sets.len() - 1
    }

    fn sequence(&mut self, nodes: &[Node], mut next: usize, after: &Follow) -> Option<usize> {
        for (idx, node) in nodes.iter().enumerate().rev() {
            let follow = Follow::of(&nodes[idx + 1..], after);
            next = self.node(node, next, &follow)?;
        }
        Some(next)
    }

    /// Adds `node` before the state `next`; `after` is what can follow it. States are made from
    /// the end to the front.
    fn node(&mut self, node: &Node, next: usize, after: &Follow) -> Option<usize> {
        match node {
            Node::Empty => Some(next),
            Node::Literal(text) => {
                let mut next = next;
                for byte in text.iter().rev() {
                    let mut bytes = Bytes::default();
                    bytes.0[usize::from(*byte)] = true;
                    next = self.take(bytes, next)?;
                }
                Some(next)
            }
            Node::Class(class) => self.class(class, next),
            Node::Concat(nodes) => self.sequence(nodes, next, after),
            Node::Alternate(branches) => {
                let ways: Option<Vec<_>> =
                    branches.iter().map(|branch| self.node(branch, next, after)).collect();
                self.push(State::Split(ways?))
            }
            Node::Repeat { greed: Greed::Possessive, .. } | Node::Group { .. } => None,
            Node::Repeat { node, min, max, .. } => self.repeat(node, (*min, *max), next, after),
            Node::Atomic(node) => {
                // It takes what it can; that is forced too where nothing after can continue it.
                let forced = !after.open && !after.bytes.touches(&alphabet(node));
                let plain = is_deterministic(node, &Bytes::default());
                (forced && plain || is_fixed(node)).then(|| self.node(node, next, after))?
            }
            Node::Look { behind, negative, node } => self.look(*behind, *negative, node, next),
            Node::Assert(assertion @ (Assertion::Word | Assertion::NotWord)) => {
                self.nfa.looks_back = true;
                self.push(State::Word { negative: *assertion == Assertion::NotWord, next })
            }
            Node::Assert(_) | Node::Backref { .. } => None,
        }
    }

    /// A byte of the set; bytes beyond ASCII, and sets that can follow, are not judged.
    fn take(&mut self, bytes: Bytes, next: usize) -> Option<usize> {
        if bytes.touches(&self.follow) {
            let set = self.set(bytes);
            self.nfa.doubtful.push(set);
            return self.push(State::Poison { set });
        }
        let mut wide = bytes.clone();
        wide.0[..128].fill(false);
        let mut ascii = bytes;
        ascii.0[128..].fill(false);
        let set = self.set(ascii);
        let take = self.push(State::Take { set, next })?;
        if wide.count() == 0 {
            return Some(take);
        }
        let set = self.set(wide);
        let poison = self.push(State::Poison { set })?;
        self.push(State::Split(vec![take, poison]))
    }

    fn class(&mut self, class: &CharClass, next: usize) -> Option<usize> {
        self.take(Bytes(class.first_bytes()), next)
    }

    fn repeat(
        &mut self,
        node: &Node,
        (min, max): (u32, Option<u32>),
        next: usize,
        after: &Follow,
    ) -> Option<usize> {
        let inner = Follow::of(
            &[Node::Repeat {
                node: Box::new(node.clone()),
                min: 0,
                max: None,
                greed: Greed::Greedy,
            }],
            after,
        );
        let mut entry = match max {
            Some(max) => {
                let mut entry = next;
                for _ in min..max {
                    let inside = self.node(node, entry, &inner)?;
                    entry = self.push(State::Split(vec![inside, next]))?;
                }
                entry
            }
            None => {
                let split = self.push(State::Split(Vec::new()))?;
                let inside = self.node(node, split, &inner)?;
                self.nfa.states[split] = State::Split(vec![inside, next]);
                split
            }
        };
        for _ in 0..min {
            entry = self.node(node, entry, &inner)?;
        }
        Some(entry)
    }

    fn look(&mut self, behind: bool, negative: bool, node: &Node, next: usize) -> Option<usize> {
        if let Some(class) = single_class(node) {
            // Bytes beyond ASCII decide by their character, which is not known here.
            if !matches!(class.wide, Wide::None | Wide::All) {
                return None;
            }
            let set = self.set(Bytes(class.first_bytes()));
            if behind {
                self.nfa.looks_back = true;
                return self.push(State::Previous { set, negative, next });
            }
            return self.push(State::Next { set, negative, next });
        }
        if behind || !negative {
            return None;
        }
        // A longer text that must not follow surely does not where its first byte is missing.
        let start = first(node)?;
        let set = self.set(start);
        let poison = self.push(State::Poison { set })?;
        let other = self.push(State::Next { set, negative: true, next })?;
        self.push(State::Split(vec![poison, other]))
    }
}

/// Whether a part has no choice at all.
fn is_fixed(node: &Node) -> bool {
    match node {
        Node::Empty | Node::Literal(_) | Node::Class(_) => true,
        Node::Concat(nodes) => nodes.iter().all(is_fixed),
        Node::Repeat { node, min, max, .. } => *max == Some(*min) && is_fixed(node),
        _ => false,
    }
}
