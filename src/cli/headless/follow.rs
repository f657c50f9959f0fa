//! `peavey query -f` over files: what is there, then what comes, each record once.
//!
//! Records may be written a little out of order: after each change the last minute is asked again,
//! and what was given before is left out by its identity. A log that appears is given from its
//! beginning.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Wanted, ask};
use crate::event::DataView;
use crate::query::{Answer, Clause, Cursor, Direction, Hit, HitId, PageRequest, Part, Search};
use crate::source::Source;
use crate::source::local::LocalSource;
use crate::time::Millis;

/// How late a record may come and still be given, in milliseconds of the records' own time.
const LATE: i64 = 60_000;
/// Rows asked for at once.
const PAGE: usize = 2000;

/// Gives rows until the sink has enough; ends otherwise only with the process. Returns their number.
///
/// # Errors
/// A text for the user if the source cannot answer.
pub(super) fn follow(
    source: &LocalSource,
    search: &Search,
    wanted: &Wanted<'_>,
    sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
) -> Result<u64, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
    let mut status = source.status();
    let mut given: HashMap<HitId, Option<Millis>> = HashMap::new();
    let (mut rows, mut newest, mut generation) = (0, None, None);
    let mut clause = Meaning::default();
    let mut known_logs = source.logs();
    loop {
        let (is_read, now) = {
            let known = status.borrow_and_update();
            (known.complete, known.generation)
        };
        if is_read && generation != Some(now) {
            generation = Some(now);
            let mut again = search.clone();
            again.clause = clause.of(&source.status().borrow().view, search);
            let from = newest.map(|at: Millis| Millis(at.0 - LATE));
            // Logs that have appeared are given whole, however old their records are.
            let logs = std::mem::replace(&mut known_logs, source.logs());
            if logs == known_logs {
                again.range.from = again.range.from.max(from);
            }
            let was_given = |hit: &Hit| {
                hit.time < from && LocalSource::log_of(&hit.id).is_some_and(|log| log < logs)
            };
            let mut anchor: Option<Cursor> = None;
            loop {
                let hits = page(source, &again, anchor.take(), wanted)?;
                let is_last = hits.len() < PAGE;
                anchor = hits.last().map(|hit| hit.cursor.clone());
                for hit in hits {
                    if was_given(&hit) {
                        continue;
                    }
                    if given.insert(hit.id.clone(), hit.time).is_some() {
                        continue;
                    }
                    newest = newest.max(hit.time);
                    rows += 1;
                    let is_enough = wanted.limit.is_some_and(|limit| rows >= limit);
                    if sink(hit).is_break() || is_enough {
                        return Ok(rows);
                    }
                }
                if is_last {
                    break;
                }
            }
            let kept = newest.map(|at| Millis(at.0 - LATE));
            given.retain(|_, time| *time >= kept);
        }
        if runtime.block_on(status.changed()).is_err() {
            return Ok(rows);
        }
    }
}

/// What the question means with the fields that are known: logs that appear may have others.
#[derive(Default)]
struct Meaning {
    known: Option<(Arc<DataView>, Arc<Clause>)>,
}

impl Meaning {
    fn of(&mut self, view: &Arc<DataView>, search: &Search) -> Arc<Clause> {
        if let Some((known, clause)) = &self.known
            && Arc::ptr_eq(known, view)
        {
            return Arc::clone(clause);
        }
        let lowered = search.unlowered.as_ref().and_then(|question| question.lower(view).ok());
        let clause = lowered.map_or_else(|| Arc::clone(&search.clause), Arc::new);
        self.known = Some((Arc::clone(view), Arc::clone(&clause)));
        clause
    }
}

fn page(
    source: &dyn Source,
    search: &Search,
    anchor: Option<Cursor>,
    wanted: &Wanted<'_>,
) -> Result<Vec<Hit>, String> {
    let request = PageRequest {
        anchor,
        inclusive: false,
        direction: Direction::After,
        count: PAGE,
        fields: wanted.fields.to_vec(),
    };
    match ask(source, search.clone(), Part::Page(request)) {
        Some(Answer::Page(page)) => Ok(page.hits),
        Some(Answer::Failed(reason)) => Err(reason),
        Some(Answer::Refused(wrong)) => Err(wrong.to_string()),
        _ => Err("the source gave no answer".to_owned()),
    }
}
