//! Which engine answers, and what it can do: one table.
//!
//! A user without cluster privileges may be refused `GET /`; then the product header tells
//! Elasticsearch 7.14 and later, and trying tells the rest (`trial`).

use serde_json::Value as Json;

use super::calls::Call;
use super::client::Client;
use super::error::Error;

/// Elasticsearch or its fork.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Product {
    /// Elastic's.
    Elasticsearch,
    /// The fork.
    OpenSearch,
}

/// Product and version, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Engine {
    /// Which of the two.
    pub product: Product,
    /// Major and minor version; `None` where the engine would not say.
    pub version: Option<(u32, u32)>,
    /// The cluster's name, where told.
    pub cluster: Option<String>,
}

/// How a point in time is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointInTime {
    /// `POST /index/_pit`, closed with `{"id"}`.
    Pit,
    /// `POST /index/_search/point_in_time`, closed with `{"pit_id": []}`.
    SearchPointInTime,
    /// Not at all.
    None,
}

/// What an engine can do. Where the version is unknown, the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Points in time.
    pub point_in_time: PointInTime,
    /// `_shard_doc` as the tie-breaker of a sort.
    pub shard_doc: bool,
    /// `format` in a sort, which keeps nanoseconds.
    pub sort_format: bool,
    /// `include_unmapped` in the `fields` option.
    pub fields_include_unmapped: bool,
    /// `_terms_enum`.
    pub terms_enum: bool,
}

/// (product, first version, what it can do from then on), newest first in each product.
const TABLE: [(Product, (u32, u32), Capabilities); 6] = [
    (
        Product::Elasticsearch,
        (7, 14),
        Capabilities {
            point_in_time: PointInTime::Pit,
            shard_doc: true,
            sort_format: true,
            fields_include_unmapped: true,
            terms_enum: true,
        },
    ),
    (
        Product::Elasticsearch,
        (7, 12),
        Capabilities {
            point_in_time: PointInTime::Pit,
            shard_doc: true,
            sort_format: false,
            fields_include_unmapped: true,
            terms_enum: false,
        },
    ),
    (Product::Elasticsearch, (7, 0), LEAST),
    (
        Product::OpenSearch,
        (3, 3),
        Capabilities {
            point_in_time: PointInTime::SearchPointInTime,
            shard_doc: true,
            sort_format: false,
            fields_include_unmapped: false,
            terms_enum: false,
        },
    ),
    (
        Product::OpenSearch,
        (2, 4),
        Capabilities {
            point_in_time: PointInTime::SearchPointInTime,
            shard_doc: false,
            sort_format: false,
            fields_include_unmapped: false,
            terms_enum: false,
        },
    ),
    (Product::OpenSearch, (1, 0), LEAST),
];

/// What every version of both products can do.
pub(super) const LEAST: Capabilities = Capabilities {
    point_in_time: PointInTime::None,
    shard_doc: false,
    sort_format: false,
    fields_include_unmapped: false,
    terms_enum: false,
};

impl Engine {
    /// What it can do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        let fits = |row: &&(Product, (u32, u32), Capabilities)| {
            row.0 == self.product && self.version.is_none_or(|version| row.1 <= version)
        };
        // Without a version: Elasticsearch is told by its header, which 7.14 was the first to send.
        TABLE.iter().find(fits).map_or(LEAST, |row| row.2)
    }

    /// As shown: `Elasticsearch 9.5`.
    #[must_use]
    pub fn title(&self) -> String {
        let product = match self.product {
            Product::Elasticsearch => "Elasticsearch",
            Product::OpenSearch => "OpenSearch",
        };
        match self.version {
            Some((major, minor)) => format!("{product} {major}.{minor}"),
            None => product.to_owned(),
        }
    }

    /// Asks a cluster what it is.
    ///
    /// # Errors
    /// If nothing answers, or what answers is no engine of versions that Peavey knows.
    pub async fn recognise(client: &Client) -> Result<Self, Error> {
        match client.call(Call::Root, "", "", None).await {
            Ok(reply) => {
                Self::of_root(&reply.json()?, reply.is_elasticsearch).ok_or(Error::NotAnEngine {
                    host: reply.host.clone(),
                    what: "its front page names no version".to_owned(),
                })
            }
            // No privilege for the front page is no obstacle.
            Err(Error::Refused { status: 400 | 403 | 404 | 405, .. }) => {
                Ok(Self { product: Product::Elasticsearch, version: None, cluster: None })
            }
            Err(other) => Err(other),
        }
    }

    /// Reads the front page.
    fn of_root(body: &Json, has_header: bool) -> Option<Self> {
        let version = &body["version"];
        let number = version["number"].as_str()?;
        let mut parts = number.split(['.', '-']).map(|part| part.parse().ok());
        let found = (parts.next()??, parts.next()??);
        let is_fork = version["distribution"].as_str() == Some("opensearch");
        let product =
            if is_fork && !has_header { Product::OpenSearch } else { Product::Elasticsearch };
        let cluster = body["cluster_name"].as_str().map(str::to_owned);
        Some(Self { product, version: Some(found), cluster })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Engine, PointInTime, Product};

    fn check(body: &serde_json::Value, header: bool, title: &str, pit: PointInTime) {
        let engine = Engine::of_root(body, header).unwrap();
        assert_eq!((engine.title().as_str(), engine.capabilities().point_in_time), (title, pit));
    }

    #[test]
    fn the_front_page_tells_product_and_version() {
        check(
            &json!({"version": {"number": "9.5.3"}}),
            true,
            "Elasticsearch 9.5",
            PointInTime::Pit,
        );
        check(
            &json!({"version": {"number": "7.10.2", "build_flavor": "oss"}}),
            false,
            "Elasticsearch 7.10",
            PointInTime::None,
        );
        check(
            &json!({"version": {"number": "3.8.0", "distribution": "opensearch"}}),
            false,
            "OpenSearch 3.8",
            PointInTime::SearchPointInTime,
        );
        check(
            &json!({"version": {"number": "1.3.13-SNAPSHOT", "distribution": "opensearch"}}),
            false,
            "OpenSearch 1.3",
            PointInTime::None,
        );
        assert_eq!(Engine::of_root(&json!({"name": "kibana"}), false), None);
    }

    #[test]
    fn an_engine_that_will_not_say_is_taken_for_what_sends_the_header() {
        let engine = Engine { product: Product::Elasticsearch, version: None, cluster: None };
        assert_eq!(engine.capabilities().point_in_time, PointInTime::Pit);
    }
}
