//! What comes from the terminal, as messages.

use std::io;

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, Stream};

use crate::app::Message;
use crate::config::{Code, Key};

/// What the terminal tells.
#[derive(Debug, Clone)]
pub enum Input {
    /// A key or a paste.
    Message(Message),
    /// The screen has another size.
    Resized,
    /// The terminal is gone.
    Gone,
}

/// The terminal's events. Must be dropped before another program reads the terminal.
#[must_use]
pub(super) fn stream() -> BoxStream<'static, Input> {
    from_events(EventStream::new()).boxed()
}

/// Events as inputs; the end of events, or an error, is the end of the terminal.
fn from_events(
    events: impl Stream<Item = io::Result<Event>> + Send + 'static,
) -> impl Stream<Item = Input> + Send + 'static {
    let inputs = events.filter_map(async |event| match event {
        Ok(event) => translate(event),
        Err(error) => {
            tracing::warn!(%error, "the terminal cannot be read");
            Some(Input::Gone)
        }
    });
    inputs.chain(futures_util::stream::once(async { Input::Gone }))
}

fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            Some(Input::Message(Message::KeyPressed(key_of(key)?)))
        }
        Event::Paste(text) => Some(Input::Message(Message::Pasted(text))),
        Event::Resize(..) => Some(Input::Resized),
        _ => None,
    }
}

/// A key in our own words. `^H` is Backspace and `^I` Tab already when they come from a terminal.
fn key_of(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::F(number) => Code::F(number),
        KeyCode::Null => Code::Char(' '),
        _ => return None,
    };
    let typed = matches!(code, Code::Char(_) | Code::BackTab);
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL) || event.code == KeyCode::Null;
    Some(Key {
        code,
        ctrl,
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift: !typed && event.modifiers.contains(KeyModifiers::SHIFT),
    })
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::key_of;

    #[test]
    fn terminal_keys_are_the_keymaps_keys() {
        let check = |code, modifiers, shown: &str| {
            let key = key_of(KeyEvent::new(code, modifiers)).expect("a key");
            assert_eq!(key.to_string(), shown);
        };
        check(KeyCode::Char('G'), KeyModifiers::SHIFT, "G");
        check(KeyCode::Char('r'), KeyModifiers::CONTROL, "^R");
        check(KeyCode::BackTab, KeyModifiers::SHIFT, "S-Tab");
        check(KeyCode::Left, KeyModifiers::ALT, "Alt-Left");
        check(KeyCode::Char(' '), KeyModifiers::NONE, "Space");
        check(KeyCode::F(5), KeyModifiers::NONE, "F5");
    }
}
