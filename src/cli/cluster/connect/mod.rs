//! From an address, options, the environment and a profile to a connection, and what to warn about.
//!
//! A flag (or the address) goes before the environment, and that before the profile. Reads no
//! terminal and no network: what is asked of the person comes in as a function.

mod credentials;
mod origin;
mod secret;
#[cfg(test)]
mod tests;
mod trust;

use std::time::Duration;

pub(in crate::cli) use self::origin::Setting;

use self::credentials::{Deciding, Login};
use self::origin::{Told, Variables};
use super::options::ClusterOptions;
use crate::cli::open;
use crate::config::cluster::{Profile, Profiles, Trouble};
use crate::source::elastic::address::{host, is_this_machine};
use crate::source::elastic::{Address, Authentication, Cluster, Connection, Secret};
use crate::time::TimeSpec;

/// Variables that may hold the address of the cluster that has no other name.
const ADDRESSES: [&str; 3] = ["PEAVEY_URL", "ELASTICSEARCH_URL", "ES_URL"];

/// What is to be connected to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cli) struct Target {
    /// How.
    pub(in crate::cli) connection: Connection,
    /// The index pattern: that of the address, else the profile's first; `None` is to be picked.
    pub(in crate::cli) pattern: Option<String>,
    /// The profile's data views.
    pub(in crate::cli) data_views: Vec<String>,
    /// The profile's time field.
    pub(in crate::cli) time_field: Option<String>,
    /// What the screen opens with.
    pub(in crate::cli) time_range: Option<TimeSpec>,
    /// The profile's name.
    pub(in crate::cli) profile: Option<String>,
    /// Sentences to say before.
    pub(in crate::cli) warnings: Vec<String>,
    /// What is used, and who said so.
    pub(in crate::cli) settings: Vec<Setting>,
}

/// Where settings and secrets come from.
pub(in crate::cli) struct Surroundings<'a> {
    /// An environment variable.
    pub(in crate::cli) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Asks for the password of a user at a host.
    pub(in crate::cli) prompt: &'a dyn Fn(&str, &str) -> Result<Secret, String>,
    /// The profiles, if there is a home.
    pub(in crate::cli) profiles: Option<Profiles>,
}

/// Reads an address as typed.
///
/// # Errors
/// A text for the user: a wrong address, option or profile, or a secret that is nowhere.
pub(in crate::cli) fn target(
    text: &str,
    options: &ClusterOptions,
    around: &Surroundings<'_>,
) -> Result<Target, String> {
    let variables = Variables(around.variable);
    let mut address = Told::by("the address", parse(text)?);
    if address.value.cluster == Cluster::Environment {
        let pattern = address.value.pattern.take();
        let named = variables.first(&ADDRESSES).ok_or_else(|| {
            format!(
                "`{text}` means the cluster of {}, and none of them is set; write its address, \
                 for example https://es.example:9200/logs-*, or es://NAME of a profile",
                ADDRESSES.join(", ")
            )
        })?;
        let mut value =
            parse(&named.value).map_err(|wrong| format!("{}: {wrong}", named.origin))?;
        take_as_prefix(&mut value);
        value.pattern = pattern;
        address = Told::by(named.origin, value);
    }
    let Told { value: Address { cluster, pattern }, origin: told_by } = address;
    let mut warnings = Vec::new();
    let (profile, connection, login) = match cluster {
        Cluster::Profile(name) => {
            let (profile, findings) = load(&name, around.profiles.as_ref())?;
            warnings.extend(findings);
            let connection = of_profile(&profile);
            (Some(profile), connection, (None, None))
        }
        Cluster::Url { origin, prefix, user, password } => {
            let mut connection = Connection::to(&origin);
            connection.prefix = prefix;
            (None, connection, (user, password))
        }
        Cluster::Environment => return Err(format!("{told_by} names no host")),
    };
    let profile = profile.as_ref();
    let file = profile.map(|profile| profile.file.display().to_string());
    let said_by = file.as_deref().unwrap_or(&told_by).to_owned();
    let mut found = Target {
        pattern: pattern.clone().or_else(|| profile?.data_views.first().cloned()),
        data_views: profile.map(|profile| profile.data_views.clone()).unwrap_or_default(),
        time_field: profile.and_then(|profile| profile.time_field.clone()),
        time_range: profile.and_then(|profile| profile.time_range.clone()),
        profile: profile.map(|profile| profile.name.clone()),
        settings: about(&connection, &said_by),
        connection,
        warnings,
    };
    if let Some(shown) = &found.pattern {
        let origin = if pattern.is_some() { "the address" } else { &said_by };
        found.settings.push(Setting::new("data view", shown, origin));
    }
    let settings = &mut found.settings;
    found.connection.trust = trust::trust(options, profile, &variables, settings)?;
    found.connection.identity = trust::identity(options, profile, settings)?;
    found.connection.proxies = trust::proxies(profile, &found.connection, &variables, settings)?;
    let place = found.connection.hosts.first().map_or("", |origin| place_of(origin)).to_owned();
    let login = Login { user: login.0.as_deref(), password: login.1.as_ref(), place: &place };
    if login.password.is_some() {
        found.warnings.push(
            "a password in an address is seen by everybody on this machine; give --user and \
             PEAVEY_PASSWORD instead"
                .to_owned(),
        );
    }
    let deciding = Deciding { options, profile, login, around };
    let (authentication, settings) = deciding.authentication()?;
    found.connection.authentication = authentication;
    found.settings.extend(settings);
    found.warn_of_plain_text();
    Ok(found)
}

impl Target {
    /// Warns of credentials that travel unencrypted to another machine.
    fn warn_of_plain_text(&mut self) {
        if self.connection.authentication == Authentication::None {
            return;
        }
        let is_far = |origin: &&String| {
            let place = origin.strip_prefix("http://").map(host);
            place.is_some_and(|host| !is_this_machine(host))
        };
        if let Some(origin) = self.connection.hosts.iter().find(is_far) {
            self.warnings.push(format!(
                "the credentials travel to {} without encryption; use https://",
                place_of(origin)
            ));
        }
    }
}

/// Reads an address; what it says of its text holds no password.
fn parse(text: &str) -> Result<Address, String> {
    Address::parse(text).map_err(|wrong| wrong.to_string())
}

/// An address of the environment names no data view: all of its path goes before every call.
fn take_as_prefix(address: &mut Address) {
    if let (Cluster::Url { prefix, .. }, Some(last)) =
        (&mut address.cluster, address.pattern.take())
    {
        prefix.push('/');
        prefix.push_str(&last);
    }
}

fn place_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, place)| place)
}

/// A profile, and what is odd about it.
fn load(name: &str, profiles: Option<&Profiles>) -> Result<(Profile, Vec<String>), String> {
    let profiles =
        profiles.ok_or_else(|| "there is no home folder that profiles could be in".to_owned())?;
    let (profile, findings) = profiles.load(name).map_err(tell)?;
    Ok((profile, findings.iter().map(ToString::to_string).collect()))
}

/// Why a profile cannot be used, in words.
pub(in crate::cli) fn tell(trouble: Trouble) -> String {
    match trouble {
        Trouble::Unknown { name, nearest, known } => {
            let meant = nearest.map(|near| format!("; did you mean es://{near}?"));
            let listed = match known.as_slice() {
                [] => String::new(),
                known => format!("\nthere are: {}", known.join(", ")),
            };
            format!(
                "there is no cluster `{name}`{}{listed}\nadd it with: peavey cluster add {name} \
                 https://HOST:9200",
                meant.unwrap_or_default()
            )
        }
        Trouble::File(said) => said,
        Trouble::Text(text, findings) => {
            let told = findings.iter().map(|finding| {
                let place = match finding.line {
                    0 => finding.file.clone(),
                    line => format!("{}:{line}", finding.file),
                };
                let text = if may_hold_a_secret(&text, finding.line) { "" } else { &text };
                format!("{place}: {}", open::explain(text, &finding.diagnostic))
            });
            told.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Whether a line of a profile may hold what should not stand there, and is not to be shown.
fn may_hold_a_secret(text: &str, line: usize) -> bool {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_lowercase();
    let names = ["password", "api-key", "api_key", "token", "bearer", "secret", "@"];
    names.iter().any(|name| line.contains(name))
}

fn of_profile(profile: &Profile) -> Connection {
    let mut connection = Connection::to(profile.hosts.first().map_or("", String::as_str));
    connection.name.clone_from(&profile.name);
    connection.hosts.clone_from(&profile.hosts);
    connection.prefix.clone_from(&profile.prefix);
    connection.timeout = profile.timeout.unwrap_or(connection.timeout);
    connection
}

/// Hosts, path and patience of a connection.
fn about(connection: &Connection, origin: &str) -> Vec<Setting> {
    let mut settings = vec![Setting::new("hosts", connection.hosts.join(", "), origin)];
    if !connection.prefix.is_empty() {
        settings.push(Setting::new("path", &connection.prefix, origin));
    }
    if connection.timeout != Connection::to("").timeout {
        settings.push(Setting::new("timeout", seconds(connection.timeout), origin));
    }
    settings
}

fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}
