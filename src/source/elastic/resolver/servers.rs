//! Asks name servers: a datagram first, a connection where the answer is too long for one.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use super::message::{Answer, Kind, answer, question};
use super::settings::Settings;

impl Settings {
    /// The addresses of a name, IPv4 first.
    pub(super) fn find(&self, name: &str) -> Result<Vec<IpAddr>, String> {
        let known = self.known(name);
        if !known.is_empty() {
            return Ok(known);
        }
        let mut silent = false;
        for name in self.candidates(name) {
            let mut found = Vec::new();
            for kind in [Kind::A, Kind::Aaaa] {
                match self.ask(&name, kind) {
                    Answer::Addresses(addresses) => found.extend(addresses),
                    // A name that does not exist has no addresses of the other kind either.
                    Answer::Unknown => break,
                    Answer::TooLong | Answer::Failed => silent = true,
                }
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        if silent {
            let servers: Vec<String> =
                self.servers.iter().map(|server| server.ip().to_string()).collect();
            return Err(format!(
                "no name server can say what it is (asked: {})",
                servers.join(", ")
            ));
        }
        Err("its name is not known".to_owned())
    }

    /// Asks one server after the other until one can say.
    fn ask(&self, name: &str, kind: Kind) -> Answer {
        for _ in 0..self.attempts {
            for server in &self.servers {
                let id = RandomState::new().hash_one(name) as u16;
                let Some(question) = question(id, name, kind) else { return Answer::Unknown };
                let mut said = self.by_datagram(*server, &question, id);
                if matches!(said, Ok(Answer::TooLong)) {
                    said = self.by_connection(*server, &question, id);
                }
                match said {
                    Ok(Answer::Failed | Answer::TooLong) | Err(_) => {}
                    Ok(answered) => return answered,
                }
            }
        }
        Answer::Failed
    }

    fn by_datagram(&self, server: SocketAddr, question: &[u8], id: u16) -> io::Result<Answer> {
        let any: IpAddr = if server.is_ipv4() {
            Ipv4Addr::UNSPECIFIED.into()
        } else {
            Ipv6Addr::UNSPECIFIED.into()
        };
        let socket = UdpSocket::bind((any, 0))?;
        // Only what comes from the server is received.
        socket.connect(server)?;
        socket.send(question)?;
        let until = Instant::now() + self.timeout;
        let mut bytes = [0u8; 4096];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            socket.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            let length = socket.recv(&mut bytes)?;
            if let Some(said) = bytes.get(..length).and_then(|bytes| answer(bytes, id)) {
                return Ok(said);
            }
        }
    }

    fn by_connection(&self, server: SocketAddr, question: &[u8], id: u16) -> io::Result<Answer> {
        let mut stream = TcpStream::connect_timeout(&server, self.timeout)?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        let length = u16::try_from(question.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes()[..], question].concat())?;
        let mut length = [0u8; 2];
        stream.read_exact(&mut length)?;
        let mut bytes = vec![0u8; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut bytes)?;
        answer(&bytes, id).ok_or_else(|| io::Error::other("no answer"))
    }
}
