//! The only way from a log's text to the screen.
//!
//! Log lines, field names, file names and servers' error texts are data: what could move the
//! cursor, reorder a line or hide is shown as a dim symbol, colour sequences are left out, and
//! widths are those of the cells that are filled. In: any string. Out: spans without control
//! characters. Works lazily: a line of megabytes costs what is seen of it.

mod piece;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

pub use self::piece::{Piece, Pieces};
pub use self::words::words;

/// No more bytes of one text are looked at, so that hostile text costs a bounded time.
const CAP: usize = 256 * 1024;

/// The styles of a text, and the places of it that are marked.
#[derive(Debug, Clone, Copy)]
pub struct Ink<'a> {
    /// The style of the text.
    pub plain: Style,
    /// Laid over what stands for something else.
    pub symbol: Style,
    /// Laid over marked places.
    pub hit: Style,
    /// Styles of parts of the text, laid over the plain one; bytes of the text, in order.
    pub parts: &'a [(Range<usize>, Style)],
    /// The marked places as bytes of the text, in order.
    pub marks: &'a [Range<usize>],
    /// Nothing outside ASCII.
    pub ascii: bool,
}

impl Ink<'_> {
    /// One style for everything.
    #[must_use]
    pub fn of(plain: Style, ascii: bool) -> Self {
        Self { plain, symbol: Style::new(), hit: Style::new(), parts: &[], marks: &[], ascii }
    }

    fn style(&self, piece: &Piece<'_>) -> Style {
        let mut style = self.plain;
        let part = self.parts.partition_point(|(part, _)| part.end <= piece.at);
        if let Some((_, own)) = self.parts.get(part).filter(|(part, _)| part.start <= piece.at) {
            style = style.patch(*own);
        }
        if piece.symbol {
            style = style.patch(self.symbol);
        }
        let next = self.marks.partition_point(|mark| mark.end <= piece.at);
        if self.marks.get(next).is_some_and(|mark| mark.start <= piece.at) {
            style = style.patch(self.hit);
        }
        style
    }
}

/// A text made safe, as it fits into a width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fitted {
    /// The spans.
    pub spans: Vec<Span<'static>>,
    /// The cells that they fill.
    pub width: usize,
    /// Whether something was left out at the end.
    pub cut: bool,
}

/// The part of `text` from column `skip` that fits into `width` cells; ends with an ellipsis if
/// it is cut. Line breaks are shown as symbols.
#[must_use]
pub fn fit(text: &str, skip: usize, width: usize, ink: &Ink<'_>) -> Fitted {
    let mut runs = Runs::default();
    let mut column = 0;
    let mut cut = false;
    for piece in Pieces::new(capped(text, skip + width), ink.ascii) {
        let end = column + piece.width;
        if column < skip {
            // A wide character that the left edge cuts leaves blanks.
            let blanks = end.saturating_sub(skip).min(width);
            runs.push(&" ".repeat(blanks), blanks, ink.plain);
        } else if end - skip <= width {
            runs.push(&piece.text, piece.width, ink.style(&piece));
        } else {
            cut = true;
            break;
        }
        column = end;
    }
    if cut && width > 0 {
        runs.shorten(width - 1);
        runs.push(if ink.ascii { "~" } else { "…" }, 1, ink.plain.patch(ink.symbol));
    }
    Fitted { width: runs.width, spans: runs.finish(), cut }
}

/// The text as lines of at most `width` cells, at most `rows` of them; line breaks begin new ones.
/// The second value says whether there was more.
#[must_use]
pub fn wrap(text: &str, width: usize, rows: usize, ink: &Ink<'_>) -> (Vec<Line<'static>>, bool) {
    let mut lines = Vec::new();
    if width == 0 || rows == 0 {
        return (lines, !text.is_empty());
    }
    let mut runs = Runs::default();
    for piece in Pieces::new(capped(text, width.saturating_mul(rows)), ink.ascii) {
        let overflows = runs.width + piece.width > width;
        if overflows || piece.is_newline {
            lines.push(Line::from(std::mem::take(&mut runs).finish()));
            if lines.len() == rows {
                return (lines, true);
            }
        }
        if !piece.is_newline && piece.width <= width {
            runs.push(&piece.text, piece.width, ink.style(&piece));
        }
    }
    lines.push(Line::from(runs.finish()));
    (lines, false)
}

/// The text without anything unsafe, whole (up to the cap), for titles and lists.
#[must_use]
pub fn clean(text: &str, ascii: bool) -> String {
    Pieces::new(capped(text, 4096), ascii).map(|piece| piece.text.into_owned()).collect()
}

/// The cells that `text` would fill, counted up to `most`.
#[must_use]
pub fn width(text: &str, most: usize) -> usize {
    let mut sum = 0;
    for piece in Pieces::new(capped(text, most), false) {
        sum += piece.width;
        if sum >= most {
            return most;
        }
    }
    sum
}

/// The text shortened to `width` cells, as a string.
#[must_use]
pub fn shorten(text: &str, width: usize, ascii: bool) -> String {
    let fitted = fit(text, 0, width, &Ink::of(Style::new(), ascii));
    fitted.spans.iter().map(|span| span.content.as_ref()).collect()
}

/// Enough of a text to fill `columns`, as even hostile text has few bytes to a cell.
fn capped(text: &str, columns: usize) -> &str {
    let limit = columns.saturating_mul(64).saturating_add(4096).min(CAP);
    if text.len() <= limit {
        return text;
    }
    let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

/// Gathers pieces into spans, one for each change of style.
#[derive(Debug, Default)]
struct Runs {
    spans: Vec<Span<'static>>,
    text: String,
    style: Style,
    width: usize,
}

impl Runs {
    fn push(&mut self, text: &str, width: usize, style: Style) {
        if style != self.style && !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.spans.push(Span::styled(text, self.style));
        }
        self.style = style;
        self.text.push_str(text);
        self.width += width;
    }

    /// Takes pieces from the end until at most `width` cells are left, then fills up with blanks.
    fn shorten(&mut self, width: usize) {
        if self.width <= width {
            return;
        }
        let mut spans = std::mem::take(&mut self.spans);
        spans.push(Span::styled(std::mem::take(&mut self.text), self.style));
        self.width = 0;
        'all: for span in spans {
            for piece in Pieces::new(&span.content, false) {
                if self.width + piece.width > width {
                    break 'all;
                }
                self.push(&piece.text, piece.width, span.style);
            }
        }
        let blanks = width - self.width;
        self.push(&" ".repeat(blanks), blanks, self.style);
    }

    fn finish(mut self) -> Vec<Span<'static>> {
        if !self.text.is_empty() {
            self.spans.push(Span::styled(self.text, self.style));
        }
        self.spans
    }
}
