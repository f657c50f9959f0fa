//! Sends the calls of the table to the nodes of a cluster and reads the answers.
//!
//! At most four calls run at once. A node that cannot be reached is left out for a while. Dropping
//! a call's future closes its connection, which stops the engine's work too.

use std::error::Error as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tokio::sync::Semaphore;

use super::calls::{Call, Method};
use super::connection::{Authentication, Connection};
use super::error::Error;
use super::journal::Journal;
use super::mask::Masks;
use super::proxy::{Proxies, Proxy};
use super::setup::Write;
use super::tls;
use crate::query::Exchange;

/// Calls that may run at once.
const AT_ONCE: usize = 4;
/// How long a node that could not be reached is left out.
const LEFT_OUT: Duration = Duration::from_secs(30);
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
            .map_err(|error| Error::Garbled { host: self.host.clone(), reason: error.to_string() })
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

#[derive(Debug)]
struct Host {
    origin: String,
    left_out_until: Mutex<Option<Instant>>,
}

impl Host {
    fn is_left_out(&self) -> bool {
        let until = self.left_out_until.lock().ok().and_then(|until| *until);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn leave_out(&self, yes: bool) {
        if let Ok(mut until) = self.left_out_until.lock() {
            *until = yes.then(|| Instant::now() + LEFT_OUT);
        }
    }

    fn shown(&self) -> String {
        self.origin.split("://").last().unwrap_or_default().to_owned()
    }
}

impl Client {
    /// Makes a client; connects to nothing yet.
    ///
    /// # Errors
    /// If a certificate file cannot be used.
    pub fn new(connection: &Connection) -> Result<Self, Error> {
        let tls = tls::configuration(connection)?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT.min(connection.timeout))
            .read_timeout(connection.timeout)
            // Credentials follow no redirect: what answers with one is told instead.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("peavey/", env!("CARGO_PKG_VERSION")))
            // The environment's proxies are part of the connection.
            .no_proxy();
        let proxies = connection.hosts.iter().filter_map(|host| connection.proxies.of(host));
        for proxy in proxies {
            http = http.proxy(through(proxy, &connection.proxies)?);
        }
        let http =
            http.build().map_err(|error| Error::Settings(format!("no HTTP client: {error}")))?;
        let host =
            |origin: &String| Host { origin: origin.clone(), left_out_until: Mutex::new(None) };
        Ok(Self {
            http,
            hosts: connection.hosts.iter().map(host).collect(),
            prefix: connection.prefix.clone(),
            authentication: connection.authentication.clone(),
            masks: connection.masks(),
            timeout: connection.timeout,
            places: Semaphore::new(AT_ONCE),
            journal: Journal::new(connection),
        })
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
        self.exchange(method, &path, parameters, body).await
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
        self.exchange(method, &path, "", Some(body)).await
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        parameters: &str,
        body: Option<&Json>,
    ) -> Result<Reply, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_closed| Error::Settings("the client is closed".to_owned()))?;
        let mut last = Error::Settings("no host is named".to_owned());
        let in_turn = self
            .hosts
            .iter()
            .filter(|host| !host.is_left_out())
            .chain(self.hosts.iter().filter(|host| host.is_left_out()));
        for host in in_turn {
            let answered = self.send(host, method, path, parameters, body).await;
            match answered.map_err(|error| error.masked(&self.masks)) {
                Err(error @ (Error::Unreachable { .. } | Error::TimedOut { .. })) => {
                    host.leave_out(true);
                    last = error;
                }
                answered => {
                    host.leave_out(false);
                    return answered;
                }
            }
        }
        Err(last)
    }

    /// The last calls and their answers.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.journal.exchanges()
    }

    async fn send(
        &self,
        host: &Host,
        method: Method,
        path: &str,
        parameters: &str,
        body: Option<&Json>,
    ) -> Result<Reply, Error> {
        let question = if parameters.is_empty() { String::new() } else { format!("?{parameters}") };
        let path = format!("{}{path}{question}", self.prefix);
        let url = format!("{}{path}", host.origin);
        let verb = method.name();
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
            Method::Put => reqwest::Method::PUT,
        };
        let mut request =
            self.http.request(method, url).header("X-Opaque-Id", "peavey").timeout(self.timeout);
        if let Some(header) = self.authentication.header() {
            let mut value =
                reqwest::header::HeaderValue::from_str(&header).map_err(|_invalid| {
                    Error::Settings(
                        "the credentials hold characters that no header can carry".to_owned(),
                    )
                })?;
            value.set_sensitive(true);
            request = request.header(reqwest::header::AUTHORIZATION, value);
        }
        let body = body.map(ToString::to_string);
        let sent = self.journal.sent(verb, &host.origin, path, body.as_deref());
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        let begun = Instant::now();
        let failure = |error| sent.failed(self.failure(host, &error));
        let response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let is_elasticsearch = header("x-elastic-product").is_some();
        let retry_after = header("retry-after").and_then(|text| text.parse().ok());
        let kind = header("content-type").unwrap_or_default();
        let is_kibana = header("kbn-name").is_some()
            || header("kbn-license-sig").is_some()
            || header("osd-name").is_some();
        let location = header("location");
        let date = header("date");
        let asks_for = header("www-authenticate");
        let bytes = response.bytes().await.map_err(failure)?;
        sent.answered(status, &bytes);
        // A proxy that asks for credentials asks for the cluster, whatever page comes with it.
        let asks_who = status == 401 && asks_for.is_some();
        let stranger = stranger(status, &kind, is_kibana, location.as_deref());
        if let Some(what) = stranger.filter(|_| !asks_who) {
            return Err(Error::NotAnEngine { host: host.shown(), what });
        }
        if !(200..300).contains(&status) {
            let body = serde_json::from_slice(&bytes).unwrap_or(Json::Null);
            return Err(Error::of_answer(status, &body, retry_after));
        }
        Ok(Reply {
            body: bytes.to_vec(),
            is_elasticsearch,
            took: begun.elapsed(),
            host: host.shown(),
            date,
        })
    }

    /// What the HTTP client's error means.
    fn failure(&self, host: &Host, error: &reqwest::Error) -> Error {
        let shown = host.shown();
        if let Some(refused) = tls::refused_in(error) {
            return Error::Untrusted { host: shown, refused: Box::new(refused) };
        }
        if error.is_timeout() {
            return Error::TimedOut { host: shown, seconds: self.timeout.as_secs() };
        }
        let mut chain = Vec::new();
        let mut cause: Option<&dyn std::error::Error> = error.source();
        while let Some(inner) = cause {
            chain.push(inner.to_string());
            cause = inner.source();
        }
        let deepest = chain.last().cloned().unwrap_or_else(|| error.without_url_text());
        let whole = chain.join(": ");
        let reason = if whole.contains("InvalidContentType") || whole.contains("corrupt message") {
            "it speaks http, not https; write http:// instead".to_owned()
        } else if whole.contains("dns error") || whole.contains("lookup address") {
            format!("its name is not known ({deepest})")
        } else {
            deepest
        };
        Error::Unreachable { host: shown, reason }
    }
}

/// A proxy for the hosts that it is meant for.
fn through(proxy: &Proxy, all: &Proxies) -> Result<reqwest::Proxy, Error> {
    let origin = reqwest::Url::parse(&proxy.origin)
        .map_err(|error| Error::Settings(format!("{}: {error}", proxy.told_by)))?;
    let (all, own) = (all.clone(), proxy.origin.clone());
    let custom = reqwest::Proxy::custom(move |url| {
        let place = format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default());
        let is_meant = all.of(&place).is_some_and(|proxy| proxy.origin == own);
        is_meant.then(|| origin.clone())
    });
    Ok(match &proxy.login {
        Some((user, password)) => custom.basic_auth(user, password.reveal()),
        None => custom,
    })
}

/// A reqwest error's own words without the address, which may hold a name and more.
trait WithoutUrl {
    fn without_url_text(&self) -> String;
}

impl WithoutUrl for reqwest::Error {
    fn without_url_text(&self) -> String {
        if self.is_connect() {
            "connection failed".to_owned()
        } else {
            "the exchange failed".to_owned()
        }
    }
}

/// What answers, if it is no engine.
fn stranger(status: u16, kind: &str, is_kibana: bool, location: Option<&str>) -> Option<String> {
    if is_kibana {
        return Some(
            "this is Kibana; ask for its Elasticsearch's address (usually port 9200)".to_owned(),
        );
    }
    if (300..400).contains(&status) {
        let place = location.unwrap_or("another place");
        return Some(format!("it sends on to {place}, and credentials follow no redirect"));
    }
    if kind.starts_with("text/html") {
        return Some(match status {
            400 => "it answers a page; if it speaks https, write https:// instead".to_owned(),
            401 | 403 => "it answers a login page of a proxy".to_owned(),
            _ => "it answers an HTML page".to_owned(),
        });
    }
    None
}
