//! Turns a tree into steps for the backtracking matcher.

use super::super::class::{CharClass, Wide};
use super::super::error::CompileError;
use super::super::syntax::{Assertion, Greed, Node};

/// The most steps that a pattern may have.
const LIMIT: usize = 300_000;

/// One step.
#[derive(Debug)]
pub(super) enum Step {
    /// These bytes.
    Literal(Box<[u8]>),
    /// One character of a class.
    Class(CharClass),
    /// A repeated class; `next` is the byte that must follow, where that is certain.
    Run { class: CharClass, min: u32, max: u32, greed: Greed, next: Option<u8> },
    /// A repeated class that holds every character: as long as the text.
    Rest { min: u32, next: Option<u8> },
    /// Goes on at `first`, at `second` if that fails.
    Split { first: usize, second: usize },
    /// Goes on there.
    Jump(usize),
    /// Notes the position.
    Save(usize),
    /// Fails where nothing was taken since this slot was saved.
    Progress(usize),
    /// Tests a place.
    Assert(Assertion),
    /// Tests the next character without taking it.
    Next { class: CharClass, negative: bool },
    /// Tests the character before.
    Previous { class: CharClass, negative: bool },
    /// Goes back so many characters.
    Back(u32),
    /// Begins an atomic group or a lookaround that must match.
    Enter,
    /// Ends an atomic group: what it could have done otherwise is forgotten.
    Commit,
    /// Ends a lookaround that must match: forgets too, and goes back to where it began.
    CommitBack,
    /// Begins a lookaround that must not match; goes on there if it does not.
    EnterNot(usize),
    /// The end of such a lookaround: what it stands for has failed.
    FailNot,
    /// The same text as a group's.
    Backref { groups: Box<[usize]>, ignore_case: bool },
    /// The end.
    Match,
}

/// A pattern as steps.
#[derive(Debug)]
pub(in crate::grok) struct Program {
    pub(super) steps: Vec<Step>,
    /// Positions that are kept: two for each group, and one for each loop that could stand still.
    pub(super) slots: usize,
    /// The bytes that a match can begin with; `None` where an empty match is possible.
    pub(super) first: Option<Box<[bool; 256]>>,
    /// Where a match can begin.
    pub(super) anchor: Anchor,
    /// Bytes that every match holds.
    pub(super) needed: Option<memchr::memmem::Finder<'static>>,
}

/// Where a match can begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Anywhere.
    None,
    /// Only at the start of the text (or nowhere else once it has failed there).
    Text,
    /// At starts of lines.
    Line,
}

impl Program {
    /// Compiles a tree with so many groups.
    pub(in crate::grok) fn compile(node: &Node, groups: usize) -> Result<Self, CompileError> {
        let mut compiler = Compiler { steps: Vec::new(), slots: groups * 2 };
        compiler.emit(node, None)?;
        compiler.push(Step::Match)?;
        let mut first = [false; 256];
        let first = (!first_bytes(node, &mut first)).then(|| Box::new(first));
        Ok(Self {
            steps: compiler.steps,
            slots: compiler.slots,
            first,
            anchor: anchor(node),
            needed: longest_literal(node)
                .filter(|text| text.len() > 1)
                .map(|text| memchr::memmem::Finder::new(text).into_owned()),
        })
    }
}

struct Compiler {
    steps: Vec<Step>,
    slots: usize,
}

impl Compiler {
    fn push(&mut self, step: Step) -> Result<usize, CompileError> {
        if self.steps.len() >= LIMIT {
            return Err(CompileError::TooLarge { size: self.steps.len(), limit: LIMIT });
        }
        self.steps.push(step);
        Ok(self.steps.len() - 1)
    }

    fn here(&self) -> usize {
        self.steps.len()
    }

    /// Emits a node; `next` is the byte that what follows must begin with, if that is certain.
    fn emit(&mut self, node: &Node, next: Option<u8>) -> Result<(), CompileError> {
        match node {
            Node::Empty => {}
            Node::Literal(text) => {
                self.push(Step::Literal(text.clone().into()))?;
            }
            Node::Class(class) => {
                self.push(Step::Class(class.clone()))?;
            }
            Node::Concat(nodes) => {
                for (idx, node) in nodes.iter().enumerate() {
                    let after = &nodes[idx + 1..];
                    let next = if after.is_empty() { next } else { certain_byte(after) };
                    self.emit(node, next)?;
                }
            }
            Node::Alternate(branches) => self.alternate(branches, next)?,
            Node::Repeat { node, min, max, greed } => {
                if let Node::Class(class) = &**node {
                    return self.run(class, *min, *max, *greed, next);
                }
                self.repeat(node, *min, *max, *greed)?;
            }
            Node::Group { index, node } => {
                self.push(Step::Save(index * 2))?;
                self.emit(node, next)?;
                self.push(Step::Save(index * 2 + 1))?;
            }
            Node::Atomic(node) => {
                self.push(Step::Enter)?;
                self.emit(node, None)?;
                self.push(Step::Commit)?;
            }
            Node::Look { behind, negative, node } => self.look(*behind, *negative, node)?,
            Node::Assert(assertion) => {
                self.push(Step::Assert(*assertion))?;
            }
            Node::Backref { groups, ignore_case } => {
                let groups = groups.clone().into();
                self.push(Step::Backref { groups, ignore_case: *ignore_case })?;
            }
        }
        Ok(())
    }

    fn alternate(&mut self, branches: &[Node], next: Option<u8>) -> Result<(), CompileError> {
        let mut ends = Vec::new();
        for (idx, branch) in branches.iter().enumerate() {
            let last = idx + 1 == branches.len();
            let split = if last { None } else { Some(self.push(Step::Match)?) };
            self.emit(branch, next)?;
            if let Some(split) = split {
                ends.push(self.push(Step::Match)?);
                self.steps[split] = Step::Split { first: split + 1, second: self.here() };
            }
        }
        for end in ends {
            self.steps[end] = Step::Jump(self.here());
        }
        Ok(())
    }

    fn run(
        &mut self,
        class: &CharClass,
        min: u32,
        max: Option<u32>,
        greed: Greed,
        next: Option<u8>,
    ) -> Result<(), CompileError> {
        let everything = class.ascii == u128::MAX && class.wide == Wide::All;
        let step = if everything && max.is_none() && min < 2 && greed == Greed::Greedy {
            Step::Rest { min, next }
        } else {
            let class = class.clone();
            Step::Run { class, min, max: max.unwrap_or(u32::MAX), greed, next }
        };
        self.push(step)?;
        Ok(())
    }

    fn repeat(
        &mut self,
        node: &Node,
        min: u32,
        max: Option<u32>,
        greed: Greed,
    ) -> Result<(), CompileError> {
        let possessive = greed == Greed::Possessive;
        if possessive {
            self.push(Step::Enter)?;
        }
        for _ in 0..min {
            self.emit(node, None)?;
        }
        let lazy = greed == Greed::Lazy;
        let split = |inside: usize, outside: usize| match lazy {
            true => Step::Split { first: outside, second: inside },
            false => Step::Split { first: inside, second: outside },
        };
        if let Some(max) = max {
            let mut exits = Vec::new();
            for _ in min..max {
                exits.push(self.push(Step::Match)?);
                self.emit(node, None)?;
            }
            for exit in exits {
                self.steps[exit] = split(exit + 1, self.here());
            }
        } else {
            let start = self.push(Step::Match)?;
            let progress = can_be_empty(node).then(|| {
                self.slots += 1;
                self.slots - 1
            });
            if let Some(slot) = progress {
                self.push(Step::Save(slot))?;
            }
            self.emit(node, None)?;
            if let Some(slot) = progress {
                self.push(Step::Progress(slot))?;
            }
            self.push(Step::Jump(start))?;
            self.steps[start] = split(start + 1, self.here());
        }
        if possessive {
            self.push(Step::Commit)?;
        }
        Ok(())
    }

    fn look(&mut self, behind: bool, negative: bool, node: &Node) -> Result<(), CompileError> {
        if let Some(class) = single_class(node) {
            let step = match behind {
                true => Step::Previous { class, negative },
                false => Step::Next { class, negative },
            };
            self.push(step)?;
            return Ok(());
        }
        let body = if behind { stepping_back(node)? } else { vec![(0, node)] };
        let enter = self.push(Step::Enter)?;
        let mut ends = Vec::new();
        let count = body.len();
        for (idx, (back, branch)) in body.into_iter().enumerate() {
            let split = if idx + 1 == count { None } else { Some(self.push(Step::Match)?) };
            if back > 0 {
                self.push(Step::Back(back))?;
            }
            self.emit(branch, None)?;
            if let Some(split) = split {
                ends.push(self.push(Step::Match)?);
                self.steps[split] = Step::Split { first: split + 1, second: self.here() };
            }
        }
        for end in ends {
            self.steps[end] = Step::Jump(self.here());
        }
        if negative {
            self.push(Step::FailNot)?;
            self.steps[enter] = Step::EnterNot(self.here());
        } else {
            self.push(Step::CommitBack)?;
        }
        Ok(())
    }
}

/// The branches of a lookbehind with their lengths in characters.
fn stepping_back(node: &Node) -> Result<Vec<(u32, &Node)>, CompileError> {
    let branches = match node {
        Node::Alternate(branches) => branches.iter().collect(),
        node => vec![node],
    };
    let too_open = || CompileError::Syntax {
        reason: "a lookbehind must have a fixed length".to_owned(),
        at: 0,
        around: String::new(),
    };
    branches.into_iter().map(|node| Ok((fixed_len(node).ok_or_else(too_open)?, node))).collect()
}

fn fixed_len(node: &Node) -> Option<u32> {
    match node {
        Node::Empty | Node::Look { .. } | Node::Assert(_) => Some(0),
        Node::Literal(text) => Some(String::from_utf8_lossy(text).chars().count() as u32),
        Node::Class(_) => Some(1),
        Node::Concat(nodes) => nodes.iter().map(fixed_len).sum(),
        Node::Alternate(branches) => {
            let first = fixed_len(branches.first()?)?;
            branches.iter().all(|node| fixed_len(node) == Some(first)).then_some(first)
        }
        Node::Repeat { node, min, max, .. } if *max == Some(*min) => {
            Some(fixed_len(node)?.checked_mul(*min)?)
        }
        Node::Group { node, .. } | Node::Atomic(node) => fixed_len(node),
        _ => None,
    }
}

/// The class of a node that is just one character.
pub(in crate::grok) fn single_class(node: &Node) -> Option<CharClass> {
    match node {
        Node::Class(class) => Some(class.clone()),
        Node::Literal(text) if text.len() == 1 && text[0] < 128 => {
            Some(CharClass { ascii: 1 << text[0], wide: Wide::None })
        }
        _ => None,
    }
}

/// Whether a node can match without taking anything.
pub(in crate::grok) fn can_be_empty(node: &Node) -> bool {
    match node {
        Node::Literal(text) => text.is_empty(),
        Node::Class(_) => false,
        Node::Concat(nodes) => nodes.iter().all(can_be_empty),
        Node::Alternate(branches) => branches.iter().any(can_be_empty),
        Node::Repeat { node, min, .. } => *min == 0 || can_be_empty(node),
        Node::Group { node, .. } | Node::Atomic(node) => can_be_empty(node),
        Node::Empty | Node::Look { .. } | Node::Assert(_) | Node::Backref { .. } => true,
    }
}

/// Adds the bytes that a match of `node` can begin with; returns whether it can be empty.
pub(in crate::grok) fn first_bytes(node: &Node, bytes: &mut [bool; 256]) -> bool {
    match node {
        Node::Empty | Node::Look { .. } | Node::Assert(_) => true,
        Node::Literal(text) => match text.first() {
            Some(byte) => {
                bytes[usize::from(*byte)] = true;
                false
            }
            None => true,
        },
        Node::Class(class) => {
            for (place, starts) in bytes.iter_mut().zip(class.first_bytes()) {
                *place |= starts;
            }
            false
        }
        Node::Concat(nodes) => nodes.iter().all(|node| first_bytes(node, bytes)),
        Node::Alternate(branches) => {
            branches.iter().fold(false, |empty, node| first_bytes(node, bytes) | empty)
        }
        Node::Repeat { node, min, max, .. } => {
            *max == Some(0) || first_bytes(node, bytes) || *min == 0
        }
        Node::Group { node, .. } | Node::Atomic(node) => first_bytes(node, bytes),
        Node::Backref { .. } => {
            bytes.fill(true);
            true
        }
    }
}

fn certain_byte(nodes: &[Node]) -> Option<u8> {
    match nodes.first()? {
        Node::Literal(text) => text.first().copied().filter(u8::is_ascii),
        Node::Group { node, .. } | Node::Atomic(node) => certain_byte(std::slice::from_ref(node)),
        Node::Concat(inner) => certain_byte(inner),
        _ => None,
    }
}

fn anchor(node: &Node) -> Anchor {
    match node {
        Node::Assert(Assertion::TextStart) => Anchor::Text,
        Node::Assert(Assertion::LineStart) => Anchor::Line,
        Node::Concat(nodes) => nodes.first().map_or(Anchor::None, anchor),
        Node::Group { node, .. } => anchor(node),
        // `.*` over everything: what fails at the start fails everywhere.
        Node::Repeat { node, min: 0, max: None, greed: Greed::Greedy | Greed::Lazy } => {
            match &**node {
                Node::Class(class) if class.ascii == u128::MAX && class.wide == Wide::All => {
                    Anchor::Text
                }
                _ => Anchor::None,
            }
        }
        _ => Anchor::None,
    }
}

/// The longest text that each match must hold.
fn longest_literal(node: &Node) -> Option<&[u8]> {
    match node {
        Node::Literal(text) => Some(text),
        Node::Concat(nodes) => nodes.iter().filter_map(longest_literal).max_by_key(|t| t.len()),
        Node::Group { node, .. } | Node::Atomic(node) => longest_literal(node),
        Node::Repeat { node, min, .. } if *min > 0 => longest_literal(node),
        _ => None,
    }
}
