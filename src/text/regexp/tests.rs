//! Patterns, what they match, and what is refused.

use proptest::prelude::*;

use super::*;

fn check(pattern: &str, yes: &[&str], no: &[&str]) {
    let regexp = Regexp::compile(pattern, false).unwrap();
    for text in yes {
        assert!(regexp.matches(text), "/{pattern}/ {text:?}");
    }
    for text in no {
        assert!(!regexp.matches(text), "/{pattern}/ {text:?}");
    }
}

#[test]
fn the_whole_text_must_match() {
    check("a.b.*", &["axb", "aébcd"], &["ab", "xaxb"]);
    check("", &[""], &["a"]);
    check("a|bc", &["a", "bc"], &["abc", ""]);
    check("(ab)+c?", &["ab", "ababc"], &["", "abcc"]);
    check("a{2,3}b{0,1}c{1,}", &["aac", "aaabcc"], &["ac", "aaaac", "aab"]);
}

#[test]
fn classes_and_escapes() {
    check("[a-cx][^0-9]", &["ax", "x-"], &["d1", "a5"]);
    check(r"\d+\.\w*", &["1.a_9", "42."], &["a.1", "1x"]);
    check(r#""a.b"c"#, &["a.bc"], &["axbc"]);
    check(r"\[\]", &["[]"], &["a"]);
}

#[test]
fn operators_of_lucene() {
    check("~(error.*)", &["warn", "", "terror"], &["error", "errors"]);
    check("a.*&.*z", &["az", "abz"], &["a", "z"]);
    check("@b@", &["b", "abc"], &["ac"]);
    check("a#|c", &["c"], &["a"]);
    check("x<9-11>", &["x9", "x10", "x011"], &["x8", "x12"]);
    check("<01-12>", &["01", "12"], &["1", "13"]);
    check("()", &[""], &["x"]);
}

#[test]
fn case_can_be_left_aside() {
    let regexp = Regexp::compile("ér.+", true).unwrap();
    assert!(regexp.matches("ÉRx"));
}

#[test]
fn broken_patterns_are_refused() {
    for pattern in ["(a", "a)", "[a", "a{3,1}", "a{x}", "*", "\\", "\"a", "<1-", "a{5000}"] {
        let broken = Regexp::compile(pattern, false);
        assert!(broken.is_err() || pattern == "*", "/{pattern}/");
    }
    assert!(Regexp::compile(&"(".repeat(10_000), false).is_err());
    assert_eq!(Regexp::compile("(a|b)*a(a|b){30}", false).err(), Some(Error::TooComplex));
}

proptest! {
    #[test]
    fn it_agrees_with_the_regex_crate(pattern in "[ab]([ab.][*+?]?|\\|[ab]|\\(a\\|b\\)\\*){0,6}", text in "[abc]{0,8}") {
        let Ok(ours) = Regexp::compile(&pattern, false) else { return Ok(()) };
        let Ok(theirs) = regex::Regex::new(&format!("^(?s:{pattern})$")) else { return Ok(()) };
        prop_assert_eq!(ours.matches(&text), theirs.is_match(&text), "/{}/", pattern);
    }

    #[test]
    fn no_pattern_panics(pattern in "[ab(){}\\[\\]<>&~@#|*+?.,0-9\\\\\"^-]{0,20}", text in ".{0,10}") {
        if let Ok(regexp) = Regexp::compile(&pattern, false) {
            let _ = regexp.matches(&text);
        }
    }
}
