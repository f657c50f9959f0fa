//! A request at work: which segments are still to be looked at, what came of the others, and the
//! answers that have been sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::diagnostic::Diagnostic;
use crate::ingest::format::FileFormat;
use crate::ingest::frame::BlockError;
use crate::query::evaluate::Moment;
use crate::query::{Answer, Clause, Part, SearchRequest, Update, Warning};
use crate::source::Replies;
use crate::store::Epoch;
use crate::time::{Millis, TimeRange, Zone};

use super::bound::{latest, may_improve, most_urgent};
use super::gather::{Gather, Gathered, Outcome};
use super::look::{Desk, Need};
use super::order::SortKey;
use super::part::rows::{Rows, Window};
use super::plan::{Names, Plan};
use super::segment::Segment;

/// Partial answers are sent so often.
const EVERY: Duration = Duration::from_millis(90);

/// Who asked.
pub(super) struct Asked {
    pub request: SearchRequest,
    pub replies: Replies,
    pub cancel: CancellationToken,
}

/// What a worker does next.
pub(super) enum Step {
    /// Look at a segment.
    Segment(Arc<Segment>),
    /// Answer a part that concerns one place.
    Errand(usize),
    /// Send what is complete.
    Finish,
}

/// A request, or the indexing of everything, which is a request for nothing.
pub(super) struct Job {
    pub epoch: Epoch,
    pub asked: Option<Asked>,
    range: TimeRange,
    moment: Moment,
    clause: Arc<Clause>,
    columns: Vec<Arc<str>>,
    plans: Mutex<HashMap<usize, Result<Arc<Plan>, Diagnostic>>>,
    work: Mutex<Work>,
}

/// What changes while a job is at work.
struct Work {
    todo: Vec<Arc<Segment>>,
    active: Vec<Arc<Segment>>,
    errands: Vec<usize>,
    errands_active: usize,
    gather: Gather,
    refused: Option<Diagnostic>,
    is_planned: bool,
    started: Instant,
    sent: Option<Instant>,
    is_sending: bool,
    is_finished: bool,
}

impl Job {
    /// The indexing of `segments`.
    pub(super) fn index(segments: Vec<Arc<Segment>>) -> Self {
        let moment = Moment { now: Millis(0), zone: Zone::UTC };
        let clause = Arc::new(Clause::MatchAll);
        Self::make(None, Epoch(0), moment, clause, TimeRange::ALL, Gather::default(), segments)
    }

    /// A request over `segments`. `span` is the time known to be covered, for fitting intervals.
    pub(super) fn of(
        asked: Asked,
        epoch: Epoch,
        now: Millis,
        segments: Vec<Arc<Segment>>,
        span: Option<(Millis, Millis)>,
    ) -> Self {
        let search = &asked.request.search;
        let moment = Moment { now, zone: Zone::UTC };
        let (clause, range) = (Arc::clone(&search.clause), search.range);
        let gather = Gather::new(&asked.request, span);
        Self::make(Some(asked), epoch, moment, clause, range, gather, segments)
    }

    fn make(
        asked: Option<Asked>,
        epoch: Epoch,
        moment: Moment,
        clause: Arc<Clause>,
        range: TimeRange,
        gather: Gather,
        todo: Vec<Arc<Segment>>,
    ) -> Self {
        let errands = asked.as_ref().map_or_else(Vec::new, |asked| errands(&asked.request));
        let mut todo = todo;
        todo.sort_by_cached_key(|segment| (latest(segment), segment.rank()));
        let columns = gather.columns.clone();
        let work = Mutex::new(Work {
            todo,
            active: Vec::new(),
            errands,
            errands_active: 0,
            gather,
            refused: None,
            is_planned: false,
            started: Instant::now(),
            sent: None,
            is_sending: false,
            is_finished: false,
        });
        Self { epoch, asked, range, moment, clause, columns, plans: Mutex::default(), work }
    }

    /// Locked for a moment only, never while something is read or sent.
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody waits for it any more.
    pub(super) fn is_cancelled(&self) -> bool {
        let is_left = |asked: &Asked| asked.cancel.is_cancelled() || asked.replies.is_closed();
        self.asked.as_ref().is_some_and(is_left)
    }

    /// Whether some part needs every segment.
    pub(super) fn counts_all(&self) -> bool {
        self.work().gather.counts_all()
    }

    /// Whether everything was answered.
    pub(super) fn is_finished(&self) -> bool {
        self.work().is_finished
    }

    /// What to do next, if anything. `is_open` says that more segments may still come.
    pub(super) fn next(&self, is_open: bool) -> Option<Step> {
        let mut work = self.work();
        if work.is_finished {
            return None;
        }
        if let Some(part) = work.errands.pop() {
            work.errands_active += 1;
            return Some(Step::Errand(part));
        }
        let is_settled = self.asked.is_some() && work.is_settled();
        if is_settled {
            work.todo.clear();
        }
        if let Some(segment) = work.take_next() {
            work.active.push(Arc::clone(&segment));
            return Some(Step::Segment(segment));
        }
        let is_idle = work.active.is_empty() && work.errands_active == 0 && !work.is_sending;
        if is_idle && (is_settled || !is_open) {
            work.is_finished = true;
            return Some(Step::Finish);
        }
        None
    }

    /// More segments have come.
    pub(super) fn add(&self, segments: &[Arc<Segment>]) {
        let mut work = self.work();
        // Segments are taken from the end; what comes later is older or newer, never urgent.
        work.todo.splice(0..0, segments.iter().cloned());
    }

    fn plan(&self, format: &Arc<FileFormat>, names: &Names) -> Result<Arc<Plan>, Diagnostic> {
        let key = Arc::as_ptr(format).addr();
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let make =
            || Plan::of(&self.clause, &self.columns, format, self.moment, names).map(Arc::new);
        plans.entry(key).or_insert_with(make).clone()
    }

    /// Looks at a segment that [`Job::next`] gave.
    pub(super) fn look(
        &self,
        segment: &Arc<Segment>,
        desk: &Desk,
        buffer: &mut Vec<u8>,
    ) -> Result<(), BlockError> {
        let looked = match self.plan(&segment.log.format, &desk.names) {
            Ok(plan) => self.look_with(&plan, segment, desk, buffer),
            Err(refusal) => {
                self.work().refused = Some(refusal);
                Ok(())
            }
        };
        self.work().active.retain(|active| active.id != segment.id);
        looked
    }

    fn look_with(
        &self,
        plan: &Plan,
        segment: &Arc<Segment>,
        desk: &Desk,
        buffer: &mut Vec<u8>,
    ) -> Result<(), BlockError> {
        let probes = {
            let mut work = self.work();
            work.is_planned = true;
            work.gather.probes()
        };
        let times = probes.iter().any(super::probe::Probe::needs_times);
        let need = Need { plan, range: self.range, times, epoch: self.epoch };
        let view = desk.look(segment, &need, buffer)?;
        let found = probes
            .iter()
            .map(|probe| probe.look(desk, segment, plan, &view, buffer))
            .collect::<Result<Vec<_>, _>>()?;
        self.work().gather.merge(plan, &view, found);
        Ok(())
    }

    /// Sends a part that concerns one place.
    pub(super) fn send_errand(&self, part: usize, answer: Answer) {
        self.send(part, answer, true);
        self.work().errands_active -= 1;
    }

    /// Sends rows that have become final, and from time to time what there is.
    /// `unread` is the latest time of what has no segments yet, if there is such.
    pub(super) fn report(&self, desk: &Desk, unread: Option<Millis>) {
        let (answers, open) = {
            let mut work = self.work();
            if self.asked.is_none() || work.is_sending || work.is_finished {
                return;
            }
            let answers = work.due(self.range, unread);
            if answers.is_empty() {
                return;
            }
            work.is_sending = true;
            work.sent = Some(Instant::now());
            (answers, work.open())
        };
        for (part, outcome, is_final) in answers {
            let is_provisional = |window: &Window, key: &SortKey| {
                let is_open = |segment: &Arc<Segment>| may_improve(window, Some(key), segment);
                !is_final && (may_precede(unread, window, key) || open.iter().any(is_open))
            };
            let answer = outcome.answer(&desk.decoders, &is_provisional);
            self.send(part, answer, is_final);
        }
        self.work().is_sending = false;
    }

    /// Sends what is complete and was not sent as such. Whether some part has to be gathered again:
    /// a histogram whose width was fitted to less time than there is.
    pub(super) fn finish(&self, desk: &Desk) -> bool {
        let (outcomes, refused, again) = {
            let mut work = self.work();
            let refused = work.refused.clone().filter(|_| !work.is_planned);
            let again = work.gather.take_misfits(self.asked.as_ref().map(|asked| &asked.request));
            let mut outcomes = Vec::new();
            for (part, gathered) in &work.gather.parts {
                if !matches!(gathered, Gathered::Rows { is_final: true, .. }) {
                    outcomes.push((*part, gathered.outcome(self.range)));
                }
            }
            for (part, reason) in work.gather.refused.drain(..) {
                outcomes.push((part, Outcome::Ready(Answer::Failed(reason))));
            }
            work.gather.parts = again;
            let again = !work.gather.parts.is_empty();
            (outcomes, refused, again)
        };
        for (part, outcome) in outcomes {
            let answer = match &refused {
                Some(refusal) => Answer::Refused(refusal.clone()),
                None => outcome.answer(&desk.decoders, &|_, _| false),
            };
            self.send(part, answer, true);
        }
        again
    }

    /// Gathers what is left of the parts over `segments`.
    pub(super) fn begin_again(&self, segments: Vec<Arc<Segment>>) {
        let mut work = self.work();
        work.todo = segments;
        work.is_finished = false;
    }

    /// Waits while the receiver is behind, but not for partial answers: better ones follow.
    fn send(&self, part: usize, answer: Answer, complete: bool) {
        let Some(asked) = self.asked.as_ref().filter(|asked| !asked.cancel.is_cancelled()) else {
            return;
        };
        let id = asked.request.id;
        let update = Update { id, part, answer, complete, warnings: self.warnings() };
        // A receiver that is gone has no use for answers.
        if complete {
            let _ = asked.replies.blocking_send(update);
        } else {
            let _ = asked.replies.try_send(update);
        }
    }

    fn warnings(&self) -> Vec<Warning> {
        let work = self.work();
        let refused = work.refused.as_ref().filter(|_| work.is_planned);
        refused.map(|refusal| Warning::partial(refusal.to_string())).into_iter().collect()
    }
}

impl Work {
    /// Whether nothing more has to be looked at, whatever is left.
    fn is_settled(&self) -> bool {
        !self.gather.counts_all() && self.gather.open_rows().next().is_none()
    }

    /// The segment to look at next.
    fn take_next(&mut self) -> Option<Arc<Segment>> {
        let Some((rows, by_value)) = self.gather.open_rows().next() else { return self.todo.pop() };
        if by_value {
            return self.todo.pop();
        }
        match most_urgent(rows, &self.todo) {
            Some(at) => Some(self.todo.remove(at)),
            None if self.gather.counts_all() => self.todo.pop(),
            None => None,
        }
    }

    /// Segments that were not looked at yet.
    fn open(&self) -> Vec<Arc<Segment>> {
        self.todo.iter().chain(&self.active).cloned().collect()
    }

    /// What is to be sent now: part, what there is, whether it is final.
    fn due(&mut self, range: TimeRange, unread: Option<Millis>) -> Vec<(usize, Outcome, bool)> {
        let open = self.open();
        let since = self.sent.unwrap_or(self.started).elapsed();
        let is_first = self.sent.is_none();
        let is_final = |rows: &Rows, by_value: bool| {
            let is_past = |segment: &Arc<Segment>| {
                rows.worst().is_some() && !may_improve(rows.window(), rows.worst(), segment)
            };
            let is_read = match rows.worst() {
                Some(worst) if !by_value => !may_precede(unread, rows.window(), worst),
                _ => unread.is_none(),
            };
            is_read && (open.is_empty() || !by_value && open.iter().all(is_past))
        };
        let mut due = Vec::new();
        for (part, gathered) in &mut self.gather.parts {
            let became_final = gathered.settle(&is_final);
            let is_open = match gathered {
                Gathered::Rows { is_final, rows, .. } => {
                    !*is_final && (!is_first || !rows.is_empty())
                }
                _ => true,
            };
            let has_first_rows = is_first && matches!(gathered, Gathered::Rows { .. });
            if became_final || is_open && (since >= EVERY || has_first_rows) {
                due.push((*part, gathered.outcome(range), became_final));
            }
        }
        due
    }
}

/// Whether something that was not read yet, and is not later than `unread`, may come before a row.
fn may_precede(unread: Option<Millis>, window: &Window, key: &SortKey) -> bool {
    unread.is_some_and(|latest| {
        window.is_oldest_first() || key.time.is_none_or(|time| time <= latest)
    })
}

/// The parts that concern one place.
fn errands(request: &SearchRequest) -> Vec<usize> {
    let is_errand = |part: &Part| matches!(part, Part::Document(_) | Part::Surrounding { .. });
    (0..request.parts.len()).filter(|at| is_errand(&request.parts[*at])).collect()
}
