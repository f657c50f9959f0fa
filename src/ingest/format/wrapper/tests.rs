//! Wrappers line by line.

use super::*;

fn check(wrapper: Wrapper, line: &str, expected: &str) {
    let clock = Clock { zone: Zone::UTC, year: 2025 };
    let got = wrapper.peel(line.as_bytes(), &clock).map(|peeled| {
        let text = match &peeled.text {
            Some(range) => line.as_bytes()[range.clone()].to_vec(),
            None => peeled.owned.clone(),
        };
        let mut shown = vec![String::from_utf8_lossy(&text).into_owned()];
        shown.extend(peeled.time.map(|time| format!("@{time}")));
        shown.extend(peeled.stream.map(|stream| stream.name().to_owned()));
        let field =
            |(name, range): &(&str, Range<usize>)| format!("{name}={}", &line[range.clone()]);
        shown.extend(peeled.fields.iter().map(field));
        shown.extend(peeled.open.then(|| "open".to_owned()));
        shown.join(" ")
    });
    assert_eq!(got.as_deref().unwrap_or("none"), expected, "{line}");
}

#[test]
fn docker_json() {
    check(
        Wrapper::DockerJson,
        r#"{"log":"a \"b\"\n","stream":"stderr","time":"2024-05-02T12:17:25.606619951Z"}"#,
        "a \"b\" @2024-05-02T12:17:25.606Z stderr",
    );
    check(
        Wrapper::DockerJson,
        r#"{"log":"part","stream":"stdout","attrs":{"x":1},"time":"2024-05-02T12:17:25Z"}"#,
        "part @2024-05-02T12:17:25.000Z stdout open",
    );
    check(Wrapper::DockerJson, r#"{"log":"x\n","level":"info"}"#, "none");
    check(Wrapper::DockerJson, r#"{"log":{"level":"info"},"stream":"stdout"}"#, "none");
    check(Wrapper::DockerJson, "", "none");
}

#[test]
fn cri() {
    check(
        Wrapper::Cri,
        "2016-10-06T00:17:09.669794202Z stdout F log content 1",
        "log content 1 @2016-10-06T00:17:09.669Z stdout",
    );
    check(
        Wrapper::Cri,
        "2016-10-06T00:17:09.1+02:00 stderr P part",
        "part @2016-10-05T22:17:09.100Z stderr open",
    );
    check(
        Wrapper::Cri,
        "2016-10-06T00:17:09.669794202Z stdout F",
        " @2016-10-06T00:17:09.669Z stdout",
    );
    check(Wrapper::Cri, "2016-10-06T00:17:09.669794202Z other F x", "none");
}

#[test]
fn prefixes() {
    check(
        Wrapper::Kubectl,
        "[pod/web-1/nginx] 2024-05-02T12:17:25.606619951Z GET /",
        "GET / @2024-05-02T12:17:25.606Z kubernetes.pod.name=web-1 kubernetes.container.name=nginx",
    );
    check(
        Wrapper::Kubectl,
        "[pod/web-1/nginx] x",
        "x kubernetes.pod.name=web-1 kubernetes.container.name=nginx",
    );
    check(Wrapper::Compose, "web-1  | hello | x", "hello | x container.name=web-1");
    check(Wrapper::Compose, "\x1b[36mweb-1  |\x1b[0m x", "none");
    check(Wrapper::Compose, "\x1b[36mdb_1  | \x1b[0mx", "x container.name=db_1");
    check(Wrapper::Compose, "ERROR | x", "none");
    check(Wrapper::DockerTime, "2024-05-02T12:17:25.606619951Z x", "x @2024-05-02T12:17:25.606Z");
    check(Wrapper::DockerTime, "2024-05-02T12:17:25.606Z x", "none");
}

#[test]
fn syslog_around_json() {
    check(
        Wrapper::SyslogJson,
        r#"Nov 24 10:00:00 web1 app[7]: {"a":1}"#,
        r#"{"a":1} @2025-11-24T10:00:00.000Z host.hostname=web1 process.name=app process.pid=7"#,
    );
    check(
        Wrapper::SyslogJson,
        r#"<14>2025-11-24T10:00:00Z web1 app: {"a":1}"#,
        r#"{"a":1} @2025-11-24T10:00:00.000Z host.hostname=web1 process.name=app"#,
    );
    check(Wrapper::SyslogJson, r"Nov 24 10:00:00 web1 app[7]: {x", "none");
}

proptest::proptest! {
    #[test]
    fn never_panics(line in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80), cut in 0_usize..80) {
        for wrapper in Wrapper::ALL {
            let _ = wrapper.inner(&line);
            for sample in [
                r#"{"log":"a \"b\"\n","stream":"stderr","time":"2024-05-02T12:17:25.606619951Z"}"#,
                "2016-10-06T00:17:09.669794202Z stdout F log",
                "[pod/web-1/nginx] 2024-05-02T12:17:25.606619951Z GET /",
                "\x1b[36mweb-1  | 2024-05-02T12:17:25.606619951Z GET /",
                "<14>Nov 24 10:00:00 web1 app[7]: {\"a\":1}",
            ] {
                let _ = wrapper.inner(&sample.as_bytes()[..cut.min(sample.len())]);
            }
        }
    }
}
