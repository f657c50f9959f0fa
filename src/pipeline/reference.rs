//! Field references: `message`, `[http][response][status_code]`.

use std::fmt;

/// A place in an event: the names on the way from the top.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(Vec<Box<str>>);

impl Reference {
    /// Reads a reference; without brackets the whole text is one name.
    ///
    /// `None` where brackets do not pair up or hold nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if !text.contains(['[', ']']) {
            return Some(Self(vec![text.into()]));
        }
        // `[[a][b]]` is `[a][b]`.
        let inner = text.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]"));
        if let Some(inner) = inner
            && inner.contains("][")
        {
            return Self::parse(&format!("[{inner}]"));
        }
        let mut segments = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let inside = rest.strip_prefix('[')?;
            let end = inside.find(['[', ']'])?;
            if end == 0 || !inside[end..].starts_with(']') {
                return None;
            }
            segments.push(inside[..end].into());
            rest = &inside[end + 1..];
        }
        Some(Self(segments))
    }

    /// A reference of these names.
    pub(super) fn of(segments: Vec<Box<str>>) -> Self {
        Self(segments)
    }

    /// The names on the way.
    #[must_use]
    pub fn segments(&self) -> &[Box<str>] {
        &self.0
    }

    /// The names joined by dots, as slots are named.
    #[must_use]
    pub fn dotted(&self) -> String {
        self.0.join(".")
    }

    /// The dotted name up to the first segment that counts elements of an array.
    pub(super) fn stem(&self) -> String {
        let is_index = |name: &str| name.parse::<i64>().is_ok();
        let len = self.0.iter().skip(1).take_while(|name| !is_index(name)).count() + 1;
        self.0[..len].join(".")
    }

    /// Whether a segment counts elements of an array.
    pub(super) fn is_indexed(&self) -> bool {
        self.0.iter().skip(1).any(|name| name.parse::<i64>().is_ok())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dotted())
    }
}

/// Whether the fields of two dotted names share anything: one is the other, or holds it.
pub(super) fn overlap(a: &str, b: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    holds(a, b) || holds(b, a)
}

#[cfg(test)]
mod tests {
    use super::{Reference, overlap};

    #[track_caller]
    fn check(text: &str, dotted: Option<&str>) {
        assert_eq!(Reference::parse(text).map(|found| found.dotted()).as_deref(), dotted);
    }

    #[test]
    fn brackets_nest_and_must_pair() {
        check("message", Some("message"));
        check("a.b c", Some("a.b c"));
        check("[a][b]", Some("a.b"));
        check("[[a][b]]", Some("a.b"));
        check("[a]b", None);
        check("a[b]", None);
        check("[a][]", None);
        check("[a", None);
        check("", None);
    }

    #[test]
    fn fields_overlap_with_what_holds_them() {
        assert!(overlap("a", "a.b") && overlap("a.b", "a") && overlap("a", "a"));
        assert!(!overlap("a", "ab") && !overlap("a.b", "a.c"));
    }
}
