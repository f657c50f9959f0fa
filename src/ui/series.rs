//! Which role a class or value of a breakdown has, and which stands at the foot of a bar.
//!
//! A class has one meaning and one colour everywhere: 5xx and ERROR red, 4xx and WARNING yellow.

use crate::query::{Breakdown, FacetValue, Histogram, Level};
use crate::theme::Role;

/// The stack of a histogram from its foot up: index of the series, and its role. The worst class
/// stands on the axis, where its size is seen best; values keep their order, the largest at the
/// foot.
#[must_use]
pub fn stack(bars: &Histogram, by: Option<&Breakdown>) -> Vec<(usize, Role)> {
    let mut stack: Vec<(usize, Role)> = bars
        .series
        .iter()
        .enumerate()
        .map(|(index, series)| (index, role(index, series, by)))
        .collect();
    match by {
        Some(Breakdown::StatusClass { .. } | Breakdown::Level { .. }) => {
            stack.sort_by_key(|(_, role)| std::cmp::Reverse(severity(*role)));
        }
        Some(Breakdown::Values { .. }) | None => {}
    }
    stack
}

/// The role of a series.
#[must_use]
pub fn role(index: usize, series: &FacetValue, by: Option<&Breakdown>) -> Role {
    if series.value.is_none() && series.label == "missing" {
        return Role::SeriesMissing;
    }
    match by {
        // The bars may still be those of another breakdown: the label has the last word.
        Some(Breakdown::StatusClass { .. }) => match status_class(&series.label) {
            Role::ClassOther => level(&series.label).map_or(Role::ClassOther, role_of),
            class => class,
        },
        Some(Breakdown::Level { .. }) => match level_role(&series.label) {
            Role::SeriesOther => status_class(&series.label),
            level => level,
        },
        _ if series.value.is_none() => Role::SeriesOther,
        _ => Role::series(index),
    }
}

/// The role of a class of statuses, or of a status: `5xx`, `502`.
#[must_use]
pub fn status_class(label: &str) -> Role {
    match label.as_bytes() {
        [b'1', _, _] => Role::Class1xx,
        [b'2', _, _] => Role::Class2xx,
        [b'3', _, _] => Role::Class3xx,
        [b'4', _, _] => Role::Class4xx,
        [b'5', _, _] => Role::Class5xx,
        _ => Role::ClassOther,
    }
}

/// The class that a level's name stands for.
#[must_use]
pub fn level(name: &str) -> Option<Level> {
    const NAMES: [(&[&str], Level); 7] = [
        (&["trace", "finest", "finer", "verbose"], Level::Trace),
        (&["debug", "fine", "dbg", "d"], Level::Debug),
        (&["info", "information", "informational", "i"], Level::Info),
        (&["notice"], Level::Notice),
        (&["warning", "warn", "w"], Level::Warning),
        (&["error", "err", "severe", "failure", "e"], Level::Error),
        (
            &["critical", "crit", "fatal", "alert", "emerg", "emergency", "panic", "f"],
            Level::Critical,
        ),
    ];
    let name = name.trim();
    let known = NAMES.iter().find(|(names, _)| names.iter().any(|n| n.eq_ignore_ascii_case(name)));
    known.map(|(_, level)| *level)
}

/// The role of a level's name; `other` where it is none.
#[must_use]
pub fn level_role(name: &str) -> Role {
    level(name).map_or(Role::SeriesOther, role_of)
}

fn role_of(level: Level) -> Role {
    match level {
        Level::Trace => Role::Trace,
        Level::Debug => Role::Debug,
        Level::Info => Role::Info,
        Level::Notice => Role::Notice,
        Level::Warning => Role::Warning,
        Level::Error => Role::Error,
        Level::Critical => Role::Critical,
    }
}

fn severity(role: Role) -> u8 {
    match role {
        Role::SeriesMissing => 0,
        Role::SeriesOther | Role::ClassOther => 1,
        Role::Trace | Role::Class1xx => 2,
        Role::Debug | Role::Class2xx => 3,
        Role::Info | Role::Class3xx => 4,
        Role::Notice => 5,
        Role::Warning | Role::Class4xx => 6,
        Role::Error | Role::Class5xx => 7,
        Role::Critical => 8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{level, stack, status_class};
    use crate::query::{Breakdown, FacetValue, Histogram, Level};
    use crate::theme::Role;
    use crate::time::Interval;

    fn bars(labels: &[&str]) -> Histogram {
        let value = |label: &&str| FacetValue {
            value: (*label != "other" && *label != "missing").then(|| json!(label)),
            label: (*label).to_owned(),
            count: 1,
        };
        let series = labels.iter().map(value).collect();
        Histogram { interval: Interval::Day, series, buckets: Vec::new() }
    }

    #[test]
    fn the_worst_class_stands_at_the_foot() {
        let by = Breakdown::StatusClass { field: "status".into() };
        let bars = bars(&["5xx", "2xx", "4xx", "other", "missing"]);
        let order: Vec<&str> = stack(&bars, Some(&by))
            .iter()
            .map(|(index, _)| bars.series[*index].label.as_str())
            .collect();
        assert_eq!(order, ["5xx", "4xx", "2xx", "other", "missing"]);
    }

    #[test]
    fn values_keep_their_order_and_have_series_colours() {
        let by = Breakdown::Values { field: "host".into(), top: 3 };
        let stack = stack(&bars(&["a", "b", "other"]), Some(&by));
        assert_eq!(stack, [(0, Role::Series1), (1, Role::Series2), (2, Role::SeriesOther)]);
    }

    #[test]
    fn names_of_levels_and_statuses_are_known() {
        assert_eq!(level("WARN"), Some(Level::Warning));
        assert_eq!(level("crit"), Some(Level::Critical));
        assert_eq!(level("banana"), None);
        assert_eq!(status_class("502"), Role::Class5xx);
        assert_eq!(status_class("weird"), Role::ClassOther);
    }
}
