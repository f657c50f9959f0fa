//! Whom to trust, how long to wait, and what stands between: flag, environment, profile.

use std::path::PathBuf;

use super::origin::{Setting, Told, Variables};
use crate::cli::cluster::ClusterOptions;
use crate::config::cluster::{Guarded, Profile, read_guarded};
use crate::source::elastic::tls::fingerprint_text;
use crate::source::elastic::{Connection, Identity, Proxies, Proxy, Trust};

/// Variables that may hold the authorities' file.
const FILES: [&str; 1] = ["PEAVEY_CA_CERT"];
/// Variables that may hold the authority's fingerprint.
const FINGERPRINTS: [&str; 1] = ["PEAVEY_CA_FINGERPRINT"];

/// Whom to trust.
///
/// # Errors
/// A text for the user where a fingerprint is none.
pub(super) fn trust(
    options: &ClusterOptions,
    profile: Option<&Profile>,
    variables: &Variables<'_>,
    settings: &mut Vec<Setting>,
) -> Result<Trust, String> {
    let file = profile.map(|profile| profile.file.display().to_string()).unwrap_or_default();
    let authority = options
        .ca_cert
        .clone()
        .map(|path| Told::by("--ca-cert", path))
        .or_else(|| {
            let set = variables.first(&FILES)?;
            Some(Told::by(set.origin, PathBuf::from(set.value)))
        })
        .or_else(|| Some(Told::by(&file, profile?.tls.authority_file.clone()?)));
    let fingerprint = options
        .ca_fingerprint
        .clone()
        .map(|text| Told::by("--ca-fingerprint", text))
        .or_else(|| variables.first(&FINGERPRINTS))
        .or_else(|| Some(Told::by(&file, profile?.tls.fingerprint.clone()?)));
    let mut trust = Trust::default();
    if let Some(path) = authority {
        settings.push(Setting::new("CA file", path.value.display().to_string(), &path.origin));
        trust.authority_file = Some(path.value);
    }
    if let Some(text) = fingerprint {
        let read = Trust::parse_fingerprint(&text.value).ok_or_else(|| {
            let Told { value, origin } = &text;
            format!("{origin}: `{value}` is no SHA-256, that is 64 hexadecimal digits")
        })?;
        settings.push(Setting::new("CA fingerprint", fingerprint_text(read), &text.origin));
        trust.fingerprint = Some(read);
    }
    if profile.is_some_and(|profile| !profile.tls.verify) {
        settings.push(Setting::new("verify", "false", &file));
        trust.verify_nothing = true;
    }
    Ok(trust)
}

/// The certificate to come with.
///
/// # Errors
/// A text for the user where others can read its key.
pub(super) fn identity(
    options: &ClusterOptions,
    profile: Option<&Profile>,
    settings: &mut Vec<Setting>,
) -> Result<Option<Identity>, String> {
    let flagged = options.client_cert.clone().zip(options.client_key.clone());
    let flagged = flagged.map(|pair| Told::by("--client-cert", pair));
    let kept = || {
        let profile = profile?;
        let pair = profile.tls.certificate.clone().zip(profile.tls.key.clone())?;
        Some(Told::by(profile.file.display().to_string(), pair))
    };
    let Some(Told { value: (certificate, key), origin }) = flagged.or_else(kept) else {
        return Ok(None);
    };
    read_guarded(&key, Guarded::FromReading)?;
    settings.push(Setting::new("client certificate", certificate.display().to_string(), &origin));
    Ok(Some(Identity { certificate, key }))
}

/// What stands between.
///
/// # Errors
/// A text for the user where a proxy's address is none.
pub(super) fn proxies(
    profile: Option<&Profile>,
    connection: &Connection,
    variables: &Variables<'_>,
    settings: &mut Vec<Setting>,
) -> Result<Proxies, String> {
    let mut proxies = Proxies::of_environment(variables.0)?;
    // The environment's are for everything on this machine; a profile knows its cluster.
    if let Some(profile) = profile
        && let Some(text) = profile.proxy.as_deref()
    {
        let file = profile.file.display().to_string();
        let own = if text == "none" { None } else { Some(Proxy::parse(text, &file)?) };
        proxies.http.clone_from(&own);
        proxies.https = own;
    }
    let used = connection.hosts.iter().find_map(|host| proxies.of(host));
    if let Some(proxy) = used {
        settings.push(Setting::new("proxy", &proxy.origin, &proxy.told_by));
    }
    Ok(proxies)
}
