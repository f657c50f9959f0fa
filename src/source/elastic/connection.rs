//! How to reach a cluster: plain settings that the configuration fills.

use std::path::PathBuf;
use std::time::Duration;

use super::mask::{Masks, base64, from_base64};
use super::proxy::Proxies;
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
    /// What stands between.
    pub proxies: Proxies,
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
            proxies: Proxies::default(),
        }
    }

    /// The title of a data view there: whose it is, and whether its certificate is checked.
    #[must_use]
    pub fn title(&self, pattern: &str) -> String {
        let mark = if self.trust.verify_nothing { " (certificate NOT checked)" } else { "" };
        format!("{pattern} at {}{mark}", self.name)
    }

    /// Takes every secret of the connection out of texts.
    #[must_use]
    pub fn masks(&self) -> Masks {
        let mut masks = self.authentication.masks();
        for proxy in [&self.proxies.https, &self.proxies.http].into_iter().flatten() {
            if let Some((_, password)) = &proxy.login {
                masks.add(password);
            }
        }
        masks
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

    /// An API key as Kibana prints it, or as `id:key`.
    #[must_use]
    pub fn any_api_key(text: &Secret) -> Self {
        match text.reveal().split_once(':') {
            Some((id, key)) => Self::api_key(id, &Secret::new(key)),
            None => Self::ApiKey(text.clone()),
        }
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

    /// Takes its secrets out of texts.
    #[must_use]
    pub fn masks(&self) -> Masks {
        let mut masks = Masks::default();
        if let Some((_, value)) = self.header().as_deref().and_then(|header| header.split_once(' '))
        {
            masks.add(&Secret::new(value));
        }
        match self {
            Self::None => {}
            Self::Basic { password, .. } => masks.add(password),
            Self::Bearer(token) => masks.add(token),
            Self::ApiKey(coded) => {
                masks.add(coded);
                let plain =
                    from_base64(coded.reveal()).and_then(|text| String::from_utf8(text).ok());
                if let Some((_, key)) = plain.as_deref().and_then(|plain| plain.split_once(':')) {
                    masks.add(&Secret::new(key));
                }
            }
        }
        masks
    }

    /// A text that may be shown.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.masks().mask(text)
    }

    /// What a `curl` that is copied gets in the credentials' place: variables, never the secret.
    #[must_use]
    pub fn curl_option(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Basic { .. } => Some(r#"-u "$ES_USER:$ES_PASSWORD""#),
            Self::ApiKey(_) => Some(r#"-H "Authorization: ApiKey $ES_API_KEY""#),
            Self::Bearer(_) => Some(r#"-H "Authorization: Bearer $ES_TOKEN""#),
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

#[cfg(test)]
mod tests {
    use super::{Authentication, Connection, Trust};
    use crate::source::elastic::Secret;

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
        let shown = key.mask("key aWQ6c2VjcmV0, that is id:secret");
        assert!(!shown.contains("aWQ6") && !shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_title_says_when_nothing_is_checked() {
        let mut connection = Connection::to("https://h:9200");
        assert_eq!(connection.title("logs-*"), "logs-* at h:9200");
        connection.trust.verify_nothing = true;
        assert_eq!(connection.title("logs-*"), "logs-* at h:9200 (certificate NOT checked)");
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
