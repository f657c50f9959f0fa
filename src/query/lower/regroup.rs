//! Puts names of nested fields into the groups that they need, to propose a query that works.

use crate::event::DataView;
use crate::query::kql::{Ast, Term};

/// The tree with each free name of a nested field put into a group of its own.
pub(super) fn regroup(ast: &Ast, view: &DataView) -> Ast {
    let all = |nodes: &[Ast]| nodes.iter().map(|node| regroup(node, view)).collect();
    match ast {
        Ast::And(nodes) => Ast::And(all(nodes)),
        Ast::Or(nodes) => Ast::Or(all(nodes)),
        Ast::Not(node) => Ast::Not(Box::new(regroup(node, view))),
        Ast::Nested { .. } => ast.clone(),
        Ast::Is { name, value } => {
            grouped(name, view, |name| Ast::Is { name, value: value.clone() })
        }
        Ast::Range { name, comparison, value } => grouped(name, view, |name| Ast::Range {
            name,
            comparison: *comparison,
            value: value.clone(),
        }),
    }
}

fn grouped(name: &Term, view: &DataView, leaf: impl Fn(Term) -> Ast) -> Ast {
    let inner = match name {
        Term::Text { text, .. } => view.field(text).and_then(|field| {
            let path = field.nested_path()?;
            let inner = field.name.strip_prefix(path)?.strip_prefix('.')?;
            Some((Term::bare(path), Term::bare(inner)))
        }),
        _ => None,
    };
    match inner {
        Some((path, inner)) => Ast::Nested { path, query: Box::new(leaf(inner)) },
        None => leaf(name.clone()),
    }
}
