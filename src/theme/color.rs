//! Colours: their texts in theme files, and the nearest one that a poorer terminal has.

use ratatui::style::Color;

use super::depth::ColorDepth;

/// A colour of a palette: the one meant, and the one to take where there are only sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint {
    /// As meant; `None` leaves what is beneath.
    pub full: Option<Color>,
    /// Among the sixteen; `None` leaves what is beneath.
    pub ansi: Option<Color>,
}

impl Paint {
    /// A paint whose sixteen-colour form is the nearest one.
    pub(super) fn of(color: Option<Color>) -> Self {
        Self { full: color, ansi: color.map(to_16) }
    }

    /// The colour to send at that depth; `None` sends none.
    pub(super) fn at(self, depth: ColorDepth) -> Option<Color> {
        match depth {
            ColorDepth::None => None,
            ColorDepth::Ansi16 => self.ansi,
            ColorDepth::Ansi256 => self.full.map(to_256),
            ColorDepth::True => self.full,
        }
    }
}

/// Reads `#rrggbb`, a name of the sixteen (`red`, `bright-red`), `default` (the terminal's own)
/// or `none` (what is beneath). `Err` if it is none of these.
pub(super) fn parse(text: &str) -> Result<Option<Color>, ()> {
    if text == "none" {
        return Ok(None);
    }
    if let Some(hex) = text.strip_prefix('#') {
        let number = u32::from_str_radix(hex, 16).map_err(|_bad| ())?;
        let [_, r, g, b] = number.to_be_bytes();
        return if hex.len() == 6 { Ok(Some(Color::Rgb(r, g, b))) } else { Err(()) };
    }
    NAMES.iter().find(|(name, ..)| *name == text).map(|(_, color, _)| Some(*color)).ok_or(())
}

/// The sixteen with the values that xterm gives them, and the terminal's own.
const NAMES: [(&str, Color, [u8; 3]); 17] = [
    ("black", Color::Black, [0, 0, 0]),
    ("red", Color::Red, [205, 0, 0]),
    ("green", Color::Green, [0, 205, 0]),
    ("yellow", Color::Yellow, [205, 205, 0]),
    ("blue", Color::Blue, [0, 0, 238]),
    ("magenta", Color::Magenta, [205, 0, 205]),
    ("cyan", Color::Cyan, [0, 205, 205]),
    ("white", Color::Gray, [229, 229, 229]),
    ("bright-black", Color::DarkGray, [127, 127, 127]),
    ("bright-red", Color::LightRed, [255, 0, 0]),
    ("bright-green", Color::LightGreen, [0, 255, 0]),
    ("bright-yellow", Color::LightYellow, [255, 255, 0]),
    ("bright-blue", Color::LightBlue, [92, 92, 255]),
    ("bright-magenta", Color::LightMagenta, [255, 0, 255]),
    ("bright-cyan", Color::LightCyan, [0, 255, 255]),
    ("bright-white", Color::White, [255, 255, 255]),
    ("default", Color::Reset, [0, 0, 0]),
];

/// The nearest of xterm's cube and grey ramp; named colours stay names.
pub(super) fn to_256(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    let cube = |value: u8| match value {
        0..48 => (0, 0),
        48..115 => (1, 95),
        _ => {
            let step = (value - 35) / 40;
            (step, 55 + step * 40)
        }
    };
    let ((ri, rv), (gi, gv), (bi, bv)) = (cube(r), cube(g), cube(b));
    let grey_step = ((u16::from(r) + u16::from(g) + u16::from(b)) / 3).saturating_sub(3) / 10;
    let grey_step = grey_step.min(23) as u8;
    let grey = 8 + grey_step * 10;
    if distance([r, g, b], [grey; 3]) < distance([r, g, b], [rv, gv, bv]) {
        Color::Indexed(232 + grey_step)
    } else {
        Color::Indexed(16 + 36 * ri + 6 * gi + bi)
    }
}

/// The nearest of the sixteen; named colours stay as they are.
pub(super) fn to_16(color: Color) -> Color {
    let Color::Rgb(r, g, b) = color else { return color };
    NAMES[..16]
        .iter()
        .min_by_key(|(.., rgb)| distance([r, g, b], *rgb))
        .map_or(Color::Reset, |(_, color, _)| *color)
}

/// Squared distance, weighted as eyes weigh the channels.
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let weights = [3, 6, 1];
    a.iter()
        .zip(b)
        .zip(weights)
        .map(|((a, b), weight)| weight * u32::from(a.abs_diff(b)).pow(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Color;

    use super::{parse, to_16, to_256};

    #[test]
    fn texts_are_read() {
        assert_eq!(parse("#0a0b0c"), Ok(Some(Color::Rgb(10, 11, 12))));
        assert_eq!(parse("bright-red"), Ok(Some(Color::LightRed)));
        assert_eq!(parse("none"), Ok(None));
        assert_eq!(parse("#fff"), Err(()));
        assert_eq!(parse("#gggggg"), Err(()));
        assert_eq!(parse("rouge"), Err(()));
    }

    #[test]
    fn the_nearest_colours_are_the_near_ones() {
        assert_eq!(to_256(Color::Rgb(255, 0, 0)), Color::Indexed(196));
        assert_eq!(to_256(Color::Rgb(0, 0, 0)), Color::Indexed(16));
        assert_eq!(to_256(Color::Rgb(255, 255, 255)), Color::Indexed(231));
        assert_eq!(to_256(Color::Rgb(128, 128, 128)), Color::Indexed(244));
        assert_eq!(to_256(Color::Red), Color::Red);
        assert_eq!(to_16(Color::Rgb(250, 10, 10)), Color::LightRed);
        assert_eq!(to_16(Color::Rgb(10, 10, 10)), Color::Black);
    }

    proptest! {
        #[test]
        fn every_colour_has_a_poorer_form(r: u8, g: u8, b: u8) {
            let color = Color::Rgb(r, g, b);
            prop_assert!(matches!(to_256(color), Color::Indexed(16..)));
            prop_assert!(!matches!(to_16(color), Color::Rgb(..) | Color::Indexed(_)));
        }
    }
}
