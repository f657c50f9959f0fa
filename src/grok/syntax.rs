//! The tree of a regular expression in Ruby's syntax, as grok patterns are written.

use super::class::CharClass;

/// A place that is tested without taking characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Assertion {
    /// `^`: the start of the text or of a line.
    LineStart,
    /// `$`: the end of the text or of a line.
    LineEnd,
    /// `\A` (and `\G`, since a search begins at the start of the text).
    TextStart,
    /// `\z`
    TextEnd,
    /// `\Z`: the end, or before a last newline.
    TextEndNewline,
    /// `\b`
    Word,
    /// `\B`
    NotWord,
}

/// How a repetition chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Greed {
    /// As many as possible first.
    Greedy,
    /// As few as possible first.
    Lazy,
    /// As many as possible, for good.
    Possessive,
}

/// A regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Matches nothing, everywhere.
    Empty,
    /// These bytes.
    Literal(Vec<u8>),
    /// One character of a class.
    Class(CharClass),
    /// One after the other.
    Concat(Vec<Node>),
    /// The first that leads to a match.
    Alternate(Vec<Node>),
    /// `node{min,max}`.
    Repeat { node: Box<Node>, min: u32, max: Option<u32>, greed: Greed },
    /// A capturing group.
    Group { index: usize, node: Box<Node> },
    /// `(?>..)`
    Atomic(Box<Node>),
    /// `(?=..)` and its kin.
    Look { behind: bool, negative: bool, node: Box<Node> },
    /// An assertion.
    Assert(Assertion),
    /// The text of these groups, the last that has matched, again.
    Backref { groups: Vec<usize>, ignore_case: bool },
}

impl Node {
    /// Calls `visit` with the node and all below it.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Node)) {
        visit(self);
        match self {
            Node::Concat(nodes) | Node::Alternate(nodes) => {
                nodes.iter().for_each(|node| node.walk(visit));
            }
            Node::Repeat { node, .. }
            | Node::Group { node, .. }
            | Node::Atomic(node)
            | Node::Look { node, .. } => node.walk(visit),
            _ => {}
        }
    }

    /// Whether some node satisfies `test`.
    pub(super) fn any(&self, test: &dyn Fn(&Node) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |node| found |= test(node));
        found
    }

    /// The node with each group's number raised by one.
    pub(super) fn shift(self) -> Node {
        let mut last = 0;
        self.walk(&mut |node| match node {
            Node::Group { index, .. } => last = last.max(index + 1),
            Node::Backref { groups, .. } => {
                last = last.max(groups.iter().map(|group| group + 1).max().unwrap_or(0));
            }
            _ => {}
        });
        let numbers: Vec<_> = (0..last).map(|group| Some(group + 1)).collect();
        self.keep_groups(&numbers)
    }

    /// The node with the groups that are not wanted made plain, and the rest renumbered.
    ///
    /// `numbers[old]` is the new number. Groups that back references need must be wanted.
    pub(super) fn keep_groups(self, numbers: &[Option<usize>]) -> Node {
        let inner = |node: Box<Node>| Box::new(node.keep_groups(numbers));
        match self {
            Node::Concat(nodes) => {
                flatten(nodes.into_iter().map(|node| node.keep_groups(numbers)).collect())
            }
            Node::Alternate(nodes) => {
                Node::Alternate(nodes.into_iter().map(|node| node.keep_groups(numbers)).collect())
            }
            Node::Repeat { node, min, max, greed } => {
                Node::Repeat { node: inner(node), min, max, greed }
            }
            Node::Group { index, node } => match numbers.get(index).copied().flatten() {
                Some(index) => Node::Group { index, node: inner(node) },
                None => node.keep_groups(numbers),
            },
            Node::Atomic(node) => Node::Atomic(inner(node)),
            Node::Look { behind, negative, node } => {
                Node::Look { behind, negative, node: inner(node) }
            }
            Node::Backref { groups, ignore_case } => Node::Backref {
                groups: groups
                    .into_iter()
                    .filter_map(|group| numbers.get(group).copied().flatten())
                    .collect(),
                ignore_case,
            },
            other => other,
        }
    }
}

/// One node for a sequence: nested sequences are opened, neighbouring literals joined.
pub(super) fn flatten(nodes: Vec<Node>) -> Node {
    let mut flat: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Empty => {}
            Node::Concat(inner) => inner.into_iter().for_each(|node| push(&mut flat, node)),
            node => push(&mut flat, node),
        }
    }
    match flat.len() {
        0 => Node::Empty,
        1 => flat.swap_remove(0),
        _ => Node::Concat(flat),
    }
}

fn push(flat: &mut Vec<Node>, node: Node) {
    match (flat.last_mut(), node) {
        (Some(Node::Literal(before)), Node::Literal(after)) => before.extend(after),
        (_, node) => flat.push(node),
    }
}
