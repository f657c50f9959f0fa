//! Streams that may wait: a thread reads them, so that nobody else has to.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::Duration;

/// Chunks that were read and not yet taken.
const WAITING: usize = 16;
/// Largest chunk.
const CHUNK: usize = 64 << 10;

/// A stream that is read by its own thread.
pub(super) struct Live {
    chunks: Receiver<io::Result<Vec<u8>>>,
}

/// What came.
#[derive(Debug)]
pub(super) enum Arrival {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Nothing within the time.
    Nothing,
    /// The stream has ended.
    End,
}

impl Live {
    /// Starts to read; `open` runs on the new thread, because it may wait as well.
    pub(super) fn start(
        open: impl FnOnce() -> io::Result<Box<dyn Read + Send>> + Send + 'static,
    ) -> Self {
        let (sender, chunks) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let result = open().and_then(|reader| pump(reader, &sender));
            if let Err(error) = result {
                let _ = sender.send(Err(error));
            }
        });
        Self { chunks }
    }

    /// The next bytes; waits for them at most `wait`.
    pub(super) fn next(&self, wait: Duration) -> io::Result<Arrival> {
        let received = if wait.is_zero() {
            self.chunks.try_recv().map_err(|error| match error {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            })
        } else {
            self.chunks.recv_timeout(wait)
        };
        match received {
            Ok(chunk) => chunk.map(Arrival::Bytes),
            Err(RecvTimeoutError::Timeout) => Ok(Arrival::Nothing),
            Err(RecvTimeoutError::Disconnected) => Ok(Arrival::End),
        }
    }
}

fn pump(
    mut reader: Box<dyn Read + Send>,
    sender: &SyncSender<io::Result<Vec<u8>>>,
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if sender.send(Ok(buffer[..count].to_vec())).is_err() {
            return Ok(()); // Nobody wants more.
        }
    }
}
