//! What is wrong with a source, judged from facts: the troubleshooting pages of a log stack as
//! functions.
//!
//! In: facts that others gathered (`source::elastic::examine`, `cli::doctor`). Out: [`Finding`]s: a
//! grade, what was seen, what to do. Asks and prints nothing.

pub mod cluster;
mod finding;
pub mod local;
pub mod logstash;
pub mod machine;
mod words;

pub use finding::{Finding, Grade};
