//! Rows: `search_after` in a point in time, in both directions.

use serde_json::json;

use super::super::cursor::Place;
use super::super::error::Error;
use super::super::fields::usable;
use super::super::session::Session;
use super::hit;
pub(in super::super) use super::order::sort;
use super::trouble;
pub(in super::super) use super::wanted::wanted;
use crate::query::{Direction, Page, PageRequest, Search, Warning};

/// Answers a page.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn page(
    session: &Session,
    search: &Search,
    request: &PageRequest,
) -> Result<(Page, Vec<Warning>), Error> {
    usable::check_sortable(&session.view, &search.sort.field)?;
    let reversed = request.direction == Direction::Before;
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(request.count));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert("sort".to_owned(), sort(session, search, reversed));
    wanted(session, &request.fields, &mut body);
    let anchor = request.anchor.as_ref().and_then(Place::of);
    let answer = session.search_from(body, anchor.as_ref()).await?;
    let mut warnings = trouble::warnings(&answer);
    warnings.extend(usable::unsearchable(&session.view, &search.clause));
    warnings.extend(session.shifts());
    let full = answer.hits.hits.len() == request.count;
    let mut hits: Vec<_> =
        answer.hits.hits.into_iter().map(|wire| hit::row(wire, session.time_field())).collect();
    if let (true, Some(place)) = (request.inclusive, &anchor)
        && let Some(own) = session.document(place).await?
    {
        hits.insert(0, own);
    }
    if reversed {
        hits.reverse();
    }
    let (at_start, at_end) = match request.direction {
        Direction::After => (anchor.is_none(), !full),
        Direction::Before => (!full, anchor.is_none()),
    };
    Ok((Page { hits, before: None, at_start, at_end }, warnings))
}
