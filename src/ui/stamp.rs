//! Instants as the screen writes them, in the zone of the display.

use chrono::{Datelike as _, NaiveDateTime};

use crate::time::{Millis, TimeRange, Zone};

/// Which parts of a date the rows of a table need to be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// All on one day: the time only.
    Time,
    /// All in one year, or within some months of a turn of the year.
    Day,
    /// Several years.
    Year,
}

impl Detail {
    /// What a range of time needs; an open range needs the year.
    #[must_use]
    pub fn of(range: TimeRange, zone: Zone) -> Self {
        let (Some(from), Some(to)) = (range.from, range.to) else { return Self::Year };
        let (from, to) = (zone.to_local(from), zone.to_local(to));
        if from.date() == to.date() {
            Self::Time
        } else if from.year() == to.year() || (to - from).num_days() < 300 {
            Self::Day
        } else {
            Self::Year
        }
    }

    /// The cells that a stamp fills.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Time => 12,
            Self::Day => 18,
            Self::Year => 23,
        }
    }

    /// A stamp: `13:21:07.118`, `11-22 13:21:07.118` or `2026-11-22 13:21:07.118`.
    #[must_use]
    pub fn stamp(self, at: Millis, zone: Zone) -> String {
        let format = match self {
            Self::Time => "%H:%M:%S%.3f",
            Self::Day => "%m-%d %H:%M:%S%.3f",
            Self::Year => "%Y-%m-%d %H:%M:%S%.3f",
        };
        zone.to_local(at).format(format).to_string()
    }
}

/// A range as the title says it: `11-21 15:04 to 11-22 15:04`, with what its ends need.
#[must_use]
pub fn range(range: TimeRange, zone: Zone) -> String {
    let detail = Detail::of(range, zone);
    let clocks = [range.from, range.to].map(|end| end.map(|at| zone.to_local(at)));
    let seconds = match clocks {
        [Some(from), Some(to)] => (to - from).num_seconds() < 600,
        _ => false,
    };
    let date = match detail {
        Detail::Time | Detail::Day => "%m-%d",
        Detail::Year => "%Y-%m-%d",
    };
    let time = if seconds { "%H:%M:%S" } else { "%H:%M" };
    let say = |clock: NaiveDateTime, with_date: bool| {
        let format = if with_date { format!("{date} {time}") } else { time.to_owned() };
        clock.format(&format).to_string()
    };
    match clocks {
        [None, None] => "all times".to_owned(),
        [Some(from), None] => format!("since {}", say(from, true)),
        [None, Some(to)] => format!("until {}", say(to, true)),
        [Some(from), Some(to)] => {
            format!("{} to {}", say(from, true), say(to, detail != Detail::Time))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Detail, range};
    use crate::time::{Millis, TimeRange, Zone};

    const HOUR: i64 = 3_600_000;
    const DAY: i64 = 24 * HOUR;
    /// 2026-11-22T13:21:07.118Z
    const AT: i64 = 1_795_353_667_118;

    fn between(from: i64, to: i64) -> TimeRange {
        TimeRange { from: Some(Millis(from)), to: Some(Millis(to)) }
    }

    #[test]
    fn stamps_show_what_the_range_needs() {
        let check = |from, to, expect: &str| {
            let detail = Detail::of(between(from, to), Zone::UTC);
            let stamp = detail.stamp(Millis(AT), Zone::UTC);
            assert_eq!(stamp, expect);
            assert_eq!(stamp.len(), detail.width());
        };
        check(AT - HOUR, AT, "13:21:07.118");
        check(AT - DAY, AT, "11-22 13:21:07.118");
        check(AT - 400 * DAY, AT, "2026-11-22 13:21:07.118");
    }

    #[test]
    fn zones_shift_the_clock() {
        let warsaw = Zone::Named(chrono_tz::Europe::Warsaw);
        assert_eq!(Detail::Time.stamp(Millis(AT), warsaw), "14:21:07.118");
        assert_eq!(Detail::Time.stamp(Millis(AT), Zone::Fixed(-3600)), "12:21:07.118");
    }

    #[test]
    fn ranges_are_said_shortly() {
        assert_eq!(range(between(AT - HOUR, AT), Zone::UTC), "11-22 12:21 to 13:21");
        assert_eq!(range(between(AT - DAY, AT), Zone::UTC), "11-21 13:21 to 11-22 13:21");
        assert_eq!(range(between(AT - 5000, AT), Zone::UTC), "11-22 13:21:02 to 13:21:07");
        assert_eq!(range(TimeRange::ALL, Zone::UTC), "all times");
    }
}
