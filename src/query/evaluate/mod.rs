//! What a clause means for documents, exactly as Elasticsearch would match them.
//!
//! In: a [`Clause`](super::Clause), a mapping, the moment. Out: a [`Matcher`], or the reason why
//! Elasticsearch would refuse the search. There are two readings: [`Clause::matches`](crate::query::Clause::matches) is plain and
//! slow, [`compile`] makes the fast one; they start from the same plan and must always agree.
//! Reads no file and keeps no document.
//!
//! The way of a clause: `plan` (names, boolean rules) -> `test` and what it is made of (`literal`
//! types the query's value, `typed` the document's; `term`, `words`, `phrase` are about text).

mod fields;
mod leaf;
mod literal;
mod matcher;
mod node;
pub mod operation;
mod phrase;
mod plain;
pub mod plan;
mod refuse;
mod term;
mod test;
pub mod typed;
mod words;

pub use fields::{EventFields, Fields, scalars};
pub use leaf::{Leaf, Literal};
pub use matcher::{Matcher, compile};
pub use node::Node;
pub use refuse::number_range;
pub use test::FieldTest;

use crate::event::MappedField;
use crate::time::{Millis, Zone};

/// When and where a query is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// What `now` means.
    pub now: Millis,
    /// The zone of date texts without one, where the clause does not say it: UTC for whoever has to
    /// answer as Elasticsearch does.
    pub zone: Zone,
}

/// A field that a question is compiled for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The field as it was asked for.
    pub name: &'a str,
    /// How it is mapped.
    pub field: &'a MappedField,
}

#[cfg(test)]
mod tests;
