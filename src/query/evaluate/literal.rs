//! What a value of a query is for a field of some type, and what is refused.
//!
//! In: the value as it was written. Out: closed ranges of typed values, so that "equal" and
//! "between" are the same question. Errors are what Elasticsearch would refuse the search for.

use std::ops::RangeInclusive;

use serde_json::Value as Json;

use super::operation::{Range, Side};
use super::refuse;
use super::typed::{address_of, as_kept, decimal, limits};
use super::{Moment, Target};
use crate::diagnostic::Diagnostic;
use crate::event::FieldType;
use crate::time::RoundUp;
use crate::time::elastic::{Dates, parse_nanos};

/// A range that holds nothing.
fn nothing<T: From<u8>>() -> RangeInclusive<T> {
    RangeInclusive::new(T::from(1), T::from(0))
}

/// A value of a query as text.
#[must_use]
pub(super) fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A number of a query: its whole part and whether there is more.
struct Number {
    whole: i128,
    has_fraction: bool,
    real: f64,
}

fn number(target: &Target<'_>, value: &Json) -> Result<Number, Diagnostic> {
    let refused = || refuse::not_a_number(target, value);
    if value.is_boolean() {
        return Err(refused());
    }
    let text = text_of(value);
    let text = text.trim();
    let real = decimal(text).filter(|real| real.is_finite()).ok_or_else(refused)?;
    let whole = match text.parse::<i128>() {
        Ok(whole) => whole,
        Err(_) => real.trunc() as i128,
    };
    // Far outside every type, with room to step.
    let whole = whole.clamp(-(1 << 100), 1 << 100);
    Ok(Number { whole, has_fraction: real.fract() != 0.0, real })
}

/// Whole numbers that equal the value.
pub(super) fn equal_whole(
    target: &Target<'_>,
    value: &Json,
) -> Result<RangeInclusive<i64>, Diagnostic> {
    let number = number(target, value)?;
    let (least, most) = limits(target.field.kind);
    let inside = (i128::from(least)..=i128::from(most)).contains(&number.whole);
    if number.has_fraction || !inside {
        return Ok(nothing());
    }
    Ok(number.whole as i64..=number.whole as i64)
}

/// Whole numbers inside the range.
pub(super) fn range_whole(
    target: &Target<'_>,
    range: &Range,
) -> Result<RangeInclusive<i64>, Diagnostic> {
    let (least, most) = limits(target.field.kind);
    let (mut from, mut to) = (i128::from(least), i128::from(most));
    if let Side::At { value, inclusive } = &range.lower {
        let number = number(target, value)?;
        let above = if number.has_fraction { number.real > 0.0 } else { !inclusive };
        from = from.max(number.whole + i128::from(above));
    }
    if let Side::At { value, inclusive } = &range.upper {
        let number = number(target, value)?;
        let below = if number.has_fraction { number.real < 0.0 } else { !inclusive };
        to = to.min(number.whole - i128::from(below));
    }
    Ok(if from <= to { from as i64..=to as i64 } else { nothing() })
}

/// The fractional number that the value is.
pub(super) fn equal_real(target: &Target<'_>, value: &Json) -> Result<f64, Diagnostic> {
    Ok(as_kept(target.field.kind, number(target, value)?.real))
}

/// Numbers in Lucene's order, in which -0.0 lies before 0.0.
pub(super) fn range_real(
    target: &Target<'_>,
    range: &Range,
) -> Result<RangeInclusive<f64>, Diagnostic> {
    let single = target.field.kind == FieldType::Float;
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
    if let Side::At { value, inclusive } = &range.lower {
        from = equal_real(target, value)?;
        if !inclusive {
            from = step(from, true, single);
        }
    }
    if let Side::At { value, inclusive } = &range.upper {
        to = equal_real(target, value)?;
        if !inclusive {
            to = step(to, false, single);
        }
    }
    Ok(from..=to)
}

/// The next number of the field's precision, up or down; between -0.0 and 0.0 lies nothing.
fn step(number: f64, up: bool, single: bool) -> f64 {
    match (up, single) {
        (true, _) if number == 0.0 && number.is_sign_negative() => 0.0,
        (false, _) if number == 0.0 && number.is_sign_positive() => -0.0,
        (true, false) => number.next_up(),
        (false, false) => number.next_down(),
        (true, true) => f64::from((number as f32).next_up()),
        (false, true) => f64::from((number as f32).next_down()),
    }
}

/// Nanoseconds of the instants that the value means: a day, an hour, a millisecond.
pub(super) fn equal_date(
    target: &Target<'_>,
    value: &Json,
    moment: Moment,
) -> Result<RangeInclusive<i128>, Diagnostic> {
    let side = |value: &Json| Side::At { value: value.clone(), inclusive: true };
    let range = Range { lower: side(value), upper: side(value), ..Range::default() };
    range_date(target, &range, moment)
}

/// Nanoseconds of the instants inside the range.
pub(super) fn range_date(
    target: &Target<'_>,
    range: &Range,
    moment: Moment,
) -> Result<RangeInclusive<i128>, Diagnostic> {
    let zone = match &range.time_zone {
        None => moment.zone,
        Some(name) => crate::time::Zone::parse(name).ok_or_else(|| refuse::not_a_zone(name))?,
    };
    let unit = if target.field.kind == FieldType::DateNanos { 1 } else { 1_000_000 };
    let read = |value: &Json, round_up: bool| {
        let round_up = if round_up { RoundUp::Yes } else { RoundUp::No };
        let dates = Dates { now: moment.now, zone, round_up };
        parse_nanos(&text_of(value), &dates)
            .map(|nanos| nanos.div_euclid(unit))
            .ok_or_else(|| refuse::not_a_date(target, value))
    };
    let mut from = i128::MIN;
    let mut to = i128::MAX;
    if let Side::At { value, inclusive } = &range.lower {
        from = (read(value, !inclusive)? + i128::from(!inclusive)) * unit;
    }
    if let Side::At { value, inclusive } = &range.upper {
        let last = read(value, *inclusive)? - i128::from(!inclusive);
        to = last * unit + (unit - 1);
    }
    Ok(from..=to)
}

/// Addresses that the value names: one, or a block in CIDR notation.
pub(super) fn equal_address(
    target: &Target<'_>,
    value: &Json,
) -> Result<RangeInclusive<u128>, Diagnostic> {
    let text = text_of(value);
    let refused = || refuse::not_an_address(target, value);
    let Some((base, bits)) = text.split_once('/') else {
        let address = address_of(&text).ok_or_else(refused)?;
        return Ok(address..=address);
    };
    let address = address_of(base).ok_or_else(refused)?;
    let bits: u32 = bits.parse().ok().ok_or_else(refused)?;
    let is_v4 = base.parse::<std::net::Ipv4Addr>().is_ok();
    if bits > if is_v4 { 32 } else { 128 } {
        return Err(refused());
    }
    let host_bits = if is_v4 { 32 - bits } else { 128 - bits };
    let host = 1_u128.checked_shl(host_bits).map_or(u128::MAX, |size| size - 1);
    Ok(address & !host..=address | host)
}

/// Addresses inside the range.
pub(super) fn range_address(
    target: &Target<'_>,
    range: &Range,
) -> Result<RangeInclusive<u128>, Diagnostic> {
    let read = |value: &Json| {
        address_of(&text_of(value)).ok_or_else(|| refuse::not_an_address(target, value))
    };
    let (mut from, mut to) = (0, u128::MAX);
    if let Side::At { value, inclusive } = &range.lower {
        let address = read(value)?;
        match address.checked_add(u128::from(!inclusive)) {
            Some(address) => from = address,
            None => return Ok(nothing()),
        }
    }
    if let Side::At { value, inclusive } = &range.upper {
        let address = read(value)?;
        match address.checked_sub(u128::from(!inclusive)) {
            Some(address) => to = address,
            None => return Ok(nothing()),
        }
    }
    Ok(from..=to)
}

/// The boolean that the value is.
pub(super) fn equal_truth(target: &Target<'_>, value: &Json) -> Result<bool, Diagnostic> {
    match text_of(value).as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(refuse::not_a_boolean(target, value)),
    }
}

/// Whether false, and whether true, lies inside the range.
pub(super) fn range_truth(target: &Target<'_>, range: &Range) -> Result<(bool, bool), Diagnostic> {
    let (mut no, mut yes) = (true, true);
    if let Side::At { value, inclusive } = &range.lower {
        let bound = equal_truth(target, value)?;
        no &= !bound && *inclusive;
        yes &= !bound || *inclusive;
    }
    if let Side::At { value, inclusive } = &range.upper {
        let bound = equal_truth(target, value)?;
        no &= bound || *inclusive;
        yes &= bound && *inclusive;
    }
    Ok((no, yes))
}
