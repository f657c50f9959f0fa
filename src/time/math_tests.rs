//! Expressions of the time picker.

use super::*;

const NOW: &str = "2024-05-17T13:45:30.123Z";

fn anchors(zone: &str) -> Anchors {
    let now = iso::parse(NOW, Zone::UTC).unwrap();
    Anchors::new(now, Zone::parse(zone).unwrap())
}

fn check(text: &str, zone: &str, from: &str, to: &str) {
    let read = |round_up| kibana(text, &anchors(zone), round_up).map(|at| at.to_string());
    let shown = (read(RoundUp::No).unwrap_or_default(), read(RoundUp::Yes).unwrap_or_default());
    assert_eq!((shown.0.as_str(), shown.1.as_str()), (from, to), "{text} in {zone}");
}

#[test]
fn steps_are_taken_from_left_to_right() {
    check("now/d+1h", "UTC", "2024-05-17T01:00:00.000Z", "2024-05-18T00:59:59.999Z");
    check("now-1M/M", "UTC", "2024-04-01T00:00:00.000Z", "2024-04-30T23:59:59.999Z");
    check("now-1w/w", "UTC", "2024-05-05T00:00:00.000Z", "2024-05-11T23:59:59.999Z");
    check("now+h", "UTC", "2024-05-17T14:45:30.123Z", "2024-05-17T14:45:30.123Z");
    check("now/1d", "UTC", "2024-05-17T00:00:00.000Z", "2024-05-17T23:59:59.999Z");
}

#[test]
fn weeks_begin_where_they_are_set_to_begin() {
    let first = |day| {
        let anchors = anchors("UTC").with_weeks_from(day);
        kibana("now/w", &anchors, RoundUp::No).unwrap().to_string()
    };
    assert_eq!(first(None), "2024-05-12T00:00:00.000Z");
    assert_eq!(first(Some(Weekday::Mon)), "2024-05-13T00:00:00.000Z");
    assert_eq!(first(Some(Weekday::Sat)), "2024-05-11T00:00:00.000Z");
}

#[test]
fn days_are_the_zones() {
    check("now/d", "Asia/Tokyo", "2024-05-16T15:00:00.000Z", "2024-05-17T14:59:59.999Z");
    check("2024-05-17", "Asia/Tokyo", "2024-05-16T15:00:00.000Z", "2024-05-16T15:00:00.000Z");
    // A day that is an hour shorter keeps its clock time.
    check(
        "2025-03-29T12:00||+1d",
        "Europe/Warsaw",
        "2025-03-30T10:00:00.000Z",
        "2025-03-30T10:00:00.000Z",
    );
}

#[test]
fn iso_dates_are_read_in_all_their_forms() {
    for (text, at) in [
        ("2024", "2024-01-01T00:00:00.000Z"),
        ("202402", "2024-02-01T00:00:00.000Z"),
        ("20240229", "2024-02-29T00:00:00.000Z"),
        ("2024-060", "2024-02-29T00:00:00.000Z"),
        ("2024-W20", "2024-05-13T00:00:00.000Z"),
        ("2024W205", "2024-05-17T00:00:00.000Z"),
        ("2024-W20-5T10", "2024-05-17T10:00:00.000Z"),
        ("20240517T102030,25", "2024-05-17T10:20:30.250Z"),
        ("2024-05-17T10:20:30.123456789-0230", "2024-05-17T12:50:30.123Z"),
        ("2024-05-17T24:00", "2024-05-18T00:00:00.000Z"),
        ("+002024-05-17", "2024-05-17T00:00:00.000Z"),
        ("2024-05T10:00", "2024-05-01T10:00:00.000Z"),
    ] {
        check(text, "UTC", at, at);
    }
}

#[test]
fn what_is_no_expression_is_none() {
    for text in [
        "",
        "now-15",
        "now/2d",
        "now-1.5h",
        "now -15m",
        "NOW",
        "nowx",
        "now/q",
        "now-1H",
        "now/",
        "2023-02-29",
        "2024-05-17T25:00",
        "2024-13",
        "2024-05-17T10:60",
        "garbage",
        "2024-W54",
        "2024-366x",
        "now-99999999999999999999d",
        "now+9999999y",
        "2024-05-17Tx",
        "é",
        "+é",
        "now-é",
    ] {
        check(text, "UTC", "", "");
    }
}

#[test]
fn the_command_line_may_leave_now_out_and_say_end() {
    let mut anchors = anchors("UTC");
    let read = |text: &str, anchors: &Anchors| {
        parse(text, anchors, RoundUp::No).map_or_else(|e| e.message, |at| at.to_string())
    };
    assert_eq!(read("-15m", &anchors), "2024-05-17T13:30:30.123Z");
    assert_eq!(read(" now ", &anchors), "2024-05-17T13:45:30.123Z");
    assert_eq!(read("end", &anchors), "`end` is not known: no record has a time yet");
    anchors.end = Some(Millis(0));
    assert_eq!(read("end-1h/d", &anchors), "1969-12-31T00:00:00.000Z");
    assert_eq!(read("soon", &anchors), "`soon` is not a time");
}
