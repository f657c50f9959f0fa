//! Random queries in Lucene's language.

use std::fmt::Write as _;

use super::corpus::{Corpus, Known};
use super::kql::quoted;
use super::question::word;
use super::random::Random;

/// One to three conditions, joined.
pub(super) fn query(random: &mut Random, corpus: &Corpus) -> String {
    let fields: Vec<&Known> =
        corpus.fields.iter().filter(|f| f.nested.is_none() && !f.values.is_empty()).collect();
    let mut text = String::new();
    for at in 0..=random.below(3) {
        if at > 0 {
            text.push_str(random.text(&[" AND ", " OR ", " ", " && ", " || "]));
        }
        let sign = random.text(&["", "", "", "NOT ", "-", "+", "!"]);
        let field = fields[random.below(fields.len())];
        let _ = write!(text, "{sign}{}", condition(random, field));
    }
    text
}

/// A word with what the language would read as its own masked.
fn masked(text: &str) -> String {
    let mut written = String::new();
    for c in text.chars() {
        if "+-=&|!(){}[]^\"~*?:\\/<> \t".contains(c) {
            written.push('\\');
        }
        if !matches!(c, '<' | '>' | '\n') {
            written.push(c);
        }
    }
    if written.is_empty() { "x".to_owned() } else { written }
}

fn condition(random: &mut Random, field: &Known) -> String {
    let (name, value) = (&field.name, field.value(random));
    let first = value.split_whitespace().next().unwrap_or("x");
    let start = word(value);
    let is_ordered = !matches!(field.kind.as_str(), "text" | "boolean");
    let is_text = matches!(field.kind.as_str(), "text" | "keyword");
    match random.below(12) {
        0 if field.kind != "text" => format!("_exists_:{name}"),
        1 => masked(first),
        2 => quoted(value),
        3 if is_ordered => {
            let other = field.value(random);
            let (open, close) = *random.of(&[("[", "]"), ("{", "}"), ("[", "}")]);
            format!("{name}:{open}{} TO {}{close}", quoted(value), quoted(other))
        }
        4 if is_ordered => {
            format!("{name}:{}{}", random.text(&[">", ">=", "<", "<="]), masked(value))
        }
        5 if is_text && !start.is_empty() => format!("{name}:{start}*"),
        6 if is_text && !start.is_empty() => format!("{name}:?{}*", &start[1..]),
        // OpenSearch lowers the letters of an expression on a text field, Elasticsearch does not.
        7 if is_text && !start.is_empty() => format!("{name}:/{}.*/", start.to_lowercase()),
        8 if is_text && first.len() > 3 => format!("{name}:{}~1", masked(first)),
        9 if field.kind == "text" => format!("{name}:{}~2", quoted(value)),
        10 => format!("{name}:({} OR {})", quoted(value), masked(first)),
        _ => format!("{name}:{}", quoted(value)),
    }
}
