//! The keymap: which keys run which action where. Data, from a commented file that is compiled in
//! and the user's file merged over it; help and the last line are made from it.

use super::finding::Finding;
use super::key::Key;
use super::read::{Reader, Value};
use crate::diagnostic::{Diagnostic, nearest};

/// The keys that are compiled in, with comments: the documentation of the format.
pub const DEFAULT: &str = include_str!("keymap.toml");

/// One row of the keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The keys, one after the other.
    pub on: Vec<Key>,
    /// The name of an action.
    pub run: String,
    /// A word or two; empty where the action's own title serves.
    pub desc: String,
    /// Where it holds.
    pub when: String,
    /// Its place in the last line; `None` is not shown there.
    pub hint: Option<u8>,
}

impl Binding {
    /// The keys as the screen shows them: `gg`, `^R`, `Enter`.
    #[must_use]
    pub fn keys(&self) -> String {
        self.on.iter().map(Key::to_string).collect()
    }
}

/// What a sequence of keys means somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning<'a> {
    /// It runs an action.
    Runs(&'a Binding),
    /// It begins longer sequences.
    Begins,
    /// Nothing.
    Unknown,
}

/// All rows; later rows win over earlier ones with the same keys and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// Places where a row can hold.
const PLACES: [&str; 18] = [
    "table",
    "fields",
    "histogram",
    "pills",
    "main",
    "document",
    "surroundings",
    "inspect",
    "reader",
    "global",
    "query",
    "find",
    "search",
    "time",
    "pill",
    "picker",
    "ask",
    "typing",
];

impl Keymap {
    /// The compiled-in keys with a user's file (its name and text) merged over them. What is wrong
    /// in the user's file is told and left out; `actions` are the names that exist.
    #[must_use]
    pub fn load(user: Option<(&str, &str)>, actions: &[&str]) -> (Self, Vec<Finding>) {
        let mut keymap = Self { bindings: Vec::new() };
        let mut findings = keymap.merge("keymap.toml", DEFAULT, actions);
        debug_assert!(findings.is_empty(), "the compiled-in keymap is whole: {findings:?}");
        if let Some((file, text)) = user {
            findings.extend(keymap.merge(file, text, actions));
        }
        (keymap, findings)
    }

    fn merge(&mut self, file: &str, text: &str, actions: &[&str]) -> Vec<Finding> {
        let mut reader = Reader::new(file, text);
        let mut root = reader.root();
        if let Some(rows) = root.take("key") {
            for row in reader.list("key", rows) {
                let span = row.span();
                match read_row(&mut reader, row, actions) {
                    Ok(binding) => self.put(binding),
                    Err(finding) => reader.report(Some(span), finding),
                }
            }
        }
        reader.unknown(root, &["key"]);
        reader.finish()
    }

    fn put(&mut self, binding: Binding) {
        let same = |old: &Binding| old.on == binding.on && old.when == binding.when;
        if let Some(old) = self.bindings.iter_mut().find(|old| same(old)) {
            *old = binding;
        } else {
            self.bindings.push(binding);
        }
    }

    /// What `keys` mean in the first of `places` that knows them.
    #[must_use]
    pub fn meaning(&self, keys: &[Key], places: &[&str]) -> Meaning<'_> {
        let mut begins = false;
        for place in places {
            let here = self.bindings.iter().filter(|binding| binding.when == *place);
            for binding in here {
                if binding.on == keys {
                    let removed = binding.run.is_empty();
                    return if removed { Meaning::Unknown } else { Meaning::Runs(binding) };
                }
                begins |= binding.on.starts_with(keys);
            }
        }
        if begins { Meaning::Begins } else { Meaning::Unknown }
    }

    /// The rows that hold in one of `places` and are not hidden by the same keys in an earlier
    /// one, in the order of places.
    #[must_use]
    pub fn rows(&self, places: &[&str]) -> Vec<&Binding> {
        let mut rows: Vec<&Binding> = Vec::new();
        for place in places {
            for binding in self.bindings.iter().filter(|binding| binding.when == *place) {
                if !rows.iter().any(|row| row.on == binding.on) {
                    rows.push(binding);
                }
            }
        }
        rows.retain(|row| !row.run.is_empty());
        rows
    }

    /// The keys of an action somewhere, as shown; the first row wins.
    #[must_use]
    pub fn keys_of(&self, action: &str) -> Option<String> {
        let binding = self.bindings.iter().find(|binding| binding.run == action)?;
        Some(binding.keys())
    }
}

/// Reads one row.
fn read_row<'t>(
    reader: &mut Reader<'t>,
    row: Value<'t>,
    actions: &[&str],
) -> Result<Binding, Diagnostic> {
    let mut row = reader.table("key", row);
    let mut text = |reader: &mut Reader<'t>, name: &str| {
        row.take(name).and_then(|value| reader.string(name, value))
    };
    let (on, run) = (text(reader, "on"), text(reader, "run"));
    let when = text(reader, "when").unwrap_or_else(|| "main".to_owned());
    let desc = text(reader, "desc").unwrap_or_default();
    let hint = row.take("hint").and_then(|value| reader.integer("hint", value));
    reader.unknown(row, &["on", "run", "when", "desc", "hint"]);
    let (Some(on), Some(run)) = (on, run) else {
        return Err(Diagnostic::warning("a key needs `on` and `run`"));
    };
    let on = Key::sequence(&on).map_err(|error| Diagnostic::warning(error.to_string()))?;
    if on.is_empty() {
        return Err(Diagnostic::warning("`on` names no key"));
    }
    if !run.is_empty() {
        known("action", &run, actions)?;
    }
    known("place", &when, &PLACES)?;
    let hint = hint.and_then(|place| u8::try_from(place).ok());
    Ok(Binding { on, run, desc, when, hint })
}

fn known(what: &str, name: &str, all: &[&str]) -> Result<(), Diagnostic> {
    if all.contains(&name) {
        return Ok(());
    }
    let finding = Diagnostic::warning(format!("unknown {what} `{name}`"));
    Err(match nearest(name, all.iter().copied()) {
        Some(near) => finding.hint(format!("did you mean `{near}`?")),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::{Keymap, Meaning};
    use crate::config::Key;

    const ACTIONS: [&str; 3] = ["top", "down", "help"];

    fn merged(user: &str) -> (Keymap, Vec<String>) {
        let mut keymap = Keymap { bindings: Vec::new() };
        let base =
            r#"key = [{ on = "gg", run = "top", when = "global" }, { on = "j", run = "down" }]"#;
        assert_eq!(keymap.merge("base.toml", base, &ACTIONS), []);
        let findings = keymap.merge("keys.toml", user, &ACTIONS);
        (keymap, findings.iter().map(ToString::to_string).collect())
    }

    fn meaning(keymap: &Keymap, keys: &str) -> String {
        let keys = Key::sequence(keys).expect("keys");
        match keymap.meaning(&keys, &["main", "global"]) {
            Meaning::Runs(binding) => binding.run.clone(),
            Meaning::Begins => "...".to_owned(),
            Meaning::Unknown => String::new(),
        }
    }

    #[test]
    fn a_sequence_begins_and_runs() {
        let (keymap, _) = merged("key = []");
        assert_eq!(meaning(&keymap, "g"), "...");
        assert_eq!(meaning(&keymap, "gg"), "top");
        assert_eq!(meaning(&keymap, "gx"), "");
        assert_eq!(keymap.keys_of("top").as_deref(), Some("gg"));
    }

    #[test]
    fn the_users_rows_replace_add_and_take_away() {
        let user = r#"key = [{ on = "j", run = "help" }, { on = "g", run = "", when = "main" },
            { on = "x", run = "down" }]"#;
        let (keymap, findings) = merged(user);
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!(meaning(&keymap, "j"), "help");
        assert_eq!(meaning(&keymap, "x"), "down");
        assert_eq!(meaning(&keymap, "g"), "");
    }

    #[test]
    fn mistakes_are_told_and_the_rest_is_kept() {
        let user = r#"key = [{ on = "<Entre>", run = "top" }, { on = "a", run = "hlep" },
            { on = "b", run = "top", when = "tabel" }, { on = "x", run = "down" }]"#;
        let (keymap, findings) = merged(user);
        assert_eq!(
            findings,
            [
                "keys.toml:1: unknown key `<Entre>`",
                "keys.toml:1: unknown action `hlep` (did you mean `help`?)",
                "keys.toml:2: unknown place `tabel` (did you mean `table`?)",
            ]
        );
        assert_eq!(meaning(&keymap, "x"), "down");
        let (_, findings) = merged("key = [{ on = 3, run = 'top', whne = 'table' }]");
        assert_eq!(findings.len(), 3, "{findings:?}");
    }
}
