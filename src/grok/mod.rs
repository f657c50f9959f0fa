//! Grok: pattern text to matcher.
//!
//! In: patterns such as `%{IPORHOST:clientip} %{GREEDYDATA:rest}` and a [`Library`] of names.
//! Out: a [`Pattern`] that finds them in bytes, with the spans of the wanted captures.
//! The syntax of regular expressions is Ruby's, with Logstash's options. What becomes of captures
//! is the `pipeline`'s business.

mod automaton;
mod backtrack;
mod class;
mod error;
mod expand;
mod library;
mod parse;
mod parse_class;
mod pattern;
mod regex;
mod scan;
mod syntax;

pub use error::CompileError;
pub use library::{Ecs, Library};
pub use pattern::{Capture, Found, Kind, Pattern, Scratch};
pub use regex::Regex;

#[cfg(test)]
mod tests;
