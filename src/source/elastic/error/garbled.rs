//! An answer that cannot be read: what it is instead.

use super::Error;

/// So much of it is shown.
const SHOWN: usize = 60;

/// Why a body is no answer.
pub(in super::super) fn of_body(host: &str, body: &[u8], error: &serde_json::Error) -> Error {
    let host = host.to_owned();
    let begin = String::from_utf8_lossy(&body[..body.len().min(4 * SHOWN)]);
    let begin = begin.trim_start();
    let reason = if begin.is_empty() {
        "it is empty".to_owned()
    } else if !begin.starts_with(['{', '[']) {
        let words: Vec<&str> = begin.split_whitespace().collect();
        let shown: String = words.join(" ").chars().take(SHOWN).collect();
        format!("it is no JSON, but begins with `{shown}`")
    } else if error.is_eof() {
        return Error::Cut { host, reason: format!("it ends after {} bytes", body.len()) };
    } else {
        error.to_string()
    };
    Error::Garbled { host, reason }
}
