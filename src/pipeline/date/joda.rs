//! Formats in Joda-Time's letters: `MMM dd HH:mm:ss`, `yyyy-MM-dd HH:mm:ss,SSS Z`.

use chrono::{Datelike, Timelike};

use super::iso;
use super::stamp::Stamp;
use crate::time::{Millis, Zone};

/// A compiled format.
#[derive(Debug, Clone)]
pub(in crate::pipeline) struct Joda {
    items: Vec<Item>,
    has_year: bool,
}

#[derive(Debug, Clone)]
enum Item {
    Text(Vec<u8>),
    Number { field: Field, count: usize, max: usize },
    Month,
    Weekday,
    Half,
    Era,
    Fraction(usize),
    Offset(usize),
    ZoneId,
    ZoneName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Year,
    ShortYear,
    Century,
    Month,
    Day,
    DayOfYear,
    Week,
    Weekday,
    Hour,
    Hour12,
    /// 1 to 24.
    ClockHour,
    /// 1 to 12.
    ClockHour12,
    Minute,
    Second,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Joda {
    /// Compiles a format; the reason where it is none.
    pub(in crate::pipeline) fn parse(format: &str) -> Result<Self, String> {
        let mut items: Vec<Item> = Vec::new();
        let bytes = format.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let letter = bytes[at];
            if letter == b'\'' {
                at = quoted(bytes, at, &mut items)?;
                continue;
            }
            if !letter.is_ascii_alphabetic() {
                text(&mut items, &[letter]);
                at += 1;
                continue;
            }
            let count = bytes[at..].iter().take_while(|b| **b == letter).count();
            at += count;
            items.push(item(letter, count)?);
        }
        // A number that another one follows has exactly its width.
        for idx in 0..items.len() {
            let number_follows =
                matches!(items.get(idx + 1), Some(Item::Number { .. } | Item::Fraction(_)));
            if let Item::Number { count, max, .. } = &mut items[idx]
                && number_follows
            {
                *max = *count;
            }
        }
        let has_year = items.iter().any(|item| {
            let year = Field::Year;
            matches!(item, Item::Number { field, .. } if *field == year || *field == Field::ShortYear)
        });
        Ok(Self { items, has_year })
    }

    /// What `text` says, if all of it fits.
    pub(super) fn read(&self, text: &[u8]) -> Option<Stamp> {
        let mut reading =
            Reading { stamp: Stamp::default(), at: 0, text, half: None, hour12: None };
        if !self.has_year {
            reading.stamp.year = None;
        }
        for item in &self.items {
            reading.item(item)?;
        }
        if reading.at != text.len() {
            return None;
        }
        if let Some(hour) = reading.hour12 {
            let noon = if reading.half == Some(true) { 12 } else { 0 };
            reading.stamp.millis += (hour + noon) * 3_600_000;
        }
        Some(reading.stamp)
    }

    /// An instant in this format, in UTC.
    pub(in crate::pipeline) fn format(&self, at: Millis) -> String {
        let local = Zone::UTC.to_local(at);
        let mut out = String::new();
        for item in &self.items {
            match item {
                Item::Text(text) => out.push_str(&String::from_utf8_lossy(text)),
                Item::Number { field, count, .. } => {
                    let value = match field {
                        Field::Year => i64::from(local.year()),
                        Field::ShortYear => i64::from(local.year().rem_euclid(100)),
                        Field::Century => i64::from(local.year().div_euclid(100)),
                        Field::Month => i64::from(local.month()),
                        Field::Day => i64::from(local.day()),
                        Field::DayOfYear => i64::from(local.ordinal()),
                        Field::Week => i64::from(local.iso_week().week()),
                        Field::Weekday => i64::from(local.weekday().number_from_monday()),
                        Field::Hour => i64::from(local.hour()),
                        Field::Hour12 => i64::from(local.hour() % 12),
                        Field::ClockHour => i64::from((local.hour() + 23) % 24 + 1),
                        Field::ClockHour12 => i64::from((local.hour() + 11) % 12 + 1),
                        Field::Minute => i64::from(local.minute()),
                        Field::Second => i64::from(local.second()),
                    };
                    let digits = value.to_string();
                    out.extend(std::iter::repeat_n('0', count.saturating_sub(digits.len())));
                    out.push_str(&digits);
                }
                Item::Month => out.push_str(&local.format("%b").to_string()),
                Item::Weekday => out.push_str(&local.format("%a").to_string()),
                Item::Half => out.push_str(if local.hour() < 12 { "AM" } else { "PM" }),
                Item::Era => out.push_str("AD"),
                Item::Fraction(count) => {
                    let digits = format!("{:03}000000", at.0.rem_euclid(1000));
                    out.push_str(&digits[..(*count).min(9)]);
                }
                Item::Offset(count) => out.push_str(if *count == 1 { "+0000" } else { "+00:00" }),
                Item::ZoneId | Item::ZoneName => out.push_str("UTC"),
            }
        }
        out
    }
}

fn text(items: &mut Vec<Item>, more: &[u8]) {
    match items.last_mut() {
        Some(Item::Text(before)) => before.extend_from_slice(more),
        _ => items.push(Item::Text(more.to_vec())),
    }
}

/// Reads `'text'` (and `''`, a quote); returns where it ends.
fn quoted(bytes: &[u8], start: usize, items: &mut Vec<Item>) -> Result<usize, String> {
    if bytes.get(start + 1) == Some(&b'\'') {
        text(items, b"'");
        return Ok(start + 2);
    }
    let mut at = start + 1;
    let mut inside = Vec::new();
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'\''), Some(b'\'')) => {
                inside.push(b'\'');
                at += 2;
            }
            (Some(b'\''), _) => break,
            (Some(byte), _) => {
                inside.push(*byte);
                at += 1;
            }
            (None, _) => return Err("a quote in the date format is not closed".to_owned()),
        }
    }
    text(items, &inside);
    Ok(at + 1)
}

fn item(letter: u8, count: usize) -> Result<Item, String> {
    let number = |field, max: usize| Item::Number { field, count, max: max.max(count) };
    Ok(match letter {
        b'G' => Item::Era,
        b'C' => number(Field::Century, 2),
        b'y' | b'Y' | b'x' if count == 2 => number(Field::ShortYear, 9),
        b'y' | b'Y' | b'x' => number(Field::Year, 9),
        b'M' if count >= 3 => Item::Month,
        b'M' => number(Field::Month, 2),
        b'd' => number(Field::Day, 2),
        b'D' => number(Field::DayOfYear, 3),
        b'w' => number(Field::Week, 2),
        b'e' => number(Field::Weekday, 1),
        b'E' => Item::Weekday,
        b'a' => Item::Half,
        b'H' => number(Field::Hour, 2),
        b'K' => number(Field::Hour12, 2),
        b'k' => number(Field::ClockHour, 2),
        b'h' => number(Field::ClockHour12, 2),
        b'm' => number(Field::Minute, 2),
        b's' => number(Field::Second, 2),
        b'S' => Item::Fraction(count),
        b'Z' if count >= 3 => Item::ZoneId,
        b'Z' => Item::Offset(count),
        b'z' => Item::ZoneName,
        other => return Err(format!("unknown letter `{}` in a date format", char::from(other))),
    })
}

/// A format being read.
struct Reading<'a> {
    stamp: Stamp,
    at: usize,
    text: &'a [u8],
    /// Whether it is past noon.
    half: Option<bool>,
    hour12: Option<i64>,
}

impl Reading<'_> {
    #[inline]
    fn item(&mut self, item: &Item) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        match item {
            Item::Text(text) => {
                // Most are one byte.
                if rest.first() != text.first() || !rest.starts_with(text) {
                    return None;
                }
                self.at += text.len();
            }
            Item::Number { field, count, max } => self.number(*field, *count, *max)?,
            Item::Month => self.stamp.month = self.name(&MONTHS)? + 1,
            Item::Weekday => self.stamp.weekday = Some(self.name(&WEEKDAYS)? + 1),
            Item::Half => {
                let pair = rest.get(..2)?;
                self.half = Some(if pair.eq_ignore_ascii_case(b"PM") {
                    true
                } else if pair.eq_ignore_ascii_case(b"AM") {
                    false
                } else {
                    return None;
                });
                self.at += 2;
            }
            Item::Era => {
                rest.get(..2).filter(|era| era.eq_ignore_ascii_case(b"AD"))?;
                self.at += 2;
            }
            Item::Fraction(count) => {
                let len = rest.iter().take(*count).take_while(|b| b.is_ascii_digit()).count();
                if len == 0 {
                    return None;
                }
                let mut unit = 100;
                for digit in &rest[..len] {
                    self.stamp.millis += i64::from(digit - b'0') * unit;
                    unit /= 10;
                }
                self.at += len;
            }
            Item::Offset(_) => self.offset()?,
            Item::ZoneId => {
                let len = rest
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(*b))
                    .count();
                let name = std::str::from_utf8(&rest[..len]).ok()?;
                self.stamp.zone = Some(Zone::parse(name)?);
                self.at += len;
            }
            Item::ZoneName => {
                let len = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
                self.stamp.offset = Some(zone_name(&rest[..len])?);
                self.at += len;
            }
        }
        Some(())
    }

    fn offset(&mut self) -> Option<()> {
        let sign = match self.text.get(self.at)? {
            b'Z' => {
                self.at += 1;
                self.stamp.offset = Some(0);
                return Some(());
            }
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        self.at += 1;
        self.stamp.offset = Some(sign * iso::offset(self.text, &mut self.at)?);
        Some(())
    }

    #[inline]
    fn number(&mut self, field: Field, count: usize, max: usize) -> Option<()> {
        let rest = &self.text[self.at..];
        let (mut value, mut len) = (0_i64, 0);
        while len < max {
            match rest.get(len) {
                Some(digit) if digit.is_ascii_digit() => {
                    value = value * 10 + i64::from(digit - b'0');
                }
                _ => break,
            }
            len += 1;
        }
        if len == 0 {
            return None;
        }
        self.at += len;
        self.set(field, value, len == 2 && count == 2)
    }

    #[inline]
    fn set(&mut self, field: Field, value: i64, two_digits: bool) -> Option<()> {
        let within = |low: i64, high: i64| (low..=high).contains(&value).then_some(value);
        match field {
            // Two digits are the year of that ending nearest to now, from 80 back to 19 ahead.
            Field::ShortYear if two_digits => {
                self.stamp.year = Some(if value < 50 { 2000 } else { 1900 } + value as i32);
            }
            Field::Year | Field::ShortYear => self.stamp.year = Some(value as i32),
            Field::Century => self.stamp.year = Some(within(0, 99)? as i32 * 100),
            Field::Month => self.stamp.month = within(1, 12)? as u8,
            Field::Day => self.stamp.day = within(1, 31)? as u8,
            Field::DayOfYear => self.stamp.day_of_year = Some(within(1, 366)? as u16),
            Field::Week => self.stamp.week = Some(within(1, 53)? as u8),
            Field::Weekday => self.stamp.weekday = Some(within(1, 7)? as u8),
            Field::Hour => self.stamp.millis += within(0, 23)? * 3_600_000,
            Field::ClockHour => self.stamp.millis += within(1, 24)? % 24 * 3_600_000,
            Field::Hour12 => self.hour12 = Some(within(0, 11)?),
            Field::ClockHour12 => self.hour12 = Some(within(1, 12)? % 12),
            Field::Minute => self.stamp.millis += within(0, 59)? * 60_000,
            Field::Second => self.stamp.millis += within(0, 59)? * 1000,
        }
        Some(())
    }

    /// A month's or weekday's name, long or short, in any case: its number from 0.
    #[inline]
    fn name(&mut self, names: &[&str]) -> Option<u8> {
        let rest = &self.text[self.at..];
        let short = rest.get(..3)?;
        let idx =
            names.iter().position(|name| short.eq_ignore_ascii_case(&name.as_bytes()[..3]))?;
        let long = names[idx].as_bytes();
        let is_long = rest.get(..long.len()).is_some_and(|text| text.eq_ignore_ascii_case(long));
        self.at += if is_long { long.len() } else { 3 };
        Some(idx as u8)
    }
}

/// The zones whose short names are not ambiguous to Joda-Time: seconds east.
fn zone_name(name: &[u8]) -> Option<i32> {
    let hours = match name {
        b"UT" | b"UTC" | b"GMT" => 0,
        b"EST" => -5,
        b"EDT" => -4,
        b"CST" => -6,
        b"CDT" => -5,
        b"MST" => -7,
        b"MDT" => -6,
        b"PST" => -8,
        b"PDT" => -7,
        _ => return None,
    };
    Some(hours * 3600)
}
