//! What a clause means for documents, exactly as Elasticsearch would match them.
//!
//! In: a [`Clause`](super::Clause), a mapping, a moment. Out: a matcher. Reads no file.

mod fields;

pub use fields::{EventFields, Fields};
