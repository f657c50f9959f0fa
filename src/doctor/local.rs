//! A local log: its format, what does not fit it, its clock.

use super::finding::Finding;
use super::words::{ago, count, length, share, size};
use crate::time::{Millis, Zone};

/// What was found in one log.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// Its path or name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was written last.
    pub modified: Option<Millis>,
    /// The format's name for people.
    pub format: String,
    /// Lines of the sample, and those of them that the format has taken.
    pub sample: (usize, usize),
    /// Other formats that fit some of the sample: name, lines, of lines.
    pub others: Vec<(String, usize, usize)>,
    /// Records read.
    pub records: u64,
    /// Records that fit nothing.
    pub misfits: u64,
    /// Some of them.
    pub examples: Vec<String>,
    /// Records without a time.
    pub timeless: u64,
    /// First and last time.
    pub span: Option<(Millis, Millis)>,
    /// Whether its times depend on the zone that is assumed.
    pub is_zoneless: bool,
    /// The zone that was assumed.
    pub zone: Zone,
    /// Where time goes back, the largest leap first.
    pub leaps: Vec<Leap>,
    /// Whether it was read only in part, as it is long.
    pub is_cut: bool,
}

/// A place where a record is older than the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leap {
    /// Where the later record begins, in bytes.
    pub at: u64,
    /// The time before.
    pub from: Millis,
    /// The time after.
    pub to: Millis,
}

/// Leaps below this are threads that write past each other, in milliseconds.
pub const LEAP: i64 = 60_000;
/// A share of misfits from which the format is in doubt, in per cent.
const MANY: u64 = 5;

/// Judges a log. `now` is the clock, `shown` the zone that times are shown in.
#[must_use]
pub fn judge(log: &Log, now: Millis, shown: Zone) -> Vec<Finding> {
    let written = match log.modified {
        Some(at) => format!(", written {}", ago(now.0 - at.0)),
        None => String::new(),
    };
    if log.size == 0 && log.records == 0 {
        let finding = Finding::warning("readable", format!("it is empty{written}"));
        return vec![
            finding.advise("does the service log to another place (journal:, docker:NAME)?"),
        ];
    }
    let has_times = log.span.is_some();
    let part = if log.is_cut { ", the first part read" } else { "" };
    let records = count(log.records, "record");
    let mut findings = vec![
        Finding::ok("readable", format!("{}, {records}{part}{written}", size(log.size))),
        format(log),
        misfits(log),
        times(log, now, shown),
    ];
    if has_times {
        findings.extend([zone(log), leaps(log, shown)]);
    }
    findings
}

fn format(log: &Log) -> Finding {
    const CHECK: &str = "format";
    let (lines, taken) = log.sample;
    let seen = format!("{}: {taken} of {lines} sample lines", log.format);
    let others = log.others.iter().take(3);
    let others: Vec<String> =
        others.map(|(name, fits, of)| format!("{name} fits {fits} of {of}")).collect();
    if taken * 2 >= lines || lines == 0 {
        let others = if taken == lines { Vec::new() } else { others };
        return Finding::ok(CHECK, seen).detail(others);
    }
    Finding::warning(CHECK, seen).detail(others).advise(
        "force one with --format NAME (`peavey formats` lists them); `peavey formats --explain \
         FILE` shows more",
    )
}

fn misfits(log: &Log) -> Finding {
    const CHECK: &str = "parsing";
    if log.misfits == 0 {
        return Finding::ok(CHECK, "every record fits");
    }
    let part = share(log.misfits, log.records);
    let seen = format!("{} fit no pattern ({part})", count(log.misfits, "record"));
    let examples = log.examples.iter().map(|line| format!("| {line}"));
    let finding = if log.misfits * 100 >= log.records * MANY {
        Finding::warning(CHECK, seen)
            .advise("another --format may fit, or a Logstash configuration of your own")
    } else {
        Finding::ok(CHECK, seen)
    };
    finding.detail(examples)
}

fn times(log: &Log, now: Millis, shown: Zone) -> Finding {
    const CHECK: &str = "times";
    let Some((first, last)) = log.span else {
        return Finding::warning(CHECK, "no record has a time")
            .advise("name the field that has it: --time-field FIELD, --time-format FORMAT");
    };
    let at = |at: Millis| super::words::seconds(at, shown);
    let seen = format!("{} to {}", at(first), at(last));
    if last.0 > now.0 + LEAP {
        let ahead = length(last.0 - now.0);
        return Finding::warning(CHECK, format!("the last record is {ahead} in the future"))
            .detail([seen])
            .advise("a zone or a clock is wrong: --source-tz ZONE says how times are meant");
    }
    if log.timeless > 0 {
        let part = share(log.timeless, log.records);
        let without = count(log.timeless, "record");
        return Finding::warning(CHECK, format!("{without} without a time ({part})"))
            .detail([seen])
            .advise("the histogram and time ranges leave them out");
    }
    Finding::ok(CHECK, seen)
}

/// Whether the times may be meant in another zone: the file was written about a whole number of
/// half hours before or after its last record says.
fn zone(log: &Log) -> Finding {
    const CHECK: &str = "time zone";
    const HALF: i64 = 1_800_000;
    if !log.is_zoneless {
        return Finding::ok(CHECK, "times name their zone");
    }
    let assumed = log.zone.to_string();
    let (Some((_, last)), Some(written)) = (log.span, log.modified) else {
        return Finding::ok(CHECK, format!("times name none; read as {assumed}"));
    };
    let apart = written.0 - last.0;
    let steps = (apart + apart.signum() * HALF / 2) / HALF;
    let is_whole = (apart - steps * HALF).abs() < 5 * 60_000;
    if steps == 0 || steps.abs() > 28 || !is_whole {
        return Finding::ok(CHECK, format!("times name none; read as {assumed}"));
    }
    let length = length((steps * HALF).abs());
    let way = if steps > 0 { "after" } else { "before" };
    Finding::warning(
        CHECK,
        format!("times name none, and the file was written {length} {way} its last record says"),
    )
    .advise(format!(
        "they are read as {assumed}; if they are meant in another zone: --source-tz ZONE \
             (UTC, Europe/Berlin, +02:00)"
    ))
}

fn leaps(log: &Log, shown: Zone) -> Finding {
    const CHECK: &str = "clock";
    let Some(worst) = log.leaps.first() else {
        return Finding::ok(CHECK, "time never goes back by a minute or more");
    };
    let times = count(log.leaps.len() as u64, "time");
    let at = |at: Millis| super::words::seconds(at, shown);
    let line = |leap: &Leap| {
        let back = length(leap.from.0 - leap.to.0);
        format!("at byte {}: {} to {}, {back} back", leap.at, at(leap.from), at(leap.to))
    };
    let back = length(worst.from.0 - worst.to.0);
    Finding::warning(CHECK, format!("time goes back {times}, by {back} at most"))
        .detail(log.leaps.iter().take(3).map(line))
        .advise(
            "a clock was set, summer time ended, or several services write one file; records \
             are shown in order of time all the same",
        )
}

#[cfg(test)]
mod tests {
    use super::{Leap, Log, judge};
    use crate::doctor::Grade;
    use crate::time::{Millis, Zone};

    const NOW: Millis = Millis(1_763_972_104_000);
    const HOUR: i64 = 3_600_000;

    fn log() -> Log {
        Log {
            name: "app.log".to_owned(),
            size: 4096,
            modified: Some(NOW),
            format: "nginx access".to_owned(),
            sample: (100, 100),
            others: vec![("plain".to_owned(), 100, 100)],
            records: 1000,
            misfits: 0,
            examples: Vec::new(),
            timeless: 0,
            span: Some((Millis(NOW.0 - 24 * HOUR), NOW)),
            is_zoneless: true,
            zone: Zone::UTC,
            leaps: Vec::new(),
            is_cut: false,
        }
    }

    fn check(change: impl FnOnce(&mut Log), name: &str, grade: Grade, word: &str) {
        let mut log = log();
        change(&mut log);
        let findings = judge(&log, NOW, Zone::UTC);
        let found = findings.iter().find(|finding| finding.check == name).unwrap();
        let said = format!("{} {} {:?}", found.seen, found.details.join(" "), found.advice);
        assert!(found.grade == grade && said.contains(word), "{:?} {said}", found.grade);
    }

    #[test]
    fn a_log_is_judged_by_what_was_read_of_it() {
        use Grade::{Ok, Warning};
        check(|_| {}, "format", Ok, "100 of 100");
        check(|log| log.sample = (100, 30), "format", Warning, "plain fits 100 of 100");
        check(|log| log.misfits = 3, "parsing", Ok, "0.3 %");
        check(
            |log| (log.misfits, log.examples) = (300, vec!["odd".to_owned()]),
            "parsing",
            Warning,
            "| odd",
        );
        check(|log| log.timeless = 10, "times", Warning, "10 records without a time");
        check(|log| log.span = None, "times", Warning, "--time-field");
        check(
            |log| log.span = Some((NOW, Millis(NOW.0 + HOUR))),
            "times",
            Warning,
            "in the future",
        );
        check(|log| (log.size, log.records) = (0, 0), "readable", Warning, "empty");
        let leap = Leap { at: 700, from: NOW, to: Millis(NOW.0 - HOUR) };
        check(|log| log.leaps = vec![leap], "clock", Warning, "at byte 700");
    }

    #[test]
    fn a_zone_is_in_doubt_where_the_file_was_written_whole_half_hours_apart() {
        use Grade::{Ok, Warning};
        let written = |apart: i64, grade, word: &str| {
            check(|log| log.modified = Some(Millis(NOW.0 + apart)), "time zone", grade, word);
        };
        written(0, Ok, "read as UTC");
        written(2 * HOUR + 30_000, Warning, "2 h after");
        written(-HOUR, Warning, "1 h before");
        written(2 * HOUR + 700_000, Ok, "read as UTC");
        written(20 * HOUR, Ok, "read as UTC");
        check(|log| log.is_zoneless = false, "time zone", Ok, "name their zone");
    }
}
