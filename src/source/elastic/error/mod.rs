//! What can go wrong with a cluster, as a sentence and what to do.
//!
//! Keeps the engine's own type and reason; never a secret.

pub(super) mod complaint;
mod denial;
pub(super) mod garbled;

use serde_json::Value as Json;

use self::complaint::Reading;
use super::connection::Authentication;
use super::mask::Masks;
use super::tls::Refused;

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A setting that cannot be used.
    #[error("{0}")]
    Settings(String),
    /// No node could be reached.
    #[error("no connection to {host}: {reason}")]
    Unreachable {
        /// Host and port tried last.
        host: String,
        /// Why, in a few words.
        reason: String,
    },
    /// No answer in time.
    #[error("{host} did not answer within {seconds} s")]
    TimedOut {
        /// Host and port.
        host: String,
        /// The limit.
        seconds: u64,
    },
    /// An answer began, or was waited for, and the connection broke off.
    #[error("the answer of {host} broke off: {reason}")]
    Cut {
        /// Host and port.
        host: String,
        /// Why, in a few words.
        reason: String,
    },
    /// The server's certificate is not trusted.
    #[error("the certificate of {host} is not trusted: {}", .refused.reason())]
    Untrusted {
        /// Host and port.
        host: String,
        /// Why, and what it showed.
        refused: Box<Refused>,
    },
    /// What answers is no Elasticsearch or `OpenSearch`.
    #[error("{host} is no Elasticsearch or OpenSearch: {what}")]
    NotAnEngine {
        /// Host and port.
        host: String,
        /// What it seems to be, and what to do.
        what: String,
    },
    /// The engine refuses.
    #[error("{}", refusal_text(*.status, .kind, .reason))]
    Refused {
        /// HTTP status.
        status: u16,
        /// The engine's exception type.
        kind: String,
        /// The engine's reason, of the root cause.
        reason: String,
        /// How long to wait before trying again, in seconds, where it says so.
        retry_after: Option<u64>,
    },
    /// The answer cannot be read.
    #[error("the answer of {host} cannot be read: {reason}")]
    Garbled {
        /// Host and port.
        host: String,
        /// Why.
        reason: String,
    },
}

impl Error {
    /// Reads an engine's refusal from its status and body.
    #[must_use]
    pub fn of_answer(status: u16, body: &Json, retry_after: Option<u64>) -> Self {
        let error = &body["error"];
        let root = error["root_cause"].get(0).filter(|root| root["reason"].is_string());
        let cause = error.get("caused_by").filter(|cause| cause["reason"].is_string());
        let failed_shard = error["failed_shards"].get(0).map(|failed| &failed["reason"]);
        let told = root.or(failed_shard).or(cause).unwrap_or(error);
        let text = |key: &str| told[key].as_str().map(str::to_owned);
        let reason = text("reason").or_else(|| error.as_str().map(str::to_owned));
        Self::Refused {
            status,
            kind: text("type").unwrap_or_default(),
            reason: reason.unwrap_or_else(|| no_reason(status)),
            retry_after,
        }
    }

    /// The same, knowing who asked: a 401 without a reason does not ask for credentials that were
    /// given.
    #[must_use]
    pub(super) fn asked_by(self, who: &Authentication) -> Self {
        let who = match who {
            Authentication::None => return self,
            Authentication::Basic { user, .. } => format!("user {user} with this password"),
            Authentication::ApiKey(_) => "this API key".to_owned(),
            Authentication::Bearer(_) => "this token".to_owned(),
        };
        match self {
            Self::Refused { status: 401, kind, reason, retry_after }
                if reason == no_reason(401) =>
            {
                Self::Refused { status: 401, kind, reason: denial::not_accepted(&who), retry_after }
            }
            same => same,
        }
    }

    /// The same without secrets, whatever an answer repeated of them.
    #[must_use]
    pub fn masked(self, masks: &Masks) -> Self {
        let mask = |text: String| masks.mask(&text);
        match self {
            Self::Settings(text) => Self::Settings(mask(text)),
            Self::Unreachable { host, reason } => Self::Unreachable { host, reason: mask(reason) },
            Self::NotAnEngine { host, what } => Self::NotAnEngine { host, what: mask(what) },
            Self::Refused { status, kind, reason, retry_after } => {
                Self::Refused { status, kind: mask(kind), reason: mask(reason), retry_after }
            }
            Self::Garbled { host, reason } => Self::Garbled { host, reason: mask(reason) },
            Self::Cut { host, reason } => Self::Cut { host, reason: masks.mask(&reason) },
            same @ (Self::TimedOut { .. } | Self::Untrusted { .. }) => same,
        }
    }

    /// Whether a call or route does not exist on this engine: all four statuses mean it, as a path
    /// without a handler is taken for an index's name by some versions.
    #[must_use]
    pub fn is_not_there(&self) -> bool {
        matches!(self, Self::Refused { status: 400 | 403 | 404 | 405, .. })
    }

    /// Whether another node, or the same one later, may answer.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::TimedOut { .. }
            | Self::Cut { .. }
            | Self::Refused { status: 429 | 502 | 503 | 504, .. } => true,
            // A node went while it worked for another one.
            Self::Refused { status: 500, kind, .. } => {
                kind.starts_with("node_") || kind.ends_with("_transport_exception")
            }
            _ => false,
        }
    }

    /// Whether the cluster is away, or answers nobody, rather than refusing this one question: what
    /// is asked may be right and be answered later.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Settings(_) => false,
            Self::Refused { status, .. } => *status == 401 || self.is_passing(),
            _ => true,
        }
    }

    /// The error with what to do about it.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self}; {hint}"),
            None => self.to_string(),
        }
    }

    /// What the person at the screen can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Refused { status, kind, reason, .. } => {
                let busy = || {
                    let said = "the cluster is short of memory or busy; ask for a shorter time";
                    (*status == 429).then(|| said.to_owned())
                };
                return reading(*status, kind, reason).advice.or_else(busy);
            }
            Self::Untrusted { refused, .. } => refused.hint(),
            Self::Garbled { .. } => {
                "a proxy in between may have answered; I shows what came".to_owned()
            }
            // Some reasons say themselves what to do.
            Self::Unreachable { reason, .. } if reason.contains("; ") => return None,
            Self::Unreachable { .. } => "is the address right, and is the node running?".to_owned(),
            _ => return None,
        })
    }
}

/// The reason of an answer that gives none.
fn no_reason(status: u16) -> String {
    format!("HTTP status {status}")
}

/// What a refusal means: security first, as its texts name indices and fields too.
fn reading(status: u16, kind: &str, reason: &str) -> Reading {
    match status {
        401 => denial::unknown(reason),
        _ => denial::read(reason).unwrap_or_else(|| complaint::read(kind, reason)),
    }
}

fn refusal_text(status: u16, kind: &str, reason: &str) -> String {
    let what = reading(status, kind, reason).what;
    match status {
        401 => what,
        _ => format!("the cluster refuses: {what}"),
    }
}

#[cfg(test)]
mod tests;
