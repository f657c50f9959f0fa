//! The grammar of KQL: words to whatever a [`Build`] makes of them (a tree, or a place for
//! suggestions).
//!
//! The language needs no backtracking: after a literal the next word decides what it is. Brackets
//! are kept on a stack of our own, so that no depth of nesting can exhaust the thread's. Time is
//! linear in the text. What was expected where a text is wrong is not known here: see `expected`.

use std::borrow::Cow;

use super::ast::Comparison;
use super::lexer::{self, CARET, Literal};

/// A literal and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    /// What it says.
    pub literal: Literal,
    /// First byte in the text that is parsed.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// White space that holds the caret.
#[derive(Debug, Clone)]
pub(super) struct CaretSpace {
    /// First byte.
    pub start: usize,
    /// Bytes before the caret.
    pub caret: usize,
    /// One past the last byte.
    pub end: usize,
}

/// What is made of the text.
pub(super) trait Build {
    /// A part of a query.
    type Node;

    /// A value, with a name or alone.
    fn is(&mut self, name: Option<Cow<'_, Placed>>, value: Placed) -> Self::Node;
    /// `name: /pattern/`.
    fn matches(&mut self, name: &Placed, pattern: &[u8]) -> Self::Node;
    /// A comparison.
    fn range(&mut self, name: Placed, comparison: Comparison, value: Placed) -> Self::Node;
    /// All of two or more.
    fn and(&mut self, nodes: Vec<Self::Node>) -> Self::Node;
    /// Any of two or more.
    fn or(&mut self, nodes: Vec<Self::Node>) -> Self::Node;
    /// Everything but one.
    fn not(&mut self, node: Self::Node) -> Self::Node;
    /// A group of a nested field.
    fn nested(&mut self, path: Placed, node: Self::Node) -> Self::Node;
    /// White space that holds the caret, before a closing bracket or the end; `list` is the name
    /// whose list of values is closed.
    fn caret_space(&mut self, space: CaretSpace, list: Option<&Placed>) -> Self::Node;
}

/// What a text may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Values may begin with a star.
    pub leading_wildcards: bool,
    /// `field: /pattern/` is a regular expression.
    pub regexes: bool,
}

/// Why a text cannot be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It does not follow the grammar.
    Syntax,
    /// The value at this byte begins with a star.
    LeadingWildcard(usize),
    /// Nested too deeply, at this byte.
    TooDeep(usize),
}

/// Brackets that may be open at one place, and nodes that may lie above each other. Kibana's parser
/// gives up a little above 1,000.
const MOST_OPEN: usize = 20_000;
const DEEPEST: u32 = 2_000;

enum Opener {
    Query,
    Bracket,
    Group(Placed),
    List(Placed),
}

/// An open bracket: its nodes lie on the stack of nodes from `or_start`, those since the last `or`
/// from `and_start`.
struct Level {
    opener: Opener,
    or_start: usize,
    and_start: usize,
    negated: bool,
}

struct Machine<'a, B: Build> {
    whole: usize,
    rest: &'a [u8],
    rules: Rules,
    build: B,
    levels: Vec<Level>,
    /// Values are read, of the list at this index of `levels`.
    list: Option<usize>,
    /// Nodes with the depth of each.
    nodes: Vec<(B::Node, u32)>,
}

/// Parses `text` whole. `None` is a text of white space only.
pub(super) fn parse<B: Build>(
    text: &[u8],
    rules: Rules,
    build: B,
) -> Result<Option<B::Node>, Failure> {
    let mut machine = Machine {
        whole: text.len(),
        rest: lexer::spaces(text),
        rules,
        build,
        levels: Vec::with_capacity(4),
        list: None,
        nodes: Vec::with_capacity(4),
    };
    if machine.rest.is_empty() {
        return Ok(None);
    }
    machine.run().map(Some)
}

impl<B: Build> Machine<'_, B> {
    fn run(&mut self) -> Result<B::Node, Failure> {
        self.open(Opener::Query)?;
        loop {
            if let Err(failure) = self.operand() {
                return Err(self.fallen_back(failure));
            }
            loop {
                let level = self.level();
                if std::mem::take(&mut level.negated) {
                    self.negate()?;
                }
                if let Ok((rest, ())) = lexer::and(self.rest) {
                    self.rest = rest;
                    break;
                }
                if let Ok((rest, ())) = lexer::or(self.rest) {
                    self.rest = rest;
                    self.fold_and()?;
                    self.level().and_start = self.nodes.len();
                    break;
                }
                if self.close()? {
                    let last = self.nodes.pop().ok_or(Failure::Syntax)?;
                    return Ok(last.0);
                }
            }
        }
    }

    fn position(&self) -> usize {
        self.whole - self.rest.len()
    }

    /// There is one from `run`'s first step to its last.
    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the whole query is a level")
    }

    fn open(&mut self, opener: Opener) -> Result<(), Failure> {
        if self.levels.len() > MOST_OPEN {
            return Err(Failure::TooDeep(self.position()));
        }
        if matches!(opener, Opener::List(_)) {
            self.list = Some(self.levels.len());
        }
        let start = self.nodes.len();
        self.levels.push(Level { opener, or_start: start, and_start: start, negated: false });
        self.rest = lexer::spaces(self.rest);
        Ok(())
    }

    fn push(&mut self, node: B::Node, depth: u32) -> Result<(), Failure> {
        if depth > DEEPEST {
            return Err(Failure::TooDeep(self.position()));
        }
        self.nodes.push((node, depth));
        Ok(())
    }

    /// Reads up to the end of an operand: `not`, brackets, then a leaf.
    fn operand(&mut self) -> Result<(), Failure> {
        loop {
            if let Ok((rest, ())) = lexer::not(self.rest) {
                self.rest = rest;
                self.level().negated = true;
            }
            if self.rest.first() == Some(&b'(') {
                self.rest = &self.rest[1..];
                self.open(Opener::Bracket)?;
                continue;
            }
            if self.list_regex()? {
                return Ok(());
            }
            let literal = self.literal()?;
            if let Some(list) = self.list {
                self.check_star(&literal)?;
                let Opener::List(name) = &self.levels[list].opener else {
                    return Err(Failure::Syntax);
                };
                let node = self.build.is(Some(Cow::Borrowed(name)), literal);
                return self.push(node, 1);
            }
            match self.leaf(literal)? {
                Some(opener) => self.open(opener)?,
                None => return Ok(()),
            }
        }
    }

    /// Reads a regular expression that is a value of a list, if one stands here.
    fn list_regex(&mut self) -> Result<bool, Failure> {
        let (Some(list), true) = (self.list, self.rules.regexes) else { return Ok(false) };
        let Ok((rest, pattern)) = lexer::regex(self.rest) else { return Ok(false) };
        let Opener::List(name) = &self.levels[list].opener else { return Ok(false) };
        let node = self.build.matches(name, pattern);
        self.rest = rest;
        self.push(node, 1).map(|()| true)
    }

    fn literal(&mut self) -> Result<Placed, Failure> {
        let start = self.position();
        let (rest, literal) = lexer::literal(self.rest).or(Err(Failure::Syntax))?;
        self.rest = rest;
        Ok(Placed { literal, start, end: self.position() })
    }

    /// Reads what follows a literal outside a list; a name may open a group or a list.
    fn leaf(&mut self, literal: Placed) -> Result<Option<Opener>, Failure> {
        let after = lexer::spaces(self.rest);
        if let Ok((rest, comparison)) = lexer::comparison(after) {
            self.rest = lexer::spaces(rest);
            let value = self.literal().map_err(|failure| self.alone(&literal, failure))?;
            let node = self.build.range(literal, comparison, value);
            return self.push(node, 1).map(|()| None);
        }
        if after.first() != Some(&b':') {
            self.check_star(&literal)?;
            let node = self.build.is(None, literal);
            return self.push(node, 1).map(|()| None);
        }
        self.rest = lexer::spaces(&after[1..]);
        match self.rest.first() {
            Some(b'{') => {
                self.rest = &self.rest[1..];
                return Ok(Some(Opener::Group(literal)));
            }
            Some(b'(') => {
                self.rest = &self.rest[1..];
                return Ok(Some(Opener::List(literal)));
            }
            Some(b'/') if self.rules.regexes => {
                if let Ok((rest, pattern)) = lexer::regex(self.rest) {
                    self.rest = rest;
                    let node = self.build.matches(&literal, pattern);
                    return self.push(node, 1).map(|()| None);
                }
            }
            _ => {}
        }
        let value = self.literal().map_err(|failure| self.alone(&literal, failure))?;
        self.check_star(&value)?;
        let node = self.build.is(Some(Cow::Owned(literal)), value);
        self.push(node, 1).map(|()| None)
    }

    fn check_star(&self, value: &Placed) -> Result<(), Failure> {
        let literal = &value.literal;
        if self.rules.leading_wildcards || !literal.wildcard {
            return Ok(());
        }
        if literal.clone().into_term().has_leading_star() {
            return Err(Failure::LeadingWildcard(value.start));
        }
        Ok(())
    }

    /// What follows a name is wrong; Kibana's parser then tries the name as a value, and may find
    /// that wrong first.
    fn alone(&self, name: &Placed, failure: Failure) -> Failure {
        match failure {
            Failure::Syntax => self.check_star(name).err().unwrap_or(failure),
            other => other,
        }
    }

    /// The same for the names of open groups and lists, innermost first.
    fn fallen_back(&self, failure: Failure) -> Failure {
        self.levels.iter().rev().fold(failure, |failure, level| match &level.opener {
            Opener::Group(name) | Opener::List(name) => self.alone(name, failure),
            Opener::Query | Opener::Bracket => failure,
        })
    }

    fn negate(&mut self) -> Result<(), Failure> {
        let Some((node, depth)) = self.nodes.pop() else { return Err(Failure::Syntax) };
        let node = self.build.not(node);
        self.push(node, depth + 1)
    }

    /// Joins what stands from `start` on the stack of nodes to one.
    fn fold(
        &mut self,
        start: usize,
        join: fn(&mut B, Vec<B::Node>) -> B::Node,
    ) -> Result<(), Failure> {
        if self.nodes.len() - start < 2 {
            return Ok(());
        }
        let mut deepest = 0;
        let mut parts = Vec::with_capacity(self.nodes.len() - start);
        for (node, depth) in self.nodes.drain(start..) {
            deepest = deepest.max(depth);
            parts.push(node);
        }
        let node = join(&mut self.build, parts);
        self.push(node, deepest + 1)
    }

    fn fold_and(&mut self) -> Result<(), Failure> {
        let start = self.level().and_start;
        self.fold(start, B::and)
    }

    /// Reads the end of a level; true if it was the whole query's. The level becomes an operand of
    /// the one around it.
    fn close(&mut self) -> Result<bool, Failure> {
        let start = self.position();
        let mut rest = lexer::spaces(self.rest);
        let caret = (rest.first() == Some(&CARET)).then(|| self.rest.len() - rest.len());
        if caret.is_some() {
            rest = lexer::spaces(&rest[1..]);
        }
        let end = self.whole - rest.len();
        let expected = match self.level().opener {
            Opener::Query => None,
            Opener::Bracket | Opener::List(_) => Some(b')'),
            Opener::Group(_) => Some(b'}'),
        };
        if rest.first().copied() != expected {
            return Err(self.fallen_back(Failure::Syntax));
        }
        self.rest = rest.get(1..).unwrap_or_default();
        self.fold_and()?;
        let start_of_or = self.level().or_start;
        self.fold(start_of_or, B::or)?;
        let Some(level) = self.levels.pop() else { return Err(Failure::Syntax) };
        let Some((mut node, mut depth)) = self.nodes.pop() else { return Err(Failure::Syntax) };
        if let Some(caret) = caret {
            let list = self.list.and_then(|at| match (&level.opener, self.levels.get(at)) {
                (Opener::List(name), _) => Some(name),
                (_, Some(Level { opener: Opener::List(name), .. })) => Some(name),
                _ => None,
            });
            node = self.build.caret_space(CaretSpace { start, caret, end }, list);
        }
        if self.list == Some(self.levels.len()) {
            self.list = None;
        }
        let is_query = matches!(level.opener, Opener::Query);
        if let Opener::Group(path) = level.opener {
            // A caret in the white space before the bracket belongs to no nested path.
            if caret.is_none() {
                node = self.build.nested(path, node);
            }
            depth += 1;
        }
        self.push(node, depth)?;
        Ok(is_query)
    }
}
