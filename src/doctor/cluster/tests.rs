//! Clusters as they are found in the wild, and what is said of them.

use crate::doctor::Grade;
use crate::doctor::cluster::{View, judge};
use crate::source::elastic::Error;
use crate::source::elastic::examine::caller::read_privileges;
use crate::source::elastic::examine::fields::Conflict;
use crate::source::elastic::examine::node::Limit;
use crate::source::elastic::examine::{
    Allocation, Caller, Catalog, Colour, Data, Facts, Failures, Fields, Health, IndexSettings,
    License, Limits, Newest, Node, Retention, Stream, Template, license,
};
use crate::time::{Millis, Zone};
use serde_json::json;

const NOW: Millis = Millis(1_763_972_104_000);
const MINUTE: i64 = 60_000;

/// A cluster of seed 001's kind in good health.
fn healthy() -> Facts {
    let stream = |name: &str| Stream { name: name.to_owned(), newest_index: None };
    let newest =
        |name: &str| Ok(Newest { name: name.to_owned(), at: Some(Millis(NOW.0 - MINUTE)) });
    Facts {
        now: NOW,
        clock: Some((Millis(NOW.0 + 200), "node-1".to_owned())),
        caller: Ok(Caller { name: "eva".to_owned(), roles: vec!["viewer".to_owned()] }),
        privileges: Some(Ok(read_privileges(&json!({"cluster": {"monitor": true},
            "index": {"logs-*-pt": {"read": true, "view_index_metadata": true, "create_doc": true, "auto_configure": true}}})))),
        license: Ok(License { kind: "basic".to_owned(), status: "active".to_owned(), ends: None }),
        health: Ok(Health {
            colour: Colour::Green,
            cluster: "elk-cluster".to_owned(),
            nodes: 1,
            unassigned: 0,
            starting: 0,
        }),
        allocation: None,
        nodes: Ok(vec![Node {
            name: "node-1".to_owned(),
            total: 1000 << 30,
            available: 500 << 30,
            clock: None,
        }]),
        limits: Ok(Limits {
            are_minded: true,
            low: Limit::Share(150, None),
            high: Limit::Share(100, None),
            flood: Limit::Share(50, None),
            allocation: "all".to_owned(),
        }),
        templates: Ok(vec![
            Template {
                name: "logs".to_owned(),
                patterns: vec!["logs-*-*".to_owned()],
                priority: 100,
                makes_streams: true,
            },
            Template {
                name: "pt-logs".to_owned(),
                patterns: vec!["logs-*-pt".to_owned()],
                priority: 500,
                makes_streams: true,
            },
        ]),
        data: Some(Data {
            pattern: "logs-*-pt".to_owned(),
            time_field: "@timestamp".to_owned(),
            catalog: Ok(Catalog {
                streams: vec![stream("logs-django-pt"), stream("logs-nginx-pt")],
                ..Catalog::default()
            }),
            fields: Ok(Fields {
                count: 40,
                conflicts: Vec::new(),
                time: vec!["date".to_owned()],
                tags: Some("tags".to_owned()),
            }),
            settings: Ok(vec![IndexSettings {
                index: ".ds-1".to_owned(),
                field_limit: 1000,
                blocks: Vec::new(),
                policy: None,
            }]),
            newest: vec![newest("logs-django-pt"), newest("logs-nginx-pt")],
            unasked: 0,
            failures: Some(Ok(Failures { of: 1000, tags: Vec::new(), ignored: 0 })),
            retention: Ok(vec![Retention {
                name: "logs-django-pt".to_owned(),
                kept: Some("30d".to_owned()),
            }]),
        }),
    }
}

fn data(facts: &mut Facts) -> &mut Data {
    facts.data.as_mut().unwrap()
}

/// A change of a healthy cluster; the check that has to tell it, how bad it is, and a word of it.
fn check(change: impl FnOnce(&mut Facts), name: &str, grade: Grade, word: &str) {
    let mut facts = healthy();
    change(&mut facts);
    let view = View { zone: Zone::UTC, late: 15 * MINUTE, writing: true };
    let findings = judge(&facts, &view);
    let found = findings.iter().find(|finding| finding.check == name);
    let found = found.unwrap_or_else(|| panic!("nothing is said of {name}"));
    let said = format!(
        "{} {} {:?} {:?}",
        found.seen,
        found.details.join(" "),
        found.advice,
        found.command
    );
    assert_eq!(found.grade, grade, "{name}: {said}");
    assert!(said.contains(word), "{name}: {said}");
    let mut others = findings.iter().filter(|finding| finding.check != name);
    let unmeant = others.find(|other| other.grade > Grade::Ok);
    assert_eq!(unmeant, None, "{name}");
}

fn refused(status: u16) -> Error {
    Error::of_answer(status, &json!({"error": "refused"}), None)
}

#[test]
fn a_healthy_cluster_has_nothing_to_tell() {
    let view = View { zone: Zone::UTC, late: 15 * MINUTE, writing: true };
    let findings = judge(&healthy(), &view);
    assert!(findings.iter().all(|finding| finding.grade == Grade::Ok), "{findings:#?}");
    assert_eq!(findings.len(), 14);
}

fn ill(facts: &mut Facts, colour: Colour, rule: &str, verdict: &str) {
    let health = facts.health.as_mut().unwrap();
    (health.colour, health.unassigned) = (colour, 3);
    facts.allocation = Some(Ok(Allocation {
        index: "logs".to_owned(),
        is_primary: colour == Colour::Red,
        since: "NODE_LEFT".to_owned(),
        verdict: verdict.to_owned(),
        forbidden_by: vec![(rule.to_owned(), "in the engine's words".to_owned())],
    }));
}

#[test]
fn yellow_and_red_are_explained() {
    use Grade::{Problem, Warning};
    let check = |colour, rule: &str, verdict: &str, grade, word: &str| {
        check(|facts| ill(facts, colour, rule, verdict), "health", grade, word);
    };
    check(
        Colour::Yellow,
        "same_shard",
        "no",
        Warning,
        r#"PUT /logs/_settings {\"index.number_of_replicas\":0}"#,
    );
    check(Colour::Yellow, "disk_threshold", "no", Warning, "free disk space");
    check(Colour::Red, "", "no_valid_shard_copy", Problem, "snapshot");
    check(Colour::Red, "max_retry", "no", Problem, "retry_failed=true");
    check(Colour::Red, "filter", "no", Problem, "attributes");
    check(Colour::Red, "new_rule", "no", Problem, "in the engine's words");
}

#[test]
fn switched_off_allocation_is_told() {
    let change = |facts: &mut Facts| {
        ill(facts, Colour::Yellow, "enable", "no");
        facts.limits.as_mut().unwrap().allocation = "primaries".to_owned();
    };
    check(change, "health", Grade::Warning, "switched off");
}

#[test]
fn disks_are_judged_by_the_limits_of_the_cluster() {
    let disk = |free: u64, grade, word: &str| {
        let change = |facts: &mut Facts| facts.nodes.as_mut().unwrap()[0].available = free << 30;
        check(change, "disk", grade, word);
    };
    disk(160, Grade::Ok, "160.0 GB of 1000.0 GB free");
    disk(140, Grade::Warning, "no new shards");
    disk(90, Grade::Problem, "moved away");
    disk(40, Grade::Problem, "no more records");
}

#[test]
fn what_a_user_may_not_ask_is_skipped() {
    let skip = |facts: &mut Facts| {
        facts.caller = Err(refused(403));
        facts.license = Err(refused(400));
        facts.health = Err(refused(403));
        facts.nodes = Err(refused(403));
        facts.limits = Err(refused(403));
        facts.templates = Err(refused(405));
        facts.privileges = Some(Err(refused(404)));
        facts.clock = None;
        data(facts).settings = Err(refused(403));
        data(facts).retention = Err(refused(400));
    };
    check(skip, "health", Grade::Skipped, "may not ask");
    check(skip, "licence", Grade::Skipped, "no such call");
    check(skip, "may read", Grade::Ok, "answered");
}

#[test]
fn rights_that_are_missing_are_named() {
    let may = |index: serde_json::Value| {
        move |facts: &mut Facts| {
            let answer = json!({"cluster": {}, "index": {"logs-*-pt": index}});
            facts.privileges = Some(Ok(read_privileges(&answer)));
        }
    };
    let reader = json!({"read": true, "view_index_metadata": true, "create_doc": false});
    check(may(reader), "may write", Grade::Problem, "create_doc");
    // Seed 002, step 5: the writer may write, but not make the index.
    let writer = json!({"read": true, "view_index_metadata": true, "create_doc": true, "auto_configure": false, "create_index": false});
    check(may(writer), "may write", Grade::Warning, "auto_configure on logs-*-pt");
    let blind = json!({"read": false, "view_index_metadata": true, "create_doc": true, "create_index": true});
    check(may(blind), "may read", Grade::Problem, "read");
}

#[test]
fn the_newest_records_tell_what_is_silent() {
    let at = |first: Option<i64>, second: Option<i64>| {
        move |facts: &mut Facts| {
            for (asked, age) in data(facts).newest.iter_mut().zip([first, second]) {
                asked.as_mut().unwrap().at = age.map(|age| Millis(NOW.0 - age * MINUTE));
            }
        }
    };
    let name = "newest record";
    check(at(Some(1), Some(20)), name, Grade::Warning, "1 of 2 streams");
    check(
        at(Some(40), Some(20)),
        name,
        Grade::Warning,
        "nothing since Nov 24, 2025 @ 07:55:04: is Filebeat sending?",
    );
    check(at(Some(1), Some(-60)), name, Grade::Warning, "in the future");
    check(at(None, None), name, Grade::Problem, "no record");
    check(at(None, Some(1)), name, Grade::Warning, "1 of 2 streams");
}

#[test]
fn templates_are_judged_by_the_one_that_wins() {
    let plain = |facts: &mut Facts| facts.templates.as_mut().unwrap()[1].makes_streams = false;
    check(plain, "template", Grade::Problem, r#"no "data_stream": {}"#);
    let lower = |facts: &mut Facts| {
        let templates = facts.templates.as_mut().unwrap();
        templates[1].makes_streams = false;
        templates[1].priority = 50;
    };
    check(lower, "template", Grade::Ok, "logs (logs-*-*)");
    let early = |facts: &mut Facts| {
        data(facts).catalog.as_mut().unwrap().indices = vec!["logs-flower-pt".to_owned()];
    };
    check(early, "template", Grade::Warning, "plain indices all the same: logs-flower-pt");
    let none = |facts: &mut Facts| facts.templates = Ok(Vec::new());
    check(none, "template", Grade::Warning, "peavey setup");
}

#[test]
fn fields_and_limits_are_judged() {
    let conflict = |facts: &mut Facts| {
        let of = |kind: &str, index: &str| (kind.to_owned(), vec![index.to_owned()]);
        let types = vec![of("keyword", "a"), of("object", "b")];
        data(facts).fields.as_mut().unwrap().conflicts =
            vec![Conflict { field: "service".to_owned(), types }];
    };
    check(conflict, "mapping", Grade::Warning, "service: keyword in a; object in b");
    let text =
        |facts: &mut Facts| data(facts).fields.as_mut().unwrap().time = vec!["text".to_owned()];
    check(text, "mapping", Grade::Problem, "of the type text");
    let many = |facts: &mut Facts| data(facts).fields.as_mut().unwrap().count = 950;
    check(many, "field limit", Grade::Warning, "950 of at most 1,000");
    let full = |facts: &mut Facts| {
        data(facts).settings.as_mut().unwrap()[0].blocks =
            vec!["read_only_allow_delete".to_owned()];
    };
    check(full, "blocks", Grade::Problem, "read_only_allow_delete");
}

#[test]
fn what_could_not_be_parsed_is_counted() {
    let failed = |number: u64, ignored: u64| {
        move |facts: &mut Facts| {
            let tags = vec![("_grokparsefailure_pt".to_owned(), number)];
            data(facts).failures = Some(Ok(Failures { of: 1000, tags, ignored }));
        }
    };
    check(failed(8, 0), "parsing", Grade::Ok, "0.8 %");
    check(failed(80, 0), "parsing", Grade::Warning, "tags: _grokparsefailure_pt");
    check(failed(0, 5), "ignored fields", Grade::Warning, "0.5 %");
}

#[test]
fn the_rest_is_judged_too() {
    let late =
        |facts: &mut Facts| facts.clock = Some((Millis(NOW.0 - 3 * MINUTE), "node-1".to_owned()));
    check(late, "clock", Grade::Warning, "3 m behind");
    let nothing = |facts: &mut Facts| {
        data(facts).catalog = Ok(Catalog::default());
    };
    check(nothing, "data view", Grade::Problem, "matches no index");
    let closed =
        |facts: &mut Facts| data(facts).catalog.as_mut().unwrap().closed = vec!["old".to_owned()];
    check(closed, "data view", Grade::Warning, "old");
    let ever = |facts: &mut Facts| data(facts).retention.as_mut().unwrap()[0].kept = None;
    check(ever, "retention", Grade::Warning, "for ever");
    // https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-license-get
    let licence = |status: &str, ends: i64| {
        let answer = json!({"license": {"status": status, "uid": "cbff45e7", "type": "trial", "expiry_date_in_millis": ends, "max_nodes": 1000}});
        move |facts: &mut Facts| facts.license = Ok(license::read(&answer))
    };
    check(licence("active", NOW.0 + 86_400_000), "licence", Grade::Warning, "ends in 1 d");
    check(licence("expired", NOW.0 - 86_400_000), "licence", Grade::Problem, "start_basic");
    check(licence("active", NOW.0 + 90 * 86_400_000), "licence", Grade::Ok, "90 d");
}
