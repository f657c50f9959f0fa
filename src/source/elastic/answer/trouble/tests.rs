//! Parts of answers as real engines gave them (shared facts on engines, sections 2 and 4), and what is said of them.

use super::{gathered, note, warnings};
use crate::query::{Warning, WarningKind};
use crate::source::elastic::wire::SearchAnswer;

fn read(answer: &str) -> SearchAnswer {
    serde_json::from_str(answer).unwrap()
}

fn check(answer: &str, expected: &[&str]) {
    let found: Vec<String> =
        warnings(&read(answer)).into_iter().map(|warning| warning.message).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (message, part) in found.iter().zip(expected) {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn lost_shards_are_told_whether_the_engine_counts_them_or_not() {
    check(r#"{"_shards":{"total":6,"successful":6,"skipped":0,"failed":0}}"#, &[]);
    check(r#"{"_shards":{"total":6,"successful":6,"skipped":5,"failed":0}}"#, &[]);
    check(
        r#"{"_shards":{"total":6,"successful":4,"skipped":0,"failed":2,"failures":[{"shard":0,"index":"part","node":null,
        "reason":{"type":"no_shard_available_action_exception","reason":null}}]}}"#,
        &[
            "2 of 6 shards did not answer, so there may be more: no node that holds them can be reached (in part); see `peavey doctor`",
        ],
    );
    check(
        r#"{"terminated_early":true,"_shards":{"total":6,"successful":4,"skipped":0,"failed":0}}"#,
        &["2 of 6 shards did not answer, so there may be more: no node"],
    );
    check(r#"{"terminated_early":true,"_shards":{"total":1,"successful":1,"failed":0}}"#, &[]);
}

#[test]
fn reasons_are_grouped_and_say_where() {
    check(
        r#"{"_shards":{"total":9,"successful":5,"skipped":0,"failed":4,"failures":[
        {"shard":0,"index":"a","reason":{"type":"illegal_argument_exception","reason":"Fielddata is disabled on [f] in [a]. Text fields are not optimised for operations. Alternatively, set fielddata=true on [f] in order"}},
        {"shard":0,"index":"b","reason":{"type":"illegal_argument_exception","reason":"Text fields are not optimised for operations. Alternatively, set fielddata=true on [f] in order"}},
        {"shard":0,"index":"c","reason":{"type":"query_shard_exception","reason":"failed to create query: Cannot search on field [und] since it is not indexed nor has doc values."}},
        {"shard":0,"index":"d","reason":{"type":"odd_exception","reason":"something odd"}}]}}"#,
        &[
            "4 of 9 shards did not answer, so there may be more: `f` is text there, and cannot be counted or sorted by (in a, b); use its keyword",
            "`und` is not indexed there, and cannot be searched (in c)",
            "something odd (odd_exception) (in d)",
        ],
    );
}

#[test]
fn clusters_limits_and_lower_bounds_are_told() {
    check(
        r#"{"timed_out":true,"_clusters":{"total":2,"successful":1,"skipped":1}}"#,
        &["1 of 2 clusters did not answer", "time limit"],
    );
    check(
        r#"{"_clusters":{"total":2,"successful":1,"skipped":1,"details":{"(local)":{"status":"successful"},"old":{"status":"skipped",
        "indices":"x","failures":[{"shard":-1,"index":null,"reason":{"type":"connect_transport_exception","reason":"Unable to connect to [old]"}}]}}}}"#,
        &["remote cluster old did not answer, so there may be more; see whether it is up"],
    );
    let bound = r#"{"hits":{"total":{"value":10000,"relation":"gte"},"hits":[]}}"#;
    check(bound, &["more than 10000 hits"]);
    assert_eq!(warnings(&read(bound))[0].kind, WarningKind::Approximate);
}

#[tokio::test]
async fn what_is_read_on_the_way_is_gathered_once() {
    let partial = read(r#"{"_shards":{"total":6,"successful":4}}"#);
    note(&partial); // Nobody gathers: no harm.
    let (result, found) = gathered(async {
        note(&partial);
        tokio::task::yield_now().await;
        note(&partial);
        7
    })
    .await;
    assert_eq!((result, found.len()), (7, 1));
    assert_eq!(Warning::worst(&found), Some(WarningKind::Partial));
}
