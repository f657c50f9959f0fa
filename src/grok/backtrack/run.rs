//! Runs the steps of a backtracking program over a text.

use super::super::class::{self, CharClass};
use super::super::parse::same_folded;
use super::super::syntax::{Assertion, Greed};
use super::compile::{Anchor, Program, Step};

/// No position: a group that has not matched.
pub(in crate::grok) const UNSET: u32 = u32::MAX;

/// What a search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::grok) enum Outcome {
    /// A match; the slots hold its captures.
    Match,
    /// There is none.
    NoMatch,
    /// The step limit was reached.
    TimedOut,
}

/// Something that could have been done otherwise, or must be put back.
#[derive(Debug)]
enum Frame {
    /// Go on at that step and position.
    Resume { step: usize, at: usize },
    /// Give back one character of a greedy run at a time, down to `least`.
    Shrink { step: usize, least: usize, at: usize },
    /// Take one character more of a lazy run.
    Grow { run: usize, at: usize, left: u32 },
    /// Put an old position back.
    Restore { slot: usize, old: u32 },
    /// Where an atomic group or lookaround began.
    Barrier { at: usize },
    /// Where a negative lookaround began, and where it goes on.
    NotBarrier { step: usize, at: usize },
}

/// The memory of a search, kept from one to the next.
#[derive(Debug, Default)]
pub(in crate::grok) struct Stack {
    frames: Vec<Frame>,
}

impl Program {
    /// Searches `text` from `from` on for the leftmost match. `slots` is resized and filled.
    pub(in crate::grok) fn search(
        &self,
        text: &[u8],
        from: usize,
        stack: &mut Stack,
        slots: &mut Vec<u32>,
        mut budget: u64,
    ) -> Outcome {
        if self.needed.as_ref().is_some_and(|needed| needed.find(text).is_none()) {
            return Outcome::NoMatch;
        }
        let mut start = from;
        loop {
            if let Some(first) = &self.first {
                let rest = text.get(start..).unwrap_or_default();
                match rest.iter().position(|byte| first[usize::from(*byte)]) {
                    Some(skip) if skip == 0 || self.anchor != Anchor::Text => start += skip,
                    _ => return Outcome::NoMatch,
                }
            }
            if start > text.len() {
                return Outcome::NoMatch;
            }
            let at_line = start == 0 || text[start - 1] == b'\n';
            if self.anchor != Anchor::Line || at_line {
                slots.clear();
                slots.resize(self.slots, UNSET);
                stack.frames.clear();
                match self.run(text, start, stack, slots, &mut budget) {
                    Outcome::NoMatch => {}
                    found => return found,
                }
            }
            match self.anchor {
                Anchor::Text => return Outcome::NoMatch,
                Anchor::Line => match memchr::memchr(b'\n', &text[start..]) {
                    Some(skip) => start += skip + 1,
                    None => return Outcome::NoMatch,
                },
                Anchor::None => start += char_len(text, start),
            }
        }
    }

    fn run(
        &self,
        text: &[u8],
        start: usize,
        stack: &mut Stack,
        slots: &mut [u32],
        budget: &mut u64,
    ) -> Outcome {
        let frames = &mut stack.frames;
        let (mut step, mut at) = (0, start);
        loop {
            if *budget == 0 {
                return Outcome::TimedOut;
            }
            *budget -= 1;
            let next = match &self.steps[step] {
                Step::Literal(literal) => {
                    text[at..].starts_with(literal).then(|| (step + 1, at + literal.len()))
                }
                Step::Class(class) => class.matches(text, at).map(|len| (step + 1, at + len)),
                Step::Rest { min, next } => {
                    let least = if *min == 0 { Some(at) } else { one_more(text, at) };
                    least.map(|least| {
                        let shrink = Frame::Shrink { step, least, at: text.len() };
                        let _ = next;
                        frames.push(shrink);
                        (usize::MAX, at)
                    })
                }
                Step::Run { class, min, max, greed, .. } => match take(class, text, at, *min) {
                    None => None,
                    Some(least) if *greed == Greed::Lazy => {
                        if max > min {
                            frames.push(Frame::Grow { run: step, at: least, left: max - min });
                        }
                        Some((step + 1, least))
                    }
                    Some(least) => {
                        let most = take_up_to(class, text, least, max - min);
                        *budget = budget.saturating_sub(((most - at) / 8) as u64);
                        if *greed == Greed::Possessive || most == least {
                            Some((step + 1, most))
                        } else {
                            frames.push(Frame::Shrink { step, least, at: most });
                            Some((usize::MAX, at))
                        }
                    }
                },
                Step::Split { first, second } => {
                    frames.push(Frame::Resume { step: *second, at });
                    Some((*first, at))
                }
                Step::Jump(to) => Some((*to, at)),
                Step::Save(slot) => {
                    frames.push(Frame::Restore { slot: *slot, old: slots[*slot] });
                    slots[*slot] = at as u32;
                    Some((step + 1, at))
                }
                Step::Progress(slot) => (slots[*slot] != at as u32).then_some((step + 1, at)),
                Step::Assert(assertion) => holds(*assertion, text, at).then_some((step + 1, at)),
                Step::Next { class, negative } => {
                    (class.matches(text, at).is_some() != *negative).then_some((step + 1, at))
                }
                Step::Previous { class, negative } => {
                    let found = at > 0 && class.matches(text, class::previous(text, at)).is_some();
                    (found != *negative).then_some((step + 1, at))
                }
                Step::Back(count) => go_back(text, at, *count).map(|at| (step + 1, at)),
                Step::Enter => {
                    frames.push(Frame::Barrier { at });
                    Some((step + 1, at))
                }
                Step::Commit => {
                    commit(frames);
                    Some((step + 1, at))
                }
                Step::CommitBack => Some((step + 1, commit(frames))),
                Step::EnterNot(to) => {
                    frames.push(Frame::NotBarrier { step: *to, at });
                    Some((step + 1, at))
                }
                Step::FailNot => {
                    abandon(frames, slots);
                    None
                }
                Step::Backref { groups, ignore_case } => {
                    backref(groups, *ignore_case, slots, text, at).map(|at| (step + 1, at))
                }
                Step::Match => return Outcome::Match,
            };
            match next {
                Some((next, position)) if next != usize::MAX => (step, at) = (next, position),
                _ => match self.backtrack(text, frames, slots) {
                    Some(resumed) => (step, at) = resumed,
                    None => return Outcome::NoMatch,
                },
            }
        }
    }

    /// Takes up the last thing that could be done otherwise.
    fn backtrack(
        &self,
        text: &[u8],
        frames: &mut Vec<Frame>,
        slots: &mut [u32],
    ) -> Option<(usize, usize)> {
        loop {
            match frames.pop()? {
                Frame::Resume { step, at } => return Some((step, at)),
                Frame::Restore { slot, old } => slots[slot] = old,
                Frame::Barrier { .. } => {}
                Frame::NotBarrier { step, at } => return Some((step, at)),
                Frame::Shrink { step, least, at } => {
                    let Some(at) = self.shrunk(step, text, least, at) else { continue };
                    if at > least {
                        let at = class::previous(text, at);
                        frames.push(Frame::Shrink { step, least, at });
                    }
                    return Some((step + 1, at));
                }
                Frame::Grow { run, at, left } => {
                    let Step::Run { class, next, .. } = &self.steps[run] else { continue };
                    let Some((at, left)) = grown(class, *next, text, at, left) else { continue };
                    if left > 0 {
                        frames.push(Frame::Grow { run, at, left });
                    }
                    return Some((run + 1, at));
                }
            }
        }
    }

    /// The last position from `least` to `at` where the byte that must follow stands.
    fn shrunk(&self, step: usize, text: &[u8], least: usize, at: usize) -> Option<usize> {
        let (Step::Run { next, .. } | Step::Rest { next, .. }) = &self.steps[step] else {
            return None;
        };
        if at < least {
            return None;
        }
        match next {
            None => Some(at),
            Some(byte) => {
                let end = (at + 1).min(text.len());
                memchr::memrchr(*byte, &text[least..end]).map(|offset| least + offset)
            }
        }
    }
}

/// Takes one character more, and goes on to where the byte that must follow stands.
fn grown(
    class: &CharClass,
    next: Option<u8>,
    text: &[u8],
    mut at: usize,
    mut left: u32,
) -> Option<(usize, u32)> {
    loop {
        at += class.matches(text, at)?;
        left -= 1;
        match next {
            Some(byte) if text.get(at) != Some(&byte) => {
                if left == 0 {
                    return None;
                }
            }
            _ => return Some((at, left)),
        }
    }
}

fn char_len(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(byte) if *byte >= 128 => class::decode(text, at).1,
        _ => 1,
    }
}

fn one_more(text: &[u8], at: usize) -> Option<usize> {
    (at < text.len()).then(|| at + char_len(text, at))
}

fn take(class: &CharClass, text: &[u8], mut at: usize, count: u32) -> Option<usize> {
    for _ in 0..count {
        at += class.matches(text, at)?;
    }
    Some(at)
}

fn take_up_to(class: &CharClass, text: &[u8], mut at: usize, mut left: u32) -> usize {
    while left > 0 {
        let Some(len) = class.matches(text, at) else { break };
        at += len;
        left -= 1;
    }
    at
}

fn go_back(text: &[u8], mut at: usize, count: u32) -> Option<usize> {
    for _ in 0..count {
        if at == 0 {
            return None;
        }
        at = class::previous(text, at);
    }
    Some(at)
}

/// Forgets the choices since the last barrier, but not what must be put back when what came
/// before it fails. Returns where the barrier stood.
fn commit(frames: &mut Vec<Frame>) -> usize {
    let open = frames.iter().rposition(|frame| matches!(frame, Frame::Barrier { .. }));
    let Some(open) = open else { return 0 };
    let at = match &frames[open] {
        Frame::Barrier { at } => *at,
        _ => 0,
    };
    let mut kept = open;
    for idx in open + 1..frames.len() {
        if matches!(frames[idx], Frame::Restore { .. }) {
            frames.swap(kept, idx);
            kept += 1;
        }
    }
    frames.truncate(kept);
    at
}

/// Drops everything since the last negative lookaround began, putting captures back.
fn abandon(frames: &mut Vec<Frame>, slots: &mut [u32]) {
    while let Some(frame) = frames.pop() {
        match frame {
            Frame::Restore { slot, old } => slots[slot] = old,
            Frame::NotBarrier { .. } => return,
            _ => {}
        }
    }
}

fn backref(
    groups: &[usize],
    ignore_case: bool,
    slots: &[u32],
    text: &[u8],
    at: usize,
) -> Option<usize> {
    let span = groups.iter().rev().find_map(|group| {
        let (start, end) = (*slots.get(group * 2)?, *slots.get(group * 2 + 1)?);
        (start != UNSET && end != UNSET && start <= end).then_some((start as usize, end as usize))
    });
    let (start, end) = span?;
    let wanted = &text[start..end];
    if !ignore_case {
        return text[at..].starts_with(wanted).then(|| at + wanted.len());
    }
    let (wanted, rest) = (String::from_utf8_lossy(wanted), std::str::from_utf8(&text[at..]).ok()?);
    let mut chars = rest.char_indices();
    for c in wanted.chars() {
        let (_, found) = chars.next()?;
        if !same_folded(c, found) {
            return None;
        }
    }
    Some(at + chars.next().map_or(rest.len(), |(offset, _)| offset))
}

/// Whether an assertion holds at a place.
pub(in crate::grok) fn holds(assertion: Assertion, text: &[u8], at: usize) -> bool {
    match assertion {
        Assertion::TextStart => at == 0,
        Assertion::TextEnd => at == text.len(),
        Assertion::TextEndNewline => {
            at == text.len() || (at + 1 == text.len() && text[at] == b'\n')
        }
        Assertion::LineStart => at == 0 || (text[at - 1] == b'\n' && at < text.len()),
        Assertion::LineEnd => at == text.len() || text[at] == b'\n',
        Assertion::Word => class::is_word_boundary(text, at),
        Assertion::NotWord => !class::is_word_boundary(text, at),
    }
}
