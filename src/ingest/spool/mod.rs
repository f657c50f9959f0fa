//! Text that can be read forwards only, kept for reading again: compressed blocks, in memory up to
//! a limit, then in a file that has no name.
//!
//! In: [`Spool::append`], in order. Out: any offset, by [`ReadAt`]. When neither memory nor disk
//! takes more, the rest is not kept: it is read again from its file if it has one (slow, but the
//! session goes on), and is gone if it came from a pipe.

mod store;

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::store::{Place, Store};
use super::frame::ReadAt;
use super::limits::Limits;

/// Bytes of text in a compressed block.
const CHUNK: usize = 256 << 10;
/// Compression level: fast.
const LEVEL: i32 = 1;

/// Opens the text from its beginning once more.
pub type Reopen = Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// Text kept for reading again.
pub struct Spool {
    state: Mutex<State>,
    again: Mutex<Option<(Box<dyn Read + Send>, u64)>>,
    reopen: Option<Reopen>,
}

struct State {
    store: Store,
    /// Places of the full chunks.
    chunks: Vec<Place>,
    /// Text after them.
    open: Vec<u8>,
    /// All text that was appended.
    len: u64,
    /// From where on the text was not kept.
    lost: Option<u64>,
    /// The chunk that was read last.
    cached: Option<(usize, Arc<Vec<u8>>)>,
}

impl Spool {
    /// An empty spool. `reopen` reads the text again where it could not be kept.
    #[must_use]
    pub fn new(limits: &Limits, reopen: Option<Reopen>) -> Arc<Self> {
        let state = State {
            store: Store::new(limits),
            chunks: Vec::new(),
            open: Vec::new(),
            len: 0,
            lost: None,
            cached: None,
        };
        Arc::new(Self { state: Mutex::new(state), again: Mutex::new(None), reopen })
    }

    /// Adds text at the end. Never fails: what cannot be kept is lost.
    pub fn append(&self, text: &[u8]) {
        let mut state = self.state();
        state.len += text.len() as u64;
        if state.lost.is_some() {
            return;
        }
        state.open.extend_from_slice(text);
        while state.open.len() >= CHUNK && state.lost.is_none() {
            state.close_chunk();
        }
    }

    /// Bytes of text so far.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.state().len
    }

    /// Whether there is no text yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// From where on the text was not kept, and why.
    #[must_use]
    pub fn lost(&self) -> Option<(u64, String)> {
        let state = self.state();
        let why = state.store.trouble().unwrap_or("the limit of the spool is reached").to_owned();
        state.lost.map(|at| (at, why))
    }

    /// Bytes that are kept in memory.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let state = self.state();
        state.store.memory() + state.open.len() as u64
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads text that was not kept, by reading all from the beginning again.
    fn read_lost(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let Some(reopen) = &self.reopen else {
            return Err(io::Error::new(io::ErrorKind::NotFound, "this text was not kept"));
        };
        let mut again = self.again.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut reader, at) = match again.take() {
            Some((reader, at)) if at <= offset => (reader, at),
            _ => (reopen()?, 0),
        };
        let skipped = io::copy(&mut reader.by_ref().take(offset - at), &mut io::sink())?;
        let mut done = 0;
        while skipped == offset - at && done < buf.len() {
            match reader.read(&mut buf[done..]) {
                Ok(0) => break,
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        *again = Some((reader, at + skipped + done as u64));
        Ok(done)
    }
}

impl State {
    fn close_chunk(&mut self) {
        let kept = zstd::bulk::compress(&self.open[..CHUNK], LEVEL)
            .ok()
            .and_then(|packed| self.store.put(&packed));
        if let Some(place) = kept {
            self.chunks.push(place);
            self.open.drain(..CHUNK);
        } else {
            self.lost = Some(self.kept());
            self.open = Vec::new();
        }
    }

    /// Bytes in full chunks.
    fn kept(&self) -> u64 {
        (self.chunks.len() * CHUNK) as u64
    }

    fn chunk(&mut self, idx: usize) -> io::Result<Arc<Vec<u8>>> {
        if let Some((cached, text)) = &self.cached
            && *cached == idx
        {
            return Ok(Arc::clone(text));
        }
        let packed = self.store.get(self.chunks[idx])?;
        let text = Arc::new(zstd::bulk::decompress(&packed, CHUNK)?);
        self.cached = Some((idx, Arc::clone(&text)));
        Ok(text)
    }
}

impl ReadAt for Spool {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < buf.len() {
            let at = offset + done as u64;
            let mut state = self.state();
            if at >= state.len {
                break;
            }
            if state.lost.is_some_and(|lost| at >= lost) {
                let most = (state.len - at).min((buf.len() - done) as u64) as usize;
                drop(state);
                let count = self.read_lost(at, &mut buf[done..done + most])?;
                return Ok(done + count);
            }
            let idx = (at / CHUNK as u64) as usize;
            let within = (at % CHUNK as u64) as usize;
            let whole = if idx < state.chunks.len() { Some(state.chunk(idx)?) } else { None };
            let text = whole.as_ref().map_or(&state.open, |whole| whole);
            let rest = &text[within..];
            let count = rest.len().min(buf.len() - done);
            buf[done..done + count].copy_from_slice(&rest[..count]);
            done += count;
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
