//! What holds for every text: no panic, one meaning, and two ways of reading that agree.

use proptest::prelude::*;

use super::{Options, caret, check, expected, parse, parse_with};

/// Texts of the pieces that the language is made of, with room for anything.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b",
        "field",
        "k.x",
        "null",
        "true",
        "*",
        "**",
        " ",
        "  ",
        "\t",
        "\n",
        "\u{a0}",
        ":",
        ": ",
        "(",
        ")",
        "{",
        "}",
        "\"",
        "\\",
        "\\\"",
        "\\u0041",
        "\\ud83d",
        "\\ude00",
        "\\u00",
        "\\t",
        "\\n",
        "\\not",
        "\\or",
        "\\AND",
        "<",
        "<=",
        ">",
        ">=",
        "or",
        " or ",
        "and",
        " and ",
        " AND\n",
        "not",
        "not ",
        "NOT ",
        " not ",
        "5",
        "é",
        "😀",
        "\u{feff}",
        "\u{3000}",
        "\u{85}",
        "\u{0}",
        "/",
        "\\*",
        "@kuery-wildcard@",
        "name: (a or b)",
        "x: { y: z }",
        "\"q q\"",
        "a: ",
        "\\u0020",
    ]);
    let anything = prop_oneof![8 => pieces.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(anything, 0..14).prop_map(|pieces| pieces.concat())
}

fn options() -> impl Strategy<Value = Options> {
    let flags = (any::<bool>(), any::<bool>());
    flags.prop_map(|(leading_wildcards, plus)| Options { leading_wildcards, plus })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_parses_to_the_same_tree(text in texts(), options in options()) {
        if let Ok(ast) = parse_with(&text, options) {
            let written = ast.to_string();
            // Regular expressions are written as such only where they are known.
            let again = parse_with(&written, options);
            prop_assert_eq!(again.ok(), Some(ast), "{:?} written as {:?}", text, written);
        }
    }

    #[test]
    fn errors_lie_in_the_text_and_the_recogniser_agrees(text in texts()) {
        let parsed = parse(&text);
        prop_assert_eq!(parsed.is_ok(), expected::accepts(&text), "{:?}", text);
        if let Err(error) = parsed {
            prop_assert!(text.is_char_boundary(error.offset));
            prop_assert!(!error.to_string().is_empty());
            let diagnostic = error.to_diagnostic();
            if let Some(better) = diagnostic.replacement {
                prop_assert!(parse(&better).is_ok(), "{:?} -> {:?}", text, better);
            }
        }
    }

    #[test]
    fn the_caret_may_be_anywhere(text in texts(), place in any::<prop::sample::Index>()) {
        let byte = place.index(text.len() + 1);
        if let Some(found) = caret::at(&text, byte) {
            prop_assert!(found.span.start <= byte && byte <= found.span.end);
            prop_assert_eq!(text.get(found.span.clone()), Some(found.text.as_str()));
        }
        let _ = crate::query::suggest::at(&text, byte);
    }
}

#[test]
fn the_fuzz_targets_seeds_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds/kql");
    let seeds: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert!(seeds.len() > 50);
    for seed in seeds {
        check(&std::fs::read_to_string(seed.unwrap().path()).unwrap());
    }
}
