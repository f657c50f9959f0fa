//! Top values of a field: counts by code in a segment, by value over all of them.

use foldhash::HashMap;

use crate::event::MappedField;
use crate::query::aggregate::{Key, key};
use crate::query::{Facet, FacetValue};
use crate::store::column::MISSING;
use crate::store::{Column, DocSet};

/// Counts of one segment.
pub(in crate::source::local) struct SegmentCounts {
    /// Hits by code; not used for columns of several values.
    by_code: Vec<u32>,
    /// Hits by key, for columns with several values in a record, whose keys may coincide.
    by_key: Option<(HashMap<Key<'static>, u64>, u64)>,
    hits: u64,
}

impl SegmentCounts {
    /// Counts the values of `docs`.
    pub(in crate::source::local) fn of(
        column: &Column,
        docs: &DocSet,
        field: &MappedField,
    ) -> Self {
        let hits = u64::from(docs.count());
        if column.is_multi() {
            let by_key = Some(count_keys(column, docs, field));
            return Self { by_code: Vec::new(), by_key, hits };
        }
        Self { by_code: column.count(docs), by_key: None, hits }
    }
}

fn count_keys(
    column: &Column,
    docs: &DocSet,
    field: &MappedField,
) -> (HashMap<Key<'static>, u64>, u64) {
    let keys: Vec<Option<Key<'static>>> =
        column.values().map(|value| key(field, value).map(Key::into_owned)).collect();
    let mut counts = HashMap::default();
    let mut missing = 0;
    let mut own: Vec<&Key<'static>> = Vec::new();
    docs.each(|doc| {
        own.clear();
        column.each_code(doc, |code| {
            if let Some(Some(key)) = keys.get(code as usize - 1)
                && !own.contains(&key)
            {
                own.push(key);
            }
        });
        missing += u64::from(own.is_empty());
        for key in &own {
            match counts.get_mut(*key) {
                Some(count) => *count += 1,
                None => drop(counts.insert((*key).clone(), 1)),
            }
        }
    });
    (counts, missing)
}

/// Counts of all segments so far.
#[derive(Default)]
pub(in crate::source::local) struct FacetCounts {
    places: HashMap<Key<'static>, u32>,
    counts: Vec<u64>,
    missing: u64,
    hits: u64,
}

impl FacetCounts {
    /// Adds a segment's counts.
    pub(in crate::source::local) fn add(
        &mut self,
        column: &Column,
        field: &MappedField,
        counts: &SegmentCounts,
    ) {
        self.hits += counts.hits;
        if let Some((keys, missing)) = &counts.by_key {
            self.missing += missing;
            for (key, count) in keys {
                self.count(key.clone(), *count);
            }
            return;
        }
        for (code, count) in counts.by_code.iter().enumerate().filter(|(_, count)| **count > 0) {
            let count = u64::from(*count);
            let value = if code as u32 == MISSING { None } else { column.value(code as u32) };
            match value.and_then(|value| key(field, value)) {
                None => self.missing += count,
                Some(key) => self.count(key, count),
            }
        }
    }

    fn count(&mut self, key: Key<'_>, count: u64) {
        if let Some(place) = place_of(&self.places, &key) {
            self.counts[place as usize] += count;
        } else {
            self.places.insert(key.into_owned(), self.counts.len() as u32);
            self.counts.push(count);
        }
    }

    /// Hits that the field is unknown to: it is not in their mapping.
    pub(in crate::source::local) fn add_missing(&mut self, hits: u64) {
        self.hits += hits;
        self.missing += hits;
    }

    /// The answer so far: `size` top values, all if it is 0; only those that `holds` lets through.
    pub(in crate::source::local) fn facet(
        &self,
        field: &str,
        size: usize,
        holds: &dyn Fn(&Key<'_>) -> bool,
    ) -> Facet {
        let mut all: Vec<(&Key<'static>, u64)> = self
            .places
            .iter()
            .filter(|(key, _)| holds(key))
            .map(|(key, place)| (key, self.counts[*place as usize]))
            .collect();
        let distinct = all.len() as u64;
        let order = |a: &(&Key<'_>, u64), b: &(&Key<'_>, u64)| b.1.cmp(&a.1).then(a.0.cmp(b.0));
        let total: u64 = all.iter().map(|(_, count)| count).sum();
        if size != 0 && all.len() > size {
            all.select_nth_unstable_by(size, order);
            all.truncate(size);
        }
        all.sort_unstable_by(order);
        let values: Vec<FacetValue> =
            all.into_iter().map(|(key, count)| value(key, count)).collect();
        let listed: u64 = values.iter().map(|value| value.count).sum();
        Facet {
            field: field.to_owned(),
            values,
            other: total - listed,
            missing: self.missing,
            distinct,
            hits: self.hits,
            error: 0,
            distinct_estimated: false,
        }
    }
}

pub(super) fn value(key: &Key<'_>, count: u64) -> FacetValue {
    FacetValue { value: Some(key.to_json()), label: key.label(), count }
}

/// Looks a borrowed key up among owned ones (a map's keys may be taken for shorter-lived ones).
fn place_of<'a>(places: &HashMap<Key<'a>, u32>, key: &Key<'a>) -> Option<u32> {
    places.get(key).copied()
}
