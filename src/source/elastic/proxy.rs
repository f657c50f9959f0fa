//! Which proxy stands between this machine and a cluster: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
//! `NO_PROXY`, or the one of a profile.
//!
//! Reads texts; connects to nothing.

use std::net::IpAddr;

use super::secret::Secret;

/// A proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Scheme, host and port.
    pub origin: String,
    /// User and password, where it asks for them.
    pub login: Option<(String, Secret)>,
    /// What named it, for people: `HTTPS_PROXY`.
    pub told_by: String,
}

/// The proxies of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proxies {
    /// For `https://` addresses.
    pub https: Option<Proxy>,
    /// For `http://` addresses.
    pub http: Option<Proxy>,
    /// Hosts that are reached without: names with their subdomains, addresses, networks, `*`.
    pub except: Vec<String>,
}

impl Proxy {
    /// Reads a proxy's address: `http://user:password@host:3128`; without a scheme it is http.
    ///
    /// # Errors
    /// A text for the user, without the password.
    pub fn parse(text: &str, told_by: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{told_by}: {why}; write for example http://proxy:3128");
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        if !["http", "https"].contains(&scheme) {
            return Err(wrong("a proxy's address begins with http:// or https://"));
        }
        let authority = rest.split('/').next().unwrap_or_default();
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (place, None),
        };
        let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
        if host.is_empty() || port.is_some_and(|port| !is_port(port)) {
            return Err(wrong("it names no host and port"));
        }
        let port = port.unwrap_or(if scheme == "https" { "443" } else { "80" });
        let login = login.map(|login| {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            (super::address::decoded(user), Secret::new(super::address::decoded(password)))
        });
        Ok(Self { origin: format!("{scheme}://{host}:{port}"), login, told_by: told_by.to_owned() })
    }
}

impl Proxies {
    /// The proxies that the environment names; capital and small letters alike, small ones first,
    /// as curl has it.
    ///
    /// # Errors
    /// A text for the user where a variable holds no address.
    pub fn of_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, String> {
        let set = |names: [&'static str; 4]| {
            let mut set = names.into_iter().filter_map(|name| {
                variable(name).filter(|value| !value.trim().is_empty()).map(|value| (name, value))
            });
            set.next().map(|(name, value)| Proxy::parse(value.trim(), name)).transpose()
        };
        let except = ["no_proxy", "NO_PROXY"].into_iter().find_map(variable).unwrap_or_default();
        let except = except.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
        Ok(Self {
            https: set(["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?,
            http: set(["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])?,
            except: except.map(str::to_owned).collect(),
        })
    }

    /// The proxy for an address; this machine itself is reached without.
    #[must_use]
    pub fn of(&self, origin: &str) -> Option<&Proxy> {
        let (scheme, place) = origin.split_once("://")?;
        let host = super::address::host(place);
        if super::address::is_this_machine(host)
            || self.except.iter().any(|except| is_meant(except, host))
        {
            return None;
        }
        if scheme == "https" { self.https.as_ref() } else { self.http.as_ref() }
    }
}

/// Whether a word of `NO_PROXY` means a host.
fn is_meant(word: &str, host: &str) -> bool {
    let (word, host) = (word.to_ascii_lowercase(), host.to_ascii_lowercase());
    if word == "*" {
        return true;
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return match word.split_once('/') {
            Some((network, bits)) => is_in(address, network, bits).unwrap_or(false),
            None => word.trim_matches(['[', ']']).parse() == Ok(address),
        };
    }
    let name = word.trim_start_matches('*').trim_start_matches('.');
    !name.is_empty()
        && (host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')))
}

/// Whether an address is in a network.
fn is_in(address: IpAddr, network: &str, bits: &str) -> Option<bool> {
    let bits: u32 = bits.parse().ok()?;
    match (address, network.parse().ok()?) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let shift = 32u32.checked_sub(bits)?;
            let cut = |address: u32| address.checked_shr(shift).unwrap_or(0);
            Some(cut(address.to_bits()) == cut(network.to_bits()))
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let shift = 128u32.checked_sub(bits)?;
            let cut = |address: u128| address.checked_shr(shift).unwrap_or(0);
            Some(cut(address.to_bits()) == cut(network.to_bits()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Proxies, Proxy};

    #[test]
    fn the_environment_names_proxies_and_who_is_reached_without() {
        let variable = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://eva:hid%20den@proxy:3128/".to_owned()),
            "ALL_PROXY" => Some("other".to_owned()),
            "NO_PROXY" => {
                Some("localhost, .internal,10.0.0.0/8 192.168.1.1,es.example,fd00::/8".to_owned())
            }
            _ => None,
        };
        let proxies = Proxies::of_environment(&variable).unwrap();
        let through = |origin: &str| proxies.of(origin).map(|proxy| proxy.origin.as_str());
        for (origin, expected) in [
            ("https://far.example:9200", Some("http://proxy:3128")),
            ("http://far.example:9200", Some("http://other:80")),
            ("https://localhost:9200", None),
            ("https://a.internal:9200", None),
            ("https://10.1.2.3:9200", None),
            ("https://11.1.2.3:9200", Some("http://proxy:3128")),
            ("https://192.168.1.1:9200", None),
            ("https://ES.example:9200", None),
            ("https://a.es.example:9200", None),
            ("https://notes.example:9200", Some("http://proxy:3128")),
            ("https://[fd00::1]:9200", None),
            ("https://[fe80::1]:9200", Some("http://proxy:3128")),
        ] {
            assert_eq!(through(origin), expected, "{origin}");
        }
        assert!(!format!("{proxies:?}").contains("hid"));
    }

    #[test]
    fn what_is_no_proxy_is_told_without_its_password() {
        for text in ["socks5://eva:hidden@h:1", "http://eva:hidden@", "http://eva:hidden@h:x"] {
            let said = Proxy::parse(text, "HTTPS_PROXY").unwrap_err();
            assert!(said.contains("HTTPS_PROXY") && !said.contains("hidden"), "{said}");
        }
    }
}
