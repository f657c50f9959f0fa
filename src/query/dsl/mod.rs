//! The JSON notation of clauses: Elasticsearch's query DSL, written as Kibana writes it.
//!
//! [`to_json`] writes any clause; [`from_json`] reads what that writes and the other usual spellings
//! of the same clauses. JSON that it does not know stays `Clause::Custom`: carried, not read.
//! It stands beside `Clause` because pills carry DSL; only `source::elastic` sends it anywhere.

mod indent;
mod read;
mod write;

pub use indent::indented;
pub use read::from_json;
pub use write::to_json;

#[cfg(test)]
mod tests;
