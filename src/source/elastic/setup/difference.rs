//! Where what is there differs from what is wanted.
//!
//! Engines give things back in other words (`"1"` for 1, nested settings for dotted ones, defaults
//! that nobody wrote), so both sides are brought to paths and texts first.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// One place that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// What is there.
    pub there: Option<String>,
    /// What is wanted.
    pub wanted: Option<String>,
}

/// Paths and texts.
pub(super) type Leaves = BTreeMap<String, String>;

/// All leaves of a value; lists are one leaf, of which the order does not count.
pub(super) fn leaves(prefix: &str, value: &Json, into: &mut Leaves) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let path =
                    if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                leaves(&path, value, into);
            }
        }
        Json::Array(items) if items.iter().all(|item| !item.is_object()) => {
            let mut texts: Vec<String> = items.iter().map(text).collect();
            texts.sort_unstable();
            into.insert(prefix.to_owned(), texts.join(", "));
        }
        Json::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(&format!("{prefix}.{at}"), item, into);
            }
        }
        Json::Null => {}
        other => {
            into.insert(prefix.to_owned(), text(other));
        }
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Where two differ, by path.
pub(super) fn between(there: &Leaves, wanted: &Leaves) -> Vec<Difference> {
    let paths: std::collections::BTreeSet<&String> = there.keys().chain(wanted.keys()).collect();
    let differs = paths.into_iter().filter(|path| there.get(*path) != wanted.get(*path));
    differs
        .map(|path| Difference {
            path: path.clone(),
            there: there.get(path).cloned(),
            wanted: wanted.get(path).cloned(),
        })
        .collect()
}
