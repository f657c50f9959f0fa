//! The default fields for classes: which field is the status of requests, which is the level.

use std::sync::Arc;

use crate::event::Value;
use crate::ingest::format::decoder::RecordMeta;
use crate::ingest::format::file_format::FileFormat;

const STATUS: &[&str] = &["http.response.status_code", "response", "status", "status_code", "code"];
const LEVEL: &[&str] =
    &["log.level", "log_level", "level", "severity", "lvl", "loglevel", "levelname", "Level"];

/// The status field and the level field, by the values of samples.
pub(super) fn fields(file: &Arc<FileFormat>, raw: &[&[u8]]) -> (Option<String>, Option<String>) {
    let names: Vec<&str> = STATUS.iter().chain(LEVEL).copied().collect();
    let mut decoder = file.decoder(&names);
    let mut seen = vec![0_usize; names.len()];
    let mut odd = vec![0_usize; names.len()];
    for line in raw.iter().take(200) {
        let meta = RecordMeta { path: "", offset: 0, base_year: 2024, inherited: None };
        let decoded = decoder.decode(line, &meta);
        for index in 0..names.len() {
            let Some(value) = decoded.value(index) else { continue };
            seen[index] += 1;
            odd[index] += usize::from(index < STATUS.len() && !is_status(value));
        }
    }
    let best = |range: std::ops::Range<usize>| {
        range
            .into_iter()
            .find(|index| seen[*index] > 0 && odd[*index] == 0)
            .map(|index| names[index].to_owned())
    };
    (best(0..STATUS.len()), best(STATUS.len()..names.len()))
}

/// 100 to 599, as a number or digits.
fn is_status(value: Value<'_>) -> bool {
    match value {
        Value::Int(number) => (100..600).contains(&number),
        Value::Text(text) => {
            text.len() == 3 && matches!(text[0], b'1'..=b'5') && text.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
