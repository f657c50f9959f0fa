//! Reaches a node step by step, to tell where it fails: name, connection, proxy, TLS.
//!
//! Blocks; every step has a time limit. Sends nothing but what opens a connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConnection;
use rustls::pki_types::ServerName;

use super::address;
use super::connection::Connection;
use super::error::Error;
use super::mask::base64;
use super::proxy::Proxy;
use super::resolver;
use super::tls::{self, Certificate};

/// Longest wait for one step.
const PATIENCE: Duration = Duration::from_secs(10);
/// A proxy's answer to CONNECT is not longer.
const LONGEST_HEAD: usize = 16 * 1024;

/// Where a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether it is meant to speak TLS.
    pub is_tls: bool,
}

/// What a TLS handshake tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// Version of TLS, as `TLS 1.3`.
    pub version: String,
    /// The server's certificates, its own first.
    pub chain: Vec<Certificate>,
}

impl Place {
    /// Of scheme, host and port.
    #[must_use]
    pub fn of(origin: &str) -> Option<Self> {
        let (scheme, place) = origin.split_once("://")?;
        let port = place.rsplit_once(':')?.1.parse().ok()?;
        Some(Self { host: address::host(place).to_owned(), port, is_tls: scheme == "https" })
    }
}

fn limit(connection: &Connection) -> Duration {
    PATIENCE.min(connection.timeout)
}

/// The addresses of a name.
///
/// # Errors
/// A text for the user.
pub fn resolve(place: &Place, connection: &Connection) -> Result<Vec<SocketAddr>, String> {
    resolver::lookup(&place.host, place.port, limit(connection))
}

/// A connection to the first address that takes one.
///
/// # Errors
/// A text for the user.
pub fn connect(addresses: &[SocketAddr], connection: &Connection) -> Result<TcpStream, String> {
    let mut last = "there is no address".to_owned();
    for address in addresses {
        match TcpStream::connect_timeout(address, limit(connection)) {
            Ok(stream) => return Ok(stream),
            Err(error) => {
                last = match error.kind() {
                    ErrorKind::ConnectionRefused => {
                        format!("{address} refuses: nothing listens there")
                    }
                    ErrorKind::TimedOut => {
                        format!("{address} does not answer: is a firewall between?")
                    }
                    _ => format!("{address}: {error}"),
                };
            }
        }
    }
    Err(last)
}

/// Lets a proxy connect to a node.
///
/// # Errors
/// A text for the user, without the proxy's password.
pub fn tunnel(mut stream: &TcpStream, proxy: &Proxy, place: &Place) -> Result<(), String> {
    let host =
        if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
    let port = place.port;
    let login = proxy.login.as_ref().map_or_else(String::new, |(user, password)| {
        let pair = base64(format!("{user}:{}", password.reveal()).as_bytes());
        format!("Proxy-Authorization: Basic {pair}\r\n")
    });
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{login}\r\n");
    let broken = |error: std::io::Error| format!("the proxy broke off: {error}");
    let timed = stream.set_read_timeout(Some(PATIENCE));
    timed.and_then(|()| stream.write_all(request.as_bytes())).map_err(broken)?;
    let mut head = Vec::new();
    let mut byte = [0u8];
    while !head.ends_with(b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        if stream.read(&mut byte).map_err(broken)? == 0 {
            return Err("the proxy closed the connection".to_owned());
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    match head.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        Some("407") => Err("the proxy asks for a user and a password".to_owned()),
        Some(status) => Err(format!("the proxy does not connect (status {status})")),
        None => Err("what answers is no proxy".to_owned()),
    }
}

/// Does a TLS handshake with what the connection trusts.
///
/// # Errors
/// What is wrong: the certificate, or no TLS there at all.
pub fn handshake(
    mut stream: &TcpStream,
    place: &Place,
    connection: &Connection,
) -> Result<Handshake, Error> {
    let host = format!("{}:{}", place.host, place.port);
    let failed = |reason: String| Error::Unreachable { host: host.clone(), reason };
    let configuration = Arc::new(tls::configuration(connection)?);
    let name = ServerName::try_from(place.host.clone())
        .map_err(|_invalid| failed("its name cannot stand in a certificate".to_owned()))?;
    let mut session = ClientConnection::new(configuration, name)
        .map_err(|error| failed(format!("TLS cannot be begun: {error}")))?;
    let limit = Some(limit(connection));
    let timed = stream.set_read_timeout(limit).and_then(|()| stream.set_write_timeout(limit));
    timed.map_err(|error| failed(error.to_string()))?;
    while session.is_handshaking() {
        let Err(error) = session.complete_io(&mut stream) else { continue };
        if let Some(refused) = tls::refused_in(&error) {
            return Err(Error::Untrusted { host, refused: Box::new(refused) });
        }
        let whole = error.to_string();
        return Err(failed(if whole.contains("InvalidContentType") || whole.contains("corrupt") {
            "it speaks http, not https; write http:// instead".to_owned()
        } else if error.kind() == ErrorKind::UnexpectedEof {
            "it closes the connection when TLS begins; does it speak http?".to_owned()
        } else if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) {
            "it does not answer when TLS begins".to_owned()
        } else {
            whole
        }));
    }
    let version = match session.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS 1.3",
    };
    let chain = session.peer_certificates().unwrap_or_default();
    let chain = chain.iter().map(|der| Certificate::read(der)).collect();
    Ok(Handshake { version: version.to_owned(), chain })
}

/// Whether what listens at an address speaks TLS, whatever its certificate is.
#[must_use]
pub fn speaks_tls(origin: &str, connection: &Connection) -> bool {
    let Some(place) = Place::of(origin).filter(|_| connection.proxies.of(origin).is_none()) else {
        return false;
    };
    let Ok(stream) =
        resolve(&place, connection).and_then(|addresses| connect(&addresses, connection))
    else {
        return false;
    };
    let mut any = Connection::to(origin);
    any.trust.verify_nothing = true;
    any.timeout = Duration::from_secs(3);
    handshake(&stream, &place, &any).is_ok()
}
