//! The client against real nodes.

mod support;

use peavey::source::elastic::calls::Call;
use peavey::source::elastic::{Client, Connection};
use support::engine::{Engine, names};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_client_reads_from_a_real_node() {
    for name in names() {
        let Some(engine) = Engine::start(name, "a_client_reads_from_a_real_node") else { return };
        engine.fill(
            "logs-a",
            r#"{"mappings":{"properties":{"@timestamp":{"type":"date"},"n":{"type":"long"}}}}"#,
            &(0..10)
                .map(|n| format!(r#"{{"@timestamp":"2026-11-21T10:00:{n:02}Z","n":{n}}}"#))
                .collect::<Vec<_>>(),
        );
        let client = Client::new(&Connection::to(&engine.url)).unwrap();
        let body = serde_json::json!({"size": 0, "track_total_hits": true});
        let reply =
            runtime().block_on(client.call(Call::Search, "logs-*", "", Some(&body))).unwrap();
        assert_eq!(reply.json().unwrap()["hits"]["total"]["value"], 10, "{name}");
        assert_eq!(reply.is_elasticsearch, name.starts_with("es"), "{name}");
        let missing =
            runtime().block_on(client.call(Call::Search, "none", "", Some(&body))).unwrap_err();
        assert!(missing.to_string().contains("none"), "{missing}");
    }
}
