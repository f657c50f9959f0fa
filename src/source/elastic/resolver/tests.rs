//! Names are found in the files and at name servers, whatever these answer.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

use proptest::prelude::*;

use super::message::{Answer, Kind, answer, question};
use super::settings::Settings;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn the_files_say_whom_to_ask_and_what_is_known() {
    let resolv = "# mine\nnameserver 10.0.0.1\nnameserver fe80::1%eth0 ; local\nnameserver x\n\
        search corp.example example.\noptions ndots:2 timeout:1 rotate attempts:9\n";
    let hosts = "127.0.0.1 localhost\n10.1.1.1 es Es.corp # node\n::2 es\n";
    let settings = Settings::read(resolv, hosts);
    let servers: Vec<String> = settings.servers.iter().map(ToString::to_string).collect();
    assert_eq!(servers, ["10.0.0.1:53", "[fe80::1]:53"]);
    assert_eq!((settings.dots, settings.timeout.as_secs(), settings.attempts), (2, 1, 5));
    assert_eq!(settings.known("ES"), [address("10.1.1.1"), address("::2")]);
    assert_eq!(settings.known("es.corp."), [address("10.1.1.1")]);
    assert_eq!(settings.known("a.localhost").len(), 2);
    assert_eq!(settings.candidates("es.a"), ["es.a.corp.example", "es.a.example", "es.a"]);
    assert_eq!(settings.candidates("a.b.c")[0], "a.b.c");
    assert_eq!(settings.candidates("a."), ["a"]);
    assert_eq!(Settings::read("", "").servers, ["127.0.0.1:53".parse().unwrap()]);
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
    let name = String::from_utf8_lossy(&question[12..]).into_owned();
    let is_v6 = question[question.len() - 3] == 28;
    let v4 = [address("10.9.9.9")];
    let v6 = [address("fd00::9")];
    Some(match name.as_bytes()[0] {
        // "es.example": both kinds.
        2 => reply(question, 0x8180, if is_v6 { &v6 } else { &v4 }),
        // "big.example": too long for a datagram.
        3 if is_datagram => reply(question, 0x8380, &[]),
        3 => reply(question, 0x8180, if is_v6 { &[] } else { &v4 }),
        // "none.example": unknown.
        4 => reply(question, 0x8183, &[]),
        // "quiet.example": no answer.
        5 => return None,
        // "broken.example": the server cannot say.
        _ => reply(question, 0x8182, &[]),
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
            let mut length = [0u8; 2];
            stream.read_exact(&mut length).unwrap();
            let mut question = vec![0u8; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut question).unwrap();
            let reply = told(&question, false).unwrap();
            let length = (reply.len() as u16).to_be_bytes();
            stream.write_all(&[&length[..], &reply].concat()).unwrap();
        }
    });
    at
}

#[test]
fn a_name_server_is_asked_and_what_it_cannot_say_is_told() {
    let mut settings = Settings::read("search example\n", "10.1.1.1 known\n");
    // The first is dead.
    let dead = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    settings.servers = vec![dead, server()];
    settings.timeout = Duration::from_millis(500);
    settings.attempts = 1;
    let find = |name: &str| settings.find(name);
    assert_eq!(find("es.example"), Ok(vec![address("10.9.9.9"), address("fd00::9")]));
    assert_eq!(find("es"), Ok(vec![address("10.9.9.9"), address("fd00::9")]));
    assert_eq!(find("big.example"), Ok(vec![address("10.9.9.9")]));
    assert_eq!(find("known"), Ok(vec![address("10.1.1.1")]));
    assert_eq!(find("none.example").unwrap_err(), "its name is not known");
    for name in ["quiet.example", "broken.example"] {
        assert!(find(name).unwrap_err().contains("no name server can say"), "{name}");
    }
    let long = "a".repeat(70);
    for name in ["", "..", long.as_str()] {
        assert_eq!(find(name).unwrap_err(), "its name is not known", "{name}");
    }
}

#[test]
fn an_address_needs_no_server() {
    let found = super::lookup("::1", 9200, Duration::ZERO).unwrap();
    assert_eq!(found, ["[::1]:9200".parse().unwrap()]);
}

proptest! {
    #[test]
    fn no_answer_makes_the_reading_panic(mut bytes: Vec<u8>, cut in 0usize..80) {
        answer(&bytes, 7);
        bytes.splice(0..0, [0, 7, 0x81, 0x80]);
        answer(&bytes, 7);
        let whole = reply(&question(7, "a.b", Kind::A).unwrap(), 0x8180, &[address("1.2.3.4")]);
        let found = answer(whole.get(..cut).unwrap_or(&whole), 7);
        prop_assert!(cut >= whole.len() || !matches!(found, Some(Answer::Addresses(found)) if !found.is_empty()));
    }
}
