//! The licence of an Elasticsearch cluster.

use serde_json::Value as Json;

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::time::Millis;

/// The licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// `basic`, `trial`, `platinum` ...
    pub kind: String,
    /// `active` or `expired`.
    pub status: String,
    /// When it ends, if it does.
    pub ends: Option<Millis>,
}

/// Asks for it; `OpenSearch` has none.
pub(super) async fn ask(client: &Client) -> Asked<License> {
    let reply = client.call(Call::License, "", "", None).await?;
    Ok(read(&reply.json()?))
}

/// Reads the documented answer (not run on a real cluster).
#[must_use]
pub fn read(answer: &Json) -> License {
    let license = &answer["license"];
    License {
        kind: license["type"].as_str().unwrap_or("unknown").to_owned(),
        status: license["status"].as_str().unwrap_or("unknown").to_owned(),
        ends: license["expiry_date_in_millis"].as_i64().map(Millis),
    }
}
