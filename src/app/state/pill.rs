//! The pill editor: field, operator, values.

use super::prompt::Prompt;

/// Kibana's filter operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The value.
    Is,
    /// Any value but it.
    IsNot,
    /// Any of several.
    IsOneOf,
    /// None of several.
    IsNotOneOf,
    /// A value at all.
    Exists,
    /// No value.
    DoesNotExist,
    /// Between two values.
    IsBetween,
    /// Outside of two values.
    IsNotBetween,
    /// The record's text holds it (what grep would find).
    Contains,
    /// The record's text does not hold it.
    DoesNotContain,
}

impl Operator {
    /// All, in the order shown.
    pub const ALL: [Self; 10] = [
        Self::Is,
        Self::IsNot,
        Self::IsOneOf,
        Self::IsNotOneOf,
        Self::Exists,
        Self::DoesNotExist,
        Self::IsBetween,
        Self::IsNotBetween,
        Self::Contains,
        Self::DoesNotContain,
    ];

    /// As Kibana writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::IsOneOf => "is one of",
            Self::IsNotOneOf => "is not one of",
            Self::Exists => "exists",
            Self::DoesNotExist => "does not exist",
            Self::IsBetween => "is between",
            Self::IsNotBetween => "is not between",
            Self::Contains => "record contains",
            Self::DoesNotContain => "record does not contain",
        }
    }

    /// Whether it turns its plain form round.
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(
            self,
            Self::IsNot
                | Self::IsNotOneOf
                | Self::DoesNotExist
                | Self::IsNotBetween
                | Self::DoesNotContain
        )
    }

    /// Whether it takes a value.
    #[must_use]
    pub fn takes_value(self) -> bool {
        !matches!(self, Self::Exists | Self::DoesNotExist)
    }

    /// Whether it is about a field (else about the whole record).
    #[must_use]
    pub fn takes_field(self) -> bool {
        !matches!(self, Self::Contains | Self::DoesNotContain)
    }
}

/// A part of the editor that can have the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PillPart {
    /// The field's name.
    #[default]
    Field,
    /// The operator; left and right arrows change it.
    Operator,
    /// The value: several are parted by commas, two bounds by `..`.
    Value,
    /// Kibana's custom label.
    Label,
}

/// The pill editor.
#[derive(Debug, Clone, Default)]
pub struct PillEditor {
    /// The pill that is edited, an index into the filters; `None` makes a new one.
    pub index: Option<usize>,
    /// Which part has the cursor.
    pub part: PillPart,
    /// The field's name.
    pub field: Prompt,
    /// The operator, an index into [`Operator::ALL`].
    pub operator: usize,
    /// The value or values.
    pub value: Prompt,
    /// A label of one's own.
    pub label: Prompt,
    /// Fields that the typed name may become, best first.
    pub fields: Vec<String>,
    /// Why it cannot be applied.
    pub error: Option<String>,
}

impl PillEditor {
    /// The operator.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::ALL[self.operator.min(Operator::ALL.len() - 1)]
    }
}
