//! Two answers to one question: the same or not, and where not.

use std::collections::HashMap;

use peavey::query::{Answer, Facet, FacetValue, Histogram, HitId, Page, Total};
use serde_json::Value as Json;

/// The parts of an answer, in the order in which they are asked for.
pub(super) struct Said {
    pub(super) page: Page,
    pub(super) total: Total,
    pub(super) histogram: Histogram,
    pub(super) facet: Facet,
}

impl Said {
    /// Takes the parts; the reason where one was refused.
    pub(super) fn of(answers: Vec<Answer>) -> Result<Self, String> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap();
        let (page, total, histogram, facet) = (next(), next(), next(), next());
        for answer in [&page, &total, &histogram, &facet] {
            match answer {
                Answer::Failed(reason) => return Err(reason.clone()),
                Answer::Refused(wrong) => return Err(wrong.message.clone()),
                _ => {}
            }
        }
        match (page, total, histogram, facet) {
            (
                Answer::Page(page),
                Answer::Total(total),
                Answer::Histogram(histogram),
                Answer::Facet(facet),
            ) => Ok(Self { page, total, histogram, facet }),
            _ => panic!("other parts than asked for"),
        }
    }
}

/// What differs, if anything does. `numbers` says which document a local hit is.
pub(super) fn difference(
    local: &Said,
    cluster: &Said,
    numbers: &HashMap<HitId, usize>,
) -> Option<String> {
    rows(local, cluster, numbers)
        .or_else(|| {
            let (here, there) = (local.total.hits, cluster.total.hits);
            (here != there).then(|| format!("total {here}, there {there}"))
        })
        .or_else(|| bars(&local.histogram, &cluster.histogram))
        .or_else(|| values(&local.facet, &cluster.facet))
}

/// The same documents in the same order of sort keys: documents of one key in any order.
fn rows(local: &Said, cluster: &Said, numbers: &HashMap<HitId, usize>) -> Option<String> {
    let here: Vec<usize> = local.page.hits.iter().map(|hit| numbers[&hit.id]).collect();
    let there: Vec<usize> =
        cluster.page.hits.iter().map(|hit| id(&hit.id).parse().unwrap()).collect();
    let only = |a: &[usize], b: &[usize]| {
        let mut b = b.to_vec();
        b.sort_unstable();
        let mut only: Vec<usize> =
            a.iter().filter(|n| b.binary_search(n).is_err()).copied().collect();
        only.truncate(5);
        only
    };
    let (more, less) = (only(&here, &there), only(&there, &here));
    if here.len() != there.len() || !more.is_empty() || !less.is_empty() {
        return Some(format!(
            "{} records, there {}; only here: {more:?}; only there: {less:?}",
            here.len(),
            there.len()
        ));
    }
    let keys: Vec<Vec<Json>> = cluster.page.hits.iter().map(|hit| key(&hit.cursor.0)).collect();
    // The engines sort records without a number as if they had the least (or the greatest).
    let ends = [i64::MIN, i64::MAX, i64::from(i32::MIN), i64::from(i32::MAX)];
    let is_extreme = |key: &Vec<Json>| ends.iter().any(|end| key[0] == *end);
    if keys.iter().any(is_extreme) {
        return None;
    }
    let mut from = 0;
    while from < there.len() {
        let same = keys[from..].iter().take_while(|key| **key == keys[from]).count();
        let sorted = |all: &[usize]| {
            let mut group = all[from..from + same].to_vec();
            group.sort_unstable();
            group
        };
        let (mine, theirs) = (sorted(&here), sorted(&there));
        if mine != theirs {
            return Some(format!(
                "another order from row {from} on: {:?}, there {:?} with the key {}",
                &mine[..mine.len().min(5)],
                &theirs[..theirs.len().min(5)],
                Json::from(keys[from].clone())
            ));
        }
        from += same;
    }
    None
}

fn id(hit: &HitId) -> &str {
    hit.0.rsplit('/').next().unwrap_or_default()
}

/// The sort values of a hit of a cluster, without the tie-breaker.
fn key(cursor: &[u8]) -> Vec<Json> {
    let place: Json = serde_json::from_slice(cursor).unwrap();
    let sort = place[0].as_array().unwrap();
    sort[..sort.len() - 1].to_vec()
}

fn shown(value: &FacetValue) -> (String, u64) {
    (value.label.clone(), value.count)
}

fn bars(local: &Histogram, cluster: &Histogram) -> Option<String> {
    let is_empty = |of: &Histogram| of.buckets.iter().all(|bucket| bucket.count == 0);
    if is_empty(local) && is_empty(cluster) && local.buckets == cluster.buckets {
        return None; // A fitted width means nothing then.
    }
    if local.interval != cluster.interval {
        return Some(format!("bars of {:?}, there {:?}", local.interval, cluster.interval));
    }
    let series = |of: &Histogram| of.series.iter().map(shown).collect::<Vec<_>>();
    if series(local) != series(cluster) {
        return Some(format!("series {:?}, there {:?}", series(local), series(cluster)));
    }
    let here = local.buckets.iter().find(|bucket| !cluster.buckets.contains(bucket));
    let there = cluster.buckets.iter().find(|bucket| !local.buckets.contains(bucket));
    if here.is_some() || there.is_some() || local.buckets.len() != cluster.buckets.len() {
        return Some(format!(
            "{} bars, there {}: {here:?}, there {there:?}",
            local.buckets.len(),
            cluster.buckets.len()
        ));
    }
    None
}

fn values(local: &Facet, cluster: &Facet) -> Option<String> {
    // An estimate is not far off, and says that it is one.
    let (exact, estimate) = (local.distinct, cluster.distinct);
    let is_near = cluster.distinct_estimated && exact.abs_diff(estimate) * 50 <= exact;
    let distinct = |facet: &Facet| if is_near { exact } else { facet.distinct };
    let all = |facet: &Facet| {
        let values = facet.values.iter().map(shown).collect::<Vec<_>>();
        (values, facet.other, facet.missing, facet.hits, distinct(facet))
    };
    let (here, there) = (all(local), all(cluster));
    if here == there {
        return None;
    }
    if here.0 != there.0 && here.0.len() > 12 {
        let at = here.0.iter().zip(&there.0).position(|(a, b)| a != b).unwrap_or(0);
        return Some(format!(
            "values from {at} on: {:?}, there {:?}",
            here.0.get(at..here.0.len().min(at + 4)),
            there.0.get(at..there.0.len().min(at + 4))
        ));
    }
    Some(format!("values {here:?}, there {there:?}"))
}
