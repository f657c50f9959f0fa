//! Proves a connection step by step: name, connection, TLS, credentials, engine, data view.
//!
//! `peavey cluster test` and `peavey doctor` tell the findings. On a terminal what is missing is
//! asked for, as when a source is opened.

use std::net::TcpStream;
use std::sync::Arc;
use std::time::Instant;

use super::admission::{admitted, who};
use super::connect::Target;
use super::threads;
use crate::doctor::{Finding, Grade};
use crate::source::elastic::probe::{self, Handshake, Place};
use crate::source::elastic::{Authentication, Client, Connection, Engine, Error, Session};
use crate::time::Millis;
use crate::ui::number;

/// A certificate that ends within so many days is warned about.
const SOON: i64 = 30;
const DAY: i64 = 86_400_000;

/// Tries every step; tells whether the cluster and its data views can be read.
pub(in crate::cli) fn prove(target: &mut Target, findings: &mut Vec<Finding>) -> bool {
    if !ways(target, findings) {
        return false;
    }
    if enter(target, findings).is_none() {
        return false;
    }
    let mut patterns: Vec<String> = target.pattern.iter().cloned().collect();
    for view in &target.data_views {
        if !patterns.contains(view) {
            patterns.push(view.clone());
        }
    }
    if patterns.is_empty() {
        findings.push(Finding::skipped("data view", "none is named"));
    }
    let mut is_good = true;
    for pattern in patterns {
        match view(target, &pattern) {
            Ok(seen) => findings.push(Finding::ok("data view", seen)),
            Err(said) => {
                is_good = false;
                findings.push(problem("data view", &said));
            }
        }
    }
    is_good
}

/// Whether the cluster lets the person in, and what it is.
pub(in crate::cli) fn enter(target: &mut Target, findings: &mut Vec<Finding>) -> Option<Engine> {
    let engine = match engine(target) {
        Ok(engine) => engine,
        Err(said) => {
            findings.push(problem("credentials", &said));
            return None;
        }
    };
    findings.push(match &target.connection.authentication {
        Authentication::None => Finding::ok("credentials", "the cluster asks for none"),
        _ => Finding::ok("credentials", format!("it takes {}", who(target))),
    });
    let named = engine.cluster.as_ref().map(|name| format!(", cluster {name}"));
    findings.push(Finding::ok(
        "engine",
        match engine.version {
            Some(_) => engine.title() + &named.unwrap_or_default(),
            None => "it does not tell this user its version".to_owned(),
        },
    ));
    Some(engine)
}

/// Whether one of the hosts can be reached, as far as that needs no credentials.
pub(in crate::cli) fn ways(target: &mut Target, findings: &mut Vec<Finding>) -> bool {
    let hosts = target.connection.hosts.clone();
    let mut is_reached = false;
    let first = findings.len();
    for origin in &hosts {
        match way(target, origin, findings) {
            Ok(()) => is_reached = true,
            Err((check, said)) => findings.push(problem(check, &said)),
        }
    }
    // One of several hosts may be away.
    for finding in findings.iter_mut().skip(first).filter(|_| is_reached) {
        finding.grade = finding.grade.min(Grade::Warning);
    }
    is_reached
}

/// A sentence and, after its semicolon, what to do.
fn problem(check: &'static str, said: &str) -> Finding {
    match said.split_once("; ") {
        Some((seen, advice)) => Finding::problem(check, seen).advise(advice),
        None => Finding::problem(check, said),
    }
}

/// The steps to one host.
fn way(
    target: &mut Target,
    origin: &str,
    findings: &mut Vec<Finding>,
) -> Result<(), (&'static str, String)> {
    let wrong = || ("settings", format!("{origin} is no address of a host"));
    let place = Place::of(origin).ok_or_else(wrong)?;
    let through = target.connection.proxies.of(origin).cloned();
    // With a proxy between, the proxy knows the names.
    let first = match &through {
        Some(proxy) => Place::of(&proxy.origin).ok_or_else(wrong)?,
        None => place.clone(),
    };
    let role = if through.is_some() { "the proxy " } else { "" };
    let Place { host, port, .. } = &first;
    let addresses = probe::resolve(&first, &target.connection).map_err(|why| {
        let advice = "is it spelled right? Inside Docker's network names differ from outside";
        ("name", format!("{role}{host}: {why}; {advice}"))
    })?;
    let listed: Vec<String> =
        addresses.iter().take(4).map(|address| address.ip().to_string()).collect();
    if listed.first() != Some(host) {
        findings.push(Finding::ok("name", format!("{role}{host} is {}", listed.join(", "))));
    }
    let begun = Instant::now();
    let open = |connection: &Connection| -> Result<TcpStream, String> {
        let stream = probe::connect(&addresses, connection)?;
        if let Some(proxy) = through.as_ref().filter(|_| place.is_tls && !first.is_tls) {
            probe::tunnel(&stream, proxy, &place)?;
        }
        Ok(stream)
    };
    open(&target.connection).map_err(|why| {
        if through.is_some() {
            return ("connection", format!("{role}{host}:{port}: {why}"));
        }
        let advice = "does it run, is its port published, and is network.host set to 0.0.0.0 in \
             its settings?";
        ("connection", format!("{host}:{port}: {why}; {advice}"))
    })?;
    let took = begun.elapsed().as_millis();
    let there = match &through {
        Some(proxy) => {
            format!("{}:{} through the proxy of {}", place.host, place.port, proxy.told_by)
        }
        None => format!("{host}:{port}"),
    };
    findings.push(Finding::ok("connection", format!("{there} is open, {took} ms")));
    if !place.is_tls {
        let said = "none: the address begins with http://";
        findings.push(Finding::skipped("TLS", said));
        return Ok(());
    }
    if first.is_tls && through.is_some() {
        findings.push(Finding::skipped("TLS", "behind a proxy that speaks https itself"));
        return Ok(());
    }
    let shaken = admitted(target, &mut |connection| {
        let failed = |reason| Error::Unreachable { host: there.clone(), reason };
        let stream = open(connection).map_err(failed)?;
        probe::handshake(&stream, &place, connection)
    });
    findings.push(secured(&shaken.map_err(|said| ("TLS", said))?, target));
    Ok(())
}

/// What the handshake showed.
fn secured(shaken: &Handshake, target: &Target) -> Finding {
    let Some(own) = shaken.chain.first() else {
        return Finding::problem("TLS", "the server shows no certificate");
    };
    let trust = &target.connection.trust;
    let details = super::admission::facts(own);
    let version = &shaken.version;
    if trust.verify_nothing {
        return Finding::warning("TLS", format!("{version}, but its certificate is NOT checked"))
            .detail(details)
            .advise("take `verify = false` out of the profile and pin the certificate instead");
    }
    let why = if trust.fingerprint.is_some() {
        "the pinned certificate"
    } else if trust.authority_file.is_some() {
        "an authority of this system or of the CA file vouches for it"
    } else {
        "an authority of this system vouches for it"
    };
    let now = Millis(chrono::Utc::now().timestamp_millis());
    let left = own.until.map(|until| (until.0 - now.0).div_euclid(DAY));
    match left.filter(|days| *days < SOON) {
        Some(days) => Finding::warning("TLS", format!("{version}; days left: {days}"))
            .detail(details)
            .advise("the cluster soon needs a new certificate"),
        None => Finding::ok("TLS", format!("{version}, {why}")).detail(details),
    }
}

fn engine(target: &mut Target) -> Result<Engine, String> {
    let runtime = threads()?;
    admitted(target, &mut |connection| {
        let client = Client::new(connection)?;
        runtime.block_on(Engine::recognise(&client))
    })
}

/// What a data view holds.
fn view(target: &mut Target, pattern: &str) -> Result<String, String> {
    let runtime = threads()?;
    let time_field = target.time_field.clone();
    let (extent, fields) = admitted(target, &mut |connection| {
        let client = Arc::new(Client::new(connection)?);
        runtime.block_on(async {
            let session = Session::open(client, pattern, time_field.as_deref()).await?;
            Ok((session.extent().await?, session.view.fields.len()))
        })
    })?;
    let newest = extent.last.map(|at| format!(", newest {at}")).unwrap_or_default();
    let records = match extent.records {
        1 => "1 record".to_owned(),
        more => format!("{} records", number::count(more)),
    };
    let fields = number::count(fields as u64);
    Ok(format!("{pattern}: {records}, {fields} fields{newest}"))
}
