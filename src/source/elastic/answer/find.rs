//! Find: walks the hits from a place and looks for a regular expression in their text.

use regex::Regex;

use super::super::error::Error;
use super::super::session::Session;
use super::page;
use crate::query::{Cursor, Direction, Hit, PageRequest, Search};

/// Hits of one page.
const PAGE: usize = 500;
/// Pages that are looked through at most.
const PAGES: usize = 200;

/// Answers the nearest hit whose document's text matches. The flag says that the limit was met.
///
/// # Errors
/// If the engine does not answer, or refuses.
pub(in super::super) async fn find(
    session: &Session,
    search: &Search,
    pattern: &str,
    from: Option<&Cursor>,
    direction: Direction,
) -> Result<(Option<Hit>, bool), Error> {
    let pattern = Regex::new(pattern).map_err(|error| Error::Settings(format!("find: {error}")))?;
    let mut anchor = from.cloned();
    for _ in 0..PAGES {
        let request =
            PageRequest { anchor, inclusive: false, direction, count: PAGE, fields: Vec::new() };
        let (found, _) = page::page(session, search, &request).await?;
        let matches = |hit: &&Hit| {
            hit.raw.as_deref().is_some_and(|raw| pattern.is_match(&String::from_utf8_lossy(raw)))
        };
        let hit = match direction {
            Direction::After => found.hits.iter().find(matches),
            Direction::Before => found.hits.iter().rev().find(matches),
        };
        if let Some(hit) = hit {
            return Ok((Some(hit.clone()), false));
        }
        let (edge, is_done) = match direction {
            Direction::After => (found.hits.last(), found.at_end),
            Direction::Before => (found.hits.first(), found.at_start),
        };
        match edge {
            Some(edge) if !is_done => anchor = Some(edge.cursor.clone()),
            _ => return Ok((None, false)),
        }
    }
    Ok((None, true))
}
