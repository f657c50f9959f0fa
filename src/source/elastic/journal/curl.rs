//! A call as a shell command: credentials are names of variables, never themselves.

use crate::source::elastic::connection::Connection;

/// The command that sends the same call.
pub(super) fn command(
    connection: &Connection,
    method: &str,
    address: &str,
    body: Option<&str>,
) -> String {
    let mut words = vec!["curl -sS".to_owned()];
    words.extend(connection.authentication.curl_option().map(str::to_owned));
    let trust = &connection.trust;
    if trust.verify_nothing {
        words.push("-k".to_owned());
    } else if let Some(file) = &trust.authority_file {
        words.push(format!("--cacert {}", quoted(&file.display().to_string())));
    } else if trust.fingerprint.is_some() {
        words.push(r#"--cacert "$ES_CA_CERT""#.to_owned());
    }
    if let Some(identity) = &connection.identity {
        let (certificate, key) = (&identity.certificate, &identity.key);
        words.push(format!("--cert {}", quoted(&certificate.display().to_string())));
        words.push(format!("--key {}", quoted(&key.display().to_string())));
    }
    words.push(format!("-X {method} {}", quoted(address)));
    let mut command = words.join(" ");
    if let Some(body) = body {
        command.push_str(" \\\n  -H 'Content-Type: application/json' -d ");
        command.push_str(&quoted(body));
    }
    command
}

/// A word that a shell takes as it stands.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
