//! A time format that a person names: strftime (`%m/%d/%Y`), Joda (`yyyy-MM-dd HH:mm:ss`), or one
//! of Logstash's words (`ISO8601`, `UNIX`, `UNIX_MS`).

use chrono::format::{Parsed, StrftimeItems, parse_and_remainder};
use chrono::{Datelike as _, NaiveTime, Timelike as _};

use super::civil::Reading;
use super::{Clock, Shape, Stamp};
use crate::diagnostic::Diagnostic;
use crate::time::Millis;

/// A compiled time format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// Whatever shape the text has, numbers as seconds or milliseconds by their size.
    Any,
    /// One known shape.
    Shape(Shape),
    /// Seconds since 1970, with or without fraction.
    Unix,
    /// Milliseconds since 1970.
    UnixMillis,
    /// A strftime format.
    Strftime(String),
}

impl TimeFormat {
    /// Understands what a person wrote.
    ///
    /// # Errors
    /// A text that is neither strftime nor Joda nor a known word.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        match text {
            "ISO8601" | "iso8601" => return Ok(Self::Shape(Shape::Iso)),
            "UNIX" | "unix" | "epoch" => return Ok(Self::Unix),
            "UNIX_MS" | "unix_ms" | "epoch_millis" => return Ok(Self::UnixMillis),
            _ => {}
        }
        let strftime = if text.contains('%') { Some(text.to_owned()) } else { from_joda(text) };
        let strftime = strftime.filter(|format| {
            format.contains('%')
                && !StrftimeItems::new(format).any(|item| item == chrono::format::Item::Error)
        });
        let Some(strftime) = strftime else {
            let message = format!("unknown time format '{text}'");
            return Err(Diagnostic::error(message)
                .hint("write it as strftime (%m/%d/%Y %H:%M:%S) or as Logstash does (MM/dd/yyyy HH:mm:ss)"));
        };
        Ok(Self::Strftime(strftime))
    }

    /// Reads a whole text as a time.
    #[must_use]
    pub fn read(&self, text: &str, clock: &Clock) -> Option<Stamp> {
        let text = text.trim();
        match self {
            Self::Any => any(text, clock),
            Self::Shape(shape) => {
                shape.read(text.as_bytes(), clock).filter(|stamp| stamp.len == text.len())
            }
            Self::Unix => Some(epoch(text.parse::<f64>().ok()? * 1000.0, text.len())),
            Self::UnixMillis => Some(epoch(text.parse::<f64>().ok()?, text.len())),
            Self::Strftime(format) => strftime(text, format, clock),
        }
    }

    /// Reads a number as a time: seconds, milliseconds, microseconds or nanoseconds by its size.
    #[must_use]
    pub fn read_number(&self, number: f64) -> Option<Millis> {
        match self {
            Self::Any => by_size(number),
            Self::Unix => Some(Millis((number * 1000.0).round() as i64)),
            Self::UnixMillis => Some(Millis(number as i64)),
            Self::Shape(_) | Self::Strftime(_) => None,
        }
    }
}

fn epoch(millis: f64, len: usize) -> Stamp {
    Stamp { at: Millis(millis.round() as i64), len, yearless: false }
}

fn any(text: &str, clock: &Clock) -> Option<Stamp> {
    if let Ok(number) = text.parse::<f64>() {
        return Some(Stamp { at: by_size(number)?, len: text.len(), yearless: false });
    }
    let mut shapes = Shape::ALL.iter();
    shapes.find_map(|shape| {
        shape.read(text.as_bytes(), clock).filter(|stamp| stamp.len == text.len())
    })
}

/// An epoch number between 1980 and 2200 in whichever unit puts it there.
fn by_size(number: f64) -> Option<Millis> {
    let millis = match number {
        n if (3.0e8..7.3e9).contains(&n) => n * 1e3,
        n if (3.0e11..7.3e12).contains(&n) => n,
        n if (3.0e14..7.3e15).contains(&n) => n / 1e3,
        n if (3.0e17..7.3e18).contains(&n) => n / 1e6,
        _ => return None,
    };
    Some(Millis(millis.floor() as i64))
}

fn strftime(text: &str, format: &str, clock: &Clock) -> Option<Stamp> {
    let mut parsed = Parsed::new();
    let rest = parse_and_remainder(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    let len = text.len() - rest.len();
    if let Some(seconds) = parsed.timestamp() {
        return Some(Stamp { at: Millis(seconds * 1000), len, yearless: false });
    }
    let yearless = parsed.year().is_none() && parsed.year_mod_100().is_none();
    if yearless {
        parsed.set_year(i64::from(clock.year)).ok()?;
    }
    if parsed.day().is_none() && parsed.ordinal().is_none() {
        parsed.set_day(1).ok()?;
    }
    let date = parsed.to_naive_date().ok()?;
    let time = parsed.to_naive_time().unwrap_or(NaiveTime::MIN);
    let reading = Reading::new(
        (date.year(), date.month(), date.day()),
        (time.hour(), time.minute(), time.second()),
        time.nanosecond() / 1_000_000 % 1000,
    )?;
    let at = match parsed.offset() {
        Some(offset) => reading.at_offset(offset),
        None => reading.in_zone(clock.zone),
    };
    Some(Stamp { at, len, yearless })
}

/// Joda's letters to strftime's, for the ones that Logstash users write; `None` for others.
fn from_joda(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let end = rest[1..].find('\'').map_or(rest.len(), |at| at + 1);
            out.push_str(&rest[1..end]);
            rest = rest.get(end + 1..).unwrap_or_default();
            continue;
        }
        let run = rest.chars().take_while(|letter| *letter == first).count() * first.len_utf8();
        out.push_str(&match (first, run) {
            ('y' | 'Y' | 'x', 2) => "%y".to_owned(),
            ('y' | 'Y' | 'x', _) => "%Y".to_owned(),
            ('M', 1 | 2) => "%m".to_owned(),
            ('M', 3) => "%b".to_owned(),
            ('M', _) => "%B".to_owned(),
            ('d', _) => "%d".to_owned(),
            ('H' | 'k', _) => "%H".to_owned(),
            ('h' | 'K', _) => "%I".to_owned(),
            ('m', _) => "%M".to_owned(),
            ('s', _) => "%S".to_owned(),
            ('S', _) => "%f".to_owned(),
            ('a', _) => "%p".to_owned(),
            ('E', 1..=3) => "%a".to_owned(),
            ('E', _) => "%A".to_owned(),
            ('Z', _) => "%z".to_owned(),
            (letter, _) if letter.is_ascii_alphabetic() => return None,
            _ => rest[..run].to_owned(),
        });
        rest = &rest[run..];
    }
    Some(out)
}
