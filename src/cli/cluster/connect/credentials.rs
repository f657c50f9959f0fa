//! Who asks: flag or address first, then the environment, then the profile.

use super::Surroundings;
use super::origin::{Setting, Told, Variables};
use super::secret::{PATIENCE, fetch};
use crate::cli::cluster::ClusterOptions;
use crate::config::cluster::{Credentials, Profile, SecretPlace};
use crate::source::elastic::{Authentication, Secret};

/// Variables that may hold an API key, best first.
const API_KEYS: [&str; 3] = ["PEAVEY_API_KEY", "ELASTIC_API_KEY", "ES_API_KEY"];
/// Variables that may hold a token.
const TOKENS: [&str; 2] = ["PEAVEY_TOKEN", "ES_TOKEN"];
/// Variables that may hold the user.
const USERS: [&str; 3] = ["PEAVEY_USER", "ELASTIC_USERNAME", "ES_USER"];
/// Variables that may hold the password.
const PASSWORDS: [&str; 3] = ["PEAVEY_PASSWORD", "ELASTIC_PASSWORD", "ES_PASSWORD"];

/// What the address says of the person.
pub(super) struct Login<'a> {
    /// The user.
    pub(super) user: Option<&'a str>,
    /// The password.
    pub(super) password: Option<&'a Secret>,
    /// Host and port, for the question.
    pub(super) place: &'a str,
}

/// Decides who asks.
pub(super) struct Deciding<'a> {
    /// Options.
    pub(super) options: &'a ClusterOptions,
    /// The profile, if one is used.
    pub(super) profile: Option<&'a Profile>,
    /// The address.
    pub(super) login: Login<'a>,
    /// Environment and person.
    pub(super) around: &'a Surroundings<'a>,
}

impl Deciding<'_> {
    /// The authentication and what to tell of it.
    ///
    /// # Errors
    /// A text for the user where a secret is not where it should be.
    pub(super) fn authentication(&self) -> Result<(Authentication, Vec<Setting>), String> {
        let variables = Variables(self.around.variable);
        let fetched = |flag: &str, place: SecretPlace| {
            let secret = fetch(&place, &variables, PATIENCE);
            secret
                .map(|secret| Told::by(format!("{flag}, {}", place.shown()), secret))
                .map_err(|wrong| format!("{flag}: {wrong}"))
        };
        if let Some(name) = &self.options.api_key_env {
            let key = fetched("--api-key-env", SecretPlace::Variable(name.clone()))?;
            return Ok(api_key(None, &key));
        }
        if let Some(name) = &self.options.token_env {
            return Ok(token(fetched("--token-env", SecretPlace::Variable(name.clone()))?));
        }
        let flagged = self.options.user.as_deref().map(|user| ("--user", user));
        let addressed = self.login.user.map(|user| ("the address", user));
        if let Some((origin, user)) = flagged.or(addressed) {
            return self.basic(Told::by(origin, user.to_owned()));
        }
        if let Some(key) = variables.first(&API_KEYS) {
            return Ok(api_key(None, &Told::by(key.origin, Secret::new(key.value))));
        }
        if let Some(found) = variables.first(&TOKENS) {
            return Ok(token(Told::by(found.origin, Secret::new(found.value))));
        }
        if let Some(user) = variables.first(&USERS) {
            return self.basic(user);
        }
        let Some(profile) = self.profile else { return Ok((Authentication::None, Vec::new())) };
        let file = profile.file.display().to_string();
        match &profile.credentials {
            Credentials::None => Ok((Authentication::None, Vec::new())),
            Credentials::Basic { user, .. } => self.basic(Told::by(file, user.clone())),
            Credentials::ApiKey { id, key } => {
                Ok(api_key(id.as_deref(), &fetched(&file, key.clone())?))
            }
            Credentials::Token(place) => Ok(token(fetched(&file, place.clone())?)),
        }
    }

    fn basic(&self, user: Told<String>) -> Result<(Authentication, Vec<Setting>), String> {
        let password = self.password(&user)?;
        let settings = vec![
            Setting::new("user", &user.value, &user.origin),
            Setting::new("password", "•••", &password.origin),
        ];
        Ok((Authentication::Basic { user: user.value, password: password.value }, settings))
    }

    fn password(&self, user: &Told<String>) -> Result<Told<Secret>, String> {
        let own = self.login.password.filter(|_| user.origin == "the address");
        if let Some(password) = own {
            return Ok(Told::by("the address", password.clone()));
        }
        if let Some(found) = Variables(self.around.variable).first_exact(&PASSWORDS) {
            return Ok(Told::by(found.origin, Secret::new(found.value)));
        }
        if let Some(profile) = self.profile
            && let Credentials::Basic { user: known, password: Some(place) } = &profile.credentials
            && *known == user.value
        {
            let file = profile.file.display();
            let secret = fetch(place, &Variables(self.around.variable), PATIENCE)
                .map_err(|wrong| format!("{file}: {wrong}"))?;
            return Ok(Told::by(format!("{file}, {}", place.shown()), secret));
        }
        let typed = (self.around.prompt)(&user.value, self.login.place)?;
        Ok(Told::by("typed", typed))
    }
}

/// An API key as Kibana prints it, or as `id:key`, or a key alone with its id beside.
fn api_key(id: Option<&str>, key: &Told<Secret>) -> (Authentication, Vec<Setting>) {
    let authentication = match id {
        Some(id) => Authentication::api_key(id, &key.value),
        None => Authentication::any_api_key(&key.value),
    };
    (authentication, vec![Setting::new("API key", "•••", &key.origin)])
}

fn token(token: Told<Secret>) -> (Authentication, Vec<Setting>) {
    let settings = vec![Setting::new("token", "•••", &token.origin)];
    (Authentication::Bearer(token.value), settings)
}
