//! From bytes to blocks of whole records.
//!
//! In: what a person named ([`SourceArg`]: files, globs, folders, `-`, `journal:`, `docker:`).
//! Out: [`LogSet`]s of [`Member`]s (rotated files in order), and for each member either a
//! [`Text`] that can be read anywhere, from several threads, or a [`Feed`] that is read forwards;
//! both give [`Block`]s, which [`frame`] cuts into records. [`tail`] watches sets grow.
//!
//! Knows nothing of queries, segments or fields. What starts a record is a [`RecordRule`], which
//! the formats bring.

pub mod discover;
pub mod format;
pub mod frame;
pub mod input;
mod limits;
mod member;
mod source_arg;
pub mod spool;
pub mod tail;

pub use discover::{Discovered, Skipped, Why, discover};
pub use frame::{Block, LineKind, RecordRule};
pub use input::{Feed, Files, Text};
pub use limits::{Limits, Spooled};
pub use member::{Compression, Encoding, Identity, LogSet, Member, Newline, Origin};
pub use source_arg::SourceArg;
