//! Date math of the time picker: `now-15m`, `now-1d/d`, `2025-11-24T10:00`, `end-1h`.
//!
//! In: what a person or a saved query wrote for one end of a time range. Out: an instant, or what is
//! wrong with the text. [`kibana`] is exactly Kibana's reading; [`parse`] adds `-15m` for `now-15m`
//! and `end` for the newest record. What stands inside KQL is read by [`super::elastic`] instead.

use chrono::Weekday;

use super::clock::Unit;
use super::iso;
use super::range::{Millis, TimeRange};
use super::zone::Zone;
use crate::diagnostic::Diagnostic;

/// Which end of a range a text stands for, and so which way `/d` rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundUp {
    /// To the last millisecond of the unit (the end of a range).
    Yes,
    /// To its first (the start of a range).
    No,
}

/// What relative texts are relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchors {
    /// The present.
    pub now: Millis,
    /// The newest record, where it is known: what `end` means.
    pub end: Option<Millis>,
    /// The zone of texts without one, of days and of rounding.
    pub zone: Zone,
    /// The first day of the week for `/w` (Kibana's `dateFormat:dow`; Sunday by default).
    pub week_start: Weekday,
}

impl Anchors {
    /// Anchors with weeks from Sunday and no known newest record.
    #[must_use]
    pub fn new(now: Millis, zone: Zone) -> Self {
        Self { now, end: None, zone, week_start: Weekday::Sun }
    }

    /// The same with weeks from that day, if one is set.
    #[must_use]
    pub fn with_weeks_from(self, day: Option<Weekday>) -> Self {
        Self { week_start: day.unwrap_or(self.week_start), ..self }
    }
}

/// Reads one end of a time range as Kibana does; `None` if the expression is invalid.
#[must_use]
pub fn kibana(text: &str, anchors: &Anchors, round_up: RoundUp) -> Option<Millis> {
    if let Some(steps) = text.strip_prefix("now") {
        return take_steps(steps, anchors.now, anchors, round_up);
    }
    let (date, steps) = text.split_once("||").unwrap_or((text, ""));
    take_steps(steps, iso::parse(date, anchors.zone)?, anchors, round_up)
}

/// Reads one end of a time range: Kibana's expressions, `-15m` (before now) and `end` with steps.
///
/// # Errors
/// The text is no such expression, or says `end` where no record has a time.
pub fn parse(text: &str, anchors: &Anchors, round_up: RoundUp) -> Result<Millis, Diagnostic> {
    let trimmed = text.trim();
    let found = if let Some(steps) = trimmed.strip_prefix("end") {
        let Some(end) = anchors.end else {
            return Err(Diagnostic::error("`end` is not known: no record has a time yet"));
        };
        take_steps(steps, end, anchors, round_up)
    } else if trimmed.starts_with(['-', '+', '/']) && iso::parse(trimmed, anchors.zone).is_none() {
        take_steps(trimmed, anchors.now, anchors, round_up)
    } else {
        kibana(trimmed, anchors, round_up)
    };
    found.ok_or_else(|| {
        Diagnostic::error(format!("`{trimmed}` is not a time"))
            .at(0..text.len())
            .hint("write now-15m, -15m, end-1h, now/d, 2025-11-24 or 2025-11-24T10:00")
    })
}

/// Applies `+1h`, `-2d`, `/w` ... from left to right.
///
/// Numbers are read as Kibana's JavaScript reads them: white space counts as a digit, so that
/// `now- 5m` is `now-5m`.
fn take_steps(steps: &str, from: Millis, anchors: &Anchors, round_up: RoundUp) -> Option<Millis> {
    let mut at = from;
    let mut rest = steps;
    while let Some(operator) = rest.chars().next() {
        rest = &rest[operator.len_utf8()..];
        let is_numeric = |c: char| c.is_ascii_digit() || c.is_whitespace();
        let number_end = rest.find(|c| !is_numeric(c))?;
        let (number, after) = rest.split_at(number_end);
        let unit_end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let unit = Unit::of_picker(&after[..unit_end])?;
        rest = &after[unit_end..];
        let count = count_of(number)?;
        at = match (operator, round_up) {
            ('+', _) => unit.add(at, count, anchors.zone)?,
            ('-', _) => unit.add(at, -count, anchors.zone)?,
            ('/', _) if !number.is_empty() && number.trim() != "1" => return None,
            ('/', RoundUp::Yes) => unit.ceil(at, anchors.zone, anchors.week_start)?,
            ('/', RoundUp::No) => unit.floor(at, anchors.zone, anchors.week_start)?,
            _ => return None,
        };
    }
    Some(at)
}

/// The number of a step: one if there is none, nothing if it is only white space.
fn count_of(number: &str) -> Option<i64> {
    if number.is_empty() {
        return Some(1);
    }
    let digits = number.trim_start();
    let length = digits.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 { Some(0) } else { digits[..length].parse().ok() }
}

/// A time range as a person wrote it, so that `now-15m` moves with the clock.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct TimeSpec {
    /// Text of the start; `None` is open.
    pub from: Option<String>,
    /// Text of the end; `None` is open.
    pub to: Option<String>,
}

impl TimeSpec {
    /// A range between two texts.
    #[must_use]
    pub fn between(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: Some(from.into()), to: Some(to.into()) }
    }

    /// Whether it holds everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// The instants that the texts mean now.
    ///
    /// # Errors
    /// One of the texts is no time.
    pub fn resolve(&self, anchors: &Anchors) -> Result<TimeRange, Diagnostic> {
        let read = |text: &Option<String>, round_up| {
            text.as_deref().map(|text| parse(text, anchors, round_up)).transpose()
        };
        Ok(TimeRange { from: read(&self.from, RoundUp::No)?, to: read(&self.to, RoundUp::Yes)? })
    }
}

#[cfg(test)]
#[path = "math_tests.rs"]
mod tests;
