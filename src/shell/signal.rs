//! Signals: those that end the program end it with the terminal restored.

use std::future;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To end, with this exit status (128 and the signal's number).
    End(u8),
    /// To stop until it is continued.
    Stop,
    /// It was continued.
    Continued,
}

/// The signals that are listened to. One that cannot be listened to is left as it is.
#[derive(Debug, Default)]
pub(super) struct Signals {
    terminate: Option<Signal>,
    hang_up: Option<Signal>,
    interrupt: Option<Signal>,
    stop: Option<Signal>,
    resume: Option<Signal>,
}

impl Signals {
    /// Begins to listen. Needs a tokio runtime.
    #[must_use]
    pub(super) fn listen() -> Self {
        let stop = SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw());
        let resume = SignalKind::from_raw(rustix::process::Signal::CONT.as_raw());
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            hang_up: signal(SignalKind::hangup()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
            stop: signal(stop).ok(),
            resume: signal(resume).ok(),
        }
    }

    /// The next signal. Can be dropped and called again.
    pub(super) async fn next(&mut self) -> Asked {
        tokio::select! {
            () = came(&mut self.terminate) => Asked::End(128 + 15),
            () = came(&mut self.hang_up) => Asked::End(128 + 1),
            () = came(&mut self.interrupt) => Asked::End(128 + 2),
            () = came(&mut self.stop) => Asked::Stop,
            () = came(&mut self.resume) => Asked::Continued,
        }
    }
}

async fn came(signal: &mut Option<Signal>) {
    if let Some(signal) = signal
        && signal.recv().await.is_some()
    {
        return;
    }
    future::pending::<()>().await;
}

/// Stops this program, as Ctrl-Z does, until it is continued.
pub(super) fn stop_self() {
    let stopped =
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
    if let Err(error) = stopped {
        tracing::warn!(%error, "cannot stop");
    }
}
