//! Calendar arithmetic without allocation: dates to days, wall-clock readings to instants.

use chrono::{LocalResult, TimeZone as _};

use crate::time::{Millis, Zone};

/// A wall-clock reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// Year, month (1 to 12), day (1 to 31).
    pub(super) date: (i32, u32, u32),
    /// Milliseconds since midnight; a leap second reads as the second after.
    pub(super) millis: i64,
}

impl Reading {
    /// A reading, if the date exists and the time of day is one.
    pub(super) fn new(
        date: (i32, u32, u32),
        (hour, minute, second): (u32, u32, u32),
        milli: u32,
    ) -> Option<Self> {
        if !exists(date)
            || hour > 24
            || minute > 59
            || second > 60
            || (hour == 24 && (minute, second) != (0, 0))
        {
            return None;
        }
        let millis = i64::from(hour * 3600 + minute * 60 + second) * 1000 + i64::from(milli);
        Some(Self { date, millis })
    }

    /// The instant of this reading at `offset` seconds east of UTC.
    pub(super) fn at_offset(self, offset: i32) -> Millis {
        Millis(days(self.date) * 86_400_000 + self.millis - i64::from(offset) * 1000)
    }

    /// The instant of this reading on a clock in `zone`. A reading that occurs twice is the earlier
    /// one; one that is skipped is read with the offset before the change.
    pub(super) fn in_zone(self, zone: Zone) -> Millis {
        match zone {
            Zone::Fixed(offset) => self.at_offset(offset),
            Zone::Named(chrono_tz::UTC) => self.at_offset(0),
            Zone::Named(zone) => {
                let utc = self.at_offset(0);
                let Some(naive) = chrono::DateTime::from_timestamp_millis(utc.0) else {
                    return utc;
                };
                let naive = naive.naive_utc();
                let found = match zone.from_local_datetime(&naive) {
                    LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
                    LocalResult::None => {
                        let earlier = naive - chrono::TimeDelta::hours(3);
                        zone.from_local_datetime(&earlier)
                            .earliest()
                            .map(|at| at + chrono::TimeDelta::hours(3))
                    }
                };
                found.map_or(utc, |at| Millis(at.timestamp_millis()))
            }
        }
    }
}

/// Whether the calendar has that date.
pub(super) fn exists((year, month, day): (i32, u32, u32)) -> bool {
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return false,
    };
    (1..=length).contains(&day)
}

/// Days from 1970-01-01 to the date, which may lie before.
pub(super) fn days((year, month, day): (i32, u32, u32)) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month = i64::from(month);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike as _;

    #[test]
    fn days_agree_with_chrono() {
        for day in (-800_000..900_000).step_by(37) {
            let date =
                chrono::DateTime::from_timestamp(day * 86_400, 0).expect("in range").date_naive();
            assert_eq!(days((date.year(), date.month(), date.day())), day, "{date}");
        }
    }

    #[test]
    fn dates_that_do_not_exist() {
        assert!(!exists((2023, 2, 29)) && exists((2024, 2, 29)) && !exists((1900, 2, 29)));
        assert!(!exists((2024, 13, 1)) && !exists((2024, 4, 31)) && !exists((2024, 4, 0)));
        assert!(Reading::new((2024, 1, 1), (24, 0, 1), 0).is_none());
    }

    #[test]
    fn wall_clocks() {
        let berlin = Zone::Named(chrono_tz::Europe::Berlin);
        let at =
            |date, time| Reading::new(date, time, 0).expect("exists").in_zone(berlin).to_string();
        assert_eq!(at((2024, 7, 1), (12, 0, 0)), "2024-07-01T10:00:00.000Z");
        // Twice on that day: the earlier.
        assert_eq!(at((2024, 10, 27), (2, 30, 0)), "2024-10-27T00:30:00.000Z");
        // Skipped on that day: as if the clock had not moved.
        assert_eq!(at((2024, 3, 31), (2, 30, 0)), "2024-03-31T01:30:00.000Z");
    }
}
