//! Turns a tree into steps of the scanner, or finds that it has no preferred way to follow.

use super::super::backtrack::single_class;
use super::super::class::{CharClass, Wide};
use super::super::syntax::{Assertion, Greed, Node};
use super::bytes::{Bytes, Follow, alphabet, first, prefix};
use super::nfa::Nfa;
use super::region::Region;

/// One step.
#[derive(Debug)]
pub(super) enum Step {
    /// This byte.
    Byte(u8),
    /// These bytes.
    Literal(Box<[u8]>),
    /// One byte of the set.
    One(Box<[bool; 256]>),
    /// One character of the class.
    Class(CharClass),
    /// As many bytes of the set as there are; then back to one that can follow.
    Run { set: Stop, min: usize, max: usize, back: Option<Box<[bool; 256]>> },
    /// To the first of these texts; all on the way is in the set.
    Find { set: Option<Box<[bool; 256]>>, min: usize, until: Until },
    /// An automaton.
    Region(Region),
    /// Goes on at the first whose guard holds.
    Choice(Box<[(Guard, usize)]>),
    /// Goes on there.
    Jump(usize),
    /// Notes the position.
    Save(usize),
    /// The next byte must not be in the set.
    NotNext(Box<[bool; 256]>),
    /// Tests the next character.
    Next { class: CharClass, negative: bool },
    /// Tests the character before.
    Previous { class: CharClass, negative: bool },
    /// Tests a place.
    Assert(Assertion),
    /// The end.
    Match,
}

/// What ends a run.
#[derive(Debug)]
pub(super) enum Stop {
    /// The end of the text only.
    Never,
    /// This byte.
    One(u8),
    /// One of these.
    Two(u8, u8),
    /// One of these.
    Three(u8, u8, u8),
    /// A byte that is not in the set.
    Not(Box<[bool; 256]>),
}

/// What ends the search of a lazy run.
#[derive(Debug)]
pub(super) enum Until {
    /// A text.
    Text(memchr::memmem::Finder<'static>),
    /// A byte.
    Byte(u8),
    /// A byte of the set, or the end where that may come.
    Set { set: Box<[bool; 256]>, end: bool },
}

/// When a choice is taken.
#[derive(Debug)]
pub(super) enum Guard {
    /// Always.
    Always,
    /// The text begins so.
    Prefix(Box<[u8]>),
    /// The next byte is one of these.
    Bytes(Box<[bool; 256]>),
}

/// A pattern that is followed in one pass.
#[derive(Debug)]
pub(in crate::grok) struct Scanner {
    pub(super) steps: Vec<Step>,
    pub(super) slots: usize,
}

/// The most steps that a scanner may have.
const LIMIT: usize = 400;

impl Scanner {
    /// The scanner of a tree with so many groups, if it can have one.
    pub(in crate::grok) fn compile(node: &Node, groups: usize) -> Option<Self> {
        let mut compiler = Compiler { steps: Vec::new() };
        compiler.node(node, &Follow::open())?;
        compiler.push(Step::Match)?;
        Some(Self { steps: compiler.steps, slots: groups * 2 })
    }
}

struct Compiler {
    steps: Vec<Step>,
}

impl Compiler {
    fn push(&mut self, step: Step) -> Option<usize> {
        self.steps.push(step);
        (self.steps.len() <= LIMIT).then(|| self.steps.len() - 1)
    }

    fn node(&mut self, node: &Node, follow: &Follow) -> Option<()> {
        match node {
            Node::Empty => {}
            Node::Literal(text) => {
                let step = match text.as_slice() {
                    [byte] => Step::Byte(*byte),
                    text => Step::Literal(text.into()),
                };
                self.push(step)?;
            }
            Node::Class(class) => {
                let step = match class.wide {
                    Wide::None => Step::One(Box::new(class.first_bytes())),
                    _ => Step::Class(class.clone()),
                };
                self.push(step)?;
            }
            Node::Concat(nodes) => self.sequence(nodes, follow)?,
            Node::Group { index, node } => {
                self.push(Step::Save(index * 2))?;
                self.node(node, follow)?;
                self.push(Step::Save(index * 2 + 1))?;
            }
            Node::Repeat { node: inner, min, max, greed } => {
                if let Node::Class(class) = &**inner {
                    return self.run(class, (*min, *max), *greed, follow);
                }
                if self.region(node, follow) {
                    return Some(());
                }
                self.optional(inner, (*min, *max), *greed, follow)?;
            }
            Node::Alternate(branches) => {
                if self.region(node, follow) {
                    return Some(());
                }
                self.choice(branches, follow)?;
            }
            Node::Atomic(inner) => {
                if self.region(node, follow) {
                    return Some(());
                }
                // What follows does not matter to what a group that is never left again takes.
                self.node(inner, &Follow::open())?;
            }
            Node::Look { behind, negative, node } => self.look(*behind, *negative, node)?,
            Node::Assert(assertion) => {
                self.push(Step::Assert(*assertion))?;
            }
            Node::Backref { .. } => return None,
        }
        Some(())
    }

    /// One after the other; neighbours that one automaton can take become one region.
    fn sequence(&mut self, nodes: &[Node], follow: &Follow) -> Option<()> {
        let mut idx = 0;
        while idx < nodes.len() {
            let joined = self.longest_region(&nodes[idx..], follow);
            if joined > 0 {
                idx += joined;
                continue;
            }
            let after = Follow::of(&nodes[idx + 1..], follow);
            // A lazy run goes up to the text that follows, all of it.
            if let (Some(class), Some(Node::Literal(text))) =
                (lazy_class(&nodes[idx]), nodes.get(idx + 1))
            {
                self.find(class, &nodes[idx], text)?;
                idx += 1;
                continue;
            }
            self.node(&nodes[idx], &after)?;
            idx += 1;
        }
        Some(())
    }

    /// Makes a region of as many nodes as can be; how many that are.
    fn longest_region(&mut self, nodes: &[Node], follow: &Follow) -> usize {
        let most = nodes.iter().take_while(|node| is_short(node)).count();
        for count in (2..=most).rev() {
            let part = &nodes[..count];
            let choices = part.iter().filter(|node| !is_plain(node)).count();
            if choices == 0 {
                return 0;
            }
            let after = Follow::of(&nodes[count..], follow);
            let apart = part.iter().all(|node| !alphabet(node).touches(&after.bytes));
            if !apart {
                continue;
            }
            if let Some(nfa) = Nfa::build(part, &after)
                && self.push(Step::Region(Region::new(nfa))).is_some()
            {
                return count;
            }
        }
        0
    }

    /// Makes a region of a part with choices, where that is the better way through it.
    fn region(&mut self, node: &Node, follow: &Follow) -> bool {
        let Some(nfa) = Nfa::build(std::slice::from_ref(node), follow) else { return false };
        let better = match nfa.is_sure() {
            true => is_short(node) || !is_decided(node, follow),
            false => !nfa.begins_unsure() && !is_decided(node, follow),
        };
        better && self.push(Step::Region(Region::new(nfa))).is_some()
    }

    fn run(
        &mut self,
        class: &CharClass,
        (min, max): (u32, Option<u32>),
        greed: Greed,
        follow: &Follow,
    ) -> Option<()> {
        let wide = class.wide == Wide::All;
        let set = match &class.wide {
            Wide::None | Wide::All => class.first_bytes(),
            Wide::Ranges(_) => return None,
        };
        // Beyond ASCII bytes are not characters; only "any number of them" is the same.
        let countable = !wide || (min <= 1 && max.is_none());
        if !countable {
            return None;
        }
        let (min, max) = (min as usize, max.map_or(usize::MAX, |max| max as usize));
        if greed == Greed::Lazy {
            if min == max {
                return self.push(Step::Run { set: stop(&set), min, max, back: None }).map(drop);
            }
            if follow.open || !follow.bytes.is_ascii() || max != usize::MAX {
                return None;
            }
            let all = set.iter().all(|place| *place);
            let until = Until::Set { set: Box::new(follow.bytes.0), end: follow.end };
            self.push(Step::Find { set: (!all).then(|| Box::new(set)), min, until })?;
            return Some(());
        }
        let gives_back = greed == Greed::Greedy
            && !follow.open
            && !follow.end
            && follow.bytes.is_ascii()
            && follow.bytes.touches(&Bytes(set));
        let back = gives_back.then(|| Box::new(follow.bytes.0));
        self.push(Step::Run { set: stop(&set), min, max, back })?;
        Some(())
    }

    fn find(&mut self, class: &CharClass, node: &Node, text: &[u8]) -> Option<()> {
        let Node::Repeat { min, .. } = node else { return None };
        let set = match &class.wide {
            Wide::None | Wide::All if *min <= 1 && text[0] < 128 => class.first_bytes(),
            _ => return None,
        };
        let all = set.iter().all(|place| *place);
        let until = match text {
            [byte] => Until::Byte(*byte),
            text => Until::Text(memchr::memmem::Finder::new(text).into_owned()),
        };
        let set = (!all).then(|| Box::new(set));
        self.push(Step::Find { set, min: *min as usize, until })?;
        Some(())
    }

    /// `(..)?`, and repetitions that a fixed number of those make.
    fn optional(
        &mut self,
        node: &Node,
        (min, max): (u32, Option<u32>),
        greed: Greed,
        follow: &Follow,
    ) -> Option<()> {
        if greed == Greed::Lazy {
            return None;
        }
        let again = Node::Repeat { node: Box::new(node.clone()), min: 0, max, greed };
        let inner = match max {
            Some(1) => follow.clone(),
            _ => Follow::of(&[again], follow),
        };
        if min > 4 {
            return None;
        }
        for _ in 0..min {
            self.node(node, &inner)?;
        }
        let guard = guard(node)?;
        match max {
            Some(max) if max == min => {}
            Some(max) if max == min + 1 => {
                let choice = self.push(Step::Match)?;
                self.node(node, &inner)?;
                let end = self.steps.len();
                self.steps[choice] =
                    Step::Choice(Box::new([(guard, choice + 1), (Guard::Always, end)]));
            }
            None => {
                let choice = self.push(Step::Match)?;
                self.node(node, &inner)?;
                self.push(Step::Jump(choice))?;
                let end = self.steps.len();
                self.steps[choice] =
                    Step::Choice(Box::new([(guard, choice + 1), (Guard::Always, end)]));
            }
            Some(_) => return None,
        }
        Some(())
    }

    fn choice(&mut self, branches: &[Node], follow: &Follow) -> Option<()> {
        let choice = self.push(Step::Match)?;
        let mut guards = Vec::with_capacity(branches.len());
        let mut ends = Vec::new();
        for branch in branches {
            let guard = guard(branch).unwrap_or(Guard::Always);
            let always = matches!(guard, Guard::Always);
            guards.push((guard, self.steps.len()));
            self.node(branch, follow)?;
            ends.push(self.push(Step::Match)?);
            if always {
                break;
            }
        }
        let end = self.steps.len();
        for jump in ends {
            self.steps[jump] = Step::Jump(end);
        }
        self.steps[choice] = Step::Choice(guards.into());
        Some(())
    }

    fn look(&mut self, behind: bool, negative: bool, node: &Node) -> Option<()> {
        let step = match single_class(node) {
            Some(class) if behind => Step::Previous { class, negative },
            Some(class) => Step::Next { class, negative },
            None if !behind && negative => Step::NotNext(Box::new(first(node)?.0)),
            None => return None,
        };
        self.push(step)?;
        Some(())
    }
}

/// When a part can be begun; `None` where it can be empty.
fn guard(node: &Node) -> Option<Guard> {
    let bytes = first(node)?;
    let text = prefix(node);
    Some(if text.len() > 1 { Guard::Prefix(text.into()) } else { Guard::Bytes(Box::new(bytes.0)) })
}

fn lazy_class(node: &Node) -> Option<&CharClass> {
    match node {
        Node::Repeat { node, max: None, greed: Greed::Lazy, .. } => match &**node {
            Node::Class(class) => Some(class),
            _ => None,
        },
        _ => None,
    }
}

fn stop(set: &[bool; 256]) -> Stop {
    let others: Vec<u8> = (0..=255).filter(|byte| !set[usize::from(*byte)]).collect();
    match others.as_slice() {
        [] => Stop::Never,
        [a] => Stop::One(*a),
        [a, b] => Stop::Two(*a, *b),
        [a, b, c] => Stop::Three(*a, *b, *c),
        _ => Stop::Not(Box::new(*set)),
    }
}

/// Whether a part takes few bytes, so that an automaton is the cheapest way over them.
fn is_short(node: &Node) -> bool {
    let long = |node: &Node| match node {
        Node::Group { .. } | Node::Backref { .. } => true,
        Node::Repeat { node, max: None, .. } => match &**node {
            Node::Class(class) => Bytes(class.first_bytes()).count() > 70,
            _ => false,
        },
        _ => false,
    };
    !node.any(&long)
}

/// Whether the next byte decides which way to go through a part.
fn is_decided(node: &Node, follow: &Follow) -> bool {
    match node {
        Node::Alternate(branches) => {
            let mut seen = Bytes::default();
            branches.iter().all(|branch| {
                let Some(bytes) = first(branch) else { return false };
                let apart = !seen.touches(&bytes);
                seen.add(&bytes);
                apart
            })
        }
        Node::Repeat { node, .. } => {
            let apart = first(node).is_some_and(|bytes| !bytes.touches(&follow.bytes));
            apart && is_decided(node, follow)
        }
        Node::Atomic(node) | Node::Group { node, .. } => is_decided(node, follow),
        _ => true,
    }
}

/// Whether a part has nothing to choose.
fn is_plain(node: &Node) -> bool {
    match node {
        Node::Empty | Node::Literal(_) | Node::Class(_) | Node::Assert(_) => true,
        Node::Repeat { node, .. } => matches!(**node, Node::Class(_)),
        _ => false,
    }
}
