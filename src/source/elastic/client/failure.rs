//! What the HTTP client's errors mean, and what answers that is no engine.

use std::error::Error as _;

use super::super::error::Error;
use super::super::tls;
use super::host::Host;

/// What an error of the HTTP client means. `seconds` is the limit for connecting.
pub(super) fn failure(host: &Host, seconds: u64, error: &reqwest::Error) -> Error {
    let shown = host.shown();
    let mut chain = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(inner) = cause {
        chain.push(inner.to_string());
        cause = inner.source();
    }
    let whole = chain.join(": ");
    if let Some(refused) = tls::refused_in(error) {
        return Error::Untrusted { host: shown, refused: Box::new(refused) };
    }
    if error.is_timeout() {
        // Only connecting has a limit in the HTTP client itself.
        let reason = format!("nothing answers within {seconds} s");
        return Error::Unreachable { host: shown, reason };
    }
    let without = || if error.is_connect() { "connection failed" } else { "the exchange failed" };
    // Not the error's own words: they hold the address, which may hold a name and more.
    let deepest = chain.last().cloned().unwrap_or_else(|| without().to_owned());
    if whole.contains("invalid HTTP") {
        let reason = format!("it does not speak HTTP ({deepest})");
        return Error::Garbled { host: shown, reason };
    }
    let reason = if whole.contains("InvalidContentType") || whole.contains("corrupt message") {
        "it speaks http, not https; write http:// instead".to_owned()
    } else if whole.contains("CertificateRequired") {
        CERTIFICATE.to_owned()
    } else if whole.contains("received fatal alert") {
        format!("it breaks off TLS ({deepest}); does it ask for another client certificate?")
    } else if whole.contains("dns error") || whole.contains("lookup address") {
        format!("its name is not known ({deepest})")
    } else if error.is_connect() {
        deepest
    } else {
        return Error::Cut { host: shown, reason: deepest };
    };
    Error::Unreachable { host: shown, reason }
}

/// What to do about a client certificate that is asked for.
const CERTIFICATE: &str =
    "it asks for a client certificate; give --client-cert FILE and --client-key FILE";

/// What the page of a web server in front of an engine says, where it is known.
pub(super) fn page(body: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(body.get(..4096).unwrap_or(body)).to_lowercase();
    if text.contains("plain http request was sent to https port") {
        return Some("it speaks https; write https:// instead");
    }
    let is_asked = text.contains("no required ssl certificate");
    let is_refused = text.contains("ssl certificate error");
    match (is_asked, is_refused) {
        (true, _) => Some(CERTIFICATE),
        (_, true) => Some("it does not accept this client certificate; is it the right one?"),
        _ => None,
    }
}

/// The head of an answer, as far as it tells who answers.
pub(super) struct Head<'a> {
    /// HTTP status.
    pub(super) status: u16,
    /// `Content-Type`.
    pub(super) kind: &'a str,
    /// Whether a header of Kibana or of `OpenSearch`'s dashboards is there.
    pub(super) is_kibana: bool,
    /// `Location`.
    pub(super) location: Option<&'a str>,
}

impl Head<'_> {
    /// What answers, if it is no engine.
    pub(super) fn stranger(&self) -> Option<String> {
        if self.is_kibana {
            return Some(
                "this is Kibana; ask for its Elasticsearch's address (usually port 9200)"
                    .to_owned(),
            );
        }
        if (300..400).contains(&self.status) {
            let place = self.location.unwrap_or("another place");
            return Some(format!("it sends on to {place}, and credentials follow no redirect"));
        }
        if !self.kind.starts_with("text/html") {
            return None;
        }
        Some(match self.status {
            400 => "it answers a page; if it speaks https, write https:// instead".to_owned(),
            401 | 403 => "it answers a login page of a proxy".to_owned(),
            // A proxy whose engine is away for a moment: told as the engine's own 503 is.
            502..=504 => return None,
            _ => "it answers an HTML page".to_owned(),
        })
    }
}
