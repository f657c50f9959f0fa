//! Values for suggestions: bounded by the time range, a short limit, and by a few shards' worth.

use serde_json::{Value as Json, json};

use super::super::error::Error;
use super::super::session::Session;
use crate::query::{FacetValue, Search};

/// Answers values of a field that hold `text`, most frequent first.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn suggest(
    session: &Session,
    search: &Search,
    field: &str,
    text: &str,
    size: usize,
) -> Result<Vec<FacetValue>, Error> {
    let field = session.countable(field);
    let Some(known) = session.view.field(&field).filter(|known| known.aggregatable) else {
        return Ok(Vec::new());
    };
    let mut terms = json!({"field": field, "size": size, "shard_size": size.max(10)});
    if known.kind == "string" && !text.is_empty() {
        terms["include"] = json!(format!(".*{}.*", any_case(text)));
    }
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(0));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert("timeout".to_owned(), json!("1s"));
    body.insert("terminate_after".to_owned(), json!(100_000));
    body.insert("aggs".to_owned(), json!({"top": {"terms": terms}}));
    let answer = session.search(body).await?;
    let buckets = answer
        .aggregations
        .get("top")
        .and_then(|top| top["buckets"].as_array().cloned())
        .unwrap_or_default();
    let values = buckets.iter().filter_map(|bucket| {
        let label = bucket["key_as_string"]
            .as_str()
            .or_else(|| bucket["key"].as_str())
            .map_or_else(|| bucket["key"].to_string(), str::to_owned);
        Some(FacetValue {
            value: Some(bucket["key"].clone()),
            label,
            count: bucket["doc_count"].as_u64()?,
        })
    });
    let lower = text.to_lowercase();
    Ok(values
        .filter(|value| value.label.to_lowercase().contains(&lower))
        .filter(|value| value.value != Some(Json::Null))
        .collect())
}

/// A text as a regular expression of Lucene's that does not tell cases apart.
fn any_case(text: &str) -> String {
    text.chars()
        .map(|c| {
            let (lower, upper): (String, String) =
                (c.to_lowercase().collect(), c.to_uppercase().collect());
            match c {
                c if c.is_alphabetic()
                    && lower != upper
                    && lower.chars().count() == 1
                    && upper.chars().count() == 1 =>
                {
                    format!("[{lower}{upper}]")
                }
                c if c.is_alphanumeric() || c == ' ' => c.to_string(),
                c => format!("\\{c}"),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_is_found_in_any_case_and_taken_literally() {
        assert_eq!(super::any_case("a.B1"), "[aA]\\.[bB]1");
    }
}
