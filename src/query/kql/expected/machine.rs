//! Tries the rules over a text, in order, remembering; collects what failed farthest.
//!
//! A machine with a stack of its own rather than functions that call each other: no depth of
//! nesting exhausts it. Each rule is tried once per place, so time is linear in the text.

use foldhash::HashMap;

use super::rules::{Part, RULES, Rule};
use crate::query::kql::lexer;

const SPACE_LABEL: &str = "whitespace";
const END_LABEL: &str = "end of input";

/// A part that is being tried.
struct Frame {
    part: &'static Part,
    /// Where it began.
    start: u32,
    /// Which of its parts is being tried, or how often it has fitted.
    step: u32,
}

/// What is remembered of a rule at a place: where it fits to, or one of these two.
type Memory = u32;

const UNTRIED: Memory = u32::MAX;
const FAILED: Memory = u32::MAX - 1;

/// The text and what has been tried on it.
pub(super) struct Machine<'a> {
    text: &'a [u8],
    place: u32,
    frames: Vec<Frame>,
    /// Named rules that are open: what fails inside is not listed.
    muted: u32,
    memory: HashMap<u32, [Memory; RULES]>,
    /// One bit per place: whether white space was tried there.
    space_tried: Vec<u64>,
    farthest: u32,
    labels: Vec<&'static str>,
}

impl<'a> Machine<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            place: 0,
            frames: Vec::new(),
            muted: 0,
            memory: HashMap::default(),
            space_tried: vec![0; text.len() / 64 + 1],
            farthest: 0,
            labels: Vec::new(),
        }
    }

    /// The farthest place, the labels of what failed there, and how much of the text fits.
    pub(super) fn run(mut self) -> (usize, Vec<&'static str>, Option<usize>) {
        static QUERY: Part = Part::Call(Rule::Query);
        let mut result = self.begin(&QUERY);
        while let Some(frame) = self.frames.pop() {
            result = match result {
                Some(fits) => self.go_on(frame, fits),
                None => self.resume(frame),
            };
        }
        let fits = (result == Some(true)).then_some(self.place as usize);
        if fits.is_some() {
            self.record(END_LABEL);
        }
        (self.farthest as usize, self.labels, fits)
    }

    /// Something failed at the current place.
    fn record(&mut self, label: &'static str) {
        if self.muted > 0 || self.place < self.farthest {
            return;
        }
        if self.place > self.farthest {
            self.farthest = self.place;
            self.labels.clear();
        }
        self.labels.push(label);
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.place as usize..).unwrap_or_default()
    }

    /// Puts a part on the stack; its own parts are tried next.
    fn enter(&mut self, part: &'static Part, step: u32) {
        self.frames.push(Frame { part, start: self.place, step });
    }

    /// Begins to try a part. `None`: it lies on the stack and wants to be resumed.
    fn begin(&mut self, part: &'static Part) -> Option<bool> {
        match part {
            Part::Text(text, label) => Some(self.text(text, label)),
            Part::Space => Some(self.space()),
            Part::Quoted => Some(self.quoted()),
            Part::Bare => Some(self.bare()),
            Part::Call(rule) => self.call(part, *rule),
            Part::Row(_) | Part::First(_) | Part::Many(_) | Part::Some(_) | Part::Maybe(_) => {
                self.enter(part, 0);
                None
            }
        }
    }

    /// Begins the part of `frame` that is to be tried next.
    fn resume(&mut self, frame: Frame) -> Option<bool> {
        let next = match frame.part {
            Part::Row(parts) | Part::First(parts) => &parts[frame.step as usize],
            Part::Many(part) | Part::Some(part) | Part::Maybe(part) => part,
            Part::Call(rule) => rule.body(),
            // Others are never on the stack.
            Part::Text(..) | Part::Space | Part::Quoted | Part::Bare => return Some(false),
        };
        self.frames.push(frame);
        self.begin(next)
    }

    /// A part of `frame` has been tried: goes on with the next, or is done.
    fn go_on(&mut self, mut frame: Frame, fits: bool) -> Option<bool> {
        match frame.part {
            Part::Row(parts) => {
                if !fits {
                    self.place = frame.start;
                    return Some(false);
                }
                frame.step += 1;
                if frame.step as usize == parts.len() {
                    return Some(true);
                }
            }
            Part::First(parts) => {
                frame.step += 1;
                if fits || frame.step as usize == parts.len() {
                    return Some(fits);
                }
            }
            Part::Many(_) | Part::Some(_) => {
                let needed = matches!(frame.part, Part::Some(_));
                if !fits {
                    return Some(frame.step > 0 || !needed);
                }
                frame.step = 1;
            }
            Part::Maybe(_) => return Some(true),
            Part::Call(rule) => return Some(self.leave(*rule, frame.start, fits)),
            Part::Text(..) | Part::Space | Part::Quoted | Part::Bare => return Some(fits),
        }
        self.frames.push(frame);
        None
    }

    fn call(&mut self, part: &'static Part, rule: Rule) -> Option<bool> {
        let known = self.memory.entry(self.place).or_insert([UNTRIED; RULES]);
        match known[rule as usize] {
            FAILED => Some(false),
            UNTRIED => {
                self.muted += u32::from(rule.label().is_some());
                self.enter(part, 0);
                None
            }
            end => {
                self.place = end;
                Some(true)
            }
        }
    }

    fn leave(&mut self, rule: Rule, start: u32, fits: bool) -> bool {
        if let Some(label) = rule.label() {
            self.muted -= 1;
            if !fits {
                self.place = start;
                self.record(label);
            }
        }
        let memory = if fits { self.place } else { FAILED };
        self.memory.entry(start).or_insert([UNTRIED; RULES])[rule as usize] = memory;
        fits
    }

    fn text(&mut self, text: &str, label: &'static str) -> bool {
        let head = self.rest().get(..text.len());
        let fits = head.is_some_and(|head| head.eq_ignore_ascii_case(text.as_bytes()));
        if fits {
            self.place += text.len() as u32;
        } else {
            self.record(label);
        }
        fits
    }

    /// Marks white space as tried at a place; whether it was before.
    fn try_space(&mut self, place: usize) -> bool {
        let Some(bits) = self.space_tried.get_mut(place / 64) else { return false };
        let bit = 1 << (place % 64);
        let before = *bits & bit != 0;
        *bits |= bit;
        before
    }

    fn space(&mut self) -> bool {
        let remembered = self.try_space(self.place as usize);
        if let Ok((rest, ())) = lexer::space(self.rest()) {
            self.place = (self.text.len() - rest.len()) as u32;
            return true;
        }
        if !remembered {
            self.record(SPACE_LABEL);
        }
        false
    }

    fn quoted(&mut self) -> bool {
        let rest = self.rest();
        if rest.first() != Some(&b'"') {
            return false;
        }
        let mut at = 1;
        while let Some(found) = rest.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
            at += found;
            if rest[at] == b'"' {
                self.place += at as u32 + 1;
                return true;
            }
            let is_pair = matches!(rest.get(at + 1), Some(b'"' | b'\\'));
            at += if is_pair { 2 } else { 1 };
        }
        false
    }

    fn bare(&mut self) -> bool {
        let (rest, length) = (self.rest(), self.text.len());
        let end = length - lexer::bare_end(rest, |rest| self.look_for_keyword(rest)).len();
        let fits = end > self.place as usize;
        self.place = end as u32;
        fits
    }

    /// At each character that is no escape, white space is tried where a keyword might begin, and
    /// after the keyword's letters.
    fn look_for_keyword(&mut self, rest: &[u8]) {
        if rest.first().is_some_and(|byte| lexer::is_special(*byte)) {
            return;
        }
        let place_of = |rest: &[u8]| self.text.len() - rest.len();
        let begins = |rest: &[u8], word: &str| {
            rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        };
        let at = place_of(rest);
        let after_conjunction = lexer::space(rest).ok().and_then(|(after, ())| {
            let word = ["or", "and"].into_iter().find(|word| begins(after, word))?;
            Some(place_of(after) + word.len())
        });
        self.try_space(at);
        after_conjunction.map(|place| self.try_space(place));
        if begins(rest, "not") {
            self.try_space(at + 3);
        }
    }
}
