//! Leaving out what nobody wants changes no value that somebody wants.

use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use super::Pipeline;
use super::tests::{compile, options, run};

const CONFIGS: &[&str] = &[
    r#"grok { match => { "message" => ["^%{WORD:a} %{INT:b:int} %{GREEDYDATA:message}", "^%{INT:b} ?%{WORD:a}?"] } overwrite => ["message"] add_tag => ["t"] }
       date { match => ["b", "UNIX"] add_field => { "dated" => "%{a}" } }
       if [b] > 5 { mutate { replace => { "c" => "big %{b}" } } } else if [a] == "x" { mutate { copy => { "a" => "c" } } }
       mutate { rename => { "a" => "d" } uppercase => ["d"] }"#,
    r#"if [message] =~ /^x/ { mutate { gsub => ["message", "x", "y"] add_field => { "w" => "1" } } }
       if [w] { drop {} }
       grok { match => { "message" => "%{INT:n:int}" } tag_on_failure => ["none"] remove_field => ["m"] }
       if "none" in [tags] { mutate { add_field => { "failed" => "yes" } } }
       mutate { convert => { "n" => "string" } add_field => { "[o][p]" => "%{n}" "[o][q]" => "2" } }
       mutate { rename => { "[o][p]" => "r" } remove_field => ["[o][q]"] }"#,
    r#"grok { match => { "message" => "(?<k>[a-z]+)(?<v>.*)" } }
       mutate { merge => { "k" => "v" } split => { "message" => " " } }
       mutate { join => { "k" => "," } add_field => { "%{k}" => "dynamic" } }
       if [k] in ["x", "ab,"] or ![v] { mutate { update => { "v" => "none" } strip => ["v"] } }"#,
];

/// Each configuration with all its fields, and compiled for each of them alone.
fn compiled() -> Vec<(Pipeline, Vec<(String, Pipeline)>)> {
    let each = CONFIGS.iter().map(|config| {
        let full = compile(config, &options(&[]));
        let names: Vec<String> = full.layout().names().map(str::to_owned).collect();
        let alone = names.into_iter().map(|name| {
            let pipeline = compile(config, &options(&[&name]));
            (name, pipeline)
        });
        let alone = alone.collect();
        (full, alone)
    });
    each.collect()
}

fn value<'a>(fields: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    fields.get(name)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn a_projected_run_equals_the_full_run(
        lines in prop::collection::vec("(x|ab|[a-z]{1,3}|)( ?)([0-9]{1,2}|-)?( [a-z ]{0,4})?", 4),
    ) {
        thread_local! {
            static ALL: Vec<(Pipeline, Vec<(String, Pipeline)>)> = compiled();
        }
        ALL.with(|all| {
            for (full, alone) in all {
                for line in &lines {
                    let (expect, outcome) = run(full, line.as_bytes());
                    for (name, pipeline) in alone {
                        let (found, projected) = run(pipeline, line.as_bytes());
                        assert_eq!(projected.dropped, outcome.dropped, "{name} on {line:?}");
                        if !outcome.dropped {
                            let pair = (value(&found, name), value(&expect, name));
                            assert_eq!(pair.0, pair.1, "{name} on {line:?}");
                        }
                    }
                }
            }
        });
    }
}
