//! One borrowed value of a field, as the pipeline leaves it and as queries read it.

use crate::time::Millis;

/// A value of an event's field, borrowed from the record, the event's arena or a document.
///
/// `Tree` is an array or an object; everything else is a scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// JSON null: the same as no value for every query.
    Null,
    /// true or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, or beyond `i64`.
    Float(f64),
    /// Text; bytes that are no UTF-8 are kept and shown with replacement characters.
    Text(&'a [u8]),
    /// An instant (Logstash's timestamp type), in milliseconds.
    Time(Millis),
    /// An array or object.
    Tree(&'a serde_json::Value),
}
