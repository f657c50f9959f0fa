//! A compiled grok pattern: the tiers behind one door.
//!
//! In: a pattern's text, a [`Library`], which fields are wanted. Out: [`Pattern`], which finds
//! the leftmost match in a text and the spans of the wanted captures. The whole pattern is always
//! matched; only captures that nobody wants are left out.

use super::automaton::Automaton;
use super::backtrack::{Outcome, Program, Stack};
use super::error::CompileError;
use super::expand::expand;
use super::library::Library;
use super::parse::parse;
use super::scan::{Regions, Scanner, Verdict};
use super::syntax::Node;

/// How many steps a search may take, besides a share for the length of the text.
pub(super) const BUDGET: u64 = 3_000_000;

/// What the text of a capture becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text as it stands.
    Text,
    /// A whole number (Ruby's `to_i`).
    Int,
    /// A number with a fraction (Ruby's `to_f`).
    Float,
}

/// A named capture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// The field as the pattern names it: `clientip`, `[source][address]`.
    pub field: String,
    /// What its text becomes.
    pub kind: Kind,
    /// The groups of that name, in the order of the pattern.
    pub groups: Vec<usize>,
}

/// What a search came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A match; the scratch holds its spans.
    Match,
    /// No match.
    NoMatch,
    /// The text takes too long to be matched.
    TimedOut,
}

/// The memory of searches, one for each thread. Any pattern can use it.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) stack: Stack,
    pub(super) slots: Vec<u32>,
    regions: Regions,
}

impl Scratch {
    /// The bytes that a group of the last match took, if it took part.
    #[inline]
    #[must_use]
    pub fn span(&self, group: usize) -> Option<(usize, usize)> {
        let start = *self.slots.get(group * 2)?;
        let end = *self.slots.get(group * 2 + 1)?;
        (start <= end && end != u32::MAX).then_some((start as usize, end as usize))
    }
}

/// A compiled grok pattern.
#[derive(Debug)]
pub struct Pattern {
    captures: Vec<Capture>,
    scanner: Option<Scanner>,
    automaton: Automaton,
    program: Program,
}

impl Pattern {
    /// Compiles `text`, keeping the captures whose field `wanted` accepts.
    ///
    /// # Errors
    /// Unknown names, patterns that use themselves, and what is no regular expression.
    pub fn compile(
        text: &str,
        library: &Library,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Self, CompileError> {
        let parsed = parse(&expand(text, library)?, true)?;
        let in_use = referred_groups(&parsed.node);
        let mut numbers = vec![None; parsed.names.len()];
        let mut captures: Vec<(String, Capture)> = Vec::new();
        let mut count = 0;
        for (group, name) in parsed.names.iter().enumerate() {
            let (field, kind) = split_name(name);
            let keep = !field.is_empty() && wanted(field);
            if !keep && !in_use.contains(&group) {
                continue;
            }
            numbers[group] = Some(count);
            if keep {
                match captures.iter_mut().find(|(known, _)| known == name) {
                    Some((_, capture)) => capture.groups.push(count),
                    None => {
                        let field = field.to_owned();
                        captures.push((name.clone(), Capture { field, kind, groups: vec![count] }));
                    }
                }
            }
            count += 1;
        }
        let node = parsed.node.keep_groups(&numbers);
        let program = Program::compile(&node, count)?;
        let scanner = Scanner::compile(&node, count);
        let automaton = Automaton::new(&node);
        let captures = captures.into_iter().map(|(_, capture)| capture).collect();
        Ok(Self { captures, scanner, automaton, program })
    }

    /// The wanted captures, by name in order of first appearance.
    #[must_use]
    pub fn captures(&self) -> &[Capture] {
        &self.captures
    }

    /// Whether the pattern has a fast matcher for texts of the expected shape.
    #[must_use]
    pub fn is_scanned(&self) -> bool {
        self.scanner.is_some()
    }

    /// Finds the leftmost match in `text`.
    pub fn find(&self, scratch: &mut Scratch, text: &[u8]) -> Found {
        let Scratch { stack, slots, regions } = scratch;
        if let Some(scanner) = &self.scanner
            && scanner.scan(text, regions, slots) == Verdict::Match
        {
            return Found::Match;
        }
        if self.automaton.excludes(text) {
            return Found::NoMatch;
        }
        let budget = BUDGET + text.len() as u64 * 20;
        match self.program.search(text, 0, stack, slots, budget) {
            Outcome::Match => Found::Match,
            Outcome::NoMatch => {
                self.automaton.missed();
                Found::NoMatch
            }
            Outcome::TimedOut => Found::TimedOut,
        }
    }
}

/// `field:type` apart; types other than `int` and `float` mean text.
fn split_name(name: &str) -> (&str, Kind) {
    let mut parts = name.split(':');
    let field = parts.next().unwrap_or_default();
    let kind = match parts.next() {
        Some("int") => Kind::Int,
        Some("float") => Kind::Float,
        _ => Kind::Text,
    };
    (field, kind)
}

fn referred_groups(node: &Node) -> Vec<usize> {
    let mut groups = Vec::new();
    node.walk(&mut |node| {
        if let Node::Backref { groups: referred, .. } = node {
            groups.extend(referred);
        }
    });
    groups
}
