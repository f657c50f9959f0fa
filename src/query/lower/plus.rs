//! Sizes and durations in comparisons (`bytes > 10mb`, `took > 1.5s`): an extension of KQL.
//!
//! In: a field and a value. Out: a plain number in the field's own unit, or nothing if the value is
//! no such measure. A field's unit is told by its name; `event.duration` counts nanoseconds.

use serde_json::Value as Json;

use crate::query::kql::Term;

const SIZES: [(&str, f64); 13] = [
    ("kib", 1024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
    ("tib", 1_099_511_627_776.0),
    ("kb", 1024.0),
    ("mb", 1_048_576.0),
    ("gb", 1_073_741_824.0),
    ("tb", 1_099_511_627_776.0),
    ("k", 1024.0),
    ("g", 1_073_741_824.0),
    ("t", 1_099_511_627_776.0),
    ("b", 1.0),
    ("bytes", 1.0),
];

/// Durations in seconds.
const DURATIONS: [(&str, f64); 9] = [
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("min", 60.0),
    ("h", 3600.0),
    ("d", 86_400.0),
];

/// The value as a number of the field's unit, if it is a size or a duration.
pub(super) fn measure(name: &str, kind: &str, value: &Term) -> Option<Json> {
    let Term::Text { text, quoted: false } = value else { return None };
    if !(kind == "number" || kind.is_empty()) {
        return None;
    }
    let unit_start = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let (number, unit) = text.split_at(unit_start);
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let of = |table: &[(&str, f64)]| table.iter().find(|(name, _)| *name == unit).map(|row| row.1);
    let measured = match (of(&SIZES), of(&DURATIONS)) {
        (Some(factor), _) => number * factor,
        (None, Some(seconds)) => number * seconds / field_unit(name),
        (None, None) => return None,
    };
    Some(plain_number(measured))
}

/// Seconds that one of a field's units has.
fn field_unit(name: &str) -> f64 {
    let name = name.to_lowercase();
    let last = name.rsplit(['.', '_']).next().unwrap_or_default();
    match last {
        _ if name == "event.duration" => 1e-9,
        "ns" | "nanos" | "nanoseconds" => 1e-9,
        "us" | "micros" | "microseconds" => 1e-6,
        "ms" | "millis" | "milliseconds" | "msec" => 1e-3,
        _ => 1.0,
    }
}

/// Whole numbers without a point.
fn plain_number(number: f64) -> Json {
    // Products of decimal fractions are off by less than this.
    let rounded = number.round();
    if (number - rounded).abs() < 1e-6 * rounded.abs().max(1.0) && rounded.abs() < 9e15 {
        return Json::from(rounded as i64);
    }
    Json::from(number)
}
