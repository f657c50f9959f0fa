//! Names are found in the files and at name servers, whatever these answer.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::{Duration, Instant};

use hickory_resolver::Hosts;
use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::proto::rr::Name;

use super::own::Settings;
use super::{by_own, within};

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// The answer of a server: the head of the question, flags, and records of the name asked for.
fn reply(question: &[u8], flags: u16, records: &[IpAddr]) -> Vec<u8> {
    let mut bytes = question.to_vec();
    bytes[2..4].copy_from_slice(&flags.to_be_bytes());
    bytes[6..8].copy_from_slice(&(records.len() as u16 + 1).to_be_bytes());
    // First an alias, which is passed over.
    bytes.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]);
    for record in records {
        let (kind, data) = match record {
            IpAddr::V4(address) => (1, address.octets().to_vec()),
            IpAddr::V6(address) => (28, address.octets().to_vec()),
        };
        bytes.extend([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 9, 0, data.len() as u8]);
        bytes.extend(data);
    }
    bytes
}

/// What a server does with a question.
fn told(question: &[u8], is_datagram: bool) -> Option<Vec<u8>> {
    let name: Vec<u8> = question[12..].iter().copied().take_while(|byte| *byte != 0).collect();
    // Without what follows the question.
    let mut question = question[..12 + name.len() + 5].to_vec();
    question[10..12].fill(0);
    let is_v6 = question[question.len() - 3] == 28;
    let label = String::from_utf8_lossy(&name[1..=usize::from(name[0])]).into_owned();
    let v4 = [address("10.9.9.9")];
    let v6 = [address("fd00::9")];
    Some(match label.as_str() {
        "es" | "my_es" => reply(&question, 0x8180, if is_v6 { &v6 } else { &v4 }),
        "big" if is_datagram => {
            question[2..4].copy_from_slice(&0x8380_u16.to_be_bytes());
            question
        }
        "big" => reply(&question, 0x8180, if is_v6 { &[] } else { &v4 }),
        "quiet" => return None,
        "broken" => {
            question[2..4].copy_from_slice(&0x8182_u16.to_be_bytes());
            question
        }
        // "none", and whatever else.
        _ => {
            question[2..4].copy_from_slice(&0x8183_u16.to_be_bytes());
            question
        }
    })
}

/// A server on a free port, over datagrams and connections.
fn server() -> SocketAddr {
    let (socket, listener) = loop {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(listener) = TcpListener::bind(socket.local_addr().unwrap()) {
            break (socket, listener);
        }
    };
    let at = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut bytes = [0u8; 512];
        while let Ok((length, from)) = socket.recv_from(&mut bytes) {
            // What answers another question is not listened to.
            let _ = socket.send_to(&[0; 12], from);
            if let Some(reply) = told(&bytes[..length], true) {
                let _ = socket.send_to(&reply, from);
            }
        }
    });
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            // Several questions may come over one connection.
            let mut length = [0u8; 2];
            while stream.read_exact(&mut length).is_ok() {
                let mut question = vec![0u8; usize::from(u16::from_be_bytes(length))];
                stream.read_exact(&mut question).unwrap();
                let reply = told(&question, false).unwrap();
                let length = (reply.len() as u16).to_be_bytes();
                stream.write_all(&[&length[..], &reply].concat()).unwrap();
            }
        }
    });
    at
}

/// Whom the tests ask.
fn settings(servers: &[SocketAddr]) -> Settings {
    let config = |at: &SocketAddr| {
        let mut config = NameServerConfig::udp_and_tcp(at.ip());
        config.connections.iter_mut().for_each(|connection| connection.port = at.port());
        config
    };
    let servers = servers.iter().map(config).collect();
    let search = vec![Name::from_ascii("example.").unwrap()];
    let mut options = ResolverOpts::default();
    options.timeout = Duration::from_millis(500);
    options.attempts = 0;
    let mut hosts = Hosts::default();
    hosts.read_hosts_conf(&b"10.1.1.1 known Es.corp my_es # node\n::2 known\n"[..]).unwrap();
    Settings { servers: ResolverConfig::from_parts(None, search, servers), options, hosts }
}

/// A name server's place at which nobody answers. The socket is to be kept.
fn silent() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = socket.local_addr().unwrap();
    (socket, at)
}

#[test]
fn a_name_server_is_asked_and_what_it_cannot_say_is_told() {
    let (_kept, dead) = silent();
    let servers = [dead, server()];
    let find = |name: &str| by_own(name, settings(&servers));
    let both = Ok(vec![address("10.9.9.9"), address("fd00::9")]);
    for name in ["es.example", "es.example.", "es", "my_es.example"] {
        assert_eq!(find(name), both, "{name}");
    }
    let big = by_own("big.example", settings(&servers[1..]));
    assert_eq!(big, Ok(vec![address("10.9.9.9")]));
    let long = "a".repeat(70);
    for name in ["none.example", "", ".", "..", long.as_str()] {
        assert_eq!(find(name).unwrap_err(), "its name is not known", "{name}");
    }
    for name in ["quiet.example", "broken.example"] {
        let told = find(name).unwrap_err();
        assert_eq!(
            told, "no name server can say what it is (asked: 127.0.0.1, 127.0.0.1)",
            "{name}"
        );
    }
}

#[test]
fn what_the_hosts_file_knows_needs_no_server() {
    let (_kept, dead) = silent();
    let settings = || {
        let mut settings = settings(&[dead]);
        // Whoever asks is not done before the test's limit.
        settings.options.timeout = Duration::from_secs(600);
        settings
    };
    let find = |name: &str| by_own(name, settings()).unwrap();
    assert_eq!(find("KNOWN"), [address("10.1.1.1"), address("::2")]);
    for name in ["es.corp.", "my_es"] {
        assert_eq!(find(name), [address("10.1.1.1")], "{name}");
    }
    for name in ["localhost", "a.localhost"] {
        assert_eq!(find(name), [address("127.0.0.1"), address("::1")], "{name}");
    }
}

#[test]
fn a_silent_name_server_is_not_waited_for_beyond_the_limit() {
    let (_kept, dead) = silent();
    let started = Instant::now();
    let found = within(Duration::from_millis(50), move || {
        let mut settings = settings(&[dead]);
        settings.options.timeout = Duration::from_secs(600);
        by_own("es.example", settings)
    });
    assert_eq!(found.unwrap_err(), "no name server answers in time");
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn the_files_of_this_machine_are_read() {
    let settings = Settings::of_system();
    assert!(!settings.servers.name_servers().is_empty());
    assert!(settings.options.timeout >= Duration::from_secs(1));
    assert!(by_own("localhost", settings).unwrap().contains(&address("127.0.0.1")));
}

#[test]
fn an_address_needs_no_server() {
    let found = super::lookup("::1", 9200, Duration::ZERO).unwrap();
    assert_eq!(found, ["[::1]:9200".parse().unwrap()]);
}
