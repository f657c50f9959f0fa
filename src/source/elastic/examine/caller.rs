//! Who asks, and what that user may do. Documented answers: no engine of the tests has security.

use serde_json::{Value as Json, json};

use super::Asked;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;
use crate::source::elastic::engine::Product;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user, or the API key.
    pub name: String,
    /// Roles.
    pub roles: Vec<String>,
}

/// What whoever asks may do with an index pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privileges {
    /// The index privileges that were asked for, and whether each is there.
    pub index: Vec<(String, bool)>,
    /// The cluster privileges, likewise.
    pub cluster: Vec<(String, bool)>,
}

impl Privileges {
    /// Whether a privilege is there.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.index.iter().chain(&self.cluster).any(|(known, has)| known == name && *has)
    }
}

/// What reading needs.
pub const READING: [&str; 2] = ["read", "view_index_metadata"];
/// What writing logs into data streams needs: the first, and one of the rest to make streams.
pub const WRITING: [&str; 3] = ["create_doc", "auto_configure", "create_index"];

/// Asks who asks.
pub(super) async fn ask(client: &Client, product: Product) -> Asked<Caller> {
    let call = match product {
        Product::Elasticsearch => Call::Authenticate,
        Product::OpenSearch => Call::AuthInfo,
    };
    let reply = client.call(call, "", "", None).await?;
    Ok(read(&reply.json()?))
}

/// Reads the answers of both products.
#[must_use]
pub fn read(answer: &Json) -> Caller {
    let name = ["username", "user_name"].iter().find_map(|key| answer[key].as_str());
    let key = answer["api_key"]["name"].as_str().map(|key| format!("API key {key}"));
    let roles = answer["roles"].as_array().into_iter().flatten();
    Caller {
        name: key.or_else(|| name.map(str::to_owned)).unwrap_or_default(),
        roles: roles.filter_map(|role| role.as_str().map(str::to_owned)).collect(),
    }
}

/// Asks what whoever asks may do. `OpenSearch` has no such call.
pub(super) async fn ask_privileges(
    client: &Client,
    pattern: &str,
    writing: bool,
) -> Asked<Privileges> {
    let mut wanted = READING.to_vec();
    if writing {
        wanted.extend(WRITING);
    }
    let names: Vec<&str> = pattern.split(',').filter(|name| !name.starts_with('-')).collect();
    let body = json!({"cluster": ["monitor"], "index": [{"names": names, "privileges": wanted}]});
    let reply = client.call(Call::HasPrivileges, "", "", Some(&body)).await?;
    Ok(read_privileges(&reply.json()?))
}

/// Reads the documented answer: a privilege is there where every name of the pattern has it.
#[must_use]
pub fn read_privileges(answer: &Json) -> Privileges {
    let mut index: Vec<(String, bool)> = Vec::new();
    for (_, has) in answer["index"].as_object().into_iter().flatten() {
        for (name, has) in has.as_object().into_iter().flatten() {
            let has = has == true;
            match index.iter_mut().find(|(known, _)| known == name) {
                Some((_, all)) => *all &= has,
                None => index.push((name.clone(), has)),
            }
        }
    }
    let cluster = answer["cluster"].as_object().into_iter().flatten();
    let cluster = cluster.map(|(name, has)| (name.clone(), has == true)).collect();
    Privileges { index, cluster }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{read, read_privileges};

    #[test]
    fn the_documented_answers_are_read() {
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-authenticate
        let known = read(&json!({"username": "rdeniro", "roles": ["admin"], "enabled": true,
            "authentication_realm": {"name": "file", "type": "file"}, "authentication_type": "realm"}));
        assert_eq!((&*known.name, known.roles.len()), ("rdeniro", 1));
        // https://docs.opensearch.org/latest/security/access-control/api/ (authinfo)
        let known = read(&json!({"user": "User [name=admin, ...]", "user_name": "admin",
            "backend_roles": ["admin"], "roles": ["own_index", "all_access"]}));
        assert_eq!((&*known.name, known.roles.len()), ("admin", 2));
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-has-privileges
        let may = read_privileges(&json!({"username": "rdeniro", "has_all_requested": false,
            "cluster": {"monitor": true}, "index": {"logs-*": {"read": true, "create_doc": true},
            "metrics-*": {"read": true, "create_doc": false}}, "application": {}}));
        assert!(may.has("read") && may.has("monitor"));
        assert!(!may.has("create_doc") && !may.has("delete"));
    }
}
