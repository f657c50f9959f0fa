//! Work under way: one request for each slot, one sleep for each timer.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use crate::app::state::Slot;
use crate::app::{Message, Timer};
use crate::query::{SearchRequest, Update};
use crate::source::Source;

/// The requests under way. A new one in a slot cancels the old one.
#[derive(Debug)]
pub(super) struct Requests {
    replies: mpsc::Sender<Update>,
    running: BTreeMap<Slot, CancellationToken>,
}

impl Requests {
    /// None under way; answers will go to `replies`.
    #[must_use]
    pub(super) fn new(replies: mpsc::Sender<Update>) -> Self {
        Self { replies, running: BTreeMap::new() }
    }

    /// Asks a source.
    pub(super) fn ask(&mut self, source: &Arc<dyn Source>, slot: Slot, request: SearchRequest) {
        self.cancel(slot);
        let token = CancellationToken::new();
        self.running.insert(slot, token.clone());
        source.ask(request, self.replies.clone(), token);
    }

    /// Stops what runs in a slot.
    pub(super) fn cancel(&mut self, slot: Slot) {
        if let Some(token) = self.running.remove(&slot) {
            token.cancel();
        }
    }

    /// Stops everything.
    pub(super) fn cancel_all(&mut self) {
        for (_, token) in std::mem::take(&mut self.running) {
            token.cancel();
        }
    }
}

/// The timers that run.
#[derive(Debug)]
pub(super) struct Timers {
    messages: mpsc::Sender<Message>,
    running: BTreeMap<Timer, AbortHandle>,
}

impl Timers {
    /// None running; they will tell `messages`.
    #[must_use]
    pub(super) fn new(messages: mpsc::Sender<Message>) -> Self {
        Self { messages, running: BTreeMap::new() }
    }

    /// Starts a timer (anew).
    pub(super) fn set(&mut self, timer: Timer, millis: u32) {
        let messages = self.messages.clone();
        let task = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(millis.into())).await;
            // The loop has ended if nobody listens.
            drop(messages.send(Message::TimerFired(timer)).await);
        });
        if let Some(before) = self.running.insert(timer, task.abort_handle()) {
            before.abort();
        }
    }

    /// Stops a timer.
    pub(super) fn clear(&mut self, timer: Timer) {
        if let Some(before) = self.running.remove(&timer) {
            before.abort();
        }
    }
}
