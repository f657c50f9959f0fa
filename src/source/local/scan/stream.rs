//! A file read forwards, as blocks of settled records.

use std::sync::PoisonError;
use std::time::Duration;

use crate::ingest::input::Step;
use crate::ingest::{Block, Feed};
use crate::source::local::Options;
use crate::source::local::log::Log;

use super::Input;

/// A stream, and what its last block left open.
pub(super) struct Stream {
    feed: Feed,
    /// The record that may still grow; the next block begins with it.
    open: Option<Block>,
}

/// What a stream gives.
pub(super) enum Next {
    Block(Block),
    Idle,
    End,
}

impl Stream {
    /// The stream of an input: the one that was opened first, else a new one.
    pub(super) fn open(input: &Input, options: &Options) -> std::io::Result<Self> {
        let first = input.feed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let feed = match first {
            Some(feed) => *feed,
            None => Feed::open(&input.member, &options.limits, options.follow)?,
        };
        Ok(Self { feed, open: None })
    }

    /// The next records. A live stream is waited for at most `wait`.
    pub(super) fn next(
        &mut self,
        log: &Log,
        wait: Duration,
        buffer: Vec<u8>,
    ) -> std::io::Result<Next> {
        let fed = match self.feed.next(&log.framing(), wait, buffer)? {
            Step::Fed(fed) => fed,
            Step::Idle => return Ok(Next::Idle),
            Step::End => return Ok(self.open.take().map_or(Next::End, Next::Block)),
        };
        let mut block = fed.block;
        let settled = fed.settled.offset.saturating_sub(block.offset());
        let rest = block.bytes.split_off(block.bytes.len().min(settled as usize));
        self.open = (!rest.is_empty()).then_some(Block { seam: fed.settled, bytes: rest });
        Ok(Next::Block(block))
    }

    /// What is wrong with it, as a sentence.
    pub(super) fn damage(&self, log: &Log) -> Option<String> {
        let damage = self.feed.damage()?;
        Some(format!("{} is damaged at byte {}: {}", log.name, damage.offset, damage.reason))
    }
}
