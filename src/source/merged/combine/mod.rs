//! Answers of several sources as one: sums, and values put together.

mod facet;
mod histogram;

pub(super) use facet::{by_source, facet, suggestions, wider};
pub(super) use histogram::{fitted, histogram, is_exact, split_by_source};

use crate::query::Total;

/// The hits of all.
pub(super) fn total<'a>(totals: impl IntoIterator<Item = &'a Total>) -> Total {
    totals.into_iter().fold(Total::default(), |sum, own| Total {
        hits: sum.hits + own.hits,
        of: sum.of + own.of,
        without_time: sum.without_time + own.without_time,
    })
}
