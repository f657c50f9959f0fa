//! All rows of a search, page by page: the next page is on its way while one is written.

use std::ops::ControlFlow;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::ClusterSource;
use crate::query::{
    Answer, Direction, Hit, Page, PageRequest, Part, RequestId, Search, SearchRequest, Update,
    Warning,
};
use crate::source::Source;

/// Rows of the first page.
const FIRST: usize = 500;
/// Rows of a page at most (engines refuse more than 10,000).
const MOST: usize = 5000;
/// Bytes of documents that a page should hold at most.
const BYTES: usize = 8 << 20;

/// What came of it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Given {
    /// Rows given.
    pub(in crate::cli) rows: u64,
    /// Failed shards and the like, each once.
    pub(in crate::cli) warnings: Vec<Warning>,
}

impl ClusterSource {
    /// Gives each hit to `sink` in the search's order, until it breaks off or `limit` are given.
    /// `fields` empty gives whole documents.
    ///
    /// # Errors
    /// A text for the user if the cluster cannot answer, with the number of rows given so far.
    pub(in crate::cli) fn rows(
        &self,
        search: &Search,
        fields: &[String],
        limit: Option<u64>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<Given, String> {
        let mut given = Given::default();
        let mut left = limit.unwrap_or(u64::MAX);
        let mut size = FIRST;
        let count = wanted(size, left);
        if count == 0 {
            return Ok(given);
        }
        let stop = CancellationToken::new();
        let _stopped_at_the_end = stop.clone().drop_guard();
        let send = |anchor, count| {
            let (replies, answers) = mpsc::channel(1);
            let part = Part::Page(PageRequest {
                anchor,
                inclusive: false,
                direction: Direction::After,
                count,
                fields: fields.to_vec(),
            });
            let request =
                SearchRequest { id: RequestId(1), search: search.clone(), parts: vec![part] };
            self.ask(request, replies, stop.clone());
            answers
        };
        let mut answers = send(None, count);
        loop {
            let page = page_of(answers.blocking_recv(), &mut given)?;
            left = left.saturating_sub(page.hits.len() as u64);
            size = next_size(size, &page);
            let asked = wanted(size, left);
            let last = page.hits.last().map(|hit| hit.cursor.clone());
            let next = match last {
                Some(last) if !page.at_end && asked > 0 => Some(send(Some(last), asked)),
                _ => None,
            };
            for hit in page.hits {
                given.rows += 1;
                if sink(hit).is_break() {
                    return Ok(given);
                }
            }
            let Some(next) = next else { return Ok(given) };
            answers = next;
        }
    }
}

fn wanted(size: usize, left: u64) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(size)
}

/// Larger pages for small documents, smaller ones for large.
fn next_size(size: usize, page: &Page) -> usize {
    let bytes: usize =
        page.hits.iter().filter_map(|hit| hit.raw.as_ref()).map(|raw| raw.len()).sum();
    let each = (bytes / page.hits.len().max(1)).max(1);
    (size * 2).min(MOST).min(BYTES / each).max(1)
}

fn page_of(update: Option<Update>, given: &mut Given) -> Result<Page, String> {
    let reason = match update {
        Some(Update { answer: Answer::Page(page), warnings, .. }) => {
            for warning in warnings {
                if !given.warnings.contains(&warning) {
                    given.warnings.push(warning);
                }
            }
            return Ok(page);
        }
        Some(Update { answer: Answer::Failed(reason), .. }) => reason,
        Some(Update { answer: Answer::Refused(wrong), .. }) => wrong.message,
        _ => "the cluster gave no answer".to_owned(),
    };
    Err(match given.rows {
        0 => reason,
        rows => format!("{reason}\n{rows} rows were written before"),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{MOST, next_size};
    use crate::event::Document;
    use crate::query::{Cursor, Hit, HitId, Page};

    fn page(count: usize, bytes: usize) -> Page {
        let hit = Hit {
            id: HitId("x".into()),
            cursor: Cursor(Arc::from([])),
            time: None,
            level: None,
            document: Arc::new(Document { source: serde_json::Map::new() }),
            raw: Some(vec![b'x'; bytes].into()),
            more_lines: 0,
            provisional: false,
        };
        Page { hits: vec![hit; count], ..Page::default() }
    }

    #[test]
    fn pages_grow_until_they_hold_enough() {
        assert_eq!(next_size(500, &page(500, 300)), 1000);
        assert_eq!(next_size(4000, &page(10, 300)), MOST);
        assert_eq!(next_size(500, &page(8, 1 << 20)), 8);
        assert_eq!(next_size(500, &page(1, 20 << 20)), 1);
        assert_eq!(next_size(500, &page(0, 0)), 1000);
    }
}
