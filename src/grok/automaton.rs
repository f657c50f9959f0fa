//! The linear-time matcher: says of a text that a pattern surely does not match it.
//!
//! In: a tree. Out: an automaton for at least what the tree matches (lookarounds are left out,
//! atomic groups opened), which reads each byte once. Texts that fit nothing, the most expensive
//! ones for the backtracking matcher, end here. It is built when enough of them have come.

use std::fmt::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use regex_automata::meta::{Config, Regex};
use regex_automata::util::syntax;

use super::class::{CharClass, Wide};
use super::syntax::{Assertion, Node};

/// So many texts must have been in vain before the automaton is built.
const PATIENCE: u32 = 16;

/// The longest expression that an automaton is built for, in bytes.
const LIMIT: usize = 200_000;

/// A pattern's automaton.
#[derive(Debug)]
pub(super) struct Automaton {
    source: String,
    misses: AtomicU32,
    regex: OnceLock<Option<Regex>>,
}

impl Automaton {
    /// Prepares the automaton of a tree.
    pub(super) fn new(node: &Node) -> Self {
        let mut source = String::new();
        write(node, &mut source);
        Self { source, misses: AtomicU32::new(0), regex: OnceLock::new() }
    }

    /// Whether `text` surely holds no match.
    pub(super) fn excludes(&self, text: &[u8]) -> bool {
        if self.misses.load(Ordering::Relaxed) < PATIENCE {
            return false;
        }
        let regex = self.regex.get_or_init(|| build(&self.source));
        regex.as_ref().is_some_and(|regex| !regex.is_match(text))
    }

    /// Notes that a slower matcher searched a text in vain.
    pub(super) fn missed(&self) {
        if self.misses.load(Ordering::Relaxed) < PATIENCE {
            self.misses.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn build(source: &str) -> Option<Regex> {
    if source.len() > LIMIT {
        return None;
    }
    let config = Config::new().utf8_empty(false).nfa_size_limit(Some(8 << 20));
    let syntax = syntax::Config::new().unicode(false).utf8(false).multi_line(true);
    Regex::builder().configure(config).syntax(syntax).build(source).ok()
}

fn write(node: &Node, out: &mut String) {
    if out.len() > LIMIT {
        return;
    }
    match node {
        Node::Empty | Node::Look { .. } => {}
        Node::Literal(text) => text.iter().for_each(|byte| byte_to(*byte, out)),
        Node::Class(class) => class_to(class, out),
        Node::Concat(nodes) => nodes.iter().for_each(|node| write(node, out)),
        Node::Alternate(branches) => {
            out.push_str("(?:");
            for (idx, branch) in branches.iter().enumerate() {
                if idx > 0 {
                    out.push('|');
                }
                write(branch, out);
            }
            out.push(')');
        }
        Node::Repeat { node, min, max, .. } => {
            out.push_str("(?:");
            write(node, out);
            out.push(')');
            // Writing to a text cannot fail.
            let _ = match max {
                None => write!(out, "{{{min},}}"),
                Some(max) => write!(out, "{{{min},{max}}}"),
            };
        }
        Node::Group { node, .. } | Node::Atomic(node) => {
            out.push_str("(?:");
            write(node, out);
            out.push(')');
        }
        Node::Assert(assertion) => out.push_str(match assertion {
            Assertion::LineStart => "^",
            Assertion::LineEnd => "$",
            Assertion::TextStart => "\\A",
            Assertion::TextEnd => "\\z",
            // What a word is differs beyond ASCII; a place may be anywhere.
            Assertion::TextEndNewline | Assertion::Word | Assertion::NotWord => "",
        }),
        Node::Backref { .. } => out.push_str("[\\x00-\\xff]*"),
    }
}

fn byte_to(byte: u8, out: &mut String) {
    let _ = write!(out, "\\x{byte:02x}");
}

/// A class by its bytes; a character beyond ASCII is one to four bytes, whichever it is.
fn class_to(class: &CharClass, out: &mut String) {
    let mut set = String::new();
    let mut byte = 0_u8;
    while byte < 128 {
        if !class.has_ascii(byte) {
            byte += 1;
            continue;
        }
        let start = byte;
        while byte < 128 && class.has_ascii(byte) {
            byte += 1;
        }
        let _ = write!(set, "\\x{start:02x}-\\x{:02x}", byte - 1);
    }
    let wide = class.wide != Wide::None;
    match (set.is_empty(), wide) {
        // No character at all.
        (true, false) => out.push_str("[^\\x00-\\xff]"),
        (false, false) => {
            let _ = write!(out, "[{set}]");
        }
        (true, true) => out.push_str("[\\x80-\\xff]{1,4}"),
        (false, true) => {
            let _ = write!(out, "(?:[{set}]|[\\x80-\\xff]{{1,4}})");
        }
    }
}
