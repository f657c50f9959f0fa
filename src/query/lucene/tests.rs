//! How query strings are read.

use super::*;

fn check(text: &str, expect: &str) {
    let parsed = parse(text).map_or_else(|error| format!("error: {error}"), |group| show(&group));
    assert_eq!(parsed, expect, "{text}");
}

fn show(group: &Group) -> String {
    let clauses = group.clauses.iter().map(|clause| {
        let conjunction = match clause.conjunction {
            Conjunction::None => "",
            Conjunction::And => "AND ",
            Conjunction::Or => "OR ",
        };
        let modifier = match clause.modifier {
            Modifier::None => "",
            Modifier::Required => "+",
            Modifier::Prohibited => "-",
        };
        let field = clause.field.as_ref().map(|field| format!("{field}:")).unwrap_or_default();
        let item = match &clause.item {
            Item::Group(inner) => return format!("{conjunction}{modifier}({})", show(inner)),
            Item::Text(text) => format!("<{text}>"),
            Item::Quoted { text, slop } => format!("\"{text}\"~{slop}"),
            Item::Prefix(text) => format!("{text}*"),
            Item::Wildcard(text) => format!("wild {text}"),
            Item::Regexp(text) => format!("/{text}/"),
            Item::Fuzzy { text, edits } => format!("{text}~{edits:?}"),
            Item::Range { lower, upper } => format!("{lower:?} {upper:?}"),
        };
        format!("{conjunction}{modifier}{field}{item}")
    });
    clauses.collect::<Vec<_>>().join(" ")
}

#[test]
fn neighbouring_words_are_one_text_unless_something_claims_them() {
    check("a b c", "<a b c>");
    check("a b AND c", "<a> <b> AND <c>");
    check("a b c:d", "<a b> c:<d>");
    check("k:(a b)", "(k:<a b>)");
    check("-a b c~", "-<a> <b> c~None");
}

#[test]
fn operators_and_escapes() {
    check("a && !b || +c", "<a> AND -<b> OR +<c>");
    check("a AND", "error: the query ends too early");
    check(r"a\ b\:c \u0041", "<a b:c A>");
    check("ANDROID ORder", "<ANDROID ORder>");
    check("- a", "<-> <a>");
    check("(a (b))", "(<a> (<b>))");
}

#[test]
fn patterns_phrases_and_ranges() {
    check("err* e?r *x* * k:*", "err* wild e?r wild *x* wild * k:wild *");
    check("/a.b/ \"x y\"~2^3 abc~1 abc~", "/a.b/ \"x y\"~2 abc~Some(1) abc~None");
    check(
        "k:[a TO *}",
        "k:RangeEnd { text: Some(\"a\"), inclusive: true } RangeEnd { text: None, inclusive: false }",
    );
}

#[test]
fn what_does_not_parse_is_refused() {
    for text in [
        "(a", "a)", "()", "a AND", "+-x", "k*:x", "\"a", "/a", "[a TO", "a:", "a^", "a\\",
        "k:{1 2}", "a~3",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
    assert!(parse(&"(".repeat(100_000)).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[a-c*?:()\\[\\]{}\"~^+!&|/\\\\ \\-TOANDé0-9.<>=]{0,30}") {
        let _ = parse(&text);
    }
}
