//! What is known about records once they have been read: segments, columns, document sets.
//!
//! A segment is a run of whole records of one file. Its [`Summary`] is permanent and small; record
//! starts, times, columns and document sets are caches under one memory budget ([`Cache`]), rebuilt
//! from the file when they are needed again. Knows neither files nor queries: `source::local` reads
//! the one, evaluates the other and keeps the results here.

mod cache;
pub mod column;
mod docset;
mod key;
mod segment;
mod times;

pub use cache::{Cache, Cached, Epoch, Usage};
pub use column::{Column, ColumnBuilder};
pub use docset::DocSet;
pub use key::{CacheKey, ClauseId, FieldId, Interner};
pub use segment::{LEVELS, Minutes, Place, SegmentId, Summary, SummaryBuilder};
pub use times::{Times, TimesBuilder};
