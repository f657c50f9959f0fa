//! Gives a KQL tree its meaning: AST, data view and settings to one [`Clause`].
//!
//! In: [`Ast`], the fields (or none), [`QueryConfig`]. Out: the clause that Kibana would send, or why
//! it would not. Reads no documents; types of values are left to whoever evaluates.

mod error;
mod field;
mod plus;
mod regroup;
mod value;

pub use error::{Error, NestedError};

use self::field::{Resolved, resolve};
use super::clause::Clause;
use super::config::QueryConfig;
use super::kql::{Ast, Comparison, Term};
use crate::event::DataView;

/// Lowers a tree.
///
/// # Errors
/// A field inside a nested object is asked for outside its group, or the other way round; or the
/// tree is deeper than the settings allow.
pub fn kql(ast: &Ast, view: Option<&DataView>, config: &QueryConfig) -> Result<Clause, Error> {
    let lowering = Lowering { view, config, time_zone: config.time_zone() };
    if ast.depth() > config.deepest {
        return Err(Error::TooDeep);
    }
    lowering.node(ast, None).map_err(|error| match (error, view) {
        (Error::Nested { errors, .. }, Some(view)) => {
            let better = regroup::regroup(ast, view);
            let works = better != *ast && lowering.node(&better, None).is_ok();
            Error::Nested { errors, better: works.then(|| better.to_string()) }
        }
        (error, _) => error,
    })
}

struct Lowering<'a> {
    view: Option<&'a DataView>,
    config: &'a QueryConfig,
    time_zone: Option<String>,
}

impl Lowering<'_> {
    fn node(&self, ast: &Ast, group: Option<&str>) -> Result<Clause, Error> {
        match ast {
            Ast::And(nodes) => self.and(self.all(nodes, group)?),
            Ast::Or(nodes) => Ok(Clause::any(self.all(nodes, group)?)),
            Ast::Not(node) => Ok(Clause::negate(self.node(node, group)?)),
            Ast::Nested { path, query } => self.nested(path, query, group),
            Ast::Is { name, value } => self.is(name, value, group),
            Ast::Range { name, comparison, value } => self.range(name, *comparison, value, group),
        }
    }

    fn all(&self, nodes: &[Ast], group: Option<&str>) -> Result<Vec<Clause>, Error> {
        nodes.iter().map(|node| self.node(node, group)).collect()
    }

    #[expect(clippy::unnecessary_wraps, reason = "it stands in a row of fallible arms")]
    fn and(&self, clauses: Vec<Clause>) -> Result<Clause, Error> {
        let (must, filter) = if self.config.filters_in_must_clause {
            (clauses, Vec::new())
        } else {
            (Vec::new(), clauses)
        };
        let (should, must_not) = (Vec::new(), Vec::new());
        Ok(Clause::Bool { must, filter, should, must_not, minimum_should_match: None })
    }

    fn nested(&self, path: &Term, query: &Ast, group: Option<&str>) -> Result<Clause, Error> {
        let path = match group {
            Some(outer) => format!("{outer}.{}", path.plain()),
            None => path.plain(),
        };
        let inner = self.node(query, Some(&path))?;
        Ok(self.wrap(path, inner))
    }

    /// A clause that holds for one object of a nested field.
    fn wrap(&self, path: String, clause: Clause) -> Clause {
        Clause::Nested {
            path,
            query: Box::new(clause),
            score_mode: Some("none".to_owned()),
            ignore_unmapped: self.config.nested_ignore_unmapped,
        }
    }

    fn is(&self, name: &Term, value: &Term, group: Option<&str>) -> Result<Clause, Error> {
        if name.is_lone_star() && value.is_lone_star() {
            return Ok(Clause::MatchAll);
        }
        if *name == Term::Null && group.is_none() {
            return Ok(value::anywhere(value));
        }
        self.each_field(name, group, |field| self.is_clause(field, value))
    }

    fn range(
        &self,
        name: &Term,
        comparison: Comparison,
        value: &Term,
        group: Option<&str>,
    ) -> Result<Clause, Error> {
        self.each_field(name, group, |field| self.range_clause(field, comparison, value))
    }

    /// One clause per field that the name stands for, any of which may hold.
    fn each_field(
        &self,
        name: &Term,
        group: Option<&str>,
        clause: impl Fn(&Resolved<'_>) -> Clause,
    ) -> Result<Clause, Error> {
        let is_free_wildcard = matches!(name, Term::Wildcard(_)) && group.is_none();
        let fields = resolve(name, group, self.view);
        if !is_free_wildcard {
            field::check_groups(&fields, group)?;
        }
        let clauses = fields.iter().map(|field| match field.nested_path() {
            Some(path) if is_free_wildcard => self.wrap(path.to_owned(), clause(field)),
            _ => clause(field),
        });
        Ok(Clause::any(clauses.collect()))
    }
}

#[cfg(test)]
mod tests;
