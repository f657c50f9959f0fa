//! Numbers as people read them: counts, shares, sizes, lengths of time.

/// A count with a comma between thousands: `98,211`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count in at most five cells: `982`, `98.2k`, `1.2M`.
#[must_use]
pub fn short_count(number: u64) -> String {
    const UNITS: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];
    scaled(number as f64, 1000.0, &UNITS)
}

/// A round number of an axis: as [`short_count`], without `.0`.
#[must_use]
pub fn round_count(number: u64) -> String {
    short_count(number).replacen(".0", "", 1)
}

/// A size in bytes: `512 B`, `1.2 GB`.
#[must_use]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 7] = [" B", " kB", " MB", " GB", " TB", " PB", " EB"];
    scaled(number as f64, 1000.0, &UNITS)
}

fn scaled(mut number: f64, base: f64, units: &[&str]) -> String {
    let mut unit = 0;
    while number >= base - 0.5 && unit + 1 < units.len() {
        number /= base;
        unit += 1;
    }
    if unit == 0 || number >= 99.95 {
        format!("{number:.0}{}", units[unit])
    } else {
        format!("{number:.1}{}", units[unit])
    }
}

/// A share with one decimal: `61.2%`; never `0.0%` or `100.0%` unless it is exactly that.
#[must_use]
pub fn percent(part: u64, of: u64) -> String {
    if of == 0 || part == 0 {
        return "0%".to_owned();
    }
    if part >= of {
        return "100%".to_owned();
    }
    let share = part as f64 * 100.0 / of as f64;
    if share < 0.1 {
        "<0.1%".to_owned()
    } else if share > 99.9 {
        ">99.9%".to_owned()
    } else {
        format!("{share:.1}%")
    }
}

/// A length of time in its largest fitting unit: `450 ms`, `20 min`, `3 h`, `2 days`.
#[must_use]
pub fn span(millis: i64) -> String {
    const UNITS: [(i64, &str); 6] = [
        (604_800_000, "week"),
        (86_400_000, "day"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1000, "s"),
        (1, "ms"),
    ];
    for (size, name) in UNITS {
        if millis >= size && millis % size == 0 {
            let number = millis / size;
            let plural = if number > 1 && size > 3_600_000 { "s" } else { "" };
            return format!("{number} {name}{plural}");
        }
    }
    format!("{millis} ms")
}

#[cfg(test)]
mod tests {
    use super::{bytes, count, percent, short_count, span};

    #[test]
    fn counts_have_commas() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_284), "1,284");
        assert_eq!(count(98_211_000), "98,211,000");
    }

    #[test]
    fn short_counts_fit_five_cells() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1.0k"),
            (98_211, "98.2k"),
            (982_110, "982k"),
            (999_999, "1.0M"),
            (u64::MAX, "18.4E"),
        ] {
            assert_eq!(short_count(number), text);
        }
    }

    #[test]
    fn sizes_shares_and_spans() {
        assert_eq!(bytes(512), "512 B");
        assert_eq!(bytes(1_234_567_890), "1.2 GB");
        assert_eq!(percent(612, 1000), "61.2%");
        assert_eq!(percent(1, 100_000), "<0.1%");
        assert_eq!(percent(99_999, 100_000), ">99.9%");
        assert_eq!(percent(5, 5), "100%");
        assert_eq!(span(1_200_000), "20 min");
        assert_eq!(span(86_400_000), "1 day");
        assert_eq!(span(3 * 3_600_000), "3 h");
        assert_eq!(span(1_500), "1500 ms");
    }
}
