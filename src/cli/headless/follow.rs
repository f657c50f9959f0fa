//! `peavey query -f` over files: what is there, then what comes, each record once.
//!
//! Records may be written a little out of order: after each change the last minute is asked again,
//! and what was given before is left out by its identity.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::{Wanted, ask};
use crate::query::{Answer, Cursor, Direction, Hit, HitId, PageRequest, Part, Search};
use crate::source::Source;
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
    source: &dyn Source,
    search: &Search,
    wanted: &Wanted<'_>,
    sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
) -> Result<u64, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
    let mut status = source.status();
    let mut given: HashMap<HitId, Option<Millis>> = HashMap::new();
    let (mut rows, mut newest, mut generation) = (0, None, None);
    loop {
        let (is_read, now) = {
            let known = status.borrow_and_update();
            (known.complete, known.generation)
        };
        if is_read && generation != Some(now) {
            generation = Some(now);
            let mut again = search.clone();
            let from = newest.map(|at: Millis| Millis(at.0 - LATE));
            again.range.from = again.range.from.max(from);
            let mut anchor: Option<Cursor> = None;
            loop {
                let hits = page(source, &again, anchor.take(), wanted)?;
                let is_last = hits.len() < PAGE;
                anchor = hits.last().map(|hit| hit.cursor.clone());
                for hit in hits {
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
