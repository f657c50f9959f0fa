//! The tree of a compiled query: boolean nodes over leaves that ask one field each.
//!
//! In: parts. Out: a tree that an engine may walk as it likes. The leaf type is a parameter, since
//! lowering and compiling share the shape. A compiled tree is simplified; a planned one is not, as
//! every question in it has to be checked.

use std::collections::BTreeSet;

use super::{Fields, Leaf};

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub enum Node<L = Leaf> {
    /// Every document.
    All,
    /// No document.
    None,
    /// All of these (none: every document).
    And(Vec<Self>),
    /// Any of these (none: no document).
    Or(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One question to one field.
    Leaf(L),
    /// At least one object at the path for which the inner tree holds; inside, fields are those
    /// of that object.
    Nested { path: Box<str>, inner: Box<Self> },
}

impl<L> Node<L> {
    /// All of `nodes`.
    #[must_use]
    pub fn and(nodes: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Self::All => {}
                Self::None => return Self::None,
                Self::And(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::All,
            1 => kept.swap_remove(0),
            _ => Self::And(kept),
        }
    }

    /// Any of `nodes`.
    #[must_use]
    pub fn or(nodes: Vec<Self>) -> Self {
        let mut kept = Vec::new();
        for node in nodes {
            match node {
                Self::None => {}
                Self::All => return Self::All,
                Self::Or(inner) => kept.extend(inner),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::None,
            1 => kept.swap_remove(0),
            _ => Self::Or(kept),
        }
    }

    /// Not `node`.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "a constructor beside `and` and `or`")]
    pub fn not(node: Self) -> Self {
        match node {
            Self::All => Self::None,
            Self::None => Self::All,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// The same tree with other leaves; a leaf may become any node, or an error.
    pub fn try_map<M, E>(
        self,
        leaf: &mut dyn FnMut(L) -> Result<Node<M>, E>,
    ) -> Result<Node<M>, E> {
        let mut all = |nodes: Vec<Self>| {
            nodes.into_iter().map(|node| node.try_map(leaf)).collect::<Result<Vec<_>, E>>()
        };
        Ok(match self {
            Self::All => Node::All,
            Self::None => Node::None,
            Self::And(nodes) => Node::and(all(nodes)?),
            Self::Or(nodes) => Node::or(all(nodes)?),
            Self::Not(node) => Node::not(node.try_map(leaf)?),
            Self::Leaf(it) => leaf(it)?,
            Self::Nested { path, inner } => match inner.try_map(leaf)? {
                Node::None => Node::None,
                inner => Node::Nested { path, inner: Box::new(inner) },
            },
        })
    }

    /// Whether a document matches, given how a leaf does.
    pub fn holds(&self, fields: &dyn Fields, leaf: &dyn Fn(&L, &dyn Fields) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::And(nodes) => nodes.iter().all(|node| node.holds(fields, leaf)),
            Self::Or(nodes) => nodes.iter().any(|node| node.holds(fields, leaf)),
            Self::Not(node) => !node.holds(fields, leaf),
            Self::Leaf(it) => leaf(it, fields),
            Self::Nested { path, inner } => {
                let mut found = false;
                fields.each_object(path, &mut |object| {
                    found = found || inner.holds(object, leaf);
                });
                found
            }
        }
    }
}

impl Node {
    /// Whether a document matches.
    #[must_use]
    pub fn matches(&self, fields: &dyn Fields) -> bool {
        self.holds(fields, &Leaf::matches)
    }

    /// The fields of the document that the tree reads (for nested objects: their path).
    #[must_use]
    pub fn fields(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect_fields(&mut found);
        found
    }

    fn collect_fields<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::All | Self::None => {}
            Self::And(nodes) | Self::Or(nodes) => {
                for node in nodes {
                    node.collect_fields(found);
                }
            }
            Self::Not(node) => node.collect_fields(found),
            Self::Leaf(leaf) => {
                found.insert(&leaf.field);
            }
            Self::Nested { path, .. } => {
                found.insert(path);
            }
        }
    }
}
