//! The tree as Kibana's own JSON nodes.

use serde_json::{Value as Json, json};

use super::ast::{Ast, Term};

impl Ast {
    /// Kibana's node: `{"type":"function","function":"is","arguments":[..]}`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let function = |name: &str, arguments: Vec<Json>| json!({"type": "function", "function": name, "arguments": arguments});
        match self {
            Self::And(nodes) => function("and", nodes.iter().map(Self::to_json).collect()),
            Self::Or(nodes) => function("or", nodes.iter().map(Self::to_json).collect()),
            Self::Not(node) => function("not", vec![node.to_json()]),
            Self::Is { name, value } => function("is", vec![name.to_json(), value.to_json()]),
            Self::Range { name, comparison, value } => function(
                "range",
                vec![name.to_json(), Json::from(comparison.word()), value.to_json()],
            ),
            Self::Nested { path, query } => {
                function("nested", vec![path.to_json(), query.to_json()])
            }
        }
    }
}

impl Term {
    /// Kibana's node of a name or value.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let literal = |value: Json, quoted: bool| json!({"type": "literal", "value": value, "isQuoted": quoted});
        match self {
            Self::Null => literal(Json::Null, false),
            Self::Bool(value) => literal(Json::from(*value), false),
            Self::Text { text, quoted } => literal(Json::from(text.as_str()), *quoted),
            Self::Wildcard(text) => json!({"type": "wildcard", "value": text}),
            Self::Regex(pattern) => json!({"type": "regex", "value": pattern}),
        }
    }
}
