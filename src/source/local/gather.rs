//! What a request has gathered so far, part by part, and the answers that can be made of it.

use std::sync::Arc;

use regex::bytes::Regex;

use crate::query::aggregate::Key;
use crate::query::{
    Answer, Breakdown, Direction, FacetRequest, Interval, Page, PageRequest, Part, SearchRequest,
    Total,
};
use crate::time::{Millis, TimeRange};

use super::cursor;
use super::decoders::Decoders;
use super::hits::hit;
use super::order::SortKey;
use super::part::facet::FacetCounts;
use super::part::histogram::HistogramCounts;
use super::part::rows::{Row, Rows, Window};
use super::plan::TIME;

/// A part that is gathered segment by segment. Columns are numbers in the plan's list.
pub(super) enum Gathered {
    Total(Total),
    Histogram {
        counts: HistogramCounts,
        column: Option<usize>,
        is_fitted: bool,
    },
    Facet {
        counts: FacetCounts,
        column: usize,
        field: String,
        size: usize,
        text: Option<String>,
    },
    Rows {
        rows: Rows,
        sort: Option<usize>,
        fields: Vec<String>,
        find: Option<Regex>,
        is_final: bool,
    },
}

/// The parts of a request, by their number in it.
#[derive(Default)]
pub(super) struct Gather {
    pub parts: Vec<(usize, Gathered)>,
    /// The columns that the parts need, by name.
    pub columns: Vec<Arc<str>>,
    /// Parts that cannot be answered, and why.
    pub refused: Vec<(usize, String)>,
}

/// Most buckets of a histogram whose width nobody chose.
const BUCKETS: u16 = 60;

impl Gather {
    /// Nothing yet, for the parts of `request`. `span` is the time that is known to be covered.
    pub(super) fn new(request: &SearchRequest, span: Option<(Millis, Millis)>) -> Self {
        let mut own = Self { parts: Vec::new(), columns: Vec::new(), refused: Vec::new() };
        for (at, part) in request.parts.iter().enumerate() {
            match own.part(request, part, span) {
                Ok(Some(gathered)) => own.parts.push((at, gathered)),
                Ok(None) => {}
                Err(reason) => own.refused.push((at, reason)),
            }
        }
        own
    }

    fn part(
        &mut self,
        request: &SearchRequest,
        part: &Part,
        span: Option<(Millis, Millis)>,
    ) -> Result<Option<Gathered>, String> {
        let search = &request.search;
        Ok(Some(match part {
            Part::Total => Gathered::Total(Total::default()),
            Part::Histogram(histogram) => {
                let by = histogram.by.clone();
                let field = by.as_ref().map(|by| match by {
                    Breakdown::Values { field, .. }
                    | Breakdown::StatusClass { field }
                    | Breakdown::Level { field } => field.clone(),
                });
                let column = field.map(|field| self.column(&field));
                let (interval, is_fitted) = fitted(histogram.interval, search.range, span);
                let counts = HistogramCounts::new(interval, search.zone, by);
                Gathered::Histogram { counts, column, is_fitted }
            }
            Part::Facet(FacetRequest { field, size }) => self.facet(field, *size, None),
            Part::Suggest { field, text, size } => {
                self.facet(field, *size, Some(text.to_lowercase()))
            }
            Part::Page(page) => {
                let anchor = page.anchor.as_ref().map(own_key).transpose()?;
                let window = Window::of(page, search.sort.order, anchor);
                self.rows(request, window, page.fields.clone(), None)
            }
            Part::Find { pattern, from, direction } => {
                let pattern = Regex::new(pattern).map_err(|error| error.to_string())?;
                let anchor = from.as_ref().map(own_key).transpose()?;
                let page = PageRequest {
                    anchor: None,
                    inclusive: false,
                    direction: *direction,
                    count: 1,
                    fields: Vec::new(),
                };
                let window = Window::of(&page, search.sort.order, anchor);
                self.rows(request, window, Vec::new(), Some(pattern))
            }
            Part::Document(_) | Part::Surrounding { .. } => return Ok(None),
        }))
    }

    fn facet(&mut self, field: &str, size: usize, text: Option<String>) -> Gathered {
        let column = self.column(field);
        let counts = FacetCounts::default();
        Gathered::Facet { counts, column, field: field.to_owned(), size, text }
    }

    fn rows(
        &mut self,
        request: &SearchRequest,
        window: Window,
        fields: Vec<String>,
        find: Option<Regex>,
    ) -> Gathered {
        let field = &request.search.sort.field;
        let sort = (field != TIME && !field.is_empty()).then(|| self.column(field));
        Gathered::Rows { rows: Rows::new(window), sort, fields, find, is_final: false }
    }

    fn column(&mut self, field: &str) -> usize {
        self.columns.iter().position(|known| **known == *field).unwrap_or_else(|| {
            self.columns.push(field.into());
            self.columns.len() - 1
        })
    }

    /// Whether some part needs every segment.
    pub(super) fn counts_all(&self) -> bool {
        self.parts.iter().any(|(_, part)| !matches!(part, Gathered::Rows { .. }))
    }

    /// Takes out the histograms whose width was fitted to a guess that the counts do not bear out,
    /// empty and with the right width.
    pub(super) fn take_misfits(
        &mut self,
        request: Option<&SearchRequest>,
    ) -> Vec<(usize, Gathered)> {
        let Some(request) = request else { return Vec::new() };
        let mut misfits = Vec::new();
        self.parts.retain(|(at, part)| {
            let Gathered::Histogram { counts, column, is_fitted: true } = part else { return true };
            let Some(Part::Histogram(histogram)) = request.parts.get(*at) else { return true };
            let (interval, _) = fitted(histogram.interval, request.search.range, counts.span());
            if interval == counts.how().0 || counts.span().is_none() {
                return true;
            }
            let by = histogram.by.clone();
            let counts = HistogramCounts::new(interval, request.search.zone, by);
            let again = Gathered::Histogram { counts, column: *column, is_fitted: false };
            misfits.push((*at, again));
            false
        });
        misfits
    }

    /// The rows that are still open, and whether they are sorted by something else than time.
    pub(super) fn open_rows(&self) -> impl Iterator<Item = (&Rows, bool)> {
        self.parts.iter().filter_map(|(_, part)| match part {
            Gathered::Rows { rows, sort, is_final: false, .. } => Some((rows, sort.is_some())),
            _ => None,
        })
    }
}

fn own_key(cursor: &crate::query::Cursor) -> Result<SortKey, String> {
    cursor::decode(cursor).ok_or_else(|| "the place is not one of these files".to_owned())
}

/// The interval to count in, and whether it is one that was fitted to a guess.
fn fitted(asked: Interval, range: TimeRange, span: Option<(Millis, Millis)>) -> (Interval, bool) {
    let Interval::Auto { buckets } = asked else { return (asked, false) };
    let buckets = if buckets == 0 { BUCKETS } else { buckets };
    let (first, last) = span.unwrap_or_default();
    let (from, to) = (range.from.unwrap_or(first), range.to.unwrap_or(last));
    let is_closed = range.from.is_some() && range.to.is_some();
    (Interval::fit(from, to.max(from), buckets), !is_closed)
}

/// An answer, or the rows that one is still to be read for.
pub(super) enum Outcome {
    Ready(Answer),
    Rows { window: Window, rows: Vec<Row>, has_more: bool, fields: Vec<String>, is_find: bool },
}

impl Gathered {
    /// What there is so far.
    pub(super) fn outcome(&self, range: TimeRange) -> Outcome {
        Outcome::Ready(match self {
            Self::Total(total) => Answer::Total(*total),
            Self::Histogram { counts, .. } => Answer::Histogram(counts.histogram(range)),
            Self::Facet { counts, field, size, text: None, .. } => {
                Answer::Facet(counts.facet(field, *size, &|_| true))
            }
            Self::Facet { counts, field, size, text: Some(text), .. } => {
                let holds = |key: &Key<'_>| key.label().to_lowercase().contains(text);
                Answer::Suggestions(counts.facet(field, *size, &holds).values)
            }
            Self::Rows { rows, fields, find, .. } => {
                let (found, has_more) = rows.rows();
                return Outcome::Rows {
                    window: rows.window().clone(),
                    rows: found,
                    has_more,
                    fields: fields.clone(),
                    is_find: find.is_some(),
                };
            }
        })
    }

    /// Whether rows have become final: nothing that `reach` leaves open can come before them.
    pub(super) fn settle(&mut self, reach: &dyn Fn(&Rows, bool) -> bool) -> bool {
        match self {
            Self::Rows { rows, sort, is_final, .. } if !*is_final => {
                *is_final = reach(rows, sort.is_some());
                *is_final
            }
            _ => false,
        }
    }
}

impl Outcome {
    /// The answer. Rows are read here. `is_provisional` says of a row whether one that was not
    /// read yet may come before it.
    pub(super) fn answer(
        self,
        decoders: &Decoders,
        is_provisional: &dyn Fn(&Window, &SortKey) -> bool,
    ) -> Answer {
        let (window, rows, has_more, fields, is_find) = match self {
            Self::Ready(answer) => return answer,
            Self::Rows { window, rows, has_more, fields, is_find } => {
                (window, rows, has_more, fields, is_find)
            }
        };
        if is_find {
            return Answer::Found(rows.first().and_then(|row| hit(decoders, row, &fields)));
        }
        let hits = rows
            .iter()
            .filter_map(|row| {
                let mut hit = hit(decoders, row, &fields)?;
                hit.provisional = is_provisional(&window, &row.key);
                Some(hit)
            })
            .collect();
        let is_first = window.anchor.is_none();
        let (at_start, at_end) = match window.direction {
            Direction::After => (is_first, !has_more),
            Direction::Before => (!has_more, is_first),
        };
        Answer::Page(Page { hits, before: at_start.then_some(0), at_start, at_end })
    }
}
