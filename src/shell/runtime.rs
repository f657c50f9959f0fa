//! The loop: what happens becomes messages, messages change the state, effects are performed, and
//! the state is drawn when it has changed, at most sixty times a second.
//!
//! The same loop runs on a terminal and in tests; they differ in the backend, the stream of inputs
//! and the clock.

use std::io;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use ratatui::Terminal;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::input::Input;
use super::outside::Outside;
use super::signal::{Asked, Signals};
use super::task::{Requests, Timers};
use super::terminal::Surface;
use crate::app::{App, Message};
use crate::query::{Status, Update};
use crate::source::Source;
use crate::theme::Theme;
use crate::time::Millis;

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(16);
/// The same where a key is to be answered.
const KEY_FRAME: Duration = Duration::from_millis(4);
/// Messages that are handled before a frame, at most.
const BATCH: usize = 512;
/// Frames that are drawn in a row because drawing itself changed something.
const SETTLE: usize = 4;

/// Something for the loop.
enum Event {
    Input(Input),
    Signal(Asked),
    Message(Message),
    Status,
    Answer(Update),
    Opened(Arc<dyn Source>),
    FrameDue,
}

/// The loop and everything that it holds.
pub struct Runtime<B: Surface> {
    /// The state.
    pub app: App,
    /// The screen.
    pub terminal: Terminal<B>,
    pub(super) theme: Theme,
    pub(super) source: Option<Arc<dyn Source>>,
    pub(super) status: Option<watch::Receiver<Arc<Status>>>,
    pub(super) inputs: BoxStream<'static, Input>,
    pub(super) signals: Option<Signals>,
    pub(super) requests: Requests,
    pub(super) timers: Timers,
    pub(super) messages: mpsc::Receiver<Message>,
    pub(super) sender: mpsc::Sender<Message>,
    pub(super) answers: mpsc::Receiver<Update>,
    pub(super) opened: mpsc::Receiver<Arc<dyn Source>>,
    pub(super) opens: mpsc::Sender<Arc<dyn Source>>,
    pub(super) outside: Outside,
    clock: Box<dyn Fn() -> Millis + Send>,
    dirty: bool,
    /// A key was handled since the last frame.
    typed: bool,
    drawn: Option<Instant>,
    pub(super) exit: Option<u8>,
}

impl<B: Surface> Runtime<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    /// A loop that has not begun.
    pub fn new(
        app: App,
        terminal: Terminal<B>,
        inputs: BoxStream<'static, Input>,
        outside: Outside,
        clock: Box<dyn Fn() -> Millis + Send>,
    ) -> Self {
        let (sender, messages) = mpsc::channel(256);
        let (replies, answers) = mpsc::channel(256);
        let (opens, opened) = mpsc::channel(1);
        let theme = outside.theme(&app.theme);
        Self {
            app,
            terminal,
            theme,
            source: None,
            status: None,
            inputs,
            signals: None,
            requests: Requests::new(replies),
            timers: Timers::new(sender.clone()),
            messages,
            sender,
            answers,
            opened,
            opens,
            outside,
            clock,
            dirty: true,
            typed: false,
            drawn: None,
            exit: None,
        }
    }

    /// Uses a source from now on.
    pub fn use_source(&mut self, source: Arc<dyn Source>) {
        self.requests.cancel_all();
        let mut status = source.status();
        let now = status.borrow_and_update().clone();
        self.status = Some(status);
        if let Some(before) = self.source.replace(source) {
            // A cluster is said goodbye to, which the screen does not wait for.
            drop(tokio::task::spawn_blocking(move || drop(before)));
        }
        self.dispatch(Message::StatusChanged(now));
    }

    /// Listens to signals too. Needs a tokio runtime.
    pub fn listen_to_signals(&mut self) {
        self.signals = Some(Signals::listen());
    }

    /// Runs until the screen is left; the exit status.
    ///
    /// # Errors
    /// The terminal cannot be written to.
    pub async fn run(&mut self) -> anyhow::Result<u8> {
        self.draw()?;
        while self.exit.is_none() {
            let event = self.next().await;
            self.handle(event)?;
            self.drain().await?;
            let due = self.drawn.is_none_or(|drawn| drawn.elapsed() >= self.pause());
            if self.dirty && due && self.exit.is_none() {
                self.draw()?;
            }
        }
        self.requests.cancel_all();
        Ok(self.exit.unwrap_or(0))
    }

    /// Handles everything that is there, without waiting, and draws: the loop of tests.
    ///
    /// # Errors
    /// As [`Runtime::run`].
    pub async fn settle(&mut self) -> anyhow::Result<()> {
        for _ in 0..100 {
            tokio::task::yield_now().await;
            let before = self.drain().await?;
            if self.dirty {
                self.draw()?;
            } else if before == 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Handles what is there already; how much it was.
    async fn drain(&mut self) -> anyhow::Result<usize> {
        for count in 0..BATCH {
            if self.exit.is_some() {
                return Ok(count);
            }
            match ready(self.next()).await {
                Some(Event::FrameDue) | None => return Ok(count),
                Some(event) => self.handle(event)?,
            }
        }
        Ok(BATCH)
    }

    /// The next thing that happens: keys before answers. Can be dropped at any time.
    async fn next(&mut self) -> Event {
        let frame = self.drawn.filter(|_| self.dirty).map(|drawn| drawn + self.pause());
        tokio::select! {
            biased;
            signal = next_signal(&mut self.signals) => Event::Signal(signal),
            input = self.inputs.next() => Event::Input(input.unwrap_or(Input::Gone)),
            () = sleep_until(frame) => Event::FrameDue,
            Some(message) = self.messages.recv() => Event::Message(message),
            Some(source) = self.opened.recv() => Event::Opened(source),
            () = changed(&mut self.status) => Event::Status,
            Some(update) = self.answers.recv() => Event::Answer(update),
        }
    }

    /// The shortest time until the next frame: keys do not wait for answers' frames.
    fn pause(&self) -> Duration {
        if self.typed { KEY_FRAME } else { FRAME }
    }

    fn handle(&mut self, event: Event) -> anyhow::Result<()> {
        self.typed |= matches!(event, Event::Input(_));
        match event {
            Event::Input(Input::Message(message)) | Event::Message(message) => {
                self.dispatch(message);
            }
            Event::Input(Input::Resized) => self.dirty = true,
            Event::Input(Input::Gone) => self.exit = Some(0),
            Event::Signal(Asked::End(status)) => self.exit = Some(status),
            Event::Signal(Asked::Stop) => self.suspend()?,
            Event::Signal(Asked::Continued) => self.redraw()?,
            Event::Status => {
                let status = self.status.as_mut().map(|status| status.borrow_and_update().clone());
                if let Some(status) = status {
                    tracing::debug!(status.generation, status.records, "status");
                    self.dispatch(Message::StatusChanged(status));
                }
            }
            Event::Answer(update) => {
                tracing::debug!(
                    id = update.id.0,
                    part = update.part,
                    update.complete,
                    "is answered"
                );
                self.dispatch(Message::Answered(update));
            }
            Event::Opened(source) => {
                self.use_source(source);
                self.dispatch(Message::Done(crate::app::Outcome::SourceOpened));
            }
            Event::FrameDue => {}
        }
        Ok(())
    }

    /// Gives a message to the state and performs what comes of it.
    pub fn dispatch(&mut self, message: Message) {
        let now = (self.clock)();
        let clock = self.app.update(Message::ClockTicked(now));
        let effects = self.app.update(message);
        for effect in clock.into_iter().chain(effects) {
            if let Err(error) = self.perform(effect) {
                tracing::error!(%error, "an effect failed");
            }
        }
        self.dirty = true;
    }

    /// Draws the state; again where drawing has told update new sizes that changed something.
    fn draw(&mut self) -> anyhow::Result<()> {
        for _ in 0..SETTLE {
            (self.dirty, self.typed) = (false, false);
            let mut geometry = self.app.geometry;
            assert!(!self.outside.panics, "panicked on request (PEAVEY_PANIC)");
            self.terminal.backend_mut().begin();
            let drawn = self
                .terminal
                .draw(|frame| geometry = crate::ui::draw(&self.app, &self.theme, frame))
                .map(|_| ());
            self.terminal.backend_mut().end();
            drawn?;
            if geometry == self.app.geometry {
                break;
            }
            self.dispatch(Message::LaidOut(geometry));
        }
        self.drawn = Some(Instant::now());
        if let Some(latency) = &self.outside.latency {
            latency.shown();
        }
        if super::terminal::worker_panicked() {
            let text = "A part of Peavey failed; what is shown may be incomplete.".to_owned();
            self.dispatch(Message::Done(crate::app::Outcome::Failed(text)));
        }
        Ok(())
    }

    /// Draws everything anew: something else may have written to the terminal.
    pub(super) fn redraw(&mut self) -> anyhow::Result<()> {
        self.terminal.clear()?;
        self.dirty = true;
        Ok(())
    }

    /// Gives the terminal back, stops, and takes it again once continued.
    pub(super) fn suspend(&mut self) -> anyhow::Result<()> {
        let inputs = self.outside.inputs();
        self.inputs = futures_util::stream::pending().boxed(); // Nothing reads while stopped.
        self.terminal.backend_mut().leave();
        super::signal::stop_self();
        self.terminal.backend_mut().enter().map_err(io::Error::other)?;
        self.inputs = inputs();
        self.redraw()
    }
}

/// What a future gives at once, if it does. It is polled for this task: a stream of terminal
/// events keeps the first waker that it meets, so it must not meet one that wakes nobody.
async fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|ctx| match future.as_mut().poll(ctx) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

async fn next_signal(signals: &mut Option<Signals>) -> Asked {
    match signals {
        Some(signals) => signals.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(frame: Option<Instant>) {
    match frame {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn changed(status: &mut Option<watch::Receiver<Arc<Status>>>) {
    let Some(receiver) = status else { return std::future::pending().await };
    if receiver.changed().await.is_err() {
        *status = None; // The source is gone; its last state stays on the screen.
        std::future::pending::<()>().await;
    }
}
