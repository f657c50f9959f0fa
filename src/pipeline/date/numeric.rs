//! Stamps that count: seconds and milliseconds since 1970, TAI64N labels.

use super::stamp::Stamp;

fn at(instant: i64) -> Option<Stamp> {
    Some(Stamp { instant: Some(instant), ..Stamp::default() })
}

fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `1700000000` or `1700000000.123`.
pub(super) fn seconds(text: &[u8]) -> Option<Stamp> {
    let text = std::str::from_utf8(text).ok()?;
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    if !is_whole(whole) {
        return None;
    }
    let mut millis = 0;
    if let Some(fraction) = fraction {
        if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let padded = format!("{fraction:0<3}");
        millis = padded[..3].parse::<i64>().ok()?;
    }
    let whole: i64 = whole.parse().ok()?;
    if whole > i64::from(i32::MAX) {
        return None;
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    at(whole.checked_mul(1000)? + sign * millis)
}

/// `1700000000123`
pub(super) fn millis(text: &[u8]) -> Option<Stamp> {
    let text = std::str::from_utf8(text).ok()?;
    is_whole(text).then(|| text.parse().ok()).flatten().and_then(at)
}

/// `@4000000052f88ea32489532c`
pub(super) fn tai64n(text: &[u8]) -> Option<Stamp> {
    let text = std::str::from_utf8(text).ok()?;
    let label = text.strip_prefix('@').unwrap_or(text);
    if label.len() != 24 || !label.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let seconds = i64::try_from(u64::from_str_radix(&label[..16], 16).ok()? & !(1 << 62)).ok()?;
    let nanos = i64::from_str_radix(&label[16..], 16).ok()?;
    at((seconds - 10).checked_mul(1000)? + nanos / 1_000_000)
}
