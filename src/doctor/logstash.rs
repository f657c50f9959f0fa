//! Logstash: its ports, and what it says of itself.

use super::finding::Finding;
use super::words::{count, grouped, share, size};
use crate::source::elastic::Error;
use crate::source::elastic::examine::Asked;
use crate::source::elastic::examine::logstash::{Logstash, Pipeline};

/// A port that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its number.
    pub number: u16,
    /// What usually listens there.
    pub what: &'static str,
    /// Nothing, or why it could not be reached.
    pub refused: Option<String>,
}

/// A share of its queue from which it is about to stop what sends, in per cent.
const FULL: u64 = 80;
/// Events that may be on their way through it.
const ON_THE_WAY: u64 = 10_000;

/// Judges what was found at a host.
#[must_use]
pub fn judge(host: &str, ports: &[Port], told: &Asked<Logstash>) -> Vec<Finding> {
    let mut findings = vec![inputs(host, ports)];
    match told {
        Ok(told) => {
            findings.push(events(told));
            findings.extend(told.pipelines.iter().flat_map(pipeline));
        }
        Err(error) => findings.push(silent(error)),
    }
    findings
}

fn inputs(host: &str, ports: &[Port]) -> Finding {
    const CHECK: &str = "inputs";
    let line = |port: &Port| match &port.refused {
        None => format!("{} ({}): open", port.number, port.what),
        Some(why) => format!("{} ({}): {why}", port.number, port.what),
    };
    let lines = ports.iter().map(line);
    let open = ports.iter().filter(|port| port.refused.is_none());
    let open: Vec<String> = open.map(|port| format!("{} ({})", port.number, port.what)).collect();
    if open.is_empty() {
        return Finding::problem(CHECK, format!("no input of {host} can be reached"))
            .detail(lines)
            .advise(
                "does Logstash run (docker compose ps logstash), are its ports published \
                 (5044:5044), and does a firewall stand between?",
            );
    }
    let closed = ports.iter().filter(|port| port.refused.is_some()).map(line);
    Finding::ok(CHECK, format!("open at {host}: {}", open.join(", "))).detail(closed)
}

fn silent(error: &Error) -> Finding {
    Finding::skipped("events", format!("its monitoring API does not answer: {error}")).advise(
        "it listens on port 9600 of Logstash's own machine only, unless logstash.yml has \
         api.http.host: 0.0.0.0",
    )
}

fn events(told: &Logstash) -> Finding {
    const CHECK: &str = "events";
    let seen = format!(
        "{} in, {} filtered, {} out (Logstash {})",
        grouped(told.events_in),
        grouped(told.events_filtered),
        grouped(told.events_out),
        told.version
    );
    if told.events_in == 0 {
        return Finding::warning(CHECK, "nothing has come in since it was started").advise(
            "is Filebeat sending to this Logstash? Its output.logstash.hosts must name it; \
             output.elasticsearch must be off",
        );
    }
    let waiting = told.events_filtered.saturating_sub(told.events_out);
    if told.events_out == 0 && waiting > 0 {
        return Finding::problem(CHECK, format!("{seen}: nothing goes out")).advise(
            "look for its output's errors (docker compose logs logstash): the address, the \
             password, or a missing privilege",
        );
    }
    if waiting > ON_THE_WAY {
        return Finding::warning(CHECK, format!("{seen}: {} wait to go out", grouped(waiting)))
            .advise("the cluster takes them too slowly, or refuses them: see Logstash's log");
    }
    Finding::ok(CHECK, seen)
}

fn pipeline(pipeline: &Pipeline) -> Vec<Finding> {
    let mut findings = Vec::new();
    let name = &pipeline.name;
    if pipeline.reload_failed {
        let seen = format!("pipeline {name}: its changed configuration could not be loaded");
        let advice = "the old one goes on; test the new one: bin/logstash -t -f FILE";
        findings.push(Finding::problem("pipeline", seen).advise(advice));
    }
    if let Some((used, most)) =
        pipeline.queue_bytes.filter(|(used, most)| used * 100 >= most * FULL)
    {
        let part = share(used, most);
        let seen = format!("pipeline {name}: its queue is full by {part} ({})", size(used));
        findings.push(Finding::warning("queue", seen).advise(
            "when it is full Beats have to wait: look at the cluster's health, or raise \
             queue.max_bytes",
        ));
    } else {
        let waiting = count(pipeline.queued, "event");
        findings.push(Finding::ok("queue", format!("pipeline {name}: {waiting} waiting")));
    }
    // An empty queue of dead letters holds one byte for its version.
    if let Some(bytes) = pipeline.dead_letters.filter(|bytes| *bytes > 1) {
        let seen = format!("pipeline {name}: {} of dead letters", size(bytes));
        findings.push(Finding::warning("dead letters", seen).advise(
            "the cluster refused these records for good (usually their types): read them with \
             the dead_letter_queue input",
        ));
    }
    if pipeline.refused > 0 {
        let seen = format!("pipeline {name}: {} refused", count(pipeline.refused, "record"));
        findings.push(Finding::problem("output", seen).advise(
            "the cluster refused them for good: types that differ from the mapping, or a \
             missing privilege; Logstash's log has the reason",
        ));
    }
    if !pipeline.failures.is_empty() {
        let lines = pipeline.failures.iter();
        let lines =
            lines.map(|(filter, number)| format!("{filter}: {}", count(*number, "failure")));
        findings.push(
            Finding::warning("filters", format!("pipeline {name}: filters fail"))
                .detail(lines)
                .advise("records that fit no pattern are tagged: `peavey query 'tags: _grokparsefailure' ...`"),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Port, judge};
    use crate::doctor::Grade;
    use crate::source::elastic::Error;
    use crate::source::elastic::examine::logstash::read;

    fn ports(refused: [Option<&str>; 2]) -> Vec<Port> {
        [(5044, "Beats"), (5000, "TCP")]
            .into_iter()
            .zip(refused)
            .map(|((number, what), refused)| Port {
                number,
                what,
                refused: refused.map(str::to_owned),
            })
            .collect()
    }

    fn grades(answer: &serde_json::Value) -> Vec<(&'static str, Grade)> {
        let findings = judge("logstash", &ports([None, Some("refused")]), &Ok(read(answer)));
        findings.iter().map(|finding| (finding.check, finding.grade)).collect()
    }

    /// The documented answer of GET /_node/stats, shortened.
    /// <https://www.elastic.co/docs/api/doc/logstash/operation/operation-nodestats>
    fn documented() -> serde_json::Value {
        json!({"host": "logstash", "version": "8.2.3", "status": "green",
            "events": {"in": 293_658, "filtered": 293_658, "out": 293_658, "duration_in_millis": 2_324_391},
            "pipelines": {".monitoring-logstash": {}, "main": {
                "events": {"out": 293_658, "in": 293_658, "filtered": 293_658},
                "plugins": {"inputs": [{"id": "a", "name": "beats", "events": {"out": 293_658}}],
                    "filters": [{"id": "b", "name": "grok", "matches": 293_650, "failures": 8, "events": {"in": 293_658, "out": 293_658}}],
                    "outputs": [{"id": "c", "name": "elasticsearch", "documents": {"successes": 293_650, "non_retryable_failures": 8}}]},
                "reloads": {"last_error": null, "successes": 0, "last_success_timestamp": null, "last_failure_timestamp": null, "failures": 0},
                "queue": {"type": "persisted", "events_count": 12, "queue_size_in_bytes": 900, "max_queue_size_in_bytes": 1000},
                "dead_letter_queue": {"queue_size_in_bytes": 40_000}}}})
    }

    #[test]
    fn the_documented_answer_is_judged() {
        let found = grades(&documented());
        let expected = [
            ("inputs", Grade::Ok),
            ("events", Grade::Ok),
            ("queue", Grade::Warning),
            ("dead letters", Grade::Warning),
            ("output", Grade::Problem),
            ("filters", Grade::Warning),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_sends_nothing_on_is_a_problem() {
        for (events, grade) in [
            (json!({"in": 0, "filtered": 0, "out": 0}), Grade::Warning),
            (json!({"in": 10, "filtered": 10, "out": 0}), Grade::Problem),
            (json!({"in": 90_000, "filtered": 90_000, "out": 100}), Grade::Warning),
            (json!({"in": 10, "filtered": 10, "out": 10}), Grade::Ok),
        ] {
            let found = grades(&json!({"version": "9.1.0", "events": events, "pipelines": {}}));
            assert_eq!(found[1], ("events", grade), "{events}");
        }
    }

    #[test]
    fn a_failed_reload_is_told_until_one_succeeds() {
        let reloads = |failed: &str, succeeded: &str| {
            let answer = json!({"events": {"in": 1, "filtered": 1, "out": 1}, "pipelines": {"main": {"reloads":
                {"last_failure_timestamp": failed, "last_success_timestamp": succeeded}}}});
            grades(&answer).contains(&("pipeline", Grade::Problem))
        };
        assert!(reloads("2025-11-24T10:00:00Z", "2025-11-24T09:00:00Z"));
        assert!(!reloads("2025-11-24T10:00:00Z", "2025-11-24T11:00:00Z"));
    }

    #[test]
    fn closed_ports_and_a_silent_api_are_told() {
        let error =
            Error::Unreachable { host: "logstash:9600".to_owned(), reason: "refused".to_owned() };
        let found = judge("logstash", &ports([Some("refused"), Some("refused")]), &Err(error));
        let grades: Vec<Grade> = found.iter().map(|finding| finding.grade).collect();
        assert_eq!(grades, [Grade::Problem, Grade::Skipped]);
    }
}
