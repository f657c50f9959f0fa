//! A proxy on loopback between the client and a real node: records what is sent, and spoils what
//! comes back as a test wants it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is done to answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// After so many bytes of an answer the connection ends.
    Cut(usize),
    /// An answer waits so long.
    Delay(Duration),
    /// What comes back is no HTTP.
    Garbage,
    /// What comes back is HTTP, but no JSON.
    WrongJson,
    /// The credentials are not good any more.
    Unauthorized,
    /// The engine is busy for so many answers (429), and says how many seconds to wait.
    Busy { answers: usize, retry_after: Option<u64> },
}

/// A request as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// HTTP method.
    pub method: String,
    /// Path and parameters.
    pub path: String,
    /// Names and values of the headers, in small letters.
    pub headers: String,
    /// The body.
    pub body: String,
}

#[derive(Debug)]
struct Shared {
    target: String,
    fault: Mutex<Fault>,
    sent: Mutex<Vec<Sent>>,
    open: AtomicUsize,
    most: AtomicUsize,
}

/// A running proxy; its threads end with their connections.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    shared: Arc<Shared>,
}

fn lock<T>(place: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Proxy {
    /// Starts one in front of a node (`http://127.0.0.1:PORT`).
    pub fn start(node: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            target: node.trim_start_matches("http://").to_owned(),
            fault: Mutex::new(Fault::None),
            sent: Mutex::new(Vec::new()),
            open: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
        });
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&own);
                std::thread::spawn(move || serve(client, &shared));
            }
        });
        Self { url, shared }
    }

    /// Spoils answers from now on.
    pub fn spoil(&self, fault: Fault) {
        *lock(&self.shared.fault) = fault;
    }

    /// What was sent since the last look.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *lock(&self.shared.sent))
    }

    /// The point in time that was searched last.
    pub fn last_pit(&self) -> Option<String> {
        let sent = lock(&self.shared.sent);
        sent.iter().rev().find_map(|sent| {
            let body: serde_json::Value = serde_json::from_str(&sent.body).ok()?;
            Some(body["pit"]["id"].as_str()?.to_owned())
        })
    }

    /// The largest number of requests that were open at once.
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }
}

/// One connection: a request, its answer, the next request.
fn serve(mut client: TcpStream, shared: &Shared) -> Option<()> {
    let mut node = TcpStream::connect(&shared.target).ok()?;
    loop {
        let (head, body) = message(&mut client)?;
        let first = head.lines().next()?.to_owned();
        let mut words = first.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let headers = head.to_ascii_lowercase();
        let text = String::from_utf8_lossy(&body).into_owned();
        lock(&shared.sent).push(Sent { method, path, headers, body: text });
        let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
        shared.most.fetch_max(open, Ordering::SeqCst);
        let answered = answer(&mut client, &mut node, &head, &body, shared);
        shared.open.fetch_sub(1, Ordering::SeqCst);
        if answered != Some(true) {
            let _ = client.shutdown(Shutdown::Both);
            return None;
        }
    }
}

/// Sends a request on and gives back what comes; whether the connection goes on.
fn answer(
    client: &mut TcpStream,
    node: &mut TcpStream,
    head: &str,
    body: &[u8],
    shared: &Shared,
) -> Option<bool> {
    let fault = {
        let mut place = lock(&shared.fault);
        let now = *place;
        if let Fault::Busy { answers, retry_after } = now {
            *place = match answers {
                0 | 1 => Fault::None,
                more => Fault::Busy { answers: more - 1, retry_after },
            };
        }
        now
    };
    let json = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
    };
    match fault {
        Fault::Garbage => {
            client.write_all(b"\x00\x01 this is no HTTP at all \xff\xfe\r\n\r\n").ok()?;
            return Some(false);
        }
        Fault::WrongJson => {
            client.write_all(json("200 OK", "", "{\"took\": 1, nonsense").as_bytes()).ok()?;
            return Some(true);
        }
        Fault::Unauthorized => {
            let body = r#"{"error":{"root_cause":[{"type":"security_exception","reason":"unable to authenticate user"}],"type":"security_exception","reason":"unable to authenticate user"},"status":401}"#;
            let answer = json("401 Unauthorized", "WWW-Authenticate: Basic\r\n", body);
            client.write_all(answer.as_bytes()).ok()?;
            return Some(true);
        }
        Fault::Busy { retry_after, .. } => {
            let header =
                retry_after.map_or_else(String::new, |wait| format!("Retry-After: {wait}\r\n"));
            let body = r#"{"error":{"root_cause":[{"type":"es_rejected_execution_exception","reason":"rejected"}],"type":"es_rejected_execution_exception","reason":"rejected"},"status":429}"#;
            client.write_all(json("429 Too Many Requests", &header, body).as_bytes()).ok()?;
            return Some(true);
        }
        Fault::None | Fault::Cut(_) | Fault::Delay(_) => {}
    }
    node.write_all(head.as_bytes()).ok()?;
    node.write_all(body).ok()?;
    let (head, body) = message(node)?;
    match fault {
        Fault::Delay(wait) => std::thread::sleep(wait),
        Fault::Cut(most) => {
            let whole = [head.as_bytes(), &body].concat();
            client.write_all(&whole[..whole.len().min(most)]).ok()?;
            return Some(false);
        }
        _ => {}
    }
    client.write_all(head.as_bytes()).ok()?;
    client.write_all(&body).ok()?;
    Some(true)
}

/// Reads one message of HTTP/1.1: its head with the empty line, and its body as it travels.
fn message(from: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = vec![0u8; 1 << 16];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        let read = from.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end);
    let small = head.to_ascii_lowercase();
    let length = small
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let is_chunked = small.contains("transfer-encoding: chunked");
    loop {
        let is_whole = match length {
            Some(length) => body.len() >= length,
            None => !is_chunked || body.ends_with(b"0\r\n\r\n"),
        };
        if is_whole {
            return Some((head, body));
        }
        let read = from.read(&mut chunk).ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&chunk[..read]);
    }
}
