//! Records around one: the same file, host or container, query and pills lifted.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::super::cursor::Place;
use super::super::error::Error;
use super::super::session::Session;
use super::page;
use crate::query::{
    Answer, Clause, Cursor, Direction, Page, PageRequest, Search, Sort, SortOrder, Warning,
};
use crate::time::TimeRange;

/// Fields that say where a record is from, all of one row scoping the neighbours.
const SCOPES: [&[&str]; 4] =
    [&["log.file.path", "host.name"], &["container.id"], &["log.file.path"], &["host.name"]];

/// Answers the records around one.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn surrounding(
    session: &Session,
    search: &Search,
    of: &Cursor,
    before: usize,
    after: usize,
) -> Result<(Answer, Vec<Warning>), Error> {
    let lost = || (Answer::Surrounding { page: Page::default(), at: 0 }, Vec::new());
    let Some(place) = Place::of(of) else { return Ok(lost()) };
    let Some(own) = session.document(&place).await? else { return Ok(lost()) };
    let scope = SCOPES.iter().find_map(|fields| {
        let values: Option<Vec<(&str, Json)>> =
            fields.iter().map(|field| Some((*field, own.document.first(field)?))).collect();
        values
    });
    let terms = scope.unwrap_or_default().into_iter().map(|(field, value)| Clause::Term {
        field: session.countable(field),
        value,
        case_insensitive: None,
    });
    let time = session.time_field().unwrap_or("_doc").to_owned();
    let around = Search {
        clause: Arc::new(Clause::all(terms.collect())),
        unlowered: None,
        range: TimeRange::ALL,
        sort: Sort { field: time, order: SortOrder::Ascending },
        zone: search.zone,
    };
    // The place of the document in time order: its sort values under the order used here.
    let anchor = session.place_in_time(&around, &place).await?;
    let request = |direction, count| PageRequest {
        anchor: anchor.clone(),
        inclusive: false,
        direction,
        count,
        fields: Vec::new(),
    };
    let (earlier, mut warnings) =
        page::page(session, &around, &request(Direction::Before, before)).await?;
    let (later, more) = page::page(session, &around, &request(Direction::After, after)).await?;
    warnings.extend(more);
    let at = earlier.hits.len();
    let mut hits = earlier.hits;
    hits.push(own);
    hits.extend(later.hits);
    let page = Page { hits, before: None, at_start: earlier.at_start, at_end: later.at_end };
    Ok((Answer::Surrounding { page, at }, warnings))
}

/// The query for one document.
pub(in super::super) fn by_id(place: &Place) -> Json {
    json!({"bool": {"filter": [{"ids": {"values": [place.id]}}, {"term": {"_index": place.index}}]}})
}
