//! From an address, options and the environment to a connection and what to warn about.
//!
//! Reads no terminal and no network: what is asked of the person comes in as a function.

use std::net::IpAddr;

use super::options::ClusterOptions;
use crate::source::elastic::{Address, Authentication, Cluster, Connection, Secret, Trust};

/// Variables that may hold the password, best first.
const PASSWORDS: [&str; 2] = ["PEAVEY_PASSWORD", "ELASTIC_PASSWORD"];

/// What is to be connected to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// How.
    pub(super) connection: Connection,
    /// The index pattern; `None` where it is to be picked.
    pub(super) pattern: Option<String>,
    /// Sentences to say before.
    pub(super) warnings: Vec<String>,
}

/// Where secrets come from.
pub(super) struct Secrets<'a> {
    /// An environment variable.
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Asks for the password of a user at a host.
    pub(super) prompt: &'a dyn Fn(&str, &str) -> Result<Secret, String>,
}

/// Reads an address as typed.
///
/// # Errors
/// A text for the user: a wrong address or option, or a password that is nowhere.
pub(super) fn target(
    text: &str,
    options: &ClusterOptions,
    secrets: &Secrets<'_>,
) -> Result<Target, String> {
    let address = Address::parse(text).map_err(|wrong| wrong.to_string())?;
    let (origin, prefix, user, password) = match &address.cluster {
        Cluster::Profile(name) => {
            return Err(format!(
                "es://{name}: profiles are not there yet; write the address, for example \
                 https://es.example:9200/logs-*"
            ));
        }
        Cluster::Environment => return Err(format!("`{text}` names no host")),
        Cluster::Url { origin, prefix, user, password } => (origin, prefix, user, password),
    };
    let pattern = address.pattern.clone();
    let mut connection = Connection::to(origin);
    connection.prefix.clone_from(prefix);
    connection.trust = trust(options)?;
    let mut warnings = Vec::new();
    if password.is_some() {
        warnings.push(
            "a password in an address is seen by everybody on this machine; give --user and \
             PEAVEY_PASSWORD instead"
                .to_owned(),
        );
    }
    if let Some(name) = &options.api_key_env {
        let key = (secrets.variable)(name)
            .filter(|key| !key.trim().is_empty())
            .ok_or_else(|| format!("--api-key-env: there is no variable {name}, or it is empty"))?;
        connection.authentication = api_key(key.trim());
    } else if let Some(user) = options.user.as_ref().or(user.as_ref()) {
        let own = password.clone().filter(|_| options.user.is_none());
        let password = match own.or_else(|| known_password(secrets)) {
            Some(password) => password,
            None => (secrets.prompt)(user, &connection.name)?,
        };
        connection.authentication = Authentication::Basic { user: user.clone(), password };
    }
    let is_plain = origin.starts_with("http://");
    if is_plain && connection.authentication != Authentication::None && !is_here(&connection.name) {
        warnings.push(format!(
            "the credentials travel to {} without encryption; use https://",
            connection.name
        ));
    }
    Ok(Target { connection, pattern, warnings })
}

fn known_password(secrets: &Secrets<'_>) -> Option<Secret> {
    let found = PASSWORDS.into_iter().find_map(|name| (secrets.variable)(name))?;
    Some(Secret::new(found))
}

fn api_key(text: &str) -> Authentication {
    match text.split_once(':') {
        Some((id, key)) => Authentication::api_key(id, &Secret::new(key)),
        None => Authentication::ApiKey(Secret::new(text)),
    }
}

fn trust(options: &ClusterOptions) -> Result<Trust, String> {
    let fingerprint = match options.ca_fingerprint.as_deref() {
        None => None,
        Some(text) => Some(Trust::parse_fingerprint(text).ok_or_else(|| {
            format!("--ca-fingerprint: `{text}` is no SHA-256, that is 64 hexadecimal digits")
        })?),
    };
    Ok(Trust { authority_file: options.ca_cert.clone(), fingerprint, verify_nothing: false })
}

/// Whether `host:port` is this machine.
fn is_here(place: &str) -> bool {
    let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Secrets, Target, target};
    use crate::cli::cluster::ClusterOptions;
    use crate::source::elastic::{Authentication, Secret};

    fn read(text: &str, options: &ClusterOptions) -> Result<Target, String> {
        let variable = |name: &str| match name {
            "ELASTIC_PASSWORD" => Some("of the environment".to_owned()),
            "KEY" => Some("id:secret".to_owned()),
            _ => None,
        };
        target(text, options, &Secrets { variable: &variable, prompt: &|_, _| unreachable!() })
    }

    fn basic(password: &str) -> Authentication {
        Authentication::Basic { user: "eva".to_owned(), password: Secret::new(password) }
    }

    #[test]
    fn credentials_come_from_options_environment_or_address() {
        let none = ClusterOptions::default();
        let eva = ClusterOptions { user: Some("eva".to_owned()), ..none.clone() };
        let key = ClusterOptions { api_key_env: Some("KEY".to_owned()), ..none.clone() };
        let authentication = |text, options| read(text, options).unwrap().connection.authentication;
        assert_eq!(authentication("https://h/logs", &none), Authentication::None);
        assert_eq!(authentication("https://h/logs", &eva), basic("of the environment"));
        assert_eq!(authentication("https://eva:own@h/logs", &none), basic("own"));
        assert_eq!(authentication("https://bob:his@h/logs", &eva), basic("of the environment"));
        let expected = Authentication::api_key("id", &Secret::new("secret"));
        assert_eq!(authentication("https://h/logs", &key), expected);
    }

    #[test]
    fn a_person_without_a_known_password_is_asked() {
        let secrets = Secrets {
            variable: &|_| None,
            prompt: &|user, host| Ok(Secret::new(format!("{user} at {host}"))),
        };
        let found = target("https://eva@h/logs", &ClusterOptions::default(), &secrets).unwrap();
        assert_eq!(found.connection.authentication, basic("eva at h:9200"));
    }

    #[test]
    fn secrets_in_the_open_are_warned_about() {
        let warnings = |text| read(text, &ClusterOptions::default()).unwrap().warnings.len();
        for (text, expected) in [
            ("https://eva@h/logs", 0),
            ("https://eva:own@h/logs", 1),
            ("http://eva@h/logs", 1),
            ("http://eva:own@10.0.0.1/logs", 2),
            ("http://eva@localhost/logs", 0),
            ("http://eva@[::1]:9200/logs", 0),
            ("http://h/logs", 0),
        ] {
            assert_eq!(warnings(text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_opened_is_told_in_words() {
        let none = ClusterOptions::default();
        let wrong = ClusterOptions { ca_fingerprint: Some("ab".to_owned()), ..none.clone() };
        let unset = ClusterOptions { api_key_env: Some("NO".to_owned()), ..none.clone() };
        for (text, options, expected) in [
            ("es://prod/logs-*", &none, "profiles are not there yet"),
            ("https://h:0/logs", &none, "no port"),
            ("https://h/logs", &wrong, "64 hexadecimal digits"),
            ("https://h/logs", &unset, "no variable NO"),
        ] {
            let message = read(text, options).unwrap_err();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
