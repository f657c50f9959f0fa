//! What stamps mean.

use super::{Format, Guess, ZoneCache};
use crate::time::{Millis, Zone};

/// 2024-03-05T06:07:08.090Z
const NOW: Millis = Millis(1_709_618_828_090);

fn read(format: &str, text: &str, zone: &str, guess: Guess) -> String {
    let format = Format::parse(format).expect("it is a format");
    let zone = Zone::parse(zone).expect("it is a zone");
    let at = format
        .read(text.as_bytes())
        .and_then(|stamp| stamp.resolve(zone, guess, &mut ZoneCache::default()));
    at.map_or("none".to_owned(), |at| at.to_string())
}

#[track_caller]
fn check(format: &str, text: &str, expect: &str) {
    assert_eq!(read(format, text, "UTC", Guess::Logstash(NOW)), expect, "{format} on {text}");
}

#[test]
fn web_server_stamps_are_read() {
    check("dd/MMM/yyyy:HH:mm:ss Z", "24/Nov/2025:10:11:12 +0100", "2025-11-24T09:11:12.000Z");
    check("dd/MMM/yyyy:HH:mm:ss Z", "24/Nov/2025:10:11:12 -0530", "2025-11-24T15:41:12.000Z");
    check("dd/MMM/yyyy:HH:mm:ss Z", "31/Feb/2025:10:11:12 +0100", "none");
    check("dd/MMM/yyyy:HH:mm:ss Z", "24/Nov/2025:24:11:12 +0100", "none");
    check("dd/MMM/yyyy:HH:mm:ss Z", "24/Nov/2025:10:11:12 +0100 ", "none");
    check(
        "EEE MMM dd HH:mm:ss.SSSSSS yyyy",
        "Mon Nov 24 10:11:12.123456 2025",
        "2025-11-24T10:11:12.123Z",
    );
}

#[test]
fn widths_are_least_widths() {
    check("yyyy-MM-dd HH:mm:ss,SSS", "2024-3-5 1:2:3,4", "2024-03-05T01:02:03.400Z");
    check("yyyyMMddHHmmss", "20240305010203", "2024-03-05T01:02:03.000Z");
    check("yyyy-MM-dd HH:mm:ss,SSS", "2024-03-05 01:02:03,4567", "none");
    check("yy/MM/dd", "24/03/05", "2024-03-05T00:00:00.000Z");
    check("yyyy", "24", "0024-01-01T00:00:00.000Z");
    check("yyyy h:mm a", "2024 13:05 AM", "none");
    check("yyyy h:mm a", "2024 12:05 am", "2024-01-01T00:05:00.000Z");
    check("yyyy h:mm a", "2024 1:05 PM", "2024-01-01T13:05:00.000Z");
}

#[test]
fn iso_has_many_forms() {
    for (text, expect) in [
        ("2024-01-02T03:04:05.678Z", "2024-01-02T03:04:05.678Z"),
        ("2024-01-02T03:04:05,67899+01:00", "2024-01-02T02:04:05.678Z"),
        ("2024-01-02 03:04:05.678", "2024-01-02T03:04:05.678Z"),
        ("2024-01-02 03:04:05", "none"),
        ("20240102T030405Z", "none"),
        ("2024-032", "2024-02-01T00:00:00.000Z"),
        ("2024-W05-3", "2024-01-31T00:00:00.000Z"),
        ("2024-03", "2024-03-01T00:00:00.000Z"),
        ("T10:00Z", "1970-01-01T10:00:00.000Z"),
        ("2024-01-02T24:00:00Z", "none"),
    ] {
        check("ISO8601", text, expect);
    }
}

#[test]
fn counting_stamps_are_read() {
    check("UNIX", "1700000000", "2023-11-14T22:13:20.000Z");
    check("UNIX", "1700000000.1239", "2023-11-14T22:13:20.123Z");
    check("UNIX", "1.", "none");
    check("UNIX", "99999999999", "none");
    check("UNIX_MS", "1700000000123", "2023-11-14T22:13:20.123Z");
    check("TAI64N", "@4000000052f88ea32489532c", "2014-02-10T08:32:25.612Z");
}

#[test]
fn a_missing_year_is_guessed() {
    check("MMM dd HH:mm:ss", "Mar 05 01:02:03", "2024-03-05T01:02:03.000Z");
    check("MMM  d HH:mm:ss", "Mar  5 01:02:03", "2024-03-05T01:02:03.000Z");
    let january = Guess::Logstash(Millis(1_704_067_200_000));
    assert_eq!(read("MMM dd", "Dec 31", "UTC", january), "2023-12-31T00:00:00.000Z");
    assert_eq!(read("MMM dd", "Feb 29", "UTC", Guess::Base(2023)), "2020-02-29T00:00:00.000Z");
    assert_eq!(read("MMM dd", "Dec 31", "UTC", Guess::Base(2023)), "2023-12-31T00:00:00.000Z");
}

#[test]
fn zones_apply_where_the_text_has_none() {
    let read = |text: &str| read("yyyy-MM-dd HH:mm", text, "Europe/Warsaw", Guess::Base(2024));
    assert_eq!(read("2024-01-02 12:00"), "2024-01-02T11:00:00.000Z");
    assert_eq!(read("2024-07-02 12:00"), "2024-07-02T10:00:00.000Z");
    assert_eq!(read("2024-03-31 02:30"), "none");
    assert_eq!(read("2024-10-27 02:30"), "2024-10-27T00:30:00.000Z");
}

#[test]
fn unknown_letters_are_refused() {
    assert!(Format::parse("yyyy-QQ").is_err());
    assert!(Format::parse("'open").is_err());
}

#[test]
fn a_format_writes_what_it_reads() {
    let format = super::Joda::parse("YYYY.MM.dd 'at' HH:mm:ss.SSS").expect("it is a format");
    assert_eq!(format.format(NOW), "2024.03.05 at 06:07:08.090");
}
