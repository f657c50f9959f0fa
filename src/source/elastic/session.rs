//! One data view of one cluster: its fields, what its engine can do, and the point in time that
//! pages are read from.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Map, Value as Json, json};
use tokio::sync::Mutex;

use super::answer::{hit, page, surrounding, trouble};
use super::calls::Call;
use super::catalog;
use super::client::Client;
use super::cursor::Place;
use super::engine::{Capabilities, Engine};
use super::error::{Error, garbled};
use super::fields;
use super::pit::PitPlace;
use super::trial;
use super::wire::SearchAnswer;
use crate::event::DataView;
use crate::query::{Cursor, Exchange, Hit, Notice, Search, dsl};
use crate::time::{Millis, Zone};

/// Indices that are gone or closed are left out rather than refused.
pub(super) const LENIENT: &str = "ignore_unavailable=true&allow_no_indices=true";

/// A data view that can be asked.
#[derive(Debug)]
pub struct Session {
    pub(super) client: Arc<Client>,
    pub(super) pattern: String,
    /// The fields.
    pub view: Arc<DataView>,
    /// Dates that the time field has to be chosen from.
    pub(super) time_candidates: Vec<String>,
    /// Indices that did not say their fields.
    unasked: Vec<Notice>,
    /// Indices that keep no documents (`_source` is switched off).
    pub(super) without_source: Vec<String>,
    /// Indices that are closed or frozen: a sentence, and their names.
    pub(super) left_out: Vec<(String, Vec<String>)>,
    /// The engine.
    pub engine: Engine,
    /// What it can do; see [`Session::can`] for what this user may.
    pub(super) can: Capabilities,
    /// Whether this user may open no point in time.
    pub(super) is_barred: AtomicBool,
    pub(super) pit: Mutex<PitPlace>,
    records: AtomicU64,
}

/// What exists: number of documents, first and last instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Documents.
    pub records: u64,
    /// First instant.
    pub first: Option<Millis>,
    /// Last instant.
    pub last: Option<Millis>,
}

impl Session {
    /// Recognises the engine and reads the fields of a pattern.
    ///
    /// # Errors
    /// If the cluster does not answer, refuses, or the pattern matches nothing.
    pub async fn open(
        client: Arc<Client>,
        pattern: &str,
        time_field: Option<&str>,
    ) -> Result<Self, Error> {
        let engine = Engine::recognise(&client).await?;
        let parameters = format!("fields=*&{LENIENT}");
        let caps = client.call(Call::FieldCaps, pattern, &parameters, None);
        let (caps, matched, without_source) = tokio::join!(
            caps,
            catalog::matched(&client, pattern),
            catalog::without_source(&client, pattern)
        );
        let reply = match caps {
            // Version 7 refuses a closed index that is named; the others find no fields in it.
            Err(error) if is_closed(&error) => {
                return Err(catalog::nothing_matches(&client, pattern).await);
            }
            caps => caps?,
        };
        let (mut view, unasked) = fields::data_view(pattern, &reply.body).map_err(|error| {
            Error::Garbled { host: reply.host.clone(), reason: error.to_string() }
        })?;
        if view.fields.iter().all(|field| field.name.starts_with('_')) {
            return Err(catalog::nothing_matches(&client, pattern).await);
        }
        let time = fields::time::choose(&view, time_field)?;
        view.time_field_name = time.field;
        let (engine, can) = trial::told(&client, pattern, reply.is_elasticsearch, engine).await?;
        Ok(Self {
            can,
            is_barred: AtomicBool::new(false),
            client,
            pattern: pattern.to_owned(),
            view: Arc::new(view),
            time_candidates: time.candidates,
            without_source,
            unasked,
            // A user who may not ask what there is is not told what is left out.
            left_out: matched.map(|matched| matched.notices(pattern)).unwrap_or_default(),
            engine,
            pit: Mutex::default(),
            records: AtomicU64::new(0),
        })
    }

    /// What is left out of the data view, and what cannot be shown of it.
    pub(super) fn notices(&self) -> Vec<Notice> {
        let left_out = self.left_out.iter().cloned();
        let mut notices: Vec<Notice> =
            left_out.map(|(message, details)| Notice { message, details }).collect();
        notices.extend(self.unasked.iter().cloned());
        if let Some(first) = self.without_source.first() {
            let more = self.without_source.len() - 1;
            let and = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            notices.push(Notice {
                message: format!(
                    "{first}{and} keeps no documents, as its _source is switched off; only fields \
                     that can be counted are shown"
                ),
                details: self.without_source.clone(),
            });
        }
        notices
    }

    /// The last calls and their answers.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.client.exchanges()
    }

    /// The data view's time field.
    pub(super) fn time_field(&self) -> Option<&str> {
        self.view.time_field_name.as_deref()
    }

    /// Documents that exist, as last counted.
    pub(super) fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// The field to count and sort by: itself, or the keyword sub-field of a text.
    pub(super) fn countable(&self, field: &str) -> String {
        fields::usable::countable(&self.view, field).to_owned()
    }

    /// The zone of a search, as the engines take it.
    pub(super) fn zone(search: &Search) -> String {
        match search.zone {
            Zone::Named(zone) => zone.name().to_owned(),
            Zone::Fixed(seconds) => {
                let sign = if seconds < 0 { '-' } else { '+' };
                format!("{sign}{:02}:{:02}", seconds.abs() / 3600, seconds.abs() / 60 % 60)
            }
        }
    }

    /// The body of a search: its query, time range included.
    pub(super) fn body(&self, search: &Search) -> Map<String, Json> {
        let mut body = Map::new();
        let clause = search.clause_in_range(self.time_field());
        body.insert("query".to_owned(), dsl::to_json(&clause));
        body
    }

    /// A body with the engine's own time limit, a little before ours: what it has found is told then.
    pub(super) fn limited(&self, mut body: Map<String, Json>) -> Json {
        let millis = self.client.timeout().as_millis() * 9 / 10;
        body.entry("timeout").or_insert_with(|| json!(format!("{millis}ms")));
        Json::Object(body)
    }

    /// Searches the indices as they are now.
    pub(super) async fn search(&self, body: Map<String, Json>) -> Result<SearchAnswer, Error> {
        let body = self.limited(body);
        let parameters = format!("{LENIENT}&{PARTIAL}");
        let reply = self.client.call(Call::Search, &self.pattern, &parameters, Some(&body)).await?;
        read(&reply.body, &reply.host).inspect(trouble::note)
    }

    /// One whole document.
    pub(super) async fn document(&self, place: &Place) -> Result<Option<Hit>, Error> {
        let mut body = Map::new();
        body.insert("query".to_owned(), surrounding::by_id(place));
        body.insert("size".to_owned(), json!(1));
        page::wanted(self, &[], &mut body);
        let body = self.limited(body);
        let reply = self.client.call(Call::Search, &place.index, LENIENT, Some(&body)).await?;
        let answer = read(&reply.body, &reply.host).inspect(trouble::note)?;
        let found = answer.hits.hits.into_iter().next();
        Ok(found.map(|wire| {
            let mut found = hit::row(wire, self.time_field());
            found.cursor = place.to_cursor();
            found
        }))
    }

    /// The place of a document in the order of another search.
    pub(super) async fn place_in_time(
        &self,
        search: &Search,
        place: &Place,
    ) -> Result<Option<Cursor>, Error> {
        let mut body = Map::new();
        body.insert("query".to_owned(), surrounding::by_id(place));
        body.insert("size".to_owned(), json!(1));
        body.insert("track_total_hits".to_owned(), json!(false));
        body.insert("sort".to_owned(), page::sort(self, search, false));
        page::wanted(self, &[], &mut body);
        let answer = self.search_in_pit(body).await?;
        Ok(answer.hits.hits.into_iter().next().map(|wire| hit::row(wire, self.time_field()).cursor))
    }

    /// Counts what exists.
    ///
    /// # Errors
    /// If the engine does not answer, or refuses.
    pub async fn extent(&self) -> Result<Extent, Error> {
        let mut body = Map::new();
        body.insert("size".to_owned(), json!(0));
        body.insert("track_total_hits".to_owned(), json!(true));
        if let Some(time) = self.time_field() {
            body.insert(
                "aggs".to_owned(),
                json!({"first": {"min": {"field": time}}, "last": {"max": {"field": time}}}),
            );
        }
        let answer = self.search(body).await?;
        let end =
            |name: &str| Some(Millis(answer.aggregations.get(name)?["value"].as_f64()? as i64));
        let records = answer.hits.total.as_ref().map_or(0, |total| total.value);
        self.records.store(records, Ordering::Relaxed);
        Ok(Extent { records, first: end("first"), last: end("last") })
    }
}

/// What there is of an answer is wanted, also where the cluster's default is all or nothing.
pub(super) const PARTIAL: &str = "allow_partial_search_results=true";

/// Reads an answer. Whoever uses it notes what it lacks.
pub(super) fn read(body: &[u8], host: &str) -> Result<SearchAnswer, Error> {
    serde_json::from_slice(body).map_err(|error| garbled::of_body(host, body, &error))
}

/// Whether an engine refuses because an index is closed.
fn is_closed(error: &Error) -> bool {
    let Error::Refused { kind, reason, .. } = error else { return false };
    kind.contains("index_closed")
        || (kind.contains("cluster_block") && reason.contains("index closed"))
}
