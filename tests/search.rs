//! Searches find, sort and count what a real Elasticsearch and a real `OpenSearch` found, sorted and
//! counted among the same documents, and refuse what both refused (`tests/data/eval`; with the
//! shared folder its whole set of cases).
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test may fail"
)]

mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

/// Asks the program, as `peavey conformance search` is asked by anybody.
fn answers(cases: &[Json], folder: &Path) -> Vec<Json> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_peavey"))
        .args(["conformance", "search", "--data-views"])
        .arg(folder)
        .arg("--docs")
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program was built for this test");
    let mut input = program.stdin.take().expect("it is piped");
    let asked: String = cases.iter().map(|case| format!("{}\n", without_answer(case))).collect();
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = program.wait_with_output().expect("it was started");
    writer.join().expect("writing does not panic").expect("the program reads all cases");
    let text = String::from_utf8(output.stdout).expect("answers are UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("an answer is JSON")).collect()
}

fn without_answer(case: &Json) -> Json {
    let mut case = case.clone();
    if let Some(case) = case.as_object_mut() {
        case.remove("expect");
    }
    case
}

fn check(file: &Path, folder: &Path) {
    let text = std::fs::read_to_string(file).expect("the cases are there");
    let cases: Vec<Json> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case is JSON"))
        .filter(|case: &Json| case.get("masked").is_none())
        .collect();
    let answers = answers(&cases, folder);
    assert_eq!(answers.len(), cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .zip(&answers)
        .filter_map(|(case, answer)| {
            let what = difference(&case["expect"], answer)?;
            Some(format!("{} {}: {what}", case["id"], case["q"]))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What differs first, if anything.
fn difference(expect: &Json, answer: &Json) -> Option<&'static str> {
    if expect.get("error").is_some() {
        return answer.get("error").is_none().then_some("should be refused");
    }
    if answer["total"] != expect["total"] {
        return Some("total");
    }
    let ids = answer["ids"].as_array()?;
    let right = match expect.get("ids") {
        Some(wanted) => wanted.as_array() == Some(ids),
        None => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            expect["idsSha1"] == sha1(ids.join(",").as_bytes())
        }
    };
    if !right {
        return Some("documents");
    }
    if expect.get("page").is_some_and(|page| *page != answer["page"]) {
        return Some("sorted page");
    }
    for (field, facet) in expect["facets"].as_object().into_iter().flatten() {
        if answer["facets"][field] != *facet {
            return Some("facet");
        }
    }
    let buckets = expect.get("buckets")?.as_array()?;
    let found = answer["histogram"]["buckets"].as_array()?;
    let same = buckets.len() == found.len()
        && buckets.iter().zip(found).all(|(wanted, found)| {
            let none = json!({});
            let values = |bucket: &Json| bucket.get("values").unwrap_or(&none).clone();
            wanted["time"] == found["time"]
                && wanted["count"] == found["count"]
                && values(wanted) == values(found)
        });
    (!same).then_some("histogram")
}

/// The SHA-1 of some bytes in hexadecimal: long lists of documents are compared by it.
fn sha1(bytes: &[u8]) -> String {
    let mut state: [u32; 5] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - bytes.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks_exact(64) {
        let mut words = [0_u32; 80];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        for at in 16..80 {
            let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
            words[at] = mixed.rotate_left(1);
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in words.iter().enumerate() {
            let (mix, constant) = match at / 20 {
                0 => ((b & c) | (!b & d), 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC_u32),
                _ => (b ^ c ^ d, 0xCA62_C1D6),
            };
            let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e);
            let next = next.wrapping_add(constant).wrapping_add(*word);
            (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
        }
        for (part, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *part = part.wrapping_add(add);
        }
    }
    state.iter().map(|part| format!("{part:08x}")).collect()
}

#[test]
fn hostile_documents_are_found_as_elasticsearch_finds_them() {
    assert_eq!(sha1(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    check(&support::data("eval/cases.jsonl"), &support::data("eval"));
}

#[test]
fn every_shared_search_is_answered_as_elasticsearch_answers_it() {
    let test = "every_shared_search_is_answered_as_elasticsearch_answers_it";
    let Some(shared) = support::shared_or_skip(test) else { return };
    for file in ["search.jsonl", "lucene.jsonl"] {
        check(&shared.join("eval").join(file), &shared.join("eval"));
    }
}
