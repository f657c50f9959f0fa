//! The one place where records are cut: lines in, spans out.

use memchr::memchr_iter;

use super::lines::{Line, Lines, text_start};
use super::rule::LineKind;
use super::{Framing, Seam};
use crate::event::Span;
use crate::ingest::member::Newline;

/// Cuts `bytes`, which begin at `seam`, into records and appends their spans to `records`.
///
/// A span leaves out the line end of its last line and the empty lines around it. Returns the seam
/// of the last run of whole lines (of the last record, in a run that is longer than the reach of
/// its beginning): from there on a longer text may be cut otherwise. `bytes` should end at a seam, or where the text ends now.
pub fn cut(framing: &Framing<'_>, seam: Seam, bytes: &[u8], records: &mut Vec<Span>) -> Seam {
    let known = records.len();
    if framing.rule.is_every_line() && !seam.in_line {
        if let Some(last) = cut_every_line(framing, seam, bytes, records) {
            return last;
        }
        records.truncate(known);
    }
    let mut cutter = Cutter::at(framing, seam);
    let mut last = seam;
    for line in Lines::new(framing, bytes, seam.offset, 0).beginning_in_line(seam.in_line) {
        records.extend(cutter.take(bytes, line).closed);
        if line.is_whole {
            last = cutter.sure();
        }
    }
    records.extend(cutter.close());
    last
}

/// The same for rules by which each line is a record. `None` if there is a line that may have to
/// be cut.
fn cut_every_line(
    framing: &Framing<'_>,
    seam: Seam,
    bytes: &[u8],
    records: &mut Vec<Span>,
) -> Option<Seam> {
    let newline = framing.newline;
    let longest = usize::try_from(framing.joining.line_bytes).unwrap_or(usize::MAX);
    let mut start = text_start(bytes, seam.offset);
    let mut last = 0;
    for stop in memchr_iter(newline.byte(), bytes) {
        if stop - start >= longest {
            return None;
        }
        let has_cr = newline == Newline::Lf && stop > start && bytes[stop - 1] == b'\r';
        let end = if has_cr { stop - 1 } else { stop };
        if end > start {
            records.push(Span { start: start as u32, end: end as u32 });
        }
        last = start;
        start = stop + 1;
    }
    if bytes.len() - start >= longest {
        return None;
    }
    if start < bytes.len() {
        let has_cr = newline == Newline::Lf && bytes.last() == Some(&b'\r');
        let end = bytes.len() - usize::from(has_cr);
        if end > start {
            records.push(Span { start: start as u32, end: end as u32 });
        }
    }
    let is_first = last == 0;
    Some(if is_first { seam } else { Seam::fresh(seam.offset + last as u64, LineKind::Start) })
}

/// What a line did.
pub(super) struct Step {
    /// The record that it ended.
    pub closed: Option<Span>,
    /// The seam before it, if there is one.
    pub seam: Option<Seam>,
}

/// The state between lines: a run, and the stretch of it that becomes one record.
pub(super) struct Cutter<'a> {
    framing: &'a Framing<'a>,
    base: u64,
    /// Where the run began.
    run: u64,
    /// Where the stretch began, and its lines so far.
    stretch: u64,
    lines: u32,
    /// The record so far: from its first to its last line that is not empty.
    record: Option<Span>,
    /// Where the line before began, and what stands in it.
    previous: u64,
    before: (usize, usize),
    /// What the first line is, where the seam knows it; and whether that line is still to come.
    first: Option<LineKind>,
    is_first: bool,
    /// The seam at which the stretch began.
    pub last: Seam,
    /// The seam at which the run began, if that was seen.
    run_seam: Seam,
}

impl<'a> Cutter<'a> {
    /// The state at a seam; the buffer begins there.
    pub(super) fn at(framing: &'a Framing<'a>, seam: Seam) -> Self {
        Self {
            framing,
            base: seam.offset,
            run: seam.run,
            stretch: seam.offset,
            lines: 0,
            record: None,
            previous: seam.offset,
            before: (0, 0),
            first: seam.first,
            is_first: true,
            last: seam,
            run_seam: seam,
        }
    }

    /// The seam from which on records may change when more text comes.
    fn sure(&self) -> Seam {
        let is_near = self.last.offset - self.run_seam.offset < self.framing.joining.reach();
        if is_near { self.run_seam } else { self.last }
    }

    /// Takes the next line of `bytes`.
    pub(super) fn take(&mut self, bytes: &[u8], line: Line) -> Step {
        let offset = self.base + line.start as u64;
        let is_empty = line.start == line.end;
        let is_first = std::mem::replace(&mut self.is_first, false);
        let known = self.first.take();
        let kind = match known {
            Some(kind) => kind,
            _ if line.is_piece => LineKind::Start,
            _ if is_empty => LineKind::Continues,
            _ => {
                let before = &bytes[self.before.0..self.before.1];
                self.framing.rule.kind(&bytes[line.start..line.end], before)
            }
        };
        let mut step = Step { closed: None, seam: None };
        if kind != LineKind::Continues {
            step.closed = self.close();
            if known.is_none() {
                self.run = offset;
                let seam = self.begin(offset, Some(kind), line.is_piece);
                self.run_seam = seam;
                step.seam = Some(seam);
            }
        } else if !is_first && self.is_full(offset, self.base + line.end as u64) {
            step.closed = self.close();
            step.seam = Some(self.begin(offset, Some(kind), false));
        }
        if kind != LineKind::Header && !is_empty {
            let start = self.record.map_or(line.start as u32, |record| record.start);
            self.record = Some(Span { start, end: line.end as u32 });
        }
        self.lines += 1;
        self.previous = offset;
        self.before = (line.start, line.end);
        step
    }

    /// The record that is open.
    pub(super) fn close(&mut self) -> Option<Span> {
        self.record.take()
    }

    fn begin(&mut self, offset: u64, first: Option<LineKind>, in_line: bool) -> Seam {
        self.stretch = offset;
        self.lines = 0;
        self.last = Seam { offset, run: self.run, first, in_line };
        self.last
    }

    /// Whether a continuing line from `start` to `end` must begin a record of its own.
    fn is_full(&self, start: u64, end: u64) -> bool {
        let joining = self.framing.joining;
        let is_far = |at: u64| at - self.run >= joining.reach();
        if !is_far(start) {
            return self.lines >= joining.lines || end - self.stretch > joining.bytes;
        }
        !is_far(self.previous) || start / joining.bytes != self.previous / joining.bytes
    }
}
