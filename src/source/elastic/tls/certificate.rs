//! What a certificate says about itself: subject, issuer, names, when it is valid, its SHA-256.
//!
//! In: DER. Out: [`Certificate`]. Checks nothing; what cannot be read is left empty.

use std::net::IpAddr;

use chrono::{NaiveDate, NaiveDateTime};
use sha2::Digest as _;

use super::der::{Element, Elements};
use crate::time::Millis;

/// SHA-256 of a certificate.
pub type Fingerprint = [u8; 32];

/// What is written in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Whose it is, as `CN=node, O=Example`.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Names and addresses it is for.
    pub names: Vec<String>,
    /// First instant.
    pub from: Option<Millis>,
    /// Last instant.
    pub until: Option<Millis>,
    /// SHA-256 of its bytes.
    pub fingerprint: Fingerprint,
}

impl Certificate {
    /// Reads a certificate.
    #[must_use]
    pub fn read(der: &[u8]) -> Self {
        let fingerprint = sha2::Sha256::digest(der).into();
        let empty = Self { fingerprint, ..Self::default() };
        facts(der, empty.clone()).unwrap_or(empty)
    }

    /// Whether it vouches for itself: an authority's, or made by hand.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

/// A fingerprint as Elasticsearch prints it.
#[must_use]
pub fn fingerprint_text(fingerprint: Fingerprint) -> String {
    let digits = fingerprint.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

fn facts(der: &[u8], mut found: Certificate) -> Option<Certificate> {
    let (whole, _) = Element::first(der)?;
    let mut parts = whole.elements().next()?.elements().peekable();
    // The version is optional.
    parts.next_if(|part| part.tag == 0xa0);
    let mut parts = parts.skip(2);
    found.issuer = name(parts.next()?);
    let mut validity = parts.next()?.elements();
    found.from = validity.next().and_then(instant);
    found.until = validity.next().and_then(instant);
    found.subject = name(parts.next()?);
    let extensions = parts.find(|part| part.tag == 0xa3);
    let listed = extensions.and_then(|part| part.elements().next());
    let alternative = listed.into_iter().flat_map(Element::elements).find(|extension| {
        // 2.5.29.17: subject alternative name.
        extension.elements().next().is_some_and(|oid| oid.inside == [0x55, 0x1d, 0x11])
    });
    let value = alternative.and_then(|extension| extension.elements().last());
    let names = value.and_then(|value| Elements(value.inside).next());
    found.names = names.into_iter().flat_map(Element::elements).filter_map(place).collect();
    Some(found)
}

/// A DNS name or an address of the alternative names.
fn place(element: Element<'_>) -> Option<String> {
    match element.tag {
        0x82 => Some(String::from_utf8_lossy(element.inside).into_owned()),
        0x87 => {
            let four = <[u8; 4]>::try_from(element.inside).map(IpAddr::from);
            let address =
                four.or_else(|_six| <[u8; 16]>::try_from(element.inside).map(IpAddr::from));
            address.ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// A distinguished name as people write it.
fn name(element: Element<'_>) -> String {
    let mut parts = Vec::new();
    for pair in element.elements().flat_map(Element::elements) {
        let mut halves = pair.elements();
        let (Some(oid), Some(value)) = (halves.next(), halves.next()) else { continue };
        let key = match oid.inside {
            [0x55, 4, 3] => "CN",
            [0x55, 4, 6] => "C",
            [0x55, 4, 7] => "L",
            [0x55, 4, 8] => "ST",
            [0x55, 4, 10] => "O",
            [0x55, 4, 11] => "OU",
            [0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25] => "DC",
            _ => continue,
        };
        // 0x1e is UTF-16; all others are read as UTF-8.
        let text = if value.tag == 0x1e {
            let pairs = value.inside.chunks_exact(2);
            let units: Vec<u16> =
                pairs.map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1])).collect();
            String::from_utf16_lossy(&units)
        } else {
            String::from_utf8_lossy(value.inside).into_owned()
        };
        parts.push(format!("{key}={text}"));
    }
    parts.join(", ")
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
fn instant(element: Element<'_>) -> Option<Millis> {
    let text = std::str::from_utf8(element.inside).ok()?;
    let (year, rest) = match element.tag {
        0x17 => {
            let short: i32 = text.get(..2)?.parse().ok()?;
            (short + if short < 50 { 2000 } else { 1900 }, text.get(2..)?)
        }
        0x18 => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2).and_then(|digits| digits.parse::<u32>().ok());
    let day = NaiveDate::from_ymd_opt(year, part(0)?, part(2)?)?;
    let time: NaiveDateTime = day.and_hms_opt(part(4)?, part(6)?, part(8)?)?;
    Some(Millis(time.and_utc().timestamp_millis()))
}
