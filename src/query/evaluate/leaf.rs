//! One question to one field: what a compiled query is made of.
//!
//! In: values of the field. Out: whether one of them answers.

use super::{FieldTest, Fields};

/// A question to one field of a document.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The field of the document whose values are read: aliases are resolved, and a multi-field
    /// (`agent.keyword`) reads its parent's values.
    pub field: Box<str>,
    /// The field as it was asked for.
    pub name: Box<str>,
    /// What one value is asked.
    pub test: FieldTest,
}

/// Bytes that a value must contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Literal<'a> {
    /// The bytes; in lower case if the case is left aside.
    pub bytes: &'a [u8],
    /// Whether the case of ASCII letters is left aside.
    pub ignore_case: bool,
}

impl Leaf {
    /// Whether any value of the document's field answers.
    #[must_use]
    pub fn matches(&self, fields: &dyn Fields) -> bool {
        let mut found = false;
        fields.each(&self.field, &mut |value| found = found || self.test.matches(value));
        found
    }

    /// Texts of which every matching value, as it was written, contains at least one; `None` if
    /// nothing of the kind can be said.
    #[must_use]
    pub fn literals(&self) -> Option<Vec<Literal<'_>>> {
        self.test.literals()
    }
}
