//! Runs the steps of a scanner over a text.

use super::super::backtrack::{UNSET, holds};
use super::super::class;
use super::compile::{Guard, Scanner, Step, Stop, Until};
use super::region::Regions;

/// What a scan came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::grok) enum Verdict {
    /// A match at the start of the text; the slots hold its captures.
    Match,
    /// Another matcher must decide.
    Unsure,
}

impl Scanner {
    /// Tries to match `text` from its start. `slots` is resized and filled.
    pub(in crate::grok) fn scan(
        &self,
        text: &[u8],
        regions: &mut Regions,
        slots: &mut Vec<u32>,
    ) -> Verdict {
        slots.clear();
        slots.resize(self.slots, UNSET);
        match self.follow(text, regions, slots) {
            Some(()) => Verdict::Match,
            None => Verdict::Unsure,
        }
    }

    fn follow(&self, text: &[u8], regions: &mut Regions, slots: &mut [u32]) -> Option<()> {
        let (mut step, mut at) = (0, 0);
        loop {
            match self.steps.get(step)? {
                Step::Byte(byte) => {
                    if *text.get(at)? != *byte {
                        return None;
                    }
                    at += 1;
                }
                Step::Literal(literal) => {
                    if !text.get(at..)?.starts_with(literal) {
                        return None;
                    }
                    at += literal.len();
                }
                Step::One(set) => {
                    if !set[usize::from(*text.get(at)?)] {
                        return None;
                    }
                    at += 1;
                }
                Step::Class(class) => at += class.matches(text, at)?,
                Step::Run { set, min, max, back } => {
                    at = run(set, text, at, (*min, *max), back.as_deref())?;
                }
                Step::Find { set, min, until } => {
                    let end = find(until, text, at, *min)?;
                    if let Some(set) = set
                        && !text[at..end].iter().all(|byte| set[usize::from(*byte)])
                    {
                        return None;
                    }
                    at = end;
                }
                Step::Region(region) => at = region.scan(regions, text, at)?,
                Step::Choice(guards) => {
                    let rest = text.get(at..)?;
                    let chosen = guards.iter().find(|(guard, _)| match guard {
                        Guard::Always => true,
                        Guard::Prefix(prefix) => rest.starts_with(prefix),
                        Guard::Bytes(set) => rest.first().is_some_and(|b| set[usize::from(*b)]),
                    });
                    step = chosen?.1;
                    continue;
                }
                Step::Jump(to) => {
                    step = *to;
                    continue;
                }
                Step::Save(slot) => slots[*slot] = at as u32,
                Step::NotNext(set) => {
                    if text.get(at).is_some_and(|byte| set[usize::from(*byte)]) {
                        return None;
                    }
                }
                Step::Next { class, negative } => {
                    if class.matches(text, at).is_some() == *negative {
                        return None;
                    }
                }
                Step::Previous { class, negative } => {
                    let found = at > 0 && class.matches(text, class::previous(text, at)).is_some();
                    if found == *negative {
                        return None;
                    }
                }
                Step::Assert(assertion) => {
                    if !holds(*assertion, text, at) {
                        return None;
                    }
                }
                Step::Match => return Some(()),
            }
            step += 1;
        }
    }
}

#[inline]
fn run(
    set: &Stop,
    text: &[u8],
    at: usize,
    (min, max): (usize, usize),
    back: Option<&[bool; 256]>,
) -> Option<usize> {
    let rest = text.get(at..)?;
    let rest = &rest[..rest.len().min(max)];
    let len = match set {
        Stop::Never => None,
        Stop::One(a) => memchr::memchr(*a, rest),
        Stop::Two(a, b) => memchr::memchr2(*a, *b, rest),
        Stop::Three(a, b, c) => memchr::memchr3(*a, *b, *c, rest),
        Stop::Not(set) => rest.iter().position(|byte| !set[usize::from(*byte)]),
    };
    let mut len = len.unwrap_or(rest.len());
    if let Some(follow) = back {
        // What cannot be followed from here is given back; a byte of ASCII begins a character.
        while !text.get(at + len).is_some_and(|byte| follow[usize::from(*byte)]) {
            len = len.checked_sub(1)?;
        }
    }
    (len >= min).then_some(at + len)
}

#[inline]
fn find(until: &Until, text: &[u8], at: usize, min: usize) -> Option<usize> {
    let mut from = at;
    if min > 0 {
        // At least one character; which bytes that are only ASCII tells.
        from += if *text.get(at)? < 128 { 1 } else { class::decode(text, at).1 };
    }
    let rest = text.get(from..)?;
    let len = match until {
        Until::Byte(byte) => memchr::memchr(*byte, rest)?,
        Until::Text(finder) => finder.find(rest)?,
        Until::Set { set, end } => {
            let found = rest.iter().position(|byte| set[usize::from(*byte)]);
            match found {
                Some(len) => len,
                None if *end => rest.len(),
                None => return None,
            }
        }
    };
    Some(from + len)
}
