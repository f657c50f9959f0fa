//! What `peavey setup` writes to a cluster: the only calls of Peavey that change anything.
//!
//! Nothing of this is sent unless a person runs that command.

mod writes;

use serde_json::Value as Json;

use super::client::Client;
use super::error::Error;

pub use writes::{WRITING, Write};

/// Writes one named thing.
///
/// # Errors
/// If the cluster does not answer, or refuses.
pub async fn put(client: &Client, write: Write, name: &str, body: &Json) -> Result<(), Error> {
    client.write(write, name, body).await.map(|_reply| ())
}
