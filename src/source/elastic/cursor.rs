//! Places in a sorted answer: the sort values of a hit, and which document it is.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::query::Cursor;
use crate::query::aggregate::Key;

/// What a cursor of a cluster holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// The sort values, as `search_after` takes them.
    pub(super) sort: Vec<Json>,
    /// Index of the document.
    pub(super) index: String,
    /// Its `_id`.
    pub(super) id: String,
    /// Number of the point in time whose sort values these are; 0 for none.
    pub(super) pit: u64,
}

impl Place {
    /// As a cursor.
    pub(super) fn to_cursor(&self) -> Cursor {
        let text = json!([self.sort, self.index, self.id, self.pit]).to_string();
        Cursor(Arc::from(text.into_bytes()))
    }

    /// The value that the document was sorted by, in a field of an Elasticsearch type.
    pub(super) fn value(&self, kind: &str) -> Option<Key<'static>> {
        let value = self.sort.first()?;
        match (kind, value) {
            ("ip", Json::String(text)) => {
                let address: IpAddr = text.parse().ok()?;
                let wide = match address {
                    IpAddr::V4(address) => address.to_ipv6_mapped(),
                    IpAddr::V6(address) => address,
                };
                Some(Key::Ip(wide.to_bits()))
            }
            ("boolean", value) => {
                let is_true =
                    *value == json!(true) || *value == json!(1) || *value == json!("true");
                Some(Key::Bool(is_true))
            }
            ("date", value) => value.as_i64().map(Key::Time),
            ("date_nanos", value) => value.as_i64().map(|nanos| Key::Nanos(nanos.into())),
            (_, Json::Number(number)) => match number.as_i64() {
                Some(number) => Some(Key::Int(number)),
                None => number.as_f64().map(Key::Float),
            },
            (_, Json::String(text)) => Some(Key::Text(text.clone().into_bytes().into())),
            _ => None,
        }
    }

    /// Reads a cursor; `None` if another source made it.
    pub(super) fn of(cursor: &Cursor) -> Option<Self> {
        let json: Json = serde_json::from_slice(&cursor.0).ok()?;
        let sort = json.get(0)?.as_array()?.clone();
        let text = |at: usize| json.get(at)?.as_str().map(str::to_owned);
        let pit = json.get(3)?.as_u64()?;
        Some(Self { sort, index: text(1)?, id: text(2)?, pit })
    }
}
