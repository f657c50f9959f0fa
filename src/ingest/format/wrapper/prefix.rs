//! Wrappers that put something before each line.

use std::ops::Range;

use super::{Peeled, Stream};
use crate::ingest::format::stamp::{Clock, Shape, Stamp};
use crate::time::Zone;

const UTC: Clock = Clock { zone: Zone::UTC, year: 1970 };

/// A stamp with a date, a `T`, seconds and a zone, followed by a blank or the end.
fn exact(text: &[u8]) -> Option<Stamp> {
    if text.get(10) != Some(&b'T') {
        return None;
    }
    let stamp = Shape::Iso.read(text, &UTC)?;
    let zoned = matches!(text[stamp.len - 1], b'Z')
        || text[..stamp.len].get(19..)?.iter().any(|byte| matches!(byte, b'+' | b'-'));
    let ends = text.get(stamp.len).is_none_or(|byte| *byte == b' ');
    (zoned && ends && stamp.len >= 20).then_some(stamp)
}

/// `2016-10-06T00:17:09.669794202Z stdout F text`; `P` marks a part that goes on.
pub(super) fn cri(line: &[u8]) -> Option<Peeled> {
    let stamp = exact(line)?;
    let rest = line.get(stamp.len + 1..)?;
    let stream = Stream::of(rest.get(..6)?)?;
    let flags = rest.get(6..)?.strip_prefix(b" ")?;
    let open = match flags.first()? {
        b'F' => false,
        b'P' => true,
        _ => return None,
    };
    // Flags may carry tags: `F:x`.
    let end = memchr::memchr(b' ', flags).unwrap_or(flags.len());
    let start = (line.len() - flags.len() + end + 1).min(line.len());
    Some(Peeled {
        text: Some(start..line.len()),
        time: Some(stamp.at),
        open,
        stream: Some(stream),
        ..Peeled::default()
    })
}

/// `2024-05-02T12:17:25.606619951Z text`, always nine digits.
pub(super) fn docker_time(line: &[u8]) -> Option<Peeled> {
    let stamp = nanos(line)?;
    let start = (stamp.len + 1).min(line.len());
    Some(Peeled { text: Some(start..line.len()), time: Some(stamp.at), ..Peeled::default() })
}

fn nanos(text: &[u8]) -> Option<Stamp> {
    let nine = text.get(19) == Some(&b'.') && text.get(20..29)?.iter().all(u8::is_ascii_digit);
    (nine && !text.get(29)?.is_ascii_digit()).then(|| exact(text)).flatten()
}

/// The line from `start`, its stamp taken off if it has one of docker's or kubectl's.
fn timed(line: &[u8], start: usize) -> (Range<usize>, Option<Stamp>) {
    let stamp = line.get(start..).filter(|rest| rest.get(19) == Some(&b'.')).and_then(exact);
    let begin = stamp.map_or(start, |stamp| (start + stamp.len + 1).min(line.len()));
    (begin..line.len(), stamp)
}

/// `[pod/NAME/CONTAINER] text`.
pub(super) fn kubectl(line: &[u8]) -> Option<Peeled> {
    let rest = line.strip_prefix(b"[pod/")?;
    let close = memchr::memchr(b']', rest)?;
    let slash = memchr::memchr(b'/', &rest[..close])?;
    let pod = 5..5 + slash;
    let container = 5 + slash + 1..5 + close;
    let start = 5 + close + 1;
    let start = if line.get(start) == Some(&b' ') { start + 1 } else { start };
    let (text, stamp) = timed(line, start);
    Some(Peeled {
        text: Some(text),
        time: stamp.map(|stamp| stamp.at),
        fields: vec![("kubernetes.pod.name", pod), ("kubernetes.container.name", container)],
        ..Peeled::default()
    })
}

/// `name-1  | text`.
pub(super) fn compose(line: &[u8]) -> Option<Peeled> {
    // The name may be coloured.
    let bar = memchr::memmem::find(&line[..line.len().min(120)], b" | ")
        .or_else(|| line.ends_with(b" |").then(|| line.len() - 2))?;
    let mut start = 0;
    while line[start..bar].starts_with(b"\x1b[") {
        start += line[start..bar].iter().position(|byte| matches!(byte, b'm' | b'K'))? + 1;
    }
    let name = line[start..bar].trim_ascii_end();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if name.is_empty() || !name.iter().all(plain) || !name.iter().any(u8::is_ascii_lowercase) {
        return None;
    }
    let mut begin = (bar + 3).min(line.len());
    if line[begin..].starts_with(b"\x1b[0m") {
        begin += 4;
    }
    let (text, stamp) = timed(line, begin);
    Some(Peeled {
        text: Some(text),
        time: stamp.map(|stamp| stamp.at),
        fields: vec![("container.name", start..start + name.len())],
        ..Peeled::default()
    })
}

/// `Nov 24 10:00:00 host program[1]: {json}`, with a priority or an ISO stamp too.
pub(super) fn syslog_json(line: &[u8], clock: &Clock) -> Option<Peeled> {
    let brace = memchr::memchr(b'{', &line[..line.len().min(300)])?;
    let head = line[..brace].strip_suffix(b" ").unwrap_or(&line[..brace]).strip_suffix(b":")?;
    if line.last() != Some(&b'}') {
        return None;
    }
    let mut at = 0;
    if head.first() == Some(&b'<') {
        at = memchr::memchr(b'>', &head[..head.len().min(6)])? + 1;
    }
    let stamp =
        [Shape::Syslog, Shape::Iso].iter().find_map(|shape| shape.read(&head[at..], clock))?;
    at += stamp.len;
    let mut words = Vec::new();
    for word in head[at..].split(|byte| *byte == b' ') {
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += word.len() + 1;
    }
    let [host, program] = <[Range<usize>; 2]>::try_from(words).ok()?;
    let mut fields = vec![("host.hostname", host)];
    let name = &head[program.clone()];
    match memchr::memchr(b'[', name) {
        Some(open) if name.ends_with(b"]") => {
            fields.push(("process.name", program.start..program.start + open));
            fields.push(("process.pid", program.start + open + 1..program.end - 1));
        }
        _ => fields.push(("process.name", program)),
    }
    Some(Peeled {
        text: Some(brace..line.len()),
        time: Some(stamp.at),
        yearless: stamp.yearless,
        fields,
        ..Peeled::default()
    })
}
