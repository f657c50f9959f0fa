//! What the parcel tracking stack needs once: the template of its streams, a role and a user for
//! what writes them.

use serde_json::{Value as Json, json};

use super::schema;
use super::thing::Thing;
use super::writes::Write;
use crate::source::elastic::calls::Call;
use crate::source::elastic::engine::Product;

/// The streams' pattern.
pub const PATTERN: &str = "logs-*-pt";
/// The services, each with a stream of its own.
pub const SERVICES: [&str; 6] = ["django", "celery", "celerybeat", "flower", "nginx", "react"];
/// The role of what writes.
pub const ROLE: &str = "logstash_writer_pt";
/// Above the templates that come with the engine (`logs-*-*` has 100).
const PRIORITY: u64 = 500;

/// The stack's data views: all services, and each.
#[must_use]
pub fn data_views() -> Vec<String> {
    let each = SERVICES.iter().map(|service| format!("logs-{service}-pt"));
    std::iter::once(PATTERN.to_owned()).chain(each).collect()
}

/// The template `pt-logs`.
#[must_use]
pub fn template(shards: u32, replicas: u32) -> Thing {
    let body = json!({
        "index_patterns": [PATTERN],
        "data_stream": {},
        "priority": PRIORITY,
        "template": {
            "settings": {"number_of_shards": shards, "number_of_replicas": replicas},
            "mappings": mappings(),
        },
    });
    Thing::template("pt-logs", body)
}

fn mappings() -> Json {
    let keyword = || json!({"type": "keyword"});
    json!({
        "dynamic_templates": schema::dynamic_templates(),
        "properties": {
            "@timestamp": {"type": "date"},
            "message": {"type": "text"},
            "group": keyword(),
            // Filebeat sets a plain `service`; an alias of ECS's `service.name` could not stand beside it.
            "service": keyword(),
            "stream": keyword(),
            "logger_name": keyword(),
            "log_level": keyword(),
            "log_timestamp": keyword(),
            "log_ms": keyword(),
            "log_message": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}},
            "app_module": keyword(),
            "tags": keyword(),
            "data_stream": {"properties": {"type": keyword(), "dataset": keyword(), "namespace": keyword()}},
            "event": {"properties": {"module": keyword(), "original": {"type": "keyword", "index": false, "doc_values": false}}},
            "host": {"properties": {"name": keyword()}},
            "log": {"properties": {
                "offset": {"type": "long"},
                "file": {"properties": {"path": keyword()}},
            }},
        },
    })
}

/// The role and the user `writer`, as the product of a cluster has them.
#[must_use]
pub fn security(product: Product, writer: &str) -> Vec<Thing> {
    match product {
        Product::Elasticsearch => security_of_elasticsearch(writer),
        Product::OpenSearch => security_of_opensearch(writer),
    }
}

/// Documented calls; not run on a real cluster.
#[must_use]
pub fn security_of_elasticsearch(writer: &str) -> Vec<Thing> {
    // `auto_configure` makes streams, `monitor` is what Logstash asks for the version with.
    let role = json!({
        "cluster": ["monitor"],
        "indices": [{
            "names": [PATTERN],
            "privileges": ["auto_configure", "create_index", "create_doc", "index", "create", "write", "read"],
        }],
    });
    let user = json!({"roles": [ROLE], "full_name": "Logstash writer for PT data streams"});
    vec![
        Thing::new("role", ROLE, (Write::Role, Call::Role), role),
        Thing::new("user", writer, (Write::User, Call::User), user),
    ]
}

/// Documented calls; not run on a real cluster.
#[must_use]
pub fn security_of_opensearch(writer: &str) -> Vec<Thing> {
    let role = json!({
        "cluster_permissions": ["cluster_monitor", "cluster_composite_ops"],
        "index_permissions": [{
            "index_patterns": [PATTERN],
            "allowed_actions": ["crud", "create_index", "indices:admin/auto_create"],
        }],
    });
    let mapping = json!({"users": [writer]});
    let user = json!({"description": "Logstash writer for PT data streams"});
    vec![
        Thing::new("role", ROLE, (Write::OpenSearchRole, Call::OpenSearchRole), role),
        Thing::new(
            "role mapping",
            ROLE,
            (Write::OpenSearchMapping, Call::OpenSearchMapping),
            mapping,
        ),
        Thing::new("user", writer, (Write::OpenSearchUser, Call::OpenSearchUser), user),
    ]
}
