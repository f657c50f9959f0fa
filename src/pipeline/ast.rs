//! The tree of a Logstash configuration, with the place of everything in the text.

use std::ops::Range;

/// A configuration file: sections in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// The sections; several of a kind run one after the other.
    pub sections: Vec<Section>,
}

impl Config {
    /// The statements of all sections of a kind, in order.
    pub fn statements(&self, kind: SectionKind) -> impl Iterator<Item = &Statement> {
        self.sections.iter().filter(move |section| section.kind == kind).flat_map(|s| &s.body)
    }
}

/// What a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// Where events come from; Peavey names these and leaves them out.
    Input,
    /// What becomes of an event.
    Filter,
    /// Where events go; Peavey names these and leaves them out.
    Output,
}

/// `filter { .. }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its kind.
    pub kind: SectionKind,
    /// What it holds.
    pub body: Vec<Statement>,
    /// Its place.
    pub span: Range<usize>,
}

/// A plugin or a branch.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `grok { .. }`
    Plugin(Plugin),
    /// `if .. { .. } else { .. }`
    Branch(Branch),
}

/// A plugin with its attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// Its name.
    pub name: String,
    /// Its attributes, in order, repeated ones too.
    pub attributes: Vec<Attribute>,
    /// The place of the name.
    pub span: Range<usize>,
}

/// `name => value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Literal,
    /// The place of the name.
    pub span: Range<usize>,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// Its place.
    pub span: Range<usize>,
}

/// What a value can be.
#[derive(Debug, Clone, PartialEq)]
pub enum LiteralKind {
    /// A codec.
    Plugin(Box<Plugin>),
    /// A word without quotes (`true`, `json`).
    Word(String),
    /// Quoted text.
    Text(String),
    /// A number as written.
    Number(String),
    /// `[a, b]`
    Array(Vec<Literal>),
    /// `{ a => b }`
    Hash(Vec<(Literal, Literal)>),
}

/// `if .. else if .. else ..`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Conditions and what they guard, in order.
    pub arms: Vec<(Condition, Vec<Statement>)>,
    /// What runs when none holds.
    pub otherwise: Vec<Statement>,
    /// The place of the first `if`.
    pub span: Range<usize>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Two conditions joined.
    Join(Join, Box<Condition>, Box<Condition>),
    /// `!(..)`
    Not(Box<Condition>),
    /// A value by itself.
    Truthy(Operand),
    /// `a < b`
    Compare(Comparison, Operand, Operand),
    /// `a in b`, `a not in b`
    In {
        /// What is looked for.
        needle: Operand,
        /// Where.
        haystack: Operand,
        /// Whether it must be missing.
        negated: bool,
    },
    /// `a =~ /b/`, `a !~ /b/`
    Matches {
        /// What is looked at.
        subject: Operand,
        /// The regular expression.
        regex: String,
        /// Whether it must not match.
        negated: bool,
        /// The place of the expression.
        span: Range<usize>,
    },
}

/// How two conditions are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Both.
    And,
    /// At least one.
    Or,
    /// Exactly one.
    Xor,
    /// Not both.
    Nand,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A value in a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// `[a][b]`
    Field(String),
    /// Quoted text.
    Text(String),
    /// A number as written.
    Number(String),
    /// `[1, 2]`
    Array(Vec<Operand>),
    /// `/../` where no regular expression is used.
    Regex(String),
    /// `name(..)`: read, but no such function exists.
    Call(String),
}
