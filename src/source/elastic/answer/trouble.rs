//! What an answer does not hold: failed shards, skipped clusters, time limits, as plain sentences.

use super::super::wire::SearchAnswer;
use crate::query::Warning;

/// What should be known about an answer.
pub(in super::super) fn warnings(answer: &SearchAnswer) -> Vec<Warning> {
    let mut found = Vec::new();
    let shards = &answer.shards;
    // OpenSearch leaves lost shards out of `failed`: only the sum tells.
    let lost = shards.total.saturating_sub(shards.successful).max(shards.failed);
    if lost > 0 {
        let reason = shards.failures.iter().find_map(|failure| {
            let reason = &failure["reason"];
            reason["reason"].as_str().or_else(|| reason["type"].as_str()).map(str::to_owned)
        });
        let reason = reason.unwrap_or_else(|| "they are not available".to_owned());
        found.push(format!(
            "{lost} of {} shards did not answer ({reason}); the numbers are too small",
            shards.total
        ));
    }
    if answer.clusters.skipped > 0 {
        let clusters = &answer.clusters;
        found.push(format!(
            "{} of {} remote clusters were skipped",
            clusters.skipped, clusters.total
        ));
    }
    if answer.timed_out {
        found.push(
            "the engine's time limit was reached; ask for a shorter time or a narrower query"
                .to_owned(),
        );
    }
    // `terminated_early` says nothing here: OpenSearch 3 has it in every answer with aggregations.
    found.into_iter().map(Warning::partial).collect()
}

#[cfg(test)]
mod tests {
    use super::warnings;

    fn check(answer: &str, expected: &[&str]) {
        let answer = serde_json::from_str(answer).unwrap();
        let found: Vec<String> =
            warnings(&answer).into_iter().map(|warning| warning.message).collect();
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
            r#"{"_shards":{"total":6,"successful":4,"skipped":0,"failed":2,"failures":[{"shard":0,"node":null,
            "reason":{"type":"no_shard_available_action_exception","reason":null}}]}}"#,
            &["2 of 6 shards did not answer (no_shard"],
        );
        check(
            r#"{"terminated_early":true,"_shards":{"total":6,"successful":4,"skipped":0,"failed":0}}"#,
            &["2 of 6 shards"],
        );
        check(r#"{"terminated_early":true,"_shards":{"total":1,"successful":1,"failed":0}}"#, &[]);
        check(
            r#"{"timed_out":true,"_clusters":{"total":2,"successful":1,"skipped":1}}"#,
            &["1 of 2 remote", "time limit"],
        );
    }
}
