//! Logstash's filter language: a configuration turns a record into an event.
//!
//! In: the text of a configuration, then records. Out: a [`Pipeline`] that fills [`Event`](crate::event::Event)s.
//!
//! - [`Config::parse`]: text to tree, the whole language.
//! - [`Pipeline::compile`]: tree to steps. Field references become slots; steps that cannot
//!   change a wanted field are left out, and grok fills only captures that somebody reads.
//! - [`Pipeline::run`]: one record. Never fails: what goes wrong tags the event.
//!
//! A field's name is dotted (`http.response.status_code` is `[http][response][status_code]`);
//! names below `@metadata` are fields like others, and not part of the document.

mod ast;
mod compile;
mod date;
mod expression;
mod fields;
mod filter;
mod parse;
mod plan;
mod reference;
mod run;
mod settings;
mod state;
mod template;
mod tree;

pub use ast::{
    Attribute, Branch, Comparison, Condition, Config, Join, Literal, LiteralKind, Operand, Plugin,
    Section, SectionKind, Statement,
};
pub use compile::{Options, Wanted, Years};
pub use parse::Escapes;
pub use reference::Reference;
pub use run::{Outcome, Pipeline, RunContext, Scratch, Slots};

pub use crate::grok::Ecs;

/// The field that holds the event's time.
const TIMESTAMP: &str = "@timestamp";
/// The field that a record's text arrives in.
const MESSAGE: &str = "message";
/// The field of the event's tags.
const TAGS: &str = "tags";

#[cfg(test)]
mod projection_tests;
#[cfg(test)]
mod tests;
