//! One request to one node, and its answer as it comes.
//!
//! A node that hangs accepts connections and never answers, and its own time limits do not help
//! then: while an answer is waited for, the node is asked who it is from time to time. One that does
//! not answer that either is given up long before the limit for answers.

use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::sync::SemaphorePermit;

use super::super::calls::Method;
use super::super::error::Error;
use super::super::journal::{ANSWER, Sent};
use super::failure::{Head, failure, page};
use super::host::Host;
use super::{CONNECT, Client, Reply};

/// Without an answer for so long, a node is asked whether it lives.
const QUIET: Duration = Duration::from_secs(5);
/// Longest wait for that.
const ALIVE: Duration = Duration::from_secs(10);
/// Neither is longer than this part of the limit for answers.
const SHARE: u32 = 4;

/// What is to be sent.
#[derive(Debug)]
pub(super) struct Request<'a> {
    /// HTTP method.
    pub(super) method: Method,
    /// Path of the call.
    pub(super) path: &'a str,
    /// The query string without its question mark.
    pub(super) parameters: &'a str,
    /// The JSON body.
    pub(super) body: Option<String>,
}

impl Request<'_> {
    /// Whether sending it twice is as good as once.
    pub(super) fn is_reading(&self) -> bool {
        !matches!(self.method, Method::Put)
    }
}

/// An answer with status 2xx whose body is still to come. Dropping it stops the engine's work.
#[derive(Debug)]
pub struct Answering<'a> {
    client: &'a Client,
    host: &'a Host,
    response: reqwest::Response,
    status: u16,
    sent: Sent<'a>,
    head: Vec<u8>,
    bytes: usize,
    begun: Instant,
    is_elasticsearch: bool,
    date: Option<String>,
    _place: SemaphorePermit<'a>,
}

impl Answering<'_> {
    /// The next bytes of the body; `None` at its end.
    ///
    /// # Errors
    /// If the answer breaks off, or nothing comes in time.
    pub async fn chunk(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, Error> {
        let (client, host) = (self.client, self.host);
        let arrived = match client.watched(host, self.response.chunk()).await {
            Ok(Ok(arrived)) => arrived,
            Ok(Err(error)) => {
                return Err(self.sent.failed(client.failure(host, &error).masked(&client.masks)));
            }
            Err(gave_up) => return Err(self.sent.failed(gave_up)),
        };
        match &arrived {
            Some(chunk) => {
                let room = ANSWER.saturating_sub(self.head.len()).min(chunk.len());
                self.head.extend_from_slice(&chunk[..room]);
                self.bytes += chunk.len();
            }
            None => self.sent.answered(self.status, &self.head, self.bytes),
        }
        Ok(arrived)
    }

    /// Host and port that answer.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.shown()
    }

    /// The whole answer.
    pub(super) async fn whole(mut self) -> Result<Reply, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(chunk.as_ref());
        }
        Ok(Reply {
            body,
            is_elasticsearch: self.is_elasticsearch,
            took: self.begun.elapsed(),
            host: self.host.shown(),
            date: self.date,
        })
    }
}

impl Client {
    /// Sends a request to a node, and waits until its answer begins.
    pub(super) async fn send<'a>(
        &'a self,
        host: &'a Host,
        wanted: &Request<'_>,
    ) -> Result<Answering<'a>, Error> {
        let closed = |_closed| Error::Settings("the client is closed".to_owned());
        let place = self.places.acquire().await.map_err(closed)?;
        let request = self.request(host, wanted)?;
        let path = self.path(wanted);
        let sent =
            self.journal.sent(wanted.method.name(), &host.origin, path, wanted.body.as_deref());
        let begun = Instant::now();
        let response = self.watched(host, request.send()).await;
        let response = match response {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(sent.failed(self.failure(host, &error))),
            Err(gave_up) => return Err(sent.failed(gave_up)),
        };
        let status = response.status().as_u16();
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let kibana = ["kbn-name", "kbn-license-sig", "osd-name"];
        let (kind, location) = (header("content-type").unwrap_or_default(), header("location"));
        let head = Head {
            status,
            kind: &kind,
            is_kibana: kibana.iter().any(|name| header(name).is_some()),
            location: location.as_deref(),
        };
        // A proxy that asks for credentials asks for the cluster, whatever page comes with it.
        let asks_who = status == 401 && header("www-authenticate").is_some();
        let stranger = head.stranger().filter(|_| !asks_who);
        let is_elasticsearch = header("x-elastic-product").is_some();
        let retry_after = header("retry-after").and_then(|text| text.parse().ok());
        let date = header("date");
        let answering = Answering {
            client: self,
            host,
            response,
            status,
            sent,
            head: Vec::new(),
            bytes: 0,
            begun,
            is_elasticsearch,
            date,
            _place: place,
        };
        if stranger.is_none() && (200..300).contains(&status) {
            return Ok(answering);
        }
        let told = answering.whole().await?;
        if let Some(what) = stranger {
            let what = page(&told.body).map_or(what, str::to_owned);
            return Err(Error::NotAnEngine { host: host.shown(), what });
        }
        let body = serde_json::from_slice(&told.body).unwrap_or(Json::Null);
        Err(Error::of_answer(status, &body, retry_after).asked_by(&self.authentication))
    }

    /// The path as it is sent, with prefix and parameters.
    fn path(&self, wanted: &Request<'_>) -> String {
        let mark = if wanted.parameters.is_empty() { "" } else { "?" };
        format!("{}{}{mark}{}", self.prefix, wanted.path, wanted.parameters)
    }

    fn request(&self, host: &Host, wanted: &Request<'_>) -> Result<reqwest::RequestBuilder, Error> {
        let method = match wanted.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
            Method::Put => reqwest::Method::PUT,
        };
        let url = format!("{}{}", host.origin, self.path(wanted));
        let mut request = self.http.request(method, url).header("X-Opaque-Id", "peavey");
        if host.is_here() {
            request = request.header(reqwest::header::ACCEPT_ENCODING, "identity");
        }
        if let Some(header) = self.authentication.header() {
            let wrong = |_invalid| {
                Error::Settings(
                    "the credentials hold characters that no header can carry".to_owned(),
                )
            };
            let value = reqwest::header::HeaderValue::from_str(&header);
            let mut value = value.map_err(wrong)?;
            value.set_sensitive(true);
            request = request.header(reqwest::header::AUTHORIZATION, value);
        }
        Ok(match &wanted.body {
            Some(body) => request.header("Content-Type", "application/json").body(body.clone()),
            None => request,
        })
    }

    /// Waits for a node to do something, no longer than the limit, and no longer than it lives.
    async fn watched<T>(&self, host: &Host, work: impl Future<Output = T>) -> Result<T, Error> {
        let begun = Instant::now();
        let watch = async {
            loop {
                let left = self.timeout.saturating_sub(begun.elapsed());
                tokio::time::sleep(QUIET.min(self.timeout / SHARE).min(left)).await;
                let seconds = begun.elapsed().as_secs().max(1);
                if begun.elapsed() >= self.timeout {
                    return Error::TimedOut { host: host.shown(), seconds };
                }
                if !self.is_alive(host).await {
                    let reason = format!("it hangs: nothing came for {seconds} s");
                    return Error::Unreachable { host: host.shown(), reason };
                }
            }
        };
        tokio::select! {
            biased;
            done = work => Ok(done),
            gave_up = watch => Err(gave_up),
        }
    }

    /// Whether a node answers at all, whatever it is.
    async fn is_alive(&self, host: &Host) -> bool {
        let who = Request { method: Method::Get, path: "/", parameters: "", body: None };
        let Ok(request) = self.request(host, &who) else { return true };
        let left = ALIVE.min(self.timeout / SHARE);
        // An error of another kind is for the call itself to find.
        !request.timeout(left).send().await.is_err_and(|error| error.is_timeout())
    }

    fn failure(&self, host: &Host, error: &reqwest::Error) -> Error {
        failure(host, CONNECT.min(self.timeout).as_secs(), error)
    }
}
