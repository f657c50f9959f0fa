//! Files that can be read forwards only (packed ones, pipes): each block read becomes a segment over
//! the spool that keeps the text.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::ingest::Feed;
use crate::ingest::input::{Fed, Step};
use crate::source::Notice;
use crate::time::Millis;

use super::engine::Engine;
use super::log::Log;
use super::segment::Segment;

/// A feed, and the file that it makes.
pub(super) struct Feeding {
    log: Arc<Log>,
    feed: Mutex<Feed>,
    /// Segments that the next block may replace.
    open: Mutex<Vec<Arc<Segment>>>,
    is_claimed: AtomicBool,
    is_ended: AtomicBool,
    is_live: bool,
    latest: Millis,
}

/// Stamps are taken to be at most so much ahead of the clock by which files were written.
const CLOCKS: i64 = 10_000;
/// A live stream is waited for so long at a time.
const WAIT: Duration = Duration::from_millis(200);

impl Feeding {
    /// `latest` is the latest time that its records may have, as far as the file's own time and
    /// newer files of the set tell.
    pub(super) fn new(log: Arc<Log>, feed: Feed, latest: Option<Millis>) -> Self {
        let is_live = feed.is_live();
        Self {
            log,
            feed: Mutex::new(feed),
            open: Mutex::default(),
            is_claimed: AtomicBool::new(false),
            is_ended: AtomicBool::new(false),
            is_live,
            latest: latest.map_or(Millis(i64::MAX), |at| Millis(at.0 + CLOCKS)),
        }
    }

    /// Whether everything that exists now was read: live streams have no such end to wait for.
    pub(super) fn is_ended(&self) -> bool {
        self.is_live || self.is_ended.load(Ordering::Acquire)
    }

    /// The latest time that its records may have.
    pub(super) fn latest(&self) -> Millis {
        self.latest
    }

    /// Reserves it for the caller, who is to call [`Feeding::step`].
    pub(super) fn claim(&self) -> bool {
        !self.is_live && !self.is_ended() && !self.is_claimed.swap(true, Ordering::AcqRel)
    }

    /// Reads one block.
    pub(super) fn step(&self, engine: &Engine) {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        match feed.next(&self.log.framing(), WAIT, Vec::new()) {
            Ok(Step::Fed(fed)) => self.take(engine, &fed),
            Ok(Step::Idle) => {}
            Ok(Step::End) => {
                if let Some(damage) = feed.damage() {
                    let name = &self.log.name;
                    let message = format!("{name} is damaged: what came before is shown");
                    let details = vec![format!("at byte {}: {}", damage.offset, damage.reason)];
                    engine.notice(Notice { message, details });
                }
                self.is_ended.store(true, Ordering::Release);
            }
            Err(error) => {
                let message = format!("{} cannot be read to its end", self.log.name);
                engine.notice(Notice { message, details: vec![error.to_string()] });
                self.is_ended.store(true, Ordering::Release);
            }
        }
        self.is_claimed.store(false, Ordering::Release);
    }

    /// Reads a live stream until it ends; for a thread of its own.
    pub(super) fn run(&self, engine: &Engine) {
        while !self.is_ended.load(Ordering::Acquire) && !engine.is_closed() {
            self.step(engine);
        }
    }

    fn take(&self, engine: &Engine, fed: &Fed) {
        let (start, end) = (fed.block.offset(), fed.block.end());
        if start == end {
            return;
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let overlapped: Vec<_> = open.drain(..).collect();
        let known = overlapped.iter().map(|old| old.nominal.end).max().unwrap_or(start);
        let begin =
            overlapped.iter().map(|old| old.nominal.start).min().unwrap_or(start).min(start);
        let settled = fed.settled.offset.clamp(begin, end);
        let ranges = [begin..settled, settled..end].into_iter().filter(|range| !range.is_empty());
        let ranges: Vec<_> = ranges.collect();
        let segments: Vec<_> = ranges
            .into_iter()
            .map(|range| {
                let len = range.end;
                Arc::new(Segment::new(engine.segment_id(), Arc::clone(&self.log), range, len))
            })
            .collect();
        // Small segments grow with what comes next, so that a slow stream does not make thousands.
        let small = u64::from(engine.options.limits.block) / 16;
        let grows = |segment: &&Arc<Segment>| {
            let range = &segment.nominal;
            self.is_live && (range.end > settled || range.end - range.start < small)
        };
        open.extend(segments.iter().filter(grows).cloned());
        engine.state().progress.bytes_total += end.saturating_sub(known);
        if self.is_live {
            self.log.order.grew();
            engine.replace(&overlapped, segments);
            engine.tell(true);
        } else {
            engine.add(segments);
        }
    }
}
