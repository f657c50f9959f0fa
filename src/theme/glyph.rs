//! The characters that the screen is drawn with, in Unicode and in ASCII.

use super::depth::Charset;

/// Lines, bars and marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Whether nothing outside ASCII may be drawn.
    pub ascii: bool,
    /// A horizontal line.
    pub horizontal: &'static str,
    /// A vertical line.
    pub vertical: &'static str,
    /// A horizontal line that a vertical one hangs from.
    pub tee_down: &'static str,
    /// A horizontal line that a vertical one stands on.
    pub tee_up: &'static str,
    /// A vertical line that a horizontal one leaves to the right.
    pub tee_right: &'static str,
    /// A line of the y axis with a number on its left.
    pub axis_tick: &'static str,
    /// The corner of both axes.
    pub axis_corner: &'static str,
    /// A line of the x axis with a time under it.
    pub axis_mark: &'static str,
    /// Vertical bars from an eighth to the whole.
    pub bars: [&'static str; 8],
    /// Horizontal bars from an eighth to the whole.
    pub blocks: [&'static str; 8],
    /// Fillings that tell series apart without colour.
    pub patterns: [&'static str; 5],
    /// What is not read yet.
    pub hatch: &'static str,
    /// The mark of the row under the cursor.
    pub cursor: &'static str,
    /// A small square of a legend.
    pub square: &'static str,
    /// Something was cut here.
    pub ellipsis: &'static str,
    /// Sorted ascending.
    pub up: &'static str,
    /// Sorted descending.
    pub down: &'static str,
    /// Can be opened.
    pub closed: &'static str,
    /// Is open.
    pub open: &'static str,
    /// Something needs a look.
    pub warn: &'static str,
    /// The end of a line of text inside one line.
    pub newline: &'static str,
    /// A text cursor where none can be shown otherwise.
    pub times: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// Points up at something.
    pub pointer: &'static str,
    /// A heavy horizontal line.
    pub heavy: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// On, in lists of switches.
    pub check: &'static str,
}

impl Glyphs {
    /// The characters of a set.
    #[must_use]
    pub const fn of(charset: Charset) -> Self {
        match charset {
            Charset::Unicode => UNICODE,
            Charset::Ascii => ASCII,
        }
    }
}

const UNICODE: Glyphs = Glyphs {
    ascii: false,
    horizontal: "─",
    vertical: "│",
    tee_down: "┬",
    tee_up: "┴",
    tee_right: "├",
    axis_tick: "┤",
    axis_corner: "┼",
    axis_mark: "┬",
    bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    blocks: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    patterns: ["█", "▓", "▒", "░", "▚"],
    hatch: "╱",
    cursor: "▌",
    square: "■",
    ellipsis: "…",
    up: "↑",
    down: "↓",
    closed: "›",
    open: "⌄",
    warn: "▲",
    newline: "⏎",
    times: "×",
    dot: "·",
    pointer: "▲",
    heavy: "━",
    corners: ["┌", "┐", "└", "┘"],
    check: "✓",
};

const ASCII: Glyphs = Glyphs {
    ascii: true,
    horizontal: "-",
    vertical: "|",
    tee_down: "+",
    tee_up: "+",
    tee_right: "+",
    axis_tick: "|",
    axis_corner: "+",
    axis_mark: "+",
    bars: ["_", ".", ".", ":", ":", "+", "#", "#"],
    blocks: ["-", "-", "-", "=", "=", "=", "#", "#"],
    patterns: ["#", "=", "+", ":", "."],
    hatch: "/",
    cursor: ">",
    square: "#",
    ellipsis: "~",
    up: "^",
    down: "v",
    closed: ">",
    open: "v",
    warn: "!",
    newline: "$",
    times: "x",
    dot: "-",
    pointer: "^",
    heavy: "=",
    corners: ["+", "+", "+", "+"],
    check: "*",
};

#[cfg(test)]
mod tests {
    use super::{Charset, Glyphs};

    #[test]
    fn ascii_is_ascii_and_every_mark_is_one_cell() {
        let check = |glyphs: Glyphs| {
            let mut all = vec![
                glyphs.horizontal,
                glyphs.vertical,
                glyphs.tee_down,
                glyphs.tee_up,
                glyphs.tee_right,
                glyphs.axis_tick,
                glyphs.axis_corner,
                glyphs.axis_mark,
                glyphs.hatch,
                glyphs.cursor,
                glyphs.square,
                glyphs.ellipsis,
                glyphs.up,
                glyphs.down,
                glyphs.closed,
                glyphs.open,
                glyphs.warn,
                glyphs.newline,
                glyphs.times,
                glyphs.dot,
                glyphs.pointer,
                glyphs.heavy,
                glyphs.check,
            ];
            all.extend(glyphs.corners);
            all.extend(glyphs.bars);
            all.extend(glyphs.blocks);
            all.extend(glyphs.patterns);
            for mark in all {
                assert_eq!(unicode_width::UnicodeWidthStr::width(mark), 1, "{mark}");
                assert!(!glyphs.ascii || mark.is_ascii(), "{mark}");
            }
        };
        check(Glyphs::of(Charset::Unicode));
        check(Glyphs::of(Charset::Ascii));
    }
}
