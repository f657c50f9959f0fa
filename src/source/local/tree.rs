//! A compiled clause over one format's records: a tree of tests, each on a field by number.
//!
//! Evaluated on columns (a set of records from each test) or record by record on decoded values.

use serde_json::Value as Json;

use crate::event::Value;
use crate::query::evaluate::{FieldTest, Literal, Matcher, Node, scalars};
use crate::store::DocSet;

/// A boolean tree over tests.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    All,
    None,
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    Test(Test),
    /// Needs whole documents.
    Document(Matcher),
}

/// A test on the values of one field.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// Number of the field in the list that the tree was made with.
    pub field: usize,
    /// What a value must be.
    pub holds: FieldTest,
    /// Bytes of which the raw text of any value that passes contains at least one.
    pub needles: Option<Vec<Needle>>,
}

/// Bytes to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub bytes: Vec<u8>,
    pub ignores_case: bool,
}

impl Needle {
    /// Whether it is found wherever the other one is.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if self.ignores_case {
            let own = self.bytes.to_ascii_lowercase();
            memchr::memmem::find(&other.bytes.to_ascii_lowercase(), &own).is_some()
        } else {
            !other.ignores_case && memchr::memmem::find(&other.bytes, &self.bytes).is_some()
        }
    }
}

impl Tree {
    /// The tree of a matcher; `number` numbers the fields that it reads.
    pub(super) fn of(matcher: &Matcher, number: &mut dyn FnMut(&str) -> usize) -> Self {
        build(matcher.root(), number).unwrap_or_else(|| Self::Document(matcher.clone()))
    }

    /// The records of a segment of `len`, given those that pass each test.
    pub(super) fn docs(&self, len: u32, test: &mut dyn FnMut(&Test) -> DocSet) -> DocSet {
        match self {
            Self::All => DocSet::all(len),
            Self::None | Self::Document(_) => DocSet::none(len),
            Self::Test(own) => test(own),
            Self::Not(inner) => inner.docs(len, test).not(),
            Self::And(inner) => inner.iter().fold(DocSet::all(len), |docs, inner| {
                if docs.is_empty() { docs } else { docs.and(&inner.docs(len, test)) }
            }),
            Self::Or(inner) => inner.iter().fold(DocSet::none(len), |docs, inner| {
                if docs.is_all() { docs } else { docs.or(&inner.docs(len, test)) }
            }),
        }
    }

    /// Whether a record matches, given its values and, where asked for, its document.
    pub(super) fn matches(&self, record: &mut dyn Record) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Test(own) => record.passes(own),
            Self::Not(inner) => !inner.matches(record),
            Self::And(inner) => inner.iter().all(|inner| inner.matches(record)),
            Self::Or(inner) => inner.iter().any(|inner| inner.matches(record)),
            Self::Document(matcher) => record.matches(matcher),
        }
    }

    /// Whether it needs whole documents.
    pub(super) fn needs_document(&self) -> bool {
        match self {
            Self::Document(_) => true,
            Self::Not(inner) => inner.needs_document(),
            Self::And(inner) | Self::Or(inner) => inner.iter().any(Self::needs_document),
            Self::All | Self::None | Self::Test(_) => false,
        }
    }

    /// Needles of which every matching record contains at least one, given those of each test.
    pub(super) fn needles(
        &self,
        of_test: &dyn Fn(&Test) -> Option<Vec<Needle>>,
    ) -> Option<Vec<Needle>> {
        match self {
            Self::All | Self::Not(_) | Self::Document(_) => None,
            Self::None => Some(Vec::new()),
            Self::Test(own) => of_test(own),
            Self::And(inner) => {
                inner.iter().filter_map(|inner| inner.needles(of_test)).min_by_key(Vec::len)
            }
            Self::Or(inner) => {
                let all: Option<Vec<_>> =
                    inner.iter().map(|inner| inner.needles(of_test)).collect();
                Some(all?.concat())
            }
        }
    }
}

/// What a tree asks of a record.
pub(super) trait Record {
    /// Whether some value of the test's field passes.
    fn passes(&mut self, test: &Test) -> bool;

    /// Whether the whole document matches.
    fn matches(&mut self, matcher: &Matcher) -> bool;
}

/// Whether a value, or one of its values if it is a list, passes.
pub(super) fn passes(test: &FieldTest, value: Value<'_>) -> bool {
    match value {
        Value::Null => false,
        Value::Tree(tree) => tree_passes(test, tree),
        value => test.matches(value),
    }
}

fn tree_passes(test: &FieldTest, tree: &Json) -> bool {
    let mut found = false;
    scalars(tree, &mut |value| found = found || test.matches(value));
    found
}

fn build(node: &Node, number: &mut dyn FnMut(&str) -> usize) -> Option<Tree> {
    Some(match node {
        Node::All => Tree::All,
        Node::None => Tree::None,
        Node::And(inner) => Tree::And(build_all(inner, number)?),
        Node::Or(inner) => Tree::Or(build_all(inner, number)?),
        Node::Not(inner) => Tree::Not(Box::new(build(inner, number)?)),
        Node::Leaf(leaf) => Tree::Test(Test {
            field: number(&leaf.field),
            holds: leaf.test.clone(),
            needles: match leaf.literals() {
                Some(literals) => Some(literals.into_iter().map(needle).collect()),
                None => leaf.test.whole_range().and_then(digits).map(|one| vec![one]),
            },
        }),
        Node::Nested { .. } => return None,
    })
}

fn needle(literal: Literal<'_>) -> Needle {
    Needle { bytes: literal.bytes.to_vec(), ignores_case: literal.ignore_case }
}

/// The digits of the only number that answers.
fn digits(range: std::ops::RangeInclusive<i64>) -> Option<Needle> {
    let is_one = range.start() == range.end();
    let bytes = range.start().unsigned_abs().to_string().into_bytes();
    is_one.then_some(Needle { bytes, ignores_case: false })
}

fn build_all(nodes: &[Node], number: &mut dyn FnMut(&str) -> usize) -> Option<Vec<Tree>> {
    nodes.iter().map(|node| build(node, number)).collect()
}
