//! Flags go before the environment, that before the profile; what is wrong is told in words.

use std::os::unix::fs::PermissionsExt;

use super::{Surroundings, Target, target};
use crate::cli::cluster::ClusterOptions;
use crate::config::Paths;
use crate::config::cluster::Profiles;
use crate::source::elastic::{Authentication, Secret};

/// A folder of profiles, and an environment.
struct Place {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Place {
    fn new(variables: &[(&'static str, &'static str)]) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: variables.to_vec() }
    }

    fn profiles(&self) -> Profiles {
        let at = self.folder.path().to_owned();
        Profiles::of(&Paths { config: at.clone(), state: at.clone(), cache: at })
    }

    fn with(self, name: &str, text: &str) -> Self {
        std::fs::create_dir_all(self.profiles().folder()).unwrap();
        std::fs::write(self.profiles().file(name).unwrap(), text).unwrap();
        self
    }

    fn read(&self, text: &str, options: &ClusterOptions) -> Result<Target, String> {
        let variable = |name: &str| {
            let found = self.variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let prompt = |user: &str, place: &str| Ok(Secret::new(format!("typed {user} {place}")));
        let around =
            Surroundings { variable: &variable, prompt: &prompt, profiles: Some(self.profiles()) };
        target(text, options, &around)
    }

    fn authentication(&self, text: &str, options: &ClusterOptions) -> Authentication {
        self.read(text, options).unwrap().connection.authentication
    }
}

fn basic(user: &str, password: &str) -> Authentication {
    Authentication::Basic { user: user.to_owned(), password: Secret::new(password) }
}

const PROFILE: &str = "hosts = ['https://a:9200', 'https://b:9200']\npath-prefix = 'es'\n\
    data-views = ['logs-*', 'other']\ntime-range = '-7d'\ntimeout = '5s'\n\
    [authentication]\nuser = 'eva'\npassword-env = 'PROD_PASSWORD'\n";

#[test]
fn credentials_come_from_options_environment_or_address() {
    let place = Place::new(&[("ELASTIC_PASSWORD", " of the environment"), ("KEY", "id:secret")]);
    let none = ClusterOptions::default();
    let eva = ClusterOptions { user: Some("eva".to_owned()), ..none.clone() };
    let key = ClusterOptions { api_key_env: Some("KEY".to_owned()), ..none.clone() };
    let token = ClusterOptions { token_env: Some("KEY".to_owned()), ..none.clone() };
    let found = |text, options| place.authentication(text, options);
    assert_eq!(found("https://h/logs", &none), Authentication::None);
    assert_eq!(found("https://h/logs", &eva), basic("eva", " of the environment"));
    assert_eq!(found("https://eva:own@h/logs", &none), basic("eva", "own"));
    assert_eq!(found("https://bob:his@h/logs", &eva), basic("eva", " of the environment"));
    let expected = Authentication::api_key("id", &Secret::new("secret"));
    assert_eq!(found("https://h/logs", &key), expected);
    assert_eq!(found("https://h/logs", &token), Authentication::Bearer(Secret::new("id:secret")));
    let nobody = Place::new(&[]);
    assert_eq!(
        nobody.authentication("https://eva@h/logs", &none),
        basic("eva", "typed eva h:9200")
    );
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_profile() {
    let none = ClusterOptions::default();
    let flag = ClusterOptions { user: Some("flag".to_owned()), ..none.clone() };
    let own = ("PROD_PASSWORD", "own");
    let check =
        |variables: &[(&'static str, &'static str)], options, expected, origins: &[&str]| {
            let place = Place::new(variables).with("prod", PROFILE);
            let found = place.read("es://prod", options).unwrap();
            assert_eq!(found.connection.authentication, expected, "{variables:?}");
            for (setting, origin) in found.settings.iter().rev().zip(origins.iter().rev()) {
                assert!(setting.origin.ends_with(origin), "{setting:?}");
            }
        };
    check(&[own], &none, basic("eva", "own"), &["prod.toml", "variable PROD_PASSWORD"]);
    let set = [own, ("ES_PASSWORD", "set")];
    check(&set, &none, basic("eva", "set"), &["prod.toml", "ES_PASSWORD"]);
    let both = [own, ("ELASTIC_USERNAME", "bob"), ("ES_PASSWORD", "set")];
    check(&both, &none, basic("bob", "set"), &["ELASTIC_USERNAME", "ES_PASSWORD"]);
    check(&both, &flag, basic("flag", "set"), &["--user", "ES_PASSWORD"]);
    // The profile's password is that of the profile's user alone.
    check(&[own], &flag, basic("flag", "typed flag a:9200"), &["--user", "typed"]);
    let key = Authentication::ApiKey(Secret::new("a2V5"));
    check(&[own, ("ELASTIC_API_KEY", "a2V5")], &none, key, &["ELASTIC_API_KEY"]);
}

#[test]
fn a_profile_says_hosts_path_view_range_and_patience() {
    let place = Place::new(&[("PROD_PASSWORD", "own")]).with("prod", PROFILE);
    let found = place.read("es://prod", &ClusterOptions::default()).unwrap();
    assert_eq!(found.connection.hosts, ["https://a:9200", "https://b:9200"]);
    assert_eq!((found.connection.prefix.as_str(), found.connection.name.as_str()), ("/es", "prod"));
    assert_eq!(found.connection.timeout.as_secs(), 5);
    assert_eq!(found.pattern.as_deref(), Some("logs-*"));
    assert_eq!(found.time_range.unwrap().from.as_deref(), Some("-7d"));
    let named = place.read("es://prod/own-*", &ClusterOptions::default()).unwrap();
    assert_eq!(named.pattern.as_deref(), Some("own-*"));
}

#[test]
fn the_environment_may_name_the_cluster() {
    let none = ClusterOptions::default();
    let place = Place::new(&[("ES_URL", "https://eva:own@h:9243/es/")]);
    let found = place.read("es:///logs-*", &none).unwrap();
    assert_eq!(found.connection.hosts, ["https://h:9243"]);
    assert_eq!(
        (found.connection.prefix.as_str(), found.pattern.as_deref()),
        ("/es", Some("logs-*"))
    );
    assert_eq!(found.connection.authentication, basic("eva", "own"));
    assert_eq!(found.settings[0].origin, "ES_URL");
    let nowhere = Place::new(&[]).read("es:///logs-*", &none).unwrap_err();
    assert!(nowhere.contains("PEAVEY_URL, ELASTICSEARCH_URL, ES_URL"), "{nowhere}");
}

#[test]
fn secrets_in_the_open_are_warned_about() {
    let place = Place::new(&[("ES_PASSWORD", "set")]);
    let warnings = |text| place.read(text, &ClusterOptions::default()).unwrap().warnings.len();
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
    let place = Place::new(&[])
        .with("prod", "hosts = ['http://h']\ntimeout = 'never'\n")
        .with("leaky", "hosts = ['http://h']\n[authentication]\nuser = 'e'\npassword = \"hidden\n")
        .with("open", "hosts = ['http://h']\n")
        .with(
            "mute",
            "hosts = ['http://h']\n[authentication]\nuser = 'e'\npassword-command = ['false']\n",
        );
    let open = place.profiles().file("open").unwrap();
    std::fs::set_permissions(open, std::fs::Permissions::from_mode(0o666)).unwrap();
    for (text, options, expected) in [
        (
            "es://prd/logs-*",
            &none,
            "did you mean es://prod?\nthere are: leaky, mute, open, prod\nadd it",
        ),
        (
            "es://prod",
            &none,
            "prod.toml:2: `timeout` should be seconds\n  timeout = 'never'\n            ^",
        ),
        ("es://leaky", &none, "leaky.toml:4"),
        ("es://open", &none, "chmod go-w"),
        ("es://mute", &none, "the command `false` failed"),
        ("https://h:0/logs", &none, "no port"),
        ("http://h/logs", &wrong, "64 hexadecimal digits"),
        ("http://h/logs", &unset, "no variable NO"),
    ] {
        let message = place.read(text, options).unwrap_err();
        assert!(message.contains(expected), "{text}: {message}");
        assert!(!message.contains("hidden"), "{message}");
    }
    let proxied = Place::new(&[("HTTPS_PROXY", "socks5://eva:hidden@p")]);
    let message = proxied.read("https://h/logs", &none).unwrap_err();
    assert!(message.contains("HTTPS_PROXY") && !message.contains("hidden"), "{message}");
}
