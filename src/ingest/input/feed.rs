//! A member read forwards, block by block.

use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::command::{Guard, Output};
use super::decode::decode;
use super::files::open_regular;
use super::live::{Arrival, Live};
use super::tar::texts;
use super::unpack::{Damage, Progress, guarded, unpack, unpacked};
use crate::ingest::discover::{compression_of, encoding_of};
use crate::ingest::frame::{Block, Framing, Seam, seam_within};
use crate::ingest::limits::Limits;
use crate::ingest::member::{Encoding, Member, Origin};
use crate::ingest::spool::{Reopen, Spool};

/// Bytes that are read at a time, and kept beyond a block's nominal end.
const CHUNK: usize = 256 << 10;
/// How long a live stream's bytes are gathered before they are given.
const GATHER: Duration = Duration::from_millis(40);

/// Reads a member forwards. What was given is not kept, except in the spool if there is one.
pub struct Feed {
    input: Input,
    guard: Option<Arc<Guard>>,
    progress: Arc<Progress>,
    spool: Option<Arc<Spool>>,
    block: u64,
    /// Text from `seam` on.
    pending: Vec<u8>,
    seam: Seam,
    /// How many bytes of `pending` were given already, in a block that was not settled.
    given: usize,
    is_ended: bool,
    /// What ended it, told when all that came before was given.
    failure: Option<io::Error>,
}

enum Input {
    File(Box<dyn Read + Send>),
    Live(Live),
}

/// A block, and how far its records are certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fed {
    /// The block. Where it begins before the end of the block before, its records take the place
    /// of those that it overlaps.
    pub block: Block,
    /// Records before this are final. The next block begins here.
    pub settled: Seam,
}

/// What a feed gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Text.
    Fed(Fed),
    /// Nothing came within the time (live streams only).
    Idle,
    /// The end; see [`Feed::damage`] for whether it is the true one.
    End,
}

impl Feed {
    /// Opens a member. With `follow`, a command is told to go on when its output so far is given.
    pub fn open(member: &Member, limits: &Limits, follow: bool) -> io::Result<Self> {
        let progress = Arc::new(Progress::default());
        let mut guard = None;
        let input = match &member.origin {
            Origin::File(path) => {
                let file = Box::new(open_regular(path, true)?);
                let unpacked = unpack(file, member.compression, &progress)?;
                Input::File(text_of(unpacked, member, &progress))
            }
            Origin::Pipe(path) => {
                let path = path.clone();
                live(&progress, move || Ok(Box::new(std::fs::File::open(path)?)))
            }
            Origin::Stdin => live(&progress, || {
                use std::os::fd::AsFd;
                let input = io::stdin().as_fd().try_clone_to_owned()?;
                Ok(Box::new(std::fs::File::from(input)))
            }),
            Origin::Command { program, arguments, following, is_merged } => {
                let arguments = if follow { following } else { arguments };
                let output = Output::start(program, arguments, *is_merged)?;
                guard = Some(output.guard());
                live(&progress, move || Ok(Box::new(output)))
            }
        };
        Ok(Self {
            input,
            guard,
            progress,
            spool: None,
            block: u64::from(limits.block.max(1)),
            pending: Vec::new(),
            seam: Seam::START,
            given: 0,
            is_ended: false,
            failure: None,
        })
    }

    /// Keeps what is read from now on in `spool`; call before anything was read.
    #[must_use]
    pub fn spool_to(mut self, spool: Arc<Spool>) -> Self {
        spool.append(&self.pending);
        self.spool = Some(spool);
        self
    }

    /// The beginning of the text, at most `most` bytes, for looking at; it is still given later.
    /// A live stream is waited for at most `wait`.
    pub fn sample(&mut self, most: usize, wait: Duration) -> io::Result<&[u8]> {
        let until = Instant::now() + wait;
        while self.pending.len() < most && !self.is_ended {
            let left = until.saturating_duration_since(Instant::now());
            if !self.read_more(left) {
                break;
            }
        }
        Ok(&self.pending[..self.pending.len().min(most)])
    }

    /// The next block. A live stream is waited for at most `wait`. `buffer` is memory to use again.
    pub fn next(
        &mut self,
        framing: &Framing<'_>,
        wait: Duration,
        buffer: Vec<u8>,
    ) -> io::Result<Step> {
        let nominal = (self.seam.offset / self.block + 1) * self.block;
        let size = (nominal - self.seam.offset) as usize;
        let mut wanted = size + CHUNK;
        let mut until = Instant::now() + wait;
        loop {
            if self.pending.len() >= wanted {
                if let Some(seam) = seam_within(framing, self.seam, &self.pending, nominal) {
                    return Ok(Step::Fed(self.give_until(seam, buffer)));
                }
                wanted = self.pending.len() + CHUNK;
            }
            let had = self.pending.len() > self.given;
            let left = until.saturating_duration_since(Instant::now());
            if self.is_ended || !self.read_more(left) {
                break;
            }
            if !had && self.is_live() {
                until = until.min(Instant::now() + GATHER);
            }
        }
        if self.pending.len() == self.given
            && let Some(failure) = self.failure.take()
        {
            return Err(failure);
        }
        Ok(self.give_all(framing, buffer))
    }

    /// Bytes of the file that were read so far, packed as they are.
    #[must_use]
    pub fn stored_read(&self) -> u64 {
        self.progress.stored()
    }

    /// Where and why the text ended early.
    #[must_use]
    pub fn damage(&self) -> Option<Damage> {
        self.progress.damage()
    }

    /// Whether reading may wait.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.input, Input::Live(_))
    }

    /// Reads once. `false` at the end, or when nothing came within `wait`.
    fn read_more(&mut self, wait: Duration) -> bool {
        let had = self.pending.len();
        if let Err(error) = self.read_once(wait) {
            self.is_ended = true;
            self.failure = Some(error);
        }
        if let Some(spool) = &self.spool {
            spool.append(&self.pending[had..]);
        }
        self.pending.len() > had
    }

    fn read_once(&mut self, wait: Duration) -> io::Result<()> {
        let had = self.pending.len();
        match &mut self.input {
            Input::File(reader) => {
                self.pending.resize(had + CHUNK, 0);
                let read = read_full(reader, &mut self.pending[had..]);
                self.pending.truncate(had + *read.as_ref().unwrap_or(&0));
                self.is_ended = self.pending.len() == had;
                read?;
            }
            Input::Live(live) => match live.next(wait)? {
                Arrival::Bytes(bytes) => self.pending.extend_from_slice(&bytes),
                Arrival::Nothing => {}
                Arrival::End => self.is_ended = true,
            },
        }
        Ok(())
    }

    /// Gives the text before `seam`, all of it settled.
    fn give_until(&mut self, seam: Seam, mut buffer: Vec<u8>) -> Fed {
        let size = (seam.offset - self.seam.offset) as usize;
        buffer.clear();
        buffer.extend_from_slice(&self.pending[..size]);
        self.pending.drain(..size);
        self.given = self.given.saturating_sub(size);
        let block = Block { seam: std::mem::replace(&mut self.seam, seam), bytes: buffer };
        Fed { block, settled: seam }
    }

    /// Gives all that is there: at the end, or while a live stream waits.
    fn give_all(&mut self, framing: &Framing<'_>, mut buffer: Vec<u8>) -> Step {
        if self.pending.len() == self.given {
            return if self.is_ended { Step::End } else { Step::Idle };
        }
        buffer.clear();
        buffer.extend_from_slice(&self.pending);
        let block = Block { seam: self.seam, bytes: buffer };
        let settled = block.records(framing, &mut Vec::new());
        if self.is_ended {
            self.pending.clear();
            self.given = 0;
            self.seam = Seam::end(block.end());
        } else {
            let size = (settled.offset - self.seam.offset) as usize;
            self.pending.drain(..size);
            self.given = self.pending.len();
            self.seam = settled;
        }
        Step::Fed(Fed { block, settled: self.seam })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Some(guard) = &self.guard {
            guard.end();
        }
    }
}

/// How to read a file's text from its beginning again, for a spool that could not keep it all.
/// `None` for pipes and commands.
#[must_use]
pub fn reopen(member: &Member) -> Option<Reopen> {
    let path = member.path()?.to_owned();
    let member = member.clone();
    Some(Box::new(move || {
        let unpacked = unpacked(open_regular(&path, true)?, member.compression)?;
        Ok(text_of(unpacked, &member, &Arc::default()))
    }))
}

fn text_of(
    unpacked: Box<dyn Read + Send>,
    member: &Member,
    progress: &Arc<Progress>,
) -> Box<dyn Read + Send> {
    if member.is_archive {
        guarded(texts(unpacked), progress)
    } else {
        decode(unpacked, member.encoding)
    }
}

/// A live stream; what is packed or UTF-16 is told by its first bytes.
fn live(
    progress: &Arc<Progress>,
    open: impl FnOnce() -> io::Result<Box<dyn Read + Send>> + Send + 'static,
) -> Input {
    let progress = Arc::clone(progress);
    Input::Live(Live::start(move || {
        let mut packed = open()?;
        let head = first_bytes(&mut packed)?;
        let compression = compression_of(&head);
        let whole = Box::new(io::Cursor::new(head).chain(packed));
        let mut text = unpack(whole, compression, &progress)?;
        let head = first_bytes(&mut text)?;
        let encoding = encoding_of(&head);
        let whole: Box<dyn Read + Send> = Box::new(io::Cursor::new(head).chain(text));
        Ok(if encoding == Encoding::Utf8 { whole } else { decode(whole, encoding) })
    }))
}

/// At least eight bytes, unless the stream has less or a line ends before.
fn first_bytes(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut head = vec![0; 4 << 10];
    let mut count = 0;
    while count < 8 && !head[..count].contains(&b'\n') {
        match reader.read(&mut head[count..]) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    head.truncate(count);
    Ok(head)
}

fn read_full(reader: &mut dyn Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buf.len() {
        match reader.read(&mut buf[done..]) {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if done > 0 => break, // It fails again when there is nothing before it.
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
