//! What stands at the caret: the place that a suggestion would replace, and what may be suggested.
//!
//! In: a text that is being typed and the caret's place in it. Out: the caret's literal (or white
//! space), as Kibana's grammar yields it in cursor mode: the text must parse with the caret in it.

use std::borrow::Cow;
use std::ops::Range;

use super::ast::{Comparison, STAR, Term};
use super::grammar::{self, Build, CaretSpace, Placed, Rules};
use super::lexer::{self, CARET};

/// What may be suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Names of fields.
    Field,
    /// A colon, a comparison.
    Operator,
    /// Values of the caret's field.
    Value,
    /// `and`, `or`.
    Conjunction,
}

impl Kind {
    /// Kibana's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Operator => "operator",
            Self::Value => "value",
            Self::Conjunction => "conjunction",
        }
    }
}

/// The caret's surroundings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caret {
    /// Bytes of the text that an accepted suggestion replaces.
    pub span: Range<usize>,
    /// What the literal says before the caret, escapes removed.
    pub prefix: String,
    /// What it says after the caret.
    pub suffix: String,
    /// The literal as it stands in the text, quotes and escapes included.
    pub text: String,
    /// The field whose value is typed, or what may become a field's name.
    pub field: Option<Term>,
    /// The path of the nested group around the caret.
    pub nested_path: Option<String>,
    /// What may be suggested.
    pub kinds: Vec<Kind>,
}

/// Finds what stands at a byte of the text; `None` if nothing can be suggested there.
#[must_use]
pub fn at(text: &str, byte: usize) -> Option<Caret> {
    let (before, after) = text.split_at_checked(byte)?;
    let marked: Vec<u8> = before.bytes().chain([CARET]).chain(after.bytes()).collect();
    let rules = Rules { leading_wildcards: true, regexes: false };
    grammar::parse(&marked, rules, Places { marked: &marked }).ok()??
}

/// Builds nothing but the caret's surroundings.
struct Places<'a> {
    marked: &'a [u8],
}

impl Places<'_> {
    /// The text between two bytes of the marked text, which has the caret in between.
    fn unmarked(&self, start: usize, end: usize) -> String {
        let bytes = self.marked[start..end].iter().copied().filter(|byte| *byte != CARET);
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    }

    /// The surroundings, if the caret is in this literal.
    fn of(&self, placed: &Placed, kinds: &[Kind]) -> Option<Caret> {
        let caret = placed.literal.caret?;
        // Kibana joins the characters that were read; stars are written as in the tree.
        let (prefix, suffix) = placed.literal.text.split_at_checked(caret)?;
        Some(Caret {
            span: placed.start..placed.end - 1,
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
            text: self.unmarked(placed.start, placed.end),
            field: None,
            nested_path: None,
            kinds: kinds.to_vec(),
        })
    }
}

impl Build for Places<'_> {
    type Node = Option<Caret>;

    fn is(&mut self, name: Option<Cow<'_, Placed>>, value: Placed) -> Option<Caret> {
        let Some(name) = name else {
            let mut caret = self.of(&value, &[Kind::Field, Kind::Operator, Kind::Conjunction])?;
            let whole = format!("{}{}", caret.prefix, caret.suffix);
            caret.field = Some(Term::bare(lexer::trim(&whole)));
            return Some(caret);
        };
        let caret = self.of(&value, &[Kind::Value, Kind::Conjunction])?;
        Some(Caret { field: Some(name.into_owned().literal.into_term()), ..caret })
    }

    fn matches(&mut self, _: &Placed, _: &[u8]) -> Option<Caret> {
        None
    }

    fn range(&mut self, _: Placed, _: Comparison, value: Placed) -> Option<Caret> {
        self.of(&value, &[Kind::Conjunction])
    }

    fn and(&mut self, nodes: Vec<Option<Caret>>) -> Option<Caret> {
        nodes.into_iter().flatten().next()
    }

    fn or(&mut self, nodes: Vec<Option<Caret>>) -> Option<Caret> {
        nodes.into_iter().flatten().next()
    }

    fn not(&mut self, node: Option<Caret>) -> Option<Caret> {
        node
    }

    fn nested(&mut self, path: Placed, node: Option<Caret>) -> Option<Caret> {
        let mut caret = node?;
        let path = path.literal.into_term().plain_with_stars();
        caret.nested_path = Some(match caret.nested_path {
            Some(inner) => format!("{path}.{inner}"),
            None => path,
        });
        Some(caret)
    }

    fn caret_space(&mut self, space: CaretSpace, list: Option<&Placed>) -> Option<Caret> {
        let caret_at = space.start + space.caret;
        let text = |start, end| String::from_utf8_lossy(&self.marked[start..end]).into_owned();
        let kinds: &[Kind] =
            if list.is_some() { &[Kind::Value, Kind::Conjunction] } else { &[Kind::Conjunction] };
        Some(Caret {
            span: space.start..space.end - 1,
            prefix: text(space.start, caret_at),
            suffix: text(caret_at + 1, space.end),
            text: self.unmarked(space.start, space.end),
            field: list.map(|name| name.literal.clone().into_term()),
            nested_path: None,
            kinds: kinds.to_vec(),
        })
    }
}

impl Term {
    /// The text with stars as the tree has them.
    fn plain_with_stars(&self) -> String {
        match self {
            Self::Wildcard(text) => text.clone(),
            other => other.plain(),
        }
    }
}

/// Text with stars written as people write them.
#[must_use]
pub fn with_plain_stars(text: &str) -> String {
    text.replace(STAR, "*")
}
