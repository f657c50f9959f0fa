//! From a clause to a compiled matcher, and the two readings' entry points.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::plan::{Asked, Planner};
use super::{FieldTest, Fields, Leaf, Moment, Node, plain};
use crate::diagnostic::Diagnostic;
use crate::event::Mapping;
use crate::query::clause::Clause;

/// A compiled clause; cloning shares it.
#[derive(Debug, Clone)]
pub struct Matcher {
    root: Arc<Node>,
}

impl Matcher {
    /// The tree, for engines that walk it themselves.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Whether a document matches.
    #[must_use]
    pub fn matches(&self, fields: &dyn Fields) -> bool {
        self.root.matches(fields)
    }

    /// The fields of a document that are read.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<&str> {
        self.root.fields()
    }
}

/// Compiles a clause for documents of a mapping.
///
/// # Errors
/// What Elasticsearch would refuse (a word on a number, a pattern on a date ...), and clauses that
/// only Elasticsearch can read.
pub fn compile(clause: &Clause, mapping: &Mapping, moment: Moment) -> Result<Matcher, Diagnostic> {
    let plan = Planner { mapping, nested: None }.plan(clause)?;
    let root = plan.try_map(&mut |asked| leaf(asked, moment))?;
    Ok(Matcher { root: Arc::new(root) })
}

fn leaf(asked: Asked, moment: Moment) -> Result<Node, Diagnostic> {
    match FieldTest::compile(&asked.target(), &asked.operation, moment) {
        Err(_) if asked.lenient => Ok(Node::None),
        Err(refused) => Err(refused),
        Ok(test) if !asked.visible || test.is_never() => Ok(Node::None),
        Ok(test) => Ok(Node::Leaf(Leaf { field: asked.source, name: asked.name, test })),
    }
}

impl Clause {
    /// Says, before any data is read, whether Elasticsearch would refuse the clause.
    ///
    /// # Errors
    /// Those of [`compile`].
    pub fn check(&self, mapping: &Mapping, moment: Moment) -> Result<(), Diagnostic> {
        compile(self, mapping, moment).map(drop)
    }

    /// The plain reading: whether a document matches a clause that [`Clause::check`] allows.
    #[must_use]
    pub fn matches(&self, fields: &dyn Fields, mapping: &Mapping, moment: Moment) -> bool {
        let plan = Planner { mapping, nested: None }.plan(self);
        plan.is_ok_and(|plan| {
            plan.holds(fields, &|asked, fields| plain::answers(asked, fields, moment))
        })
    }
}
