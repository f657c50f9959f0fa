//! Lines of a buffer: cut at line ends, and where a line is too long.

use memchr::memchr;

use super::Framing;
use crate::ingest::member::Newline;

/// A line of a buffer, or a piece of one that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins in the buffer.
    pub start: usize,
    /// One past its last byte, its line end not included.
    pub end: usize,
    /// Where the next line begins.
    pub next: usize,
    /// Whether it goes on with a line that was cut.
    pub is_piece: bool,
    /// Whether its end is in the buffer (a line end, or a cut).
    pub is_whole: bool,
}

/// Walks over the lines of a buffer that stands at `base` in the text and begins with a line.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    base: u64,
    at: usize,
    newline: Newline,
    line_bytes: u64,
    in_line: bool,
}

impl<'a> Lines<'a> {
    /// Lines from `at` on, which must be where a line or a piece begins. A byte order mark at the
    /// beginning of the text is no part of its first line.
    pub(super) fn new(framing: &Framing<'_>, bytes: &'a [u8], base: u64, at: usize) -> Self {
        let at = if at == 0 { text_start(bytes, base) } else { at };
        let line_bytes = framing.joining.line_bytes;
        Self { bytes, base, at, newline: framing.newline, line_bytes, in_line: false }
    }

    /// Says that the first line is a piece.
    pub(super) fn beginning_in_line(mut self, in_line: bool) -> Self {
        self.in_line = in_line;
        self
    }

    /// The end of a line without its CR.
    fn without_cr(&self, start: usize, end: usize) -> usize {
        let has_cr = self.newline == Newline::Lf && self.bytes[start..end].ends_with(b"\r");
        end - usize::from(has_cr)
    }

    /// Where in the buffer a line that begins at `start` is cut if it does not end before.
    fn cut_of(&self, start: usize) -> u64 {
        next_cut(self.base + start as u64, self.line_bytes) - self.base
    }
}

/// Where the text begins in `bytes` that stand at `base`: after a byte order mark.
pub(super) fn text_start(bytes: &[u8], base: u64) -> usize {
    if base == 0 && bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

/// The first multiple of `line_bytes` that is at least `line_bytes` after `start`.
pub(super) fn next_cut(start: u64, line_bytes: u64) -> u64 {
    start.saturating_add(line_bytes).div_ceil(line_bytes).saturating_mul(line_bytes)
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.at;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let found = memchr(self.newline.byte(), rest).map(|at| start + at);
        let stop = found.unwrap_or(self.bytes.len());
        let is_piece = std::mem::replace(&mut self.in_line, false);
        if (stop - start) as u64 >= self.line_bytes {
            let cut = self.cut_of(start);
            if cut <= stop as u64 && (cut as usize) < self.bytes.len() {
                let cut = cut as usize;
                let end = self.without_cr(start, cut);
                self.at = cut;
                self.in_line = true;
                return Some(Line { start, end, next: cut, is_piece, is_whole: true });
            }
        }
        let end = self.without_cr(start, stop);
        let next = found.map_or(stop, |at| at + 1);
        self.at = next;
        Some(Line { start, end, next, is_piece, is_whole: found.is_some() })
    }
}
