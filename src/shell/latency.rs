//! How long keys take to be seen, for `PEAVEY_LATENCY=FILE`.
//!
//! In: the stream of inputs and the end of each frame. Out: a file with how long each key took from
//! the moment in which the terminal's bytes woke the reader until the frame that answers it was
//! flushed. A key that was not waited for, as the loop was at work, counts from the last moment in
//! which none was there: what is written is never too little.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use futures_util::stream::{BoxStream, Stream, StreamExt as _};

use super::input::Input;
use crate::app::Message;

/// What keys should take at most.
const GOAL: Duration = Duration::from_millis(16);

/// Keys on their way to the screen, and how long those took that have come there.
#[derive(Debug)]
pub struct Latency {
    file: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    under_way: Vec<Instant>,
    taken: Vec<Duration>,
}

impl Latency {
    /// Measures into `file`, which is written by [`Latency::report`].
    #[must_use]
    pub fn into_file(file: PathBuf) -> Arc<Self> {
        Arc::new(Self { file, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same inputs; keys among them are under way from now on.
    #[must_use]
    pub fn measure(
        self: &Arc<Self>,
        inputs: BoxStream<'static, Input>,
    ) -> BoxStream<'static, Input> {
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let last_look = Instant::now();
        Measured { inputs, bell, waker, last_look, latency: Arc::clone(self) }.boxed()
    }

    /// A frame was flushed: all keys that were handled are on the screen.
    pub fn shown(&self) {
        let now = Instant::now();
        let mut state = self.state();
        let under_way = std::mem::take(&mut state.under_way);
        state.taken.extend(under_way.iter().map(|since| now.duration_since(*since)));
    }

    /// Writes the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn report(&self) -> std::io::Result<()> {
        std::fs::write(&self.file, summary(&self.state().taken))
    }
}

/// A line with the shares, then each key's microseconds in order of time.
fn summary(taken: &[Duration]) -> String {
    let mut sorted = taken.to_vec();
    sorted.sort_unstable();
    let at = |share: usize| {
        let place = (sorted.len() * share).div_ceil(1000).saturating_sub(1);
        sorted.get(place).map_or(0.0, |took| took.as_secs_f64() * 1000.0)
    };
    let within = sorted.partition_point(|took| *took <= GOAL);
    let mut text = format!(
        "keys {} within 16 ms {within} p50 {:.2} p90 {:.2} p99 {:.2} max {:.2} ms\n",
        sorted.len(),
        at(500),
        at(900),
        at(990),
        at(1000),
    );
    for took in taken {
        let _ = writeln!(text, "{}", took.as_micros());
    }
    text
}

/// Rings where the loop waits, and notes when.
#[derive(Debug, Default)]
struct Bell {
    rung: Mutex<(Option<Instant>, Option<Waker>)>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        rung.0.get_or_insert_with(Instant::now);
        if let Some(waker) = rung.1.take() {
            waker.wake();
        }
    }
}

/// A stream whose keys are measured.
struct Measured {
    inputs: BoxStream<'static, Input>,
    bell: Arc<Bell>,
    waker: Waker,
    /// When there was nothing to read last.
    last_look: Instant,
    latency: Arc<Latency>,
}

impl Stream for Measured {
    type Item = Input;

    fn poll_next(mut self: Pin<&mut Self>, ctx: &mut Context<'_>) -> Poll<Option<Input>> {
        let rung = {
            let mut rung = self.bell.rung.lock().unwrap_or_else(PoisonError::into_inner);
            rung.1 = Some(ctx.waker().clone());
            rung.0.take()
        };
        let now = Instant::now();
        let own = self.waker.clone();
        let polled = self.inputs.as_mut().poll_next(&mut Context::from_waker(&own));
        match &polled {
            Poll::Pending => self.last_look = now,
            Poll::Ready(Some(Input::Message(Message::KeyPressed(_)))) => {
                let since = rung.unwrap_or(self.last_look);
                self.last_look = since;
                self.latency.state().under_way.push(since);
            }
            Poll::Ready(_) => {}
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;
    use crate::config::Key;

    #[test]
    fn the_summary_counts_what_was_soon_enough() {
        let taken: Vec<_> = (1..=100).map(Duration::from_millis).collect();
        let text = summary(&taken);
        let first = text.lines().next().unwrap();
        assert_eq!(first, "keys 100 within 16 ms 16 p50 50.00 p90 90.00 p99 99.00 max 100.00 ms");
        assert_eq!(text.lines().count(), 101);
        assert!(summary(&[]).starts_with("keys 0 within 16 ms 0"));
    }

    #[tokio::test]
    async fn keys_count_until_the_frame_that_shows_them() {
        let folder = tempfile::tempdir().unwrap();
        let latency = Latency::into_file(folder.path().join("keys"));
        let key = || Input::Message(Message::KeyPressed(Key::sequence("j").unwrap()[0]));
        let inputs = stream::iter(vec![key(), Input::Resized, key()]);
        let mut measured = latency.measure(inputs.boxed());
        latency.shown();
        for _ in 0..3 {
            measured.next().await;
        }
        assert_eq!(latency.state().taken.len(), 0);
        latency.shown();
        latency.shown();
        assert_eq!(latency.state().taken.len(), 2);
        latency.report().unwrap();
        let written = std::fs::read_to_string(folder.path().join("keys")).unwrap();
        assert!(written.starts_with("keys 2 "), "{written}");
    }
}
