//! Trees, texts and errors, through one door each.

use super::*;

/// The tree as text, or the error.
fn check(text: &str, expect: &str) {
    let got = parse(text).map_or_else(|error| error.to_string(), |ast| format!("{ast:?}"));
    assert!(got.contains(expect) || expect == got, "{text:?}\n got {got}\n not {expect}");
}

fn check_format(text: &str, expect: &str) {
    let ast = parse(text).unwrap();
    let written = ast.to_string();
    assert_eq!(written, expect, "{text:?}");
    assert_eq!(parse(&written).unwrap(), ast, "{text:?} -> {written:?}");
}

#[test]
fn what_is_written_parses_to_the_same() {
    check_format("", "*: *");
    check_format("a and (b and c) or not (not d)", "a and (b and c) or not (not d)");
    check_format("k:(a or not b)", "k: a or not k: b");
    check_format("a:{ b > 5 and c:* }", "a: { b > 5 and c: * }");
    check_format(r#""C:\\x" or c\:\*"#, r#""C:\\x" or c\:\*"#);
    check_format(r"a \or b", r"a \or b");
    check_format(r"\u006eot x", r"\u006eot x");
    check_format(r"\u0020", r"\u0020");
    check_format("k:(not)", r"k: \u006eot");
    check_format("null", "null");
    check_format("k: /a/", r"k: \u002fa/");
    check_format("k: /a/b", "k: /a/b");
}

#[test]
fn errors_are_kibanas() {
    check(
        "response:",
        "Expected \"(\", \"{\", value, whitespace but end of input found.\nresponse:\n---------^",
    );
    check("a or ", "Expected \"(\", NOT, field name, value but end of input found.\na or \n-----^");
    check("k:(200 or )", "Expected \"(\", NOT, value but \")\" found.\nk:(200 or )\n----------^");
    check(
        "foo:\"ba",
        "Expected \"(\", \"{\", value, whitespace but \"\"\" found.\nfoo:\"ba\n----^",
    );
    check("a:b (c)", "Expected AND, OR, end of input but \"(\" found.\na:b (c)\n----^");
    check(
        "foo not bar",
        "Expected \":\", \"<\", \"<=\", \">\", \">=\", AND, OR, end of input but \"n\" found.",
    );
    check(
        "< 1000",
        "Expected \"(\", NOT, end of input, field name, value, whitespace but \"<\" found.",
    );
    check("n > ", "Expected literal, whitespace but end of input found.");
}

#[test]
fn escapes_of_surrogate_pairs_are_one_character() {
    check(r"\ud83d\ude00", "text: \"😀\"");
    check(r#""\ud83dx""#, "text: \"\u{fffd}x\"");
}

#[test]
fn a_thousand_brackets_are_no_burden() {
    let text = format!("{}a{}", "(".repeat(1000), ")".repeat(1000));
    assert_eq!(parse(&text).unwrap(), parse("a").unwrap());
    let unclosed = parse(&"(".repeat(10_000)).unwrap_err();
    assert_eq!(unclosed.offset, 10_000);
    let deep = parse(&"(".repeat(1_000_000)).unwrap_err();
    assert_eq!(deep.kind, ErrorKind::TooDeep);
    let deep = parse(&"not (".repeat(5000)).unwrap_err();
    assert!(matches!(deep.kind, ErrorKind::Syntax { .. }));
}

#[test]
fn long_texts_are_read_to_their_end() {
    let spaces = " ".repeat(100_000);
    for (text, accepted) in [
        ("word ".repeat(40_000), true),
        ("k:v or ".repeat(30_000) + "k:v", true),
        ("k:v or ".repeat(5_000), false),
        (r"\*".repeat(100_000), true),
        ("a*".repeat(100_000), true),
        (format!("\"{}", "x\\\"".repeat(60_000)), false),
        (format!("a{spaces}and{spaces}b{spaces}"), true),
        (format!("\"a\"{spaces}\"b\""), false),
        ("not ".repeat(50_000), false),
        ("a:".repeat(100_000), false),
        ("\\".repeat(99_999), false),
        ("\u{a0}é😀".repeat(20_000), true),
        (format!("{}a{}", "(".repeat(15_000), ")".repeat(15_000)), true),
        (format!("k:{}a", "(".repeat(15_000)), false),
    ] {
        assert_eq!(parse(&text).is_ok(), accepted, "{text:.20}");
    }
}
