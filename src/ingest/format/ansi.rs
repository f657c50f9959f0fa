//! Colour sequences (SGR): left out before anything is recognised.

/// Whether a text holds an escape character.
#[must_use]
pub(super) fn is_coloured(text: &[u8]) -> bool {
    memchr::memchr(0x1b, text).is_some()
}

/// Appends `text` without its SGR sequences (`ESC [ numbers m`) and erase-line sequences.
pub(super) fn strip(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let parameters = rest
            .get(2..)
            .unwrap_or_default()
            .iter()
            .take(32)
            .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b';' | b':'))
            .count();
        let ends =
            rest.get(1) == Some(&b'[') && matches!(rest.get(2 + parameters), Some(b'm' | b'K'));
        let skip = if ends { parameters + 3 } else { 0 };
        if skip == 0 {
            out.push(rest[0]);
            rest = &rest[1..];
        } else {
            rest = &rest[skip..];
        }
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        strip(text.as_bytes(), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expected, "{text:?}");
    }

    #[test]
    fn colours_go_other_sequences_stay() {
        check("\x1b[1;31mERROR\x1b[0m x\x1b[m", "ERROR x");
        check("\x1b[38:2:1:2:3mx\x1b[K", "x");
        check("\x1b[2J\x1b]0;title\x07", "\x1b[2J\x1b]0;title\x07");
        check("\x1b", "\x1b");
        check("\x1b[", "\x1b[");
        check("\x1b[12", "\x1b[12");
    }
}
