//! Tries to reach a cluster; on a terminal, asks for what is missing and tries again: a password
//! where the cluster asks who it is, a yes where nobody known vouches for its certificate.

use super::connect::{Setting, Target};
use super::{memory, profiles, prompt};
use crate::source::elastic::probe;
use crate::source::elastic::tls::{Certificate, Distrust, Refused, fingerprint_text};
use crate::source::elastic::{Authentication, Connection, Error};

/// How often a password is asked for.
const ATTEMPTS: usize = 3;

/// Does something with a connection until it works or nothing is left to ask for.
///
/// # Errors
/// A text for the user: what the cluster answers, and what to do.
pub(in crate::cli) fn admitted<T>(
    target: &mut Target,
    attempt: &mut dyn FnMut(&Connection) -> Result<T, Error>,
) -> Result<T, String> {
    let mut asked = 0;
    let mut is_said = false;
    loop {
        let error = match attempt(&target.connection) {
            Ok(done) => {
                if is_said {
                    memory::keep(&target.connection);
                }
                return Ok(done);
            }
            Err(error) => error,
        };
        let is_mended = match &error {
            Error::Refused { status: 401, .. } if asked < ATTEMPTS => {
                asked += 1;
                ask_who(target)?
            }
            Error::Untrusted { host, refused } if refused.why == Distrust::UnknownIssuer => {
                ask_to_trust(target, host, refused)?
            }
            _ => false,
        };
        if !is_mended {
            return Err(tell(&error, target));
        }
        is_said = true;
    }
}

fn place(target: &Target) -> &str {
    let origin = target.connection.hosts.first().map_or("", String::as_str);
    origin.split_once("://").map_or(origin, |(_, place)| place)
}

/// Asks who the person is. Not where an API key or token was refused: that is to be mended there.
fn ask_who(target: &mut Target) -> Result<bool, String> {
    if !prompt::may_ask() {
        return Ok(false);
    }
    let place = place(target).to_owned();
    let (user, origin) = match &target.connection.authentication {
        Authentication::None => {
            let user = prompt::line(&format!("{place} asks who you are. User: "))?;
            if user.is_empty() {
                return Ok(false);
            }
            (user, "typed".to_owned())
        }
        Authentication::Basic { user, .. } => {
            prompt::say(&format!("{place} does not take {}.", credentials(target)));
            let known = target.settings.iter().find(|setting| setting.name == "user");
            (user.clone(), known.map(|known| known.origin.clone()).unwrap_or_default())
        }
        Authentication::ApiKey(_) | Authentication::Bearer(_) => return Ok(false),
    };
    memory::forget(&user, &place);
    let password = memory::password(&user, &place, prompt::password)?;
    target.settings.retain(|setting| !["user", "password"].contains(&setting.name));
    target.settings.push(Setting { name: "user", value: user.clone(), origin });
    let (value, origin) = ("•••".to_owned(), "typed".to_owned());
    target.settings.push(Setting { name: "password", value, origin });
    target.connection.authentication = Authentication::Basic { user, password };
    Ok(true)
}

/// What was used to say who asks, and where it came from.
fn credentials(target: &Target) -> String {
    told(target, |setting| match setting.origin.as_str() {
        "typed" => " (typed)".to_owned(),
        origin => format!(" (from {origin})"),
    })
}

/// What was used to say who asks.
pub(super) fn who(target: &Target) -> String {
    told(target, |_| String::new())
}

fn told(target: &Target, origin: impl Fn(&Setting) -> String) -> String {
    let names = ["user", "password", "API key", "token"];
    let used = target.settings.iter().filter(|setting| names.contains(&setting.name));
    let told: Vec<String> = used
        .map(|setting| match setting.name {
            "user" => format!("user {}{}", setting.value, origin(setting)),
            name => format!("the {name}{}", origin(setting)),
        })
        .collect();
    told.join(" with ")
}

/// Shows a certificate and asks whether to trust it from now on.
fn ask_to_trust(target: &mut Target, host: &str, refused: &Refused) -> Result<bool, String> {
    if !prompt::may_ask() {
        return Ok(false);
    }
    let pin = refused.to_pin();
    let own = refused.own();
    prompt::say(&format!("Nobody known vouches for the certificate of {host}:"));
    for line in facts(&own) {
        prompt::say(&format!("  {line}"));
    }
    if own.fingerprint != pin {
        prompt::say(&format!("  SHA-256 of its authority: {}", fingerprint_text(pin)));
    }
    prompt::say("Compare the SHA-256 with what the cluster's administrator has.");
    let question = match &target.profile {
        Some(name) => format!("Trust it and pin it in the profile {name}? [y/N] "),
        None => "Trust it this time? [y/N] ".to_owned(),
    };
    if !prompt::yes(&question)? {
        return Ok(false);
    }
    target.connection.trust.fingerprint = Some(pin);
    let text = fingerprint_text(pin);
    match (&target.profile, profiles()) {
        (Some(name), Some(profiles)) => profiles.pin(name, &text)?,
        _ => prompt::say(&format!("To trust it always: --ca-fingerprint {text}")),
    }
    Ok(true)
}

/// A certificate in lines.
pub(super) fn facts(certificate: &Certificate) -> Vec<String> {
    let day = |at: Option<crate::time::Millis>| {
        at.map_or_else(|| "?".to_owned(), |at| at.to_string().chars().take(10).collect::<String>())
    };
    vec![
        format!("subject  {}", certificate.subject),
        format!("issuer   {}", certificate.issuer),
        format!("names    {}", certificate.names.join(", ")),
        format!("valid    {} to {}", day(certificate.from), day(certificate.until)),
        format!("SHA-256  {}", fingerprint_text(certificate.fingerprint)),
    ]
}

/// An error with what to do, and where what was refused came from.
pub(in crate::cli) fn tell(error: &Error, target: &Target) -> String {
    let masks = target.connection.masks();
    let used = credentials(target);
    match error {
        Error::Refused { status: 401, .. } if !used.is_empty() => masks.mask(&format!(
            "{} does not take {used} (401); `peavey cluster test` shows each step",
            place(target)
        )),
        Error::Unreachable { .. } | Error::Garbled { .. } | Error::Cut { .. }
            if target.connection.hosts.first().is_some_and(|origin| is_tls(origin, target)) =>
        {
            format!("{} speaks https, not http; write https:// instead", place(target))
        }
        other => masks.mask(&other.sentence()),
    }
}

/// Whether a plain address is a port that speaks TLS.
fn is_tls(origin: &str, target: &Target) -> bool {
    origin.starts_with("http://") && probe::speaks_tls(origin, &target.connection)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Error, tell};
    use crate::cli::cluster::ClusterOptions;
    use crate::cli::cluster::connect::{Surroundings, Target, target};
    use crate::source::elastic::Secret;

    /// A target whose secret comes one of the ways that there are.
    fn known(way: usize, secret: &str) -> Target {
        let variable = |name: &str| match (way, name) {
            (0 | 1, "ES_USER") => Some("eva".to_owned()),
            (0, "ES_PASSWORD") => Some(secret.to_owned()),
            (2, "ELASTIC_API_KEY") => Some(format!("id:{secret}")),
            (3, "PEAVEY_TOKEN") => Some(secret.to_owned()),
            (4, "HTTPS_PROXY") => Some(format!("http://bob:{}@proxy:3128", percent(secret))),
            _ => None,
        };
        let prompt = |_: &str, _: &str| Ok(Secret::new(secret));
        let around = Surroundings { variable: &variable, prompt: &prompt, profiles: None };
        let address = match way {
            5 => format!("https://eva:{}@es.example/logs", percent(secret)),
            _ => "https://es.example/logs".to_owned(),
        };
        target(&address, &ClusterOptions::default(), &around).unwrap()
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn no_secret_is_in_what_is_said_also_where_the_server_repeats_it(
            secret in "[!-9;-~]{6,24}", way in 0usize..6, variant in 0usize..6, status in 400u16..600
        ) {
            let target = known(way, &secret);
            let json = serde_json::to_string(&secret).unwrap();
            let header = target.connection.authentication.masks();
            let echo = format!("a {secret} b {} c {json} d", percent(&secret));
            let host = "es.example:9200".to_owned();
            let error = match variant {
                0 => Error::Settings(echo),
                1 => Error::Unreachable { host, reason: echo },
                2 => Error::NotAnEngine { host, what: echo },
                3 => Error::Cut { host, reason: echo },
                4 => Error::Garbled { host, reason: echo },
                _ => Error::Refused { status, kind: echo.clone(), reason: echo, retry_after: None },
            };
            let told = tell(&error, &target);
            let masked = error.masked(&target.connection.masks());
            let said = format!(
                "{told} {masked} {masked:?} {} {target:?} {header:?} {}",
                masked.sentence(),
                target.connection.title("logs")
            );
            for form in [&secret, &percent(&secret), &json[1..json.len() - 1]] {
                prop_assert!(!said.contains(form), "{form} in {said}");
            }
        }
    }
}
