//! Takes secrets out of texts that may be shown, in every form in which they travel: plain,
//! percent-encoded, escaped in JSON, and inside base64.
//!
//! A secret of fewer than four characters is not searched for: masking it would tell more than it
//! hides, as it would blacken every place of the text that holds these letters.

use super::secret::Secret;

/// What stands in a secret's place.
pub const DOTS: &str = "•••";
/// Shorter secrets are not searched for.
const SHORTEST: usize = 4;
/// Shorter pieces of base64 are not searched for: they stand in any text.
const SHORTEST_CODED: usize = 6;

/// The secrets of a connection.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Masks {
    plain: Vec<Vec<u8>>,
    coded: Vec<Vec<u8>>,
}

impl std::fmt::Debug for Masks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Masks")
    }
}

impl Masks {
    /// Adds a secret.
    pub fn add(&mut self, secret: &Secret) {
        let secret = secret.reveal().as_bytes();
        if secret.len() < SHORTEST {
            return;
        }
        // In a longer text the secret may begin at each of three places of base64's groups.
        for before in 0..3 {
            let text = [&[0; 2][..before], secret].concat();
            let coded = base64(&text);
            let coded = coded.trim_end_matches('=');
            // Characters that hold bits of the neighbours are left out.
            let first = (before * 8).div_ceil(6);
            let last = text.len() * 8 / 6;
            if let Some(core) = coded.get(first..last.min(coded.len()))
                && core.len() >= SHORTEST_CODED
            {
                self.coded.push(core.as_bytes().to_vec());
            }
        }
        self.plain.push(secret.to_vec());
    }

    /// The text without the secrets.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let bytes = text.as_bytes();
        let (mut masked, mut at, mut kept) = (String::new(), 0, 0);
        while at < bytes.len() {
            match self.length_at(bytes, at).filter(|length| text.is_char_boundary(at + length)) {
                Some(length) => {
                    masked.push_str(text.get(kept..at).unwrap_or_default());
                    masked.push_str(DOTS);
                    at += length;
                    kept = at;
                }
                None => at += 1,
            }
        }
        masked.push_str(text.get(kept..).unwrap_or_default());
        masked
    }

    /// How long the secret is that begins there, in the form in which it stands.
    fn length_at(&self, text: &[u8], at: usize) -> Option<usize> {
        let rest = text.get(at..)?;
        let plain = self.plain.iter().filter_map(|secret| plain_length(secret, rest));
        let coded = self.coded.iter().filter_map(|core| coded_length(core, rest));
        plain.chain(coded).max()
    }
}

/// The length of the secret at the start of a text, each byte in any of its spellings. A text may
/// be read in several ways (`\\` is one backslash or two), so all of them are followed.
fn plain_length(secret: &[u8], text: &[u8]) -> Option<usize> {
    let mut ends = vec![0];
    for byte in secret {
        let mut next = Vec::new();
        for end in ends {
            let lengths = spelled(*byte, text.get(end..).unwrap_or_default());
            next.extend(lengths.into_iter().flatten().map(|length| end + length));
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
    }
    ends.last().copied()
}

/// The lengths that one byte may have: as itself (or `+` for a space), `%41`, `\"`, `\u0041`.
fn spelled(byte: u8, text: &[u8]) -> [Option<usize>; 4] {
    let is_code = |digits: Option<&[u8]>| {
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) == Some(u32::from(byte))
    };
    let Some(first) = text.first() else { return [None; 4] };
    let second = text.get(1);
    let escaped = match second {
        Some(b'n') => Some(b'\n'),
        Some(b't') => Some(b'\t'),
        Some(b'r') => Some(b'\r'),
        other => other.copied(),
    };
    let begins = |with: u8, follows: bool| *first == with && follows;
    [
        (*first == byte || (*first, byte) == (b'+', b' ')).then_some(1),
        begins(b'%', is_code(text.get(1..3))).then_some(3),
        begins(b'\\', escaped == Some(byte)).then_some(2),
        begins(b'\\', second == Some(&b'u') && byte < 0x80 && is_code(text.get(2..6))).then_some(6),
    ]
}

/// The length of a piece of base64 at the start of a text, in either alphabet, and what of the
/// coded text goes on after it.
fn coded_length(core: &[u8], text: &[u8]) -> Option<usize> {
    let same = |a: u8, b: u8| a == b || matches!((a, b), (b'+', b'-') | (b'/', b'_'));
    let begins = text.len() >= core.len() && core.iter().zip(text).all(|(a, b)| same(*a, *b));
    if !begins {
        return None;
    }
    let after = &text[core.len()..];
    let is_coded = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    Some(core.len() + after.iter().take_while(is_coded).count())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648, section 4).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let index = (group >> (18 - 6 * at)) & 63;
            text.push(if at <= chunk.len() { ALPHABET[index as usize] as char } else { '=' });
        }
    }
    text
}

/// What base64 of either alphabet means; `None` where it is none.
pub(super) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut group, mut bits) = (0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let plain = match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let value = ALPHABET.iter().position(|letter| *letter == plain)?;
        group = (group << 6 | value as u32) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((group >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Masks, Secret, base64, from_base64};

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
            assert_eq!(from_base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!(from_base64("no base64"), None);
    }

    fn percent(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02x}")).collect()
    }

    proptest! {
        #[test]
        fn no_form_of_a_secret_survives(
            secret in "[ -~äßλ]{5,30}", before in "[a-z :]{0,7}", after in "[a-z :]{0,7}"
        ) {
            let mut masks = Masks::default();
            masks.add(&Secret::new(secret.clone()));
            let whole = format!("{before}{secret}{after}");
            let json = serde_json::to_string(&secret).unwrap();
            let coded = base64(whole.as_bytes());
            let url_coded = coded.replace('+', "-").replace('/', "_");
            let text = format!(
                "a {secret} b {} c {json} d {coded} e {url_coded} f {} g {}",
                percent(&secret), secret.replace(' ', "+"), base64(secret.as_bytes())
            );
            let masked = masks.mask(&text);
            prop_assert!(!masked.contains(&secret), "{masked}");
            prop_assert!(!masked.contains(&percent(&secret)), "{masked}");
            prop_assert!(!masked.contains(&json[1..json.len() - 1]), "{masked}");
            prop_assert!(!masked.contains(&base64(secret.as_bytes())), "{masked}");
            prop_assert!(!masked.contains(&coded) && !masked.contains(&url_coded), "{masked}");
        }

        #[test]
        fn what_holds_no_secret_stays(text in "[a-zé ]{0,40}") {
            let mut masks = Masks::default();
            masks.add(&Secret::new("S3CRET+1"));
            masks.add(&Secret::new("x"));
            prop_assert_eq!(masks.mask(&text), text);
        }
    }
}
