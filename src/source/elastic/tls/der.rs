//! Reads DER, the encoding of certificates, one element at a time.
//!
//! Knows no meaning; refuses what is cut short.

/// An element: its tag and what is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// The tag with its class.
    pub(super) tag: u8,
    /// The contents.
    pub(super) inside: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element of some bytes, and what follows it.
    pub(super) fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (tag, rest) = bytes.split_first()?;
        let (short, rest) = rest.split_first()?;
        let (length, rest) = if *short < 0x80 {
            (usize::from(*short), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(short & 0x7f))?;
            if digits.is_empty() || digits.len() > 4 {
                return None;
            }
            (digits.iter().fold(0usize, |all, digit| all << 8 | usize::from(*digit)), rest)
        };
        let (inside, after) = rest.split_at_checked(length)?;
        Some((Self { tag: *tag, inside }, after))
    }

    /// The elements inside.
    pub(super) fn elements(self) -> Elements<'a> {
        Elements(self.inside)
    }
}

/// Elements in a row; ends where one cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Elements<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = Element::first(self.0)?;
        self.0 = rest;
        Some(element)
    }
}
