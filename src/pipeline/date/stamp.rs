//! What a stamp says, and the instant that it means.

use chrono::{Datelike, LocalResult, NaiveDate, NaiveDateTime};

use crate::time::{Millis, Zone};

const DAY: i64 = 86_400_000;

/// The parts of a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) struct Stamp {
    /// `None` where the format has no year.
    pub(super) year: Option<i32>,
    pub(super) month: u8,
    pub(super) day: u8,
    /// Counts days of the year instead of month and day.
    pub(super) day_of_year: Option<u16>,
    /// A week of the year instead of month and day.
    pub(super) week: Option<u8>,
    /// 1 is Monday.
    pub(super) weekday: Option<u8>,
    /// Since midnight.
    pub(super) millis: i64,
    /// Seconds east of UTC, where the text says so.
    pub(super) offset: Option<i32>,
    /// A named zone, where the text says so.
    pub(super) zone: Option<Zone>,
    /// The whole instant, where the text counts from 1970.
    pub(super) instant: Option<i64>,
}

impl Default for Stamp {
    fn default() -> Self {
        Self {
            year: Some(1970),
            month: 1,
            day: 1,
            day_of_year: None,
            week: None,
            weekday: None,
            millis: 0,
            offset: None,
            zone: None,
            instant: None,
        }
    }
}

/// How the year of a stamp without one is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pipeline) enum Guess {
    /// Logstash's rule about this instant, on a clock in this zone.
    Logstash(Millis),
    /// This year; the last leap year before it for a 29th of February.
    Base(i32),
}

/// Remembers the last offset of a named zone, since neighbouring records share it.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::pipeline) struct ZoneCache(Option<(Zone, i64, i64)>);

impl Stamp {
    /// Whether the text has no year.
    pub(in crate::pipeline) fn is_yearless(&self) -> bool {
        self.year.is_none() && self.instant.is_none()
    }

    /// The instant; `None` for days and times that do not exist.
    pub(in crate::pipeline) fn resolve(
        &self,
        zone: Zone,
        guess: Guess,
        cache: &mut ZoneCache,
    ) -> Option<Millis> {
        if let Some(instant) = self.instant {
            return Some(Millis(instant));
        }
        let year = match self.year {
            Some(year) => year,
            None => self.guess_year(zone, guess),
        };
        let local = self.days(year)? * DAY + self.millis;
        if let Some(offset) = self.offset {
            return Some(Millis(local - i64::from(offset) * 1000));
        }
        match self.zone.unwrap_or(zone) {
            Zone::UTC => Some(Millis(local)),
            Zone::Fixed(seconds) => Some(Millis(local - i64::from(seconds) * 1000)),
            named @ Zone::Named(_) => cache.resolve(named, local),
        }
    }

    fn guess_year(&self, zone: Zone, guess: Guess) -> i32 {
        match guess {
            Guess::Logstash(now) => {
                let now = zone.to_local(now);
                match (self.month, now.month()) {
                    (12, 1) => now.year() - 1,
                    (1, 12) => now.year() + 1,
                    _ => now.year(),
                }
            }
            Guess::Base(year) if self.month == 2 && self.day == 29 => {
                (0..8).map(|back| year - back).find(|year| is_leap(*year)).unwrap_or(year)
            }
            Guess::Base(year) => year,
        }
    }

    /// Days since 1970 of the date.
    fn days(&self, year: i32) -> Option<i64> {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        if let Some(week) = self.week {
            let weekday = chrono::Weekday::try_from(self.weekday.unwrap_or(1) - 1).ok()?;
            let date = NaiveDate::from_isoywd_opt(year, u32::from(week), weekday)?;
            return Some(i64::from(date.num_days_from_ce()) - 719_163);
        }
        if let Some(ordinal) = self.day_of_year {
            let last = if is_leap(year) { 366 } else { 365 };
            let fits = (1..=last).contains(&ordinal);
            return fits.then(|| days_from_civil(year, 1, 1) + i64::from(ordinal) - 1);
        }
        if !(1..=12).contains(&month) || day < 1 || day > i64::from(month_len(year, self.month)) {
            return None;
        }
        let days = days_from_civil(year, month, day);
        // A weekday that contradicts the date moves it within its week, as Joda-Time does.
        Some(match self.weekday {
            Some(weekday) => days - (days + 3).rem_euclid(7) + i64::from(weekday) - 1,
            None => days,
        })
    }
}

impl ZoneCache {
    fn resolve(&mut self, zone: Zone, local: i64) -> Option<Millis> {
        const SLOT: i64 = 900_000;
        let slot = local.div_euclid(SLOT);
        if let Some((known, at, offset)) = self.0
            && known == zone
            && at == slot
        {
            return Some(Millis(local - offset));
        }
        let naive: NaiveDateTime = chrono::DateTime::from_timestamp_millis(local)?.naive_utc();
        let instant = match zone.instants(naive) {
            LocalResult::Single(at) => at,
            LocalResult::Ambiguous(first, _) => return Some(first),
            LocalResult::None => return None,
        };
        // Offsets change on quarters of an hour; before 1970 anything goes.
        if local >= 0 {
            self.0 = Some((zone, slot, local - instant.0));
        }
        Some(instant)
    }
}

pub(super) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn month_len(year: i32, month: u8) -> u8 {
    match month {
        2 => 28 + u8::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days_from_civil(year: i32, month: i64, day: i64) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}
