//! What text means to a search engine: words, wildcards, regular expressions, edit distance.
//!
//! In: text, as `&str` or as bytes of a log. Out: tokens, or whether a pattern matches. Knows no
//! field, no document and no query language.

pub mod analyze;
pub mod caseless;
pub mod fuzzy;
pub mod regexp;
pub mod wildcard;

pub use caseless::Caseless;
pub use fuzzy::Fuzzy;
pub use regexp::Regexp;
pub use wildcard::Wildcard;
