//! Time zones: parsing their names, finding the machine's, and going between instants and clocks.
//!
//! In: names (`Europe/Warsaw`, `+02:00`), instants, local date-times. Out: [`Zone`]s, offsets,
//! local date-times, instants. Local times that a clock change skips or repeats are decided as
//! Elasticsearch (and Java) decides them.

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone};

use super::range::Millis;

/// A time zone for display, buckets, rounding and stamps without zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// A named zone with its rules.
    Named(chrono_tz::Tz),
    /// A fixed offset from UTC, in seconds east.
    Fixed(i32),
}

/// Offsets beyond a day are no offsets.
const OFFSETS: RangeInclusive<i32> = -86_399..=86_399;

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self::Named(chrono_tz::UTC);

    /// Reads a zone: an IANA name, `UTC`, `Z`, an offset (`+02:00`, `-0530`, `+2`), or `local`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("local") || text == "Browser" {
            return Some(Self::local());
        }
        if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
            return Some(Self::UTC);
        }
        if text.starts_with(['+', '-']) {
            return parse_offset(text).map(Self::Fixed);
        }
        let named = |zone: &&chrono_tz::Tz| zone.name().eq_ignore_ascii_case(text);
        chrono_tz::TZ_VARIANTS.iter().find(named).map(|zone| Self::Named(*zone))
    }

    /// The machine's zone: `$TZ`, else the system's setting, else its offset now, else UTC.
    #[must_use]
    pub fn local() -> Self {
        let named = std::env::var("TZ").ok().filter(|name| !name.is_empty());
        if let Some(zone) = named.and_then(|name| Self::of_environment(&name)) {
            return zone;
        }
        if let Some(zone) =
            iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).map(Self::Named)
        {
            return zone;
        }
        match chrono::Local::now().offset().local_minus_utc() {
            0 => Self::UTC,
            seconds => Self::Fixed(seconds),
        }
    }

    /// Reads `$TZ` as it is written in the wild: a name, `:name`, or a path below zoneinfo.
    fn of_environment(name: &str) -> Option<Self> {
        let name = name.strip_prefix(':').unwrap_or(name);
        let name = name.rsplit_once("zoneinfo/").map_or(name, |(_, name)| name);
        let name = if name == "UTC0" || name == "GMT0" { "UTC" } else { name };
        name.parse().ok().map(Self::Named)
    }

    /// Seconds east of UTC at an instant.
    #[must_use]
    pub fn offset_seconds(self, at: Millis) -> i32 {
        match self {
            Self::Named(chrono_tz::UTC) => 0,
            Self::Named(zone) => {
                zone.offset_from_utc_datetime(&utc_naive(at)).fix().local_minus_utc()
            }
            Self::Fixed(seconds) => seconds,
        }
    }

    /// What a clock in the zone shows at an instant (clamped to the years that chrono knows).
    #[must_use]
    pub fn to_local(self, at: Millis) -> NaiveDateTime {
        let offset = TimeDelta::seconds(i64::from(self.offset_seconds(at)));
        utc_naive(at).checked_add_signed(offset).unwrap_or(NaiveDateTime::MAX)
    }

    /// The instant at which a clock in the zone shows `local`. Of a time that is repeated, the
    /// earlier; a time that is skipped is moved on by the length of the gap.
    #[must_use]
    pub fn from_local(self, local: NaiveDateTime) -> Millis {
        match self.instants(local) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
            LocalResult::None => {
                // The offset a day before stands for the one before the gap.
                let day_before = Millis(naive_millis(local).saturating_sub(86_400_000));
                Millis(naive_millis(local) - i64::from(self.offset_seconds(day_before)) * 1000)
            }
        }
    }

    /// The instants at which a clock in the zone shows `local`: one, none or two.
    #[must_use]
    pub fn instants(self, local: NaiveDateTime) -> LocalResult<Millis> {
        let millis = naive_millis(local);
        let at = |offset: FixedOffset| Millis(millis - i64::from(offset.local_minus_utc()) * 1000);
        match self {
            Self::Named(zone) => {
                zone.offset_from_local_datetime(&local).map(|offset| at(offset.fix()))
            }
            Self::Fixed(seconds) => LocalResult::Single(Millis(millis - i64::from(seconds) * 1000)),
        }
    }

    /// The last instant in `(after, at]` from which another offset holds, if there is one.
    #[must_use]
    pub fn last_change(self, after: Millis, at: Millis) -> Option<Millis> {
        let now = self.offset_seconds(at);
        let (mut low, mut high) = (after.0, at.0);
        if low >= high || self.offset_seconds(after) == now {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.offset_seconds(Millis(middle)) == now {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(Millis(high))
    }
}

/// The fields of an instant in UTC; instants that chrono cannot hold are clamped.
fn utc_naive(at: Millis) -> NaiveDateTime {
    let clamped = if at.0 < 0 { NaiveDateTime::MIN } else { NaiveDateTime::MAX };
    DateTime::from_timestamp_millis(at.0).map_or(clamped, |time| time.naive_utc())
}

/// Milliseconds of a date-time as if it were UTC.
pub(super) fn naive_millis(local: NaiveDateTime) -> i64 {
    local.and_utc().timestamp_millis()
}

/// Seconds east of `+HH`, `+HHMM`, `+HH:MM`, `+H`.
fn parse_offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let number = |text: &str, longest: usize| {
        let is_plain = (1..=longest).contains(&text.len());
        (is_plain && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let (hours, minutes): (i32, i32) = (number(hours, 2)?, number(minutes, 2)?);
    let seconds = sign * (hours * 3600 + minutes * 60);
    (minutes < 60 && OFFSETS.contains(&seconds)).then_some(seconds)
}

impl fmt::Display for Zone {
    /// The IANA name, or the offset as `+02:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(zone) => f.write_str(zone.name()),
            Self::Fixed(seconds) => write_offset(f, *seconds),
        }
    }
}

/// Writes seconds east as `+02:00`.
pub(super) fn write_offset(f: &mut impl fmt::Write, seconds: i32) -> fmt::Result {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn local(month: u32, day: u32, hour: u32, minute: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2025, month, day).unwrap().and_hms_opt(hour, minute, 0).unwrap()
    }

    #[test]
    fn zones_are_read_as_people_write_them() {
        for (text, shown) in [
            ("Europe/Warsaw", Some("Europe/Warsaw")),
            ("europe/warsaw", Some("Europe/Warsaw")),
            ("UTC", Some("UTC")),
            ("Z", Some("UTC")),
            ("+02:00", Some("+02:00")),
            ("-0530", Some("-05:30")),
            ("+2", Some("+02:00")),
            ("+02:60", None),
            ("+25:00", None),
            ("+é", None),
            ("Nowhere/Town", None),
            ("", None),
        ] {
            let read = Zone::parse(text).map(|zone| zone.to_string());
            assert_eq!(read.as_deref(), shown, "{text:?}");
        }
    }

    #[test]
    fn skipped_and_repeated_local_times_are_decided_as_java_does() {
        let warsaw = Zone::parse("Europe/Warsaw").unwrap();
        let utc = |local| warsaw.from_local(local).to_string();
        assert_eq!(utc(local(3, 30, 1, 59)), "2025-03-30T00:59:00.000Z");
        assert_eq!(utc(local(3, 30, 2, 30)), "2025-03-30T01:30:00.000Z");
        assert_eq!(utc(local(10, 26, 2, 30)), "2025-10-26T00:30:00.000Z");
    }

    #[test]
    fn a_change_of_offset_is_found_to_the_millisecond() {
        let warsaw = Zone::parse("Europe/Warsaw").unwrap();
        let (from, to) =
            (warsaw.from_local(local(3, 30, 0, 0)), warsaw.from_local(local(3, 30, 12, 0)));
        let change = warsaw.last_change(from, to).map(|at| at.to_string());
        assert_eq!(change.as_deref(), Some("2025-03-30T01:00:00.000Z"));
        assert_eq!(warsaw.last_change(to, Millis(to.0 + 1000)), None);
    }

    #[test]
    fn no_instant_is_too_far_away() {
        let warsaw = Zone::parse("Europe/Warsaw").unwrap();
        for at in [i64::MIN, -62_135_596_800_001, 0, i64::MAX] {
            let shown = warsaw.to_local(Millis(at));
            assert!(warsaw.from_local(shown).0 != 1);
        }
    }
}
