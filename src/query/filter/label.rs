//! Pills as Kibana shows them.

use serde_json::Value as Json;

use super::{Filter, FilterKind, Relation};

impl Filter {
    /// `NOT response: 404`, `bytes: 1000 to 2000`, or the pill's own name. Values are shown as they
    /// are: a screen makes control characters visible.
    #[must_use]
    pub fn label(&self) -> String {
        let negation = if self.negate { "NOT " } else { "" };
        match &self.alias {
            Some(alias) if !alias.is_empty() => format!("{negation}{alias}"),
            _ => format!("{negation}{}", self.statement()),
        }
    }

    fn statement(&self) -> String {
        match &self.kind {
            FilterKind::Is { field, value } => format!("{field}: {}", shown(value)),
            FilterKind::IsOneOf { field, values } => {
                let values: Vec<String> = values.iter().map(shown).collect();
                format!("{field}: is one of {}", values.join(", "))
            }
            FilterKind::Exists { field } => format!("{field}: exists"),
            FilterKind::Between { field, from: Some(from), to: Some(to) } => {
                format!("{field}: {} to {}", shown(from), shown(to))
            }
            FilterKind::Between { field, from: Some(from), to: None } => {
                format!("{field}: \u{2265} {}", shown(from))
            }
            FilterKind::Between { field, from: None, to: Some(to) } => {
                format!("{field}: < {}", shown(to))
            }
            FilterKind::Between { field, from: None, to: None } => format!("{field}: any"),
            FilterKind::Contains { text } => format!("record contains \"{text}\""),
            FilterKind::Custom { query } => query.to_string(),
            FilterKind::Combined { relation, members } => {
                let word = match relation {
                    Relation::And => " AND ",
                    Relation::Or => " OR ",
                };
                let labels: Vec<String> = members.iter().map(member_label).collect();
                labels.join(word)
            }
        }
    }
}

fn member_label(member: &Filter) -> String {
    let is_compound = member.alias.is_none()
        && matches!(&member.kind, FilterKind::Combined { members, .. } if members.len() > 1);
    if is_compound { format!("({})", member.label()) } else { member.label() }
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
