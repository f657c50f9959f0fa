//! The parts of an answer, gathered segment by segment.
//!
//! Each part has two halves: `of` looks at one segment, without any lock, and `add` merges that into
//! what the request has so far. What comes out may be shown at any time, partial or complete.

pub(super) mod facet;
pub(super) mod histogram;
pub(super) mod rows;
