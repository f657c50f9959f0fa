//! What `peavey setup` writes to a cluster: the only calls of Peavey that change anything.
//!
//! Nothing of this is sent unless a person runs that command. A [`Thing`] is looked at before it is
//! written: what is there already stays as it is, unless the person forces it.

mod difference;
pub mod parcel;
pub mod schema;
mod thing;
mod writes;

pub use difference::Difference;
pub use thing::{State, Thing};
pub use writes::{WRITING, Write};
