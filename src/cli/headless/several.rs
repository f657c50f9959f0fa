//! The question asked to several sources as one: rows page by page, the next on its way while one
//! is written.

use std::ops::ControlFlow;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Headless, Wanted};
use crate::query::{
    Answer, Direction, Hit, PageRequest, Part, RequestId, Search, SearchRequest, Update, Warning,
};
use crate::source::Source;

/// Rows of a page.
const PAGE: usize = 2_000;

impl Headless {
    /// Gives each hit to `sink` in the search's order, until it breaks off or enough are given.
    ///
    /// # Errors
    /// A text for the user if no source can answer.
    pub(super) fn rows_of_several(
        &self,
        source: &dyn Source,
        search: &Search,
        wanted: &Wanted<'_>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<(u64, Vec<Warning>), String> {
        let stop = CancellationToken::new();
        let _stopped_at_the_end = stop.clone().drop_guard();
        let fields = self.fields_of_rows(wanted);
        let ask = |anchor, left: u64| {
            let (replies, updates) = mpsc::channel(8);
            let count = usize::try_from(left).unwrap_or(PAGE).min(PAGE);
            let page = PageRequest {
                anchor,
                inclusive: false,
                direction: Direction::After,
                count,
                fields: fields.clone(),
            };
            let parts = vec![Part::Page(page)];
            let request = SearchRequest { id: RequestId(1), search: search.clone(), parts };
            source.ask(request, replies, stop.clone());
            updates
        };
        let mut left = wanted.limit.unwrap_or(u64::MAX);
        let (mut rows, mut warnings) = (0, Vec::new());
        if left == 0 {
            return Ok((rows, warnings));
        }
        let mut updates = ask(None, left);
        loop {
            let Some(Update { answer, warnings: said, .. }) = last(&mut updates) else {
                return Err("the sources gave no answer".to_owned());
            };
            for warning in said {
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
            let page = match answer {
                Answer::Page(page) => page,
                Answer::Failed(reason) if rows == 0 => return Err(reason),
                Answer::Failed(reason) => {
                    return Err(format!("{reason}\n{rows} rows were written before"));
                }
                Answer::Refused(wrong) => return Err(self.explain(&wrong)),
                _ => return Err("the sources gave no rows".to_owned()),
            };
            left = left.saturating_sub(page.hits.len() as u64);
            let edge = page.hits.last().map(|hit| hit.cursor.clone());
            let next = edge.filter(|_| !page.at_end && left > 0).map(|edge| ask(Some(edge), left));
            for hit in page.hits {
                rows += 1;
                if sink(hit).is_break() {
                    return Ok((rows, warnings));
                }
            }
            let Some(next) = next else { return Ok((rows, warnings)) };
            updates = next;
        }
    }
}

/// The final update of one part.
fn last(updates: &mut mpsc::Receiver<Update>) -> Option<Update> {
    loop {
        let update = updates.blocking_recv()?;
        if update.complete {
            return Some(update);
        }
    }
}
