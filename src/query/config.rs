//! Settings that change what a query means: Kibana's, and Peavey's one of its own.

use serde_json::{Map, Value as Json};

/// Settings of lowering. The default is Kibana's application with its own defaults.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryConfig {
    /// Adds `case_insensitive` to every `term` and `wildcard`.
    pub case_insensitive: Option<bool>,
    /// The zone of dates without one (`dateFormat:tz`): a name, an offset, or `Browser`.
    pub date_format_tz: Option<String>,
    /// Adds `ignore_unmapped` to every `nested`.
    pub nested_ignore_unmapped: Option<bool>,
    /// Writes `must` where `filter` would stand.
    pub filters_in_must_clause: bool,
    /// Values of KQL may begin with a star.
    pub allow_leading_wildcards: bool,
    /// Leaves out pills on fields that the data view does not have.
    pub ignore_filter_if_field_not_in_index: bool,
    /// Options of every `query_string` that comes from the query bar.
    pub query_string_options: Map<String, Json>,
    /// Peavey's extensions of KQL: `field: /regex/`, sizes and durations in comparisons.
    pub kql_plus: bool,
    /// Levels that a query may have. Elasticsearch itself takes 30 by default; what is deeper than
    /// this needs a thread with a large stack.
    pub deepest: usize,
}

impl Default for QueryConfig {
    fn default() -> Self {
        let analyze = ("analyze_wildcard".to_owned(), Json::from(true));
        Self {
            case_insensitive: None,
            date_format_tz: None,
            nested_ignore_unmapped: None,
            filters_in_must_clause: false,
            allow_leading_wildcards: true,
            ignore_filter_if_field_not_in_index: false,
            query_string_options: Map::from_iter([analyze]),
            kql_plus: false,
            deepest: 250,
        }
    }
}

impl QueryConfig {
    /// The zone to write into a query; `Browser` is the machine's.
    #[must_use]
    pub fn time_zone(&self) -> Option<String> {
        match self.date_format_tz.as_deref()? {
            "" => None,
            "Browser" => Some(crate::time::Zone::local().to_string()),
            zone => Some(zone.to_owned()),
        }
    }
}
