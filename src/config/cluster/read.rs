//! Reads a profile's text.
//!
//! An unknown key is told and left out. All else that is wrong refuses the profile: half of one
//! could send credentials where they do not belong.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeValue;

use super::profile::{Credentials, Profile, SecretPlace, Tls};
use crate::config::finding::Finding;
use crate::config::read::{Reader, Table, Value};
use crate::diagnostic::Diagnostic;
use crate::source::elastic::{Address, Cluster, Trust};
use crate::time::TimeSpec;

const KEYS: [&str; 10] = [
    "hosts",
    "path-prefix",
    "data-views",
    "time-field",
    "time-range",
    "timeout",
    "proxy",
    "authentication",
    "tls",
    "description",
];
const AUTHENTICATION_KEYS: [&str; 11] = [
    "user",
    "password-env",
    "password-command",
    "password-file",
    "api-key-id",
    "api-key-env",
    "api-key-command",
    "api-key-file",
    "token-env",
    "token-command",
    "token-file",
];
const TLS_KEYS: [&str; 5] =
    ["ca-file", "ca-fingerprint", "client-certificate", "client-key", "verify"];
const RANGE_KEYS: [&str; 2] = ["from", "to"];

impl Profile {
    /// Reads a time limit, as `500ms`, `30s`, `2m`.
    ///
    /// # Errors
    /// A text for the user.
    pub fn parse_timeout(text: &str) -> Result<Duration, String> {
        duration(text).ok_or_else(|| "write for example 30s, 500ms or 2m".to_owned())
    }

    /// Reads a profile's text; `file` is where it stands.
    ///
    /// # Errors
    /// The findings, where one of them is more than an unknown key.
    pub fn parse(file: &Path, text: &str) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let shown = file.display().to_string();
        let mut reading = Reading {
            reader: Reader::new(&shown, text),
            folder: file.parent().map(Path::to_owned),
        };
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut profile = Self { name, file: file.to_owned(), ..Self::default() };
        let mut table = reading.reader.root();
        reading.root(&mut table, &mut profile);
        let mut left = vec![(table, &KEYS[..])];
        let table = left.first_mut().map(|(table, _)| table);
        let inner = table.map(|table| (table.take("authentication"), table.take("tls")));
        let (authentication, tls) = inner.unwrap_or_default();
        if let Some(value) = authentication {
            let mut table = reading.reader.table("authentication", value);
            profile.credentials = reading.credentials(&mut table);
            left.push((table, &AUTHENTICATION_KEYS));
        }
        if let Some(value) = tls {
            let mut table = reading.reader.table("tls", value);
            profile.tls = reading.tls(&mut table);
            left.push((table, &TLS_KEYS));
        }
        let is_wrong = reading.reader.has_findings();
        for (table, known) in left {
            reading.reader.unknown(table, known);
        }
        let findings = reading.reader.finish();
        if is_wrong { Err(findings) } else { Ok((profile, findings)) }
    }
}

struct Reading<'t> {
    reader: Reader<'t>,
    /// Paths are relative to the profile's folder.
    folder: Option<PathBuf>,
}

/// The entry of a name in a table, also where it is written with underscores.
fn take<'t>(table: &mut Table<'t>, name: &str) -> Option<Value<'t>> {
    table.take(name).or_else(|| table.take(&name.replace('-', "_")))
}

impl<'t> Reading<'t> {
    fn wrong(&mut self, span: Range<usize>, message: impl Into<String>, hint: &str) {
        let finding = Diagnostic::error(message);
        let finding = if hint.is_empty() { finding } else { finding.hint(hint) };
        self.reader.report(Some(span), finding);
    }

    fn text(&mut self, table: &mut Table<'t>, name: &str) -> Option<(String, Range<usize>)> {
        let value = take(table, name)?;
        let span = value.span();
        Some((self.reader.string(name, value)?, span))
    }

    fn path(&mut self, table: &mut Table<'t>, name: &str) -> Option<PathBuf> {
        let (text, _) = self.text(table, name)?;
        let home = || std::env::var_os("HOME").map(PathBuf::from);
        Some(match (text.strip_prefix("~/"), &self.folder) {
            (Some(rest), _) => home().map_or_else(|| PathBuf::from(&text), |home| home.join(rest)),
            (None, Some(folder)) => folder.join(text),
            (None, None) => PathBuf::from(text),
        })
    }

    fn root(&mut self, table: &mut Table<'t>, profile: &mut Profile) {
        take(table, "description");
        let span = table.span.clone();
        let hosts = take(table, "hosts").map(|value| self.reader.list("hosts", value));
        for host in hosts.unwrap_or_default() {
            let span = host.span();
            let Some(text) = self.reader.string("hosts", host) else { continue };
            match host_of(&text) {
                Ok(host) => profile.hosts.push(host),
                Err((message, hint)) => self.wrong(span, message, hint),
            }
        }
        if profile.hosts.is_empty() && !self.reader.has_findings() {
            let message = "`hosts` names no host";
            self.wrong(span, message, r#"for example hosts = ["https://es.example:9200"]"#);
        }
        if let Some((text, _)) = self.text(table, "path-prefix") {
            let path = text.trim_matches('/');
            profile.prefix = if path.is_empty() { String::new() } else { format!("/{path}") };
        }
        if let Some(value) = take(table, "data-views") {
            profile.data_views = self.reader.strings("data-views", value);
        }
        profile.time_field = self.text(table, "time-field").map(|(text, _)| text);
        profile.proxy = self.text(table, "proxy").map(|(text, _)| text);
        profile.time_range = take(table, "time-range").and_then(|value| self.range(value));
        profile.timeout = take(table, "timeout").and_then(|value| self.timeout(value));
    }

    /// A first instant, or a table with both ends.
    fn range(&mut self, value: Value<'t>) -> Option<TimeSpec> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(TimeSpec { from: Some(text.to_string()), to: None });
        }
        let mut table = self.reader.table("time-range", value);
        let from = self.text(&mut table, "from").map(|(text, _)| text);
        let to = self.text(&mut table, "to").map(|(text, _)| text);
        self.reader.unknown(table, &RANGE_KEYS);
        Some(TimeSpec { from, to })
    }

    /// Seconds, or a text like `30s`, `500ms`, `2m`.
    fn timeout(&mut self, value: Value<'t>) -> Option<Duration> {
        let span = value.span();
        let text = match value.get_ref() {
            DeValue::Integer(seconds) => format!("{}s", seconds.as_str()),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let found = duration(&text);
        if found.is_none() {
            self.wrong(span, "`timeout` should be seconds", r#"for example timeout = "30s""#);
        }
        found
    }

    fn credentials(&mut self, table: &mut Table<'t>) -> Credentials {
        for name in ["password", "api-key", "token", "bearer", "service-token"] {
            let Some(value) = take(table, name) else { continue };
            let message = format!("a profile holds no secret: `{name}` is not read");
            let place = if name.ends_with("token") || name == "bearer" { "token" } else { name };
            let hint = format!("name where it is: {place}-command, {place}-file or {place}-env");
            self.wrong(value.span(), message, &hint);
        }
        let user = self.text(table, "user").map(|(user, _)| user);
        let id = self.text(table, "api-key-id").map(|(id, _)| id);
        let password = self.place(table, "password");
        let key = self.place(table, "api-key");
        let token = self.place(table, "token");
        let span = table.span.clone();
        let one = "one of them is enough";
        match (user, password, key, token) {
            (None, None, None, None) if id.is_none() => Credentials::None,
            (Some(user), password, None, None) => Credentials::Basic { user, password },
            (None, None, Some(key), None) => Credentials::ApiKey { id, key },
            (None, None, None, Some(token)) => Credentials::Token(token),
            (None, Some(_), None, None) => {
                self.wrong(span, "a password without its user", "add user = \"NAME\"");
                Credentials::None
            }
            (None, None, None, None) => {
                self.wrong(span, "an API key's id without its key", "add api-key-command");
                Credentials::None
            }
            _ => {
                self.wrong(span, "a user, an API key and a token exclude each other", one);
                Credentials::None
            }
        }
    }

    /// `NAME-env`, `NAME-command` or `NAME-file`.
    fn place(&mut self, table: &mut Table<'t>, name: &str) -> Option<SecretPlace> {
        let variable = self.text(table, &format!("{name}-env"));
        let file = self.path(table, &format!("{name}-file"));
        let key = format!("{name}-command");
        let command = take(table, &key).map(|value| {
            let span = value.span();
            (self.reader.strings(&key, value), span)
        });
        let span = table.span.clone();
        match (variable, command, file) {
            (None, None, None) => None,
            (Some((variable, _)), None, None) => Some(SecretPlace::Variable(variable)),
            (None, Some((words, span)), None) => {
                if words.first().is_none_or(String::is_empty) {
                    let hint = format!(r#"for example {key} = ["pass", "show", "es"]"#);
                    self.wrong(span, format!("`{key}` names no program"), &hint);
                }
                Some(SecretPlace::Command(words))
            }
            (None, None, Some(path)) => Some(SecretPlace::File(path)),
            _ => {
                let message = format!("{name}-env, -command and -file exclude each other");
                self.wrong(span, message, "one of them is enough");
                None
            }
        }
    }

    fn tls(&mut self, table: &mut Table<'t>) -> Tls {
        let fingerprint = self.text(table, "ca-fingerprint");
        if let Some((text, span)) = &fingerprint
            && Trust::parse_fingerprint(text).is_none()
        {
            let message = "`ca-fingerprint` is no SHA-256";
            self.wrong(span.clone(), message, "that is 64 hexadecimal digits, colons allowed");
        }
        let verify = take(table, "verify").and_then(|value| self.reader.boolean("verify", value));
        let tls = Tls {
            authority_file: self.path(table, "ca-file"),
            fingerprint: fingerprint.map(|(text, _)| text),
            certificate: self.path(table, "client-certificate"),
            key: self.path(table, "client-key"),
            verify: verify.unwrap_or(true),
        };
        if tls.certificate.is_some() != tls.key.is_some() {
            let message = "`client-certificate` and `client-key` belong together";
            self.wrong(table.span.clone(), message, "name both");
        }
        tls
    }
}

/// Scheme, host and port of a host as written.
fn host_of(text: &str) -> Result<String, (String, &'static str)> {
    let address = Address::parse(text).map_err(|wrong| (wrong.to_string(), ""))?;
    match address.cluster {
        Cluster::Url { user: Some(_), .. } => Err((
            "a host's address holds no user and no password".to_owned(),
            "name the user below [authentication]",
        )),
        Cluster::Url { origin, prefix, .. } if prefix.is_empty() && address.pattern.is_none() => {
            Ok(origin)
        }
        Cluster::Url { .. } => {
            Err((format!("`{text}` has a path"), "write it as path-prefix, and data-views"))
        }
        _ => Err((format!("`{text}` is no address"), "for example https://es.example:9200")),
    }
}

/// A time of at least a millisecond, as `500ms`, `30s`, `2m`.
fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text.get(..digits)?.parse().ok()?;
    let millis = match text.get(digits..)?.trim() {
        "ms" => number,
        "s" | "" => number.checked_mul(1000)?,
        "m" => number.checked_mul(60_000)?,
        _ => return None,
    };
    (millis > 0).then(|| Duration::from_millis(millis))
}
