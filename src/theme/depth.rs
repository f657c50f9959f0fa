//! How many colours a terminal shows, and whether it shows more than ASCII.
//!
//! Reads no environment itself: the caller passes a look-up, so that tests need none.

/// How many colours may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColorDepth {
    /// None at all: bold, reverse and underline only.
    None,
    /// The sixteen named ones, which the user's terminal defines.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// 24 bits.
    True,
}

impl ColorDepth {
    /// Reads a setting: `none`, `16`, `256`, `true` (or `truecolor`, `24bit`). `None`: no such depth.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" | "never" | "0" => Some(Self::None),
            "16" => Some(Self::Ansi16),
            "256" => Some(Self::Ansi256),
            "true" | "truecolor" | "24bit" | "always" => Some(Self::True),
            _ => None,
        }
    }

    /// What the environment says: `NO_COLOR`, then `COLORTERM`, then `TERM`.
    #[must_use]
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        if env("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let term = env("TERM").unwrap_or_default();
        if term == "dumb" || term.starts_with("vt1") || term.starts_with("vt2") {
            return Self::None;
        }
        let color = env("COLORTERM").unwrap_or_default();
        if color == "truecolor" || color == "24bit" || term.contains("direct") {
            return Self::True;
        }
        if term.contains("256color") { Self::Ansi256 } else { Self::Ansi16 }
    }
}

/// Which characters may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// Block elements, lines, arrows.
    Unicode,
    /// Nothing outside ASCII.
    Ascii,
}

impl Charset {
    /// What the environment says: ASCII unless the locale (`LC_ALL`, `LC_CTYPE`, `LANG`) is UTF-8,
    /// and on terminals that have few glyphs (`linux`, `vt100`, `screen` without a suffix).
    #[must_use]
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        let poor = ["linux", "screen", "vt100", "vt102", "vt220", "dumb"];
        if env("TERM").is_some_and(|term| poor.contains(&term.as_str())) {
            return Self::Ascii;
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| env(name).filter(|value| !value.is_empty()))
            .unwrap_or_default()
            .to_lowercase();
        if locale.contains("utf-8") || locale.contains("utf8") {
            Self::Unicode
        } else {
            Self::Ascii
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Charset, ColorDepth};

    fn env<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn no_color_wins_over_everything() {
        let pairs = [("NO_COLOR", "1"), ("COLORTERM", "truecolor"), ("TERM", "xterm-256color")];
        assert_eq!(ColorDepth::detect(env(&pairs)), ColorDepth::None);
        let empty = [("NO_COLOR", ""), ("COLORTERM", "truecolor")];
        assert_eq!(ColorDepth::detect(env(&empty)), ColorDepth::True);
    }

    #[test]
    fn depth_comes_from_colorterm_then_term() {
        let check = |term: &str, color: &str, expect| {
            assert_eq!(ColorDepth::detect(env(&[("TERM", term), ("COLORTERM", color)])), expect);
        };
        check("xterm", "", ColorDepth::Ansi16);
        check("xterm-256color", "", ColorDepth::Ansi256);
        check("xterm", "24bit", ColorDepth::True);
        check("xterm-direct", "", ColorDepth::True);
        check("linux", "", ColorDepth::Ansi16);
        check("vt100", "", ColorDepth::None);
    }

    #[test]
    fn ascii_where_the_locale_or_terminal_is_poor() {
        let check = |pairs: &[(&str, &str)], expect| {
            assert_eq!(Charset::detect(env(pairs)), expect);
        };
        check(&[("TERM", "xterm"), ("LANG", "C.UTF-8")], Charset::Unicode);
        check(&[("TERM", "xterm"), ("LANG", "C")], Charset::Ascii);
        check(&[("TERM", "xterm")], Charset::Ascii);
        check(&[("TERM", "linux"), ("LANG", "en_US.UTF-8")], Charset::Ascii);
        check(&[("LC_ALL", "C"), ("LANG", "en_US.utf8")], Charset::Ascii);
    }
}
