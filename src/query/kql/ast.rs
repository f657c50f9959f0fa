//! What a KQL text says: a tree that mirrors Kibana's node for node.
//!
//! Made by [`parse`](super::parse), written back as text by its `Display`, lowered to a clause by
//! `query::lower`. Knows no fields and no types.

/// How a wildcard star is written in a [`Term::Wildcard`], as Kibana writes it; an escaped star is
/// a plain `*`.
pub const STAR: &str = "@kuery-wildcard@";

/// A name or a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// An unquoted `null`; as a name: no name.
    Null,
    /// An unquoted `true` or `false`.
    Bool(bool),
    /// Text, escapes removed.
    Text { text: String, quoted: bool },
    /// Unquoted text with wildcard stars, each written as [`STAR`].
    Wildcard(String),
    /// `/pattern/`, only where the extensions of KQL are on.
    Regex(String),
}

impl Term {
    /// An unquoted text.
    #[must_use]
    pub fn bare(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), quoted: false }
    }

    /// A quoted text.
    #[must_use]
    pub fn quoted(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), quoted: true }
    }

    /// Whether it is `*` and nothing else.
    #[must_use]
    pub fn is_lone_star(&self) -> bool {
        matches!(self, Self::Wildcard(text) if text == STAR)
    }

    /// Whether it is a wildcard that begins with a star and has more than that.
    #[must_use]
    pub fn has_leading_star(&self) -> bool {
        matches!(self, Self::Wildcard(text) if text != STAR && text.starts_with(STAR))
    }

    /// The text as it was meant: stars as `*`, `null` and booleans as words.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Text { text, .. } => text.clone(),
            Self::Wildcard(text) => text.replace(STAR, "*"),
            Self::Regex(pattern) => format!("/{pattern}/"),
        }
    }
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Lt,
    /// `<=`
    Lte,
    /// `>`
    Gt,
    /// `>=`
    Gte,
}

impl Comparison {
    /// The word of the query DSL.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Gt => "gt",
            Self::Gte => "gte",
        }
    }

    /// The operator of KQL.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Lte => "<=",
            Self::Gt => ">",
            Self::Gte => ">=",
        }
    }
}

/// A KQL expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ast {
    /// All of two or more.
    And(Vec<Ast>),
    /// Any of two or more.
    Or(Vec<Ast>),
    /// Everything but one.
    Not(Box<Ast>),
    /// `name: value`, or `value` alone (the name is [`Term::Null`]).
    Is { name: Term, value: Term },
    /// `name > value`.
    Range { name: Term, comparison: Comparison, value: Term },
    /// `path: { .. }`.
    Nested { path: Term, query: Box<Ast> },
}

impl Ast {
    /// `*:*`, which an empty query means.
    #[must_use]
    pub fn everything() -> Self {
        Self::Is { name: Term::Wildcard(STAR.to_owned()), value: Term::Wildcard(STAR.to_owned()) }
    }

    /// The nodes directly below this one.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::And(nodes) | Self::Or(nodes) => nodes,
            Self::Not(node) | Self::Nested { query: node, .. } => std::slice::from_ref(node),
            Self::Is { .. } | Self::Range { .. } => &[],
        }
    }

    /// How many nodes lie on the longest way from this one to a leaf, itself counted.
    #[must_use]
    pub fn depth(&self) -> usize {
        if self.children().is_empty() {
            return 1;
        }
        let mut deepest = 0;
        let mut pending = vec![(self, 1)];
        while let Some((node, depth)) = pending.pop() {
            deepest = deepest.max(depth);
            pending.extend(node.children().iter().map(|child| (child, depth + 1)));
        }
        deepest
    }
}
