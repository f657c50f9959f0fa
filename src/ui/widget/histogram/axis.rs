//! Round numbers and round times for the axes.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};

use crate::time::{Millis, Zone};

/// The smallest round number that is not below `most`; its half is round too from 4 on.
pub(super) fn round_top(most: u64) -> u64 {
    const STEPS: [u64; 10] = [10, 12, 16, 20, 24, 30, 40, 50, 60, 80];
    if most <= 4 {
        return most;
    }
    if most <= 10 {
        return most + most % 2;
    }
    let mut scale: u64 = 1;
    loop {
        for step in STEPS {
            let top = step.saturating_mul(scale);
            if top >= most {
                return top;
            }
        }
        match scale.checked_mul(10) {
            Some(next) => scale = next,
            None => return most,
        }
    }
}

/// A label of the x axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    /// The column of bars that it stands under.
    pub column: usize,
    /// A time, or the date where it changes.
    pub label: String,
}

/// How far ticks are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Seconds(i64),
    Days(i64),
    Months(u32),
}

const STEPS: [Step; 24] = [
    Step::Seconds(1),
    Step::Seconds(2),
    Step::Seconds(5),
    Step::Seconds(10),
    Step::Seconds(15),
    Step::Seconds(30),
    Step::Seconds(60),
    Step::Seconds(120),
    Step::Seconds(300),
    Step::Seconds(600),
    Step::Seconds(900),
    Step::Seconds(1800),
    Step::Seconds(3600),
    Step::Seconds(7200),
    Step::Seconds(10800),
    Step::Seconds(21600),
    Step::Seconds(43200),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(12),
];

impl Step {
    fn seconds(self) -> i64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Days(days) => days * 86_400,
            Self::Months(months) => i64::from(months) * 30 * 86_400,
        }
    }

    /// The cells that a label and the gap after it need.
    fn room(self) -> i64 {
        match self {
            Self::Seconds(0..60) => 12,
            Self::Seconds(_) | Self::Days(_) => 9,
            Self::Months(_) => 11,
        }
    }

    fn label(self, clock: NaiveDateTime) -> String {
        let at_midnight = clock.num_seconds_from_midnight() == 0;
        let format = match self {
            Self::Seconds(_) if at_midnight => "%m-%d",
            Self::Seconds(0..60) => "%H:%M:%S",
            Self::Seconds(_) => "%H:%M",
            Self::Days(_) => "%m-%d",
            Self::Months(0..12) => "%Y-%m",
            Self::Months(_) => "%Y",
        };
        clock.format(format).to_string()
    }

    /// The first round reading of the clock that is not before `clock`.
    fn first(self, clock: NaiveDateTime) -> Option<NaiveDateTime> {
        let day = midnight(clock.date());
        match self {
            Self::Seconds(step) => {
                let into_day = (clock - day).num_milliseconds();
                let steps = (into_day + step * 1000 - 1).div_euclid(step * 1000);
                day.checked_add_signed(TimeDelta::seconds(steps * step))
            }
            Self::Days(days) => {
                let number = i64::from(clock.date().num_days_from_ce()) + i64::from(clock > day);
                // Weeks begin on Mondays: day 1 of the common era was one.
                let next = (number - 1 + days - 1).div_euclid(days) * days + 1;
                let date = NaiveDate::from_num_days_from_ce_opt(i32::try_from(next).ok()?)?;
                Some(midnight(date))
            }
            Self::Months(months) => {
                let months = i32::try_from(months).ok()?;
                let number = clock.year() * 12 + clock.month0() as i32;
                let begun = clock.day() > 1 || clock > day;
                let next = (number + i32::from(begun) + months - 1).div_euclid(months) * months;
                let month = next.rem_euclid(12) as u32 + 1;
                NaiveDate::from_ymd_opt(next.div_euclid(12), month, 1).map(midnight)
            }
        }
    }

    fn after(self, clock: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Self::Seconds(step) => {
                let next = clock.checked_add_signed(TimeDelta::seconds(step))?;
                // Steps that do not divide a day begin again at midnight.
                let midnight = midnight(next.date());
                if next.date() == clock.date() { Some(next) } else { Some(midnight) }
            }
            Self::Days(_) | Self::Months(_) => {
                self.first(clock.checked_add_signed(TimeDelta::seconds(1))?)
            }
        }
    }
}

fn midnight(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN)
}

/// The ticks under columns that begin at `starts`, the last of which ends at `end`.
pub(super) fn ticks(starts: &[Millis], end: Millis, zone: Zone) -> Vec<Tick> {
    let (Some(first), columns) = (starts.first(), starts.len() as i64) else { return Vec::new() };
    let length = end.0.saturating_sub(first.0);
    if length <= 0 {
        return Vec::new();
    }
    let seconds = length as f64 / 1000.0;
    let fits = |step: &Step| step.seconds() as f64 * columns as f64 / seconds >= step.room() as f64;
    let Some(step) = STEPS.into_iter().find(fits) else { return Vec::new() };
    let mut ticks: Vec<Tick> = Vec::new();
    let mut next = step.first(zone.to_local(*first));
    // Never more than there are columns, whatever the clock does.
    for _ in 0..=columns {
        let Some(clock) = next else { break };
        next = step.after(clock);
        let at = zone.from_local(clock);
        if at >= end {
            break;
        }
        let column = starts.partition_point(|start| *start <= at).saturating_sub(1);
        let column = spread(starts, column, at);
        if ticks.last().is_some_and(|last| column < last.column + last.label.len() + 1) {
            continue;
        }
        ticks.push(Tick { column, label: step.label(clock) });
    }
    ticks
}

/// The column nearest to `at` among those that one wide bar fills.
fn spread(starts: &[Millis], column: usize, at: Millis) -> usize {
    let Some(start) = starts.get(column) else { return column };
    let first = starts.partition_point(|other| other < start);
    let Some(next) = starts.get(column + 1) else { return first };
    let share = (at.0 - start.0) as f64 / (next.0 - start.0).max(1) as f64;
    first + (share * (column + 1 - first) as f64) as usize
}
