//! What a profile says.

use std::path::PathBuf;
use std::time::Duration;

use crate::time::TimeSpec;

/// A cluster as a person keeps it under a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Its name: that of the file without `.toml`.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// Addresses of the nodes, each scheme, host and port.
    pub hosts: Vec<String>,
    /// Path in front of every call; empty or `/prefix`.
    pub prefix: String,
    /// Index patterns; the first is opened where none is named.
    pub data_views: Vec<String>,
    /// The field that holds the time.
    pub time_field: Option<String>,
    /// What the screen opens with.
    pub time_range: Option<TimeSpec>,
    /// Longest wait for one answer.
    pub timeout: Option<Duration>,
    /// A proxy's address, or `none`.
    pub proxy: Option<String>,
    /// Who asks.
    pub credentials: Credentials,
    /// Whom to trust.
    pub tls: Tls,
}

/// Who asks, and where the secret is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Credentials {
    /// Nobody in particular.
    #[default]
    None,
    /// User name and password; asked for where no place is named.
    Basic {
        /// The user.
        user: String,
        /// Where the password is.
        password: Option<SecretPlace>,
    },
    /// An API key.
    ApiKey {
        /// Its id, where the place holds the key alone.
        id: Option<String>,
        /// Where it is.
        key: SecretPlace,
    },
    /// A bearer or service account token.
    Token(SecretPlace),
}

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// An environment variable.
    Variable(String),
    /// The first line that a command prints; program and arguments, no shell.
    Command(Vec<String>),
    /// A file that only its owner can read.
    File(PathBuf),
}

impl SecretPlace {
    /// As told to people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Variable(name) => format!("variable {name}"),
            Self::Command(words) => format!("command {}", words.join(" ")),
            Self::File(path) => format!("file {}", path.display()),
        }
    }
}

/// Whom to trust, and with what certificate to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// Authorities beside the system's (PEM).
    pub authority_file: Option<PathBuf>,
    /// SHA-256 of the one certificate that is trusted.
    pub fingerprint: Option<String>,
    /// Client certificate (PEM).
    pub certificate: Option<PathBuf>,
    /// Its key (PEM).
    pub key: Option<PathBuf>,
    /// Whether certificates are checked at all.
    pub verify: bool,
}

impl Default for Tls {
    fn default() -> Self {
        Self { authority_file: None, fingerprint: None, certificate: None, key: None, verify: true }
    }
}
