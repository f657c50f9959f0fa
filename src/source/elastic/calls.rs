//! Every call that Peavey may send to a cluster: reading only, in one table.

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST, for reading calls with a body.
    Post,
    /// DELETE, for closing a point in time.
    Delete,
    /// PUT, for `peavey setup` alone: no call of this table has it.
    Put,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
        }
    }
}

/// A call that reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// Name and version of the engine.
    Root,
    /// Names of indices, aliases and data streams.
    ResolveIndex,
    /// Data streams.
    DataStreams,
    /// Sizes of indices, where the user may monitor them.
    CatIndices,
    /// Mappings of indices.
    Mappings,
    /// Fields of an index pattern.
    FieldCaps,
    /// A search over indices.
    Search,
    /// A search in a point in time, or a page of one.
    SearchInPit,
    /// Opens a point in time (Elasticsearch).
    OpenPit,
    /// Closes it.
    ClosePit,
    /// Opens a point in time (`OpenSearch`).
    OpenPointInTime,
    /// Closes it.
    ClosePointInTime,
    /// Values of a keyword field that begin with a text.
    TermsEnum,
    /// Health of the cluster.
    Health,
    /// Licence.
    License,
    /// Why a shard has no node.
    AllocationExplain,
    /// Settings of the cluster, for the limits of disks.
    ClusterSettings,
    /// Disks and clocks of the nodes.
    NodeStats,
    /// Settings of indices.
    IndexSettings,
    /// One template of indices.
    IndexTemplate,
    /// All templates of indices.
    IndexTemplates,
    /// Who asks (Elasticsearch).
    Authenticate,
    /// Who asks (`OpenSearch`).
    AuthInfo,
    /// What whoever asks may do (Elasticsearch).
    HasPrivileges,
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
    /// Which policies keep and delete indices (`OpenSearch`).
    IsmExplain,
    /// What Logstash did, from its monitoring port.
    LogstashStats,
}

/// The table: call, method, path. `{index}` is the data view's pattern, or a name.
pub const READING: [(Call, Method, &str); 31] = [
    (Call::Root, Method::Get, "/"),
    (Call::ResolveIndex, Method::Get, "/_resolve/index/{index}"),
    (Call::DataStreams, Method::Get, "/_data_stream/{index}"),
    (Call::CatIndices, Method::Get, "/_cat/indices/{index}"),
    (Call::Mappings, Method::Get, "/{index}/_mapping"),
    (Call::FieldCaps, Method::Post, "/{index}/_field_caps"),
    (Call::Search, Method::Post, "/{index}/_search"),
    (Call::SearchInPit, Method::Post, "/_search"),
    (Call::OpenPit, Method::Post, "/{index}/_pit"),
    (Call::ClosePit, Method::Delete, "/_pit"),
    (Call::OpenPointInTime, Method::Post, "/{index}/_search/point_in_time"),
    (Call::ClosePointInTime, Method::Delete, "/_search/point_in_time"),
    (Call::TermsEnum, Method::Post, "/{index}/_terms_enum"),
    (Call::Health, Method::Get, "/_cluster/health"),
    (Call::License, Method::Get, "/_license"),
    (Call::AllocationExplain, Method::Get, "/_cluster/allocation/explain"),
    (Call::ClusterSettings, Method::Get, "/_cluster/settings"),
    (Call::NodeStats, Method::Get, "/_nodes/stats/fs"),
    (Call::IndexSettings, Method::Get, "/{index}/_settings"),
    (Call::IndexTemplate, Method::Get, "/_index_template/{index}"),
    (Call::IndexTemplates, Method::Get, "/_index_template"),
    (Call::Authenticate, Method::Get, "/_security/_authenticate"),
    (Call::AuthInfo, Method::Get, "/_plugins/_security/authinfo"),
    (Call::HasPrivileges, Method::Post, "/_security/user/_has_privileges"),
    (Call::Role, Method::Get, "/_security/role/{index}"),
    (Call::User, Method::Get, "/_security/user/{index}"),
    (Call::OpenSearchRole, Method::Get, "/_plugins/_security/api/roles/{index}"),
    (Call::OpenSearchMapping, Method::Get, "/_plugins/_security/api/rolesmapping/{index}"),
    (Call::OpenSearchUser, Method::Get, "/_plugins/_security/api/internalusers/{index}"),
    (Call::IsmExplain, Method::Get, "/_plugins/_ism/explain/{index}"),
    (Call::LogstashStats, Method::Get, "/_node/stats"),
];

impl Call {
    /// Its method and path.
    #[must_use]
    pub fn route(self, pattern: &str) -> (Method, String) {
        let row = READING.iter().find(|(call, _, _)| *call == self);
        let (_, method, path) = row.unwrap_or(&READING[0]);
        (*method, path.replace("{index}", &escaped(pattern)))
    }
}

/// An index pattern as one path segment: commas, stars, colons and dashes stay as they are.
pub(super) fn escaped(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    for byte in pattern.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.,*:~".contains(&byte) {
            text.push(byte as char);
        } else {
            text.push('%');
            text.extend(
                std::char::from_digit(u32::from(byte >> 4), 16).map(|c| c.to_ascii_uppercase()),
            );
            text.extend(
                std::char::from_digit(u32::from(byte & 15), 16).map(|c| c.to_ascii_uppercase()),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Call, Method, READING};

    #[test]
    fn every_call_stands_in_the_table_once_and_only_reads() {
        for (at, (call, method, path)) in READING.iter().enumerate() {
            assert!(!READING[..at].iter().any(|(other, _, _)| other == call), "{call:?} twice");
            assert_ne!(*method, Method::Put, "{path}");
            let closes = path.ends_with("_pit") || path.ends_with("point_in_time");
            assert!(*method != Method::Delete || closes, "{path}");
            // What a GET asks is only read, and `_has_privileges` takes its question as a body.
            if *method == Method::Get || path.ends_with("_has_privileges") {
                continue;
            }
            for writing in [
                "_doc",
                "_bulk",
                "_update",
                "_delete",
                "_create",
                "_settings",
                "_mapping",
                "_security",
                "_template",
            ] {
                assert!(!path.contains(writing), "{path}");
            }
        }
    }

    #[test]
    fn a_pattern_is_one_segment_of_the_path() {
        assert_eq!(Call::Search.route("eu:logs-*,-old").1, "/eu:logs-*,-old/_search");
        assert_eq!(
            Call::FieldCaps.route("<logs-{now/d}>").1,
            "/%3Clogs-%7Bnow%2Fd%7D%3E/_field_caps"
        );
        assert_eq!(Call::Search.route("../_bulk?x").1, "/..%2F_bulk%3Fx/_search");
    }
}
