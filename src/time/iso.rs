//! ISO 8601 texts as Kibana's time picker reads them (which is as moment.js does).
//!
//! In: `2024`, `2024-05`, `2024-05-17T10:20:30.5+02:00`, `20240517T1020`, `2024-W20-5`, `2024-138`.
//! Out: an instant; texts without a zone are read in the given one. Nothing that is not ISO.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

use super::clock::within;
use super::range::Millis;
use super::zone::{Zone, naive_millis};

/// The instant of an ISO text; `None` if it is none, or names a day or time that does not exist.
pub(super) fn parse(text: &str, zone: Zone) -> Option<Millis> {
    let text = text.trim_start();
    let (year, rest) = year(text)?;
    let extended = rest.starts_with('-');
    let (date, rest) = date(year, rest.strip_prefix('-').unwrap_or(rest), extended)?;
    let Some(rest) = rest.strip_prefix(['T', ' ']) else {
        return (rest.is_empty())
            .then(|| zone.from_local(date.day.and_time(NaiveTime::MIN)))
            .and_then(|at| within(at.0));
    };
    let (time, rest) = time(rest, extended)?;
    // Of a month or year alone, only the form with minutes has a time.
    let may_have_time = date.to_the_day || (extended && time.has_minutes);
    if !may_have_time {
        return None;
    }
    let local = time.of(date.day)?;
    let at = match rest {
        "" => zone.from_local(local),
        zone => Millis(naive_millis(local) - offset(zone)? * 60_000),
    };
    within(at.0)
}

struct Date {
    day: NaiveDate,
    /// Not only a year, month or week.
    to_the_day: bool,
}

struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    milli: u32,
    has_minutes: bool,
}

impl Time {
    /// The date-time on `day`; 24:00 is the next day's midnight.
    fn of(&self, day: NaiveDate) -> Option<NaiveDateTime> {
        if self.hour == 24 {
            let is_midnight = self.minute == 0 && self.second == 0 && self.milli == 0;
            return is_midnight.then(|| day.succ_opt())?.map(|day| day.and_time(NaiveTime::MIN));
        }
        day.and_hms_milli_opt(self.hour, self.minute, self.second, self.milli)
    }
}

/// Splits `count` digits off.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    let is_number = head.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| head.parse().ok())?.map(|number| (number, rest))
}

fn year(text: &str) -> Option<(i32, &str)> {
    let (sign, unsigned) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return digits(text, 4).map(|(year, rest)| (year as i32, rest)),
    };
    digits(unsigned, 6).map(|(year, rest)| (sign * year as i32, rest))
}

/// The date after its year. The longest form that is followed by a time or the end is meant.
fn date(year: i32, text: &str, extended: bool) -> Option<(Date, &str)> {
    let is_over = |rest: &str| rest.is_empty() || rest.starts_with(['T', ' ']);
    let full = |day: Option<NaiveDate>| Some(Date { day: day?, to_the_day: true });
    let part = |day: Option<NaiveDate>| Some(Date { day: day?, to_the_day: false });
    if let Some(week) = text.strip_prefix('W') {
        let (week, rest) = digits(week, 2)?;
        let day = if extended { rest.strip_prefix('-').unwrap_or(rest) } else { rest };
        if let Some((weekday, rest)) = digits(day, 1).filter(|(_, rest)| is_over(rest)) {
            let weekday = Weekday::try_from(u8::try_from(weekday.checked_sub(1)?).ok()?).ok()?;
            return full(NaiveDate::from_isoywd_opt(year, week, weekday)).map(|date| (date, rest));
        }
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon);
        return is_over(rest).then(|| part(monday))?.map(|date| (date, rest));
    }
    if let Some((month, rest)) = digits(text, 2) {
        let day = if extended { rest.strip_prefix('-') } else { Some(rest) };
        if let Some((day, rest)) =
            day.and_then(|day| digits(day, 2)).filter(|(_, rest)| is_over(rest))
        {
            return full(NaiveDate::from_ymd_opt(year, month, day)).map(|date| (date, rest));
        }
        if is_over(rest) {
            return part(NaiveDate::from_ymd_opt(year, month, 1)).map(|date| (date, rest));
        }
    }
    if let Some((ordinal, rest)) = digits(text, 3).filter(|(_, rest)| is_over(rest)) {
        return full(NaiveDate::from_yo_opt(year, ordinal)).map(|date| (date, rest));
    }
    (!extended && is_over(text))
        .then(|| part(NaiveDate::from_ymd_opt(year, 1, 1)))?
        .map(|date| (date, text))
}

fn time(text: &str, extended: bool) -> Option<(Time, &str)> {
    let next = |rest: &'_ str| -> Option<(u32, usize)> {
        let unsigned = if extended { rest.strip_prefix(':')? } else { rest };
        let (number, after) = digits(unsigned, 2)?;
        Some((number, rest.len() - after.len()))
    };
    let (hour, mut rest) = digits(text, 2)?;
    let mut time = Time { hour, minute: 0, second: 0, milli: 0, has_minutes: false };
    if let Some((minute, length)) = next(rest) {
        (time.minute, time.has_minutes) = (minute, true);
        rest = &rest[length..];
        if let Some((second, length)) = next(rest) {
            time.second = second;
            rest = &rest[length..];
            if let Some(fraction) = rest.strip_prefix(['.', ',']) {
                let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
                let thousandths = fraction[..length].bytes().chain([b'0'; 3]).take(3);
                time.milli = thousandths.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
                rest = if length == 0 { rest } else { &fraction[length..] };
            }
        }
    }
    let is_valid = time.minute < 60 && time.second < 60;
    is_valid.then_some((time, rest))
}

/// Minutes east.
fn offset(text: &str) -> Option<i64> {
    if text.trim_start() == "Z" {
        return Some(0);
    }
    let (sign, unsigned) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(unsigned, 2)?;
    if rest.is_empty() {
        return Some(sign * i64::from(hours) * 60);
    }
    let (minutes, rest) = digits(rest.strip_prefix(':').unwrap_or(rest), 2)?;
    let total = TimeDelta::minutes(i64::from(hours) * 60 + i64::from(minutes)).num_minutes();
    rest.is_empty().then_some(sign * total)
}
