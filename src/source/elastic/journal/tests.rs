//! What is kept of calls, and what is never shown.

use std::time::Duration;

use proptest::prelude::*;

use super::Journal;
use crate::query::{Exchange, RequestId, ShardCount};
use crate::source::elastic::{Authentication, Connection, Error, Secret};

fn journal(authentication: Authentication) -> Journal {
    Journal::new(&Connection { authentication, ..Connection::to("https://es.example:9200") })
}

fn texts(exchange: &Exchange) -> String {
    format!("{exchange:?}")
}

#[test]
fn a_call_is_told_as_the_console_and_as_curl_take_it() {
    let basic =
        Authentication::Basic { user: "ann".to_owned(), password: Secret::new("hush-hush") };
    let journal = journal(basic);
    let body = r#"{"query":{"term":{"name":{"value":"it's"}}}}"#;
    let sent =
        journal.sent("POST", "https://es.example:9200", "/logs-*/_search".to_owned(), Some(body));
    let answer = br#"{"took":7,"_shards":{"total":5,"successful":5,"skipped":3,"failed":0},"hits":{"hits":[{"took":1}]}}"#;
    sent.answered(200, answer, answer.len());
    drop(sent);
    let [exchange] = journal.exchanges().try_into().unwrap();
    assert_eq!(
        exchange.console,
        "POST /logs-*/_search\n{ \"query\": { \"term\": { \"name\": { \"value\": \"it's\" } } } }"
    );
    assert_eq!(
        exchange.curl,
        "curl -sS -u \"$ES_USER:$ES_PASSWORD\" -X POST 'https://es.example:9200/logs-*/_search' \\\n  \
         -H 'Content-Type: application/json' -d '{ \"query\": { \"term\": { \"name\": { \"value\": \"it'\\''s\" } } } }'"
    );
    assert_eq!(exchange.took, Some(Duration::from_millis(7)));
    let shards = ShardCount { total: 5, successful: 5, skipped: 3, failed: 0 };
    assert_eq!((exchange.status, exchange.shards), (Some(200), Some(shards)));
    assert_eq!(exchange.host, "es.example:9200");
}

#[test]
fn calls_that_end_otherwise_say_how() {
    let journal = journal(Authentication::None);
    let send = || journal.sent("GET", "http://h:1", "/".to_owned(), None);
    let failed = send();
    let error = Error::Unreachable { host: "h:1".to_owned(), reason: "refused".to_owned() };
    assert_eq!(failed.failed(error.clone()), error);
    drop(failed);
    drop(send());
    let waiting = send();
    let told: Vec<Option<String>> =
        journal.exchanges().into_iter().map(|exchange| exchange.error).collect();
    assert_eq!(told[0].as_deref(), Some("no connection to h:1: refused"));
    assert!(told[1].as_deref().unwrap_or_default().starts_with("stopped"), "{told:?}");
    assert_eq!(told[2], None, "still waiting");
    drop(waiting);
}

#[test]
fn memory_is_bounded() {
    let journal = journal(Authentication::None);
    let body = "x".repeat(1 << 20);
    for _ in 0..200 {
        let sent = journal.sent("POST", "http://h:1", "/a/_search".to_owned(), Some(&body));
        sent.answered(200, body.as_bytes(), body.len());
    }
    let kept = journal.exchanges();
    assert_eq!(kept.len(), super::KEPT);
    let size: usize =
        kept.iter().map(|exchange| exchange.console.len() + exchange.answer.len()).sum();
    assert!(size < super::KEPT * (super::REQUEST + super::ANSWER + 1000), "{size}");
    assert!(kept[0].answer.ends_with("the first 16 KB of 1048576 bytes"));
}

#[tokio::test]
async fn a_call_knows_on_whose_behalf_it_is() {
    let journal = journal(Authentication::None);
    let part = crate::query::Part::Total;
    super::on_behalf(RequestId(7), Some(&part), async {
        drop(journal.sent("POST", "http://h:1", "/a/_search".to_owned(), None));
    })
    .await;
    drop(journal.sent("POST", "http://h:1", "/a/_field_caps".to_owned(), None));
    let told: Vec<(Option<RequestId>, String)> = journal
        .exchanges()
        .into_iter()
        .map(|exchange| (exchange.request, exchange.purpose))
        .collect();
    assert_eq!(told[0], (Some(RequestId(7)), "number of hits".to_owned()));
    assert_eq!(told[1], (None, "fields".to_owned()));
}

proptest! {
    /// Whatever the credentials are, and wherever an answer repeats them, no text shows them.
    #[test]
    fn no_secret_is_in_any_text(secret in "[A-Za-z0-9:/+= äß-]{8,40}", kind in 0..4) {
        let own = Secret::new(secret.clone());
        let authentication = match kind {
            0 => Authentication::Basic { user: "ann".to_owned(), password: own },
            1 => Authentication::ApiKey(own),
            2 => Authentication::Bearer(own),
            _ => Authentication::api_key("someone", &own),
        };
        let header = authentication.header().unwrap_or_default();
        let coded = header.split_once(' ').map_or("", |(_, value)| value).to_owned();
        let journal = journal(authentication);
        let path = format!("/a/_search?q={secret}");
        let body = serde_json::json!({"a": secret, "b": header}).to_string();
        let sent = journal.sent("POST", "https://h:1", path, Some(&body));
        sent.answered(401, body.as_bytes(), body.len());
        let failed = journal.sent("POST", "https://h:1", "/".to_owned(), None);
        failed.failed(Error::Settings(format!("{secret} {header}")));
        for exchange in journal.exchanges() {
            let said = texts(&exchange);
            if kind < 3 {
                prop_assert!(!said.contains(&secret), "{}", said);
            }
            prop_assert!(!said.contains(&coded), "{}", said);
        }
    }
}
