//! Elasticsearch and OpenSearch, by REST: the only place that knows how to talk to them.
//!
//! In: a [`Connection`](connection::Connection) and an index pattern. Reads only: every call stands
//! in one table ([`calls`]).

pub mod address;
pub mod calls;
pub mod client;
pub mod connection;
pub mod engine;
pub mod error;
pub mod fields;
mod secret;
pub mod tls;

pub use address::{Address, Cluster};
pub use client::{Client, Reply};
pub use connection::{Authentication, Connection, Identity, Trust};
pub use error::Error;
pub use secret::Secret;
