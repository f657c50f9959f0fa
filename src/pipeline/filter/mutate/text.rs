//! Upper case, lower case, stripping, splitting.

use serde_json::Value as Json;

use super::super::super::fields::Field;
use super::super::super::state::State;
use super::Failed;

/// A change of text that needs no options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextChange {
    Uppercase,
    Capitalize,
    Lowercase,
    Strip,
}

impl TextChange {
    fn apply(self, text: &str) -> String {
        match self {
            Self::Uppercase => text.to_uppercase(),
            Self::Lowercase => text.to_lowercase(),
            Self::Capitalize => {
                let mut chars = text.chars();
                let first = chars.next().map(char::to_uppercase);
                first.into_iter().flatten().collect::<String>() + &chars.as_str().to_lowercase()
            }
            Self::Strip => {
                let blank = |c: char| c == '\0' || c == '\u{b}' || c.is_ascii_whitespace();
                text.trim_matches(blank).to_owned()
            }
        }
    }
}

/// Changes a text or the texts of a list.
pub(super) fn run(state: &mut State<'_>, field: &Field, change: TextChange) -> Result<(), Failed> {
    match state.get(field).map(|got| got.json()) {
        Some(Json::String(text)) => {
            let changed = change.apply(&text);
            if changed != text {
                state.set_text(field, changed.as_bytes());
            }
        }
        Some(Json::Array(items)) => {
            let changed: Result<Vec<Json>, Failed> = items
                .into_iter()
                .map(|item| match item {
                    Json::String(text) => Ok(Json::String(change.apply(&text))),
                    _ if change == TextChange::Strip => Err(Failed),
                    other => Ok(other),
                })
                .collect();
            state.set(field, Json::Array(changed?));
        }
        _ => {}
    }
    Ok(())
}

/// Ruby's `split`: blanks apart for `" "`, characters for `""`; trailing empty parts are left out.
pub(super) fn split(whole: &str, separator: &str) -> Json {
    let mut parts: Vec<&str> = match separator {
        " " => whole.split_ascii_whitespace().collect(),
        "" => whole.split("").filter(|part| !part.is_empty()).collect(),
        separator => whole.split(separator).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Json::Array(parts.into_iter().map(|part| Json::String(part.to_owned())).collect())
}
