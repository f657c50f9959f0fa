//! Seams: places where a text can be cut so that the records stay the same.

use std::io;

use memchr::memrchr;

use super::cutter::Cutter;
use super::lines::{Line, Lines, next_cut};
use super::rule::LineKind;
use super::{Framing, ReadAt};

/// A place where a record begins, with what must be known to go on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// Offset in the text.
    pub offset: u64,
    /// Where the run began that goes on here; `offset` if a run begins here.
    pub(super) run: u64,
    /// What the first line is, where its text alone does not say.
    pub(super) first: Option<LineKind>,
    /// Whether it lies within a line that was cut.
    pub(super) in_line: bool,
}

impl Seam {
    /// The beginning of a text.
    pub const START: Self = Self { offset: 0, run: 0, first: None, in_line: false };

    /// A place where a run begins.
    pub(super) fn fresh(offset: u64, kind: LineKind) -> Self {
        Self { offset, run: offset, first: Some(kind), in_line: false }
    }

    /// The end of a text: nothing follows.
    pub(crate) fn end(offset: u64) -> Self {
        Self { offset, run: offset, first: None, in_line: false }
    }
}

/// How much is looked at for a line that begins a record, before runs are counted through.
const NEAR: u64 = 64 << 10;

/// The first seam at or after `offset` of a text that ends at `end`.
///
/// Reads a few kilobytes where records are small; some megabytes within a run that is longer than
/// the limits of joining.
pub fn seam_at(
    framing: &Framing<'_>,
    text: &dyn ReadAt,
    offset: u64,
    end: u64,
) -> io::Result<Seam> {
    if offset == 0 {
        return Ok(Seam::START);
    }
    if offset >= end {
        return Ok(Seam::end(end));
    }
    let first = line_start(framing, text, offset - 1)?;
    match scan(framing, text, first, offset, end)? {
        Scan::Found(seam) => Ok(seam),
        Scan::End => Ok(Seam::end(end)),
        Scan::TooFar => within_run(framing, text, first, offset, end),
    }
}

/// A seam at or after `offset` in `bytes`, which begin at `from`: the forward reader's way. `None`
/// if none can be told from these bytes; more are needed, or the text ends.
///
/// Takes the beginning of a run where there is one within reach, so that [`seam_at`] finds the same.
#[must_use]
pub fn seam_within(framing: &Framing<'_>, from: Seam, bytes: &[u8], offset: u64) -> Option<Seam> {
    match run_within(framing, from.offset, bytes, offset) {
        Scan::Found(seam) => Some(seam),
        Scan::End => None,
        Scan::TooFar => seam_counted(framing, from, bytes, offset),
    }
}

/// The same, by counting through the run; finds the seams too that limits make.
fn seam_counted(framing: &Framing<'_>, from: Seam, bytes: &[u8], offset: u64) -> Option<Seam> {
    let mut cutter = Cutter::at(framing, from);
    for line in Lines::new(framing, bytes, from.offset, 0).beginning_in_line(from.in_line) {
        if !line.is_whole {
            return None;
        }
        let seam = cutter.take(bytes, line).seam;
        if let Some(seam) = seam.filter(|seam| seam.offset >= offset) {
            return Some(seam);
        }
    }
    None
}

/// A line that begins a run within reach of `offset`, without looking at the lines before. The end
/// of `bytes` may be the end of what was read so far.
fn run_within(framing: &Framing<'_>, base: u64, bytes: &[u8], offset: u64) -> Scan {
    let at = offset.saturating_sub(base).max(1) as usize;
    let Some(head) = bytes.get(..at - 1) else { return Scan::End };
    let Some(newline) = memrchr(framing.newline.byte(), head) else { return Scan::TooFar };
    let start = newline + 1;
    if (at - start) as u64 >= framing.joining.line_bytes {
        return Scan::TooFar;
    }
    let reach = at as u64 + framing.joining.reach();
    let mut before: &[u8] = &[];
    for line in Lines::new(framing, bytes, base, start) {
        if line.start as u64 > reach {
            return Scan::TooFar;
        }
        if !line.is_whole {
            break;
        }
        let content = &bytes[line.start..line.end];
        if line.start >= at
            && let Some(kind) = begins_run(framing, line, content, before)
        {
            let in_line = line.is_piece;
            return Scan::Found(Seam { in_line, ..Seam::fresh(base + line.start as u64, kind) });
        }
        before = content;
    }
    Scan::End
}

enum Scan {
    Found(Seam),
    End,
    TooFar,
}

/// Looks for a line that begins a run at or after `offset`; `first` is where the line before
/// begins.
fn scan(
    framing: &Framing<'_>,
    text: &dyn ReadAt,
    first: LineStart,
    offset: u64,
    end: u64,
) -> io::Result<Scan> {
    let near = framing.joining.line_bytes.min(NEAR);
    let mut size = near / 8 + 1;
    loop {
        let stop = end.min(offset + size);
        let bytes = read_range(text, first.offset, stop)?;
        let reached = first.offset + bytes.len() as u64;
        let is_end = reached >= end || reached < stop;
        let mut before: &[u8] = &[];
        let lines = Lines::new(framing, &bytes, first.offset, 0).beginning_in_line(first.in_line);
        for line in lines {
            if !line.is_whole && !is_end {
                break;
            }
            let at = first.offset + line.start as u64;
            let content = &bytes[line.start..line.end];
            if at >= offset
                && let Some(kind) = begins_run(framing, line, content, before)
            {
                let in_line = line.is_piece;
                return Ok(Scan::Found(Seam { in_line, ..Seam::fresh(at, kind) }));
            }
            before = content;
        }
        if is_end {
            return Ok(Scan::End);
        }
        if size >= near {
            return Ok(Scan::TooFar);
        }
        size *= 8;
    }
}

/// What a line is, if it begins a run.
fn begins_run(
    framing: &Framing<'_>,
    line: Line,
    content: &[u8],
    before: &[u8],
) -> Option<LineKind> {
    if line.is_piece {
        return Some(LineKind::Start);
    }
    if content.is_empty() {
        return None;
    }
    let kind = framing.rule.kind(content, before);
    (kind != LineKind::Continues).then_some(kind)
}

/// The first seam at or after `offset` inside a long run: finds where the run began, within
/// reach, and counts from there.
fn within_run(
    framing: &Framing<'_>,
    text: &dyn ReadAt,
    first: LineStart,
    offset: u64,
    end: u64,
) -> io::Result<Seam> {
    let origin = run_start(framing, text, first)?;
    let mut size = framing.joining.bytes;
    loop {
        let stop = end.min(offset + size);
        let bytes = read_range(text, origin.offset, stop)?;
        let reached = origin.offset + bytes.len() as u64;
        if let Some(seam) = seam_counted(framing, origin, &bytes, offset) {
            return Ok(seam);
        }
        if reached >= end || reached < stop {
            return Ok(last_seam(framing, origin, &bytes, offset, end));
        }
        size *= 2;
    }
}

/// At the end of a text the last line may lack its line end and still begin a record.
fn last_seam(framing: &Framing<'_>, origin: Seam, bytes: &[u8], offset: u64, end: u64) -> Seam {
    let mut cutter = Cutter::at(framing, origin);
    for line in Lines::new(framing, bytes, origin.offset, 0).beginning_in_line(origin.in_line) {
        cutter.take(bytes, line);
    }
    let last = cutter.last;
    if last.offset >= offset { last } else { Seam::end(end) }
}

/// The seam at which the run began that goes on at `first`; where that is out of reach, `first`
/// itself with a beginning far away.
fn run_start(framing: &Framing<'_>, text: &dyn ReadAt, first: LineStart) -> io::Result<Seam> {
    let reach = framing.joining.reach();
    let from = match first.offset.checked_sub(reach) {
        None | Some(0) => LineStart { offset: 0, in_line: false },
        Some(far) => line_start(framing, text, far - 1)?,
    };
    let bytes = read_range(text, from.offset, first.offset)?;
    let bytes = [bytes, read_line(framing, text, first)?].concat();
    let mut found = (from.offset == 0).then_some(Seam::START);
    let mut before: &[u8] = &[];
    for line in Lines::new(framing, &bytes, from.offset, 0).beginning_in_line(from.in_line) {
        let at = from.offset + line.start as u64;
        if at > first.offset {
            break;
        }
        let content = &bytes[line.start..line.end];
        let is_known = at > from.offset || from.offset == 0;
        if is_known && let Some(kind) = begins_run(framing, line, content, before) {
            found = Some(Seam { in_line: line.is_piece, ..Seam::fresh(at, kind) });
        }
        before = content;
    }
    let far = first.offset.saturating_sub(reach);
    Ok(found.unwrap_or(Seam {
        offset: first.offset,
        run: far,
        first: Some(LineKind::Continues),
        in_line: first.in_line,
    }))
}

/// Where a line begins, or the piece of a line that was cut.
#[derive(Debug, Clone, Copy)]
struct LineStart {
    offset: u64,
    in_line: bool,
}

/// Where the line begins that holds the byte at `at` (its line end belongs to it).
fn line_start(framing: &Framing<'_>, text: &dyn ReadAt, at: u64) -> io::Result<LineStart> {
    let line_bytes = framing.joining.line_bytes;
    let mut size = 2 << 10;
    loop {
        let from = at.saturating_sub(size);
        let bytes = read_range(text, from, at)?;
        let newline = memrchr(framing.newline.byte(), &bytes);
        if newline.is_some() || from == 0 {
            let start = newline.map_or(from, |place| from + place as u64 + 1);
            let is_cut = at >= next_cut(start, line_bytes);
            let offset = if is_cut { at - at % line_bytes } else { start };
            return Ok(LineStart { offset, in_line: is_cut });
        }
        if size > line_bytes.saturating_mul(2) {
            return Ok(LineStart { offset: at - at % line_bytes, in_line: true });
        }
        size *= 4;
    }
}

/// The line that begins at `first`, with some of what follows.
fn read_line(framing: &Framing<'_>, text: &dyn ReadAt, first: LineStart) -> io::Result<Vec<u8>> {
    let mut size = framing.joining.line_bytes.min(NEAR);
    loop {
        let bytes = read_range(text, first.offset, first.offset + size)?;
        let is_end = (bytes.len() as u64) < size;
        let lines = Lines::new(framing, &bytes, first.offset, 0);
        if is_end || lines.beginning_in_line(first.in_line).next().is_some_and(|line| line.is_whole)
        {
            return Ok(bytes);
        }
        size *= 8;
    }
}

fn read_range(text: &dyn ReadAt, from: u64, to: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX)];
    let count = text.read_at(from, &mut bytes)?;
    bytes.truncate(count);
    Ok(bytes)
}
