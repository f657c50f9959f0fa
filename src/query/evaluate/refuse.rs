//! Why Elasticsearch would refuse a search, in plain words with a way out.
//!
//! In: the field and the value. Out: a [`Diagnostic`].

use serde_json::Value as Json;

use super::Target;
use super::literal::text_of;
use crate::diagnostic::Diagnostic;
use crate::event::FieldType;

/// What a type holds, for people.
fn holds(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Keyword | FieldType::Text => "text",
        FieldType::Long | FieldType::Integer | FieldType::Short | FieldType::Byte => {
            "whole numbers"
        }
        FieldType::Double | FieldType::Float => "numbers",
        FieldType::Date | FieldType::DateNanos => "dates",
        FieldType::Boolean => "true or false",
        FieldType::Ip => "IP addresses",
        FieldType::GeoPoint => "places",
        FieldType::Nested | FieldType::Object => "objects",
        FieldType::Other => "values of a type that only Elasticsearch can search",
    }
}

fn mismatch(target: &Target<'_>, value: &Json, what: &str) -> Diagnostic {
    let Target { name, field, .. } = target;
    let message =
        format!("`{name}` holds {}, and `{}` is {what}", holds(field.kind), text_of(value));
    Diagnostic::error(message)
}

pub(super) fn not_a_number(target: &Target<'_>, value: &Json) -> Diagnostic {
    mismatch(target, value, "no number").hint(format!(
        "compare with a number (`{0}: 200`, `{0} >= 500`), or search another field",
        target.name
    ))
}

pub(super) fn not_a_date(target: &Target<'_>, value: &Json) -> Diagnostic {
    mismatch(target, value, "no date").hint(
        "write 2024-03-31, \"2024-03-31T10:00\", milliseconds since 1970, or now-1d; \
         quote a text that has colons",
    )
}

pub(super) fn not_an_address(target: &Target<'_>, value: &Json) -> Diagnostic {
    mismatch(target, value, "no address")
        .hint("write 10.0.0.1, \"2001:db8::1\" or a block such as \"10.0.0.0/8\"")
}

pub(super) fn not_a_boolean(target: &Target<'_>, value: &Json) -> Diagnostic {
    mismatch(target, value, "neither true nor false")
        .hint(format!("write `{0}: true` or `{0}: false`", target.name))
}

pub(super) fn not_a_zone(name: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` is no time zone"))
        .hint("write a name such as Europe/Berlin or an offset such as +02:00")
}

/// A wildcard, prefix, regular expression or fuzzy search on something that is not text.
pub(super) fn pattern(target: &Target<'_>, pattern: &str) -> Diagnostic {
    let Target { name, field, .. } = target;
    let message = format!(
        "`{name}` holds {}, in which patterns such as `{pattern}` cannot be searched",
        holds(field.kind)
    );
    let diagnostic = Diagnostic::error(message);
    match (field.kind, number_range(name, pattern)) {
        (FieldType::Long | FieldType::Integer | FieldType::Short, Some((from, to))) => {
            diagnostic.hint(format!("`{name} >= {from} and {name} < {to}`"))
        }
        (FieldType::Ip, _) => diagnostic.hint(format!("name a block: `{name}: \"10.0.0.0/8\"`")),
        (FieldType::Date | FieldType::DateNanos, _) => {
            diagnostic.hint(format!("`{name} >= \"2024-03-31\" and {name} < \"2024-04-01\"`"))
        }
        _ => diagnostic.hint(format!("compare `{name}` with a value, or with `<` and `>=`")),
    }
}

/// The numbers that a pattern such as `5*` or `50*` means on a field of status codes: from the
/// first, up to but without the second. `None` for other fields and patterns.
#[must_use]
pub fn number_range(name: &str, pattern: &str) -> Option<(u32, u32)> {
    let is_code = ["status", "code", "response"].iter().any(|word| name.contains(word));
    let digits = pattern.strip_suffix('*')?;
    let is_number = (1..=2).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    let size = if digits.len() == 1 { 100 } else { 10 };
    let first: u32 = (is_code && is_number).then(|| digits.parse().ok())??;
    Some((first * size, (first + 1) * size))
}

/// A search that the type does not have at all.
pub(super) fn unsupported(target: &Target<'_>) -> Diagnostic {
    let Target { name, field, .. } = target;
    Diagnostic::error(format!("`{name}` holds {}, which cannot be searched so", holds(field.kind)))
        .hint(format!("only `{name}: *` works on it"))
}

/// A null where a value is needed.
pub(super) fn null(name: &str) -> Diagnostic {
    Diagnostic::error(format!("null is no value that `{name}` could have"))
        .hint(format!("documents without the field: `not {name}: *`"))
}

pub(super) fn null_text() -> Diagnostic {
    Diagnostic::error("null cannot be searched for").hint("quote it to search the word: \"null\"")
}

pub(super) fn not_nested(path: &str) -> Diagnostic {
    Diagnostic::error(format!("`{path}` is no nested object"))
        .hint("groups in braces need a field of type nested")
}

pub(super) fn foreign(clause: &str) -> Diagnostic {
    Diagnostic::error(format!("`{clause}` clauses are not read here"))
        .hint("only Elasticsearch can answer them; disable the filter to search local records")
}
