//! What this process keeps of credentials and warnings, so that another data view of the same
//! cluster opens without asking again. Kept in memory alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::source::elastic::tls::Fingerprint;
use crate::source::elastic::{Authentication, Connection, Secret};

/// Passwords that were typed, by user and host.
static PASSWORDS: Mutex<BTreeMap<(String, String), Secret>> = Mutex::new(BTreeMap::new());
/// Warnings that were said.
static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
/// What a person said at the terminal of a cluster, by host: who asks, and what to trust.
static SAID_OF: Mutex<BTreeMap<String, (Authentication, Option<Fingerprint>)>> =
    Mutex::new(BTreeMap::new());
/// Whether the screen has the terminal, so that nothing can be asked or said beside it.
static ON_SCREEN: AtomicBool = AtomicBool::new(false);

/// From now on the screen has the terminal.
pub(in crate::cli) fn screen_opens() {
    ON_SCREEN.store(true, Ordering::Relaxed);
}

/// Whether the screen has the terminal.
pub(super) fn is_on_screen() -> bool {
    ON_SCREEN.load(Ordering::Relaxed)
}

/// Keeps what a person said of a cluster, as it worked.
pub(super) fn keep(connection: &Connection) {
    let Some(host) = connection.hosts.first() else { return };
    if let Ok(mut said) = SAID_OF.lock() {
        let known = (connection.authentication.clone(), connection.trust.fingerprint);
        said.insert(host.clone(), known);
    }
}

/// Adds what a person said of a cluster before, where nothing else says it.
pub(super) fn recall(connection: &mut Connection) {
    let Some(host) = connection.hosts.first() else { return };
    let known = SAID_OF.lock().ok().and_then(|said| said.get(host).cloned());
    let Some((authentication, fingerprint)) = known else { return };
    if connection.authentication == Authentication::None {
        connection.authentication = authentication;
    }
    connection.trust.fingerprint = connection.trust.fingerprint.or(fingerprint);
}

/// Forgets a password that the cluster did not take.
pub(super) fn forget(user: &str, host: &str) {
    if let Ok(mut known) = PASSWORDS.lock() {
        known.remove(&(user.to_owned(), host.to_owned()));
    }
}

/// The password of a user at a host: the one that was typed before, else asked for.
pub(super) fn password(
    user: &str,
    host: &str,
    ask: impl FnOnce(&str, &str) -> Result<Secret, String>,
) -> Result<Secret, String> {
    let key = (user.to_owned(), host.to_owned());
    let known = PASSWORDS.lock().ok().and_then(|known| known.get(&key).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    if is_on_screen() {
        return Err(format!(
            "the password of {user} cannot be asked for on the screen; set PEAVEY_PASSWORD, or \
             start Peavey with this address"
        ));
    }
    let typed = ask(user, host)?;
    if let Ok(mut known) = PASSWORDS.lock() {
        known.insert(key, typed.clone());
    }
    Ok(typed)
}

/// Those of some warnings that have not been said yet, and can be.
pub(super) fn unsaid(warnings: &[String]) -> Vec<&String> {
    if is_on_screen() {
        return Vec::new();
    }
    let Ok(mut said) = SAID.lock() else { return Vec::new() };
    warnings.iter().filter(|warning| said.insert((*warning).clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::{keep, password, recall};
    use crate::source::elastic::{Authentication, Connection, Secret};

    #[test]
    fn what_was_said_of_a_cluster_is_known_the_next_time() {
        let mut said = Connection::to("https://memory-recall:9200");
        said.authentication = Authentication::Bearer(Secret::new("typed"));
        said.trust.fingerprint = Some([7; 32]);
        keep(&said);
        let mut next = Connection::to("https://memory-recall:9200");
        recall(&mut next);
        assert_eq!(next, said);
        let mut other = Connection::to("https://memory-other:9200");
        recall(&mut other);
        assert_eq!(other.authentication, Authentication::None);
    }

    #[test]
    fn a_password_is_asked_for_once_for_each_user_and_host() {
        let ask = |_: &str, _: &str| Ok(Secret::new("typed"));
        let refuse = |user: &str, host: &str| Err(format!("{user} at {host} was asked again"));
        assert!(password("memory-eva", "h:1", ask).is_ok());
        assert_eq!(password("memory-eva", "h:1", refuse), Ok(Secret::new("typed")));
        assert!(password("memory-eva", "h:2", refuse).is_err());
        assert!(password("memory-bob", "h:1", refuse).is_err());
    }
}
