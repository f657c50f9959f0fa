//! `peavey cluster list`: a cluster a line.

use super::{connect, open, own_profiles};
use crate::config::cluster::{Credentials, Profile};

/// Prints the list.
///
/// # Errors
/// A text for the user where there is no home.
pub(super) fn list() -> Result<bool, String> {
    let profiles = own_profiles()?;
    let listed = profiles.list();
    if listed.is_empty() {
        println!("There is no cluster in {}.", profiles.folder().display());
        println!("Add one: peavey cluster add NAME https://HOST:9200/logs-*");
        return Ok(true);
    }
    let mut is_good = true;
    let width = listed.iter().map(|one| one.name.chars().count()).max().unwrap_or(0);
    for one in listed {
        let told = match one.profile {
            Ok(profile) => about(&profile),
            Err(trouble) => {
                is_good = false;
                let said = connect::tell(trouble);
                format!("cannot be used: {}", said.lines().next().unwrap_or_default())
            }
        };
        println!("{:<width$}  {}", open::clean(&one.name), open::clean(&told));
    }
    Ok(is_good)
}

fn about(profile: &Profile) -> String {
    let mut parts = vec![profile.hosts.join(", ") + &profile.prefix];
    match &profile.credentials {
        Credentials::None => {}
        Credentials::Basic { user, .. } => parts.push(format!("as {user}")),
        Credentials::ApiKey { .. } => parts.push("with an API key".to_owned()),
        Credentials::Token(_) => parts.push("with a token".to_owned()),
    }
    if !profile.data_views.is_empty() {
        parts.push(profile.data_views.join(" "));
    }
    if !profile.tls.verify {
        parts.push("certificate NOT checked".to_owned());
    }
    parts.join("  ")
}
