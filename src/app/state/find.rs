//! Find: a regular expression that is looked for in all hits and marked in those on the screen.

use regex::{Regex, RegexBuilder};

use super::prompt::Prompt;
use crate::query::Direction;

/// The find box and what was last found.
#[derive(Debug, Clone)]
pub struct Find {
    /// What is typed.
    pub prompt: Prompt,
    /// Which way `n` goes.
    pub direction: Direction,
    /// What is looked for (with the letter case rule in it), once Enter was pressed.
    pub pattern: Option<Regex>,
    /// The last pattern, shown dim while nothing is typed; Enter repeats it.
    pub recalled: Option<String>,
    /// Why the typed pattern is none.
    pub error: Option<String>,
    /// Whether a search is under way.
    pub searching: bool,
    /// Whether the search began again at the other end.
    pub wrapped: bool,
}

impl Default for Find {
    fn default() -> Self {
        Self {
            prompt: Prompt::default(),
            direction: Direction::After,
            pattern: None,
            recalled: None,
            error: None,
            searching: false,
            wrapped: false,
        }
    }
}

impl Find {
    /// Compiles a typed pattern. Letter case counts only if the pattern holds a capital letter.
    ///
    /// # Errors
    /// The reason in one line.
    pub fn compile(text: &str) -> Result<Regex, String> {
        let sensitive = has_capital(text);
        let built =
            RegexBuilder::new(text).case_insensitive(!sensitive).size_limit(1 << 20).build();
        built.map_err(|error| {
            let text = error.to_string();
            let reason = text.lines().next_back().unwrap_or("not a regular expression");
            reason.trim_start_matches("error: ").to_owned()
        })
    }

    /// The pattern as a source is asked for it: with the letter case rule written out.
    #[must_use]
    pub fn wire(pattern: &Regex) -> String {
        let text = pattern.as_str();
        if has_capital(text) { text.to_owned() } else { format!("(?i){text}") }
    }
}

/// Whether a pattern holds a capital letter that is no escape (`\S`, `\W`).
fn has_capital(text: &str) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let capital = c.is_uppercase() && !escaped;
        escaped = c == '\\' && !escaped;
        capital
    })
}

#[cfg(test)]
mod tests {
    use super::Find;

    #[test]
    fn capital_letters_decide_about_letter_case() {
        let check = |pattern: &str, text: &str, found: bool| {
            let regex = Find::compile(pattern).expect("a pattern");
            assert_eq!(regex.is_match(text), found, "{pattern} in {text}");
            let wire = regex::Regex::new(&Find::wire(&regex)).expect("a pattern");
            assert_eq!(wire.is_match(text), found, "{pattern} on the wire");
        };
        check("timeout", "TIMEOUT", true);
        check("Timeout", "TIMEOUT", false);
        check(r"\S+timeout", "xTimeOut", true);
        check("50[0-9]", "status 502", true);
    }

    #[test]
    fn a_wrong_pattern_says_why() {
        assert_eq!(Find::compile("(a").err().as_deref(), Some("unclosed group"));
    }
}
