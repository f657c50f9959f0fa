//! Where a cluster is, as people type it: `https://host:9200/prefix/logs-*`, `es://prod/logs-*`.
//!
//! Reads text; looks nothing up.

use super::secret::Secret;

/// A cluster and a data view, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Which cluster.
    pub cluster: Cluster,
    /// The index pattern; `None` where it is to be picked.
    pub pattern: Option<String>,
}

/// How the cluster is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cluster {
    /// A profile's name (`es://prod`).
    Profile(String),
    /// The cluster that the environment names (`es:///logs-*`).
    Environment,
    /// A URL.
    Url {
        /// Scheme, host and port, without a slash at the end.
        origin: String,
        /// Path before the data view, with a slash at its start and none at its end; or empty.
        prefix: String,
        /// User name in the URL.
        user: Option<String>,
        /// Password in the URL: accepted, masked, and warned about.
        password: Option<Secret>,
    },
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// No host.
    #[error("`{0}` names no host; write for example https://es.example:9200/logs-*")]
    NoHost(String),
    /// No such scheme.
    #[error("`{0}` is no address of a cluster; it begins with https://, http:// or es://")]
    Scheme(String),
    /// A port that is no number from 1 to 65535.
    #[error("`{0}` is no port")]
    Port(String),
}

impl Address {
    /// Whether a source argument is meant for a cluster.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        ["es:", "http:", "https:"].iter().any(|scheme| text.starts_with(scheme))
    }

    /// Reads an address.
    ///
    /// # Errors
    /// If the scheme, host or port is missing or wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (base, pattern) = halves(text);
        let pattern = some(&decoded(pattern));
        if let Some(name) = base.strip_prefix("es://") {
            let cluster = match name.trim_end_matches('/') {
                "" => Cluster::Environment,
                name => Cluster::Profile(name.to_owned()),
            };
            return Ok(Self { cluster, pattern });
        }
        let Some((scheme, rest)) = base.split_once("://") else {
            return Err(AddressError::Scheme(text.to_owned()));
        };
        if !["http", "https"].contains(&scheme) {
            return Err(AddressError::Scheme(text.to_owned()));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let place = checked_place(place, text)?;
        let path = path.trim_end_matches('/');
        let prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, "")))
        {
            Some((user, password)) => {
                (some(&decoded(user)), some(&decoded(password)).map(Secret::new))
            }
            None => (None, None),
        };
        let origin = format!("{scheme}://{place}");
        let cluster = Cluster::Url { origin, prefix, user, password };
        Ok(Self { cluster, pattern })
    }

    /// The address without its password, for titles and messages.
    #[must_use]
    pub fn shown(&self) -> String {
        let pattern = escaped(self.pattern.as_deref().unwrap_or_default());
        match &self.cluster {
            Cluster::Profile(name) => format!("es://{name}/{pattern}"),
            Cluster::Environment => format!("es:///{pattern}"),
            Cluster::Url { origin, prefix, .. } => format!("{origin}{prefix}/{pattern}"),
        }
    }

    /// An address as typed, with another data view.
    #[must_use]
    pub fn with_pattern(text: &str, pattern: &str) -> String {
        let (base, _) = halves(text);
        format!("{}/{}", base.strip_suffix('/').unwrap_or(base), escaped(pattern))
    }
}

/// What stands before the data view, and the data view as written: the last segment of the path.
/// A path that ends with a slash is all prefix, unless its end can only be a pattern.
fn halves(text: &str) -> (&str, &str) {
    let Some(scheme) = text.find("://") else { return (text, "") };
    let start = scheme + 3;
    let Some(slash) = text[start..].find('/') else { return (text, "") };
    let begin = start + slash + 1;
    let path = &text[begin..];
    if text.starts_with("es:") {
        return (&text[..begin], path.trim_end_matches('/'));
    }
    let trimmed = path.trim_end_matches('/');
    let is_pattern = |segment: &str| segment.contains(['*', ',', '<']);
    let whole = if trimmed.rsplit('/').next().is_some_and(is_pattern) { trimmed } else { path };
    // The slashes of date math (`<logs-{now/d}>`) belong to the name.
    let last = whole[..whole.find('<').unwrap_or(whole.len())].rfind('/');
    let at = begin + last.map_or(0, |slash| slash + 1);
    (&text[..at], &text[at..begin + whole.len()])
}

/// A data view as a segment of a path, so that [`Address::parse`] reads it back.
fn escaped(pattern: &str) -> String {
    pattern.replace('%', "%25").replace('/', "%2F")
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Host and port; 9200 where none is named, as the engines' own tools have it.
fn checked_place(place: &str, whole: &str) -> Result<String, AddressError> {
    let (host, port) = match place.rsplit_once(':') {
        // A colon inside brackets belongs to an IPv6 address.
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    };
    if host.is_empty() {
        return Err(AddressError::NoHost(whole.to_owned()));
    }
    match port {
        None => Ok(format!("{host}:9200")),
        Some(port) if port.parse::<u16>().is_ok_and(|port| port > 0) => {
            Ok(format!("{host}:{port}"))
        }
        Some(port) => Err(AddressError::Port(port.to_owned())),
    }
}

/// The host of `host:port`, an IPv6 address without its brackets.
#[must_use]
pub fn host(place: &str) -> &str {
    let host = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => place,
    };
    host.trim_start_matches('[').trim_end_matches(']')
}

/// Whether a host is this machine.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Percent decoding; what is no escape stays.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) if *byte == b'%' => {
                plain.push(value);
                at += 3;
            }
            _ => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Address, Cluster};

    fn check(text: &str, origin: &str, prefix: &str, user: Option<&str>, pattern: Option<&str>) {
        let address = Address::parse(text).unwrap();
        let Cluster::Url { origin: found, prefix: found_prefix, user: found_user, .. } =
            &address.cluster
        else {
            panic!("{text} is no URL");
        };
        assert_eq!((found.as_str(), found_prefix.as_str()), (origin, prefix), "{text}");
        assert_eq!((found_user.as_deref(), address.pattern.as_deref()), (user, pattern), "{text}");
    }

    #[test]
    fn the_last_segment_is_the_data_view() {
        check(
            "https://es.example:9200/logs-*-pt",
            "https://es.example:9200",
            "",
            None,
            Some("logs-*-pt"),
        );
        check("http://localhost/a/b/logs-*", "http://localhost:9200", "/a/b", None, Some("logs-*"));
        check("http://localhost:9201", "http://localhost:9201", "", None, None);
        check("http://[::1]/eu:logs-*,-x", "http://[::1]:9200", "", None, Some("eu:logs-*,-x"));
        check(
            "http://h:1/%3Clogs-%7Bnow%2Fd%7D%3E",
            "http://h:1",
            "",
            None,
            Some("<logs-{now/d}>"),
        );
        check("http://h:1/p/<logs-{now/d}>,x", "http://h:1", "/p", None, Some("<logs-{now/d}>,x"));
        check("http://h:1/p/", "http://h:1", "/p", None, None);
        check("http://h:1/logs-*/", "http://h:1", "", None, Some("logs-*"));
        check("http://h:1/", "http://h:1", "", None, None);
    }

    #[test]
    fn a_password_in_a_url_is_taken_and_never_shown() {
        let address = Address::parse("https://elastic:p%40ss@h:9200/logs").unwrap();
        let Cluster::Url { user, password, .. } = &address.cluster else { panic!("no URL") };
        assert_eq!(user.as_deref(), Some("elastic"));
        assert_eq!(password.as_ref().map(super::super::secret::Secret::reveal), Some("p@ss"));
        assert!(!format!("{address:?} {}", address.shown()).contains("p@ss"));
    }

    #[test]
    fn another_data_view_is_put_in_and_read_back() {
        for text in [
            "http://eva@h:1",
            "http://eva@h:1/",
            "http://eva@h:1/p/",
            "http://eva@h:1/p/logs-*",
            "es://prod",
            "es://prod/a",
            "es:///a",
        ] {
            for pattern in ["logs-*", "<logs-{now/d}>", "a%2Fb", "eu:logs-*,-x", "\"odd\" name"] {
                let before = Address::parse(text).unwrap();
                let after = Address::parse(&Address::with_pattern(text, pattern)).unwrap();
                assert_eq!(after.pattern.as_deref(), Some(pattern), "{text}");
                assert_eq!(after.cluster, before.cluster, "{text}");
                let shown = Address::parse(&after.shown()).unwrap();
                assert_eq!(shown.pattern.as_deref(), Some(pattern), "{text}");
            }
        }
    }

    #[test]
    fn profiles_are_named_with_es() {
        let address = Address::parse("es://prod/logs-*").unwrap();
        assert_eq!(address.cluster, Cluster::Profile("prod".to_owned()));
        assert_eq!(address.pattern.as_deref(), Some("logs-*"));
        assert_eq!(Address::parse("es://prod").unwrap().pattern, None);
        assert_eq!(Address::parse("es:///logs-*").unwrap().cluster, Cluster::Environment);
    }

    #[test]
    fn wrong_addresses_are_refused_in_words() {
        for text in ["es:", "ftp://h/x", "https://", "https://h:99999/x", "https://:9200", "logs"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
