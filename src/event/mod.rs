//! Plain words for what a log record is once it is read: values, events, documents, fields.
//!
//! - [`Event`]: the hot form, a table of slots over one record's bytes, filled by a pipeline and
//!   read by the local engine. Reused from record to record.
//! - [`Document`]: the owned form that answers carry to the screen and to outputs.
//! - [`Mapping`]: how one index, or one local format, types its fields.
//! - [`IndexPattern`]: which indices a data view is made of.
//! - [`DataView`]: the fields of all sources together, as a query is lowered with.

mod data_view;
mod document;
mod index_mapping;
mod index_pattern;
mod layout;
mod mapping;
mod record;
mod value;

pub use data_view::{DataView, ViewField};
pub use document::Document;
pub use index_pattern::IndexPattern;
pub use layout::{Layout, SlotId};
pub use mapping::{FieldType, MappedField, Mapping};
pub use record::{Event, Slot, Span};
pub use value::Value;
