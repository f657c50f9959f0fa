//! The shapes of time stamps.

use super::civil::Reading;
use super::{Clock, Stamp};
use crate::time::Millis;

/// How a time stamp is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `2024-05-02T12:17:25.606Z`, also with a space, `/` or `.` between, `,` before the fraction.
    Iso,
    /// `02/May/2024:12:17:25 +0000`, the access logs' stamp.
    Clf,
    /// `Thu May  2 12:17:25.123456 2024`.
    Ctime,
    /// `Thu, 02 May 2024 12:17:25 GMT`.
    Rfc2822,
    /// `May  2 12:17:25`, syslog's stamp, without year.
    Syslog,
    /// `02May2024 12:17:25.606` or `02-May-2024 12:17:25`.
    DayMonth,
    /// `5/2/2024 12:17:25`, month first, optionally `AM`/`PM`.
    MonthDay,
    /// `02.05.2024 12:17:25`, day first.
    DayDotted,
    /// `24/05/02 12:17:25` or `240502 12:17:25`, year first with two digits.
    ShortYear,
    /// Seconds since 1970 with ten digits, optionally a fraction.
    EpochSeconds,
    /// Milliseconds since 1970 with thirteen digits.
    EpochMillis,
}

impl Shape {
    /// All shapes, the more exact ones first.
    pub const ALL: [Self; 11] = [
        Self::Iso,
        Self::Clf,
        Self::Ctime,
        Self::Rfc2822,
        Self::Syslog,
        Self::DayMonth,
        Self::MonthDay,
        Self::DayDotted,
        Self::ShortYear,
        Self::EpochMillis,
        Self::EpochSeconds,
    ];

    /// Reads a stamp of this shape at the start of `text`.
    #[must_use]
    pub fn read(self, text: &[u8], clock: &Clock) -> Option<Stamp> {
        let mut cursor = Cursor { text, at: 0 };
        let (at, yearless) = match self {
            Self::Iso => (iso(&mut cursor, clock)?, false),
            Self::Clf => (clf(&mut cursor, clock)?, false),
            Self::Ctime => (ctime(&mut cursor, clock)?, false),
            Self::Rfc2822 => (rfc2822(&mut cursor, clock)?, false),
            Self::Syslog => (syslog(&mut cursor, clock)?, true),
            Self::DayMonth => (day_month(&mut cursor, clock)?, false),
            Self::MonthDay => (month_day(&mut cursor, clock)?, false),
            Self::DayDotted => (day_dotted(&mut cursor, clock)?, false),
            Self::ShortYear => (short_year(&mut cursor, clock)?, false),
            Self::EpochSeconds => (epoch_seconds(&mut cursor)?, false),
            Self::EpochMillis => (epoch_millis(&mut cursor)?, false),
        };
        // A stamp ends where a word ends.
        let ends = cursor.peek().is_none_or(|byte| !byte.is_ascii_alphanumeric());
        ends.then_some(Stamp { at, len: cursor.at, yearless })
    }
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn eat_any(&mut self, bytes: &[u8]) -> Option<u8> {
        let byte = self.peek()?;
        bytes.contains(&byte).then(|| self.at += 1)?;
        Some(byte)
    }

    /// A number of `min` to `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let mut value = 0_u32;
        let mut count = 0;
        while count < max {
            let Some(digit) = self.peek().filter(u8::is_ascii_digit) else { break };
            value = value * 10 + u32::from(digit - b'0');
            self.at += 1;
            count += 1;
        }
        (count >= min).then_some(value)
    }

    /// A month's English name, short or long.
    fn month(&mut self) -> Option<u32> {
        const NAMES: [&[u8]; 12] = [
            b"january",
            b"february",
            b"march",
            b"april",
            b"may",
            b"june",
            b"july",
            b"august",
            b"september",
            b"october",
            b"november",
            b"december",
        ];
        let rest = &self.text[self.at..];
        let word =
            &rest[..rest.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count()];
        let found = NAMES.iter().position(|name| {
            word.len() >= 3
                && word.len() <= name.len()
                && (word.len() == 3 || word.len() == name.len())
                && name[..word.len()].eq_ignore_ascii_case(word)
        })?;
        self.at += word.len();
        Some(found as u32 + 1)
    }

    /// A weekday's English name, short.
    fn weekday(&mut self) -> Option<()> {
        const NAMES: [&[u8]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
        let word = self.text.get(self.at..self.at + 3)?;
        NAMES.iter().any(|name| name.eq_ignore_ascii_case(word)).then(|| self.at += 3)
    }

    /// `HH:mm[:ss[(.|,|:)fraction]]`: hour, minute, second, millisecond.
    fn time(&mut self) -> Option<((u32, u32, u32), u32)> {
        let hour = self.number(1, 2)?;
        self.eat(b':')?;
        let minute = self.number(2, 2)?;
        let before = self.at;
        if self.eat(b':').is_none() {
            return Some(((hour, minute, 0), 0));
        }
        let Some(second) = self.number(2, 2) else {
            self.at = before;
            return Some(((hour, minute, 0), 0));
        };
        Some(((hour, minute, second), self.fraction()))
    }

    /// A fraction of a second as milliseconds; nothing is eaten where there is none.
    fn fraction(&mut self) -> u32 {
        let before = self.at;
        if self.eat_any(b".,:").is_none() {
            return 0;
        }
        let digits =
            self.text[self.at..].iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 || (self.text[before] == b':' && digits < 3) {
            self.at = before;
            return 0;
        }
        let mut millis = 0;
        for index in 0..3 {
            let digit =
                if index < digits { u32::from(self.text[self.at + index] - b'0') } else { 0 };
            millis = millis * 10 + digit;
        }
        self.at += digits;
        millis
    }

    /// `Z`, `UTC`, `GMT`, `+hh:mm`, `+hhmm`, `+hh`, after an optional space: seconds east.
    fn offset(&mut self) -> Option<i32> {
        let before = self.at;
        let found = self.offset_here();
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn offset_here(&mut self) -> Option<i32> {
        let spaced = self.eat(b' ').is_some();
        let rest = &self.text[self.at..];
        for name in [&b"UTC"[..], b"GMT", b"Z"] {
            let whole = rest.get(name.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
            if rest.starts_with(name) && whole {
                self.at += name.len();
                return Some(0);
            }
        }
        let sign = match self.eat_any(b"+-")? {
            b'-' => -1,
            _ => 1,
        };
        let hours = self.number(2, 2)?;
        let colon = self.eat(b':').is_some();
        let minutes = match self.number(2, 2) {
            Some(minutes) => minutes,
            None if colon || spaced => return None,
            None => 0,
        };
        (hours <= 15 && minutes < 60).then_some(sign * (hours as i32 * 3600 + minutes as i32 * 60))
    }

    /// Ends a stamp: reads an offset if there is one, else takes the clock's zone.
    fn finish(
        &mut self,
        date: (i32, u32, u32),
        time: (u32, u32, u32),
        milli: u32,
        clock: &Clock,
    ) -> Option<Millis> {
        let reading = Reading::new(date, time, milli)?;
        Some(match self.offset() {
            Some(offset) => reading.at_offset(offset),
            None => reading.in_zone(clock.zone),
        })
    }
}

fn iso(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let year = cursor.number(4, 4)?;
    if !(1900..=2200).contains(&year) && year != 0 {
        return None;
    }
    let separator = cursor.eat_any(b"-/.")?;
    let month = cursor.number(1, 2)?;
    cursor.eat(separator)?;
    let day = cursor.number(1, 2)?;
    let date = (year as i32, month, day);
    let before = cursor.at;
    let joined = cursor.eat_any(b"T _t,-").is_some() || cursor.eat(b':').is_some();
    if joined {
        while cursor.eat(b' ').is_some() {}
        if let Some((time, milli)) = cursor.time() {
            return cursor.finish(date, time, milli, clock);
        }
    }
    cursor.at = before;
    Some(Reading::new(date, (0, 0, 0), 0)?.in_zone(clock.zone))
}

fn clf(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let day = cursor.number(1, 2)?;
    cursor.eat(b'/')?;
    let month = cursor.month()?;
    cursor.eat(b'/')?;
    let year = cursor.number(4, 4)?;
    cursor.eat_any(b": ")?;
    let (time, milli) = cursor.time()?;
    cursor.finish((year as i32, month, day), time, milli, clock)
}

fn ctime(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    cursor.weekday()?;
    cursor.eat(b' ')?;
    let month = cursor.month()?;
    while cursor.eat(b' ').is_some() {}
    let day = cursor.number(1, 2)?;
    cursor.eat(b' ')?;
    let (time, milli) = cursor.time()?;
    cursor.eat(b' ')?;
    let before = cursor.at;
    if let Some(year) = cursor.number(4, 4) {
        return cursor.finish((year as i32, month, day), time, milli, clock);
    }
    // `date` writes the zone before the year.
    cursor.at = before - 1;
    let offset = cursor.offset()?;
    cursor.eat(b' ')?;
    let year = cursor.number(4, 4)?;
    Some(Reading::new((year as i32, month, day), time, milli)?.at_offset(offset))
}

fn rfc2822(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    cursor.weekday()?;
    cursor.eat(b',')?;
    cursor.eat(b' ')?;
    let day = cursor.number(1, 2)?;
    cursor.eat_any(b" -")?;
    let month = cursor.month()?;
    cursor.eat_any(b" -")?;
    let year = cursor.number(4, 4)?;
    cursor.eat(b' ')?;
    let (time, milli) = cursor.time()?;
    cursor.finish((year as i32, month, day), time, milli, clock)
}

fn syslog(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let month = cursor.month()?;
    cursor.eat(b' ')?;
    while cursor.eat(b' ').is_some() {}
    let day = cursor.number(1, 2)?;
    cursor.eat(b' ')?;
    let (time, milli) = cursor.time()?;
    cursor.finish((clock.year, month, day), time, milli, clock)
}

fn day_month(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let day = cursor.number(1, 2)?;
    let separator = cursor.eat_any(b"- ");
    let month = cursor.month()?;
    if let Some(separator) = separator {
        cursor.eat(separator)?;
    }
    let year = cursor.number(4, 4)?;
    cursor.eat_any(b" T:")?;
    let (time, milli) = cursor.time()?;
    cursor.finish((year as i32, month, day), time, milli, clock)
}

fn month_day(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let month = cursor.number(1, 2)?;
    let separator = cursor.eat_any(b"/-")?;
    let day = cursor.number(1, 2)?;
    cursor.eat(separator)?;
    let year = cursor.number(4, 4)? as i32;
    let before = cursor.at;
    cursor.eat(b',');
    if cursor.eat_any(b" T").is_some()
        && let Some((mut time, milli)) = cursor.time()
    {
        let rest = &cursor.text[cursor.at..];
        let rest = rest.strip_prefix(b" ").unwrap_or(rest);
        let half = rest.get(..2).map(<[u8]>::to_ascii_uppercase);
        if let Some(half @ (b"AM" | b"PM")) = half.as_deref() {
            time.0 = time.0 % 12 + if half == b"PM" { 12 } else { 0 };
            cursor.at = cursor.text.len() - rest.len() + 2;
        }
        return cursor.finish((year, month, day), time, milli, clock);
    }
    cursor.at = before;
    Some(Reading::new((year, month, day), (0, 0, 0), 0)?.in_zone(clock.zone))
}

fn day_dotted(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let day = cursor.number(1, 2)?;
    cursor.eat(b'.')?;
    let month = cursor.number(1, 2)?;
    cursor.eat(b'.')?;
    let year = cursor.number(4, 4)?;
    cursor.eat_any(b" T,")?;
    let (time, milli) = cursor.time()?;
    cursor.finish((year as i32, month, day), time, milli, clock)
}

fn short_year(cursor: &mut Cursor<'_>, clock: &Clock) -> Option<Millis> {
    let year = cursor.number(2, 2)?;
    let separator = cursor.eat_any(b"/-");
    let month = cursor.number(2, 2)?;
    if let Some(separator) = separator {
        cursor.eat(separator)?;
    }
    let day = cursor.number(2, 2)?;
    cursor.eat_any(b" T")?;
    while cursor.eat(b' ').is_some() {}
    let (time, milli) = cursor.time()?;
    let year = if year < 70 { 2000 + year } else { 1900 + year };
    cursor.finish((year as i32, month, day), time, milli, clock)
}

fn epoch_seconds(cursor: &mut Cursor<'_>) -> Option<Millis> {
    let digits = cursor.text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits != 10 || !matches!(cursor.text[0], b'1' | b'2') {
        return None;
    }
    let seconds: i64 =
        cursor.text[..10].iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    cursor.at = 10;
    let millis = if cursor.peek() == Some(b'.') { cursor.fraction() } else { 0 };
    Some(Millis(seconds * 1000 + i64::from(millis)))
}

fn epoch_millis(cursor: &mut Cursor<'_>) -> Option<Millis> {
    let digits = cursor.text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits != 13 || cursor.text[0] != b'1' {
        return None;
    }
    cursor.at = 13;
    Some(Millis(cursor.text[..13].iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'))))
}
