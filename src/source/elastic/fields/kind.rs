//! Elasticsearch's types in Kibana's words.

/// What Kibana calls an Elasticsearch type.
#[must_use]
pub fn kibana_type(kind: &str) -> &'static str {
    match kind {
        "text" | "keyword" | "wildcard" | "constant_keyword" | "counted_keyword" | "version"
        | "match_only_text" | "_id" | "_index" | "_ignored" | "search_as_you_type"
        | "annotated_text" | "ip_prefix" | "pattern_text" => "string",
        "long"
        | "integer"
        | "short"
        | "byte"
        | "double"
        | "float"
        | "half_float"
        | "scaled_float"
        | "unsigned_long"
        | "token_count"
        | "aggregate_metric_double" => "number",
        "date" | "date_nanos" => "date",
        "boolean" => "boolean",
        "ip" => "ip",
        "geo_point" => "geo_point",
        "geo_shape" => "geo_shape",
        "nested" => "nested",
        "object" | "flattened" | "flat_object" => "object",
        "histogram" => "histogram",
        "integer_range" | "long_range" | "float_range" | "double_range" => "number_range",
        "date_range" => "date_range",
        "ip_range" => "ip_range",
        "binary" => "attachment",
        "_source" => "_source",
        _ => "unknown",
    }
}
