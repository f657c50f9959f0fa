//! Bars of several sources as one histogram of one width.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::query::{Breakdown, Bucket, FacetValue, Histogram, Interval, Level};
use crate::time::interval::{floor, next};
use crate::time::{Millis, TimeRange, Zone};

/// Most bars that are filled in between counted ones.
const MOST_BUCKETS: usize = 20_000;

/// The width that fits the time that all histograms cover together; `None` where there is no bar.
pub(in crate::source::merged) fn fitted(
    histograms: &[&Histogram],
    zone: Zone,
    buckets: u16,
) -> Option<Interval> {
    let counted = || histograms.iter().filter(|bars| bars.buckets.iter().any(|it| it.count > 0));
    if let (Some(one), 1) = (counted().next(), counted().count()) {
        return Some(one.interval);
    }
    let widest = counted().max_by_key(|bars| bars.interval.nominal_millis())?.interval;
    let starts = counted().filter_map(|bars| bars.buckets.iter().find(|it| it.count > 0));
    let first = starts.map(|bucket| bucket.start).min()?;
    let ends = counted().filter_map(|bars| {
        let last = bars.buckets.iter().rfind(|bucket| bucket.count > 0)?;
        Some(next(bars.interval, zone, last.start).0 - 1)
    });
    let fitted = Interval::fit(first, Millis(ends.max()?), buckets);
    let is_wider = fitted.nominal_millis() >= widest.nominal_millis();
    Some(if is_wider { fitted } else { widest })
}

/// One histogram of all. Bars of other widths are put where they begin, which is exact only for
/// those of `interval` itself.
pub(in crate::source::merged) fn histogram(
    histograms: &[&Histogram],
    by: Option<&Breakdown>,
    (interval, zone): (Interval, Zone),
    range: TimeRange,
) -> Histogram {
    let series = chosen(histograms, by);
    let at_of = |own: &FacetValue| {
        let is_same = |known: &FacetValue| {
            known.value.is_some() == own.value.is_some() && known.label == own.label
        };
        let is_other = |known: &FacetValue| known.value.is_none() && known.label == "other";
        series.iter().position(is_same).or_else(|| series.iter().position(is_other))
    };
    let mut bars: BTreeMap<Millis, Bucket> = BTreeMap::new();
    for own in histograms {
        let places: Vec<Option<usize>> = own.series.iter().map(at_of).collect();
        for bucket in &own.buckets {
            let start = floor(interval, zone, bucket.start);
            let empty = || Bucket { start, count: 0, by: vec![0; series.len()] };
            let bar = bars.entry(start).or_insert_with(empty);
            bar.count += bucket.count;
            for (place, count) in places.iter().zip(&bucket.by) {
                if let Some(sum) = place.and_then(|place| bar.by.get_mut(place)) {
                    *sum += count;
                }
            }
        }
    }
    fill(&mut bars, (interval, zone), range, series.len());
    Histogram { interval, series, buckets: bars.into_values().collect() }
}

/// Whether no source may hold a shown value that it counts among its "other" ones.
pub(in crate::source::merged) fn is_exact(histograms: &[&Histogram], merged: &Histogram) -> bool {
    histograms.iter().all(|own| {
        let has = |label: &str| own.series.iter().any(|it| it.value.is_some() && it.label == label);
        let is_cut = own.series.iter().any(|it| it.value.is_none() && it.label == "other");
        let shown = merged.series.iter().filter(|series| series.value.is_some());
        !is_cut || shown.into_iter().all(|series| has(&series.label))
    })
}

/// One histogram whose series are the sources.
pub(in crate::source::merged) fn split_by_source(
    histograms: &[(&str, &Histogram)],
    how: (Interval, Zone),
    range: TimeRange,
) -> Histogram {
    let named: Vec<Histogram> = histograms
        .iter()
        .map(|(name, own)| {
            let count = own.buckets.iter().map(|bucket| bucket.count).sum();
            let bucket =
                |it: &Bucket| Bucket { start: it.start, count: it.count, by: vec![it.count] };
            Histogram {
                interval: own.interval,
                series: vec![FacetValue {
                    value: Some(Json::from(*name)),
                    label: (*name).to_owned(),
                    count,
                }],
                buckets: own.buckets.iter().map(bucket).collect(),
            }
        })
        .collect();
    histogram(&named.iter().collect::<Vec<_>>(), None, how, range)
}

/// The series of all: values by the breakdown's order, then those of "other" and "missing".
fn chosen(histograms: &[&Histogram], by: Option<&Breakdown>) -> Vec<FacetValue> {
    let mut sums: IndexMap<(bool, &str), FacetValue> = IndexMap::new();
    for series in histograms.iter().flat_map(|own| &own.series) {
        match sums.get_mut(&(series.value.is_some(), series.label.as_str())) {
            Some(known) => known.count += series.count,
            None => {
                sums.insert((series.value.is_some(), &series.label), series.clone());
            }
        }
    }
    let (mut values, mut rest): (Vec<FacetValue>, Vec<FacetValue>) =
        sums.into_values().partition(|series| series.value.is_some());
    values.retain(|series| series.count > 0);
    match by {
        Some(Breakdown::StatusClass { .. }) => values.sort_by(|a, b| a.label.cmp(&b.label)),
        Some(Breakdown::Level { .. }) => {
            values.sort_by_key(|series| Level::of(&series.label));
        }
        Some(Breakdown::Values { top, .. }) => {
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
            let below: u64 =
                values.split_off((*top).min(values.len())).iter().map(|it| it.count).sum();
            match rest.iter_mut().find(|series| series.label == "other") {
                Some(other) => other.count += below,
                None if below > 0 => {
                    rest.push(FacetValue { value: None, label: "other".to_owned(), count: below });
                }
                None => {}
            }
        }
        None => {}
    }
    rest.sort_by_key(|series| series.label != "other");
    values.extend(rest);
    values
}

/// Puts the empty bars between the counted ones, and out to the ends of a closed range.
fn fill(
    bars: &mut BTreeMap<Millis, Bucket>,
    (interval, zone): (Interval, Zone),
    range: TimeRange,
    series: usize,
) {
    let ends = (bars.keys().next().copied(), bars.keys().next_back().copied());
    let (Some(mut first), Some(mut last)) = ends else { return };
    if let (Some(from), Some(to)) = (range.from, range.to) {
        first = first.min(floor(interval, zone, from));
        last = last.max(floor(interval, zone, to));
    }
    let mut starts = Vec::new();
    while first <= last {
        if starts.len() >= MOST_BUCKETS {
            return;
        }
        starts.push(first);
        first = next(interval, zone, first);
    }
    for start in starts {
        bars.entry(start).or_insert_with(|| Bucket { start, count: 0, by: vec![0; series] });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{fitted, histogram, split_by_source};
    use crate::query::{Breakdown, Bucket, FacetValue, Histogram, Interval};
    use crate::time::{Millis, TimeRange, Zone};

    const MINUTE: Interval = Interval::Fixed { millis: 60_000 };

    fn own(series: &[&str], bars: &[(i64, &[u64])]) -> Histogram {
        let series = series.iter().enumerate().map(|(at, label)| FacetValue {
            value: (*label != "other").then(|| json!(label)),
            label: (*label).to_owned(),
            count: bars.iter().map(|(_, by)| by[at]).sum(),
        });
        let bucket = |(minute, by): &(i64, &[u64])| Bucket {
            start: Millis(minute * 60_000),
            count: by.iter().sum(),
            by: by.to_vec(),
        };
        Histogram {
            interval: MINUTE,
            series: series.collect(),
            buckets: bars.iter().map(bucket).collect(),
        }
    }

    #[test]
    fn bars_of_one_start_are_added_and_gaps_are_filled() {
        let a = own(&["x", "y"], &[(0, &[1, 2]), (1, &[0, 1])]);
        let b = own(&["y", "z", "other"], &[(3, &[5, 1, 1])]);
        let by = Breakdown::Values { field: "f".to_owned(), top: 2 };
        let both = histogram(&[&a, &b], Some(&by), (MINUTE, Zone::UTC), TimeRange::ALL);
        let series: Vec<(&str, u64)> =
            both.series.iter().map(|series| (series.label.as_str(), series.count)).collect();
        assert_eq!(series, [("y", 8), ("x", 1), ("other", 2)]);
        let bars: Vec<(i64, u64, &[u64])> =
            both.buckets.iter().map(|it| (it.start.0 / 60_000, it.count, &*it.by)).collect();
        let expected: [(i64, u64, &[u64]); 4] =
            [(0, 3, &[2, 1, 0]), (1, 1, &[1, 0, 0]), (2, 0, &[0, 0, 0]), (3, 7, &[5, 0, 2])];
        assert_eq!(bars, expected);
    }

    #[test]
    fn the_width_fits_the_time_of_all() {
        let (a, b) = (own(&["x"], &[(0, &[1])]), own(&["x"], &[(6000, &[1])]));
        assert_eq!(fitted(&[&a], Zone::UTC, 100), Some(MINUTE));
        assert_eq!(
            fitted(&[&a, &b], Zone::UTC, 100),
            Some(Interval::Fixed { millis: 2 * 3_600_000 })
        );
        assert_eq!(fitted(&[], Zone::UTC, 100), None);
    }

    #[test]
    fn sources_can_be_the_series() {
        let (a, b) = (own(&["x"], &[(0, &[1])]), own(&["x"], &[(0, &[2])]));
        let both = split_by_source(&[("a", &a), ("b", &b)], (MINUTE, Zone::UTC), TimeRange::ALL);
        assert_eq!(both.buckets[0].by, [1, 2]);
        assert_eq!(both.series[1].label, "b");
    }
}
