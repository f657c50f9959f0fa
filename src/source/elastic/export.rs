//! All rows of a search in its order, page by page, each exactly once.
//!
//! Has a point in time of its own. Pages adapt to a size in bytes and are cut into rows while they
//! come. When the point in time is lost, or the node that answers, it begins again at the keys of the
//! last row that it gave and drops those rows that it gave for these keys. A page that misses shards
//! is no page: it is asked for again until all are there, or patience ends.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::answer::{hit, page, trouble};
use super::calls::Call;
use super::engine::PointInTime;
use super::error::Error;
use super::pit::{before_ties, is_lost};
use super::session::{LENIENT, Session, read};
use super::splitter::HitSplitter;
use super::wire::WireHit;
use crate::query::{Hit, Search, Warning};

/// Rows of the first page: nothing is known of their size.
const FIRST: usize = 100;
/// Rows of a page at most (engines refuse more than 10,000).
const MOST: usize = 5000;
/// Bytes that a page should hold.
const WANTED: usize = 6 << 20;
/// Bytes after which no more of a page is read.
const LARGEST: usize = 10 << 20;
/// Waits between tries, in milliseconds; the last one is repeated.
const WAITS: [u64; 6] = [100, 250, 500, 1000, 2000, 4000];

/// Tries after an answer that cannot be read.
const ODD: usize = 4;

/// A row as it came, to be read when it is needed.
#[derive(Debug)]
pub struct Row {
    text: Vec<u8>,
    host: Arc<str>,
}

/// What of a row says which one it is.
#[derive(Debug, Deserialize)]
struct Key {
    #[serde(default)]
    #[serde(rename = "_index")]
    index: String,
    #[serde(default)]
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    sort: Vec<Json>,
}

impl Row {
    /// The row as others know it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn hit(&self, session: &Session) -> Result<Hit, Error> {
        let wire: WireHit = self.read()?;
        Ok(hit::row(wire, session.time_field()))
    }

    fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        serde_json::from_slice(&self.text).map_err(|error| Error::Garbled {
            host: self.host.to_string(),
            reason: error.to_string(),
        })
    }
}

/// See the module.
#[derive(Debug)]
pub struct Export {
    session: Arc<Session>,
    search: Search,
    fields: Vec<String>,
    patience: Duration,
    left: u64,
    size: usize,
    pit: Option<String>,
    /// Sort values of the last row given.
    place: Option<Vec<Json>>,
    /// Rows given whose keys are those of the last one, by index and `_id`.
    tied: HashSet<(String, String)>,
    /// Whether the next page begins at the keys of the last row rather than after it.
    again: bool,
    /// Keys of rows that may come a second time.
    dropping: Option<Vec<Json>>,
    is_done: bool,
    warnings: Vec<Warning>,
}

impl Export {
    /// From the first row, `limit` rows at most. `fields` empty gives whole documents. `patience` is
    /// how long it tries to go on while the cluster does not answer.
    #[must_use]
    pub fn new(
        session: &Arc<Session>,
        search: &Search,
        fields: &[String],
        limit: Option<u64>,
    ) -> Self {
        Self {
            session: Arc::clone(session),
            search: search.clone(),
            fields: fields.to_vec(),
            patience: Duration::from_secs(120),
            left: limit.unwrap_or(u64::MAX),
            size: FIRST,
            pit: None,
            place: None,
            tied: HashSet::new(),
            again: false,
            dropping: None,
            is_done: false,
            warnings: Vec::new(),
        }
    }

    /// How long it tries to go on while the cluster does not answer; two minutes by default.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// What should be known about the rows given.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The next rows; none at the end. After an error it can be asked again, and goes on.
    ///
    /// # Errors
    /// If the cluster does not answer for as long as patience lasts, or refuses.
    pub async fn page(&mut self) -> Result<Vec<Row>, Error> {
        let begun = Instant::now();
        let mut tries = 0;
        while !self.is_done && self.left > 0 {
            let error = match self.attempt().await {
                // Rows that were given before were all that there was: the next ones are asked for.
                Ok(rows) if rows.is_empty() => continue,
                Ok(rows) => return Ok(rows),
                Err(error) => error,
            };
            let is_pit_lost = is_lost(&error) && self.pit.is_some();
            let is_red = matches!(error, Error::Refused { status: 500 | 503 | 504, .. });
            if is_pit_lost || is_red || matches!(error, Error::TimedOut { .. }) {
                self.begin_again().await;
            }
            let is_odd = matches!(error, Error::Garbled { .. } | Error::NotAnEngine { .. });
            let is_passing = is_pit_lost || error.is_passing() || is_odd && tries < ODD;
            if !is_passing || begun.elapsed() > self.patience {
                return Err(error);
            }
            let wait = WAITS.get(tries).or(WAITS.last()).copied().unwrap_or_default();
            tries += 1;
            tracing::debug!("an export waits {wait} ms: {error}");
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        self.close().await;
        Ok(Vec::new())
    }

    /// Closes what is open at the cluster.
    pub async fn close(&mut self) {
        if let Some(id) = self.pit.take() {
            self.session.close_pit(&id).await;
        }
    }

    /// The point in time is given up. Places in another one are not the same.
    async fn begin_again(&mut self) {
        self.close().await;
        if self.session.can().shard_doc {
            self.dropping = self.place.as_deref().and_then(keys);
            self.again = self.dropping.is_some();
        }
    }

    async fn attempt(&mut self) -> Result<Vec<Row>, Error> {
        let asked = self.size.min(usize::try_from(self.left).unwrap_or(usize::MAX));
        // Rows that are given already may come again.
        let asked = if self.again { asked + self.tied.len() } else { asked };
        let (rows, is_last) = self.read_page(asked.min(MOST * 2)).await?;
        let bytes: usize = rows.iter().map(|row| row.text.len()).sum();
        let each = (bytes / rows.len().max(1)).max(1);
        self.size = (self.size * 4).min(WANTED / each).clamp(1, MOST);
        self.is_done = is_last;
        self.given(rows)
    }

    /// Notes which rows are given; those that were before are dropped.
    fn given(&mut self, rows: Vec<Row>) -> Result<Vec<Row>, Error> {
        let Some(last) = rows.last() else { return Ok(rows) };
        let last: Key = last.read()?;
        let own = keys(&last.sort);
        self.again = false;
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            if self.dropping.is_some() {
                let key: Key = row.read()?;
                if self.tied.contains(&(key.index, key.id)) {
                    continue;
                }
            }
            fresh.push(row);
        }
        self.dropping.take_if(|keys| Some(&*keys) != own.as_ref());
        fresh.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
        if self.place.as_deref().and_then(keys) != own {
            self.tied.clear();
        }
        if self.session.can().shard_doc {
            for row in fresh.iter().rev() {
                let key: Key = row.read()?;
                if keys(&key.sort) != own {
                    break;
                }
                self.tied.insert((key.index, key.id));
            }
        }
        self.place = Some(last.sort);
        self.left = self.left.saturating_sub(fresh.len() as u64);
        Ok(fresh)
    }

    /// Reads a page, and whether it is the last.
    async fn read_page(&mut self, asked: usize) -> Result<(Vec<Row>, bool), Error> {
        let session = Arc::clone(&self.session);
        if self.pit.is_none() && session.can().point_in_time != PointInTime::None {
            match session.open_pit(true).await {
                Ok((id, _missing)) => self.pit = Some(id),
                // Places with another tie-breaker are of no use.
                Err(error) if self.place.is_none() && session.goes_without(&error).await => {}
                Err(error) => return Err(error),
            }
        }
        let mut body = session.body(&self.search);
        body.insert("size".to_owned(), json!(asked));
        body.insert("track_total_hits".to_owned(), json!(false));
        body.insert("sort".to_owned(), page::sort(&session, &self.search, false));
        page::wanted(&session, &self.fields, &mut body);
        if let Some(place) = &self.place {
            let from = if self.again { before_ties(place, &body) } else { place.clone() };
            body.insert("search_after".to_owned(), Json::Array(from));
        }
        let whole = "allow_partial_search_results=false";
        let (call, pattern, parameters) = match &self.pit {
            Some(id) => {
                body.insert("pit".to_owned(), json!({"id": id, "keep_alive": "2m"}));
                (Call::SearchInPit, "", whole.to_owned())
            }
            None => {
                let parameters = format!("{LENIENT}&preference=peavey&{whole}");
                (Call::Search, session.pattern.as_str(), parameters)
            }
        };
        let body = Json::Object(body);
        let mut answering = session.client.stream(call, pattern, &parameters, &body).await?;
        let host: Arc<str> = answering.host().into();
        let (mut splitter, mut rows, mut bytes) = (HitSplitter::new(), Vec::new(), 0);
        while let Some(chunk) = answering.chunk().await? {
            splitter.push(chunk.as_ref(), &mut |text| {
                bytes += text.len();
                rows.push(Row { text, host: Arc::clone(&host) });
            });
            if bytes > LARGEST {
                // Larger than expected: what has come is a page, and the next one will be smaller.
                return Ok((rows, false));
            }
        }
        let answer = read(&splitter.envelope(), &host)?;
        if let (Some(new), Some(pit)) = (&answer.pit_id, &mut self.pit) {
            pit.clone_from(new);
        }
        for warning in trouble::warnings(&answer) {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        let is_last = rows.len() < asked;
        Ok((rows, is_last))
    }
}

/// Sort values without the tie-breaker.
fn keys(sort: &[Json]) -> Option<Vec<Json>> {
    sort.split_last().map(|(_tie, keys)| keys.to_vec())
}
