//! Profiles are read, refused, written and changed.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::*;

use super::{Credentials, Profile, Profiles, SecretPlace, Tls, Trouble};
use crate::config::Paths;
use crate::time::TimeSpec;

fn parse(text: &str) -> Result<(Profile, Vec<String>), Vec<String>> {
    let told = |findings: Vec<crate::config::Finding>| {
        findings.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    match Profile::parse(Path::new("/c/prod.toml"), text) {
        Ok((profile, findings)) => Ok((profile, told(findings))),
        Err(findings) => Err(told(findings)),
    }
}

const WHOLE: &str = r#"
hosts = ["https://a.example:9200", "https://b.example"]
path-prefix = "es/"
data-views = ["logs-*", "metrics-*"]
time-field = "time"
time-range = "-24h"
timeout = "30s"
proxy = "none"
[authentication]
user = "eva"
password_command = ["pass", "show", "es"]
[tls]
ca-file = "ca.pem"
client-certificate = "/etc/me.pem"
client-key = "/etc/me.key"
"#;

#[test]
fn a_profile_says_all_that_there_is_to_say() {
    let (profile, findings) = parse(WHOLE).unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let expected = Profile {
        name: "prod".to_owned(),
        file: PathBuf::from("/c/prod.toml"),
        hosts: vec!["https://a.example:9200".to_owned(), "https://b.example:9200".to_owned()],
        prefix: "/es".to_owned(),
        data_views: vec!["logs-*".to_owned(), "metrics-*".to_owned()],
        time_field: Some("time".to_owned()),
        time_range: Some(TimeSpec { from: Some("-24h".to_owned()), to: None }),
        timeout: Some(Duration::from_secs(30)),
        proxy: Some("none".to_owned()),
        credentials: Credentials::Basic {
            user: "eva".to_owned(),
            password: Some(SecretPlace::Command(
                ["pass", "show", "es"].map(str::to_owned).to_vec(),
            )),
        },
        tls: Tls {
            authority_file: Some(PathBuf::from("/c/ca.pem")),
            certificate: Some(PathBuf::from("/etc/me.pem")),
            key: Some(PathBuf::from("/etc/me.key")),
            ..Tls::default()
        },
    };
    assert_eq!(profile, expected);
    assert_eq!(parse(&profile.to_toml()).unwrap(), (profile, Vec::new()), "as written");
}

#[test]
fn an_unknown_key_is_told_and_everything_else_refuses() {
    let host = "hosts = ['https://h']\n";
    let check = |more: &str, expected: &str| {
        let found = match parse(&format!("{host}{more}")) {
            Ok((_, findings)) => findings.join("\n"),
            Err(findings) => format!("refused: {}", findings.join("\n")),
        };
        assert!(found.contains(expected), "{more}: {found}");
        assert!(!found.contains("hidden"), "{found}");
    };
    check("data-view = []", "prod.toml:2: unknown key `data-view` (did you mean `data-views`?)");
    check("[tls]\nca_fle = 'x'", "unknown key `ca_fle` (did you mean `ca-file`?)");
    check("timeout = 'soon'", "refused: /c/prod.toml:2: `timeout` should be seconds");
    check("timeout = 0", "refused");
    check(
        "[tls]\nca-fingerprint = 'abc'",
        "refused: /c/prod.toml:3: `ca-fingerprint` is no SHA-256",
    );
    check("[tls]\nverify = 'no'", "refused: /c/prod.toml:3: `verify` should be true or false");
    check("[tls]\nclient-key = 'k'", "belong together");
    check("[authentication]\nuser = 'e'\npassword = 'hidden'", "a profile holds no secret");
    check("[authentication]\napi-key = 'hidden'", "api-key-command, api-key-file or api-key-env");
    check("[authentication]\npassword-env = 'P'", "a password without its user");
    check("[authentication]\nuser = 'e'\ntoken-env = 'T'", "exclude each other");
    check("[authentication]\nuser = 'e'\npassword-env = 'T'\npassword-file = 'f'", "exclude");
    check("[authentication]\nuser = 'e'\npassword-command = []", "names no program");
    check("timeout = = 3", "refused");
    let refused = |text: &str| parse(text).unwrap_err().join("\n");
    assert!(refused("").contains("names no host"));
    assert!(refused("hosts = ['https://eva:hidden@h']").contains("no user and no password"));
    assert!(!refused("hosts = ['https://eva:hidden@h']").contains("hidden"));
    assert!(refused("hosts = ['https://h/es']").contains("path-prefix"));
    assert!(refused("hosts = ['es://h']").contains("no address"));
}

fn profiles(folder: &Path) -> Profiles {
    let at = |name: &str| folder.join(name);
    Profiles::of(&Paths { config: at("config"), state: at("state"), cache: at("cache") })
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_added_is_for_its_owner_alone_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = profiles(folder.path());
    let profile = Profile {
        name: "prod".to_owned(),
        hosts: vec!["https://h:9200".to_owned()],
        ..Profile::default()
    };
    let file = profiles.save(&profile, false).unwrap();
    assert_eq!((mode(&file), mode(profiles.folder())), (0o600, 0o700));
    assert!(profiles.save(&profile, false).unwrap_err().contains("--force"));
    profiles.save(&profile, true).unwrap();
    assert_eq!(profiles.load("prod").unwrap().0.hosts, profile.hosts);
    assert_eq!(profiles.names(), ["prod"]);
    let Err(Trouble::Unknown { nearest, known, .. }) = profiles.load("prd") else { panic!() };
    assert_eq!((nearest.as_deref(), known), (Some("prod"), vec!["prod".to_owned()]));
    for name in ["../prod", "a/b", "", ".x"] {
        assert!(matches!(profiles.load(name), Err(Trouble::File(_))), "{name}");
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
    let Err(Trouble::File(said)) = profiles.load("prod") else { panic!() };
    assert!(said.contains("chmod go-w"), "{said}");
}

#[test]
fn pinning_changes_one_line_and_keeps_what_the_person_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = profiles(folder.path());
    std::fs::create_dir_all(profiles.folder()).unwrap();
    let file = profiles.file("prod").unwrap();
    let pin = "ab".repeat(32);
    for (text, expected) in [
        ("hosts = ['https://h'] # mine\n", "hosts = ['https://h'] # mine\n\n[tls]\nPIN\n"),
        ("hosts = ['https://h']\n[tls]\n# x\n", "hosts = ['https://h']\n[tls]\nPIN\n# x\n"),
        (
            "hosts = ['https://h']\n[tls]\nca_fingerprint = 'OLD' # o\n[authentication]\nuser = 'e'",
            "hosts = ['https://h']\n[tls]\nca_fingerprint = \"NEW\" # o\n[authentication]\nuser = 'e'",
        ),
    ] {
        std::fs::write(&file, text.replace("OLD", &"cd".repeat(32))).unwrap();
        profiles.pin("prod", &pin).unwrap();
        let expected = expected.replace("PIN", "ca-fingerprint = \"NEW\"").replace("NEW", &pin);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
        assert_eq!(mode(&file), 0o600);
    }
    profiles.set_data_views("prod", &["logs-*".to_owned()]).unwrap();
    assert_eq!(profiles.load("prod").unwrap().0.data_views, ["logs-*"]);
}

proptest! {
    #[test]
    fn no_text_makes_reading_or_changing_panic(text in "\\PC{0,80}", lines in prop::collection::vec(
        prop::sample::select(vec!["[tls]\n", "[authentication]\n", "hosts = ['https://h']\n",
            "user = 'a'\n", "timeout = 3\n", "time-range = {from = '1'}\n", "tls = 1\n", "x = [\n"]),
        0..6,
    )) {
        for text in [text.clone(), lines.concat(), lines.concat() + &text] {
            let _ = Profile::parse(Path::new("/c/x.toml"), &text);
            let _ = super::edit::set(&text, "tls", "ca-fingerprint", "\"x\"");
        }
    }
}
