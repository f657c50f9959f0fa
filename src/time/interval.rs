//! The widths of histogram buckets, and where buckets begin.
//!
//! In: an interval, a zone, an instant. Out: the start of its bucket, and of the next, exactly as
//! Elasticsearch rounds them: fixed widths are counted from the epoch on the zone's clock, calendar
//! units begin at the zone's midnight, and clock changes are respected by both.

use std::fmt;

use chrono::{Datelike, Days, LocalResult, Months, NaiveDateTime, NaiveTime};

use super::range::{Millis, TimeRange};
use super::zone::{Zone, naive_millis};

/// The width of histogram buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interval {
    /// Fitted: at most this many buckets over the range (or over the data, where it is open).
    Auto { buckets: u16 },
    /// A fixed number of milliseconds, aligned to the epoch in the zone as Elasticsearch does.
    Fixed { millis: i64 },
    /// A calendar unit in the search's zone.
    Day,
    /// Weeks from Monday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Widths that a fitted histogram may have, below a day.
const ROUND: [i64; 26] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

impl Interval {
    /// Reads `500ms`, `30s`, `5m`, `3h` (fixed) and `1d`, `1w`, `1M`, `1y` (calendar); several days
    /// or weeks are fixed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: i64 = if number.is_empty() { 1 } else { number.parse().ok()? };
        let fixed = |unit: i64| {
            let millis = number.checked_mul(unit).filter(|millis| *millis > 0)?;
            Some(Self::Fixed { millis })
        };
        match (number, unit) {
            (1, "d") => Some(Self::Day),
            (1, "w") => Some(Self::Week),
            (1, "M") => Some(Self::Month),
            (1, "y") => Some(Self::Year),
            (_, "ms") => fixed(1),
            (_, "s") => fixed(SECOND),
            (_, "m") => fixed(MINUTE),
            (_, "h") => fixed(HOUR),
            (_, "d") => fixed(DAY),
            (_, "w") => fixed(7 * DAY),
            _ => None,
        }
    }

    /// The narrowest round interval that covers the range in at most `buckets` buckets.
    #[must_use]
    pub fn fit(from: Millis, to: Millis, buckets: u16) -> Self {
        let span = to.0.saturating_sub(from.0).max(0);
        let limit = i64::from(buckets.max(3));
        // A span that begins and ends inside buckets touches one more than it is wide.
        let fits = |width: i64| span / width <= limit - 2;
        if let Some(millis) = ROUND.into_iter().find(|width| fits(*width)) {
            return Self::Fixed { millis };
        }
        let calendar = [
            (DAY, Self::Day),
            (7 * DAY, Self::Week),
            (28 * DAY, Self::Month),
            (365 * DAY, Self::Year),
        ];
        if let Some((_, interval)) = calendar.into_iter().find(|(width, _)| fits(*width)) {
            return interval;
        }
        let years = span / (365 * DAY) / (limit - 2) + 1;
        Self::Fixed { millis: years.saturating_mul(365 * DAY) }
    }

    /// The usual length of a bucket in milliseconds (a month is 30 days, a year 365).
    #[must_use]
    pub fn nominal_millis(self) -> i64 {
        match self {
            Self::Auto { .. } => SECOND,
            Self::Fixed { millis } => millis.max(1),
            Self::Day => DAY,
            Self::Week => 7 * DAY,
            Self::Month => 30 * DAY,
            Self::Year => 365 * DAY,
        }
    }
}

impl fmt::Display for Interval {
    /// As [`Interval::parse`] reads it: the widest unit that says it exactly.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto { .. } => f.write_str("auto"),
            Self::Fixed { millis } => {
                let units = [
                    (7 * DAY, "w"),
                    (DAY, "d"),
                    (HOUR, "h"),
                    (MINUTE, "m"),
                    (SECOND, "s"),
                    (1, "ms"),
                ];
                let exact = |(width, _): &(i64, &str)| millis % width == 0;
                // One week or day of fixed length must not read as the calendar's.
                let not_calendar = |(width, _): &(i64, &str)| *width < DAY || millis / width > 1;
                let found = units.into_iter().find(|unit| exact(unit) && not_calendar(unit));
                let (width, name) = found.unwrap_or((1, "ms"));
                write!(f, "{}{name}", millis / width)
            }
            Self::Day => f.write_str("1d"),
            Self::Week => f.write_str("1w"),
            Self::Month => f.write_str("1M"),
            Self::Year => f.write_str("1y"),
        }
    }
}

/// The start of the bucket that holds `at`. `Auto` counts as seconds: fit it first.
#[must_use]
pub fn floor(interval: Interval, zone: Zone, at: Millis) -> Millis {
    match interval {
        Interval::Auto { .. } | Interval::Fixed { .. } => {
            floor_fixed(interval.nominal_millis(), zone, at)
        }
        calendar => first_instant(zone, floor_calendar(calendar, zone.to_local(at))),
    }
}

/// The start of the bucket after the one that begins at `start`.
#[must_use]
pub fn next(interval: Interval, zone: Zone, start: Millis) -> Millis {
    let stepped = match interval {
        Interval::Auto { .. } | Interval::Fixed { .. } => {
            let width = interval.nominal_millis();
            let next = floor(interval, zone, Millis(start.0.saturating_add(width)));
            // A clock set back repeats local times, so that a bucket may be entered twice.
            let skipped = Millis(start.0.saturating_add(width.saturating_mul(2)));
            if next > start { next } else { floor(interval, zone, skipped) }
        }
        calendar => {
            let begun = floor_calendar(calendar, zone.to_local(start));
            step(calendar, begun).map_or(Millis(i64::MAX), |local| first_instant(zone, local))
        }
    };
    if stepped > start { stepped } else { Millis(start.0.saturating_add(1)) }
}

/// The starts of all buckets that a closed range touches, at most `limit` of them.
#[must_use]
pub fn starts(interval: Interval, zone: Zone, range: TimeRange, limit: usize) -> Vec<Millis> {
    let (Some(from), Some(to)) = (range.from, range.to) else { return Vec::new() };
    let mut starts = Vec::new();
    let mut start = floor(interval, zone, from);
    while start <= to && starts.len() < limit {
        starts.push(start);
        start = next(interval, zone, start);
    }
    starts
}

fn floor_fixed(width: i64, zone: Zone, at: Millis) -> Millis {
    let offset = i64::from(zone.offset_seconds(at)) * 1000;
    let local = at.0.saturating_add(offset).div_euclid(width).saturating_mul(width);
    let same_offset = Millis(local.saturating_sub(offset));
    if matches!(zone, Zone::Fixed(_) | Zone::UTC)
        || i64::from(zone.offset_seconds(same_offset)) * 1000 == offset
    {
        return same_offset;
    }
    // The clock changed inside the bucket. Local times before the change count with its offset.
    let Some(change) = zone.last_change(same_offset, at) else { return same_offset };
    let Some(shown) = chrono::DateTime::from_timestamp_millis(local) else { return same_offset };
    match zone.instants(shown.naive_utc()) {
        LocalResult::None => change,
        LocalResult::Ambiguous(_, late) if late >= change && late <= at => late,
        LocalResult::Single(_) | LocalResult::Ambiguous(..) => {
            floor_fixed(width, zone, Millis(change.0 - 1))
        }
    }
}

fn floor_calendar(interval: Interval, local: NaiveDateTime) -> NaiveDateTime {
    let date = local.date();
    let first = match interval {
        Interval::Week => {
            let since_monday = u64::from(date.weekday().num_days_from_monday());
            date.checked_sub_days(Days::new(since_monday))
        }
        Interval::Month => date.with_day(1),
        Interval::Year => date.with_ordinal(1),
        _ => Some(date),
    };
    first.unwrap_or(date).and_time(NaiveTime::MIN)
}

fn step(interval: Interval, local: NaiveDateTime) -> Option<NaiveDateTime> {
    match interval {
        Interval::Week => local.checked_add_days(Days::new(7)),
        Interval::Month => local.checked_add_months(Months::new(1)),
        Interval::Year => local.checked_add_months(Months::new(12)),
        _ => local.checked_add_days(Days::new(1)),
    }
}

/// The first instant at or after a local midnight: where it is skipped, the change that skips it.
fn first_instant(zone: Zone, midnight: NaiveDateTime) -> Millis {
    match zone.instants(midnight) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
        LocalResult::None => {
            let utc = naive_millis(midnight);
            let (before, after) = (Millis(utc - 2 * DAY), Millis(utc + 2 * DAY));
            zone.last_change(before, after).unwrap_or_else(|| zone.from_local(midnight))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn check(interval: &str, zone: &str, time: &str, start: &str, end: &str) {
        let (interval, zone) = (Interval::parse(interval).unwrap(), Zone::parse(zone).unwrap());
        let begun = floor(interval, zone, at(time));
        let ended = next(interval, zone, begun);
        assert_eq!((begun, ended), (at(start), at(end)), "{interval} of {time} in {zone}");
    }

    #[test]
    fn buckets_begin_where_elasticsearch_begins_them() {
        check("5m", "UTC", "2025-11-24T10:07:00Z", "2025-11-24T10:05:00Z", "2025-11-24T10:10:00Z");
        check(
            "3h",
            "+05:30",
            "2025-11-24T10:07:00Z",
            "2025-11-24T09:30:00Z",
            "2025-11-24T12:30:00Z",
        );
        check(
            "1d",
            "Europe/Warsaw",
            "2025-11-24T23:30:00Z",
            "2025-11-24T23:00:00Z",
            "2025-11-25T23:00:00Z",
        );
        check("1w", "UTC", "2025-11-26T10:00:00Z", "2025-11-24T00:00:00Z", "2025-12-01T00:00:00Z");
        check("1M", "UTC", "2024-02-29T10:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
        check(
            "1y",
            "Asia/Tokyo",
            "2024-12-31T15:00:00Z",
            "2024-12-31T15:00:00Z",
            "2025-12-31T15:00:00Z",
        );
        check("1d", "UTC", "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z");
    }

    #[test]
    fn clock_changes_lengthen_and_shorten_days() {
        let zone = "Europe/Warsaw";
        check("1d", zone, "2025-03-30T10:00:00Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z");
        check("1d", zone, "2025-10-26T10:00:00Z", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z");
        // Midnight itself is skipped here.
        let beirut = "Asia/Beirut";
        check("1d", beirut, "2024-03-31T10:00:00Z", "2024-03-30T22:00:00Z", "2024-03-31T21:00:00Z");
        // The repeated hour has its own buckets.
        check("30m", zone, "2025-10-26T01:10:00Z", "2025-10-26T01:00:00Z", "2025-10-26T01:30:00Z");
        check("30m", zone, "2025-10-26T00:40:00Z", "2025-10-26T00:30:00Z", "2025-10-26T01:00:00Z");
        check("3h", zone, "2025-10-26T01:10:00Z", "2025-10-25T22:00:00Z", "2025-10-26T02:00:00Z");
    }

    #[test]
    fn every_instant_lies_in_its_bucket_and_buckets_touch() {
        for zone in ["UTC", "Europe/Warsaw", "America/St_Johns", "Pacific/Apia", "+05:45"] {
            let zone = Zone::parse(zone).unwrap();
            for interval in ["7m", "1h", "3h", "12h", "1d", "1w", "1M", "1y"] {
                let interval = Interval::parse(interval).unwrap();
                let mut time = at("2011-12-20T00:00:00Z").0;
                while time < at("2013-01-10T00:00:00Z").0 {
                    let start = floor(interval, zone, Millis(time));
                    assert!(start.0 <= time, "{interval} {zone} {}", Millis(time));
                    assert_eq!(floor(interval, zone, start), start, "{interval} {zone} {start}");
                    assert!(next(interval, zone, start).0 > start.0);
                    time += 7 * HOUR + 13;
                }
            }
        }
    }

    #[test]
    fn a_fitted_interval_has_at_most_the_wanted_buckets() {
        let from = at("2025-11-24T00:00:00Z");
        for (span, buckets, shown) in [
            (15 * MINUTE, 60, "30s"),
            (DAY, 60, "30m"),
            (DAY, 100, "15m"),
            (90 * DAY, 100, "1d"),
            (3650 * DAY, 60, "1y"),
            (0, 60, "1ms"),
        ] {
            let to = Millis(from.0 + span);
            assert_eq!(Interval::fit(from, to, buckets).to_string(), shown);
        }
        let all_time = Interval::fit(Millis(i64::MIN), Millis(i64::MAX), 60);
        assert!(i64::MAX / all_time.nominal_millis() < 60);
    }

    #[test]
    fn intervals_are_read_as_they_are_shown() {
        for text in ["1ms", "30s", "5m", "3h", "24h", "1d", "2d", "1w", "1M", "1y"] {
            assert_eq!(Interval::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "0s", "5", "2M", "1H", "999999999999999h", "-5m"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
    }
}
