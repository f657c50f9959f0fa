//! The engine's shared state: files, segments, requests, and the threads that work on them.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::ingest::format::FileFormat;
use crate::query::Answer;
use crate::query::Part;
use crate::source::{Notice, Status};
use crate::store::{Cache, Epoch, SegmentId};
use crate::time::Millis;

use super::Options;
use super::decoders::Decoders;
use super::errand;
use super::feed::Feeding;
use super::follow::was_copied;
use super::job::{Asked, Job, Step};
use super::log::Log;
use super::look::Desk;
use super::plan::Names;
use super::progress::Progress;
use super::segment::Segment;

/// Everything that the threads of a source share.
pub(super) struct Engine {
    pub options: Options,
    pub desk: Desk,
    pub status: watch::Sender<Arc<Status>>,
    state: Mutex<State>,
    wake: Condvar,
    segment_ids: AtomicU32,
    epochs: AtomicU64,
}

/// What changes.
pub(super) struct State {
    pub segments: Vec<Arc<Segment>>,
    /// The files of the segments.
    logs: Vec<Arc<Log>>,
    /// How many rotation sets there are.
    pub log_sets: usize,
    /// Files that are still to be opened.
    pub unopened: usize,
    pub feeds: Vec<Arc<Feeding>>,
    pub formats: Vec<Arc<FileFormat>>,
    pub progress: Progress,
    jobs: Vec<Arc<Job>>,
    /// Whether the last task was looked for among the requests for rows first.
    is_rows_turn: bool,
    waiting: Vec<Asked>,
    pub follows: bool,
    index: Arc<Job>,
    opened: Instant,
    is_closed: bool,
}

/// A request waits so long for files to be opened that its histogram should cover.
const PATIENCE: Duration = Duration::from_millis(40);

/// What a worker does next.
enum Task {
    Job(Arc<Job>, Step),
    Feed(Arc<Feeding>),
}

impl Engine {
    pub(super) fn new(options: Options, progress: Progress) -> Self {
        let desk = Desk {
            cache: Cache::of(options.cache_bytes()),
            decoders: Arc::default(),
            names: Names::default(),
        };
        let (status, _) = watch::channel(Arc::default());
        let state = Mutex::new(State {
            segments: Vec::new(),
            logs: Vec::new(),
            log_sets: 0,
            unopened: 0,
            feeds: Vec::new(),
            formats: Vec::new(),
            progress,
            jobs: Vec::new(),
            is_rows_turn: false,
            waiting: Vec::new(),
            follows: options.follow,
            index: Arc::new(Job::index(Vec::new())),
            opened: Instant::now(),
            is_closed: false,
        });
        Self {
            options,
            desk,
            status,
            state,
            wake: Condvar::new(),
            segment_ids: AtomicU32::new(0),
            epochs: AtomicU64::new(1),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What files are opened with.
    pub(super) fn means(&self) -> (&Options, &Decoders) {
        (&self.options, &self.desk.decoders)
    }

    /// A number for a new segment.
    pub(super) fn segment_id(&self) -> SegmentId {
        SegmentId(self.segment_ids.fetch_add(1, Ordering::Relaxed))
    }

    /// Takes segments in; requests at work look at them too.
    pub(super) fn add(&self, segments: Vec<Arc<Segment>>) {
        let mut state = self.state();
        state.jobs.iter().chain([&state.index]).for_each(|job| job.add(&segments));
        state.know_logs(&segments);
        state.segments.extend(segments);
        drop(state);
        self.wake.notify_all();
    }

    /// Puts segments in the place of others over the same text, which has grown. Requests at work
    /// go on with the old ones; answers are of a new generation after this.
    pub(super) fn replace(&self, old: &[Arc<Segment>], new: Vec<Arc<Segment>>) {
        let mut state = self.state();
        for segment in old {
            state.retire(segment);
            self.desk.cache.forget(segment.id);
        }
        state.progress.generation += 1;
        state.index.add(&new);
        state.know_logs(&new);
        state.segments.extend(new);
        drop(state);
        self.wake.notify_all();
    }

    /// Takes segments out whose text is gone.
    pub(super) fn remove(&self, gone: &[Arc<Segment>]) {
        let mut state = self.state();
        for segment in gone {
            segment.lose();
            state.retire(segment);
            self.desk.cache.forget(segment.id);
        }
        state.progress.generation += 1;
    }

    /// More files are to be opened.
    pub(super) fn will_open(&self, files: usize) {
        let mut state = self.state();
        state.unopened += files;
        state.opened = Instant::now();
    }

    /// So many sets are open that were not there before: answers from before are not whole.
    pub(super) fn opened_sets(&self, sets: usize) {
        let mut state = self.state();
        state.log_sets += sets;
        state.progress.generation += 1;
        drop(state);
        self.tell(true);
    }

    /// One file less is to be opened.
    pub(super) fn opened_one(&self) {
        self.state().unopened -= 1;
        self.wake.notify_all();
        self.tell(true);
    }

    /// Waits until no file is left to be opened.
    pub(super) fn wait_until_open(&self) {
        let mut state = self.state();
        while state.unopened > 0 {
            let tick = Duration::from_millis(50);
            state = self.wake.wait_timeout(state, tick).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        self.tell(true);
    }

    /// A file that is read forwards.
    pub(super) fn add_feed(&self, feed: Arc<Feeding>) {
        self.state().feeds.push(feed);
        self.wake.notify_all();
    }

    /// A request.
    pub(super) fn ask(&self, asked: Asked) {
        self.state().waiting.push(asked);
        self.wake.notify_all();
    }

    /// Starts or stops following.
    pub(super) fn follow(&self, on: bool) {
        self.state().follows = on;
        self.wake.notify_all();
    }

    /// Ends the threads.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.wake.notify_all();
    }

    /// Whether the source was dropped.
    pub(super) fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// Something to tell people.
    pub(super) fn notice(&self, notice: Notice) {
        let mut state = self.state();
        if !state.progress.notices.contains(&notice) {
            state.progress.notices.push(notice);
        }
    }

    /// What one thread does until the source is dropped.
    pub(super) fn work(&self) {
        let mut buffer = Vec::new();
        while let Some(task) = self.next_task() {
            match task {
                Task::Job(job, Step::Segment(segment)) => self.look(&job, &segment, &mut buffer),
                Task::Job(job, Step::Errand(part)) => self.run_errand(&job, part, &mut buffer),
                Task::Job(job, Step::Finish) => self.finish(&job),
                Task::Feed(feed) => {
                    feed.step(self);
                    self.wake.notify_all();
                }
            }
            self.tell(false);
        }
    }

    fn next_task(&self) -> Option<Task> {
        let mut state = self.state();
        loop {
            if state.is_closed {
                return None;
            }
            self.admit(&mut state);
            state.jobs.retain(|job| !job.is_cancelled() && !job.is_finished());
            if let Some(task) = state.pick() {
                return Some(task);
            }
            // Cancelled requests and patience are looked at without being told.
            let tick = Duration::from_millis(if state.waiting.is_empty() { 500 } else { 5 });
            state = self.wake.wait_timeout(state, tick).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets waiting requests begin, once files are open or have been waited for.
    fn admit(&self, state: &mut State) {
        let is_patient =
            state.unopened > 0 && (state.segments.is_empty() || state.opened.elapsed() < PATIENCE);
        if is_patient || state.waiting.is_empty() {
            return;
        }
        let span = state.span();
        for asked in std::mem::take(&mut state.waiting) {
            let epoch = Epoch(self.epochs.fetch_add(1, Ordering::Relaxed));
            let segments = state.segments.clone();
            state.jobs.push(Arc::new(Job::of(asked, epoch, now(), segments, span)));
        }
    }

    fn look(&self, job: &Job, segment: &Arc<Segment>, buffer: &mut Vec<u8>) {
        let mut looked = job.look(segment, &self.desk, buffer);
        if looked.is_err() && was_copied(segment) {
            looked = job.look(segment, &self.desk, buffer);
        }
        if let Err(error) = looked {
            self.lose(segment, &error.to_string());
        }
        if segment.info().is_some() && segment.count_once() {
            self.state().progress.count(segment);
        }
        if buffer.capacity() > self.options.limits.block as usize * 4 {
            *buffer = Vec::new();
        }
        let unread = self.state().unread();
        job.report(&self.desk, unread);
        self.wake.notify_all();
    }

    /// A segment whose bytes are not there any more.
    fn lose(&self, segment: &Arc<Segment>, reason: &str) {
        if !segment.lose() {
            return;
        }
        self.desk.cache.forget(segment.id);
        let mut state = self.state();
        if state.segments.iter().all(|known| known.id != segment.id) {
            return;
        }
        if segment.count_once() {
            state.progress.count(segment);
        }
        state.progress.uncount(segment);
        state.progress.generation += 1;
        let name = &segment.log.name;
        let message = format!("part of {name} cannot be read any more and is left out");
        let notice = state.progress.notices.iter_mut().find(|known| known.message == message);
        if let Some(notice) = notice {
            notice.details.push(reason.to_owned());
        } else {
            state.progress.notices.push(Notice { message, details: vec![reason.to_owned()] });
        }
    }

    fn run_errand(&self, job: &Job, part: usize, buffer: &mut Vec<u8>) {
        let Some(asked) = &job.asked else { return };
        let segments = self.state().segments.clone();
        let (desk, epoch) = (&self.desk, job.epoch);
        let answer = match &asked.request.parts[part] {
            Part::Document(of) => errand::document(desk, &segments, of, epoch, buffer),
            Part::Surrounding { of, before, after } => {
                errand::surrounding(desk, &segments, (of, *before, *after), epoch, buffer)
            }
            _ => Answer::Failed("nobody answers this".to_owned()),
        };
        job.send_errand(part, answer);
        self.wake.notify_all();
    }

    fn finish(&self, job: &Arc<Job>) {
        let again = job.finish(&self.desk);
        if again {
            let mut state = self.state();
            job.begin_again(state.segments.clone());
            state.jobs.push(Arc::clone(job));
        }
        self.wake.notify_all();
    }

    /// Sends the status, if it is time to (or `now`).
    pub(super) fn tell(&self, now: bool) {
        let mut state = self.state();
        let is_complete = state.is_complete();
        let span = if now || state.progress.is_due(is_complete) { state.span() } else { None };
        if let Some(status) = state.progress.status(is_complete, now, span) {
            drop(state);
            self.status.send_replace(Arc::new(status));
        }
    }
}

impl State {
    /// Takes a segment out of the list and the counts.
    fn retire(&mut self, segment: &Arc<Segment>) {
        self.segments.retain(|known| known.id != segment.id);
        // Who finds it counted does not count it again.
        if !segment.count_once() {
            self.progress.uncount(segment);
            self.progress.removed();
        }
    }

    fn know_logs(&mut self, segments: &[Arc<Segment>]) {
        for segment in segments {
            if !self.logs.iter().rev().any(|log| Arc::ptr_eq(log, &segment.log)) {
                self.logs.push(Arc::clone(&segment.log));
            }
        }
    }

    /// Newest first, and rows and counts in turn: rows need a segment or two, and would wait for
    /// counts that need all of them; rare rows need all, and must not hold up the counts.
    fn pick(&mut self) -> Option<Task> {
        let is_open = self.is_open();
        self.is_rows_turn = !self.is_rows_turn;
        let rows_first = [self.is_rows_turn, !self.is_rows_turn];
        for wants_rows in rows_first {
            let fits = |job: &&Arc<Job>| job.counts_all() != wants_rows;
            for job in self.jobs.iter().rev().filter(fits) {
                if let Some(step) = job.next(is_open) {
                    return Some(Task::Job(Arc::clone(job), step));
                }
            }
        }
        if let Some(feed) = self.feeds.iter().find(|feed| feed.claim()) {
            return Some(Task::Feed(Arc::clone(feed)));
        }
        let step = self.index.next(true)?;
        Some(Task::Job(Arc::clone(&self.index), step))
    }

    /// Whether more of what exists now will still come.
    fn is_open(&self) -> bool {
        self.unopened > 0 || self.feeds.iter().any(|feed| !feed.is_ended())
    }

    /// The latest time of records that exist and are in no segment yet; `None` if there are none.
    fn unread(&self) -> Option<Millis> {
        if self.unopened > 0 {
            return Some(Millis(i64::MAX));
        }
        let open = self.feeds.iter().filter(|feed| !feed.is_ended());
        open.map(|feed| feed.latest()).max()
    }

    /// Whether everything that exists now is indexed.
    fn is_complete(&self) -> bool {
        !self.is_open() && self.progress.counted() >= self.segments.len()
    }

    /// The time that files cover, as far as samples and segments tell.
    pub(super) fn span(&self) -> Option<(Millis, Millis)> {
        let spans = self.logs.iter().filter_map(|log| log.order.span());
        spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// The time of day, for questions about `now`.
pub(super) fn now() -> Millis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Millis(since.map_or(0, |since| since.as_millis() as i64))
}
