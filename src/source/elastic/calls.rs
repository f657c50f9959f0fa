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
}

/// The table: call, method, path. `{index}` is the data view's pattern.
pub const READING: [(Call, Method, &str); 13] = [
    (Call::Root, Method::Get, "/"),
    (Call::ResolveIndex, Method::Get, "/_resolve/index/{index}"),
    (Call::DataStreams, Method::Get, "/_data_stream/{index}"),
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
fn escaped(pattern: &str) -> String {
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
            let closes = path.ends_with("_pit") || path.ends_with("point_in_time");
            assert!(*method != Method::Delete || closes, "{path}");
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
