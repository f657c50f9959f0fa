//! What a file is, by its first bytes.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use memchr::memchr;

use crate::ingest::frame::fingerprint;
use crate::ingest::member::{Compression, Encoding, Identity, Newline};
use crate::time::Millis;

/// How many bytes of a file tell who it is.
pub(super) const HEAD: usize = 1 << 10;

/// By what an open file is known.
pub fn identify(file: &File) -> io::Result<Identity> {
    let metadata = file.metadata()?;
    let mut head = [0; HEAD];
    let count = file.read_at(&mut head, 0)?;
    Ok(Identity {
        device: metadata.dev(),
        inode: metadata.ino(),
        head: fingerprint(&head[..count]),
        head_len: count as u32,
    })
}

/// Whether the file still begins with the bytes that `identity` was taken of.
pub fn has_same_head(file: &File, identity: &Identity) -> io::Result<bool> {
    let mut head = [0; HEAD];
    let head = &mut head[..identity.head_len as usize];
    let count = file.read_at(head, 0)?;
    Ok(count == head.len() && fingerprint(head) == identity.head)
}

/// How bytes that begin with `head` are packed.
#[must_use]
pub fn compression_of(head: &[u8]) -> Compression {
    match head {
        [0x1f, 0x8b, 8, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => Compression::Bzip2,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        _ => Compression::None,
    }
}

/// When the content of a gzip file was last written, if its header says so.
#[must_use]
pub(super) fn gzip_time(head: &[u8]) -> Option<Millis> {
    let [0x1f, 0x8b, 8, _, a, b, c, d, ..] = *head else { return None };
    let seconds = u32::from_le_bytes([a, b, c, d]);
    (seconds > 0).then_some(Millis(i64::from(seconds) * 1000))
}

/// How text that begins with `head` is encoded: by its mark, else by where its zero bytes are.
#[must_use]
pub fn encoding_of(head: &[u8]) -> Encoding {
    match head {
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    let pairs = (head.len() / 2).max(1);
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    // Western text in UTF-16 has a zero in nearly every pair, and always on the same side.
    if head.len() >= 8 && low_first * 10 >= pairs * 7 && high_first * 50 <= pairs {
        Encoding::Utf16Le
    } else if head.len() >= 8 && high_first * 10 >= pairs * 7 && low_first * 50 <= pairs {
        Encoding::Utf16Be
    } else {
        Encoding::Utf8
    }
}

/// What ends the lines of a text that begins with `head`.
#[must_use]
pub fn newline_of(head: &[u8]) -> Newline {
    let has_lines =
        memchr(b'\n', head).is_none() && memchr(b'\r', head).is_some_and(|at| at + 1 < head.len());
    if has_lines { Newline::Cr } else { Newline::Lf }
}

/// Whether bytes that are no UTF-16 are no text either: a known signature, or control characters
/// in a share that no log has.
#[must_use]
pub fn is_binary(head: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 10] = [
        b"\x7fELF",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"PK\x03\x04",
        b"%PDF-",
        b"SQLite format 3\0",
        b"LPKSHHRH", // The journal.
        b"!<arch>\n",
        b"\xca\xfe\xba\xbe",
    ];
    if SIGNATURES.iter().any(|signature| head.starts_with(signature)) {
        return true;
    }
    let is_control = |byte: &&u8| matches!(byte, 0..=6 | 14..=26 | 28..=31 | 127);
    head.iter().filter(is_control).count() * 10 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_told_by_the_first_bytes() {
        let check = |head: &[u8], expected| assert_eq!(compression_of(head), expected);
        check(b"\x1f\x8b\x08\0", Compression::Gzip);
        check(b"\x28\xb5\x2f\xfd..", Compression::Zstd);
        check(b"BZh91AY", Compression::Bzip2);
        check(b"\xfd7zXZ\0", Compression::Xz);
        check(b"BZ not", Compression::None);
        check(b"", Compression::None);
    }

    #[test]
    fn utf16_is_told_with_and_without_a_mark() {
        let check = |head: &[u8], expected| assert_eq!(encoding_of(head), expected, "{head:?}");
        check(b"\xff\xfea\0", Encoding::Utf16Le);
        check(b"\xfe\xff\0a", Encoding::Utf16Be);
        check(b"2\x000\x001\x009\0-\0", Encoding::Utf16Le);
        check(b"\x002\x000\x001\x009\0-", Encoding::Utf16Be);
        check(b"2019-05-27 plain", Encoding::Utf8);
        check(b"\0\0\0\0\0\0\0\0\0\0", Encoding::Utf8);
    }

    #[test]
    fn bare_cr_counts_only_where_there_is_no_lf() {
        assert_eq!(newline_of(b"a\rb\rc"), Newline::Cr);
        assert_eq!(newline_of(b"a\rb\nc"), Newline::Lf);
        assert_eq!(newline_of(b"a\r"), Newline::Lf);
        assert_eq!(newline_of(b"a"), Newline::Lf);
    }

    #[test]
    fn binaries_are_known_and_odd_logs_are_not_among_them() {
        assert!(is_binary(b"\x7fELF\x02\x01\x01\0"));
        assert!(is_binary(&[0; 100]));
        assert!(!is_binary(b"Jan  1 00:00:00 host \0\0\0\0 a crash left zeros here, as they do"));
        assert!(!is_binary(b"\x1b[31mred\x1b[0m and \xff\xfe\xe4"));
        assert!(!is_binary(b""));
    }

    #[test]
    fn the_time_in_a_gzip_header_is_read() {
        let head = [0x1f, 0x8b, 8, 0, 0x00, 0x5c, 0x23, 0x69, 0, 3];
        assert_eq!(gzip_time(&head), Some(Millis(0x6923_5c00 * 1000)));
        assert_eq!(gzip_time(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), None);
    }
}
