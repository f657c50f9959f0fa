//! Cuts a text into what fills cells: characters as they are, or the visible form of what must not
//! reach a terminal.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// Columns between tab stops.
const TAB: usize = 8;
/// A grapheme of more characters is cut: accents can be piled up without end.
const PILE: usize = 8;

/// One grapheme, or what stands for something unsafe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'t> {
    /// What to draw.
    pub text: Cow<'t, str>,
    /// The cells that it fills.
    pub width: usize,
    /// Its place, as bytes of the text.
    pub at: usize,
    /// Whether it stands for something else.
    pub symbol: bool,
    /// Whether it stands for the end of a line.
    pub is_newline: bool,
}

/// Iterates over the pieces of a text.
#[derive(Debug, Clone)]
pub struct Pieces<'t> {
    text: &'t str,
    at: usize,
    column: usize,
    ascii: bool,
    /// Characters of a grapheme that are shown one by one: its end.
    apart: usize,
}

impl<'t> Pieces<'t> {
    /// The pieces of `text`, with nothing outside ASCII if told.
    #[must_use]
    pub fn new(text: &'t str, ascii: bool) -> Self {
        Self { text, at: 0, column: 0, ascii, apart: 0 }
    }

    fn symbol(text: impl Into<Cow<'t, str>>, at: usize) -> Piece<'t> {
        let text = text.into();
        let width = usize::from(text.cell_width());
        Piece { text, width, at, symbol: true, is_newline: false }
    }

    /// The visible form of a control or invisible character.
    fn visible(&self, c: char, at: usize) -> Piece<'t> {
        match c {
            '\0'..='\x1f' | '\x7f' if self.ascii => {
                Self::symbol(format!("^{}", char::from(c as u8 ^ 0x40)), at)
            }
            '\0'..='\x1f' => Self::symbol(picture(0x2400 + c as u32), at),
            '\x7f' => Self::symbol("␡", at),
            _ => Self::symbol(format!("<{:x}>", c as u32), at),
        }
    }

    fn newline(&self, at: usize) -> Piece<'t> {
        let mark = if self.ascii { "$" } else { "⏎" };
        Piece { is_newline: true, ..Self::symbol(mark, at) }
    }

    /// The piece of one character and its end.
    fn single(&self, c: char, at: usize) -> Piece<'t> {
        if is_unsafe(c) {
            return self.visible(c, at);
        }
        let width = usize::from(c.encode_utf8(&mut [0; 4]).cell_width());
        if width == 0 {
            return self.visible(c, at);
        }
        if self.ascii && !c.is_ascii() {
            return Self::symbol("?".repeat(width), at);
        }
        let text = Cow::Borrowed(&self.text[at..at + c.len_utf8()]);
        Piece { text, width, at, symbol: false, is_newline: false }
    }

    fn step(&mut self) -> Option<Piece<'t>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let at = self.at;
            let first = rest.chars().next()?;
            if at < self.apart {
                self.at += first.len_utf8();
                if is_selector(first) {
                    continue;
                }
                return Some(self.single(first, at));
            }
            if let Some(length) = color_sequence(rest) {
                self.at += length;
                continue;
            }
            if first.is_ascii() {
                let next = rest.as_bytes().get(1).copied();
                if first == '\r' && next == Some(b'\n') {
                    self.at += 2;
                    return Some(self.newline(at));
                }
                if next.is_none_or(|next| next.is_ascii()) {
                    self.at += 1;
                    return Some(self.ascii_piece(first, at));
                }
            }
            let grapheme = rest.graphemes(true).next()?;
            let piled = grapheme.chars().count() > PILE;
            let hostile = grapheme.chars().any(|c| is_unsafe(c) || is_selector(c));
            let width = if hostile { 0 } else { usize::from(grapheme.cell_width()) };
            if piled || width == 0 || self.ascii {
                self.apart = at + grapheme.len();
                if first.is_ascii() {
                    self.at += 1;
                    return Some(self.ascii_piece(first, at));
                }
                continue;
            }
            self.at += grapheme.len();
            let text = Cow::Borrowed(grapheme);
            return Some(Piece { text, width, at, symbol: false, is_newline: false });
        }
    }

    fn ascii_piece(&self, c: char, at: usize) -> Piece<'t> {
        match c {
            '\n' => self.newline(at),
            '\t' => {
                let width = TAB - self.column % TAB;
                let text = Cow::Owned(" ".repeat(width));
                Piece { text, width, at, symbol: false, is_newline: false }
            }
            _ => self.single(c, at),
        }
    }
}

impl<'t> Iterator for Pieces<'t> {
    type Item = Piece<'t>;

    fn next(&mut self) -> Option<Piece<'t>> {
        let piece = self.step()?;
        self.column = if piece.is_newline { 0 } else { self.column + piece.width };
        Some(piece)
    }
}

fn picture(code: u32) -> String {
    char::from_u32(code).map_or_else(String::new, String::from)
}

/// The length of the colour sequence (SGR) that `text` begins with.
fn color_sequence(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("\x1b[")?;
    let length =
        inner.bytes().take(64).position(|byte| !matches!(byte, b'0'..=b'9' | b';' | b':'))?;
    (inner.as_bytes()[length] == b'm').then_some(length + 3)
}

/// Characters that choose between two looks of the one before; widths differ among terminals.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Characters that steer a terminal, reorder a line, or are not seen.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
