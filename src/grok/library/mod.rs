//! Named patterns: the built-in ones and those that a configuration adds.
//!
//! In: pattern files (`NAME regex` lines). Out: a name's regular expression. The two built-in
//! sets differ in the names of the fields; the words below them are the same.

use std::sync::{Arc, LazyLock};

use foldhash::HashMap;

const CORE: &str = include_str!("core.pattern");
const LEGACY: &str = include_str!("legacy.pattern");
const ECS: &str = include_str!("ecs.pattern");

/// Which names the fields of the built-in patterns have (Logstash's `ecs_compatibility`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Ecs {
    /// The classic names: `clientip`, `response`.
    Disabled,
    /// The Elastic Common Schema: `[source][address]`, `[http][response][status_code]`.
    V1,
    /// The same as `V1`, Logstash 8's default.
    #[default]
    V8,
}

/// A dictionary of patterns. Cloning shares what is built in.
#[derive(Debug, Clone)]
pub struct Library {
    builtin: &'static HashMap<Box<str>, Box<str>>,
    own: Arc<HashMap<Box<str>, Box<str>>>,
}

impl Library {
    /// The patterns that Peavey knows.
    #[must_use]
    pub fn builtin(ecs: Ecs) -> Self {
        static CLASSIC: LazyLock<HashMap<Box<str>, Box<str>>> =
            LazyLock::new(|| read(&[CORE, LEGACY]));
        static COMMON_SCHEMA: LazyLock<HashMap<Box<str>, Box<str>>> =
            LazyLock::new(|| read(&[CORE, ECS]));
        let builtin = if ecs == Ecs::Disabled { &*CLASSIC } else { &*COMMON_SCHEMA };
        Self { builtin, own: Arc::default() }
    }

    /// Adds or replaces a pattern.
    pub fn add(&mut self, name: &str, regex: &str) {
        Arc::make_mut(&mut self.own).insert(name.into(), regex.into());
    }

    /// Adds the patterns of a pattern file.
    pub fn add_file(&mut self, text: &str) {
        Arc::make_mut(&mut self.own).extend(read(&[text]));
    }

    /// The regular expression of a pattern, references not expanded.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.own.get(name).or_else(|| self.builtin.get(name)).map(|regex| &**regex)
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let shadowed = |name: &&Box<str>| !self.own.contains_key(&***name);
        self.own.keys().chain(self.builtin.keys().filter(shadowed)).map(|name| &**name)
    }

    /// The known name that looks most like `name`, if one is near.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let wanted = name.to_ascii_uppercase();
        let ranked = self.names().map(|known| (distance(known, &wanted), known));
        let (distance, nearest) = ranked.min()?;
        (distance <= 1 + name.len() / 4).then_some(nearest)
    }
}

/// The number of single-byte edits between two names.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn read(files: &[&str]) -> HashMap<Box<str>, Box<str>> {
    let mut patterns = HashMap::default();
    for line in files.iter().flat_map(|file| file.lines()) {
        let line = line.trim_start();
        if line.starts_with('#') {
            continue;
        }
        if let Some((name, regex)) = line.split_once(|c: char| c.is_ascii_whitespace()) {
            patterns.insert(name.into(), regex.trim_start().into());
        }
    }
    patterns
}
