//! Changes one value of a profile's text and leaves the rest as the person wrote it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text with `key = value` in `table` (the root where it is empty); `value` is TOML.
pub(super) fn set(text: &str, table: &str, key: &str, value: &str) -> String {
    let (root, _) = DeTable::parse_recoverable(text);
    let root_table = root.get_ref();
    let inner = match table {
        "" => Some(root_table),
        name => match root_table.get(name).map(Spanned::get_ref) {
            Some(DeValue::Table(inner)) => Some(inner),
            _ => None,
        },
    };
    let other = key.replace('-', "_");
    let old = inner.and_then(|inner| inner.get(key).or_else(|| inner.get(other.as_str())));
    if let Some(old) = old {
        let span = old.span();
        let before = text.get(..span.start).unwrap_or_default();
        let after = text.get(span.end..).unwrap_or_default();
        return format!("{before}{value}{after}");
    }
    let line = format!("{key} = {value}\n");
    if table.is_empty() {
        return format!("{line}{text}");
    }
    let head = format!("[{table}]");
    let mut at = 0;
    for written in text.split_inclusive('\n') {
        at += written.len();
        if written.trim() == head {
            let break_before = if written.ends_with('\n') { "" } else { "\n" };
            return format!("{}{break_before}{line}{}", &text[..at], &text[at..]);
        }
    }
    let break_before = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{break_before}\n{head}\n{line}")
}
