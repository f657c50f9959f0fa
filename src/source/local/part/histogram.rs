//! Counts over time, stacked by the classes or values of a field.
//!
//! A segment is counted into its own few buckets by code; these are then merged by series. Series
//! are chosen only when the answer is made, so that partial answers may show others. A record with
//! several values counts once in the series of each, and in "other" if none of them has its own.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::facet;
use crate::event::{MappedField, Value};
use crate::query::aggregate::{Key, key, status_class};
use crate::query::{Breakdown, Bucket, FacetValue, Histogram, Interval, Level};
use crate::store::column::MISSING;
use crate::store::{Column, DocSet, Times};
use crate::time::interval::{floor, next};
use crate::time::{Millis, TimeRange, Zone};

/// Which series a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Series {
    /// 1xx to 5xx.
    Class(u8),
    /// A value.
    Value(Key<'static>),
    /// A value that has no class.
    Other,
    /// No value.
    Missing,
}

/// Most values of a level field that are shown apart.
const MOST_LEVELS: usize = 12;
/// Most empty buckets that are filled in.
const MOST_BUCKETS: usize = 20_000;

/// Counts of one segment: for each bucket its start, its hits, and its hits by code.
pub(in crate::source::local) struct SegmentBuckets {
    codes: usize,
    starts: Vec<i64>,
    counts: Vec<u64>,
    by_code: Vec<u32>,
    /// Of records with several values: bucket, and how many of `several_codes` are its own.
    several: Vec<(usize, usize)>,
    several_codes: Vec<u32>,
    /// First and last time.
    span: Option<(i64, i64)>,
}

impl SegmentBuckets {
    /// Counts `docs` by time and by the codes of `column`. `interval` is not `Auto`.
    pub(in crate::source::local) fn of(
        times: &Times,
        docs: &DocSet,
        column: Option<&Column>,
        (interval, zone): (Interval, Zone),
    ) -> Self {
        let codes = column.map_or(0, |column| column.distinct() as usize + 1);
        let mut own = Self {
            codes,
            starts: Vec::new(),
            counts: Vec::new(),
            by_code: Vec::new(),
            several: Vec::new(),
            several_codes: Vec::new(),
            span: None,
        };
        let (mut start, mut end, mut at) = (0, 0, 0);
        docs.each(|doc| {
            let Some(Millis(time)) = times.get(doc) else { return };
            if time < start || end <= time || own.starts.is_empty() {
                let bucket = floor(interval, zone, Millis(time));
                (start, end) = (bucket.0, next(interval, zone, bucket).0.max(bucket.0 + 1));
                at = own.bucket(start);
            }
            own.counts[at] += 1;
            own.span = Some(own.span.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
            let Some(column) = column else { return };
            if column.is_multi() {
                let first = own.several_codes.len();
                column.each_code(doc, |code| own.several_codes.push(code));
                match own.several_codes.len() - first {
                    0 => own.by_code[at * codes] += 1,
                    count => own.several.push((at, count)),
                }
            } else {
                own.by_code[at * codes + column.first_code(doc) as usize] += 1;
            }
        });
        own
    }

    fn bucket(&mut self, start: i64) -> usize {
        if let Some(at) = self.starts.iter().rposition(|known| *known == start) {
            return at;
        }
        self.starts.push(start);
        self.counts.push(0);
        self.by_code.resize(self.counts.len() * self.codes, 0);
        self.starts.len() - 1
    }
}

/// Counts of all segments so far.
pub(in crate::source::local) struct HistogramCounts {
    interval: Interval,
    zone: Zone,
    by: Option<Breakdown>,
    totals: BTreeMap<i64, u64>,
    series: HashMap<Series, u32>,
    cells: HashMap<(i64, u32), u64>,
    /// Records with several series, which are in ascending order.
    mixed: HashMap<(i64, Vec<u32>), u64>,
    span: Option<(i64, i64)>,
}

impl HistogramCounts {
    /// No counts yet. `interval` is not `Auto`.
    pub(in crate::source::local) fn new(
        interval: Interval,
        zone: Zone,
        by: Option<Breakdown>,
    ) -> Self {
        Self {
            interval,
            zone,
            by,
            totals: BTreeMap::new(),
            series: HashMap::default(),
            cells: HashMap::default(),
            mixed: HashMap::default(),
            span: None,
        }
    }

    /// The width of its buckets, and the zone that they are cut in.
    pub(in crate::source::local) fn how(&self) -> (Interval, Zone) {
        (self.interval, self.zone)
    }

    /// The first and last time counted.
    pub(in crate::source::local) fn span(&self) -> Option<(Millis, Millis)> {
        self.span.map(|(first, last)| (Millis(first), Millis(last)))
    }

    /// Adds a segment's counts; `column` is that of the breakdown, `field` its type.
    pub(in crate::source::local) fn add(
        &mut self,
        own: &SegmentBuckets,
        column: Option<(&Column, &MappedField)>,
    ) {
        for (start, count) in own.starts.iter().zip(&own.counts) {
            *self.totals.entry(*start).or_default() += count;
        }
        if let Some((first, last)) = own.span {
            let (from, to) = self.span.unwrap_or((first, last));
            self.span = Some((from.min(first), to.max(last)));
        }
        if self.by.is_none() {
            return;
        }
        let Some((column, field)) = column else {
            let missing = self.series_of(Series::Missing);
            for (start, count) in own.starts.iter().zip(&own.counts) {
                *self.cells.entry((*start, missing)).or_default() += count;
            }
            return;
        };
        let series: Vec<u32> = (0..own.codes as u32)
            .map(|code| {
                let value = if code == MISSING { None } else { column.value(code) };
                self.series_of(self.class(value, field))
            })
            .collect();
        for (at, count) in own.by_code.iter().enumerate().filter(|(_, count)| **count > 0) {
            let cell = (own.starts[at / own.codes], series[at % own.codes]);
            *self.cells.entry(cell).or_default() += u64::from(*count);
        }
        let mut codes = own.several_codes.iter();
        let missing = self.series.get(&Series::Missing).copied();
        for (at, count) in &own.several {
            let mut members: Vec<u32> =
                codes.by_ref().take(*count).map(|code| series[*code as usize]).collect();
            members.sort_unstable();
            members.dedup();
            // A value that is not indexed says nothing beside one that is.
            if members.len() > 1 {
                members.retain(|member| Some(*member) != missing);
            }
            let start = own.starts[*at];
            match members[..] {
                [one] => *self.cells.entry((start, one)).or_default() += 1,
                _ => *self.mixed.entry((start, members)).or_default() += 1,
            }
        }
    }

    fn class(&self, value: Option<Value<'_>>, field: &MappedField) -> Series {
        let Some(value) = value else { return Series::Missing };
        match &self.by {
            Some(Breakdown::StatusClass { .. }) => {
                status_class(value).map_or(Series::Other, Series::Class)
            }
            _ => key(field, value).map_or(Series::Missing, |key| Series::Value(key.into_owned())),
        }
    }

    fn series_of(&mut self, series: Series) -> u32 {
        let next = self.series.len() as u32;
        *self.series.entry(series).or_insert(next)
    }

    /// The answer so far. Empty buckets are filled in over the counts, and over `range` where it is
    /// closed.
    pub(in crate::source::local) fn histogram(&self, range: TimeRange) -> Histogram {
        let (names, place) = self.chosen_series();
        let mut buckets: BTreeMap<i64, Bucket> = self
            .all_starts(range)
            .into_iter()
            .map(|start| {
                let count = self.totals.get(&start).copied().unwrap_or(0);
                let by = vec![0; names.len()];
                (start, Bucket { start: Millis(start), count, by })
            })
            .collect();
        for ((start, series), count) in &self.cells {
            if let (Some(bucket), Some(at)) = (buckets.get_mut(start), place.get(series)) {
                bucket.by[*at] += count;
            }
        }
        for ((start, members), count) in &self.mixed {
            if let Some(bucket) = buckets.get_mut(start) {
                for at in places(members, &names, &place) {
                    bucket.by[at] += count;
                }
            }
        }
        Histogram {
            interval: self.interval,
            series: names,
            buckets: buckets.into_values().collect(),
        }
    }

    fn all_starts(&self, range: TimeRange) -> Vec<i64> {
        let known: Vec<i64> = self.totals.keys().copied().collect();
        let edge = |at: Option<Millis>| at.map(|at| floor(self.interval, self.zone, at).0);
        let (from, to) = match (edge(range.from), edge(range.to)) {
            (Some(from), Some(to)) => (Some(from), Some(to)),
            _ => (known.first().copied(), known.last().copied()),
        };
        let (Some(from), Some(to)) = (from, to) else { return known };
        let mut starts = Vec::new();
        let mut at = from;
        while at <= to {
            if starts.len() >= MOST_BUCKETS {
                return known;
            }
            starts.push(at);
            at = next(self.interval, self.zone, Millis(at)).0.max(at + 1);
        }
        starts.extend(known);
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// The series to show, and for each series counted its place among them.
    fn chosen_series(&self) -> (Vec<FacetValue>, HashMap<u32, usize>) {
        let mut alone: HashMap<u32, u64> = HashMap::default();
        for ((_, series), count) in &self.cells {
            *alone.entry(*series).or_default() += count;
        }
        let mut counts = alone.clone();
        for ((_, members), count) in &self.mixed {
            for series in members {
                *counts.entry(*series).or_default() += count;
            }
        }
        let count_of = |at: u32| counts.get(&at).copied().unwrap_or(0);
        let mut own: Vec<(&Series, u32, u64)> = self
            .series
            .iter()
            .filter(|(series, _)| !matches!(series, Series::Other | Series::Missing))
            .map(|(series, at)| (series, *at, count_of(*at)))
            .filter(|(_, _, count)| *count > 0)
            .collect();
        own.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(b.0)));
        let most = match &self.by {
            Some(Breakdown::Values { top, .. }) => *top,
            Some(Breakdown::Level { .. }) => MOST_LEVELS,
            _ => usize::MAX,
        };
        let rest = own.split_off(own.len().min(most));
        self.arrange(&mut own);
        let mut names: Vec<FacetValue> =
            own.iter().map(|(series, _, count)| named(series, *count)).collect();
        let mut place: HashMap<u32, usize> =
            own.iter().enumerate().map(|(at, (_, series, _))| (*series, at)).collect();
        let other = self.series.get(&Series::Other).copied();
        let missing = self.series.get(&Series::Missing).copied();
        let others: Vec<u32> = rest.iter().map(|(_, at, _)| *at).chain(other).collect();
        // Records with several values of which one is shown are not among the others.
        let is_shown = |members: &[u32]| members.iter().any(|at| place.contains_key(at));
        let mixed: u64 = self
            .mixed
            .iter()
            .filter(|((_, members), _)| !is_shown(members))
            .map(|(_, count)| count)
            .sum();
        let other = others.iter().filter_map(|at| alone.get(at)).sum::<u64>() + mixed;
        let unknown = missing.map_or(0, count_of);
        let missing = missing.into_iter().collect();
        for (label, members, count) in [("other", others, other), ("missing", missing, unknown)] {
            if count > 0 {
                place.extend(members.iter().map(|at| (*at, names.len())));
                names.push(FacetValue { value: None, label: label.to_owned(), count });
            }
        }
        (names, place)
    }

    /// Classes in their own order, levels by severity, values by count.
    fn arrange(&self, own: &mut [(&Series, u32, u64)]) {
        match &self.by {
            Some(Breakdown::StatusClass { .. }) => own.sort_by(|a, b| a.0.cmp(b.0)),
            Some(Breakdown::Level { .. }) => own.sort_by_key(|(series, _, _)| match series {
                Series::Value(key) => Level::of(&key.label()),
                _ => None,
            }),
            _ => {}
        }
    }
}

/// The series that a record with several values is in.
fn places(members: &[u32], names: &[FacetValue], place: &HashMap<u32, usize>) -> Vec<usize> {
    let mut own: Vec<usize> =
        members.iter().filter_map(|member| place.get(member)).copied().collect();
    own.sort_unstable();
    own.dedup();
    if own.iter().any(|at| names[*at].value.is_some()) {
        own.retain(|at| names[*at].value.is_some());
    }
    own
}

fn named(series: &Series, count: u64) -> FacetValue {
    match series {
        Series::Class(class) => {
            let label = format!("{class}xx");
            FacetValue { value: Some(label.clone().into()), label, count }
        }
        Series::Value(key) => facet::value(key, count),
        Series::Other => FacetValue { value: None, label: "other".to_owned(), count },
        Series::Missing => FacetValue { value: None, label: "missing".to_owned(), count },
    }
}
