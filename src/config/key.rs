//! Keys as configuration and state know them, without a terminal library.
//!
//! In: texts such as `gg`, `<C-r>`, `<Enter>`, or what the shell translated from the terminal.
//! Out: [`Key`]s that compare, and their short names for the screen (`^R`, `Enter`).

use std::fmt;

/// Which key, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A key that types a character (capital letters are characters of their own).
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Delete to the left.
    Backspace,
    /// Delete to the right.
    Delete,
    /// Insert.
    Insert,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Function keys F1 to F24.
    F(u8),
}

/// A key press. For characters `shift` is never set: the character says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub code: Code,
    /// With control.
    pub ctrl: bool,
    /// With alt (option, meta).
    pub alt: bool,
    /// With shift, for keys that are no characters.
    pub shift: bool,
}

/// Why a text names no keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown key `{name}`")]
pub struct KeyError {
    /// The part that is not known.
    pub name: String,
}

/// Names of keys that are no characters; the first of a code is the one shown.
const NAMES: [(&str, Code); 22] = [
    ("Enter", Code::Enter),
    ("Return", Code::Enter),
    ("CR", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("S-Tab", Code::BackTab),
    ("BackTab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("BS", Code::Backspace),
    ("Del", Code::Delete),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PageUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("PageDown", Code::PageDown),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
];

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character without modifiers.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A character with control.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { code: Code::Char(c), ctrl: true, alt: false, shift: false }
    }

    /// The character that the key types, if it types one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Reads a sequence of keys: characters stand for themselves, others are in angle brackets
    /// (`<Enter>`, `<C-r>`, `<A-Left>`, `<Space>`, `<lt>`).
    ///
    /// # Errors
    /// A bracketed name that is no key.
    pub fn sequence(text: &str) -> Result<Vec<Self>, KeyError> {
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let bracketed = rest.strip_prefix('<').and_then(|inner| inner.split_once('>'));
            if let Some((name, after)) = bracketed.filter(|(name, _)| is_name(name)) {
                keys.push(Self::named(name)?);
                rest = after;
            } else {
                keys.push(Self::char(c));
                rest = &rest[c.len_utf8()..];
            }
        }
        Ok(keys)
    }

    /// Reads one key's name without brackets: `Enter`, `C-r`, `A-Left`, `F1`.
    fn named(name: &str) -> Result<Self, KeyError> {
        let unknown = || KeyError { name: format!("<{name}>") };
        let mut key = Self::plain(Code::Esc);
        let mut rest = name;
        loop {
            if let Some(code) = code_named(rest) {
                key.code = code;
                return Ok(key);
            }
            let (modifier, after) = rest.split_once('-').ok_or_else(unknown)?;
            match modifier {
                "C" | "c" | "Ctrl" | "ctrl" => key.ctrl = true,
                "A" | "a" | "M" | "Alt" | "alt" => key.alt = true,
                "S" | "s" | "Shift" | "shift" => key.shift = true,
                _ => return Err(unknown()),
            }
            rest = after;
        }
    }
}

/// Whether the text between angle brackets can be a key's name (else `<` stands for itself).
fn is_name(text: &str) -> bool {
    let one_word = text.chars().all(|c| c.is_ascii_alphanumeric());
    !text.is_empty() && !text.contains(' ') && (one_word || text.contains('-'))
}

fn code_named(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    if let (Some(only), None) = (chars.next(), chars.next()) {
        return Some(Code::Char(only));
    }
    match name.to_ascii_lowercase().as_str() {
        "space" => return Some(Code::Char(' ')),
        "lt" => return Some(Code::Char('<')),
        _ => {}
    }
    if let Some(number) = name.strip_prefix(['F', 'f']).and_then(|n| n.parse::<u8>().ok()) {
        return (1..=24).contains(&number).then_some(Code::F(number));
    }
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, code)| *code)
}

impl fmt::Display for Key {
    /// The short name for the screen: `j`, `^R`, `Enter`, `Alt-Left`, `Space`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.code {
            Code::Char(c) if self.ctrl => write!(f, "^{}", c.to_ascii_uppercase()),
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(number) => write!(f, "F{number}"),
            code => {
                if self.ctrl {
                    f.write_str("Ctrl-")?;
                }
                if self.shift {
                    f.write_str("S-")?;
                }
                let name = NAMES.iter().find(|(_, known)| *known == code);
                f.write_str(name.map_or("?", |(name, _)| name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Key};

    fn shown(text: &str) -> String {
        let keys = Key::sequence(text).expect("known keys");
        keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sequences_are_read_and_shown() {
        let check = |text, expected| assert_eq!(shown(text), expected, "{text}");
        check("gg", "g g");
        check("<C-r>", "^R");
        check("ilog.level: error<Enter>", "i l o g . l e v e l : Space e r r o r Enter");
        check("<A-Left>", "Alt-Left");
        check("<S-Tab>", "S-Tab");
        check("<", "<");
        check("<>", "< >");
        check("a < b > c", "a Space < Space b Space > Space c");
        check("<lt><Space><F5>", "< Space F5");
        check("<C-Space>", "^ ");
    }

    #[test]
    fn unknown_names_are_told() {
        assert_eq!(
            Key::sequence("<Entre>").map_err(|e| e.to_string()),
            Err("unknown key `<Entre>`".into())
        );
        assert_eq!(Key::sequence("<X-a>").map_err(|e| e.name), Err("<X-a>".into()));
    }

    #[test]
    fn only_plain_characters_type() {
        assert_eq!(Key::char('x').typed(), Some('x'));
        assert_eq!(Key::ctrl('x').typed(), None);
        assert_eq!(Key::plain(Code::Enter).typed(), None);
    }
}
