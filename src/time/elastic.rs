//! Dates inside a query, as Elasticsearch reads them (`strict_date_optional_time||epoch_millis`).
//!
//! In: `2020-01-01`, `2020-01-01T10:20:30.5+02:00`, `1577836800000`, `now-1d/d`, `2022-02-17||+1M/d`.
//! Out: nanoseconds since the epoch (dates are kept in milliseconds, `date_nanos` in nanoseconds), or
//! `None` where Elasticsearch would refuse the text. Upper bounds fill missing parts of the time of
//! day with their last value, lower bounds with zero; a missing month or day is always the first.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use super::clock::Unit;
use super::math::RoundUp;
use super::range::Millis;
use super::zone::{Zone, naive_millis};

/// How texts are read: the present, the zone of texts without one and of rounding, and which way
/// missing parts and `/d` are filled (`gt` and `lte` round up, `gte` and `lt` down).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The present.
    pub now: Millis,
    /// The zone of texts without one (`time_zone`; UTC if a query has none).
    pub zone: Zone,
    /// Which way missing parts are filled.
    pub round_up: RoundUp,
}

const NANOS_PER_MILLI: i128 = 1_000_000;

/// The millisecond of a date text; see [`parse_nanos`].
#[must_use]
pub fn parse(text: &str, dates: &Dates) -> Option<Millis> {
    let millis = parse_nanos(text, dates)?.div_euclid(NANOS_PER_MILLI);
    i64::try_from(millis).ok().map(Millis)
}

/// The instant of a date text or of date math, in nanoseconds since the epoch.
#[must_use]
pub fn parse_nanos(text: &str, dates: &Dates) -> Option<i128> {
    if let Some(steps) = text.strip_prefix("now") {
        return take_steps(steps, nanos(dates.now), dates);
    }
    match text.split_once("||") {
        None => parse_date(text, dates.zone, dates.round_up),
        Some((date, steps)) => take_steps(steps, parse_date(date, dates.zone, RoundUp::No)?, dates),
    }
}

fn nanos(at: Millis) -> i128 {
    i128::from(at.0) * NANOS_PER_MILLI
}

/// Applies `+1h`, `-2d`, `/w` ... from left to right; weeks begin on Monday.
fn take_steps(steps: &str, from: i128, dates: &Dates) -> Option<i128> {
    let mut at = Millis(i64::try_from(from.div_euclid(NANOS_PER_MILLI)).ok()?);
    let mut below_milli = from.rem_euclid(NANOS_PER_MILLI);
    let mut rest = steps;
    while let Some(operator) = rest.chars().next() {
        rest = &rest[operator.len_utf8()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let count: i32 = if digits == 0 { 1 } else { rest[..digits].parse().ok()? };
        let unit = match rest.as_bytes().get(digits)? {
            b'y' => Unit::Year,
            b'M' => Unit::Month,
            b'w' => Unit::Week,
            b'd' => Unit::Day,
            b'h' | b'H' => Unit::Hour,
            b'm' => Unit::Minute,
            b's' => Unit::Second,
            _ => return None,
        };
        rest = &rest[digits + 1..];
        at = match operator {
            '+' => unit.add(at, i64::from(count), dates.zone)?,
            '-' => unit.add(at, -i64::from(count), dates.zone)?,
            '/' if count == 1 => {
                below_milli = 0;
                match dates.round_up {
                    RoundUp::Yes => unit.ceil(at, dates.zone, Weekday::Mon)?,
                    RoundUp::No => unit.floor(at, dates.zone, Weekday::Mon)?,
                }
            }
            _ => return None,
        };
    }
    Some(nanos(at) + below_milli)
}

/// A date text without math: a calendar date, else milliseconds since the epoch.
fn parse_date(text: &str, zone: Zone, round_up: RoundUp) -> Option<i128> {
    calendar(text, zone, round_up).or_else(|| epoch_millis(text, round_up))
}

/// `1577836800000`, `-1`, `1577836800000.5`.
fn epoch_millis(text: &str, round_up: RoundUp) -> Option<i128> {
    let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = (1..=19).contains(&whole.len()) && is_digits(whole);
    if !is_number || fraction.len() > 6 || !is_digits(fraction) || unsigned.ends_with('.') {
        return None;
    }
    let millis = i128::from(whole.parse::<i64>().ok()?);
    let below = match round_up {
        RoundUp::Yes if fraction.is_empty() => NANOS_PER_MILLI - 1,
        _ => decimal(fraction, 6),
    };
    // A negative instant counts down from the epoch, its missing part still up.
    let nanos = sign * millis * NANOS_PER_MILLI;
    Some(if fraction.is_empty() { nanos + below } else { nanos + sign * below })
}

/// The first `places` digits of a decimal fraction as a number.
fn decimal(digits: &str, places: usize) -> i128 {
    let padded = digits.bytes().chain(std::iter::repeat(b'0')).take(places);
    padded.fold(0, |sum, digit| sum * 10 + i128::from(digit - b'0'))
}

/// `2020`, `2020-01`, `2020-01-01`, `2020-01-01T10`, `...:20`, `...:30`, `.123456789`, `Z` or offset.
fn calendar(text: &str, zone: Zone, round_up: RoundUp) -> Option<i128> {
    let mut rest = Rest(text);
    let year = rest.year()?;
    let (mut month, mut day, mut time, mut offset) = (1, 1, None, None);
    if rest.skip(b'-') {
        month = rest.number(2)?;
        if rest.skip(b'-') {
            day = rest.number(2)?;
            if rest.skip(b'T') && !rest.0.is_empty() {
                time = Some(rest.time(round_up)?);
                if !rest.0.is_empty() {
                    offset = Some(rest.offset()?);
                }
            }
        }
    }
    if !rest.0.is_empty() {
        return None;
    }
    let (time, below_second) = time.unwrap_or(match round_up {
        RoundUp::Yes => (NaiveTime::from_hms_opt(23, 59, 59)?, 999_999_999),
        RoundUp::No => (NaiveTime::MIN, 0),
    });
    let local: NaiveDateTime = NaiveDate::from_ymd_opt(year, month, day)?.and_time(time);
    let second = match offset {
        Some(seconds) => Millis(naive_millis(local) - i64::from(seconds) * 1000),
        None => zone.from_local(local),
    };
    Some(nanos(second) + below_second)
}

/// What is left to read of a date text.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.0.as_bytes().first() == Some(&byte);
        if is_next {
            self.0 = &self.0[1..];
        }
        is_next
    }

    fn number(&mut self, digits: usize) -> Option<u32> {
        let (head, rest) = self.0.split_at_checked(digits)?;
        let is_number = head.bytes().all(|byte| byte.is_ascii_digit());
        self.0 = rest;
        is_number.then(|| head.parse().ok())?
    }

    fn year(&mut self) -> Option<i32> {
        let sign = if self.skip(b'-') { -1 } else { 1 };
        self.number(4).map(|year| sign * year as i32)
    }

    /// The time of day and its nanoseconds below the second.
    fn time(&mut self, round_up: RoundUp) -> Option<(NaiveTime, i128)> {
        let fill = |last: u32| if round_up == RoundUp::Yes { last } else { 0 };
        let hour = self.number(2)?;
        let minute = if self.skip(b':') { Some(self.number(2)?) } else { None };
        let second = match minute {
            Some(_) if self.skip(b':') => Some(self.number(2)?),
            _ => None,
        };
        let below = if second.is_some() && (self.skip(b'.') || self.skip(b',')) {
            let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, rest) = self.0.split_at_checked(digits)?;
            self.0 = rest;
            (1..=9).contains(&digits).then(|| decimal(fraction, 9))?
        } else {
            i128::from(fill(999_999_999))
        };
        let (minute, second) = (minute.unwrap_or(fill(59)), second.unwrap_or(fill(59)));
        Some((NaiveTime::from_hms_opt(hour, minute, second)?, below))
    }

    /// Seconds east.
    fn offset(&mut self) -> Option<i32> {
        let zone = std::mem::take(&mut self.0);
        if zone == "Z" {
            return Some(0);
        }
        let is_offset = zone.starts_with(['+', '-']) && zone.len() >= 3;
        match is_offset.then(|| Zone::parse(zone))?? {
            Zone::Fixed(seconds) => Some(seconds),
            Zone::Named(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, zone: &str, down: &str, up: &str) {
        let now = Millis(1_715_953_530_123);
        let read = |round_up| {
            let dates = Dates { now, zone: Zone::parse(zone).unwrap(), round_up };
            parse(text, &dates).map(|at| at.to_string()).unwrap_or_default()
        };
        assert_eq!((read(RoundUp::No).as_str(), read(RoundUp::Yes).as_str()), (down, up), "{text}");
    }

    #[test]
    fn missing_parts_are_filled_as_elasticsearch_fills_them() {
        let cases = [
            ("2020", "2020-01-01T00:00:00.000Z", "2020-01-01T23:59:59.999Z"),
            ("2020-02", "2020-02-01T00:00:00.000Z", "2020-02-01T23:59:59.999Z"),
            ("2020-02-03", "2020-02-03T00:00:00.000Z", "2020-02-03T23:59:59.999Z"),
            ("2020-02-03T", "2020-02-03T00:00:00.000Z", "2020-02-03T23:59:59.999Z"),
            ("2020-02-03T04", "2020-02-03T04:00:00.000Z", "2020-02-03T04:59:59.999Z"),
            ("2020-02-03T04:05", "2020-02-03T04:05:00.000Z", "2020-02-03T04:05:59.999Z"),
            ("2020-02-03T04:05:06", "2020-02-03T04:05:06.000Z", "2020-02-03T04:05:06.999Z"),
            ("2020-02-03T04:05:06.7", "2020-02-03T04:05:06.700Z", "2020-02-03T04:05:06.700Z"),
            ("2020-02-03T04:05:06.7Z", "2020-02-03T04:05:06.700Z", "2020-02-03T04:05:06.700Z"),
            ("2020-02-03T04+02:00", "2020-02-03T02:00:00.000Z", "2020-02-03T02:59:59.999Z"),
            ("1577836800000", "2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.000Z"),
            ("-1", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("20200101", "1970-01-01T05:36:40.101Z", "1970-01-01T05:36:40.101Z"),
        ];
        for (text, down, up) in cases {
            check(text, "UTC", down, up);
        }
    }

    #[test]
    fn math_rounds_in_the_zone_and_weeks_begin_on_monday() {
        check("now-1d/d", "UTC", "2024-05-16T00:00:00.000Z", "2024-05-16T23:59:59.999Z");
        check("now/w", "UTC", "2024-05-13T00:00:00.000Z", "2024-05-19T23:59:59.999Z");
        check("now/H", "+05:30", "2024-05-17T13:30:00.000Z", "2024-05-17T14:29:59.999Z");
        check("2022-02-17||+1M/d", "UTC", "2022-03-17T00:00:00.000Z", "2022-03-17T23:59:59.999Z");
        check("2022-02-17||", "Asia/Tokyo", "2022-02-16T15:00:00.000Z", "2022-02-16T15:00:00.000Z");
        check("now", "Asia/Tokyo", "2024-05-17T13:45:30.123Z", "2024-05-17T13:45:30.123Z");
    }

    #[test]
    fn what_elasticsearch_refuses_is_none() {
        for text in [
            "",
            "abc",
            "2020-1",
            "2020-02-30",
            "2020-01-01 10:00",
            "2020-01-01T25",
            "now-1q",
            "now-",
            "now/2d",
            "now-15",
            "2020-01-01T10:00:00.",
            "2020-01-01T10:00:00.1234567890",
            "é",
            "+é",
            "2020-01-01Z",
            "12345678901234567890",
            "now-99999999999d",
            "2020-W01",
            "1.",
            "2020||/",
        ] {
            check(text, "UTC", "", "");
        }
    }

    #[test]
    fn nanoseconds_are_kept() {
        let dates = Dates { now: Millis(0), zone: Zone::UTC, round_up: RoundUp::No };
        assert_eq!(parse_nanos("1970-01-01T00:00:00.123456789", &dates), Some(123_456_789));
        let dates = Dates { round_up: RoundUp::Yes, ..dates };
        assert_eq!(parse_nanos("5", &dates), Some(5_999_999));
        assert_eq!(parse_nanos("1970-01-01", &dates), Some(86_399_999_999_999));
    }
}
