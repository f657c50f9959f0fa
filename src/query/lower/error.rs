//! Why a tree has no meaning for a data view.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::query::kql;

/// A query that cannot be lowered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The text is no KQL.
    Syntax(Box<kql::Error>),
    /// Nested fields are asked for in the wrong way, one finding per field; and perhaps a query that
    /// asks in the right way.
    Nested { errors: Vec<NestedError>, better: Option<String> },
    /// A pill's value does not fit its field.
    Pill(String),
    /// The tree is too deep for this machine.
    TooDeep,
}

/// A field that is asked for in the wrong group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NestedError {
    /// It lies in a nested object and is asked for outside.
    NoGroup { field: String, path: String },
    /// It lies in no nested object and is asked for inside one.
    NotNested { field: String, group: String },
    /// It lies in another nested object.
    WrongPath { field: String, path: String },
}

impl fmt::Display for NestedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGroup { field, .. } => write!(
                f,
                "{field} is a nested field, but is not in a nested group in the KQL expression."
            ),
            Self::NotNested { field, group } => write!(
                f,
                "{field} is not a nested field but is in nested group \"{group}\" in the KQL \
                 expression."
            ),
            Self::WrongPath { field, path } => write!(
                f,
                "Nested field {field} is being queried with the incorrect nested path. The \
                 correct path is {path}."
            ),
        }
    }
}

impl fmt::Display for Error {
    /// Kibana's message, with all its lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "{error}"),
            Self::Nested { errors, .. } => {
                for (idx, error) in errors.iter().enumerate() {
                    let line_break = if idx > 0 { "\n" } else { "" };
                    write!(f, "{line_break}{error}")?;
                }
                Ok(())
            }
            Self::Pill(message) => f.write_str(message),
            Self::TooDeep => f.write_str("the query is nested too deeply"),
        }
    }
}

impl std::error::Error for Error {}

impl From<kql::Error> for Error {
    fn from(error: kql::Error) -> Self {
        Self::Syntax(Box::new(error))
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        match &error {
            Error::Syntax(syntax) => syntax.to_diagnostic(),
            Error::Nested { errors, better } => {
                let mut diagnostic = Self::error(error.to_string().replace('\n', " "));
                diagnostic.replacement.clone_from(better);
                match errors.first() {
                    Some(NestedError::NoGroup { field, path }) => {
                        let inner = field.strip_prefix(path.as_str()).unwrap_or(field);
                        let inner = inner.trim_start_matches('.');
                        diagnostic.hint(format!("write {path}: {{ {inner}: ... }}"))
                    }
                    Some(NestedError::WrongPath { path, .. }) => {
                        diagnostic.hint(format!("write {path}: {{ ... }}"))
                    }
                    _ => diagnostic.hint("take the field out of the braces"),
                }
            }
            Error::Pill(_) | Error::TooDeep => Self::error(error.to_string()),
        }
    }
}
