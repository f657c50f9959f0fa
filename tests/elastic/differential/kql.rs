//! Random queries in KQL.

use std::fmt::Write as _;

use super::corpus::Known;
use super::question::word;
use super::random::Random;

/// One to three conditions, joined, some of them in brackets or turned round.
pub(super) fn query(random: &mut Random, fields: &[Known]) -> String {
    let mut text = String::new();
    for at in 0..=random.below(3) {
        if at > 0 {
            text.push_str(random.text(&[" and ", " or ", " AND ", " OR "]));
        }
        let not = random.text(&["", "", "", "not ", "NOT "]);
        if random.one(6) {
            let _ = write!(text, "{not}({})", query(random, fields));
        } else {
            let _ = write!(text, "{not}{}", condition(random, fields));
        }
    }
    text
}

/// A value in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A value without quotes.
fn bare(text: &str) -> String {
    let mut written = String::new();
    for c in text.chars() {
        if "\\():<>\"*{}".contains(c) {
            written.push('\\');
        }
        written.push(c);
    }
    if matches!(written.to_lowercase().as_str(), "and" | "or" | "not") {
        written.insert(0, '\\');
    }
    written
}

fn condition(random: &mut Random, fields: &[Known]) -> String {
    let field = random.of(fields);
    if let Some(path) = field.nested.as_deref() {
        return nested(random, fields, path);
    }
    if field.values.is_empty() {
        return format!("{}: *", field.name);
    }
    match random.below(12) {
        0 => free_text(random, field),
        1 => {
            let (a, b) = (field.value(random), field.value(random));
            let join = random.text(&["or", "and", "and not"]);
            format!("{}: ({} {join} {})", field.name, quoted(a), quoted(b))
        }
        2 => {
            // A pattern of field names.
            let stem = field.name.split('.').next().unwrap_or_default();
            format!("{stem}*: {}", quoted(field.value(random)))
        }
        3 if random.one(4) => format!("no.such.field: {}", quoted(field.value(random))),
        _ => leaf(random, field, &field.name),
    }
}

/// A condition on one field, called `name` here.
fn leaf(random: &mut Random, field: &Known, name: &str) -> String {
    let value = field.value(random);
    let word = word(value);
    let is_ordered = !matches!(field.kind.as_str(), "text" | "boolean");
    match (random.below(10), field.kind.as_str()) {
        // Not for texts: OpenSearch counts those without a word in one way and finds them in another.
        (0, kind) if kind != "text" => format!("{name}: *"),
        (1, "keyword") if !word.is_empty() => format!("{name}: {}*", bare(&word)),
        (2, "keyword" | "text") if !word.is_empty() => format!("{name}: *{}*", bare(&word)),
        (3, "keyword") => {
            let half: String = value.chars().take(value.chars().count() / 2).collect();
            if half.trim().is_empty() {
                format!("{name}: *")
            } else {
                format!("{name}: {}*", bare(half.trim()))
            }
        }
        (1 | 3, "text") => {
            let words: Vec<&str> = value.split_whitespace().collect();
            let from = random.below(words.len());
            let some = words.iter().skip(from).take(1 + random.below(3));
            let some = some.copied().collect::<Vec<_>>().join(" ");
            if random.one(2) {
                format!("{name}: {}", quoted(&some))
            } else {
                format!("{name}: {}", or_quoted(&some))
            }
        }
        (4 | 5, _) if is_ordered => {
            format!("{name} {} {}", random.text(&[">", ">=", "<", "<="]), quoted(value))
        }
        (6, "keyword") => format!("{name}: {}", quoted(&value.to_uppercase())),
        (7, _) => format!("{name}: {}", or_quoted(value)),
        _ => format!("{name}: {}", quoted(value)),
    }
}

/// Without quotes where that can be written.
fn or_quoted(value: &str) -> String {
    let is_plain = !value.trim().is_empty() && !value.contains(|c: char| c.is_control());
    if is_plain { bare(value.trim()) } else { quoted(value) }
}

/// A value without a field: any field may have it.
fn free_text(random: &mut Random, field: &Known) -> String {
    let value = field.value(random);
    let words: Vec<&str> = value.split_whitespace().collect();
    let word = if words.is_empty() { "error" } else { words[random.below(words.len())] };
    match random.below(3) {
        0 => quoted(word),
        1 => or_quoted(word),
        _ => quoted(value),
    }
}

/// Conditions that one nested object meets.
fn nested(random: &mut Random, fields: &[Known], path: &str) -> String {
    let inside: Vec<&Known> =
        fields.iter().filter(|field| field.nested.as_deref() == Some(path)).collect();
    let inner = |random: &mut Random| {
        let field = *random.of(&inside);
        leaf(
            random,
            field,
            field.name.strip_prefix(path).map_or("", |rest| rest.trim_start_matches('.')),
        )
    };
    let first = inner(random);
    if random.one(2) {
        return format!("{path}: {{ {first} }}");
    }
    let join = random.text(&["and", "or", "and not"]);
    format!("{path}: {{ {first} {join} {} }}", inner(random))
}
