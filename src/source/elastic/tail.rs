//! What is new in a data view, again and again: each record once, late ones too.
//!
//! Records come out of order: writers are late, indices are refreshed at different times. So each
//! look at the cluster reaches back for some time before the newest record, and what was given is
//! known by its identity. The overlap is read only when the number of its records says that some
//! have come, and now and then to be sure.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::error::Error;
use super::export::Export;
use super::session::Session;
use crate::query::{Hit, HitId, Search};
use crate::time::Millis;

/// How late a record may come and still be given, in milliseconds by its own time.
const LATE: i64 = 60_000;
/// The overlap is read at least each so many looks.
const SURE: u32 = 15;
/// How long a look tries to go on while the cluster does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// See the module.
#[derive(Debug)]
pub struct Tail {
    session: Arc<Session>,
    search: Search,
    fields: Vec<String>,
    known: HashMap<HitId, Option<Millis>>,
    newest: Option<Millis>,
    look: Option<Export>,
    looks: u32,
}

impl Tail {
    /// Begins with what is there. `search` is in time order, oldest first.
    #[must_use]
    pub fn new(session: &Arc<Session>, search: &Search, fields: &[String]) -> Self {
        Self {
            session: Arc::clone(session),
            search: search.clone(),
            fields: fields.to_vec(),
            known: HashMap::new(),
            newest: None,
            look: None,
            looks: 0,
        }
    }

    /// The next new records, oldest first; none when there are no more for now. After an error it can
    /// be asked again, and goes on where it was.
    ///
    /// # Errors
    /// If the cluster does not answer, or refuses.
    pub async fn page(&mut self) -> Result<Vec<Hit>, Error> {
        loop {
            let mut look = match self.look.take() {
                Some(look) => look,
                None => self.begin().await?,
            };
            let page = look.page().await;
            // Kept before anything can fail: what has been read is not read again.
            let look = self.look.insert(look);
            let rows = page?;
            if rows.is_empty() {
                look.close().await;
                self.look = None;
                self.forget();
                return Ok(Vec::new());
            }
            let mut new = Vec::new();
            for row in rows {
                let hit = row.hit(&self.session)?;
                if self.known.insert(hit.id.clone(), hit.time).is_none() {
                    self.newest = self.newest.max(hit.time.map(|at| at.min(now())));
                    new.push(hit);
                }
            }
            self.forget();
            if !new.is_empty() {
                return Ok(new);
            }
        }
    }

    /// Closes what is open at the cluster.
    pub async fn close(&mut self) {
        if let Some(mut look) = self.look.take() {
            look.close().await;
        }
    }

    /// A look from where something may be new.
    async fn begin(&mut self) -> Result<Export, Error> {
        let mut search = self.search.clone();
        if let Some(newest) = self.newest {
            let from = Millis(newest.0 - LATE);
            let is_sure = self.looks % SURE != SURE - 1 && !self.has_late(from, newest).await?;
            // The end of the newest millisecond: an index may keep nanoseconds.
            let from = if is_sure { Millis(newest.0 + 1) } else { from };
            search.range.from = search.range.from.max(Some(from));
        }
        self.looks = self.looks.wrapping_add(1);
        Ok(Export::new(&self.session, &search, &self.fields, None).patience(PATIENCE))
    }

    /// Whether the overlap holds another number of records than are known of it.
    async fn has_late(&self, from: Millis, newest: Millis) -> Result<bool, Error> {
        let mut search = self.search.clone();
        search.range.from = search.range.from.max(Some(from));
        let mut body = self.session.body(&search);
        if let Some(time) = self.session.time_field() {
            let end = json!({"range": {time: {"lt": newest.0 + 1, "format": "epoch_millis"}}});
            let query = body.remove("query").unwrap_or_default();
            body.insert("query".to_owned(), json!({"bool": {"filter": [query, end]}}));
        }
        body.insert("size".to_owned(), json!(0));
        body.insert("track_total_hits".to_owned(), json!(true));
        let answer = self.session.search(body).await?;
        let there = answer.hits.total.map_or(0, |total| total.value);
        let from = search.range.from;
        let is_in = |time: &&Option<Millis>| **time >= from && **time <= Some(newest);
        Ok(there != self.known.values().filter(is_in).count() as u64)
    }

    /// Forgets records that are too old to come again.
    fn forget(&mut self) {
        let Some(newest) = self.newest else { return };
        let from = Some(Millis(newest.0 - LATE));
        self.known.retain(|_, time| *time >= from);
    }
}

/// A record from the future must not hide those that come meanwhile.
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
