//! What a value of a document is for a field of some type: how Elasticsearch would index it.
//!
//! In: a scalar and the field's type. Out: the typed value, or `None` where it does not fit (it is
//! then left out of the field). Text that reads as a number fits a number field, as `coerce` has it.

use std::net::IpAddr;

use crate::event::{FieldType, MappedField, Value};
use crate::time::elastic::{Dates, parse_nanos};
use crate::time::{Millis, RoundUp, Zone};

const NANOS_PER_MILLI: i128 = 1_000_000;

/// The values that a type of whole numbers holds.
#[must_use]
pub fn limits(kind: FieldType) -> (i64, i64) {
    match kind {
        FieldType::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
        FieldType::Short => (i64::from(i16::MIN), i64::from(i16::MAX)),
        FieldType::Byte => (i64::from(i8::MIN), i64::from(i8::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The value in a field of whole numbers; fractions are cut off.
#[must_use]
pub fn whole(kind: FieldType, value: Value<'_>) -> Option<i64> {
    let number = match value {
        Value::Int(number) => number,
        Value::Float(number) => cut(number)?,
        Value::Text(text) => whole_of_text(text)?,
        Value::Time(at) => at.0,
        Value::Null | Value::Bool(_) | Value::Tree(_) => return None,
    };
    let (least, most) = limits(kind);
    (least..=most).contains(&number).then_some(number)
}

/// The value in a field of fractional numbers.
#[must_use]
pub fn real(kind: FieldType, value: Value<'_>) -> Option<f64> {
    let number = match value {
        Value::Int(number) => number as f64,
        Value::Float(number) => number,
        Value::Text(text) => decimal(std::str::from_utf8(text).ok()?)?,
        Value::Time(at) => at.0 as f64,
        Value::Null | Value::Bool(_) | Value::Tree(_) => return None,
    };
    let number = as_kept(kind, number);
    number.is_finite().then_some(number)
}

/// A fractional number at the precision of its field.
#[must_use]
pub fn as_kept(kind: FieldType, number: f64) -> f64 {
    if kind == FieldType::Float { f64::from(number as f32) } else { number }
}

/// The instant in a date field, in nanoseconds; milliseconds are exact for `date`.
#[must_use]
pub fn nanos(field: &MappedField, value: Value<'_>) -> Option<i128> {
    match value {
        Value::Time(at) => Some(i128::from(at.0) * NANOS_PER_MILLI),
        Value::Int(number) if field.format.as_deref() == Some("epoch_second") => {
            Some(i128::from(number) * 1000 * NANOS_PER_MILLI)
        }
        Value::Int(number) => date_text(&number.to_string()),
        Value::Float(number) => date_text(&number_text(number)),
        Value::Text(text) => date_text(std::str::from_utf8(text).ok()?),
        Value::Null | Value::Bool(_) | Value::Tree(_) => None,
    }
}

/// The instant in a `date` field, in milliseconds.
#[must_use]
pub fn millis(field: &MappedField, value: Value<'_>) -> Option<i64> {
    if let Value::Time(at) = value {
        return Some(at.0);
    }
    i64::try_from(nanos(field, value)?.div_euclid(NANOS_PER_MILLI)).ok()
}

/// The date of a document's text; a document has no date math.
fn date_text(text: &str) -> Option<i128> {
    if text.starts_with("now") || text.contains("||") {
        return None;
    }
    parse_nanos(text, &Dates { now: Millis(0), zone: Zone::UTC, round_up: RoundUp::No })
}

/// The value in an address field: IPv6, with IPv4 mapped into it.
#[must_use]
pub fn address(value: Value<'_>) -> Option<u128> {
    let Value::Text(text) = value else { return None };
    if let Some(address) = plain_v4(text) {
        return Some(0xFFFF_0000_0000 | u128::from(address));
    }
    address_of(std::str::from_utf8(text).ok()?)
}

/// An address text as a number.
#[must_use]
pub fn address_of(text: &str) -> Option<u128> {
    Some(match text.parse().ok()? {
        IpAddr::V4(v4) => u128::from(v4.to_ipv6_mapped()),
        IpAddr::V6(v6) => u128::from(v6),
    })
}

/// The value in a boolean field.
#[must_use]
pub fn truth(value: Value<'_>) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(truth),
        Value::Text(b"true") => Some(true),
        Value::Text(b"false" | b"") => Some(false),
        _ => None,
    }
}

/// Calls `read` with the value as text; objects have none.
pub fn with_text<T>(value: Value<'_>, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
    match value {
        Value::Text(text) => Some(read(text)),
        Value::Bool(truth) => Some(read(if truth { b"true" } else { b"false" })),
        Value::Int(number) => Some(read(number.to_string().as_bytes())),
        Value::Float(number) => Some(read(number_text(number).as_bytes())),
        Value::Time(at) => Some(read(at.to_string().as_bytes())),
        Value::Null | Value::Tree(_) => None,
    }
}

/// Whether a text is short enough for a keyword field; lengths are in UTF-16 units.
#[must_use]
pub fn is_short_enough(ignore_above: Option<usize>, text: &[u8]) -> bool {
    ignore_above.is_none_or(|most| {
        text.len() <= most || String::from_utf8_lossy(text).encode_utf16().count() <= most
    })
}

/// Whether the value has a place in the field at all.
#[must_use]
pub fn fits(field: &MappedField, value: Value<'_>) -> bool {
    match field.kind {
        FieldType::Keyword => {
            with_text(value, |text| is_short_enough(field.ignore_above, text)).unwrap_or(false)
        }
        FieldType::Text => !matches!(value, Value::Null | Value::Tree(_)),
        FieldType::Long | FieldType::Integer | FieldType::Short | FieldType::Byte => {
            whole(field.kind, value).is_some()
        }
        FieldType::Double | FieldType::Float => real(field.kind, value).is_some(),
        FieldType::Date | FieldType::DateNanos => nanos(field, value).is_some(),
        FieldType::Boolean => truth(value).is_some(),
        FieldType::Ip => address(value).is_some(),
        FieldType::GeoPoint | FieldType::Other => value != Value::Null,
        FieldType::Nested | FieldType::Object => false,
    }
}

/// A number as JSON writes it.
fn number_text(number: f64) -> String {
    serde_json::Number::from_f64(number).map_or_else(String::new, |number| number.to_string())
}

/// A number without its fraction.
fn cut(number: f64) -> Option<i64> {
    let whole = number.trunc();
    // 2^63 is the first number above the range that a float can hold.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole);
    fits.then_some(whole as i64)
}

fn whole_of_text(text: &[u8]) -> Option<i64> {
    if let Some(number) = short_digits(text) {
        return Some(number);
    }
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number = decimal(text)?;
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            whole.parse().ok().or_else(|| cut(number))
        }
        _ => cut(number),
    }
}

/// The common case, without checking for anything else: up to eighteen digits.
fn short_digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let add =
        |sum: i64, byte: &u8| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0'));
    text.iter().try_fold(0, add)
}

/// The common case of an address: four numbers without leading zeros.
fn plain_v4(text: &[u8]) -> Option<u32> {
    let mut address = 0_u32;
    let mut octets = 0;
    for part in text.split(|byte| *byte == b'.') {
        let is_plain = (1..=3).contains(&part.len()) && (part.len() == 1 || part[0] != b'0');
        let octet = is_plain.then(|| short_digits(part))??;
        address = address << 8 | u32::from(u8::try_from(octet).ok()?);
        octets += 1;
        if octets > 4 {
            return None;
        }
    }
    (octets == 4).then_some(address)
}

/// A decimal number; not the other spellings that Rust knows (`inf`, `nan`).
#[must_use]
pub fn decimal(text: &str) -> Option<f64> {
    let is_plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    text.bytes().all(is_plain).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_common_cases_are_read_as_all_others(text in "[0-9]{0,20}|[0-9+.e-]{0,8}|[0-9]{1,3}(\\.[0-9]{1,3}){2,4}") {
            let parsed = text.parse::<i64>().ok().filter(|_| text.bytes().all(|it| it.is_ascii_digit()));
            if let Some(number) = short_digits(text.as_bytes()) {
                prop_assert_eq!(Some(number), parsed);
            }
            prop_assert_eq!(address(Value::Text(text.as_bytes())), address_of(&text));
        }
    }

    #[test]
    fn numbers_of_documents_are_cut_to_whole_ones() {
        let cases = [
            ("42", Some(42)),
            ("-7", Some(-7)),
            ("3.9", Some(3)),
            ("-3.9", Some(-3)),
            ("1e3", Some(1000)),
            ("9007199254740993.5", Some(9_007_199_254_740_993)),
            ("9223372036854775808", None),
            ("", None),
            ("inf", None),
            ("4x", None),
        ];
        for (text, expect) in cases {
            assert_eq!(whole(FieldType::Long, Value::Text(text.as_bytes())), expect, "{text}");
        }
    }
}
