//! Parts of a request that concern one place: a document, and the records around one.

use std::sync::Arc;

use crate::event::Span;
use crate::query::{Answer, Cursor, Page};
use crate::store::{Epoch, Times};
use crate::time::TimeRange;

use super::cursor;
use super::hits::hit;
use super::look::{Desk, Need};
use super::order::SortKey;
use super::part::rows::Row;
use super::plan::Plan;
use super::segment::Segment;

/// The document of a place.
pub(super) fn document(
    desk: &Desk,
    segments: &[Arc<Segment>],
    of: &Cursor,
    epoch: Epoch,
    buffer: &mut Vec<u8>,
) -> Answer {
    let found = Neighbours::at(desk, segments, of, epoch, buffer);
    let row = found.and_then(|found| found.row(found.doc));
    Answer::Document(row.and_then(|row| hit(&desk.decoders, &row, &[])))
}

/// The records around a place in its file, oldest first.
pub(super) fn surrounding(
    desk: &Desk,
    segments: &[Arc<Segment>],
    (of, before, after): (&Cursor, usize, usize),
    epoch: Epoch,
    buffer: &mut Vec<u8>,
) -> Answer {
    let Some(found) = Neighbours::at(desk, segments, of, epoch, buffer) else {
        return Answer::Surrounding { page: Page::default(), at: 0 };
    };
    let mut own: Vec<&Arc<Segment>> =
        segments.iter().filter(|segment| segment.log.set == found.segment.log.set).collect();
    own.sort_by_key(|segment| segment.rank());
    let here = own.partition_point(|segment| segment.rank() < found.segment.rank());
    let mut older: Vec<Row> =
        (0..found.doc).rev().take(before).filter_map(|at| found.row(at)).collect();
    let mut newer: Vec<Row> =
        (found.doc + 1..found.len()).take(after).filter_map(|at| found.row(at)).collect();
    for segment in own[..here].iter().rev() {
        if older.len() >= before {
            break;
        }
        if let Some(more) = Neighbours::of(desk, segment, epoch, buffer) {
            let missing = before - older.len();
            older.extend((0..more.len()).rev().take(missing).filter_map(|at| more.row(at)));
        }
    }
    for segment in own.iter().skip(here + 1) {
        if newer.len() >= after {
            break;
        }
        if let Some(more) = Neighbours::of(desk, segment, epoch, buffer) {
            let missing = after - newer.len();
            newer.extend((0..more.len()).take(missing).filter_map(|at| more.row(at)));
        }
    }
    let (at_start, at_end) = (older.len() < before, newer.len() < after);
    let at = older.len();
    let middle = found.row(found.doc);
    let rows = older.iter().rev().chain(&middle).chain(&newer);
    let hits = rows.filter_map(|row| hit(&desk.decoders, row, &[])).collect();
    Answer::Surrounding { page: Page { hits, before: None, at_start, at_end }, at }
}

/// A segment's records by number.
struct Neighbours {
    segment: Arc<Segment>,
    times: Arc<Times>,
    spans: Arc<[Span]>,
    /// The record asked for.
    doc: u32,
}

impl Neighbours {
    fn at(
        desk: &Desk,
        segments: &[Arc<Segment>],
        of: &Cursor,
        epoch: Epoch,
        buffer: &mut Vec<u8>,
    ) -> Option<Self> {
        let place = cursor::decode(of)?.place;
        // Before a segment is read, a record may belong to the one before the nominal one.
        let mut near: Vec<&Arc<Segment>> = segments
            .iter()
            .filter(|segment| {
                (segment.log.set, segment.log.member) == (place.set, place.member)
                    && segment.nominal.start <= place.offset
            })
            .collect();
        near.sort_by_key(|segment| segment.rank());
        near.iter().rev().take(2).find_map(|segment| {
            let mut found = Self::of(desk, segment, epoch, buffer)?;
            let start = segment.info()?.seam.offset;
            let offset = |span: &Span| start + u64::from(span.start);
            let doc = found.spans.binary_search_by(|span| offset(span).cmp(&place.offset)).ok()?;
            found.doc = doc as u32;
            Some(found)
        })
    }

    fn of(desk: &Desk, segment: &Arc<Segment>, epoch: Epoch, buffer: &mut Vec<u8>) -> Option<Self> {
        let plan = Plan { conjuncts: Vec::new(), columns: Vec::new() };
        let need = Need { plan: &plan, range: TimeRange::ALL, times: true, epoch };
        let view = desk.look(segment, &need, buffer).ok()?;
        let times = view.times?;
        let spans = match view.spans {
            Some(spans) => spans,
            None => desk.spans(segment, buffer).ok()?,
        };
        Some(Self { segment: Arc::clone(segment), times, spans, doc: 0 })
    }

    fn len(&self) -> u32 {
        self.spans.len() as u32
    }

    fn row(&self, doc: u32) -> Option<Row> {
        let span = *self.spans.get(doc as usize)?;
        let offset = self.segment.info()?.seam.offset + u64::from(span.start);
        let place = self.segment.place(offset);
        let key = SortKey { value: None, time: self.times.get(doc), place };
        Some(Row { key, segment: Arc::clone(&self.segment), span })
    }
}
