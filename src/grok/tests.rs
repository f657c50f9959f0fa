//! What patterns match, against facts about Logstash.

use super::{Ecs, Found, Kind, Library, Pattern, Scratch};

fn compile(ecs: Ecs, pattern: &str) -> Pattern {
    let library = Library::builtin(ecs);
    Pattern::compile(pattern, &library, &|_| true).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

/// The captures of a match as `field=text`, or `no match`.
fn captures(pattern: &Pattern, text: &[u8]) -> String {
    let mut scratch = Scratch::default();
    match pattern.find(&mut scratch, text) {
        Found::NoMatch => return "no match".to_owned(),
        Found::TimedOut => return "timed out".to_owned(),
        Found::Match => {}
    }
    let mut all = Vec::new();
    for capture in pattern.captures() {
        for group in &capture.groups {
            if let Some((start, end)) = scratch.span(*group) {
                let text = String::from_utf8_lossy(&text[start..end]);
                all.push(format!("{}={text}", capture.field));
            }
        }
    }
    all.join(" ")
}

#[track_caller]
fn check(pattern: &str, text: &str, expect: &str) {
    let pattern = compile(Ecs::Disabled, pattern);
    assert_eq!(captures(&pattern, text.as_bytes()), expect, "on {text:?}");
}

#[test]
fn every_built_in_pattern_compiles() {
    for ecs in [Ecs::Disabled, Ecs::V1] {
        let library = Library::builtin(ecs);
        for name in library.names() {
            compile(ecs, &format!("%{{{name}}}"));
        }
    }
}

#[test]
fn a_reference_names_a_capture_and_its_type() {
    let pattern = compile(Ecs::Disabled, "%{INT:a:int} %{NUMBER:b:float} %{WORD:c:string}");
    let kinds: Vec<_> = pattern.captures().iter().map(|capture| capture.kind).collect();
    assert_eq!(kinds, [Kind::Int, Kind::Float, Kind::Text]);
    assert_eq!(captures(&pattern, b"x 12 3.5 go"), "a=12 b=3.5 c=go");
}

#[test]
fn combined_access_logs_are_read() {
    check(
        "%{COMBINEDAPACHELOG}",
        "1.2.3.4 - bob [24/Nov/2025:00:00:01 +0000] \"GET /a?b=c HTTP/1.1\" 200 34 \"-\" \"curl/8\"",
        "clientip=1.2.3.4 ident=- auth=bob timestamp=24/Nov/2025:00:00:01 +0000 verb=GET \
         request=/a?b=c httpversion=1.1 response=200 bytes=34 referrer=\"-\" agent=\"curl/8\"",
    );
}

#[test]
fn syslog_lines_are_read() {
    check(
        "%{SYSLOGLINE}",
        "Mar  5 06:07:08 web-1 sshd[123]: Accepted key",
        "timestamp=Mar  5 06:07:08 logsource=web-1 program=sshd pid=123 message=Accepted key",
    );
}

#[test]
fn ruby_details_hold() {
    check("^(?<a>.*)$", "x\ny", "a=x\ny");
    check("^(?<a>[^\\n]*)$", "x\ny", "a=x");
    check("(?<a>\\w+)", "naïve", "a=na");
    check("\\bbar", "ébar", "no match");
    check("(?<a>a{,2})", "aaa", "a=aa");
    check("(?<a>\\h+)", "xyz1fg", "a=1f");
    check("(?<a>{x)", "{x", "a={x");
    check("%{NUMBER:n}\\d", "123", "no match");
    check("(?<a>(?>a+))b", "aab", "a=aa");
    check("(?<=x)(?<a>.)", "axb", "a=b");
    check("(?<!foo|ba)(?<a>r)", "bar r", "a=r");
    check("(?<q>['\"]).*?\\k<q>(?<a>.)", "x 'a\" b'c", "q=' a=c");
    check("(?i)(?<a>GET)", "get", "a=get");
    check("(?<a>a++)a", "aaa", "no match");
    check("(?<a>[a-z&&[^m-z]]+)", "zlam", "a=la");
    check("%\\{(?<a>x)", "%{x", "a=x");
    check("(?<a>x|y)+(?<b>.)", "xyxz", "a=x b=z");
    check("(a*)*(?<b>b)", "aab", "b=b");
}

#[test]
fn unknown_names_and_cycles_are_explained() {
    let mut library = Library::builtin(Ecs::Disabled);
    let error = |library: &Library, text: &str| {
        Pattern::compile(text, library, &|_| true).expect_err("must be refused").to_string()
    };
    assert_eq!(error(&library, "%{IPORHOTS:a}"), "unknown grok pattern `IPORHOTS`");
    let diagnostic = Pattern::compile("%{IPORHOTS}", &library, &|_| true)
        .expect_err("must be refused")
        .diagnostic(0..3);
    assert_eq!(diagnostic.hint.as_deref(), Some("did you mean `IPORHOST`?"));
    library.add("A", "x%{B}");
    library.add("B", "y%{A}");
    assert_eq!(error(&library, "%{A}"), "grok pattern uses itself: A -> B -> A");
    assert!(error(&library, "(a").contains("missing `)`"));
}

#[test]
fn a_hopeless_text_ends_in_time() {
    let text = "a".repeat(40);
    check("^(?<x>(a|aa)+)$!", &text, "timed out");
}

#[test]
fn unwanted_captures_are_left_out() {
    let library = Library::builtin(Ecs::Disabled);
    let pattern = Pattern::compile("%{WORD:a} %{WORD:b}", &library, &|field| field == "b")
        .expect("it is a pattern");
    assert_eq!(captures(&pattern, b"x y"), "b=y");
}
