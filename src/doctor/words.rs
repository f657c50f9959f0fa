//! Numbers and lists as people read them.

use crate::time::{Millis, Zone, format};

/// An instant to the second: `Nov 24, 2025 @ 09:15:04`.
pub(super) fn seconds(at: Millis, zone: Zone) -> String {
    let text = format::stamp(at, zone);
    text.rsplit_once('.').map_or(text.clone(), |(seconds, _)| seconds.to_owned())
}

/// How long ago, to the second: `3 h 12 m ago`, `just now`.
pub(super) fn ago(millis: i64) -> String {
    match millis {
        ..1000 => "just now".to_owned(),
        millis => format!("{} ago", length(millis)),
    }
}

/// A length of time to the second.
pub(super) fn length(millis: i64) -> String {
    format::length(if millis >= 1000 { millis / 1000 * 1000 } else { millis })
}

/// `1 record`, `3 records`, `12,345 records`.
pub(super) fn count(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {one}{ending}", grouped(number))
}

/// `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A size in powers of 1,024, as the engines write it: `1.5 GB`.
pub(super) fn size(bytes: u64) -> String {
    let units = ["B", "KB", "MB", "GB", "TB", "PB"];
    let mut size = bytes as f64;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < units.len() {
        size /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{size:.1} {}", units[unit]) }
}

/// A share in per cent with as many decimals as it needs: `12 %`, `0.3 %`, `less than 0.1 %`.
pub(super) fn share(part: u64, of: u64) -> String {
    let percent = 100.0 * part as f64 / of.max(1) as f64;
    match percent {
        0.0 => "0 %".to_owned(),
        small if small < 0.1 => "less than 0.1 %".to_owned(),
        small if small < 10.0 => format!("{small:.1} %"),
        large => format!("{large:.0} %"),
    }
}

/// The first few of a list, and how many more there are.
pub(super) fn first_few<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, first_few, share, size};

    #[test]
    fn numbers_are_short_and_plural() {
        assert_eq!(count(1, "record"), "1 record");
        assert_eq!(count(1_234_567, "record"), "1,234,567 records");
        assert_eq!(size(1536), "1.5 KB");
        assert_eq!(
            [share(0, 0), share(1, 1000), share(1, 2), share(1, 100_000)],
            ["0 %", "0.1 %", "50 %", "less than 0.1 %"]
        );
        assert_eq!(first_few(["a", "b", "c"], 2), "a, b and 1 more");
    }
}
