//! Peavey: Kibana Discover for the terminal.
//!
//! The modules in reading order, which is the order in which data flows; a module uses only what
//! stands above it (`tests/tidy.rs` checks it):
//!
//! ```text
//! bytes -> ingest -> pipeline -> store -> source::local --\ answers -> app -> ui -> shell -> screen
//! KQL, pills, time -> query -> SearchRequest -> source ---/ keys -> shell -> Message -> app -> Effect
//! ```

pub mod app;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod doctor;
pub mod event;
pub mod grok;
pub mod ingest;
pub mod pipeline;
pub mod query;
pub mod shell;
pub mod source;
pub mod store;
pub mod text;
pub mod theme;
pub mod time;
pub mod ui;
