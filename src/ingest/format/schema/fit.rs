//! Whether a value fits the type of its field, and what it becomes there, as Elasticsearch indexes it.

use crate::event::{FieldType, MappedField, Slot, Value};
use crate::ingest::format::stamp::{Clock, TimeFormat};
use crate::time::elastic::{Dates, parse_nanos};
use crate::time::{Millis, RoundUp, Zone};

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    /// It fits as it is.
    Keep,
    /// It fits as this.
    Becomes(Slot),
    /// It does not fit: left out of the field, which is named in `_ignored`.
    Ignore,
}

/// A field's type, prepared for many values.
#[derive(Debug, Clone)]
pub struct Fitter {
    kind: FieldType,
    dates: Vec<TimeFormat>,
    seconds: bool,
}

impl Fitter {
    /// Prepares the type of `field`.
    #[must_use]
    pub fn new(field: &MappedField) -> Self {
        let patterns = field.format.as_deref().unwrap_or_default();
        let dates = patterns
            .split("||")
            .filter(|pattern| !pattern.is_empty() && !pattern.starts_with("epoch"))
            .filter_map(|pattern| TimeFormat::parse(pattern).ok())
            .collect();
        Self { kind: field.kind, dates, seconds: patterns.contains("epoch_second") }
    }

    /// Whether every scalar fits as it is.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        matches!(self.kind, FieldType::Keyword | FieldType::Text)
    }

    /// Fits a scalar; trees fit.
    #[must_use]
    pub fn fit(&self, value: Value<'_>, clock: &Clock) -> Fit {
        match (self.kind, value) {
            (_, Value::Null | Value::Tree(_)) => Fit::Keep,
            (FieldType::Long, Value::Int(_)) => Fit::Keep,
            (FieldType::Long, value) => whole(value, i64::MIN, i64::MAX),
            (FieldType::Integer, value) => whole(value, i64::from(i32::MIN), i64::from(i32::MAX)),
            (FieldType::Short, value) => whole(value, i64::from(i16::MIN), i64::from(i16::MAX)),
            (FieldType::Byte, value) => whole(value, i64::from(i8::MIN), i64::from(i8::MAX)),
            (FieldType::Double | FieldType::Float, value) => fraction(value),
            (FieldType::Boolean, value) => boolean(value),
            (FieldType::Date | FieldType::DateNanos, value) => self.date(value, clock),
            (FieldType::Ip, Value::Text(text)) => {
                let address = std::str::from_utf8(text).ok();
                match address.map(str::parse::<std::net::IpAddr>) {
                    Some(Ok(_)) => Fit::Keep,
                    _ => Fit::Ignore,
                }
            }
            (FieldType::Ip, _) => Fit::Ignore,
            (FieldType::Nested | FieldType::Object, _) => Fit::Ignore,
            (FieldType::Keyword | FieldType::Text | FieldType::GeoPoint | FieldType::Other, _) => {
                Fit::Keep
            }
        }
    }

    fn date(&self, value: Value<'_>, clock: &Clock) -> Fit {
        match value {
            Value::Time(_) => Fit::Keep,
            Value::Int(number) if self.seconds => {
                Fit::Becomes(Slot::Time(Millis(number.saturating_mul(1000))))
            }
            Value::Int(number) => Fit::Becomes(Slot::Time(Millis(number))),
            Value::Text(text) => {
                let Ok(text) = std::str::from_utf8(text) else { return Fit::Ignore };
                let iso = TimeFormat::Shape(super::super::stamp::Shape::Iso).read(text, clock);
                let found =
                    iso.or_else(|| self.dates.iter().find_map(|format| format.read(text, clock)));
                match (found, text.parse::<i64>()) {
                    (Some(stamp), _) if self.is_finer(text, stamp.at) => Fit::Keep,
                    (Some(stamp), _) => Fit::Becomes(Slot::Time(stamp.at)),
                    (None, Ok(number)) => self.date(Value::Int(number), clock),
                    (None, Err(_)) => Fit::Ignore,
                }
            }
            _ => Fit::Ignore,
        }
    }

    /// Whether a text says more of its instant than a time of milliseconds can hold, in a field
    /// that keeps nanoseconds, and means the same instant wherever it is read.
    fn is_finer(&self, text: &str, at: Millis) -> bool {
        let dates = Dates { now: Millis(0), zone: Zone::UTC, round_up: RoundUp::No };
        self.kind == FieldType::DateNanos
            && parse_nanos(text, &dates).is_some_and(|nanos| {
                let millis = i128::from(at.0);
                nanos.div_euclid(1_000_000) == millis && nanos.rem_euclid(1_000_000) != 0
            })
    }
}

fn whole(value: Value<'_>, min: i64, max: i64) -> Fit {
    let number = match value {
        Value::Int(number) => number,
        Value::Float(number) if number.is_finite() && number.abs() < 9.3e18 => number as i64,
        Value::Text(text) => match text_number(text) {
            Some(Value::Int(number)) => number,
            Some(Value::Float(number)) if number.abs() < 9.3e18 => number as i64,
            _ => return Fit::Ignore,
        },
        _ => return Fit::Ignore,
    };
    if (min..=max).contains(&number) { Fit::Becomes(Slot::Int(number)) } else { Fit::Ignore }
}

fn fraction(value: Value<'_>) -> Fit {
    match value {
        Value::Float(_) => Fit::Keep,
        Value::Int(number) => Fit::Becomes(Slot::Float(number as f64)),
        Value::Text(text) => match text_number(text) {
            Some(Value::Int(number)) => Fit::Becomes(Slot::Float(number as f64)),
            Some(Value::Float(number)) => Fit::Becomes(Slot::Float(number)),
            _ => Fit::Ignore,
        },
        _ => Fit::Ignore,
    }
}

fn boolean(value: Value<'_>) -> Fit {
    match value {
        Value::Bool(_) => Fit::Keep,
        Value::Text(b"true") => Fit::Becomes(Slot::Bool(true)),
        Value::Text(b"false" | b"") => Fit::Becomes(Slot::Bool(false)),
        _ => Fit::Ignore,
    }
}

/// A decimal number written as text.
#[must_use]
pub fn text_number(text: &[u8]) -> Option<Value<'static>> {
    let first = *text.first()?;
    if text.len() > 40 || !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    if let Ok(number) = text.parse::<i64>() {
        return Some(Value::Int(number));
    }
    text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: FieldType, value: Value<'_>, expected: &Fit) {
        let clock = Clock { zone: Zone::UTC, year: 2024 };
        assert_eq!(
            Fitter::new(&MappedField::of(kind)).fit(value, &clock),
            *expected,
            "{kind:?} {value:?}"
        );
    }

    #[test]
    fn as_elasticsearch_coerces() {
        check(FieldType::Long, Value::Text(b"12"), &Fit::Becomes(Slot::Int(12)));
        check(FieldType::Long, Value::Float(12.9), &Fit::Becomes(Slot::Int(12)));
        check(FieldType::Long, Value::Text(b"-"), &Fit::Ignore);
        check(FieldType::Long, Value::Bool(true), &Fit::Ignore);
        check(FieldType::Byte, Value::Int(200), &Fit::Ignore);
        check(FieldType::Double, Value::Text(b"0.25"), &Fit::Becomes(Slot::Float(0.25)));
        check(FieldType::Boolean, Value::Text(b"true"), &Fit::Becomes(Slot::Bool(true)));
        check(FieldType::Boolean, Value::Int(1), &Fit::Ignore);
        check(FieldType::Ip, Value::Text(b"fe80::1"), &Fit::Keep);
        check(FieldType::Ip, Value::Text(b"localhost"), &Fit::Ignore);
        check(FieldType::Date, Value::Text(b"1970-01-01"), &Fit::Becomes(Slot::Time(Millis(0))));
        check(FieldType::Date, Value::Int(7), &Fit::Becomes(Slot::Time(Millis(7))));
        check(FieldType::Date, Value::Text(b"soon"), &Fit::Ignore);
        check(FieldType::DateNanos, Value::Text(b"1970-01-01T00:00:00.000000001Z"), &Fit::Keep);
        let second = Fit::Becomes(Slot::Time(Millis(1000)));
        check(FieldType::DateNanos, Value::Text(b"1970-01-01T00:00:01.000Z"), &second);
        check(FieldType::Keyword, Value::Int(7), &Fit::Keep);
    }
}
