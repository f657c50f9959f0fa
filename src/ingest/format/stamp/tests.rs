//! Shapes of stamps.

use super::*;

fn clock() -> Clock {
    Clock { zone: Zone::Fixed(3600), year: 2021 }
}

fn check(shape: Shape, text: &str, expected: &str) {
    let got = shape.read(text.as_bytes(), &clock()).map(|stamp| {
        format!(
            "{} {}{}",
            stamp.at,
            &text[..stamp.len],
            if stamp.yearless { " yearless" } else { "" }
        )
    });
    assert_eq!(got.as_deref().unwrap_or("none"), expected, "{text}");
}

#[test]
fn shapes() {
    check(
        Shape::Iso,
        "2024-05-02T12:17:25.606619951Z x",
        "2024-05-02T12:17:25.606Z 2024-05-02T12:17:25.606619951Z",
    );
    check(
        Shape::Iso,
        "2018-01-24 18:25:08,454 -0800 INFO",
        "2018-01-25T02:25:08.454Z 2018-01-24 18:25:08,454 -0800",
    );
    check(Shape::Iso, "2018-01-24 18:25:08 INFO", "2018-01-24T17:25:08.000Z 2018-01-24 18:25:08");
    check(Shape::Iso, "2018/01/24 18:25: x", "2018-01-24T17:25:00.000Z 2018/01/24 18:25");
    check(Shape::Iso, "2018-01-24 no", "2018-01-23T23:00:00.000Z 2018-01-24");
    check(Shape::Iso, "2018-02-30 10:00:00", "none");
    check(
        Shape::Iso,
        "2018-01-24T18:25:08+05:30]",
        "2018-01-24T12:55:08.000Z 2018-01-24T18:25:08+05:30",
    );
    check(Shape::Iso, "2018-01-24 18:25:08 -10 dB", "2018-01-24T17:25:08.000Z 2018-01-24 18:25:08");
    check(
        Shape::Clf,
        "09/Jan/2015:19:12:06 +0000] 8",
        "2015-01-09T19:12:06.000Z 09/Jan/2015:19:12:06 +0000",
    );
    check(Shape::Clf, "09/Jan/2015:19:12:06]", "2015-01-09T18:12:06.000Z 09/Jan/2015:19:12:06");
    check(
        Shape::Ctime,
        "Thu Mar 13 19:04:13 2014]",
        "2014-03-13T18:04:13.000Z Thu Mar 13 19:04:13 2014",
    );
    check(
        Shape::Ctime,
        "Thu Mar  3 19:04:13.123456 2014]",
        "2014-03-03T18:04:13.123Z Thu Mar  3 19:04:13.123456 2014",
    );
    check(
        Shape::Ctime,
        "Thu Mar 13 19:04:13 UTC 2014",
        "2014-03-13T19:04:13.000Z Thu Mar 13 19:04:13 UTC 2014",
    );
    check(
        Shape::Rfc2822,
        "Thu, 02 May 2024 12:17:25 GMT",
        "2024-05-02T12:17:25.000Z Thu, 02 May 2024 12:17:25 GMT",
    );
    check(
        Shape::Syslog,
        "Mar  1 10:00:01 myhost",
        "2021-03-01T09:00:01.000Z Mar  1 10:00:01 yearless",
    );
    check(Shape::Syslog, "Feb 29 10:00:01 myhost", "none");
    check(
        Shape::DayMonth,
        "20Aug2020 16:34:09.142]",
        "2020-08-20T15:34:09.142Z 20Aug2020 16:34:09.142",
    );
    check(
        Shape::MonthDay,
        "5/2/2024 12:17:25 PM x",
        "2024-05-02T11:17:25.000Z 5/2/2024 12:17:25 PM",
    );
    check(Shape::MonthDay, "05/02/2024", "2024-05-01T23:00:00.000Z 05/02/2024");
    check(Shape::DayDotted, "02.05.2024 12:17:25", "2024-05-02T11:17:25.000Z 02.05.2024 12:17:25");
    check(Shape::ShortYear, "17/06/09 20:10:40 INFO", "2017-06-09T19:10:40.000Z 17/06/09 20:10:40");
    check(Shape::EpochSeconds, "1117838570 x", "2005-06-03T22:42:50.000Z 1117838570");
    check(Shape::EpochMillis, "1420849114219,", "2015-01-10T00:18:34.219Z 1420849114219");
    check(Shape::EpochMillis, "14208491142190,", "none");
}

#[test]
fn found_in_a_line() {
    let found = |line: &str| {
        find(line.as_bytes(), &clock()).map(|(at, shape, stamp)| (at, shape, stamp.at.to_string()))
    };
    assert_eq!(
        found("[main/INFO] at 2024-05-02T12:17:25Z end"),
        Some((15, Shape::Iso, "2024-05-02T12:17:25.000Z".to_owned()))
    );
    assert_eq!(found("version 10.2024-05-02 is not a time, nor is 12:30"), None);
    assert_eq!(found(""), None);
}

#[test]
fn formats_of_people() {
    let read = |format: &str, text: &str| {
        let format = TimeFormat::parse(format).expect("known");
        format.read(text, &clock()).map(|stamp| stamp.at.to_string())
    };
    assert_eq!(read("%m/%d/%Y", "11/24/2015").as_deref(), Some("2015-11-23T23:00:00.000Z"));
    assert_eq!(
        read("yyyy-MM-dd'T'HH:mm:ss", "2015-11-24T10:00:00").as_deref(),
        Some("2015-11-24T09:00:00.000Z")
    );
    assert_eq!(
        read("dd/MMM/yyyy:HH:mm:ss Z", "24/Nov/2015:10:00:00 +0000").as_deref(),
        Some("2015-11-24T10:00:00.000Z")
    );
    assert_eq!(read("UNIX", "1.5").as_deref(), Some("1970-01-01T00:00:01.500Z"));
    assert_eq!(read("ISO8601", "2015-11-24").as_deref(), Some("2015-11-23T23:00:00.000Z"));
    assert_eq!(read("%b %d %H:%M", "Nov 24 10:00").as_deref(), Some("2021-11-24T09:00:00.000Z"));
    assert!(TimeFormat::parse("whenever").is_err());
    assert!(TimeFormat::parse("%!").is_err());
}

#[test]
fn numbers_by_size() {
    let read = |number: f64| TimeFormat::Any.read_number(number).map(|at| at.to_string());
    assert_eq!(read(1_420_849_114.219).as_deref(), Some("2015-01-10T00:18:34.219Z"));
    assert_eq!(read(1_420_849_114_219.0).as_deref(), Some("2015-01-10T00:18:34.219Z"));
    assert_eq!(read(1_420_849_114_219_000.0).as_deref(), Some("2015-01-10T00:18:34.219Z"));
    assert_eq!(read(12.0), None);
}

proptest::proptest! {
    #[test]
    fn never_panics(line in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
        let _ = find(&line, &clock());
        let _ = TimeFormat::Any.read(&String::from_utf8_lossy(&line), &clock());
    }

    #[test]
    fn never_panics_near_stamps(line in "[0-9A-Za-z/:,. T+-]{0,40}") {
        let _ = find(line.as_bytes(), &clock());
        let _ = TimeFormat::parse(&line);
    }
}
