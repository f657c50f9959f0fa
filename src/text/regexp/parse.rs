//! The syntax of Lucene's regular expressions.
//!
//! In: a pattern. Out: its term. Loosest to tightest: `|`, `&`, one after the other, repeats, `~`.

use super::Error;
use super::term::{CharRange, LAST, TermId, Terms};
use crate::text::wildcard::same;

/// How deep groups may nest, and how much repeats may multiply.
const DEEPEST: usize = 250;
const MOST_REPEATS: u32 = 1_000;

pub(super) fn parse(pattern: &str, ignore_case: bool, terms: &mut Terms) -> Result<TermId, Error> {
    let characters = pattern.chars().collect();
    let mut parser = Parser { characters, at: 0, depth: 0, ignore_case, terms };
    if parser.characters.is_empty() {
        return Ok(Terms::EMPTY);
    }
    let root = parser.union()?;
    if parser.at < parser.characters.len() {
        return Err(parser.error("end of the pattern expected"));
    }
    Ok(root)
}

struct Parser<'a> {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    ignore_case: bool,
    terms: &'a mut Terms,
}

impl Parser<'_> {
    fn error(&self, reason: &'static str) -> Error {
        Error::Syntax { reason, at: self.at }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Result<char, Error> {
        let found = self.peek().ok_or_else(|| self.error("unexpected end"))?;
        self.at += 1;
        Ok(found)
    }

    fn union(&mut self) -> Result<TermId, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::TooComplex);
        }
        let mut parts = vec![self.intersection()?];
        while self.take('|') {
            parts.push(self.intersection()?);
        }
        self.depth -= 1;
        Ok(self.terms.or(parts))
    }

    fn intersection(&mut self) -> Result<TermId, Error> {
        let mut parts = vec![self.sequence()?];
        while self.take('&') {
            parts.push(self.sequence()?);
        }
        Ok(self.terms.and(parts))
    }

    fn sequence(&mut self) -> Result<TermId, Error> {
        let mut parts = vec![self.repeat()?];
        while self.peek().is_some_and(|next| !matches!(next, ')' | '|' | '&')) {
            parts.push(self.repeat()?);
        }
        let mut whole = Terms::EMPTY;
        for part in parts.into_iter().rev() {
            whole = self.terms.concat(part, whole);
        }
        Ok(whole)
    }

    fn repeat(&mut self) -> Result<TermId, Error> {
        let mut term = self.complement()?;
        loop {
            if self.take('?') {
                term = self.terms.or(vec![term, Terms::EMPTY]);
            } else if self.take('*') {
                term = self.terms.star(term);
            } else if self.take('+') {
                let star = self.terms.star(term);
                term = self.terms.concat(term, star);
            } else if self.take('{') {
                let (least, most) = self.counts()?;
                term = self.times(term, least, most)?;
            } else {
                return Ok(term);
            }
        }
    }

    /// The inside of `{n}`, `{n,}` or `{n,m}`.
    fn counts(&mut self) -> Result<(u32, Option<u32>), Error> {
        let least = self.number()?;
        let most = if self.take(',') {
            if self.peek() == Some('}') { None } else { Some(self.number()?) }
        } else {
            Some(least)
        };
        if !self.take('}') {
            return Err(self.error("expected `}`"));
        }
        if most.is_some_and(|most| most < least) {
            return Err(self.error("a repeat's lower count is above its upper one"));
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<u32, Error> {
        let start = self.at;
        while self.peek().is_some_and(|next| next.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.characters[start..self.at].iter().collect();
        digits.parse().ok().ok_or_else(|| self.error("expected a number"))
    }

    fn times(&mut self, term: TermId, least: u32, most: Option<u32>) -> Result<TermId, Error> {
        if most.unwrap_or(least) > MOST_REPEATS {
            return Err(Error::TooComplex);
        }
        let mut tail = match most {
            None => self.terms.star(term),
            Some(most) => {
                let mut tail = Terms::EMPTY;
                for _ in least..most {
                    let more = self.terms.concat(term, tail);
                    tail = self.terms.or(vec![more, Terms::EMPTY]);
                }
                tail
            }
        };
        for _ in 0..least {
            tail = self.terms.concat(term, tail);
        }
        Ok(tail)
    }

    fn complement(&mut self) -> Result<TermId, Error> {
        let mut negations = 0;
        while self.take('~') {
            negations += 1;
        }
        let inner = self.simple()?;
        Ok(if negations % 2 == 1 { self.terms.not(inner) } else { inner })
    }

    fn simple(&mut self) -> Result<TermId, Error> {
        match self.next()? {
            '.' => Ok(self.terms.class(vec![(0, LAST)])),
            '#' => Ok(Terms::NEVER),
            '@' => Ok(Terms::ALL),
            '"' => self.quoted(),
            '[' => self.class(),
            '(' if self.take(')') => Ok(Terms::EMPTY),
            '(' => {
                let inner = self.union()?;
                if self.take(')') { Ok(inner) } else { Err(self.error("expected `)`")) }
            }
            '<' => self.interval(),
            '\\' => {
                let escaped = self.next()?;
                match known_class(escaped) {
                    Some(ranges) => Ok(self.terms.class(ranges)),
                    None => Ok(self.character(escaped)),
                }
            }
            plain => Ok(self.character(plain)),
        }
    }

    fn character(&mut self, character: char) -> TermId {
        let mut ranges = vec![(u32::from(character), u32::from(character))];
        if self.ignore_case {
            let other_cases = character.to_lowercase().chain(character.to_uppercase());
            let others = other_cases.filter(|other| same(*other, character));
            ranges.extend(others.map(|other| (u32::from(other), u32::from(other))));
        }
        self.terms.class(ranges)
    }

    fn quoted(&mut self) -> Result<TermId, Error> {
        let start = self.at;
        while self.next()? != '"' {}
        let inside = self.characters[start..self.at - 1].to_vec();
        let mut whole = Terms::EMPTY;
        for character in inside.into_iter().rev() {
            let term = self.character(character);
            whole = self.terms.concat(term, whole);
        }
        Ok(whole)
    }

    fn class(&mut self) -> Result<TermId, Error> {
        let negated = self.take('^');
        let mut ranges = Vec::new();
        loop {
            let first = match self.next()? {
                '\\' => {
                    let escaped = self.next()?;
                    if let Some(known) = known_class(escaped) {
                        ranges.extend(known);
                        if self.take(']') {
                            break;
                        }
                        continue;
                    }
                    escaped
                }
                plain => plain,
            };
            let mut last = first;
            if self.peek() == Some('-') && self.characters.get(self.at + 1) != Some(&']') {
                self.at += 1;
                last = match self.next()? {
                    '\\' => self.next()?,
                    plain => plain,
                };
                if last < first {
                    return Err(self.error("a character range is the wrong way round"));
                }
            }
            ranges.push((u32::from(first), u32::from(last)));
            if self.take(']') {
                break;
            }
        }
        Ok(self.terms.class(if negated { inverse(ranges) } else { ranges }))
    }

    /// The inside of `<1-100>`.
    fn interval(&mut self) -> Result<TermId, Error> {
        let start = self.at;
        while self.next()? != '>' {}
        let inside: String = self.characters[start..self.at - 1].iter().collect();
        let numbers = inside.split_once('-').and_then(|(low, high)| {
            Some((low, high, low.parse::<u32>().ok()?, high.parse::<u32>().ok()?))
        });
        let Some((low_text, high_text, a, b)) = numbers else {
            return Err(self.error("expected an interval such as <1-100>"));
        };
        let (low, high) = (a.min(b), a.max(b));
        let width = low_text.len().max(high_text.len());
        if width > 10 {
            return Err(Error::TooComplex);
        }
        if low_text.len() == high_text.len() {
            let (low, high) = (format!("{low:0width$}"), format!("{high:0width$}"));
            return Ok(self.between(low.as_bytes(), high.as_bytes()));
        }
        let mut parts = Vec::new();
        for digits in 1..=10_u32 {
            let least = if digits == 1 { 0 } else { 10_u64.pow(digits - 1) };
            let from = least.max(u64::from(low));
            let to = (10_u64.pow(digits) - 1).min(u64::from(high));
            if from <= to {
                parts.push(self.between(from.to_string().as_bytes(), to.to_string().as_bytes()));
            }
        }
        let zero = self.character('0');
        let zeros = self.terms.star(zero);
        let numbers = self.terms.or(parts);
        Ok(self.terms.concat(zeros, numbers))
    }

    /// Digits from `low` to `high`, both of the same length.
    fn between(&mut self, low: &[u8], high: &[u8]) -> TermId {
        let (Some((a, low_rest)), Some((z, high_rest))) = (low.split_first(), high.split_first())
        else {
            return Terms::EMPTY;
        };
        if a == z {
            let rest = self.between(low_rest, high_rest);
            return self.digits(*a, *a, rest);
        }
        let nines = vec![b'9'; low_rest.len()];
        let zeros = vec![b'0'; low_rest.len()];
        let first = self.between(low_rest, &nines);
        let middle = self.between(&zeros, &nines);
        let last = self.between(&zeros, high_rest);
        let parts = vec![
            self.digits(*a, *a, first),
            self.digits(a + 1, z - 1, middle),
            self.digits(*z, *z, last),
        ];
        self.terms.or(parts)
    }

    /// One digit of a range, then `rest`.
    fn digits(&mut self, first: u8, last: u8, rest: TermId) -> TermId {
        let class = self.terms.class(vec![(u32::from(first), u32::from(last))]);
        self.terms.concat(class, rest)
    }
}

fn known_class(name: char) -> Option<Vec<CharRange>> {
    let digit = || vec![(0x30, 0x39)];
    let space = || vec![(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)];
    let word = || vec![(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
    Some(match name {
        'd' => digit(),
        'D' => inverse(digit()),
        's' => space(),
        'S' => inverse(space()),
        'w' => word(),
        'W' => inverse(word()),
        _ => return None,
    })
}

/// All other characters.
fn inverse(mut ranges: Vec<CharRange>) -> Vec<CharRange> {
    ranges.sort_unstable();
    let mut others = Vec::new();
    let mut from = 0;
    for (first, last) in ranges {
        if from < first {
            others.push((from, first - 1));
        }
        from = from.max(last + 1);
    }
    if from <= LAST {
        others.push((from, LAST));
    }
    others
}
