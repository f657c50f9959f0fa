//! Every call with which Peavey may change a cluster, in one table apart from the reading ones.

use crate::source::elastic::calls::{Method, escaped};

/// A call that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Write {
    /// A template of indices.
    IndexTemplate,
    /// A role (Elasticsearch).
    Role,
    /// A user (Elasticsearch).
    User,
    /// A role (`OpenSearch`).
    OpenSearchRole,
    /// Who has a role (`OpenSearch`).
    OpenSearchMapping,
    /// A user (`OpenSearch`).
    OpenSearchUser,
}

/// The table: call, method, path. `{name}` is the name of what is written.
pub const WRITING: [(Write, Method, &str); 6] = [
    (Write::IndexTemplate, Method::Put, "/_index_template/{name}"),
    (Write::Role, Method::Put, "/_security/role/{name}"),
    (Write::User, Method::Put, "/_security/user/{name}"),
    (Write::OpenSearchRole, Method::Put, "/_plugins/_security/api/roles/{name}"),
    (Write::OpenSearchMapping, Method::Put, "/_plugins/_security/api/rolesmapping/{name}"),
    (Write::OpenSearchUser, Method::Put, "/_plugins/_security/api/internalusers/{name}"),
];

impl Write {
    /// Its method and path.
    #[must_use]
    pub fn route(self, name: &str) -> (Method, String) {
        let row = WRITING.iter().find(|(write, _, _)| *write == self);
        let (_, method, path) = row.unwrap_or(&WRITING[0]);
        (*method, path.replace("{name}", &escaped(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::{WRITING, Write};
    use crate::source::elastic::calls::Method;

    #[test]
    fn setup_writes_named_things_and_no_documents() {
        for (at, (write, method, path)) in WRITING.iter().enumerate() {
            assert!(!WRITING[..at].iter().any(|(other, _, _)| other == write), "{write:?} twice");
            assert_eq!(*method, Method::Put, "{path}");
            assert!(path.ends_with("/{name}"), "{path}");
        }
        assert_eq!(Write::Role.route("a/b").1, "/_security/role/a%2Fb");
    }
}
