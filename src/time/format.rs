//! Instants as people read them.
//!
//! In: an instant and a zone. Out: text. Never the machine's locale.

use std::fmt::Write as _;

use super::range::Millis;
use super::zone::{Zone, write_offset};

/// As Kibana shows a time: `Nov 24, 2025 @ 09:15:04.123`.
#[must_use]
pub fn stamp(at: Millis, zone: Zone) -> String {
    zone.to_local(at).format("%b %-d, %Y @ %H:%M:%S%.3f").to_string()
}

/// ISO 8601 with milliseconds and offset: `2025-11-24T09:15:04.123+01:00` (`Z` in UTC).
#[must_use]
pub fn iso(at: Millis, zone: Zone) -> String {
    if zone == Zone::UTC {
        return at.to_string();
    }
    let mut text = zone.to_local(at).format("%Y-%m-%dT%H:%M:%S%.3f").to_string();
    // Writing to a string cannot fail.
    let _ = write_offset(&mut text, zone.offset_seconds(at));
    text
}

/// A length of time in its two largest units: `1 d 4 h`, `15 m`, `30 s`, `120 ms`.
#[must_use]
pub fn length(millis: i64) -> String {
    const UNITS: [(i64, &str); 5] =
        [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s"), (1, "ms")];
    let mut rest = millis.max(0);
    let mut text = String::new();
    let mut shown = 0;
    for (width, name) in UNITS {
        let count = rest / width;
        rest %= width;
        if count > 0 && shown < 2 {
            let space = if shown > 0 { " " } else { "" };
            let _ = write!(text, "{space}{count} {name}");
        }
        shown += i32::from(count > 0 || shown > 0);
    }
    if text.is_empty() { "0 ms".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_their_zone() {
        let (at, warsaw) = (Millis(1_763_972_104_123), Zone::parse("Europe/Warsaw").unwrap());
        assert_eq!(stamp(at, warsaw), "Nov 24, 2025 @ 09:15:04.123");
        assert_eq!(iso(at, warsaw), "2025-11-24T09:15:04.123+01:00");
        assert_eq!(iso(at, Zone::UTC), "2025-11-24T08:15:04.123Z");
    }

    #[test]
    fn lengths_have_two_units_at_most() {
        let shown = [0, 120, 90_000, 3_600_000, 86_400_000 + 4 * 3_600_000 + 5000].map(length);
        assert_eq!(shown, ["0 ms", "120 ms", "1 m 30 s", "1 h", "1 d 4 h"]);
    }
}
