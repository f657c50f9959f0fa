//! One segment's share of each part: found without any lock, then merged into the whole.

use std::sync::Arc;

use regex::bytes::Regex;

use crate::ingest::frame::BlockError;
use crate::query::Interval;
use crate::time::Zone;

use super::candidates::{Choice, candidates};
use super::gather::{Gather, Gathered};
use super::look::{Desk, View};
use super::order::SortKey;
use super::part::facet::SegmentCounts;
use super::part::histogram::SegmentBuckets;
use super::part::rows::{Row, Window};
use super::plan::Plan;
use super::segment::Segment;

/// What a part has to know to look at a segment. Columns are numbers in the plan's list.
pub(super) enum Probe {
    /// The hits alone are enough.
    Hits,
    /// The part needs nothing more.
    Done,
    Histogram {
        how: (Interval, Zone),
        column: Option<usize>,
    },
    Facet {
        column: usize,
    },
    Rows {
        window: Window,
        worst: Option<SortKey>,
        limit: usize,
        sort: Option<usize>,
        find: Option<Regex>,
    },
}

/// What was found for a part.
pub(super) enum Found {
    Nothing,
    Histogram(SegmentBuckets),
    Facet(SegmentCounts),
    Rows(Vec<Row>),
}

impl Probe {
    /// Whether it needs the records' times.
    pub(super) fn needs_times(&self) -> bool {
        matches!(self, Self::Histogram { .. } | Self::Rows { .. })
    }

    /// Looks at a segment.
    pub(super) fn look(
        &self,
        desk: &Desk,
        segment: &Arc<Segment>,
        plan: &Plan,
        view: &View,
        buffer: &mut Vec<u8>,
    ) -> Result<Found, BlockError> {
        if view.docs.is_empty() {
            return Ok(Found::Nothing);
        }
        Ok(match self {
            Self::Hits | Self::Done => Found::Nothing,
            Self::Histogram { how, column } => {
                let column = column.and_then(|at| view.columns.get(at)?.as_deref());
                let times = view.times.as_deref();
                times.map_or(Found::Nothing, |times| {
                    Found::Histogram(SegmentBuckets::of(times, &view.docs, column, *how))
                })
            }
            Self::Facet { column } => {
                let field = plan.columns.get(*column).and_then(|wanted| wanted.field.as_ref());
                let own = view.columns.get(*column).and_then(Option::as_deref);
                own.zip(field).map_or(Found::Nothing, |(own, field)| {
                    Found::Facet(SegmentCounts::of(own, &view.docs, field))
                })
            }
            Self::Rows { window, worst, limit, sort, find } => {
                let sort = sort.and_then(|at| {
                    let own = view.columns.get(at)?.as_deref()?;
                    Some((own, plan.columns.get(at)?.field.as_ref()?))
                });
                let (worst, pattern) = (worst.as_ref(), find.as_ref());
                let choice = Choice { window, sort, limit: *limit, worst, pattern };
                Found::Rows(candidates(desk, segment, view, &choice, buffer)?)
            }
        })
    }
}

impl Gather {
    /// What each part has to know.
    pub(super) fn probes(&self) -> Vec<Probe> {
        self.parts.iter().map(|(_, part)| part.probe()).collect()
    }

    /// Adds what was found in a segment, part by part.
    pub(super) fn merge(&mut self, plan: &Plan, view: &View, found: Vec<Found>) {
        for ((_, part), found) in self.parts.iter_mut().zip(found) {
            part.merge(plan, view, found);
        }
    }
}

impl Gathered {
    fn probe(&self) -> Probe {
        match self {
            Self::Total(_) => Probe::Hits,
            Self::Histogram { counts, column, .. } => {
                Probe::Histogram { how: counts.how(), column: *column }
            }
            Self::Facet { column, .. } => Probe::Facet { column: *column },
            Self::Rows { is_final: true, .. } => Probe::Done,
            Self::Rows { rows, sort, find, .. } => Probe::Rows {
                window: rows.window().clone(),
                worst: rows.worst().cloned(),
                limit: rows.limit(),
                sort: *sort,
                find: find.clone(),
            },
        }
    }

    fn merge(&mut self, plan: &Plan, view: &View, found: Found) {
        let hits = u64::from(view.docs.count());
        let column = |at: usize| {
            let own = view.columns.get(at)?.as_deref()?;
            Some((own, plan.columns.get(at)?.field.as_ref()?))
        };
        match (self, found) {
            (Self::Total(total), _) => {
                total.hits += hits;
                total.of += view.records;
                total.without_time += view.without_time;
            }
            (Self::Histogram { counts, column: at, .. }, Found::Histogram(own)) => {
                counts.add(&own, at.and_then(column));
            }
            (Self::Facet { counts, column: at, .. }, found) => match (found, column(*at)) {
                (Found::Facet(own), Some((column, field))) => counts.add(column, field, &own),
                _ => counts.add_missing(hits),
            },
            (Self::Rows { rows, .. }, Found::Rows(own)) => rows.add(own),
            _ => {}
        }
    }
}
