//! Facts about a Logstash: its ports, and what its monitoring API tells.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Section;
use crate::doctor::Finding;
use crate::doctor::logstash::{Port, judge};
use crate::source::elastic::examine::logstash;
use crate::source::elastic::{Client, Connection, resolver};

/// Longest wait for a port.
const PATIENCE: Duration = Duration::from_secs(5);
/// The port of the monitoring API.
const API: u16 = 9600;

/// Examines the Logstash of a host; a port is that of its monitoring API.
///
/// # Errors
/// A text for the user about a host that cannot be one.
pub(super) fn examine(text: &str, ports: &[u16]) -> Result<Section, String> {
    let (host, api) = host_and_port(text)?;
    let title = format!("Logstash at {host}");
    let found = resolver::lookup(host.trim_matches(['[', ']']), API, PATIENCE);
    let tried = |number: u16| {
        let at = |address: &SocketAddr| SocketAddr::new(address.ip(), number);
        let refused = match &found {
            Err(error) => Some(format!("{host}: {error}")),
            Ok(addresses) => port(&addresses.iter().map(at).collect::<Vec<_>>()).err(),
        };
        let what = match number {
            5044 => "Beats",
            5000 | 50_000 => "TCP",
            _ => "input",
        };
        Port { number, what, refused }
    };
    let ports: Vec<Port> = ports.iter().map(|number| tried(*number)).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
    let mut connection = Connection::to(&format!("http://{host}:{api}"));
    connection.timeout = PATIENCE;
    let client = Client::new(&connection).map_err(|error| error.sentence())?;
    let told = runtime.block_on(logstash::ask(&client));
    let findings: Vec<Finding> = judge(&host, &ports, &told);
    Ok(Section { title, findings })
}

/// Tries addresses in turn.
fn port(addresses: &[SocketAddr]) -> Result<(), String> {
    let mut last = "it has no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(address, PATIENCE) {
            Ok(_open) => return Ok(()),
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

fn host_and_port(text: &str) -> Result<(String, u16), String> {
    let place = text.split("://").last().unwrap_or(text).trim_end_matches('/');
    let (host, api) = match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => {
            let number =
                port.parse().map_err(|_wrong| format!("--logstash: `{port}` is no port"))?;
            (host, number)
        }
        _ => (place, API),
    };
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || "/?#@".contains(c)) {
        return Err(format!("--logstash: `{text}` is no host; write for example localhost"));
    }
    Ok((host.to_owned(), api))
}

#[cfg(test)]
mod tests {
    use super::host_and_port;

    #[test]
    fn a_host_may_have_the_port_of_the_monitoring_api() {
        for (text, expected) in [
            ("logstash", Some(("logstash", 9600))),
            ("http://logstash:9601/", Some(("logstash", 9601))),
            ("[::1]", Some(("[::1]", 9600))),
            ("[::1]:9601", Some(("[::1]", 9601))),
            ("host:port", None),
            ("a b", None),
            ("", None),
        ] {
            let found = host_and_port(text).ok();
            assert_eq!(
                found.as_ref().map(|(host, port)| (host.as_str(), *port)),
                expected,
                "{text}"
            );
        }
    }
}
