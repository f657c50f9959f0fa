//! Points in time: the indices as they were when paging began, opened, renewed and closed.
//!
//! One belongs to the screen: a first page opens it anew, the pages after it are read from it. What
//! an engine loses (it keeps one for two minutes, and forgets those of a node that ends) is opened
//! again, and places in the lost one are looked up in the new one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json, json};

use super::answer::surrounding::by_id;
use super::answer::trouble;
use super::calls::Call;
use super::client::Client;
use super::cursor::Place;
use super::engine::PointInTime;
use super::error::Error;
use super::session::{LENIENT, PARTIAL, Session, read};
use super::wire::SearchAnswer;

/// How long an engine keeps a point in time that nobody reads.
const KEEP_ALIVE: &str = "2m";
/// A first page is not read from an older point in time than this.
const FRESH: Duration = Duration::from_millis(500);

/// The point in time of the screen, and how many there have been.
#[derive(Debug, Default)]
pub(super) struct PitPlace {
    open: Option<Pit>,
    last: u64,
}

/// A point in time that is open; its number is part of each place in it.
#[derive(Debug, Clone)]
pub(super) struct Pit {
    /// The engine's name for it; `None` where the engine has none.
    id: Option<String>,
    number: u64,
    opened: Instant,
    /// Shards that it was opened without.
    missing: u64,
}

impl Pit {
    fn is_old(&self) -> bool {
        self.id.is_some() && self.opened.elapsed() >= FRESH
    }
}

impl Session {
    /// Searches the screen's point in time from its beginning, where the engine has one.
    pub(super) async fn search_in_pit(
        &self,
        body: Map<String, Json>,
    ) -> Result<SearchAnswer, Error> {
        self.search_from(body, None).await
    }

    /// The same from a place on. Without a place the point in time is a new one.
    pub(super) async fn search_from(
        &self,
        mut body: Map<String, Json>,
        from: Option<&Place>,
    ) -> Result<SearchAnswer, Error> {
        for is_last_try in [false, true] {
            let pit = self.current(from.is_none() && !is_last_try).await?;
            if let Some(place) = from {
                let sort = self.place_in(&pit, place, &body).await;
                let sort = match sort {
                    Err(lost) if is_lost(&lost) && !is_last_try => {
                        self.forget(pit.number).await;
                        continue;
                    }
                    sort => sort?,
                };
                body.insert("search_after".to_owned(), Json::Array(sort));
            }
            match self.search_pit(&pit, body.clone()).await {
                Err(lost) if is_lost(&lost) && !is_last_try => self.forget(pit.number).await,
                // Some of its shards are lost, but perhaps there are other copies of them.
                Ok(answer) if misses_shards(&answer) && pit.is_old() && !is_last_try => {
                    self.forget(pit.number).await;
                }
                answered => return answered.inspect(trouble::note),
            }
        }
        Err(Error::Settings("the point in time was lost twice".to_owned()))
    }

    async fn search_pit(
        &self,
        pit: &Pit,
        mut body: Map<String, Json>,
    ) -> Result<SearchAnswer, Error> {
        let reply = match &pit.id {
            // One preference for all pages, so that the same copies of the shards answer.
            None => {
                let (body, parameters) =
                    (self.limited(body), format!("{LENIENT}&{PARTIAL}&preference=peavey"));
                self.client.call(Call::Search, &self.pattern, &parameters, Some(&body)).await?
            }
            Some(id) => {
                body.insert("pit".to_owned(), json!({"id": id, "keep_alive": KEEP_ALIVE}));
                let body = self.limited(body);
                self.client.call(Call::SearchInPit, "", PARTIAL, Some(&body)).await?
            }
        };
        let mut answer = read(&reply.body, &reply.host)?;
        // OpenSearch knows no more of them in the answers of its point in time.
        answer.shards.total += pit.missing;
        for hit in &mut answer.hits.hits {
            hit.pit = pit.number;
        }
        if let Some(new) = &answer.pit_id
            && let Some(open) = &mut self.pit.lock().await.open
            && open.number == pit.number
        {
            open.id = Some(new.clone());
        }
        Ok(answer)
    }

    /// The sort values of a place in a point in time that may not be the one it was found in.
    async fn place_in(
        &self,
        pit: &Pit,
        place: &Place,
        body: &Map<String, Json>,
    ) -> Result<Vec<Json>, Error> {
        // Other tie-breakers are the documents' own and the same in all points in time.
        if place.pit == pit.number || !self.can().shard_doc {
            return Ok(place.sort.clone());
        }
        let mut own = Map::new();
        own.insert("query".to_owned(), by_id(place));
        own.insert("size".to_owned(), json!(1));
        own.insert("track_total_hits".to_owned(), json!(false));
        own.insert("_source".to_owned(), json!(false));
        own.insert("sort".to_owned(), body.get("sort").cloned().unwrap_or_default());
        let found = self.search_pit(pit, own).await?.hits.hits.into_iter().next();
        Ok(found.map_or_else(|| before_ties(&place.sort, body), |hit| hit.sort))
    }

    /// The screen's point in time; a new one where there is none, or where it has to be fresh.
    pub(super) async fn current(&self, fresh: bool) -> Result<Pit, Error> {
        let mut place = self.pit.lock().await;
        if let Some(pit) = &place.open
            && (!fresh || !pit.is_old())
        {
            return Ok(pit.clone());
        }
        if self.can().point_in_time == PointInTime::None {
            return Ok(Pit { id: None, number: 0, opened: Instant::now(), missing: 0 });
        }
        let (id, missing) = self.open_pit(false).await?;
        place.last += 1;
        let pit = Pit { id: Some(id), number: place.last, opened: Instant::now(), missing };
        // Another page may still be reading from the old one; it is looked up in the new one then.
        if let Some(Pit { id: Some(old), .. }) = place.open.replace(pit.clone()) {
            self.close_pit_later(old);
        }
        Ok(pit)
    }

    /// Whether the screen has had one.
    pub(super) async fn has_had_pit(&self) -> bool {
        self.pit.lock().await.last > 0
    }

    async fn forget(&self, number: u64) {
        let mut place = self.pit.lock().await;
        let lost = place.open.take_if(|pit| pit.number == number);
        if let Some(Pit { id: Some(id), .. }) = lost {
            self.close_pit_later(id);
        }
    }

    /// Opens a point in time: of all shards (`whole`), or of those that there are. Tells its name and
    /// how many shards it was opened without, where the answers do not tell it themselves.
    pub(super) async fn open_pit(&self, whole: bool) -> Result<(String, u64), Error> {
        let keep = format!("keep_alive={KEEP_ALIVE}");
        let is_opensearch = self.can.point_in_time == PointInTime::SearchPointInTime;
        let opened = if is_opensearch {
            let parameters = format!("{keep}&allow_partial_pit_creation={}", !whole);
            self.client.call(Call::OpenPointInTime, &self.pattern, &parameters, None).await
        } else {
            let all = format!("{keep}&ignore_unavailable=true");
            match self.client.call(Call::OpenPit, &self.pattern, &all, None).await {
                Err(red @ Error::Refused { status: 503, .. }) if !whole => {
                    let part = format!("{all}&allow_partial_search_results=true");
                    let opened = self.client.call(Call::OpenPit, &self.pattern, &part, None).await;
                    opened.map_err(|_older_engine| red)
                }
                opened => opened,
            }
        };
        let reply = opened?;
        let answer = reply.json()?;
        let id = ["id", "pit_id"].iter().find_map(|key| answer[*key].as_str());
        let id = id.ok_or_else(|| Error::Garbled {
            host: reply.host.clone(),
            reason: "it opened no point in time".to_owned(),
        })?;
        let shards = |key: &str| answer["_shards"][key].as_u64().unwrap_or(0);
        let missing = shards("total").saturating_sub(shards("successful"));
        Ok((id.to_owned(), if is_opensearch { missing } else { 0 }))
    }

    /// Closes a point in time; nobody waits for it.
    fn close_pit_later(&self, id: String) {
        let (client, kind) = (Arc::clone(&self.client), self.can.point_in_time);
        tokio::spawn(async move { close(&client, kind, &id).await });
    }

    /// Closes a point in time.
    pub(super) async fn close_pit(&self, id: &str) {
        close(&self.client, self.can.point_in_time, id).await;
    }

    /// Closes what is open at the cluster.
    pub async fn close(&self) {
        let open = self.pit.lock().await.open.take();
        if let Some(Pit { id: Some(id), .. }) = open {
            self.close_pit(&id).await;
        }
    }
}

/// Closes a point in time.
pub(super) async fn close(client: &Client, kind: PointInTime, id: &str) {
    let (call, body) = match kind {
        PointInTime::SearchPointInTime => (Call::ClosePointInTime, json!({"pit_id": [id]})),
        _ => (Call::ClosePit, json!({"id": id})),
    };
    // It would be dropped by the engine two minutes later anyway.
    if let Err(error) = client.call(call, "", "", Some(&body)).await {
        tracing::debug!("a point in time was not closed: {error}");
    }
}

/// Whether an error says that a point in time is not there any more.
pub(super) fn is_lost(error: &Error) -> bool {
    matches!(error, Error::Refused { status: 404, .. })
}

/// Whether shards did not answer: their part of the point in time may have gone with its node.
fn misses_shards(answer: &SearchAnswer) -> bool {
    answer.shards.failed > 0 || answer.shards.total > answer.shards.successful
}

/// The sort values before all rows that share all keys but the last with these, in the order of a body.
pub(super) fn before_ties(sort: &[Json], body: &Map<String, Json>) -> Vec<Json> {
    let tie = body.get("sort").and_then(Json::as_array).and_then(|keys| keys.last());
    let is_ascending = tie.is_none_or(|tie| tie["_shard_doc"]["order"] != "desc");
    let mut sort = sort.to_vec();
    if let Some(last) = sort.last_mut() {
        *last = if is_ascending { json!(-1) } else { json!(i64::MAX) };
    }
    sort
}
