//! The different values of a column, in order of their first appearance.

use crate::event::{Span, Value};
use crate::time::Millis;

/// Different values by number.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    entries: Vec<Entry>,
    text: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Entry {
    Bool(bool),
    Int(i64),
    Float(f64),
    Time(Millis),
    Text(Span),
}

impl Dictionary {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.entries.len() as u32
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of that number.
    #[must_use]
    pub fn get(&self, at: u32) -> Option<Value<'_>> {
        Some(match self.entries.get(at as usize)? {
            Entry::Bool(value) => Value::Bool(*value),
            Entry::Int(value) => Value::Int(*value),
            Entry::Float(value) => Value::Float(*value),
            Entry::Time(at) => Value::Time(*at),
            Entry::Text(span) => Value::Text(
                self.text.get(span.start as usize..span.end as usize).unwrap_or_default(),
            ),
        })
    }

    /// Adds a value that is new. Trees and null are no values and give `None`, and so does text
    /// beyond four gigabytes.
    pub fn add(&mut self, value: Value<'_>) -> Option<u32> {
        let entry = match value {
            Value::Bool(value) => Entry::Bool(value),
            Value::Int(value) => Entry::Int(value),
            Value::Float(value) => Entry::Float(value),
            Value::Time(at) => Entry::Time(at),
            Value::Text(text) => {
                let start = u32::try_from(self.text.len()).ok()?;
                let end = u32::try_from(self.text.len() + text.len()).ok()?;
                self.text.extend_from_slice(text);
                Entry::Text(Span { start, end })
            }
            Value::Null | Value::Tree(_) => return None,
        };
        self.entries.push(entry);
        Some(self.entries.len() as u32 - 1)
    }

    /// Gives back memory that is not used.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.text.shrink_to_fit();
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn size(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.text.capacity()
    }
}

/// Whether two values are the same value: of one kind, equal, and not a number to itself.
pub(super) fn same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}
