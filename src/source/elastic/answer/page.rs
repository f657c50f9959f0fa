//! Rows: `search_after` in a point in time, in both directions.

use serde_json::{Map, Value as Json, json};

use super::super::cursor::Place;
use super::super::error::Error;
use super::super::session::Session;
use super::hit;
use super::trouble;
use crate::query::aggregate::LEVEL_FIELDS;
use crate::query::{Direction, Page, PageRequest, Search, SortOrder, Warning};

/// The `sort` of a search: its field, then a tie-breaker. `reversed` asks for the rows before.
pub(in super::super) fn sort(session: &Session, search: &Search, reversed: bool) -> Json {
    let ascending = (search.sort.order == SortOrder::Ascending) != reversed;
    let order = if ascending { "asc" } else { "desc" };
    let is_time = session.time_field() == Some(search.sort.field.as_str());
    // Documents without the field are last either way; read backwards they come first.
    let missing = if reversed { "_first" } else { "_last" };
    let mut by_field = json!({"order": order, "missing": missing});
    if is_time {
        by_field["unmapped_type"] = json!("date");
    } else {
        by_field["unmapped_type"] = json!("keyword");
    }
    if is_time && session.can.sort_format {
        by_field["format"] = json!("strict_date_optional_time_nanos");
    }
    let field = session.countable(&search.sort.field);
    let mut keys = vec![json!({field: by_field})];
    if !is_time && let Some(time) = session.time_field() {
        let mut by_time = json!({"order": order, "missing": missing, "unmapped_type": "date"});
        if session.can.sort_format {
            by_time["format"] = json!("strict_date_optional_time_nanos");
        }
        keys.push(json!({time: by_time}));
    }
    let tie_breaker = if session.can.shard_doc { "_shard_doc" } else { Session::tie_breaker() };
    keys.push(json!({tie_breaker: {"order": order}}));
    Json::Array(keys)
}

/// What of each document is asked for.
pub(in super::super) fn wanted(session: &Session, fields: &[String], body: &mut Map<String, Json>) {
    let mut asked: Vec<Json> = Vec::new();
    if let Some(time) = session.time_field() {
        asked.push(json!({"field": time, "format": "epoch_millis"}));
    }
    if fields.is_empty() {
        body.insert("_source".to_owned(), json!(true));
    } else {
        body.insert("_source".to_owned(), json!(false));
        let others = fields.iter().filter(|field| session.time_field() != Some(field.as_str()));
        asked.extend(others.map(|field| json!(field)));
        let known = LEVEL_FIELDS.iter().find(|level| session.view.field(level).is_some());
        asked.extend(known.map(|level| json!(level)));
    }
    body.insert("fields".to_owned(), Json::Array(asked));
}

/// Answers a page.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn page(
    session: &Session,
    search: &Search,
    request: &PageRequest,
) -> Result<(Page, Vec<Warning>), Error> {
    let reversed = request.direction == Direction::Before;
    let mut body = session.body(search);
    body.insert("size".to_owned(), json!(request.count));
    body.insert("track_total_hits".to_owned(), json!(false));
    body.insert("sort".to_owned(), sort(session, search, reversed));
    wanted(session, &request.fields, &mut body);
    let anchor = request.anchor.as_ref().and_then(Place::of);
    if let Some(place) = &anchor {
        body.insert("search_after".to_owned(), Json::Array(place.sort.clone()));
    }
    let answer = session.search_in_pit(search, body).await?;
    let warnings = trouble::warnings(&answer);
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
