//! The parts of an answer, each from requests of its own: rows, total and histogram, facets.

pub(super) mod facet;
pub(super) mod find;
pub(super) mod histogram;
pub(super) mod hit;
mod order;
pub(super) mod page;
pub(super) mod suggest;
pub(super) mod surrounding;
pub(super) mod trouble;
mod wanted;
