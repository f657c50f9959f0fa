//! Top values of several sources: counts of one value are added, whatever its type is where.

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::query::{Facet, FacetRequest, FacetValue, Total};

/// What each source is asked, so that the top values of all are mostly exact.
pub(in crate::source::merged) fn wider(request: &FacetRequest) -> FacetRequest {
    let size = if request.size == 0 { 0 } else { request.size * 2 + 20 };
    FacetRequest { field: request.field.clone(), size }
}

/// The `size` top values of all, all if it is 0. A value that a source may hold without listing it
/// makes the counts uncertain by what the source's last listed value counts.
pub(in crate::source::merged) fn facet(field: &str, facets: &[&Facet], size: usize) -> Facet {
    let mut values = added(facets.iter().flat_map(|facet| &facet.values));
    let listed = values.len() as u64;
    let is_cut = |facet: &Facet| facet.distinct > facet.values.len() as u64 || facet.other > 0;
    let unlisted: u64 =
        facets.iter().map(|it| it.distinct - (it.values.len() as u64).min(it.distinct)).sum();
    let kept = if size == 0 { values.len() } else { size.min(values.len()) };
    let below: u64 = values.split_off(kept).iter().map(|value| value.count).sum();
    let holds = |facet: &Facet, label: &str| facet.values.iter().any(|it| it.label == label);
    let unsure = |label: &str| -> u64 {
        let missed = facets.iter().filter(|facet| is_cut(facet) && !holds(facet, label));
        missed.filter_map(|facet| facet.values.last()).map(|last| last.count).sum()
    };
    let uncertain = values.iter().map(|value| unsure(&value.label)).max().unwrap_or(0);
    let most = facets.iter().map(|facet| facet.distinct).max().unwrap_or(0);
    Facet {
        field: field.to_owned(),
        values,
        other: below + facets.iter().map(|facet| facet.other).sum::<u64>(),
        missing: facets.iter().map(|facet| facet.missing).sum(),
        distinct: listed.max(most),
        hits: facets.iter().map(|facet| facet.hits).sum(),
        error: uncertain + facets.iter().map(|facet| facet.error).sum::<u64>(),
        distinct_estimated: facets.iter().any(|facet| facet.distinct_estimated)
            || facets.len() > 1 && unlisted > 0,
    }
}

/// The facet of where records are from.
pub(in crate::source::merged) fn by_source(
    field: &str,
    totals: &[(&str, &Total)],
    size: usize,
) -> Facet {
    let facets: Vec<Facet> = totals
        .iter()
        .map(|(name, total)| Facet {
            values: vec![FacetValue {
                value: Some(Json::from(*name)),
                label: (*name).to_owned(),
                count: total.hits,
            }],
            distinct: 1,
            hits: total.hits,
            ..Facet::default()
        })
        .filter(|facet| facet.hits > 0)
        .collect();
    facet(field, &facets.iter().collect::<Vec<_>>(), size)
}

/// Suggested values of all, most frequent first.
pub(in crate::source::merged) fn suggestions(
    lists: &[&Vec<FacetValue>],
    size: usize,
) -> Vec<FacetValue> {
    let mut values = added(lists.iter().flat_map(|values| values.iter()));
    values.truncate(size);
    values
}

/// Equal values added up, by count descending, then by label.
fn added<'a>(values: impl Iterator<Item = &'a FacetValue>) -> Vec<FacetValue> {
    let mut sums: IndexMap<&str, FacetValue> = IndexMap::new();
    for value in values {
        match sums.get_mut(value.label.as_str()) {
            Some(known) => known.count += value.count,
            None => {
                sums.insert(&value.label, value.clone());
            }
        }
    }
    let mut values: Vec<FacetValue> = sums.into_values().collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::facet;
    use crate::query::{Facet, FacetValue};

    fn own(values: &[(&str, u64)], other: u64, distinct: u64) -> Facet {
        let value = |(label, count): &(&str, u64)| FacetValue {
            value: Some(json!(label)),
            label: (*label).to_owned(),
            count: *count,
        };
        let listed: u64 = values.iter().map(|(_, count)| count).sum();
        Facet {
            values: values.iter().map(value).collect(),
            other,
            distinct,
            missing: 1,
            hits: listed + other + 1,
            ..Facet::default()
        }
    }

    #[test]
    fn counts_of_equal_values_are_added() {
        let (a, b) = (own(&[("x", 5), ("y", 3)], 0, 2), own(&[("y", 4), ("z", 1)], 0, 2));
        let both = facet("f", &[&a, &b], 2);
        let counts: Vec<(&str, u64)> =
            both.values.iter().map(|value| (value.label.as_str(), value.count)).collect();
        assert_eq!(counts, [("y", 7), ("x", 5)]);
        assert_eq!((both.other, both.missing, both.hits), (1, 2, 15));
        assert_eq!((both.distinct, both.distinct_estimated, both.error), (3, false, 0));
    }

    #[test]
    fn what_a_source_does_not_list_makes_counts_uncertain() {
        let (a, b) = (own(&[("x", 5)], 6, 4), own(&[("y", 4)], 0, 1));
        let both = facet("f", &[&a, &b], 10);
        assert_eq!((both.error, both.distinct, both.distinct_estimated), (5, 4, true));
        assert_eq!(both.other, 6);
    }
}
