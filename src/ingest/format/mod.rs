//! Which format a file has, and its records as events.

mod document;
pub mod schema;
pub mod shape;
pub mod stamp;
