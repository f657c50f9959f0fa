//! The terminal: taken on entry, given back on every way out.
//!
//! Raw mode, the alternate screen and bracketed paste are turned on by `enter` and off by
//! `leave`; leaving twice does no harm, and each step ignores the failure of others, so that as
//! much as possible is given back. A panic of the thread that draws gives the terminal back first.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};

/// Where the screen is written to: standard output, or the terminal itself where that is
/// redirected.
pub(super) type Out = BufWriter<Box<dyn Write + Send>>;

/// Whether the terminal is ours at the moment.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// Panics of other threads since they were last asked for.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// A screen with the abilities that drawing alone does not need.
pub trait Surface: Backend {
    /// Takes the terminal (again).
    ///
    /// # Errors
    /// The terminal refuses.
    fn enter(&mut self) -> io::Result<()>;

    /// Gives the terminal back.
    fn leave(&mut self);

    /// Holds the screen back until [`Surface::end`], where the terminal can.
    fn begin(&mut self) {}

    /// Shows what was drawn since [`Surface::begin`].
    fn end(&mut self) {}

    /// Puts a text on the clipboard of the person's own machine.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    fn copy(&mut self, text: &str) -> io::Result<()>;
}

impl Surface for CrosstermBackend<Out> {
    fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        execute!(self, EnterAlternateScreen, EnableBracketedPaste)
    }

    fn leave(&mut self) {
        if TAKEN.swap(false, Ordering::SeqCst) {
            let written = execute!(self, DisableBracketedPaste, LeaveAlternateScreen, Show);
            let raw = disable_raw_mode();
            drop((written, raw)); // Nothing can be done about a terminal that is gone.
        }
    }

    fn begin(&mut self) {
        drop(queue!(self, BeginSynchronizedUpdate));
    }

    fn end(&mut self) {
        drop(execute!(self, EndSynchronizedUpdate));
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self, CopyToClipboard::to_clipboard_from(text))
    }
}

/// The screen of tests: nothing to take or to give back.
impl Surface for TestBackend {
    fn enter(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn leave(&mut self) {}

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// The screen, written to standard output or, where that is redirected, to the terminal itself.
///
/// # Errors
/// There is no terminal.
pub(super) fn backend() -> io::Result<CrosstermBackend<Out>> {
    let out: Box<dyn Write + Send> = if io::stdout().is_terminal() {
        Box::new(io::stdout())
    } else {
        Box::new(OpenOptions::new().read(true).write(true).open("/dev/tty")?)
    };
    Ok(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, out)))
}

/// Makes panics give the terminal back before they are printed. A panic of a thread that does not
/// draw is kept for a notice and for the log: the screen goes on.
pub(super) fn install_panic_hook() {
    static ONCE: Once = Once::new();
    let drawing: ThreadId = thread::current().id();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if thread::current().id() == drawing {
                restore();
                before(info);
            } else if TAKEN.load(Ordering::SeqCst) {
                tracing::error!(%info, "a worker panicked");
                PANICKED.store(true, Ordering::SeqCst);
            } else {
                before(info);
            }
        }));
    });
}

/// Whether a worker has panicked since this was last asked.
pub(super) fn worker_panicked() -> bool {
    PANICKED.swap(false, Ordering::SeqCst)
}

/// Gives the terminal back from wherever one is.
pub(super) fn restore() {
    if let Ok(mut backend) = backend() {
        backend.leave();
    }
}
