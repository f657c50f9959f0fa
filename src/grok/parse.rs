//! Reads a regular expression in Ruby's syntax, with grok's options (dot matches newline).
//!
//! In: the text after `%{..}` has been expanded. Out: a [`Node`] and the names of its groups.
//! Not read: `\K`, `\X`, `\g`, conditionals and the absent operator, which no pattern uses.

use super::backtrack::single_class;
use super::class::{self, Ranges};
use super::error::CompileError;
use super::parse_class;
use super::syntax::{Assertion, Greed, Node, flatten};

/// Options that hold from a place in the pattern on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    /// `i`
    pub(super) ignore_case: bool,
    /// `m`: dot matches newline.
    pub(super) dot_all: bool,
    /// `x`
    pub(super) extended: bool,
    /// `u`: `\w \d \s` are Unicode.
    pub(super) unicode: bool,
}

/// A regular expression and the names of its groups.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The expression.
    pub(super) node: Node,
    /// By group number; empty for groups without a name.
    pub(super) names: Vec<String>,
}

/// Reads `text`. `dot_all` is Ruby's MULTILINE, which grok sets and conditions do not.
pub(super) fn parse(text: &str, dot_all: bool) -> Result<Parsed, CompileError> {
    let mut parser = Parser {
        text,
        at: 0,
        flags: Flags { dot_all, ..Flags::default() },
        named: has_named_group(text),
        names: Vec::new(),
        depth: 0,
    };
    let node = parser.alternation()?;
    if parser.at < text.len() {
        return Err(parser.error("unmatched `)`"));
    }
    Ok(Parsed { node, names: parser.names })
}

fn has_named_group(text: &str) -> bool {
    text.match_indices("(?<").any(|(at, _)| !text[at + 3..].starts_with(['=', '!']))
        || text.contains("(?'")
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) flags: Flags,
    named: bool,
    names: Vec<String>,
    depth: usize,
}

/// What a quantifier says.
struct Quantifier {
    min: u32,
    max: Option<u32>,
    greed: Greed,
}

impl Parser<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn error(&self, reason: &str) -> CompileError {
        let clip = |mut at: usize, step: isize| {
            while !self.text.is_char_boundary(at) {
                at = at.saturating_add_signed(step);
            }
            at
        };
        let from = clip(self.at.saturating_sub(15), -1);
        let to = clip((self.at + 15).min(self.text.len()), 1);
        CompileError::Syntax {
            reason: reason.to_owned(),
            at: self.at,
            around: self.text[from..to].to_owned(),
        }
    }

    fn alternation(&mut self) -> Result<Node, CompileError> {
        self.depth += 1;
        if self.depth > 200 {
            return Err(self.error("groups are nested too deeply"));
        }
        let outer = self.flags;
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.flags = outer;
        self.depth -= 1;
        Ok(if branches.len() == 1 { branches.swap_remove(0) } else { Node::Alternate(branches) })
    }

    fn sequence(&mut self) -> Result<Node, CompileError> {
        let mut nodes = Vec::new();
        loop {
            if self.flags.extended {
                self.skip_extended();
            }
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => {
                    let atom = self.atom()?;
                    nodes.push(self.quantified(atom)?);
                }
            }
        }
        Ok(flatten(nodes))
    }

    fn skip_extended(&mut self) {
        while let Some(c) = self.peek() {
            if c == '#' {
                let len = self.rest().find('\n').unwrap_or(self.rest().len());
                self.at += len;
            } else if c.is_ascii_whitespace() {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn quantified(&mut self, mut node: Node) -> Result<Node, CompileError> {
        while let Some(Quantifier { min, max, greed }) = self.quantifier()? {
            if max.is_some_and(|max| max > 100_000) || min > 100_000 {
                return Err(self.error("too big a number of repetitions"));
            }
            if matches!(node, Node::Empty | Node::Assert(_)) {
                continue;
            }
            // One character is a class, which matchers repeat faster than a text.
            if let Some(class) = single_class(&node) {
                node = Node::Class(class);
            }
            node = Node::Repeat { node: Box::new(node), min, max, greed };
        }
        Ok(node)
    }

    fn quantifier(&mut self) -> Result<Option<Quantifier>, CompileError> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.interval(),
            _ => return Ok(None),
        };
        self.at += 1;
        let greed = if self.eat("?") {
            Greed::Lazy
        } else if self.eat("+") {
            Greed::Possessive
        } else {
            Greed::Greedy
        };
        Ok(Some(Quantifier { min, max, greed }))
    }

    /// `{n}`, `{n,}`, `{n,m}`, `{,m}`; any other brace is text.
    fn interval(&mut self) -> Result<Option<Quantifier>, CompileError> {
        let Some(len) = self.rest().find('}') else { return Ok(None) };
        let inside = &self.rest()[1..len];
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (low, high) = inside.split_once(',').unwrap_or((inside, inside));
        let exact = !inside.contains(',');
        let fits = (low.is_empty() || digits(low)) && (high.is_empty() || digits(high));
        if !fits || (low.is_empty() && high.is_empty()) {
            return Ok(None);
        }
        let number = |text: &str, empty: Option<u32>| match text {
            "" => Ok(empty),
            text => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_too_big) => Err(self.error("too big a number")),
            },
        };
        let min = number(low, Some(0))?.unwrap_or(0);
        let max = number(high, None)?;
        let (min, max) = match max {
            Some(max) if max < min => (max, Some(min)),
            max => (min, max),
        };
        self.at += len + 1;
        // Ruby reads `{n}?` as an optional `{n}`, and no `{n,m}+`.
        if exact && self.rest().starts_with('?') {
            return Ok(Some(Quantifier { min, max, greed: Greed::Greedy }));
        }
        let greed = if self.eat("?") { Greed::Lazy } else { Greed::Greedy };
        Ok(Some(Quantifier { min, max, greed }))
    }

    fn atom(&mut self) -> Result<Node, CompileError> {
        let start = self.at;
        let Some(c) = self.bump() else { return Ok(Node::Empty) };
        Ok(match c {
            '(' => return self.group(),
            '[' => {
                let set = parse_class::bracket(self)?;
                self.class(&set)
            }
            '.' if self.flags.dot_all => Node::Class(Ranges::all().finish()),
            '.' => Node::Class(Ranges::single('\n').negate().finish()),
            '^' => Node::Assert(Assertion::LineStart),
            '$' => Node::Assert(Assertion::LineEnd),
            '\\' => return self.escape(),
            '*' | '+' | '?' => {
                self.at = start;
                return Err(self.error("nothing to repeat"));
            }
            c => self.character(c),
        })
    }

    fn class(&self, set: &Ranges) -> Node {
        if self.flags.ignore_case {
            return Node::Class(set.fold_case().finish());
        }
        Node::Class(set.finish())
    }

    fn character(&self, c: char) -> Node {
        if self.flags.ignore_case {
            let folded = Ranges::single(c).fold_case();
            if folded != Ranges::single(c) {
                return Node::Class(folded.finish());
            }
        }
        Node::Literal(c.to_string().into_bytes())
    }

    fn group(&mut self) -> Result<Node, CompileError> {
        if !self.eat("?") {
            let index = (!self.named).then(|| self.add_group(String::new()));
            let node = self.body()?;
            return Ok(match index {
                Some(index) => Node::Group { index, node: Box::new(node) },
                None => node,
            });
        }
        if self.eat("#") {
            let len = self.rest().find(')').ok_or_else(|| self.error("unclosed comment"))?;
            self.at += len + 1;
            return Ok(Node::Empty);
        }
        for (token, behind, negative) in
            [("<=", true, false), ("<!", true, true), ("=", false, false), ("!", false, true)]
        {
            if self.eat(token) {
                let node = Box::new(self.body()?);
                return Ok(Node::Look { behind, negative, node });
            }
        }
        if self.eat(">") {
            return Ok(Node::Atomic(Box::new(self.body()?)));
        }
        for (open, close) in [("<", '>'), ("'", '\'')] {
            if self.eat(open) {
                let len = self.rest().find(close).ok_or_else(|| self.error("unclosed name"))?;
                let name = self.rest()[..len].to_owned();
                if name.is_empty() {
                    return Err(self.error("empty group name"));
                }
                self.at += len + 1;
                let index = self.add_group(name);
                return Ok(Node::Group { index, node: Box::new(self.body()?) });
            }
        }
        self.options()
    }

    fn add_group(&mut self, name: String) -> usize {
        self.names.push(name);
        self.names.len() - 1
    }

    /// The rest of a group up to its `)`.
    fn body(&mut self) -> Result<Node, CompileError> {
        let node = self.alternation()?;
        if !self.eat(")") {
            return Err(self.error("missing `)`"));
        }
        Ok(node)
    }

    /// `(?i)`, `(?m-x:..)`, `(?:..)`.
    fn options(&mut self) -> Result<Node, CompileError> {
        let mut flags = self.flags;
        let mut on = true;
        loop {
            match self.bump() {
                Some('-') => on = false,
                Some('i') => flags.ignore_case = on,
                Some('m') => flags.dot_all = on,
                Some('x') => flags.extended = on,
                Some('u') => flags.unicode = true,
                Some('a' | 'd') => flags.unicode = false,
                Some(':') => {
                    let outer = std::mem::replace(&mut self.flags, flags);
                    let node = self.body()?;
                    self.flags = outer;
                    return Ok(node);
                }
                Some(')') => {
                    // Holds to the end of the enclosing group, through its `|` too.
                    self.flags = flags;
                    let mut branches = vec![self.sequence()?];
                    while self.eat("|") {
                        branches.push(self.sequence()?);
                    }
                    if branches.len() == 1 {
                        return Ok(branches.swap_remove(0));
                    }
                    return Ok(Node::Alternate(branches));
                }
                _ => return Err(self.error("undefined group option")),
            }
        }
    }

    fn escape(&mut self) -> Result<Node, CompileError> {
        let Some(c) = self.peek() else { return Err(self.error("pattern ends in a backslash")) };
        let assertion = match c {
            'A' | 'G' => Some(Assertion::TextStart),
            'z' => Some(Assertion::TextEnd),
            'Z' => Some(Assertion::TextEndNewline),
            'b' => Some(Assertion::Word),
            'B' => Some(Assertion::NotWord),
            _ => None,
        };
        if let Some(assertion) = assertion {
            self.at += 1;
            return Ok(Node::Assert(assertion));
        }
        match c {
            'k' => return self.named_backref(),
            '1'..='9' if !self.named => {
                let len = self.rest().bytes().take_while(u8::is_ascii_digit).count();
                let number: usize = self.rest()[..len].parse().unwrap_or(usize::MAX);
                if number <= self.names.len() || number < 10 {
                    self.at += len;
                    return Ok(self.backref(vec![number - 1]));
                }
            }
            'R' => {
                self.at += 1;
                let newline = Ranges::of(vec![(10, 13), (0x85, 0x85), (0x2028, 0x2029)]);
                let branches = vec![Node::Literal(b"\r\n".to_vec()), Node::Class(newline.finish())];
                return Ok(Node::Atomic(Box::new(Node::Alternate(branches))));
            }
            'K' | 'X' | 'g' => return Err(self.error("this escape is not supported")),
            _ => {}
        }
        if let Some(set) = parse_class::shorthand(self)? {
            return Ok(self.class(&set));
        }
        let c = parse_class::escaped_char(self)?;
        Ok(self.character(c))
    }

    fn named_backref(&mut self) -> Result<Node, CompileError> {
        self.at += 1;
        let close = match self.bump() {
            Some('<') => '>',
            Some('\'') => '\'',
            _ => return Err(self.error("invalid back reference")),
        };
        let len = self.rest().find(close).ok_or_else(|| self.error("unclosed name"))?;
        let name = self.rest()[..len].to_owned();
        self.at += len + 1;
        let by_number = name.parse::<usize>().ok().filter(|number| *number > 0);
        let groups: Vec<usize> = match by_number {
            Some(number) => vec![number - 1],
            None => (0..self.names.len()).filter(|idx| self.names[*idx] == name).collect(),
        };
        if groups.is_empty() {
            return Err(self.error("undefined name in a back reference"));
        }
        Ok(self.backref(groups))
    }

    fn backref(&self, groups: Vec<usize>) -> Node {
        Node::Backref { groups, ignore_case: self.flags.ignore_case }
    }
}

/// Whether two characters are the same but for case.
pub(super) fn same_folded(a: char, b: char) -> bool {
    a == b || class::other_cases(a).any(|c| c == b)
}
