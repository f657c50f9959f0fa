//! What people often mean who write what KQL refuses.

use crate::diagnostic::Diagnostic;

/// A hint, and perhaps a text that would work.
pub(super) struct Hint {
    reason: &'static str,
    replacement: Option<String>,
}

impl Hint {
    pub(super) fn add_to(self, diagnostic: Diagnostic) -> Diagnostic {
        let hinted = diagnostic.hint(self.reason);
        match self.replacement {
            Some(text) => hinted.replace_with(text),
            None => hinted,
        }
    }

    fn new(reason: &'static str, replacement: Option<String>) -> Self {
        // A proposal that is wrong itself helps nobody.
        let replacement = replacement.filter(|text| super::parse(text).is_ok());
        Self { reason, replacement }
    }
}

/// The hint for a text that is wrong at a byte.
pub(super) fn for_text(text: &str, offset: usize) -> Option<Hint> {
    let (before, rest) = (text.get(..offset)?, text.get(offset..)?);
    if text.len() > 2000 {
        return None;
    }
    if rest.starts_with(['<', '>']) && before.trim_end().ends_with(':') {
        let name = before.trim_end().trim_end_matches(':');
        return Some(Hint::new("KQL compares without a colon", Some(format!("{name} {rest}"))));
    }
    if rest.starts_with(':') {
        return Some(Hint::new(
            "a colon inside a value is quoted or escaped",
            quoted_value(text, offset),
        ));
    }
    if rest.starts_with('"') && text[offset + 1..].matches('"').count() == 0 {
        return Some(Hint::new("the quote is not closed", Some(format!("{text}\""))));
    }
    if rest.is_empty() {
        return for_end(text);
    }
    if rest.starts_with(['{', '}']) {
        return Some(Hint::new("braces group nested fields; quote a value that has them", None));
    }
    if let Some(after) = rest.strip_prefix(')') {
        return Some(Hint::new("the bracket closes nothing", Some(format!("{before}{after}"))));
    }
    if rest.starts_with('(') {
        return Some(Hint::new("put and, or or not and a space before the bracket", None));
    }
    if rest.starts_with('\\') {
        return Some(Hint::new("a backslash is written twice", Some(format!("{before}\\{rest}"))));
    }
    if rest.get(..3).is_some_and(|word| word.eq_ignore_ascii_case("not")) {
        return Some(Hint::new("put and or or before not", Some(format!("{before}and {rest}"))));
    }
    None
}

/// What is missing at the end.
fn for_end(text: &str) -> Option<Hint> {
    let unclosed = text.matches('(').count().saturating_sub(text.matches(')').count());
    if unclosed > 0 {
        return Some(Hint::new(
            "a bracket is not closed",
            Some(format!("{}{}", whole_part(text), ")".repeat(unclosed))),
        ));
    }
    let unclosed = text.matches('{').count().saturating_sub(text.matches('}').count());
    if unclosed > 0 {
        return Some(Hint::new(
            "a brace is not closed",
            Some(format!("{text}{}", " }".repeat(unclosed))),
        ));
    }
    if text.trim_end().ends_with(':') {
        return Some(Hint::new("a value is missing; * stands for any", Some(format!("{text} *"))));
    }
    None
}

/// The text without a last `and`, `or` or `not` that waits for more, which would be a word of the
/// value if a bracket were closed behind it.
fn whole_part(text: &str) -> &str {
    let mut whole = text.trim_end();
    for _ in 0..2 {
        let gap = whole.char_indices().rfind(|(_, c)| c.is_whitespace() || *c == '(');
        let word = gap.map_or(0, |(at, c)| at + c.len_utf8());
        let is_joint = |joint: &&str| whole[word..].eq_ignore_ascii_case(joint);
        if word > 0 && ["and", "or", "not"].iter().any(is_joint) {
            whole = whole[..word].trim_end();
        }
    }
    whole
}

/// The text with the word around a second colon in quotes.
fn quoted_value(text: &str, offset: usize) -> Option<String> {
    let before = text.get(..offset)?;
    let is_break = |c: char| c.is_whitespace() || c == ':' || c == '(';
    let (at, first) = before.char_indices().rfind(|(_, c)| is_break(*c))?;
    let word_start = at + first.len_utf8();
    let length = text[offset..].find(|c: char| c.is_whitespace() || c == ')');
    let word_end = length.map_or(text.len(), |length| offset + length);
    let word = &text[word_start..word_end];
    let is_simple = !word.contains(['"', '\\', '*', '{', '}', '<', '>']);
    is_simple.then(|| format!("{}\"{word}\"{}", &text[..word_start], &text[word_end..]))
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    fn check(text: &str, expected: Option<&str>) {
        let replacement = parse(text).unwrap_err().to_diagnostic().replacement;
        assert_eq!(replacement.as_deref(), expected, "{text}");
    }

    #[test]
    fn a_bracket_is_closed_behind_the_last_whole_value() {
        check("response: (404", Some("response: (404)"));
        check("response: (404 or", Some("response: (404)"));
        check("response: (404 or not ", Some("response: (404)"));
        check("(a: 1 and (b: 2 OR ", Some("(a: 1 and (b: 2))"));
        check("response: (not", None);
        check("floor: (actor", Some("floor: (actor)"));
    }
}
