//! Reads bracket expressions and escapes: `[^a-z[:alpha:]&&\w]`, `\d`, `\x41`, `\p{Alpha}`.

use super::class::{self, Ranges};
use super::error::CompileError;
use super::parse::Parser;

/// Reads a bracket expression whose `[` has been taken.
pub(super) fn bracket(parser: &mut Parser<'_>) -> Result<Ranges, CompileError> {
    let negated = parser.eat("^");
    let mut set = Ranges::default();
    let mut so_far: Option<Ranges> = None;
    let mut first = true;
    loop {
        if parser.eat("&&") {
            so_far = Some(match so_far {
                Some(before) => before.intersect(&set),
                None => set,
            });
            set = Ranges::default();
            first = false;
            continue;
        }
        let Some(c) = parser.peek() else { return Err(parser.error("missing `]`")) };
        if c == ']' && !(first && parser.rest()[1..].contains(']')) {
            parser.at += 1;
            break;
        }
        first = false;
        let item = item(parser)?;
        set = set.union(&item);
    }
    if let Some(before) = so_far {
        set = before.intersect(&set);
    }
    Ok(if negated { set.negate() } else { set })
}

/// One member of a bracket expression: a class, a range or a character.
fn item(parser: &mut Parser<'_>) -> Result<Ranges, CompileError> {
    if parser.rest().starts_with("[:")
        && let Some(len) = parser.rest().find(":]")
    {
        let name = &parser.rest()[2..len];
        let (name, negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
        if name.bytes().all(|b| b.is_ascii_alphabetic()) {
            let set = class::named(name).ok_or_else(|| parser.error("unknown POSIX bracket"))?;
            parser.at += len + 2;
            return Ok(if negated { set.negate() } else { set });
        }
    }
    if parser.eat("[") {
        return bracket(parser);
    }
    let Some(low) = member(parser)? else {
        return shorthand_after_backslash(parser);
    };
    let ranged = parser.rest().starts_with('-')
        && !parser.rest()[1..].starts_with(']')
        && !parser.rest()[1..].is_empty();
    if !ranged {
        return Ok(Ranges::single(low));
    }
    let dash = parser.at;
    parser.at += 1;
    if parser.rest().starts_with('[') {
        parser.at = dash;
        return Ok(Ranges::single(low));
    }
    let Some(high) = member(parser)? else {
        // `[a-\d]`: the dash is text.
        let set = shorthand_after_backslash(parser)?;
        return Ok(set.union(&Ranges::single(low)).union(&Ranges::single('-')));
    };
    if high < low {
        return Err(parser.error("empty range in a bracket expression"));
    }
    Ok(Ranges::of(vec![(low as u32, high as u32)]))
}

/// A single character; `None` (and nothing taken) where a shorthand class stands.
fn member(parser: &mut Parser<'_>) -> Result<Option<char>, CompileError> {
    if !parser.rest().starts_with('\\') {
        return Ok(parser.bump());
    }
    let next = parser.rest()[1..].chars().next();
    if matches!(next, Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'h' | 'H' | 'p' | 'P' | 'R')) {
        return Ok(None);
    }
    parser.at += 1;
    if parser.eat("b") {
        return Ok(Some('\u{8}'));
    }
    escaped_char(parser).map(Some)
}

fn shorthand_after_backslash(parser: &mut Parser<'_>) -> Result<Ranges, CompileError> {
    parser.at += 1;
    shorthand(parser)?.ok_or_else(|| parser.error("invalid escape in a bracket expression"))
}

/// Reads `d`, `W`, `p{..}` and so on after a backslash; nothing is taken where it is none.
pub(super) fn shorthand(parser: &mut Parser<'_>) -> Result<Option<Ranges>, CompileError> {
    let Some(c) = parser.peek() else { return Ok(None) };
    let unicode = parser.flags.unicode;
    let named = |name: &str| class::named(name).unwrap_or_default();
    let set = match c.to_ascii_lowercase() {
        'd' if unicode => named("digit"),
        'd' => Ranges::of(vec![(48, 57)]),
        'w' if unicode => named("word"),
        'w' => Ranges::of(vec![(48, 57), (65, 90), (95, 95), (97, 122)]),
        's' if unicode => named("space"),
        's' => Ranges::of(vec![(9, 13), (32, 32)]),
        'h' => Ranges::of(vec![(48, 57), (65, 70), (97, 102)]),
        'p' if parser.rest()[1..].starts_with('{') => return property(parser).map(Some),
        _ => return Ok(None),
    };
    parser.at += 1;
    Ok(Some(if c.is_ascii_uppercase() { set.negate() } else { set }))
}

fn property(parser: &mut Parser<'_>) -> Result<Ranges, CompileError> {
    let upper = parser.bump() == Some('P');
    parser.at += 1;
    let len = parser.rest().find('}').ok_or_else(|| parser.error("unclosed property"))?;
    let name = &parser.rest()[..len];
    let (name, caret) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let set = class::named(name).ok_or_else(|| parser.error("unknown character property"))?;
    parser.at += len + 1;
    Ok(if upper == caret { set } else { set.negate() })
}

/// Reads the character that an escape stands for, after the backslash.
pub(super) fn escaped_char(parser: &mut Parser<'_>) -> Result<char, CompileError> {
    let Some(c) = parser.bump() else { return Err(parser.error("pattern ends in a backslash")) };
    Ok(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'a' => '\u{7}',
        'e' => '\u{1b}',
        'x' if parser.eat("{") => {
            let len = parser.rest().find('}').ok_or_else(|| parser.error("unclosed `\\x{`"))?;
            let code = u32::from_str_radix(&parser.rest()[..len], 16).ok();
            parser.at += len + 1;
            return code.and_then(char::from_u32).ok_or_else(|| parser.error("invalid code point"));
        }
        'x' => return digits(parser, 2, 16),
        'u' => return digits(parser, 4, 16),
        '0'..='7' => {
            parser.at -= 1;
            return digits(parser, 3, 8);
        }
        'c' => match parser.bump() {
            Some(c) if c.is_ascii() => char::from(c as u8 & 0x1f),
            _ => return Err(parser.error("invalid control character")),
        },
        other => other,
    })
}

fn digits(parser: &mut Parser<'_>, most: usize, radix: u32) -> Result<char, CompileError> {
    let len = parser.rest().chars().take(most).take_while(|c| c.is_digit(radix)).count();
    let code = u32::from_str_radix(&parser.rest()[..len], radix).unwrap_or(0);
    parser.at += len;
    char::from_u32(code).ok_or_else(|| parser.error("invalid code point"))
}
