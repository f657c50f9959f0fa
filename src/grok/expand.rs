//! Replaces `%{NAME:field:type}` by the patterns of the library, as Logstash does.
//!
//! In: the text of a pattern and a [`Library`]. Out: one regular expression whose groups are
//! named `field:type`. References are found left to right until none is left.

use super::error::CompileError;
use super::library::Library;

/// The longest expression that is accepted, in bytes.
const LIMIT: usize = 2_000_000;

/// Expands every reference of `text`.
pub(super) fn expand(text: &str, library: &Library) -> Result<String, CompileError> {
    let mut library = std::borrow::Cow::Borrowed(library);
    let mut out = String::with_capacity(text.len() * 8);
    expand_into(text, &mut library, &mut Vec::new(), &mut out)?;
    Ok(out)
}

fn expand_into(
    text: &str,
    library: &mut std::borrow::Cow<'_, Library>,
    stack: &mut Vec<String>,
    out: &mut String,
) -> Result<(), CompileError> {
    let mut rest = text;
    while let Some(at) = rest.find("%{") {
        let Some(reference) = Reference::parse(&rest[at..]) else {
            out.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at + reference.len..];
        if let Some(definition) = reference.definition {
            library.to_mut().add(reference.name, definition);
        }
        let name = reference.name;
        let Some(pattern) = library.get(name).map(str::to_owned) else {
            let nearest = library.nearest(name).map(str::to_owned);
            return Err(CompileError::Unknown {
                name: name.to_owned(),
                nearest,
                stack: stack.clone(),
            });
        };
        if stack.iter().any(|outer| outer == name) || stack.len() > 500 {
            let mut stack = stack.clone();
            stack.push(name.to_owned());
            return Err(CompileError::Cycle { stack });
        }
        match reference.field {
            Some(field) => {
                out.push_str("(?<");
                out.push_str(field);
                out.push('>');
            }
            None => out.push_str("(?:"),
        }
        stack.push(name.to_owned());
        expand_into(&pattern, library, stack, out)?;
        stack.pop();
        out.push(')');
        if out.len() > LIMIT {
            return Err(CompileError::TooLarge { size: out.len(), limit: LIMIT });
        }
    }
    out.push_str(rest);
    Ok(())
}

/// `%{NAME:field=definition junk}`.
struct Reference<'a> {
    name: &'a str,
    field: Option<&'a str>,
    definition: Option<&'a str>,
    len: usize,
}

impl<'a> Reference<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let inside = &text[2..];
        let name_len = inside.bytes().take_while(|b| is_name_byte(*b)).count();
        if name_len == 0 {
            return None;
        }
        let (name, mut rest) = inside.split_at(name_len);
        let mut field = None;
        if let Some(after) = rest.strip_prefix(':') {
            let len = after.bytes().take_while(|b| is_field_byte(*b)).count();
            if len > 0 {
                field = Some(&after[..len]);
                rest = &after[len..];
            }
        }
        let mut definition = None;
        if let Some(after) = rest.strip_prefix('=') {
            let len = balanced_len(after);
            if len > 0 {
                definition = Some(&after[..len]);
                rest = &after[len..];
            }
        }
        let end = rest.find('}')?;
        let len = text.len() - rest.len() + end + 1;
        Some(Self { name, field, definition, len })
    }
}

/// `[A-z0-9]`: the range takes in the brackets, backslash, caret, underscore and backquote.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'A'..=b'z').contains(&byte)
}

fn is_field_byte(byte: u8) -> bool {
    is_name_byte(byte) || matches!(byte, b'@' | b'_' | b':' | b'.' | b'-')
}

/// The length of a definition: everything up to the `}` that closes the reference.
fn balanced_len(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    0
}
