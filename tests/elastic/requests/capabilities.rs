//! What the table of engines says of one is what it does.

use peavey::source::elastic::engine::PointInTime;
use serde_json::{Value as Json, json};

use super::open;
use crate::support::engine::Engine;

/// Each column of the table, tried with a request of its own.
pub(super) fn each_column_of_the_table_is_true(engine: &Engine) {
    let name = engine.name;
    let asked = open(engine, "capabilities", 10);
    let says = asked.source.session().engine.capabilities();
    let tried = |method: &str, path: &str, body: &Json| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = engine.request(method, path, &body);
        (status == 200).then_some(answer)
    };
    let index = "/capabilities";
    let pit = tried("POST", &format!("{index}/_pit?keep_alive=1m"), &Json::Null);
    let other = format!("{index}/_search/point_in_time?keep_alive=1m");
    let search_pit = tried("POST", &other, &Json::Null);
    let found = match (&pit, &search_pit) {
        (Some(_), _) => PointInTime::Pit,
        (None, Some(_)) => PointInTime::SearchPointInTime,
        (None, None) => PointInTime::None,
    };
    assert_eq!(says.point_in_time, found, "{name}");
    let opened = pit.as_ref().map(|answer| &answer["id"]);
    let opened = opened.or(search_pit.as_ref().map(|answer| &answer["pit_id"]));
    let by_shard = json!({"pit": {"id": opened}, "sort": [{"_shard_doc": {"order": "asc"}}]});
    let is_there = opened.is_some() && tried("POST", "/_search", &by_shard).is_some();
    // Where an engine has more than the table says, the table is only careful.
    assert!(!says.shard_doc || is_there, "{name}: _shard_doc");
    let search = format!("{index}/_search");
    let format = json!({"sort": [{"@timestamp": {"format": "strict_date_optional_time_nanos"}}]});
    assert_eq!(
        says.sort_format,
        tried("POST", &search, &format).is_some(),
        "{name}: format in a sort"
    );
    let unmapped = json!({"fields": [{"field": "nothing", "include_unmapped": true}]});
    assert_eq!(
        says.fields_include_unmapped,
        tried("POST", &search, &unmapped).is_some(),
        "{name}: include_unmapped"
    );
    let terms = json!({"field": "service", "string": "s"});
    let terms = tried("POST", &format!("{index}/_terms_enum"), &terms);
    // The jars of 7.17 that can be had are without the module that has it.
    if name != "es717" {
        assert_eq!(says.terms_enum, terms.is_some(), "{name}: _terms_enum");
    }
}
