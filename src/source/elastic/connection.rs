//! How to reach a cluster: plain settings that the configuration fills.

use std::path::PathBuf;
use std::time::Duration;

use super::secret::Secret;

/// Everything that a client needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Name for titles and messages: the profile's, or host and port.
    pub name: String,
    /// Scheme, host and port of each node, tried in turn.
    pub hosts: Vec<String>,
    /// Path in front of every call; empty or `/prefix`.
    pub prefix: String,
    /// Who asks.
    pub authentication: Authentication,
    /// Whom to trust.
    pub trust: Trust,
    /// Client certificate, if the cluster asks for one.
    pub identity: Option<Identity>,
    /// Longest wait for one answer.
    pub timeout: Duration,
}

impl Connection {
    /// A connection to one host with nothing special.
    #[must_use]
    pub fn to(host: &str) -> Self {
        let name = host.split("://").last().unwrap_or(host).to_owned();
        Self {
            name,
            hosts: vec![host.to_owned()],
            prefix: String::new(),
            authentication: Authentication::None,
            trust: Trust::default(),
            identity: None,
            timeout: Duration::from_secs(60),
        }
    }
}

/// How a request says who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Authentication {
    /// It does not.
    #[default]
    None,
    /// User name and password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// An API key as Kibana prints it (base64 of `id:key`).
    ApiKey(Secret),
    /// A bearer or service account token.
    Bearer(Secret),
}

impl Authentication {
    /// An API key given as its two halves.
    #[must_use]
    pub fn api_key(id: &str, key: &Secret) -> Self {
        Self::ApiKey(Secret::new(base64(format!("{id}:{}", key.reveal()).as_bytes())))
    }

    /// The value of the `Authorization` header.
    pub(super) fn header(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Basic { user, password } => Some(format!(
                "Basic {}",
                base64(format!("{user}:{}", password.reveal()).as_bytes())
            )),
            Self::ApiKey(key) => Some(format!("ApiKey {}", key.reveal())),
            Self::Bearer(token) => Some(format!("Bearer {}", token.reveal())),
        }
    }

    /// Masks every secret of it, in each form in which it travels, in a text that may be shown.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let masked = match self {
            Self::None => text.to_owned(),
            Self::Basic { password, .. } => password.mask(text),
            Self::ApiKey(secret) | Self::Bearer(secret) => secret.mask(text),
        };
        let header = self.header().unwrap_or_default();
        match header.split_once(' ') {
            Some((_, value)) => Secret::new(value).mask(&masked),
            None => masked,
        }
    }
}

/// Which certificates of a server are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// Certificate authorities in a PEM file, beside the system's.
    pub authority_file: Option<PathBuf>,
    /// SHA-256 of an authority's certificate, as Elasticsearch prints it at its first start:
    /// 64 hexadecimal digits, colons allowed. A chain that holds it is accepted.
    pub fingerprint: Option<[u8; 32]>,
    /// Accept anything. Stays marked on the screen.
    pub verify_nothing: bool,
}

impl Trust {
    /// Reads a fingerprint as people copy it.
    #[must_use]
    pub fn parse_fingerprint(text: &str) -> Option<[u8; 32]> {
        let digits: Vec<u8> =
            text.bytes().filter(|byte| *byte != b':' && !byte.is_ascii_whitespace()).collect();
        if digits.len() != 64 {
            return None;
        }
        let mut found = [0u8; 32];
        for (place, pair) in found.iter_mut().zip(digits.chunks_exact(2)) {
            let hex = std::str::from_utf8(pair).ok()?;
            *place = u8::from_str_radix(hex, 16).ok()?;
        }
        Some(found)
    }
}

/// A client certificate with its key, both PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Certificate chain.
    pub certificate: PathBuf,
    /// Private key.
    pub key: PathBuf,
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let index = (group >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() { ALPHABET[index as usize] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Authentication, Trust, base64};
    use crate::source::elastic::Secret;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn no_form_of_a_secret_survives_masking() {
        let basic = Authentication::Basic {
            user: "elastic".to_owned(),
            password: Secret::new("pa:ss wörd"),
        };
        let header = basic.header().unwrap_or_default();
        let shown = basic.mask(&format!("failed with pa:ss wörd and {header}"));
        assert!(
            !shown.contains("wörd") && !shown.contains(header.split(' ').nth(1).unwrap()),
            "{shown}"
        );
        let key = Authentication::api_key("id", &Secret::new("secret"));
        assert_eq!(key.header().as_deref(), Some("ApiKey aWQ6c2VjcmV0"));
        assert!(!format!("{basic:?}{key:?}").contains("aWQ6"));
    }

    #[test]
    fn a_fingerprint_is_read_with_and_without_colons() {
        let plain = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        assert_eq!(Trust::parse_fingerprint(&plain), Some([0xab; 32]));
        assert_eq!(Trust::parse_fingerprint(&colons), Some([0xab; 32]));
        assert_eq!(Trust::parse_fingerprint("ab"), None);
        assert_eq!(Trust::parse_fingerprint(&"zz".repeat(32)), None);
    }
}
