//! `{"q", "fields", "config"?}` to `{"ast", "dsl"}`, or `{"error", "errorOffset"}`.

use serde_json::{Value as Json, json};

use super::text;
use super::views::{Views, settings};
use crate::query::kql::{self, Options};
use crate::query::{dsl, lower};

pub(super) fn answer(case: &Json, views: &Views) -> Json {
    let config = settings(case, true);
    let options = Options { leading_wildcards: config.allow_leading_wildcards, plus: false };
    let ast = match kql::parse_with(text(case, "q"), options) {
        Ok(ast) => ast,
        Err(error) => {
            return json!({"error": error.to_string(), "errorOffset": error.offset_utf16});
        }
    };
    match lower::kql(&ast, views.of(case), &config) {
        Ok(clause) => json!({"ast": ast.to_json(), "dsl": dsl::to_json(&clause)}),
        Err(error) => json!({"ast": ast.to_json(), "error": error.to_string()}),
    }
}
