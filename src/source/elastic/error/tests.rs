//! Complaints of engines: some as real nodes made them, the security ones from public reports.

use serde_json::{Value as Json, json};

use super::{Authentication, Error};
use crate::source::elastic::Secret;

fn refused(status: u16, body: &Json) -> String {
    Error::of_answer(status, body, None).sentence()
}

#[test]
fn the_reason_is_that_of_the_root_cause() {
    let body = json!({"error": {"root_cause": [{"type": "query_shard_exception", "reason": "no [x]"}],
        "type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 400});
    let error = Error::of_answer(400, &body, None);
    assert_eq!(error.to_string(), "the cluster refuses: no [x] (query_shard_exception)");
    let silent = json!({"error": {"root_cause": [], "type": "search_phase_execution_exception",
        "reason": "", "caused_by": {"type": "x", "reason": "Search rejected due to missing shards"}}});
    assert!(refused(503, &silent).contains("shards are missing"));
    assert!(Error::of_answer(405, &json!({"error": "Incorrect HTTP method"}), None).is_not_there());
}

/// Every documented answer of security and licence becomes the sentence that is kept beside it.
#[test]
fn security_exceptions_name_who_what_where_and_the_change_that_mends_it() {
    let text = include_str!("../../../../tests/data/elastic/security.json");
    let cases: Vec<Json> = serde_json::from_str(text).unwrap();
    assert!(cases.len() > 10);
    for case in cases {
        let (status, reason) = (case["status"].as_u64().unwrap() as u16, &case["reason"]);
        let cause = json!({"type": "security_exception", "reason": reason});
        let body = json!({"error": {"root_cause": [cause], "type": "security_exception", "reason": reason}, "status": status});
        assert_eq!(refused(status, &body), case["said"].as_str().unwrap(), "{}", case["source"]);
    }
}

#[test]
fn what_a_proxy_or_a_plugin_answers_without_json_is_told_too() {
    assert!(refused(401, &Json::Null).starts_with("the cluster asks who you are (401)"));
    assert_eq!(refused(403, &Json::Null), "the cluster refuses: HTTP status 403");
    assert!(refused(429, &Json::Null).contains("ask for a shorter time"));
}

#[test]
fn a_401_without_a_reason_says_who_is_not_accepted() {
    let check = |who: &Authentication, body: &Json, said: &str| {
        let told = Error::of_answer(401, body, None).asked_by(who).sentence();
        assert!(told.starts_with(said), "{told}");
    };
    let secret = Secret::new("wholly-secret");
    let eva = Authentication::Basic { user: "eva".to_owned(), password: secret.clone() };
    check(&Authentication::None, &Json::Null, "the cluster asks who you are (401); give");
    let not = "the cluster does not accept";
    check(&eva, &Json::Null, &format!("{not} user eva with this password (401); if it was"));
    check(&Authentication::ApiKey(secret.clone()), &Json::Null, &format!("{not} this API key"));
    check(&Authentication::Bearer(secret), &Json::Null, &format!("{not} this token (401)"));
    // What has a reason keeps it.
    let body = json!({"error": {"type": "security_exception", "reason": "the token is expired"}});
    check(&eva, &body, "the token has expired or was revoked (401)");
}

#[test]
fn no_reason_makes_the_reader_fall() {
    for reason in
        ["action [", "action [] is unauthorized for", "no permissions for [x", "[", "on [", "[]]"]
    {
        for status in [400, 401, 403, 429, 503] {
            let body = json!({"error": {"type": "x", "reason": reason}});
            assert!(!refused(status, &body).is_empty());
        }
    }
}

#[test]
fn an_answer_that_is_none_is_told_by_what_it_is() {
    let check = |body: &str, said: &str| {
        let error = serde_json::from_str::<Json>(body).unwrap_err();
        let told = super::garbled::of_body("h:1", body.as_bytes(), &error).sentence();
        assert!(told.starts_with(said), "{told}");
    };
    check("", "the answer of h:1 cannot be read: it is empty; a proxy");
    check(
        "<html>\n <head><title>Sign in</title>",
        "the answer of h:1 cannot be read: it is no JSON, but begins with `<html> <head><title>Sign in</title>`; a proxy",
    );
    check(r#"{"took": 3, "hits": {"#, "the answer of h:1 broke off: it ends after 21 bytes");
    check(r#"{"took": nine}"#, "the answer of h:1 cannot be read: expected");
    check(&"é".repeat(500), "the answer of h:1 cannot be read: it is no JSON");
}
