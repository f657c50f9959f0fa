//! What can stand at a place: sets of bytes, and what must follow a part of a pattern.

use super::super::backtrack::can_be_empty;
use super::super::syntax::{Assertion, Node};

/// A set of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) [bool; 256]);

impl Default for Bytes {
    fn default() -> Self {
        Self([false; 256])
    }
}

impl Bytes {
    pub(super) fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (place, more) in self.0.iter_mut().zip(&other.0) {
            *place |= more;
        }
    }

    pub(super) fn touches(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| *a && *b)
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.0[128..].iter().all(|place| !place)
    }

    pub(super) fn count(&self) -> usize {
        self.0.iter().filter(|place| **place).count()
    }
}

/// What may come after a part of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Follow {
    /// The bytes that it begins with.
    pub(super) bytes: Bytes,
    /// The end of the text may come.
    pub(super) end: bool,
    /// Anything may come: the pattern ends there, or asks for nothing certain.
    pub(super) open: bool,
}

impl Follow {
    /// The end of a pattern.
    pub(super) fn open() -> Self {
        Self { bytes: Bytes::default(), end: true, open: true }
    }

    /// What follows where `nodes` and then `after` come.
    pub(super) fn of(nodes: &[Node], after: &Follow) -> Self {
        let mut follow = Self { bytes: Bytes::default(), end: false, open: false };
        if follow.sequence(nodes) {
            follow.bytes.add(&after.bytes);
            follow.end |= after.end;
            follow.open |= after.open;
        }
        follow
    }

    /// Adds what `nodes` can begin with; whether what comes after them can stand there too.
    fn sequence(&mut self, nodes: &[Node]) -> bool {
        nodes.iter().all(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> bool {
        match node {
            Node::Empty | Node::Look { .. } => true,
            Node::Assert(Assertion::LineEnd | Assertion::TextEndNewline) => {
                self.bytes.0[usize::from(b'\n')] = true;
                self.end = true;
                false
            }
            Node::Assert(Assertion::TextEnd) => {
                self.end = true;
                false
            }
            Node::Assert(_) => true,
            Node::Literal(text) => match text.first() {
                Some(byte) => {
                    self.bytes.0[usize::from(*byte)] = true;
                    false
                }
                None => true,
            },
            Node::Class(class) => {
                self.bytes.add(&Bytes(class.first_bytes()));
                false
            }
            Node::Concat(nodes) => self.sequence(nodes),
            Node::Alternate(branches) => {
                branches.iter().fold(false, |through, node| self.node(node) | through)
            }
            Node::Repeat { node, min, max, .. } => *max == Some(0) || self.node(node) || *min == 0,
            Node::Group { node, .. } | Node::Atomic(node) => self.node(node),
            Node::Backref { .. } => {
                self.open = true;
                true
            }
        }
    }
}

/// The bytes that a part can begin with; `None` where it can be empty.
pub(super) fn first(node: &Node) -> Option<Bytes> {
    if can_be_empty(node) {
        return None;
    }
    let follow = Follow::of(std::slice::from_ref(node), &Follow::open());
    (!follow.open).then_some(follow.bytes)
}

/// The text that a part surely begins with.
pub(super) fn prefix(node: &Node) -> &[u8] {
    match node {
        Node::Literal(text) => text,
        Node::Concat(nodes) => nodes.first().map_or(&[], prefix),
        Node::Group { node, .. } | Node::Atomic(node) => prefix(node),
        _ => &[],
    }
}

/// All bytes that a part can take.
pub(super) fn alphabet(node: &Node) -> Bytes {
    let mut bytes = Bytes::default();
    node.walk(&mut |node| match node {
        Node::Literal(text) => text.iter().for_each(|byte| bytes.0[usize::from(*byte)] = true),
        Node::Class(class) => bytes.add(&Bytes(class.first_bytes())),
        Node::Backref { .. } => bytes.0.fill(true),
        _ => {}
    });
    bytes
}

/// Whether each choice in a part is decided by the next byte, and takes what it can: such a part
/// matches in one way only, and takes as much as it can.
pub(super) fn is_deterministic(node: &Node, follow: &Bytes) -> bool {
    match node {
        Node::Empty | Node::Literal(_) | Node::Class(_) => true,
        Node::Concat(nodes) => nodes.iter().enumerate().all(|(idx, node)| {
            let outer = Follow { bytes: follow.clone(), end: false, open: false };
            let after = Follow::of(&nodes[idx + 1..], &outer);
            !after.open && is_deterministic(node, &after.bytes)
        }),
        Node::Alternate(branches) => {
            let mut seen = Bytes::default();
            branches.iter().all(|branch| {
                let Some(bytes) = first(branch) else { return false };
                let apart = !seen.touches(&bytes);
                seen.add(&bytes);
                apart && is_deterministic(branch, follow)
            })
        }
        Node::Repeat { node, greed: super::super::syntax::Greed::Greedy, .. } => {
            let Some(bytes) = first(node) else { return false };
            let mut inner = follow.clone();
            inner.add(&bytes);
            !bytes.touches(follow) && is_deterministic(node, &inner)
        }
        Node::Atomic(node) => is_deterministic(node, follow),
        _ => false,
    }
}
