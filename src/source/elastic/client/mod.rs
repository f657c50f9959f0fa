//! Sends the calls of the table to the nodes of a cluster and reads the answers.
//!
//! At most four calls run at once. A node that cannot be reached is left out for a while, and the
//! next one is asked; an engine that is busy is waited for. Dropping a call's future closes its
//! connection, which stops the engine's work too.

mod connector;
mod exchange;
mod failure;
mod host;
mod patience;

use std::future::Future;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::Semaphore;

pub use self::exchange::Answering;

use self::exchange::Request;
use self::host::{Host, in_turn};
use self::patience::Patience;
use super::calls::Call;
use super::connection::{Authentication, Connection};
use super::error::{Error, garbled};
use super::journal::Journal;
use super::mask::Masks;
use super::setup::Write;
use crate::query::Exchange;

/// Calls that may run at once.
const AT_ONCE: usize = 4;
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// An answer with status 2xx.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The body's bytes.
    pub body: Vec<u8>,
    /// Whether Elasticsearch's product header was there.
    pub is_elasticsearch: bool,
    /// From sending to the last byte.
    pub took: Duration,
    /// Host and port that answered.
    pub host: String,
    /// The clock of what answered, where it told (`Date`: a proxy does, an engine does not).
    pub date: Option<String>,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Errors
    /// If it is none.
    pub fn json(&self) -> Result<Json, Error> {
        serde_json::from_slice(&self.body)
            .map_err(|error| garbled::of_body(&self.host, &self.body, &error))
    }
}

/// A client of one cluster.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    hosts: Vec<Host>,
    prefix: String,
    authentication: Authentication,
    masks: Masks,
    timeout: Duration,
    places: Semaphore,
    journal: Journal,
}

impl Client {
    /// Makes a client; connects to nothing yet.
    ///
    /// # Errors
    /// If a certificate file cannot be used.
    pub fn new(connection: &Connection) -> Result<Self, Error> {
        let http = connector::http(connection)?;
        Ok(Self {
            http,
            hosts: connection.hosts.iter().map(|origin| Host::at(origin)).collect(),
            prefix: connection.prefix.clone(),
            authentication: connection.authentication.clone(),
            masks: connection.masks(),
            timeout: connection.timeout,
            places: Semaphore::new(AT_ONCE),
            journal: Journal::new(connection),
        })
    }

    /// Longest wait for one answer.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// A text without the secrets of the connection.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        self.masks.mask(text)
    }

    /// Sends a call to the first node that can be reached. `parameters` is the query string without
    /// its question mark.
    ///
    /// # Errors
    /// If no node can be reached, none answers in time, or the engine refuses.
    pub async fn call(
        &self,
        call: Call,
        pattern: &str,
        parameters: &str,
        body: Option<&Json>,
    ) -> Result<Reply, Error> {
        let (method, path) = call.route(pattern);
        let body = body.map(Json::to_string);
        self.exchange(Request { method, path: &path, parameters, body }).await
    }

    /// The same, but the body of the answer is given as it comes.
    ///
    /// # Errors
    /// If no node can be reached, none answers in time, or the engine refuses.
    pub async fn stream(
        &self,
        call: Call,
        pattern: &str,
        parameters: &str,
        body: &Json,
    ) -> Result<Answering<'_>, Error> {
        let (method, path) = call.route(pattern);
        let request = Request { method, path: &path, parameters, body: Some(body.to_string()) };
        let request = &request;
        self.persist(true, |host| self.send(host, request)).await
    }

    /// Sends a writing call of `peavey setup`; nothing else sends any.
    ///
    /// # Errors
    /// If no node can be reached, none answers in time, or the engine refuses.
    pub(super) async fn write(
        &self,
        write: Write,
        name: &str,
        body: &Json,
    ) -> Result<Reply, Error> {
        let (method, path) = write.route(name);
        let body = Some(body.to_string());
        self.exchange(Request { method, path: &path, parameters: "", body }).await
    }

    /// The last calls and their answers.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.journal.exchanges()
    }

    async fn exchange(&self, request: Request<'_>) -> Result<Reply, Error> {
        let request = &request;
        let whole = |host| async move { self.send(host, request).await?.whole().await };
        self.persist(request.is_reading(), whole).await
    }

    /// Tries the nodes in turn, and waits for an engine that is busy. What writes is not sent again
    /// once it has been sent.
    async fn persist<'a, T, F>(
        &'a self,
        is_reading: bool,
        attempt: impl Fn(&'a Host) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut patience = Patience::default();
        loop {
            let mut last = Error::Settings("no host is named".to_owned());
            for host in in_turn(&self.hosts) {
                let error = match attempt(host).await {
                    Ok(done) => {
                        host.leave_out(false);
                        return Ok(done);
                    }
                    Err(error) => error.masked(&self.masks),
                };
                let is_lost = match error {
                    Error::Unreachable { .. } => true,
                    Error::Cut { .. } => is_reading,
                    // A node that lives works on it still; another would not be faster.
                    _ => false,
                };
                last = error;
                host.leave_out(is_lost);
                if !is_lost {
                    break;
                }
            }
            match patience.next(&last).filter(|_| is_reading) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(last),
            }
        }
    }
}
