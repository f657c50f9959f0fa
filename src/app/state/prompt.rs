//! One line of text that is being edited, with its cursor.

use tui_textarea::{CursorMove, Input, TextArea};

use crate::config::{Code, Key};

/// A line editor. Line breaks never enter it; pasted ones become spaces.
#[derive(Debug, Clone, Default)]
pub struct Prompt {
    area: TextArea<'static>,
}

impl Prompt {
    /// An editor that holds `text`, with the cursor at its end.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut prompt = Self { area: TextArea::new(vec![one_line(text)]) };
        prompt.area.move_cursor(CursorMove::End);
        prompt
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// The cursor as a number of characters before it.
    #[must_use]
    pub fn cursor_char(&self) -> usize {
        self.area.cursor().1
    }

    /// The cursor as a number of bytes before it.
    #[must_use]
    pub fn cursor_byte(&self) -> usize {
        byte_of(self.text(), self.cursor_char())
    }

    /// The editor itself, for drawing.
    #[must_use]
    pub fn area(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Replaces the text as one edit that can be undone; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        if self.text() == text {
            self.area.move_cursor(CursorMove::End);
            return;
        }
        self.replace(0..self.text().len(), text);
    }

    /// Replaces the bytes `range` by `text`, leaving the cursor behind it.
    pub fn replace(&mut self, range: std::ops::Range<usize>, text: &str) {
        let whole = self.text();
        let start = whole.get(..range.start).map_or(0, |before| before.chars().count());
        let length = whole.get(range).map_or(0, |old| old.chars().count());
        self.move_to_char(start);
        self.area.delete_str(length);
        self.area.insert_str(one_line(text));
    }

    /// Puts the cursor behind that many bytes.
    pub fn move_to_byte(&mut self, byte: usize) {
        let chars = self.text().get(..byte).map_or(usize::MAX, |before| before.chars().count());
        self.move_to_char(chars);
    }

    fn move_to_char(&mut self, chars: usize) {
        let column = u16::try_from(chars).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(0, column));
    }

    /// Inserts a paste as one edit. Line breaks become spaces, control characters are left out.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(one_line(text));
    }

    /// Handles a key; whether the text has changed. `^U` clears to the start, `^Z` and `^Y` undo
    /// and redo, the other keys are those of Emacs and of every line editor.
    pub fn input(&mut self, key: Key) -> bool {
        if key.ctrl && !key.alt {
            match key.code {
                Code::Char('u') => return self.area.delete_line_by_head(),
                Code::Char('z') => return self.area.undo(),
                Code::Char('y') => return self.area.redo(),
                Code::Char('m' | 'j' | 'c' | 'v' | 'x' | 'r') => return false,
                _ => {}
            }
        }
        match translate(key) {
            Some(input) => self.area.input(input),
            None => false,
        }
    }
}

impl PartialEq for Prompt {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() && self.cursor_char() == other.cursor_char()
    }
}

/// The byte at which character number `chars` begins.
fn byte_of(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

/// Line breaks and tabs to spaces, other control characters left out.
fn one_line(text: &str) -> String {
    let text = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ");
    let kept = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    kept.collect()
}

fn translate(key: Key) -> Option<Input> {
    use tui_textarea::Key as To;
    let to = match key.code {
        Code::Char(c) => To::Char(c),
        Code::Backspace => To::Backspace,
        Code::Delete => To::Delete,
        Code::Home => To::Home,
        Code::End => To::End,
        Code::Left => To::Left,
        Code::Right => To::Right,
        _ => return None,
    };
    Some(Input { key: to, ctrl: key.ctrl, alt: key.alt, shift: key.shift })
}

#[cfg(test)]
mod tests {
    use super::Prompt;
    use crate::config::Key;

    fn typed(prompt: &mut Prompt, keys: &str) {
        for key in Key::sequence(keys).expect("keys") {
            prompt.input(key);
        }
    }

    #[test]
    fn typing_moving_and_undoing() {
        let mut prompt = Prompt::default();
        typed(&mut prompt, "log.level<Left><Left><Left>X");
        assert_eq!((prompt.text(), prompt.cursor_byte()), ("log.leXvel", 7));
        typed(&mut prompt, "<C-u>");
        assert_eq!(prompt.text(), "vel");
        typed(&mut prompt, "<C-z>");
        assert_eq!(prompt.text(), "log.leXvel");
        typed(&mut prompt, "<Enter><C-m><C-j><Tab>");
        assert_eq!(prompt.text(), "log.leXvel", "no key breaks the line");
    }

    #[test]
    fn a_paste_is_one_edit_without_line_breaks() {
        let mut prompt = Prompt::of("a: ");
        prompt.paste("one\r\ntwo\x1b[31m\tthree\n");
        assert_eq!(prompt.text(), "a: one two[31m three");
        typed(&mut prompt, "<C-z>");
        assert_eq!(prompt.text(), "a: ");
    }

    #[test]
    fn replacing_counts_bytes_in_any_script() {
        let mut prompt = Prompt::of("größe: né and x");
        prompt.replace("größe: ".len().."größe: né".len(), "\"ok\"");
        assert_eq!(prompt.text(), "größe: \"ok\" and x");
        assert_eq!(prompt.cursor_byte(), "größe: \"ok\"".len());
    }
}
