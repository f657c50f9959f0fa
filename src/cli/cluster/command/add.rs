//! `peavey cluster add NAME ADDRESS`: writes a profile and proves it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{own_profiles, read};
use crate::cli::cluster::ClusterOptions;
use crate::config::cluster::{Credentials, Profile, Profiles, SecretPlace, Tls};
use crate::source::elastic::{Address, Authentication, Cluster, Trust};
use crate::time::TimeSpec;

/// Arguments of `peavey cluster add`.
#[derive(Debug, Args)]
pub(super) struct AddArguments {
    /// The name: `peavey es://NAME` opens the cluster then
    #[arg(value_name = "NAME")]
    name: String,
    /// Its address, with the data view to open if you like: `https://HOST:9200/logs-*`
    #[arg(value_name = "ADDRESS")]
    address: String,
    /// A further node of the same cluster; can be repeated
    #[arg(long = "host", value_name = "ADDRESS")]
    hosts: Vec<String>,
    /// A further data view; can be repeated
    #[arg(long = "data-view", value_name = "PATTERN")]
    data_views: Vec<String>,
    /// The field that holds the time (default: @timestamp)
    #[arg(long, value_name = "FIELD")]
    time_field: Option<String>,
    /// What the screen opens with: first instant, e.g. `-24h`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// Last instant, likewise
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
    /// Longest wait for an answer, e.g. `30s` [default: 60s]
    #[arg(long, value_name = "TIME", value_parser = Profile::parse_timeout)]
    timeout: Option<std::time::Duration>,
    /// A proxy's address, or `none` [default: that of `HTTPS_PROXY`]
    #[arg(long, value_name = "ADDRESS")]
    proxy: Option<String>,
    /// The variable that holds the password
    #[arg(long, value_name = "NAME", requires = "user", group = "secret")]
    password_env: Option<String>,
    /// The command that prints the password: words apart by blanks, no shell
    #[arg(long, value_name = "COMMAND", requires = "user", group = "secret")]
    password_command: Option<String>,
    /// The file that holds the password, readable by you alone
    #[arg(long, value_name = "FILE", requires = "user", group = "secret")]
    password_file: Option<PathBuf>,
    /// The command that prints an API key
    #[arg(long, value_name = "COMMAND", group = "secret", conflicts_with = "user")]
    api_key_command: Option<String>,
    /// The file that holds an API key
    #[arg(long, value_name = "FILE", group = "secret", conflicts_with = "user")]
    api_key_file: Option<PathBuf>,
    /// The command that prints a bearer or service account token
    #[arg(long, value_name = "COMMAND", group = "secret", conflicts_with = "user")]
    token_command: Option<String>,
    /// The file that holds a token
    #[arg(long, value_name = "FILE", group = "secret", conflicts_with = "user")]
    token_file: Option<PathBuf>,
    /// Replace a cluster of that name
    #[arg(long)]
    force: bool,
    /// Do not try to reach it
    #[arg(long)]
    no_test: bool,
    #[command(flatten)]
    options: ClusterOptions,
}

/// Writes the profile and proves it.
///
/// # Errors
/// A text for the user: a wrong address or option, or a file that cannot be written.
pub(super) fn add(arguments: &AddArguments) -> Result<bool, String> {
    let profiles = own_profiles()?;
    let (profile, had_password) = profile(arguments)?;
    let file = profiles.save(&profile, arguments.force)?;
    if had_password {
        eprintln!(
            "peavey: the password in the address is not kept; name a --password-command, \
             --password-file or --password-env, else it is asked for"
        );
    }
    println!("Written: {}\n", file.display());
    if arguments.no_test {
        return Ok(true);
    }
    let address = format!("es://{}", profile.name);
    let mut target = read(&address, &ClusterOptions::default())?;
    let is_good = super::test::prove(&address, &mut target);
    keep_user(&profiles, &profile, &target.connection.authentication)?;
    if is_good {
        println!("Open it: peavey {address}");
    } else {
        println!(
            "It is kept; change {} and try: peavey cluster test {}",
            file.display(),
            profile.name
        );
    }
    Ok(is_good)
}

/// Keeps a user who was asked for.
fn keep_user(profiles: &Profiles, profile: &Profile, used: &Authentication) -> Result<(), String> {
    match (&profile.credentials, used) {
        (Credentials::None, Authentication::Basic { user, .. }) if !is_of_environment() => {
            profiles.set_user(&profile.name, user)
        }
        _ => Ok(()),
    }
}

/// Whether the environment names a user, who is not the profile's then.
fn is_of_environment() -> bool {
    ["PEAVEY_USER", "ELASTIC_USERNAME", "ES_USER"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The profile that the arguments mean, and whether a password stood in the address.
fn profile(arguments: &AddArguments) -> Result<(Profile, bool), String> {
    let address = Address::parse(&arguments.address).map_err(|wrong| wrong.to_string())?;
    let Cluster::Url { origin, prefix, user, password } = address.cluster else {
        return Err(format!(
            "{} is a cluster's name; write its address, https://HOST:9200",
            arguments.address
        ));
    };
    let mut profile = Profile {
        name: arguments.name.clone(),
        hosts: vec![origin],
        prefix,
        data_views: address.pattern.into_iter().chain(arguments.data_views.clone()).collect(),
        time_field: arguments.time_field.clone(),
        time_range: (arguments.from.is_some() || arguments.to.is_some())
            .then(|| TimeSpec { from: arguments.from.clone(), to: arguments.to.clone() }),
        timeout: arguments.timeout,
        proxy: arguments.proxy.clone(),
        credentials: credentials(arguments, user),
        tls: tls(&arguments.options)?,
        ..Profile::default()
    };
    for host in &arguments.hosts {
        match Address::parse(host).map_err(|wrong| wrong.to_string())?.cluster {
            Cluster::Url { origin, .. } => profile.hosts.push(origin),
            _ => return Err(format!("--host: {host} is no address of a node")),
        }
    }
    Ok((profile, password.is_some()))
}

fn credentials(arguments: &AddArguments, addressed: Option<String>) -> Credentials {
    let options = &arguments.options;
    let variable = |name: &Option<String>| name.clone().map(SecretPlace::Variable);
    let command = |line: &Option<String>| {
        let words = line.as_ref()?.split_whitespace().map(str::to_owned).collect();
        Some(SecretPlace::Command(words))
    };
    let file = |path: &Option<PathBuf>| path.as_deref().map(absolute).map(SecretPlace::File);
    let key = variable(&options.api_key_env)
        .or_else(|| command(&arguments.api_key_command))
        .or_else(|| file(&arguments.api_key_file));
    if let Some(key) = key {
        return Credentials::ApiKey { id: None, key };
    }
    let token = variable(&options.token_env)
        .or_else(|| command(&arguments.token_command))
        .or_else(|| file(&arguments.token_file));
    if let Some(token) = token {
        return Credentials::Token(token);
    }
    let password = variable(&arguments.password_env)
        .or_else(|| command(&arguments.password_command))
        .or_else(|| file(&arguments.password_file));
    match options.user.clone().or(addressed) {
        Some(user) => Credentials::Basic { user, password },
        None => Credentials::None,
    }
}

fn tls(options: &ClusterOptions) -> Result<Tls, String> {
    if let Some(text) = &options.ca_fingerprint
        && Trust::parse_fingerprint(text).is_none()
    {
        return Err(format!(
            "--ca-fingerprint: `{text}` is no SHA-256, that is 64 hexadecimal digits"
        ));
    }
    Ok(Tls {
        authority_file: options.ca_cert.as_deref().map(absolute),
        fingerprint: options.ca_fingerprint.clone(),
        certificate: options.client_cert.as_deref().map(absolute),
        key: options.client_key.as_deref().map(absolute),
        verify: true,
    })
}

/// The profile is read from anywhere.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_gone| path.to_owned())
}
