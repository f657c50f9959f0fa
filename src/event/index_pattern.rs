//! Index patterns as Elasticsearch reads them: `logs-*-pt,metrics,-logs-old-*`.

/// A pattern over names of indices.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexPattern {
    parts: Vec<(bool, String)>,
}

impl IndexPattern {
    /// Reads a pattern; there is no wrong one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let mut read: Vec<(bool, String)> = Vec::new();
        for part in parts {
            // A name cannot begin with a dash, but only what comes after another part is taken away.
            match part.strip_prefix('-').filter(|_| !read.is_empty()) {
                Some(rest) => read.push((false, rest.to_owned())),
                None => read.push((true, part.to_owned())),
            }
        }
        Self { parts: read }
    }

    /// Whether it is one name without anything that stands for more.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match self.parts.as_slice() {
            [(_, name)] => !name.contains(['*', '<', ':']),
            parts => parts.is_empty(),
        }
    }

    /// Whether a name is matched: the last part that fits decides.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let fitting = self.parts.iter().rev().find(|(_, part)| fits(part, name));
        fitting.is_some_and(|(wanted, _)| *wanted)
    }
}

/// Whether a whole name fits a part with stars. Stars do not reach into other clusters.
fn fits(part: &str, name: &str) -> bool {
    match (part.split_once(':'), name.split_once(':')) {
        (Some((of, part)), Some((cluster, name))) => glob(of, cluster) && glob(part, name),
        (None, None) => glob(part, name),
        _ => false,
    }
}

fn glob(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::IndexPattern;

    fn check(pattern: &str, names: &[&str], expected: &[&str]) {
        let pattern = IndexPattern::parse(pattern);
        let found: Vec<&str> = names.iter().copied().filter(|name| pattern.matches(name)).collect();
        assert_eq!(found, expected, "{pattern:?}");
    }

    #[test]
    fn stars_commas_and_exclusions_are_read_as_the_engines_do() {
        let names = ["logs-app-pt", "logs-nginx-pt", "logs-nginx-old", "metrics", "eu:logs-app-pt"];
        check("logs-*", &names, &names[..3]);
        check("logs-*-pt", &names, &names[..2]);
        check("*", &names, &names[..4]);
        check("*nginx*,metrics", &names, &names[1..4]);
        check("logs-*,-*nginx*", &names, &names[..1]);
        check("logs-*,-*nginx*,logs-nginx-old", &names, &["logs-app-pt", "logs-nginx-old"]);
        check("-metrics", &names, &[]);
        check("eu:logs-*", &names, &names[4..]);
        check("*:*", &names, &names[4..]);
        check("", &names, &[]);
        check("a*a", &["a", "aa", "aba"], &["aa", "aba"]);
    }

    #[test]
    fn a_plain_name_stands_for_itself() {
        for (text, expected) in
            [("logs", true), ("", true), ("a,b", false), ("a*", false), ("<a-{now/d}>", false)]
        {
            assert_eq!(IndexPattern::parse(text).is_plain(), expected, "{text}");
        }
    }
}
