//! What can go wrong with a cluster, as a sentence and what to do.
//!
//! Keeps the engine's own type and reason; never a secret.

use serde_json::Value as Json;

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
            reason: reason.unwrap_or_else(|| format!("HTTP status {status}")),
            retry_after,
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
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::TimedOut { .. }
                | Self::Cut { .. }
                | Self::Refused { status: 429 | 502 | 503 | 504, .. }
        )
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
            Self::Refused { status: 401, .. } => {
                "give credentials: --user NAME, --api-key-env NAME, or a profile".to_owned()
            }
            Self::Refused { status: 403, reason, .. } => return missing_privilege(reason),
            Self::Refused { status: 429, .. } => {
                "the cluster is short of memory or busy; ask for a shorter time".to_owned()
            }
            Self::Untrusted { refused, .. } => refused.hint(),
            Self::Unreachable { .. } => "is the address right, and is the node running?".to_owned(),
            _ => return None,
        })
    }
}

/// The role change that a security exception asks for.
///
/// The reason reads: `action [indices:data/read/search] is unauthorized for user [x] ... on indices
/// [a,b], this action is granted by the index privileges [read,all]`.
fn missing_privilege(reason: &str) -> Option<String> {
    let bracketed = |after: &str| {
        let rest = &reason[reason.find(after)? + after.len()..];
        let inside = rest.trim_start().strip_prefix('[')?;
        Some(inside[..inside.find(']')?].to_owned())
    };
    let user = bracketed("for user")?;
    let indices = bracketed("on indices").unwrap_or_else(|| "*".to_owned());
    let granted = bracketed("index privileges").unwrap_or_else(|| "read".to_owned());
    let least = granted.split(',').next().unwrap_or("read").to_owned();
    Some(format!("give a role of {user} the index privilege `{least}` on `{indices}`"))
}

fn refusal_text(status: u16, kind: &str, reason: &str) -> String {
    match (status, kind) {
        (401, _) => "the cluster asks who you are (401)".to_owned(),
        (_, "") => format!("the cluster refuses: {reason}"),
        _ => format!("the cluster refuses: {reason} ({kind})"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Error;

    #[test]
    fn the_reason_is_that_of_the_root_cause() {
        let body = json!({"error": {"root_cause": [{"type": "query_shard_exception", "reason": "no [x]"}],
            "type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 400});
        let error = Error::of_answer(400, &body, None);
        assert_eq!(error.to_string(), "the cluster refuses: no [x] (query_shard_exception)");
        let silent = Error::of_answer(
            503,
            &json!({"error": {"root_cause": [], "type": "search_phase_execution_exception",
            "reason": "", "caused_by": {"type": "x", "reason": "Search rejected due to missing shards"}}}),
            None,
        );
        assert!(silent.to_string().contains("missing shards"), "{silent}");
        assert!(
            Error::of_answer(405, &json!({"error": "Incorrect HTTP method"}), None).is_not_there()
        );
    }

    #[test]
    fn a_security_exception_becomes_the_role_change_that_mends_it() {
        let reason = "action [indices:data/read/search] is unauthorized for user [ann] with effective roles [viewer] on indices \
            [logs-nginx-pt], this action is granted by the index privileges [read,all]";
        let body = json!({"error": {"root_cause": [{"type": "security_exception", "reason": reason}], "type": "security_exception", "reason": reason}});
        let error = Error::of_answer(403, &body, None);
        assert_eq!(
            error.hint().as_deref(),
            Some("give a role of ann the index privilege `read` on `logs-nginx-pt`")
        );
    }
}
