//! Makes the tree of a query.

use std::borrow::Cow;

use super::ast::{Ast, Comparison, Term};
use super::grammar::{Build, CaretSpace, Placed};

/// Builds [`Ast`]s.
pub(super) struct Tree;

impl Build for Tree {
    type Node = Ast;

    fn is(&mut self, name: Option<Cow<'_, Placed>>, value: Placed) -> Ast {
        let name = name.map_or(Term::Null, |name| name.into_owned().literal.into_term());
        Ast::Is { name, value: value.literal.into_term() }
    }

    fn matches(&mut self, name: &Placed, pattern: &[u8]) -> Ast {
        let pattern = String::from_utf8_lossy(pattern).into_owned();
        match name.literal.clone().into_term() {
            // No field, as in `null: text`: then it is text.
            name @ Term::Null => {
                Ast::Is { name, value: Term::Text { text: format!("/{pattern}/"), quoted: false } }
            }
            name => Ast::Is { name, value: Term::Regex(pattern) },
        }
    }

    fn range(&mut self, name: Placed, comparison: Comparison, value: Placed) -> Ast {
        Ast::Range { name: name.literal.into_term(), comparison, value: value.literal.into_term() }
    }

    fn and(&mut self, nodes: Vec<Ast>) -> Ast {
        Ast::And(nodes)
    }

    fn or(&mut self, nodes: Vec<Ast>) -> Ast {
        Ast::Or(nodes)
    }

    fn not(&mut self, node: Ast) -> Ast {
        Ast::Not(Box::new(node))
    }

    fn nested(&mut self, path: Placed, node: Ast) -> Ast {
        Ast::Nested { path: path.literal.into_term(), query: Box::new(node) }
    }

    fn caret_space(&mut self, _: CaretSpace, _: Option<&Placed>) -> Ast {
        // A text without a caret has no space around one.
        Ast::everything()
    }
}
