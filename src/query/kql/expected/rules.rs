//! The rules of KQL in the order in which Kibana's parser tries them.
//!
//! Literals are left to the machine: what is inside one is never listed.

/// A rule; each remembers its result per place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Rule {
    Query,
    Trail,
    Disjunction,
    Conjunction,
    Negation,
    Primary,
    Nested,
    Leaf,
    Compare,
    Match,
    ValueList,
    ValueDisjunction,
    ValueConjunction,
    ValueNegation,
    Operator,
    Or,
    And,
    Not,
    Name,
    Value,
    Literal,
    Quoted,
    Bare,
}

/// The number of rules.
pub(super) const RULES: usize = Rule::Bare as usize + 1;

/// A part of a rule.
#[derive(Debug)]
pub(super) enum Part {
    /// A rule.
    Call(Rule),
    /// A text in any case, and its label.
    Text(&'static str, &'static str),
    /// One white space character.
    Space,
    /// Parts in a row.
    Row(&'static [Part]),
    /// The first part that fits.
    First(&'static [Part]),
    /// Any number.
    Many(&'static Part),
    /// At least one.
    Some(&'static Part),
    /// One or none.
    Maybe(&'static Part),
    /// A quoted literal.
    Quoted,
    /// A bare literal.
    Bare,
}

use Part::{Call, First, Many, Maybe, Row, Some, Space, Text};

const SPACES: Part = Many(&Space);
const OPEN: Part = Text("(", "\"(\"");
const CLOSE: Part = Text(")", "\")\"");
const OPEN_GROUP: Part = Text("{", "\"{\"");
const CLOSE_GROUP: Part = Text("}", "\"}\"");
const COLON: Part = Text(":", "\":\"");

impl Rule {
    /// The name under which its failure is listed; what fails inside is not.
    pub(super) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Or => Option::Some("OR"),
            Self::And => Option::Some("AND"),
            Self::Not => Option::Some("NOT"),
            Self::Name => Option::Some("field name"),
            Self::Value => Option::Some("value"),
            Self::Literal => Option::Some("literal"),
            _ => None,
        }
    }

    /// What the rule consists of.
    pub(super) const fn body(self) -> &'static Part {
        match self {
            Self::Query => &Row(&[SPACES, Maybe(&Call(Self::Disjunction)), Call(Self::Trail)]),
            Self::Trail => &SPACES,
            Self::Disjunction => &First(&[
                Row(&[
                    Call(Self::Conjunction),
                    Some(&Row(&[Call(Self::Or), Call(Self::Conjunction)])),
                ]),
                Call(Self::Conjunction),
            ]),
            Self::Conjunction => &First(&[
                Row(&[Call(Self::Negation), Some(&Row(&[Call(Self::And), Call(Self::Negation)]))]),
                Call(Self::Negation),
            ]),
            Self::Negation => {
                &First(&[Row(&[Call(Self::Not), Call(Self::Primary)]), Call(Self::Primary)])
            }
            Self::Primary => &First(&[
                Row(&[OPEN, SPACES, Call(Self::Disjunction), Call(Self::Trail), CLOSE]),
                Call(Self::Nested),
            ]),
            Self::Nested => &First(&[
                Row(&[
                    Call(Self::Name),
                    SPACES,
                    COLON,
                    SPACES,
                    OPEN_GROUP,
                    SPACES,
                    Call(Self::Disjunction),
                    Call(Self::Trail),
                    CLOSE_GROUP,
                ]),
                Call(Self::Leaf),
            ]),
            Self::Leaf => &First(&[Call(Self::Compare), Call(Self::Match), Call(Self::Value)]),
            Self::Compare => {
                &Row(&[Call(Self::Name), SPACES, Call(Self::Operator), SPACES, Call(Self::Literal)])
            }
            Self::Match => &Row(&[Call(Self::Name), SPACES, COLON, SPACES, Call(Self::ValueList)]),
            Self::ValueList => &First(&[
                Row(&[OPEN, SPACES, Call(Self::ValueDisjunction), Call(Self::Trail), CLOSE]),
                Call(Self::Value),
            ]),
            Self::ValueDisjunction => &First(&[
                Row(&[
                    Call(Self::ValueConjunction),
                    Some(&Row(&[Call(Self::Or), Call(Self::ValueConjunction)])),
                ]),
                Call(Self::ValueConjunction),
            ]),
            Self::ValueConjunction => &First(&[
                Row(&[
                    Call(Self::ValueNegation),
                    Some(&Row(&[Call(Self::And), Call(Self::ValueNegation)])),
                ]),
                Call(Self::ValueNegation),
            ]),
            Self::ValueNegation => {
                &First(&[Row(&[Call(Self::Not), Call(Self::ValueList)]), Call(Self::ValueList)])
            }
            Self::Operator => &First(&[
                Text("<=", "\"<=\""),
                Text(">=", "\">=\""),
                Text("<", "\"<\""),
                Text(">", "\">\""),
            ]),
            Self::Or => &Row(&[Some(&Space), Text("or", "\"or\""), Some(&Space)]),
            Self::And => &Row(&[Some(&Space), Text("and", "\"and\""), Some(&Space)]),
            Self::Not => &Row(&[Text("not", "\"not\""), Some(&Space)]),
            Self::Name => &Call(Self::Literal),
            Self::Value | Self::Literal => &First(&[Call(Self::Quoted), Call(Self::Bare)]),
            Self::Quoted => &Part::Quoted,
            Self::Bare => &Part::Bare,
        }
    }
}
