//! Packed files as streams of their text.

use std::io::{self, BufReader, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::ingest::member::Compression;

/// Where a packed file could not be read further. What came before it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// How many bytes of text were read before.
    pub offset: u64,
    /// What the unpacker said.
    pub reason: String,
}

/// What others may ask about a stream while it is read.
#[derive(Debug, Default)]
pub(super) struct Progress {
    stored: AtomicU64,
    damage: Mutex<Option<Damage>>,
}

impl Progress {
    /// Bytes of the file that were read so far.
    pub(super) fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// The damage that ended the stream.
    pub(super) fn damage(&self) -> Option<Damage> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The unpacked bytes of `packed`. Damage ends the stream and is noted in `progress`.
pub(super) fn unpack(
    packed: Box<dyn Read + Send>,
    compression: Compression,
    progress: &Arc<Progress>,
) -> io::Result<Box<dyn Read + Send>> {
    let packed = Counted { packed, progress: Arc::clone(progress) };
    let buffered = |packed| BufReader::with_capacity(128 << 10, packed);
    let inner: Box<dyn Read + Send> = match compression {
        Compression::None => return Ok(Box::new(packed)),
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered(packed))),
        Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(buffered(packed))?),
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(buffered(packed))),
        Compression::Xz => {
            Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(buffered(packed)))
        }
    };
    Ok(guarded(inner, progress))
}

/// The same stream, ended where it fails.
pub(super) fn guarded(
    inner: Box<dyn Read + Send>,
    progress: &Arc<Progress>,
) -> Box<dyn Read + Send> {
    Box::new(Guarded { inner, done: 0, ended: false, progress: Arc::clone(progress) })
}

/// The unpacked bytes of a file, damage ending them, for who does not ask further.
pub fn unpacked(file: std::fs::File, compression: Compression) -> io::Result<Box<dyn Read + Send>> {
    unpack(Box::new(file), compression, &Arc::default())
}

struct Counted {
    packed: Box<dyn Read + Send>,
    progress: Arc<Progress>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.packed.read(buf)?;
        self.progress.stored.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Turns the error of an unpacker into an early end.
struct Guarded {
    inner: Box<dyn Read + Send>,
    done: u64,
    ended: bool,
    progress: Arc<Progress>,
}

impl Read for Guarded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        match self.inner.read(buf) {
            Ok(count) => {
                self.done += count as u64;
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.ended = true;
                let damage = Damage { offset: self.done, reason: error.to_string() };
                *self.progress.damage.lock().unwrap_or_else(PoisonError::into_inner) = Some(damage);
                Ok(0)
            }
        }
    }
}
