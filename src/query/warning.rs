//! What a person should know about an answer beside the answer itself.

/// How far an answer can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningKind {
    /// Nothing is wrong with the numbers.
    Note,
    /// The numbers are estimates, or those of a sample.
    Approximate,
    /// Something is missing: there may be more than what is shown.
    Partial,
}

/// Something that a person should know about an answer (failed shards, sampling, damage).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it does to the answer.
    pub kind: WarningKind,
    /// A sentence: what, and what to do.
    pub message: String,
}

impl Warning {
    /// Something to know; the answer is whole.
    #[must_use]
    pub fn note(message: impl Into<String>) -> Self {
        Self { kind: WarningKind::Note, message: message.into() }
    }

    /// The answer is an estimate, or that of a sample.
    #[must_use]
    pub fn approximate(message: impl Into<String>) -> Self {
        Self { kind: WarningKind::Approximate, message: message.into() }
    }

    /// The answer lacks something.
    #[must_use]
    pub fn partial(message: impl Into<String>) -> Self {
        Self { kind: WarningKind::Partial, message: message.into() }
    }

    /// The worst of several.
    #[must_use]
    pub fn worst(warnings: &[Self]) -> Option<WarningKind> {
        warnings.iter().map(|warning| warning.kind).max()
    }
}
