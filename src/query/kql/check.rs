//! What holds for every text, as a function: the fuzz target's, and a stable test's over a corpus.

use super::{Options, caret, expected, parse_with};
use crate::query::{QueryConfig, lower, suggest};

/// Longest text whose every place is tried as the caret's.
const SHORT: usize = 200;

/// Reads a text in every way.
///
/// # Panics
/// If two readings disagree. That is what it is for; nothing else calls it.
#[doc(hidden)]
pub fn check(text: &str) {
    for (leading_wildcards, plus) in [(true, false), (false, false), (true, true)] {
        let options = Options { leading_wildcards, plus };
        match parse_with(text, options) {
            Ok(ast) => {
                assert_eq!(parse_with(&ast.to_string(), options).as_ref(), Ok(&ast));
                let _ = lower::kql(&ast, None, &QueryConfig::default());
            }
            Err(error) => {
                assert!(text.is_char_boundary(error.offset) && !error.to_string().is_empty());
                let _ = error.to_diagnostic();
            }
        }
    }
    let accepted = parse_with(text, Options::default()).is_ok();
    assert_eq!(accepted, expected::accepts(text), "the rules and the grammar disagree");
    let places = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    for byte in places.take(SHORT) {
        if let Some(found) = caret::at(text, byte) {
            assert_eq!(text.get(found.span), Some(found.text.as_str()));
        }
        let _ = suggest::at(text, byte);
    }
}
