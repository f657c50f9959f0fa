//! A certificate that is not trusted: why, in words, and what to do about it.

use rustls::{CertificateError, Error as TlsError};

use super::certificate::{Certificate, Fingerprint, fingerprint_text};
use crate::time::Millis;

/// Why a server's certificate is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Distrust {
    /// Nobody who is trusted vouches for it.
    UnknownIssuer,
    /// The same, at a server that showed a trusted one before.
    Replaced,
    /// A certificate was pinned, and the server shows another.
    Changed {
        /// What was pinned.
        pinned: Fingerprint,
    },
    /// It is for other names.
    WrongName {
        /// The name that was asked for.
        asked: String,
    },
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// Something else, in the library's words.
    Other(String),
}

/// The chain that a server showed, and why it was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.reason())]
pub struct Refused {
    /// The reason.
    pub why: Distrust,
    /// The server's own certificate first.
    pub chain: Vec<Certificate>,
}

impl Distrust {
    pub(super) fn of(error: &TlsError, asked: &str) -> Self {
        let TlsError::InvalidCertificate(error) = error else {
            return Self::Other(error.to_string());
        };
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Self::WrongName { asked: asked.to_owned() }
            }
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            // A certificate that was made by hand and signs itself is its own unknown issuer.
            CertificateError::Other(_) if format!("{error:?}").contains("CaUsedAsEndEntity") => {
                Self::UnknownIssuer
            }
            other => Self::Other(other.to_string()),
        }
    }
}

impl Refused {
    /// The server's own certificate.
    #[must_use]
    pub fn own(&self) -> Certificate {
        self.chain.first().cloned().unwrap_or_default()
    }

    /// What would be pinned: the authority, where the server sends it, else its own certificate.
    #[must_use]
    pub fn to_pin(&self) -> Fingerprint {
        let authority = self.chain.last().filter(|last| last.is_self_signed());
        authority.or(self.chain.first()).map_or([0; 32], |certificate| certificate.fingerprint)
    }

    /// Why, in a few words.
    #[must_use]
    pub fn reason(&self) -> String {
        let own = self.own();
        let day = |at: Option<Millis>| {
            at.map_or_else(|| "?".to_owned(), |at| at.to_string().chars().take(10).collect())
        };
        match &self.why {
            Distrust::UnknownIssuer | Distrust::Replaced => format!(
                "{}nobody known vouches for it: it is of {}, signed by {}",
                if self.why == Distrust::Replaced {
                    "it is not the one of before, and "
                } else {
                    ""
                },
                named(&own.subject),
                if own.is_self_signed() { "itself".to_owned() } else { named(&own.issuer) }
            ),
            Distrust::Changed { pinned } => format!(
                "it is not the one that was pinned: {} was pinned, it shows {} of {}",
                fingerprint_text(*pinned),
                fingerprint_text(self.to_pin()),
                named(&own.subject)
            ),
            Distrust::WrongName { asked } => {
                format!("it is for {}, not for {asked}", some_of(&own.names, &own.subject))
            }
            Distrust::Expired => format!("it expired on {}", day(own.until)),
            Distrust::NotYetValid => format!("it is valid from {} on", day(own.from)),
            Distrust::Other(reason) => reason.clone(),
        }
    }

    /// What the person can do.
    #[must_use]
    pub fn hint(&self) -> String {
        let pin = fingerprint_text(self.to_pin());
        match &self.why {
            Distrust::UnknownIssuer => {
                format!("if this is your cluster: --ca-cert FILE, or --ca-fingerprint {pin}")
            }
            Distrust::Replaced => format!(
                "ask who runs the cluster whether it has a new certificate; if so, start again with \
                 --ca-cert FILE, or --ca-fingerprint {pin}"
            ),
            Distrust::Changed { .. } => format!(
                "ask who runs the cluster whether it has a new certificate; if so, pin {pin}"
            ),
            Distrust::WrongName { .. } => {
                "write the address with a name that the certificate has, \
                 or let the certificate be made anew with this name"
                    .to_owned()
            }
            Distrust::Expired => {
                "the cluster needs a new certificate; is this machine's clock right?".to_owned()
            }
            Distrust::NotYetValid => "is this machine's clock right?".to_owned(),
            Distrust::Other(_) => {
                format!("if this is your cluster: --ca-cert FILE, or --ca-fingerprint {pin}")
            }
        }
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { "nobody named".to_owned() } else { format!("`{name}`") }
}

/// The first names of a certificate, or its subject where it has none.
fn some_of(names: &[String], subject: &str) -> String {
    match names {
        [] => named(subject),
        few if few.len() <= 4 => few.join(", "),
        many => format!("{} and {} more", many[..4].join(", "), many.len() - 4),
    }
}
