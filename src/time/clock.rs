//! Steps and roundings on a zone's calendar, which both kinds of date math share.
//!
//! In: an instant, a unit, a zone. Out: another instant, or `None` where no calendar reaches.
//! Days and longer units keep the clock's time; hours and shorter ones are absolute.

use chrono::{Datelike, Days, Months, NaiveTime, Weekday};

use super::range::Millis;
use super::zone::Zone;

/// A unit of date math.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Milli,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// The instants that JavaScript's Date can hold, which is more than logs need.
const REACH: i64 = 8_640_000_000_000_000;

impl Unit {
    /// The unit that Kibana's picker writes so (`ms s m h d w M y`).
    pub(super) fn of_picker(text: &str) -> Option<Self> {
        Some(match text {
            "ms" => Self::Milli,
            "s" => Self::Second,
            "m" => Self::Minute,
            "h" => Self::Hour,
            "d" => Self::Day,
            "w" => Self::Week,
            "M" => Self::Month,
            "y" => Self::Year,
            _ => return None,
        })
    }

    /// The length of units that are absolute.
    fn millis(self) -> Option<i64> {
        match self {
            Self::Milli => Some(1),
            Self::Second => Some(1000),
            Self::Minute => Some(60_000),
            Self::Hour => Some(3_600_000),
            _ => None,
        }
    }

    /// `at` moved by `count` units.
    pub(super) fn add(self, at: Millis, count: i64, zone: Zone) -> Option<Millis> {
        if let Some(unit) = self.millis() {
            return within(at.0.checked_add(count.checked_mul(unit)?)?);
        }
        let local = zone.to_local(at);
        let size = count.unsigned_abs();
        let months = |factor: u64| u32::try_from(size.checked_mul(factor)?).ok().map(Months::new);
        let days = |factor: u64| size.checked_mul(factor).map(Days::new);
        let moved = match (self, count >= 0) {
            (Self::Year, true) => local.checked_add_months(months(12)?),
            (Self::Year, false) => local.checked_sub_months(months(12)?),
            (Self::Month, true) => local.checked_add_months(months(1)?),
            (Self::Month, false) => local.checked_sub_months(months(1)?),
            (Self::Week, true) => local.checked_add_days(days(7)?),
            (Self::Week, false) => local.checked_sub_days(days(7)?),
            (_, true) => local.checked_add_days(days(1)?),
            (_, false) => local.checked_sub_days(days(1)?),
        };
        within(zone.from_local(moved?).0)
    }

    /// The first instant of the unit that holds `at`.
    pub(super) fn floor(self, at: Millis, zone: Zone, week_start: Weekday) -> Option<Millis> {
        if let Some(unit) = self.millis() {
            let offset = i64::from(zone.offset_seconds(at)) * 1000;
            return Some(Millis((at.0 + offset).div_euclid(unit) * unit - offset));
        }
        let date = zone.to_local(at).date();
        let first = match self {
            Self::Year => date.with_ordinal(1)?,
            Self::Month => date.with_day(1)?,
            Self::Week => {
                date.checked_sub_days(Days::new(u64::from(date.weekday().days_since(week_start))))?
            }
            _ => date,
        };
        within(zone.from_local(first.and_time(NaiveTime::MIN)).0)
    }

    /// The last millisecond of the unit that holds `at`.
    pub(super) fn ceil(self, at: Millis, zone: Zone, week_start: Weekday) -> Option<Millis> {
        let first = self.floor(at, zone, week_start)?;
        Some(Millis(self.add(first, 1, zone)?.0 - 1))
    }
}

/// `None` for instants beyond what any calendar here can hold.
pub(super) fn within(millis: i64) -> Option<Millis> {
    (-REACH..=REACH).contains(&millis).then_some(Millis(millis))
}
