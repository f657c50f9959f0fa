//! The texts in a tar archive, one after the other.

use std::io::{self, Read};

use crate::ingest::discover::is_binary;

/// Size of the units of an archive.
const UNIT: usize = 512;

/// Whether bytes that begin with `head` are an archive.
#[must_use]
pub fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// The regular files of the archive that `inner` holds; those that are no text are left out.
pub(super) fn texts(inner: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    Box::new(Texts { inner, left: 0, padding: 0, head: Vec::new(), is_line_open: false })
}

struct Texts {
    inner: Box<dyn Read + Send>,
    /// Bytes of the current file that were not read yet, and the bytes that fill its last unit.
    left: u64,
    padding: u64,
    /// The beginning of the current file, reversed.
    head: Vec<u8>,
    is_line_open: bool,
}

impl Texts {
    /// Goes to the next file that is text. `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        loop {
            self.skip(self.left + self.padding)?;
            let mut header = [0; UNIT];
            if !fill(&mut self.inner, &mut header)? || header.iter().all(|byte| *byte == 0) {
                return Ok(false);
            }
            let Some(size) = size_of(&header[124..136]) else {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a header of the tar archive is broken",
                ));
            };
            self.left = size;
            self.padding = size.next_multiple_of(UNIT as u64) - size;
            if !matches!(header[156], b'0' | 0 | b'7') || size == 0 {
                continue;
            }
            let mut head = vec![0; UNIT.min(size as usize)];
            if !fill(&mut self.inner, &mut head)? {
                return Ok(false);
            }
            self.left -= head.len() as u64;
            if !is_binary(&head) {
                head.reverse();
                self.head = head;
                return Ok(true);
            }
        }
    }

    fn skip(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut self.inner.by_ref().take(count), &mut io::sink())?;
        (self.left, self.padding) = (0, 0);
        Ok(())
    }
}

impl Read for Texts {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        while self.head.is_empty() && self.left == 0 {
            if std::mem::take(&mut self.is_line_open) {
                buf[0] = b'\n'; // A file ends its last line.
                return Ok(1);
            }
            if !self.advance()? {
                return Ok(0);
            }
        }
        let count = if self.head.is_empty() {
            let most = buf.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            let count = self.inner.read(&mut buf[..most])?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.left -= count as u64;
            count
        } else {
            let count = self.head.len().min(buf.len());
            for place in &mut buf[..count] {
                *place = self.head.pop().unwrap_or_default();
            }
            count
        };
        self.is_line_open = buf[count - 1] != b'\n';
        Ok(count)
    }
}

/// Fills `buf`; `false` if the stream ends before.
fn fill(reader: &mut dyn Read, buf: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(buf) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// A size in octal digits, or in binary where the first bit says so.
fn size_of(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let big = field[4..].iter().fold(0, |size: u64, byte| size << 8 | u64::from(*byte));
        return Some(big).filter(|size| *size < 1 << 62);
    }
    let digits: Vec<u8> = field.iter().copied().filter(|byte| !matches!(byte, b' ' | 0)).collect();
    let text = std::str::from_utf8(&digits).ok()?;
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; UNIT];
        bytes[..4].copy_from_slice(b"name");
        bytes[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        bytes[156] = kind;
        bytes[257..262].copy_from_slice(b"ustar");
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(UNIT), 0);
        bytes
    }

    fn check(archive: Vec<u8>, expected: &[u8]) {
        assert!(is_tar(&archive));
        let mut text = Vec::new();
        let _ = texts(Box::new(io::Cursor::new(archive))).read_to_end(&mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn texts_follow_each_other_and_the_rest_is_left_out() {
        let long = b"0123456789\n".repeat(100);
        let archive = [
            entry(b'5', b""),
            entry(b'0', b"one\ntwo"),
            entry(b'x', b"22 path=some"),
            entry(b'0', b"\x7fELF\x02"),
            entry(0, &long),
            vec![0; 2 * UNIT],
        ];
        check(archive.concat(), &[&b"one\ntwo\n"[..], &long].concat());
    }

    #[test]
    fn a_cut_archive_gives_what_there_is() {
        let mut archive = entry(b'0', &b"line\n".repeat(300));
        archive.truncate(UNIT + 1000);
        check(archive, &b"line\n".repeat(200));
    }
}
