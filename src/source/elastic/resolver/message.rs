//! Questions to and answers of name servers, as they travel (RFC 1035).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// IPv4 addresses.
    A = 1,
    /// IPv6 addresses.
    Aaaa = 28,
}

/// What a server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Addresses; none where the name has none of the kind.
    Addresses(Vec<IpAddr>),
    /// There is no such name.
    Unknown,
    /// The answer is too long for a datagram.
    TooLong,
    /// The server cannot say.
    Failed,
}

/// A question; `None` where the name cannot be asked for.
pub(super) fn question(id: u16, name: &str, kind: Kind) -> Option<Vec<u8>> {
    let name = name.trim_end_matches('.');
    if name.is_empty() || name.len() > 253 {
        return None;
    }
    // One question, and the server is to ask further itself.
    let mut bytes = [&id.to_be_bytes()[..], &[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]].concat();
    for label in name.split('.') {
        let length = u8::try_from(label.len()).ok().filter(|length| (1..=63).contains(length))?;
        bytes.push(length);
        bytes.extend(label.bytes());
    }
    bytes.extend([0, 0, kind as u8, 0, 1]);
    Some(bytes)
}

/// Reads an answer to the question of that number; `None` where it is none.
pub(super) fn answer(bytes: &[u8], id: u16) -> Option<Answer> {
    let number = |at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let flags = number(2)?;
    if number(0)? != id || flags & 0x8000 == 0 {
        return None;
    }
    if flags & 0x0200 != 0 {
        return Some(Answer::TooLong);
    }
    match flags & 15 {
        0 => {}
        3 => return Some(Answer::Unknown),
        _ => return Some(Answer::Failed),
    }
    let mut at = 12;
    for _ in 0..number(4)? {
        at = after_name(bytes, at)? + 4;
    }
    let mut found = Vec::new();
    for _ in 0..number(6)? {
        let head = after_name(bytes, at)?;
        let length = usize::from(number(head + 8)?);
        let data = bytes.get(head + 10..head + 10 + length)?;
        match (number(head)?, data.len()) {
            (1, 4) => {
                found.extend(<[u8; 4]>::try_from(data).ok().map(Ipv4Addr::from).map(IpAddr::V4));
            }
            (28, 16) => {
                found.extend(<[u8; 16]>::try_from(data).ok().map(Ipv6Addr::from).map(IpAddr::V6));
            }
            _ => {}
        }
        at = head + 10 + length;
    }
    Some(Answer::Addresses(found))
}

/// Where a name ends: its labels, or a pointer to others.
fn after_name(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            0 => return Some(at + 1),
            length if length & 0xc0 == 0xc0 => return Some(at + 2),
            length => at += usize::from(length) + 1,
        }
    }
}
