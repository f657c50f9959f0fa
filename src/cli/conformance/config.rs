//! `peavey conformance config`: does a Logstash configuration parse?

use serde_json::{Value as Json, json};

use crate::pipeline::{Config, Escapes};

/// Answers `{config, support_escapes?}` with `{parses}`.
pub(super) fn answer(case: &Json) -> Json {
    let text = case["config"].as_str().unwrap_or_default();
    match Config::parse_with(text, escapes(case)) {
        Ok(_) => json!({ "parses": true }),
        Err(findings) => {
            let error = findings.first().map(ToString::to_string);
            json!({ "parses": false, "error": error })
        }
    }
}

/// How the case wants strings to be read.
pub(super) fn escapes(case: &Json) -> Escapes {
    if case["support_escapes"] == true { Escapes::Processed } else { Escapes::Raw }
}
