//! A loopback server that answers as the documentation of Elasticsearch, `OpenSearch` and Logstash
//! says: for what no engine of the tests has (security, licence, lifecycle) and for Logstash, which
//! is not among them. Its sources stand beside each answer.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

/// What was written, by path, and what is refused.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) written: BTreeMap<String, Json>,
    pub(crate) refused: Vec<&'static str>,
}

/// The server; it ends with the process.
pub(crate) struct Documented {
    pub(crate) url: String,
    pub(crate) state: Arc<Mutex<State>>,
}

impl Documented {
    pub(crate) fn start(is_opensearch: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let own = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&own);
                std::thread::spawn(move || serve(stream, &state, is_opensearch));
            }
        });
        Self { url, state }
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, is_opensearch: bool) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let path = target.split('?').next().unwrap_or_default();
        let mut length = 0;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) <= 2 {
                break;
            }
            if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let body = serde_json::from_slice(&body).unwrap_or(Json::Null);
        let (status, answer) =
            answer(&mut state.lock().unwrap(), (method, path), body, is_opensearch);
        let product = if is_opensearch { "" } else { "X-elastic-product: Elasticsearch\r\n" };
        let text = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\n{product}Content-Length: {}\r\n\r\n",
            text.len()
        );
        if stream.write_all((head + &text).as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(
    state: &mut State,
    (method, path): (&str, &str),
    body: Json,
    is_opensearch: bool,
) -> (u16, Json) {
    if state.refused.iter().any(|refused| path.starts_with(refused)) {
        let reason = "action [cluster:admin/xpack/security/role/get] is unauthorized for user [eva] with effective roles [viewer]";
        let error = json!({"type": "security_exception", "reason": reason});
        return (
            403,
            json!({"error": {"root_cause": [error], "type": "security_exception", "reason": reason}, "status": 403}),
        );
    }
    if method == "PUT" {
        state.written.insert(path.to_owned(), body);
        return (200, json!({"acknowledged": true}));
    }
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let stored = state.written.get(path).cloned();
    let named = |value: Json| (200, json!({ name.clone(): value }));
    match (path, stored) {
        ("/", _) if is_opensearch => (
            200,
            json!({"cluster_name": "docs", "version": {"number": "3.1.0", "distribution": "opensearch"}}),
        ),
        ("/", _) => (200, json!({"cluster_name": "docs", "version": {"number": "8.15.0"}})),
        (path, Some(stored)) if path.starts_with("/_index_template/") => {
            (200, json!({"index_templates": [{"name": name, "index_template": stored}]}))
        }
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-role
        (path, Some(mut stored)) if path.starts_with("/_security/role/") => {
            stored["applications"] = json!([]);
            stored["run_as"] = json!([]);
            stored["metadata"] = json!({});
            stored["transient_metadata"] = json!({"enabled": true});
            named(stored)
        }
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-get-user
        (path, Some(stored)) if path.starts_with("/_security/user/") => {
            named(json!({"username": name.clone(),
            "roles": stored["roles"], "full_name": stored["full_name"], "email": null, "metadata": {}, "enabled": true}))
        }
        // https://docs.opensearch.org/latest/security/access-control/api/
        (path, Some(mut stored)) if path.starts_with("/_plugins/_security/api/") => {
            stored["password"].take();
            stored["hash"] = json!("");
            stored["reserved"] = json!(false);
            stored["hidden"] = json!(false);
            stored["static"] = json!(false);
            named(stored)
        }
        ("/_security/user/_has_privileges", _) => other(path),
        (path, None)
            if path.starts_with("/_security/role/") || path.starts_with("/_security/user/") =>
        {
            (404, json!({}))
        }
        (path, None) if path.starts_with("/_plugins/_security/api/") => (
            404,
            json!({"status": "NOT_FOUND", "message": format!("Resource '{name}' not found.")}),
        ),
        (path, None) if path.starts_with("/_index_template/") => (
            404,
            json!({"error": {"type": "resource_not_found_exception",
            "reason": format!("index template matching [{name}] not found")}, "status": 404}),
        ),
        _ => other(path),
    }
}

fn other(path: &str) -> (u16, Json) {
    match path {
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-authenticate
        "/_security/_authenticate" => (
            200,
            json!({"username": "eva", "roles": ["viewer"], "full_name": null, "email": null, "metadata": {},
            "enabled": true, "authentication_realm": {"name": "file", "type": "file"}, "authentication_type": "realm"}),
        ),
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-has-privileges
        "/_security/user/_has_privileges" => (
            200,
            json!({"username": "eva", "has_all_requested": false, "cluster": {"monitor": true},
            "index": {"logs-*-pt": {"read": true, "view_index_metadata": true, "create_doc": true, "auto_configure": false, "create_index": false}}, "application": {}}),
        ),
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-license-get
        "/_license" => (
            200,
            json!({"license": {"status": "active", "uid": "cbff45e7-c553-41f7-ae4f-9205eabd80xx", "type": "trial",
            "issue_date": "2018-10-20T22:05:12.332Z", "expiry_date_in_millis": 4_102_444_800_000_u64, "max_nodes": 1000, "start_date_in_millis": -1}}),
        ),
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-cluster-health
        "/_cluster/health" => (
            200,
            json!({"cluster_name": "docs", "status": "green", "timed_out": false, "number_of_nodes": 2, "number_of_data_nodes": 2,
            "active_primary_shards": 1, "active_shards": 1, "relocating_shards": 0, "initializing_shards": 0, "unassigned_shards": 0}),
        ),
        "/_resolve/index/logs-*-pt" => (
            200,
            json!({"indices": [], "aliases": [], "data_streams": [
            {"name": "logs-django-pt", "backing_indices": [".ds-logs-django-pt-2025.11.24-000001"], "timestamp_field": "@timestamp"}]}),
        ),
        // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-get-data-stream
        "/_data_stream/logs-*-pt" => (
            200,
            json!({"data_streams": [{"name": "logs-django-pt", "timestamp_field": {"name": "@timestamp"},
            "generation": 1, "status": "GREEN", "template": "pt-logs", "lifecycle": {"enabled": true, "data_retention": "7d"}}]}),
        ),
        // https://www.elastic.co/docs/api/doc/logstash/operation/operation-nodestats
        "/_node/stats" => (
            200,
            json!({"host": "logstash", "version": "8.15.0", "status": "green",
            "events": {"in": 293_658, "filtered": 293_658, "out": 293_658, "duration_in_millis": 2_324_391},
            "pipelines": {"main": {"plugins": {"inputs": [], "filters": [{"name": "grok", "failures": 8}], "outputs": []},
                "queue": {"type": "memory", "events_count": 0, "queue_size_in_bytes": 0, "max_queue_size_in_bytes": 0}}}}),
        ),
        _ => (
            404,
            json!({"error": {"type": "index_not_found_exception", "reason": "no such index"}, "status": 404}),
        ),
    }
}
