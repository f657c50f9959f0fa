//! Time and shards of an answer, read from its first bytes.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::query::ShardCount;
use crate::source::elastic::wire::Shards;

/// How long the engine worked, and how many shards did.
pub(super) fn read(head: &[u8]) -> (Option<Duration>, Option<ShardCount>) {
    let text = String::from_utf8_lossy(head);
    let took = value(&text, "took").map(Duration::from_millis);
    let shards = value::<Shards>(&text, "_shards").map(|shards| ShardCount {
        total: shards.total,
        successful: shards.successful,
        skipped: shards.skipped,
        failed: shards.failed,
    });
    (took, shards)
}

/// The first value of that name. Engines write these names before any document.
fn value<T: DeserializeOwned>(text: &str, name: &str) -> Option<T> {
    let before_documents = text.split(r#""hits":"#).next()?;
    let name = format!("\"{name}\":");
    let at = before_documents.find(&name)? + name.len();
    let mut values = serde_json::Deserializer::from_str(text.get(at..)?).into_iter::<T>();
    values.next()?.ok()
}
