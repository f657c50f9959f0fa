//! What this process keeps of credentials and warnings, so that another data view of the same
//! cluster opens without asking again. Kept in memory alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::source::elastic::Secret;

/// Passwords that were typed, by user and host.
static PASSWORDS: Mutex<BTreeMap<(String, String), Secret>> = Mutex::new(BTreeMap::new());
/// Warnings that were said.
static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
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
    use super::password;
    use crate::source::elastic::Secret;

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
