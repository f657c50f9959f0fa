//! The one intermediate form of every query: Elasticsearch's query DSL, typed.
//!
//! KQL, Lucene, pills and the time range are lowered to it; `source::elastic` writes it as JSON and
//! `source::local` evaluates it. So meaning is defined once.

use serde_json::Value as Json;

/// How a `multi_match` matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchKind {
    /// Any token.
    BestFields,
    /// All tokens in a row.
    Phrase,
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The value as written: a string, number, boolean or null.
    pub value: Json,
    /// Whether the value itself is inside.
    pub inclusive: bool,
}

/// A query clause. Values are kept as written: typing them is the reader's work.
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// Every document.
    MatchAll,
    /// No document.
    MatchNone,
    /// A combination; `minimum_should_match` as in the DSL (`None`: its default).
    Bool {
        must: Vec<Clause>,
        filter: Vec<Clause>,
        should: Vec<Clause>,
        must_not: Vec<Clause>,
        minimum_should_match: Option<u32>,
    },
    /// A [`Clause::Bool`] whose four lists are always written, as Kibana's whole request and its
    /// combined pills have it. It means what a `Bool` with these lists means.
    Combined { must: Vec<Clause>, filter: Vec<Clause>, should: Vec<Clause>, must_not: Vec<Clause> },
    /// Any token of the analysed value (or the value, on fields that are not text).
    Match { field: String, value: Json },
    /// All tokens in a row; `slop` positions may lie between.
    MatchPhrase { field: String, value: Json, slop: u32 },
    /// `match` over all fields (`fields` empty) or some, leniently where told.
    MultiMatch { fields: Vec<String>, value: Json, kind: MatchKind, lenient: bool },
    /// The exact value.
    Term { field: String, value: Json, case_insensitive: Option<bool> },
    /// Any of the exact values.
    Terms { field: String, values: Vec<Json> },
    /// Values between two bounds. `format` and `time_zone` as in the DSL.
    Range {
        field: String,
        lower: Option<Bound>,
        upper: Option<Bound>,
        format: Option<String>,
        time_zone: Option<String>,
    },
    /// Any value at all.
    Exists { field: String },
    /// `*` and `?` over the whole value or token; backslash escapes.
    Wildcard { field: String, pattern: String, case_insensitive: Option<bool> },
    /// Values that begin so.
    Prefix { field: String, value: String, case_insensitive: Option<bool> },
    /// Lucene regular expression over the whole value or token.
    Regexp { field: String, pattern: String, case_insensitive: Option<bool> },
    /// Lucene query string. `fields` empty: all fields.
    QueryString {
        query: String,
        fields: Vec<String>,
        analyze_wildcard: Option<bool>,
        time_zone: Option<String>,
        /// Further options as written (`default_operator` ...), for the wire.
        options: Vec<(String, Json)>,
    },
    /// A clause that holds for one object of a nested field.
    Nested {
        path: String,
        query: Box<Clause>,
        score_mode: Option<String>,
        ignore_unmapped: Option<bool>,
    },
    /// Documents by identifier.
    Ids { values: Vec<String> },
    /// Records whose text (the whole record as it was written) holds `text`, letter case aside:
    /// what grep would find. Not of the DSL; an engine that keeps no records approximates it.
    RecordContains { text: String },
    /// DSL that we carry and do not read.
    Custom(Json),
}

impl Clause {
    /// All of `clauses`, in filter context; `MatchAll` for none, the clause itself for one.
    #[must_use]
    pub fn all(mut clauses: Vec<Self>) -> Self {
        clauses.retain(|clause| *clause != Self::MatchAll);
        match clauses.len() {
            0 => Self::MatchAll,
            1 => clauses.swap_remove(0),
            _ => Self::Bool {
                must: Vec::new(),
                filter: clauses,
                should: Vec::new(),
                must_not: Vec::new(),
                minimum_should_match: None,
            },
        }
    }

    /// At least one of `clauses`, as Kibana writes it.
    #[must_use]
    pub fn any(clauses: Vec<Self>) -> Self {
        Self::Bool {
            must: Vec::new(),
            filter: Vec::new(),
            should: clauses,
            must_not: Vec::new(),
            minimum_should_match: Some(1),
        }
    }

    /// Everything but `clause`.
    #[must_use]
    pub fn negate(clause: Self) -> Self {
        Self::Bool {
            must: Vec::new(),
            filter: Vec::new(),
            should: Vec::new(),
            must_not: vec![clause],
            minimum_should_match: None,
        }
    }

    /// Whether it visibly holds for every document.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        match self {
            Self::MatchAll => true,
            Self::Bool { must, filter, should, must_not, .. }
            | Self::Combined { must, filter, should, must_not } => {
                should.is_empty()
                    && must_not.is_empty()
                    && must.iter().chain(filter).all(Self::is_everything)
            }
            _ => false,
        }
    }
}
