//! Data views as a person meets them: an address without one, other clusters, ten thousand fields.

use std::net::TcpListener;

use serde_json::json;

use crate::command::{refusal, text};
use crate::support::engine::{Engine, names};

const MAPPING: &str =
    r#"{"mappings":{"properties":{"@timestamp":{"type":"date"},"k":{"type":"keyword"}}}}"#;

fn document(k: &str) -> Vec<String> {
    vec![format!(r#"{{"@timestamp":"2025-11-24T10:00:00.000Z","k":"{k}"}}"#)]
}

#[test]
fn an_address_without_a_data_view_is_told_which_there_are() {
    for name in names() {
        let test = "an_address_without_a_data_view_is_told_which_there_are";
        let Some(engine) = Engine::shared(name, test) else { return };
        engine.fill("listed-a", MAPPING, &document("a"));
        engine.ok("PUT", "/listed-a/_alias/listed-other", "");
        let said = refusal(&["query", &engine.url]);
        let line = |name: &str| {
            let found = said.lines().find(|line| line.trim_start().starts_with(name));
            found.unwrap_or_else(|| panic!("no {name} in {said}")).to_owned()
        };
        assert!(said.contains("names no data view; there are:"), "{said}");
        // Other tests may fill the list with indices of their own.
        if !said.contains(" more\n") {
            assert!(line("listed-a").contains("index, 1 document, "), "{said}");
            assert!(line("listed-a").contains(", newest "), "{said}");
            assert!(line("listed-other").contains("alias, 1 document"), "{said}");
        }
        let mapped = text(0, &["fields", &format!("{}/listed-*", engine.url)]);
        assert!(mapped.contains("k           keyword"), "{mapped}");
    }
}

#[test]
fn other_clusters_are_asked_through_one() {
    for name in names() {
        let Some(engine) = Engine::shared(name, "other_clusters_are_asked_through_one") else {
            return;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let transport = format!("transport.port={port}");
        let far = Engine::start_with(name, "other_clusters_are_asked_through_one", &[&transport]);
        let Some(far) = far else { return };
        far.fill("remote-far", MAPPING, &document("far"));
        engine.fill("remote-near", MAPPING, &document("near"));
        let seeds = |seeds: serde_json::Value, skip: serde_json::Value| {
            let settings = json!({"persistent": {"cluster.remote.eu.skip_unavailable": skip, "cluster.remote.eu.seeds": seeds}});
            engine.ok("PUT", "/_cluster/settings", &settings.to_string());
        };
        seeds(json!([format!("127.0.0.1:{port}")]), json!(true));
        let both = format!("{}/eu:remote-*,remote-near", engine.url);
        let rows =
            text(0, &["query", &both, "--fields", "k,_index", "--format", "csv", "--sort", "k"]);
        assert_eq!(rows, "k,_index\nfar,eu:remote-far\nnear,remote-near\n", "{name}");
        let far_alone = format!("{}/eu:remote-*", engine.url);
        assert_eq!(
            text(0, &["query", &far_alone, "-q", "k: far", "--format", "count"]).trim(),
            "1",
            "{name}"
        );
        drop(far);
        // The other cluster is gone: what is here is shown, and what is missing is said.
        let output = crate::command::peavey(&["query", &both, "--format", "count"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "1", "{name}: {said}");
        assert!(said.contains("eu:") || said.contains("clusters did not answer"), "{name}: {said}");
        seeds(json!(null), json!(null));
    }
}

#[test]
fn ten_thousand_fields_are_no_burden() {
    let properties: serde_json::Map<String, serde_json::Value> = (0..10_000)
        .map(|n| (format!("f{n}"), json!({"type": if n % 2 == 0 { "long" } else { "keyword" }})))
        .collect();
    let mapping = json!({"settings": {"index.mapping.total_fields.limit": 20_000, "number_of_replicas": 0},
        "mappings": {"properties": properties}});
    for name in names() {
        let Some(engine) = Engine::shared(name, "ten_thousand_fields_are_no_burden") else {
            return;
        };
        engine.fill("wide", &mapping.to_string(), &[r#"{"f9999":"last","f2":5}"#.to_owned()]);
        let address = format!("{}/wide", engine.url);
        assert_eq!(
            text(0, &["query", &address, "-q", "f9999: last", "--format", "count"]).trim(),
            "1",
            "{name}"
        );
        let fields = text(0, &["fields", &address]);
        assert!(fields.lines().count() > 10_000, "{name}");
        let facet = text(0, &["query", &address, "--facet", "f9999"]);
        assert!(facet.contains("last"), "{name}: {facet}");
        engine.ok("DELETE", "/wide", "");
    }
}
