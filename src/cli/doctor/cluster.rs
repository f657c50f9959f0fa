//! Facts about a cluster: whether it can be reached step by step, then what it tells.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use super::{Desk, Section, now};
use crate::cli::cluster;
use crate::doctor::Finding;
use crate::doctor::cluster::{View, judge};
use crate::source::elastic::engine::Engine;
use crate::source::elastic::examine::{self, Wish};
use crate::source::elastic::{Address, Client, Connection, Error};

/// Longest wait for a port.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Examines a cluster.
///
/// # Errors
/// A text for the user about a wrong address or option.
pub(super) fn examine(address: &str, desk: &Desk<'_>) -> Result<Section, String> {
    let options = &desk.arguments.source.cluster;
    let (connection, pattern, warnings) = cluster::connection(address, options)?;
    let title =
        Address::parse(address).map_or_else(|_wrong| connection.name.clone(), |it| it.shown());
    let mut findings: Vec<Finding> =
        warnings.into_iter().map(|warning| Finding::warning("settings", warning)).collect();
    let is_reached = ways(&connection, &mut findings);
    if !is_reached {
        return Ok(Section { title, findings });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
    let client = Client::new(&connection).map_err(|error| error.sentence())?;
    let begun = Instant::now();
    let engine = match runtime.block_on(Engine::recognise(&client)) {
        Ok(engine) => engine,
        Err(error) => {
            findings.push(refused(&error));
            return Ok(Section { title, findings });
        }
    };
    let named = engine.cluster.as_ref().map(|name| format!(", cluster {name}"));
    findings.push(Finding::ok(
        "engine",
        format!(
            "{}{}, answers in {} ms",
            engine.title(),
            named.unwrap_or_default(),
            begun.elapsed().as_millis()
        ),
    ));
    let writing = desk.arguments.writer;
    let wish = Wish { pattern: pattern.as_deref(), writing, now };
    let facts = runtime.block_on(examine::examine(&client, engine.product, wish));
    let view = View { zone: desk.zone, late: desk.late, writing };
    findings.extend(judge(&facts, &view));
    if pattern.is_none() {
        findings.push(
            Finding::skipped("data view", "the address names none, so no records were looked at")
                .advise(format!("peavey doctor {}/logs-*", title.trim_end_matches('/'))),
        );
    }
    Ok(Section { title, findings })
}

/// What the first answer tells if it is no welcome.
fn refused(error: &Error) -> Finding {
    let check = match error {
        Error::Refused { status: 401, .. } => "user",
        Error::Untrusted { .. } => "TLS",
        _ => "engine",
    };
    let finding = Finding::problem(check, error.to_string());
    match error.hint() {
        Some(hint) => finding.advise(hint),
        None => finding,
    }
}

/// Whether the names of hosts are known and their ports open; at least one host has to be there.
fn ways(connection: &Connection, findings: &mut Vec<Finding>) -> bool {
    let mut reached = 0;
    for host in &connection.hosts {
        let place = host.split("://").last().unwrap_or(host);
        let name = place.rsplit_once(':').map_or(place, |(name, _)| name);
        let finding = match place.to_socket_addrs() {
            Err(error) => Finding::problem("name", format!("{name} is not known: {error}"))
                .advise("is it spelled right? Inside Docker's network names differ from outside"),
            Ok(addresses) => {
                let addresses: Vec<_> = addresses.collect();
                match port(&addresses) {
                    Ok(text) => {
                        reached += 1;
                        Finding::ok("connection", format!("{place} is open ({text})"))
                    }
                    Err(why) => Finding::problem("connection", format!("{place}: {why}")).advise(
                        "does it run (docker compose ps), is its port published, and is \
                         network.host set to 0.0.0.0 in its settings?",
                    ),
                }
            }
        };
        findings.push(finding);
    }
    reached > 0
}

/// Tries addresses in turn.
pub(super) fn port(addresses: &[std::net::SocketAddr]) -> Result<String, String> {
    let mut last = "it has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(address, PATIENCE) {
            Ok(_open) => return Ok(address.ip().to_string()),
            Err(error) => last = why(&error),
        }
    }
    Err(last)
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => "nothing listens there".to_owned(),
        std::io::ErrorKind::TimedOut => {
            format!("no answer within {} s (a firewall?)", PATIENCE.as_secs())
        }
        _ => error.to_string(),
    }
}
