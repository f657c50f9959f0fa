//! Which field of documents is their time.

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::ingest::format::file_format::TimeField;
use crate::ingest::format::options::DetectOptions;
use crate::ingest::format::schema::leaves;
use crate::ingest::format::stamp::{Clock, TimeFormat};
use crate::time::Zone;

/// The usual names, the most telling first.
const NAMES: &[&str] = &[
    "@timestamp",
    "timestamp",
    "time",
    "ts",
    "date",
    "datetime",
    "eventTime",
    "event_time",
    "asctime",
    "t.$date",
    "t",
    "TimeCreated",
    "TimeGenerated",
    "__REALTIME_TIMESTAMP",
    "_SOURCE_REALTIME_TIMESTAMP",
    "created_at",
    "createdAt",
    "CreationTime",
    "log_time",
    "logged_at",
    "start_time",
    "_time",
];

/// The time fields of documents, the best first: the one that a person named; else the usual names
/// and names with `time` or `date` in them, as far as samples parse.
pub(super) fn find(
    documents: &[Map<String, Json>],
    options: &DetectOptions,
) -> Result<Vec<TimeField>, Diagnostic> {
    let format = options.time_format.as_deref().map(TimeFormat::parse).transpose()?;
    if let Some(name) = &options.time_field {
        return Ok(vec![TimeField::One(name.clone(), format.unwrap_or(TimeFormat::Any))]);
    }
    let format = format.unwrap_or(TimeFormat::Any);
    let mut shares: Vec<(String, usize)> = Vec::new();
    let clock = Clock { zone: Zone::UTC, year: 2024 };
    for document in documents {
        leaves(document, "", &mut |name, value| {
            if rank(name).is_none() || !parses(&format, value, &clock) {
                return;
            }
            match shares.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => shares.push((name.to_owned(), 1)),
            }
        });
    }
    // A name that a tenth of the documents has may serve the others' lack.
    shares.retain(|(_, count)| count * 10 >= documents.len());
    let half = documents.len() / 2;
    shares.sort_by_key(|(name, count)| (*count <= half, rank(name), name.clone()));
    Ok(shares.into_iter().take(3).map(|(name, _)| TimeField::One(name, format.clone())).collect())
}

/// How good a name is for a time; `None` if it is none.
fn rank(name: &str) -> Option<usize> {
    if let Some(place) = NAMES.iter().position(|known| *known == name) {
        return Some(place);
    }
    let leaf = name.rsplit('.').next().unwrap_or(name);
    if let Some(place) = NAMES.iter().position(|known| known.eq_ignore_ascii_case(leaf)) {
        return Some(NAMES.len() + place);
    }
    let lower = leaf.to_ascii_lowercase();
    let telling = (lower.contains("time") || lower.contains("date"))
        && !lower.contains("update")
        && !lower.contains("zone");
    telling.then_some(2 * NAMES.len() + name.matches('.').count())
}

fn parses(format: &TimeFormat, value: &Json, clock: &Clock) -> bool {
    match value {
        Json::String(text) => format.read(text, clock).is_some(),
        Json::Number(number) => {
            number.as_f64().and_then(|number| format.read_number(number)).is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(documents: &[Json], expected: &[&str]) {
        let documents: Vec<_> =
            documents.iter().filter_map(|json| json.as_object().cloned()).collect();
        let found = find(&documents, &DetectOptions::default()).expect("usable");
        let names: Vec<&str> = found
            .iter()
            .map(|time| match time {
                TimeField::One(name, _) | TimeField::Joined(name, _) => name.as_str(),
            })
            .collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn the_first_that_parses() {
        check(&[json!({"ts": 1_420_849_114.2, "time": "soon"})], &["ts"]);
        check(
            &[json!({"date": "2024-05-02", "@timestamp": "2024-05-02T10:00:00Z"})],
            &["@timestamp", "date"],
        );
        check(&[json!({"Invoice Date": "11/24/2015", "Amount": "12"})], &["Invoice Date"]);
        check(&[json!({"t": {"$date": "2024-05-02T10:00:00Z"}})], &["t.$date"]);
        check(&[json!({"duration_time": 5, "n": 1})], &[]);
    }
}
