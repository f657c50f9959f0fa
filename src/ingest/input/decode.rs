//! UTF-16 as UTF-8, on the way.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

use crate::ingest::member::Encoding;

/// The UTF-8 form of `inner`. Halves of pairs and odd bytes become replacement characters; a byte
/// order mark is left out.
pub(super) fn decode(inner: Box<dyn Read + Send>, encoding: Encoding) -> Box<dyn Read + Send> {
    let encoding = match encoding {
        Encoding::Utf8 => return inner,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    };
    Box::new(Decoded {
        inner,
        decoder: encoding.new_decoder_with_bom_removal(),
        raw: vec![0; 32 << 10],
        text: Vec::new(),
        at: 0,
        is_ended: false,
    })
}

struct Decoded {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    is_ended: bool,
}

impl Decoded {
    fn refill(&mut self) -> io::Result<()> {
        let count = self.inner.read(&mut self.raw)?;
        self.is_ended = count == 0;
        let most = self.decoder.max_utf8_buffer_length(count).unwrap_or(count * 3 + 16);
        self.text.resize(most, 0);
        self.at = 0;
        let raw = &self.raw[..count];
        let (result, _, written, _) =
            self.decoder.decode_to_utf8(raw, &mut self.text, self.is_ended);
        debug_assert_eq!(result, CoderResult::InputEmpty);
        self.text.truncate(written);
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.is_ended {
            self.refill()?;
        }
        let rest = &self.text[self.at..];
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], encoding: Encoding, expected: &str) {
        let mut text = Vec::new();
        decode(Box::new(io::Cursor::new(bytes.to_vec())), encoding).read_to_end(&mut text).unwrap();
        assert_eq!(String::from_utf8_lossy(&text), expected);
    }

    #[test]
    fn both_orders_are_decoded_with_and_without_mark() {
        check(b"\xff\xfea\0\n\0", Encoding::Utf16Le, "a\n");
        check(b"a\0\n\0", Encoding::Utf16Le, "a\n");
        check(b"\xfe\xff\0a\0\n", Encoding::Utf16Be, "a\n");
        check(b"\x34\xd8\x1e\xdd", Encoding::Utf16Le, "\u{1d11e}");
    }

    #[test]
    fn broken_text_goes_on() {
        check(b"a\0\x34\xd8b\0", Encoding::Utf16Le, "a\u{fffd}b");
        check(b"a\0b", Encoding::Utf16Le, "a\u{fffd}");
    }

    #[test]
    fn utf8_passes_as_it_is() {
        check(b"a\xc3\xa4", Encoding::Utf8, "a\u{e4}");
    }
}
