//! Docker's json-file driver.

use std::ops::Range;

use super::{Peeled, Stream};
use crate::ingest::format::shape::json;
use crate::ingest::format::stamp::{Clock, Shape};
use crate::time::Zone;

/// Peels `{"log":"text\n","stream":"stdout","time":"2024-05-02T12:17:25.606619951Z"}`; other keys
/// (attributes) are passed over. A text without final newline is open.
pub(super) fn peel(line: &[u8]) -> Option<Peeled> {
    if line.first() != Some(&b'{') || memchr::memmem::find(line, b"\"log\"").is_none() {
        return None;
    }
    let parts = json::strings(line, ["log", "stream", "time"])?;
    let [log, stream, time] = parts;
    let log = log?;
    let stream = stream.as_ref().and_then(|text| Stream::of(text.bytes(line)));
    let clock = Clock { zone: Zone::UTC, year: 1970 };
    let time = time.and_then(|text| Shape::Iso.read(text.bytes(line), &clock));
    if stream.is_none() && time.is_none() {
        return None;
    }
    let inside = log.bytes(line);
    let closed = inside.ends_with(b"\n");
    let kept = inside.strip_suffix(b"\n").unwrap_or(inside);
    let kept = kept.strip_suffix(b"\r").unwrap_or(kept).len();
    let (text, owned) = match &log {
        json::Text::In(range) => {
            (Some(Range { start: range.start, end: range.start + kept }), Vec::new())
        }
        json::Text::Owned(text) => (None, text[..kept].to_vec()),
    };
    Some(Peeled {
        text,
        owned,
        time: time.map(|stamp| stamp.at),
        open: !closed,
        stream,
        ..Peeled::default()
    })
}
