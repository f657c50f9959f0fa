//! Which format a file has, and its records as events.
//!
//! In: samples of a file ([`Samples`]) and what a person says ([`DetectOptions`]). Out: its
//! [`FileFormat`], fixed while the file is open: the rule that cuts lines into records, the types
//! of the fields, and [`Decoder`]s that turn a record's bytes into the values that are wanted.
//!
//! Text formats are Logstash filter configurations (`pipelines/`), run by `pipeline`; documents
//! (JSON, logfmt, separated values) are read here. Reads no files and knows no queries.

mod ansi;
mod builtin;
mod decoder;
mod detect;
mod document;
mod file_format;
mod list;
mod options;
mod origin;
mod plan;
mod rule;
pub mod schema;
pub mod shape;
pub mod stamp;
mod unwrap;
pub mod wrapper;

pub use decoder::{Decoded, Decoder, RecordMeta};
pub use detect::{ExplainedCandidate, Explanation, detect};
pub use document::{Whole, field_names, insert, json};
pub use file_format::{FileFormat, FormatPart};
pub use list::{FormatInfo, list};
pub use options::{DetectOptions, Samples};
pub use origin::Origin;
pub use schema::view;

#[cfg(test)]
mod tests;
