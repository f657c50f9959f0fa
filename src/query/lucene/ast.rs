//! A parsed query string. Boolean rules are not applied yet: they depend on which texts have words.

/// Clauses in a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// The clauses.
    pub clauses: Vec<Clause>,
}

/// How a clause is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conjunction {
    /// Only white space.
    None,
    /// `AND`, `&&`.
    And,
    /// `OR`, `||`.
    Or,
}

/// What stands before a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// Nothing.
    None,
    /// `+`.
    Required,
    /// `-`, `!`, `NOT`.
    Prohibited,
}

/// One clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// How it is joined.
    pub conjunction: Conjunction,
    /// What stands before it.
    pub modifier: Modifier,
    /// The field it asks, if it or a group around it says one.
    pub field: Option<String>,
    /// What it asks.
    pub item: Item,
}

/// One end of a range; `*` is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeEnd {
    /// The bound, without escapes; `None` is open.
    pub text: Option<String>,
    /// Whether the bound itself is inside.
    pub inclusive: bool,
}

/// What a clause asks. Texts are without escapes, but for wildcards and regular expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `( .. )`.
    Group(Group),
    /// One or several bare words.
    Text(String),
    /// `".."`, with `~2`.
    Quoted { text: String, slop: u32 },
    /// `abc*`, without the star.
    Prefix(String),
    /// `a*b?`, `*`.
    Wildcard(String),
    /// `/../`.
    Regexp(String),
    /// `abc~`, `abc~1`.
    Fuzzy { text: String, edits: Option<usize> },
    /// `[a TO b]`.
    Range { lower: RangeEnd, upper: RangeEnd },
}
