//! Writes a profile as a person would.

use toml::Value;

use super::profile::{Credentials, Profile, SecretPlace};

/// A text as TOML.
pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// Texts as a list of TOML.
pub(super) fn listed(texts: &[String]) -> String {
    Value::Array(texts.iter().cloned().map(Value::String).collect()).to_string()
}

impl Profile {
    /// The profile's text.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!("# Opened with: peavey es://{}\n", self.name);
        let mut line = |key: &str, value: &str| {
            for part in [key, " = ", value, "\n"] {
                text.push_str(part);
            }
        };
        line("hosts", &listed(&self.hosts));
        if !self.prefix.is_empty() {
            line("path-prefix", &quoted(&self.prefix));
        }
        if !self.data_views.is_empty() {
            line("data-views", &listed(&self.data_views));
        }
        if let Some(field) = &self.time_field {
            line("time-field", &quoted(field));
        }
        match self.time_range.as_ref().map(|range| (&range.from, &range.to)) {
            Some((Some(from), None)) => line("time-range", &quoted(from)),
            Some((from, to)) => {
                let ends = [("from", from), ("to", to)];
                let ends = ends.iter().filter_map(|(key, end)| {
                    end.as_ref().map(|end| format!("{key} = {}", quoted(end)))
                });
                let ends: Vec<String> = ends.collect();
                line("time-range", &format!("{{ {} }}", ends.join(", ")));
            }
            None => {}
        }
        if let Some(timeout) = self.timeout {
            line("timeout", &quoted(&format!("{}ms", timeout.as_millis())));
        }
        if let Some(proxy) = &self.proxy {
            line("proxy", &quoted(proxy));
        }
        text + &self.authentication_lines() + &self.tls_lines()
    }

    fn authentication_lines(&self) -> String {
        let mut lines = Vec::new();
        match &self.credentials {
            Credentials::None => return String::new(),
            Credentials::Basic { user, password } => {
                lines.push(format!("user = {}", quoted(user)));
                match password {
                    Some(place) => lines.push(place_line("password", place)),
                    None => lines.push("# The password is asked for.".to_owned()),
                }
            }
            Credentials::ApiKey { id, key } => {
                lines.extend(id.as_ref().map(|id| format!("api-key-id = {}", quoted(id))));
                lines.push(place_line("api-key", key));
            }
            Credentials::Token(place) => lines.push(place_line("token", place)),
        }
        format!("\n[authentication]\n{}\n", lines.join("\n"))
    }

    fn tls_lines(&self) -> String {
        let path = |path: &Option<std::path::PathBuf>| {
            path.as_ref().map(|path| quoted(&path.display().to_string()))
        };
        let tls = &self.tls;
        let lines: Vec<String> = [
            ("ca-file", path(&tls.authority_file)),
            ("ca-fingerprint", tls.fingerprint.as_deref().map(quoted)),
            ("client-certificate", path(&tls.certificate)),
            ("client-key", path(&tls.key)),
            ("verify", (!tls.verify).then(|| "false".to_owned())),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{key} = {}\n", value?)))
        .collect();
        if lines.is_empty() { String::new() } else { format!("\n[tls]\n{}", lines.concat()) }
    }
}

fn place_line(name: &str, place: &SecretPlace) -> String {
    match place {
        SecretPlace::Variable(variable) => format!("{name}-env = {}", quoted(variable)),
        SecretPlace::Command(words) => format!("{name}-command = {}", listed(words)),
        SecretPlace::File(path) => format!("{name}-file = {}", quoted(&path.display().to_string())),
    }
}
