//! How one index, or one local format, types its fields.

use indexmap::IndexMap;

/// An Elasticsearch field type that Peavey evaluates itself. Wider types that mean the same are
/// folded (`integer`, `short`, `byte`, `unsigned_long` keep their range in [`MappedField`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// Whole values.
    Keyword,
    /// Analysed text.
    Text,
    /// Whole numbers of 64 bits.
    Long,
    /// Whole numbers of 32 bits.
    Integer,
    /// Whole numbers of 16 bits.
    Short,
    /// Whole numbers of 8 bits.
    Byte,
    /// 64-bit floating point.
    Double,
    /// 32-bit floating point.
    Float,
    /// Instants in milliseconds.
    Date,
    /// Instants in nanoseconds.
    DateNanos,
    /// true or false.
    Boolean,
    /// IPv4 and IPv6 addresses.
    Ip,
    /// Points on the globe.
    GeoPoint,
    /// Objects that are matched one by one.
    Nested,
    /// Plain objects.
    Object,
    /// Anything else (`flattened`, `version`, ranges ...): carried, not evaluated.
    Other,
}

/// One field of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedField {
    /// Its type.
    pub kind: FieldType,
    /// For keyword: longer values (in UTF-16 units as Elasticsearch counts characters) are not indexed.
    pub ignore_above: Option<usize>,
    /// For a multi-field (`agent.keyword`): the field whose values it takes.
    pub parent: Option<Box<str>>,
    /// For an alias: the field that it stands for.
    pub alias_of: Option<Box<str>>,
    /// For a field inside a nested object: that object's path.
    pub nested_path: Option<Box<str>>,
    /// For a date: its format; `None` is `strict_date_optional_time||epoch_millis`.
    pub format: Option<Box<str>>,
}

impl MappedField {
    /// A field of a type and nothing more.
    #[must_use]
    pub fn of(kind: FieldType) -> Self {
        Self {
            kind,
            ignore_above: None,
            parent: None,
            alias_of: None,
            nested_path: None,
            format: None,
        }
    }
}

/// The typed fields of one index or one local format, by dotted name, in a stable order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Every field, multi-fields and nested objects too.
    pub fields: IndexMap<Box<str>, MappedField>,
}

impl Mapping {
    /// The field of that exact name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&MappedField> {
        self.fields.get(name)
    }
}
