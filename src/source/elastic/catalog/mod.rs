//! What there is to explore in a cluster: data streams, aliases and indices.
//!
//! In: a [`Client`](super::Client). Out: [`Entry`]s by name, and, asked for apart as they cost more,
//! their [`Facts`]. What a user may not see is missing, which is no error.

mod facts;
mod matched;
mod names;
mod sourceless;

pub use facts::{Facts, facts, sizes};
pub use matched::{Matched, matched, nothing_matches};
pub use names::{Entry, Kind, list};
pub use sourceless::without_source;
