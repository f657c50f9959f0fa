//! Elasticsearch and `OpenSearch`, by REST: the only place that knows how to talk to them.
//!
//! In: a [`Connection`] and an index pattern. Out: answers, behind the trait of all sources. Reads
//! only: every call stands in one table ([`calls`]), with [`setup`] apart, which has its own.

pub mod address;
mod answer;
pub mod calls;
pub mod catalog;
pub mod client;
pub mod connection;
mod cursor;
pub mod engine;
pub mod error;
pub mod examine;
mod export;
pub mod fields;
mod journal;
pub mod mask;
mod pit;
pub mod probe;
pub mod proxy;
mod pulse;
pub mod resolver;
mod secret;
mod session;
pub mod setup;
mod source;
mod splitter;
mod tail;
pub mod tls;
mod trial;
mod wire;

pub use address::{Address, Cluster};
pub use client::{Answering, Client, Reply};
pub use connection::{Authentication, Connection, Identity, Trust};
pub use engine::Engine;
pub use error::Error;
pub use export::{Export, Row};
pub use mask::Masks;
pub use proxy::{Proxies, Proxy};
pub use secret::Secret;
pub use session::{Extent, Session};
pub use source::ElasticSource;
pub use tail::Tail;
