//! The words of KQL: white space, keywords, quoted and bare literals, operators.
//!
//! In: what is left of the text, as bytes. Out: a word and the rest. Bytes rather than characters,
//! because the caret of a suggestion is put into the text as a byte that UTF-8 does not have.
//! Rules are those of Kibana's grammar; trimming is JavaScript's.

use nom::branch::alt;
use nom::bytes::complete::{tag, tag_no_case, take};
use nom::combinator::{map_opt, value};
use nom::multi::many1_count;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::ast::{Comparison, STAR, Term};

/// Errors carry nothing: what was expected is found out in a second run, by `expected`.
pub(super) type Lexed<'a, T> = IResult<&'a [u8], T, ()>;

/// Stands for the caret; no byte of UTF-8.
pub(super) const CARET: u8 = 0xFF;

const NO_BREAK_SPACE: &[u8] = "\u{a0}".as_bytes();

/// A name or value as it stands in the text.
#[derive(Debug, Clone)]
pub(super) struct Literal {
    /// What it says. Of a bare literal: not yet trimmed.
    pub text: String,
    /// In quotes.
    pub quoted: bool,
    /// Has wildcard stars.
    pub wildcard: bool,
    /// Bytes of `text` before the caret, if the caret is in it.
    pub caret: Option<usize>,
}

impl Literal {
    /// What the literal means.
    pub(super) fn into_term(self) -> Term {
        if self.quoted {
            return Term::Text { text: self.text, quoted: true };
        }
        match trim(&self.text) {
            "null" => Term::Null,
            "true" => Term::Bool(true),
            "false" => Term::Bool(false),
            trimmed => {
                let is_whole = trimmed.len() == self.text.len();
                let text = if is_whole { None } else { Some(trimmed.to_owned()) };
                let text = text.unwrap_or(self.text);
                if self.wildcard {
                    Term::Wildcard(text)
                } else {
                    Term::Text { text, quoted: false }
                }
            }
        }
    }
}

/// Trims what JavaScript's `trim` trims.
pub(super) fn trim(text: &str) -> &str {
    // Rust's white space is Unicode's; JavaScript has the byte order mark too, and not NEL.
    text.trim_matches(|c: char| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

/// One white space character: space, tab, CR, LF or no-break space.
pub(super) fn space(input: &[u8]) -> Lexed<'_, ()> {
    match input {
        [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] => Ok((rest, ())),
        _ => value((), tag(NO_BREAK_SPACE)).parse(input),
    }
}

/// Any number of spaces.
pub(super) fn spaces(input: &[u8]) -> &[u8] {
    let mut rest = input;
    while let Ok((after, ())) = space(rest) {
        rest = after;
    }
    rest
}

/// `or` between spaces.
pub(super) fn or(input: &[u8]) -> Lexed<'_, ()> {
    value((), (many1_count(space), tag_no_case("or"), many1_count(space))).parse(input)
}

/// `and` between spaces.
pub(super) fn and(input: &[u8]) -> Lexed<'_, ()> {
    value((), (many1_count(space), tag_no_case("and"), many1_count(space))).parse(input)
}

/// `not` and spaces.
pub(super) fn not(input: &[u8]) -> Lexed<'_, ()> {
    value((), (tag_no_case("not"), many1_count(space))).parse(input)
}

/// `or` or `and` between spaces, of which those after it may go on.
fn conjunction(input: &[u8]) -> bool {
    (space, alt((tag_no_case("or"), tag_no_case("and"))), space).parse(input).is_ok()
}

/// Where a bare literal ends: a conjunction between spaces, or `not` and a space.
fn keyword(input: &[u8]) -> bool {
    conjunction(input) || (tag_no_case("not"), space).parse(input).is_ok()
}

/// A comparison operator.
pub(super) fn comparison(input: &[u8]) -> Lexed<'_, Comparison> {
    alt((
        value(Comparison::Lte, tag("<=")),
        value(Comparison::Gte, tag(">=")),
        value(Comparison::Lt, tag("<")),
        value(Comparison::Gt, tag(">")),
    ))
    .parse(input)
}

/// A quoted or a bare literal.
pub(super) fn literal(input: &[u8]) -> Lexed<'_, Literal> {
    if input.first() == Some(&b'"') { quoted(input) } else { bare(input) }
}

/// The text of a literal while it is read; UTF-16 units from escapes are joined to characters.
#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    high_surrogate: Option<u16>,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.end_pair();
        self.bytes.extend_from_slice(bytes);
    }

    fn push_unit(&mut self, unit: u16) {
        let high = self.high_surrogate.take();
        let units = high.into_iter().chain([unit]);
        if high.is_none() && (0xD800..0xDC00).contains(&unit) {
            self.high_surrogate = Some(unit);
            return;
        }
        for decoded in char::decode_utf16(units) {
            let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }

    /// A first half without a second is no character.
    fn end_pair(&mut self) {
        if self.high_surrogate.take().is_some() {
            self.bytes.extend_from_slice("\u{fffd}".as_bytes());
        }
    }

    fn len(&mut self) -> usize {
        self.end_pair();
        self.bytes.len()
    }

    fn finish(mut self) -> String {
        self.end_pair();
        // Only whole characters of a text were pushed.
        String::from_utf8(self.bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }
}

/// `\t`, `\r`, `\n`.
fn escaped_space(input: &[u8]) -> Lexed<'_, u8> {
    let named = alt((value(b'\t', tag("t")), value(b'\r', tag("r")), value(b'\n', tag("n"))));
    preceded(tag("\\"), named).parse(input)
}

/// `\u` and four hexadecimal digits.
fn escaped_unit(input: &[u8]) -> Lexed<'_, u16> {
    let hex = |digits: &[u8]| {
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        is_hex.then(|| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())?
    };
    preceded(tag("\\u"), map_opt(take(4_usize), hex)).parse(input)
}

/// `"..."`. Backslashes that begin no escape stand for themselves.
fn quoted(input: &[u8]) -> Lexed<'_, Literal> {
    let mut rest = tag("\"").parse(input)?.0;
    let mut text = Text::default();
    let mut caret = None;
    loop {
        let plain = memchr::memchr3(b'"', b'\\', CARET, rest).ok_or(nom::Err::Error(()))?;
        text.push(&rest[..plain]);
        rest = &rest[plain..];
        match rest {
            [b'"', after @ ..] => {
                let literal = Literal { text: text.finish(), quoted: true, wildcard: false, caret };
                return Ok((after, literal));
            }
            [CARET, after @ ..] => {
                caret = Some(text.len());
                rest = after;
            }
            [b'\\', c @ (b'\\' | b'"'), after @ ..] => {
                text.push(&[*c]);
                rest = after;
            }
            _ => {
                if let Ok((after, c)) = escaped_space(rest) {
                    text.push(&[c]);
                    rest = after;
                } else if let Ok((after, unit)) = escaped_unit(rest) {
                    text.push_unit(unit);
                    rest = after;
                } else {
                    text.push(b"\\");
                    rest = &rest[1..];
                }
            }
        }
    }
}

pub(super) const fn is_special(byte: u8) -> bool {
    matches!(byte, b'\\' | b'(' | b')' | b':' | b'<' | b'>' | b'"' | b'*' | b'{' | b'}')
}

/// Bytes that need no look: not special, no beginning of a keyword, not the caret.
const fn is_plain(byte: u8) -> bool {
    !is_special(byte) && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xC2 | b'n' | b'N' | CARET)
}

/// A backslash and a keyword: the keyword.
fn escaped_keyword(input: &[u8]) -> Lexed<'_, &[u8]> {
    let keyword = alt((tag_no_case("or"), tag_no_case("and"), tag_no_case("not")));
    preceded(tag("\\"), keyword).parse(input)
}

/// A backslash escape outside quotes.
fn escape<'a>(input: &'a [u8], text: &mut Text) -> Lexed<'a, ()> {
    if let Ok((rest, c)) = escaped_space(input) {
        text.push(&[c]);
        return Ok((rest, ()));
    }
    if let [b'\\', c, rest @ ..] = input
        && is_special(*c)
    {
        text.push(&[*c]);
        return Ok((rest, ()));
    }
    if let Ok((rest, unit)) = escaped_unit(input) {
        text.push_unit(unit);
        return Ok((rest, ()));
    }
    let (rest, keyword) = escaped_keyword(input)?;
    text.push(keyword);
    Ok((rest, ()))
}

/// One or more characters outside quotes (with a caret: any number).
fn bare(input: &[u8]) -> Lexed<'_, Literal> {
    let mut rest = input;
    let mut text = Text::default();
    let (mut wildcard, mut caret) = (false, None);
    loop {
        let plain = rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
        text.push(&rest[..plain]);
        rest = &rest[plain..];
        match rest.first() {
            None => break,
            Some(b'*') => {
                text.push(STAR.as_bytes());
                wildcard = true;
                rest = &rest[1..];
            }
            Some(b'\\') => match escape(rest, &mut text) {
                Ok((after, ())) => rest = after,
                Err(_) => break,
            },
            Some(&CARET) => {
                caret = Some(text.len());
                rest = &rest[1..];
            }
            Some(byte) if is_special(*byte) || keyword(rest) => break,
            Some(_) => {
                text.push(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    if rest.len() == input.len() {
        return Err(nom::Err::Error(()));
    }
    Ok((rest, Literal { text: text.finish(), quoted: false, wildcard, caret }))
}

/// Where a bare literal ends (at once, if none begins here). `visit` gets what is left of the text
/// at each place where a character of it was looked for.
pub(super) fn bare_end<'a>(input: &'a [u8], mut visit: impl FnMut(&'a [u8])) -> &'a [u8] {
    let mut rest = input;
    loop {
        visit(rest);
        let after = match rest.first() {
            None => return rest,
            Some(b'*') => &rest[1..],
            Some(b'\\') => match escape(rest, &mut Text::default()) {
                Ok((after, ())) => after,
                Err(_) => return rest,
            },
            Some(byte) if is_special(*byte) || keyword(rest) => return rest,
            Some(_) => &rest[1..],
        };
        rest = after;
    }
}

/// `/pattern/` before white space, a bracket or the end; a slash inside is escaped, and `and` and `or`
/// between spaces end it, as they end any value (write `[ ]and`).
pub(super) fn regex(input: &[u8]) -> Lexed<'_, &[u8]> {
    let mut rest = tag("/").parse(input)?.0;
    let length = loop {
        match rest {
            [] => return Err(nom::Err::Error(())),
            [b'\\', _, after @ ..] => rest = after,
            [b'/', ..] => break input.len() - 1 - rest.len(),
            _ if conjunction(rest) => return Err(nom::Err::Error(())),
            [_, after @ ..] => rest = after,
        }
    };
    let (pattern, rest) = (&input[1..=length], &rest[1..]);
    let is_over = rest.is_empty() || space(rest).is_ok() || matches!(rest[0], b')' | b'}');
    if is_over { Ok((rest, pattern)) } else { Err(nom::Err::Error(())) }
}
