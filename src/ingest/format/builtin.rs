//! The built-in text formats: one Logstash filter configuration each, with what is needed to
//! recognise a line cheaply.

use super::stamp::{Clock, Shape};
use crate::time::Zone;

/// How lines that do not begin a record of the format are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joining {
    /// Every line is a record unless it looks like a continuation (indented, `Caused by:` ...).
    Lines,
    /// Only lines that look like the format begin records; all others continue.
    Starts,
}

/// One built-in text format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Builtin {
    /// The name for `--format`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// The configuration.
    pub config: &'static str,
    /// `event.dataset` of its records.
    pub dataset: &'static str,
    /// How records are joined.
    pub joining: Joining,
    /// A cheap necessary condition of a record's first line, also the test for where records start.
    pub probe: fn(&[u8]) -> bool,
    /// Fields whose values do not stand in the record.
    pub made: &'static [&'static str],
    /// A line of it.
    pub example: &'static str,
}

/// Every built-in text format; of two that fit equally many lines the earlier is taken.
pub(super) const BUILTIN: &[Builtin] = &[
    Builtin {
        name: "access",
        title: "nginx/Apache access",
        config: include_str!("../../../pipelines/access.conf"),
        dataset: "nginx.access",
        joining: Joining::Lines,
        probe: access,
        made: &[],
        example: r#"203.0.113.9 - - [24/Nov/2025:10:00:00 +0000] "GET /cart HTTP/1.1" 200 512 "-" "curl/8.5.0""#,
    },
    Builtin {
        name: "access-vhost",
        title: "nginx/Apache access with virtual host",
        config: include_str!("../../../pipelines/access-vhost.conf"),
        dataset: "apache.access",
        joining: Joining::Lines,
        probe: access,
        made: &[],
        example: r#"shop.example.org:443 203.0.113.9 - - [24/Nov/2025:10:00:00 +0000] "GET /cart HTTP/1.1" 200 512 "-" "curl/8.5.0""#,
    },
    Builtin {
        name: "access-main",
        title: "nginx access, status before the request",
        config: include_str!("../../../pipelines/access-main.conf"),
        dataset: "nginx.access",
        joining: Joining::Lines,
        probe: access,
        made: &[],
        example: r#"203.0.113.9 - - [24/Nov/2025:10:00:00 +0000]  200 "GET /cart HTTP/1.1" 512 "-" "curl/8.5.0""#,
    },
    Builtin {
        name: "access-timed",
        title: "Apache access with microseconds",
        config: include_str!("../../../pipelines/access-timed.conf"),
        dataset: "apache.access",
        joining: Joining::Lines,
        probe: access,
        made: &[],
        example: r#"203.0.113.9 - - [24/Nov/2025:10:00:00 +0000] 8840 "GET /cart HTTP/1.1" 500 17 "-" "curl/8.5.0""#,
    },
    Builtin {
        name: "nginx-error",
        title: "nginx error",
        config: include_str!("../../../pipelines/nginx-error.conf"),
        dataset: "nginx.error",
        joining: Joining::Starts,
        probe: nginx_error,
        made: &[],
        example: r#"2025/11/24 10:00:00 [error] 31#31: *7 connect() failed (111: Connection refused) while connecting to upstream, client: 203.0.113.9, server: shop.example.org, request: "GET /cart HTTP/1.1", host: "shop.example.org""#,
    },
    Builtin {
        name: "apache-error",
        title: "Apache error",
        config: include_str!("../../../pipelines/apache-error.conf"),
        dataset: "apache.error",
        joining: Joining::Lines,
        probe: apache_error,
        made: &[],
        example: "[Mon Nov 24 10:00:00.123456 2025] [core:error] [pid 31:tid 47] [client 203.0.113.9:5555] AH00037: Symbolic link not allowed",
    },
    Builtin {
        name: "syslog-5424",
        title: "syslog (RFC 5424)",
        config: include_str!("../../../pipelines/syslog-5424.conf"),
        dataset: "system.syslog",
        joining: Joining::Lines,
        probe: syslog_5424,
        made: &[],
        example: r#"<165>1 2025-11-24T10:00:00.003Z web1 app 8710 ID47 [origin ip="203.0.113.9"] started"#,
    },
    Builtin {
        name: "syslog",
        title: "syslog",
        config: include_str!("../../../pipelines/syslog.conf"),
        dataset: "system.syslog",
        joining: Joining::Lines,
        probe: syslog,
        made: &[],
        example: "Nov 24 10:00:00 web1 sshd[8710]: Accepted publickey for ada from 203.0.113.9 port 50022",
    },
    Builtin {
        name: "pipe",
        title: "LEVEL|LOGGER|TIMESTAMP|MESSAGE",
        config: include_str!("../../../pipelines/pipe.conf"),
        dataset: "pt",
        joining: Joining::Starts,
        probe: pipe,
        made: &["stream", "app_module", "group"],
        example: "ERROR|apps.parcels.views|2025-11-24T10:00:00.123|Parcel 416525 has no tracking code",
    },
    Builtin {
        name: "python",
        title: "Python logging",
        config: include_str!("../../../pipelines/python.conf"),
        dataset: "python.log",
        joining: Joining::Starts,
        probe: python,
        made: &[],
        example: "2025-11-24 10:00:00,098 - shop.cart - ERROR - division by zero",
    },
    Builtin {
        name: "klog",
        title: "klog",
        config: include_str!("../../../pipelines/klog.conf"),
        dataset: "kubernetes.log",
        joining: Joining::Starts,
        probe: klog,
        made: &[],
        example: r#"I1124 10:00:00.597069       1 descheduler.go:169] "Number of evicted pods" totalEvicted=0"#,
    },
    Builtin {
        name: "log4j",
        title: "log4j/logback",
        config: include_str!("../../../pipelines/log4j.conf"),
        dataset: "java.log",
        joining: Joining::Starts,
        probe: log4j,
        made: &[],
        example: "2025-11-24 10:00:00,747 INFO [main] org.example.Shop: started in 2.1 seconds",
    },
    Builtin {
        name: "syslog-iso",
        title: "syslog, ISO times",
        config: include_str!("../../../pipelines/syslog-iso.conf"),
        dataset: "system.syslog",
        joining: Joining::Lines,
        probe: syslog_iso,
        made: &[],
        example: "2025-11-24T10:00:00.003412+00:00 web1 sshd[8710]: Accepted publickey for ada",
    },
    Builtin {
        name: "dmesg",
        title: "kernel ring buffer",
        config: include_str!("../../../pipelines/dmesg.conf"),
        dataset: "system.kernel",
        joining: Joining::Lines,
        probe: dmesg,
        made: &[],
        example: "[   12.345678] usb 1-1: new high-speed USB device number 2 using xhci_hcd",
    },
];

const CLOCK: Clock = Clock { zone: Zone::UTC, year: 2024 };

fn stamped(line: &[u8], shape: Shape) -> Option<usize> {
    // A leap day must not depend on the year that is taken; 2024 has one.
    shape.read(line, &CLOCK).map(|stamp| stamp.len)
}

/// `[dd/Mon/yyyy:` within the first kilobyte and a quote after it.
fn access(line: &[u8]) -> bool {
    let reach = &line[..line.len().min(1024)];
    memchr::memchr_iter(b'[', reach).any(|at| {
        let rest = &line[at + 1..];
        rest.len() > 20
            && rest[2] == b'/'
            && rest[6] == b'/'
            && rest[11] == b':'
            && rest[0].is_ascii_digit()
    }) && memchr::memchr(b'"', line).is_some()
}

fn nginx_error(line: &[u8]) -> bool {
    line.len() > 24
        && line[4] == b'/'
        && line[19..].starts_with(b" [")
        && stamped(line, Shape::Iso) == Some(19)
        && memchr::memchr(b'#', &line[21..]).is_some()
}

fn apache_error(line: &[u8]) -> bool {
    line.first() == Some(&b'[')
        && stamped(&line[1..], Shape::Ctime).is_some_and(|len| line[len + 1..].starts_with(b"] ["))
}

fn syslog_5424(line: &[u8]) -> bool {
    let Some(rest) = priority(line) else { return false };
    rest.first().is_some_and(|byte| matches!(byte, b'1'..=b'9')) && rest.get(1) == Some(&b' ')
}

fn syslog(line: &[u8]) -> bool {
    stamped(priority(line).unwrap_or(line), Shape::Syslog).is_some()
}

/// The line after its `<priority>`.
fn priority(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"<")?;
    let digits = rest.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0 && rest.get(digits) == Some(&b'>')).then(|| &rest[digits + 1..])
}

fn syslog_iso(line: &[u8]) -> bool {
    let line = priority(line).unwrap_or(line);
    // Only the `T` form: a space would make the time of day the host.
    line.get(10) == Some(&b'T') && stamped(line, Shape::Iso).is_some_and(|len| len > 16)
}

fn pipe(line: &[u8]) -> bool {
    let word = line.iter().take(12).take_while(|byte| byte.is_ascii_uppercase()).count();
    if word == 0 || line.get(word) != Some(&b'|') {
        return false;
    }
    let rest = &line[word + 1..];
    memchr::memchr(b'|', rest).is_some_and(|at| rest.get(at + 5) == Some(&b'-'))
}

fn python(line: &[u8]) -> bool {
    if let Some(len) = stamped(line, Shape::Iso) {
        let rest = &line[len..];
        return len > 16 && (rest.starts_with(b" - ") || rest.starts_with(" — ".as_bytes()));
    }
    [&b"DEBUG:"[..], b"INFO:", b"WARNING:", b"ERROR:", b"CRITICAL:"]
        .iter()
        .any(|level| line.starts_with(level))
}

fn klog(line: &[u8]) -> bool {
    line.len() > 22
        && matches!(line[0], b'I' | b'W' | b'E' | b'F')
        && line[1..5].iter().all(u8::is_ascii_digit)
        && line[5] == b' '
        && line[8] == b':'
        && line[14] == b'.'
}

fn log4j(line: &[u8]) -> bool {
    let inner = line.strip_prefix(b"[").unwrap_or(line);
    let len = stamped(inner, Shape::Iso)
        .filter(|len| *len > 16)
        .or_else(|| stamped(inner, Shape::ShortYear))
        .or_else(|| compact(inner));
    let Some(len) = len else { return false };
    let rest = &inner[len..inner.len().min(len + 200)];
    let levels: [&[u8]; 6] = [b"TRACE", b"DEBUG", b"INFO", b"WARN", b"ERROR", b"FATAL"];
    levels.iter().any(|level| memchr::memmem::find(rest, level).is_some())
}

/// `081109 203615`: HDFS's date and time of day.
fn compact(line: &[u8]) -> Option<usize> {
    let digits = |range: std::ops::Range<usize>| {
        line.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    (digits(0..6) && line.get(6) == Some(&b' ') && digits(7..13) && line.get(13) == Some(&b' '))
        .then_some(13)
}

fn dmesg(line: &[u8]) -> bool {
    let line = priority(line).unwrap_or(line);
    let Some(rest) = line.strip_prefix(b"[") else { return false };
    let Some(end) = memchr::memchr(b']', &rest[..rest.len().min(40)]) else { return false };
    let stamp = rest[..end].trim_ascii();
    let uptime =
        stamp.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') && stamp.contains(&b'.');
    (uptime || stamped(stamp, Shape::Ctime) == Some(stamp.len()))
        && rest.get(end + 1) == Some(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_pass_their_probes() {
        for format in BUILTIN {
            assert!((format.probe)(format.example.as_bytes()), "{}", format.name);
        }
    }

    /// The grok patterns of a configuration, without its own definitions.
    fn patterns(config: &'static str) -> Vec<&'static str> {
        let quoted = |line: &'static str| line.get(line.find('\'')? + 1..line.rfind('\'')?);
        let lines = config
            .lines()
            .filter(|line| !line.trim_start().starts_with('#') && line.contains("%{"));
        lines
            .filter_map(quoted)
            .filter(|text| text.starts_with("(?m)\\A") || text.starts_with("^%{NOTSPACE"))
            .collect()
    }

    #[test]
    fn patterns_are_taken_apart_in_one_pass() {
        let mut library = crate::grok::Library::builtin(crate::grok::Ecs::V8);
        library.add("HTTPSTATUS", "[1-5][0-9]{2}");
        let mut slow = Vec::new();
        for format in BUILTIN {
            for text in patterns(format.config) {
                let pattern = crate::grok::Pattern::compile(text, &library, &|_: &str| true)
                    .expect("compiles");
                if !pattern.is_scanned() {
                    slow.push(format.name);
                }
            }
        }
        // Optional parts before free text, and names with blanks: rare.
        assert_eq!(slow, ["apache-error", "syslog"]);
    }

    #[test]
    fn probes_refuse_continuations() {
        for line in [
            "",
            " at org.example.Shop(Shop.java:1)",
            "Traceback (most recent call last):",
            "}",
            "Caused by: x",
            "[",
            "<",
            "<1",
            "I1124",
            "ERROR|",
            "|||",
            "[Mon",
            "2025-11-24",
            "Jan",
            "[]",
            "[ 1.2]",
        ] {
            for format in BUILTIN {
                assert!(!(format.probe)(line.as_bytes()), "{} {line}", format.name);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn probes_never_panic(line in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            for format in BUILTIN {
                let _ = (format.probe)(&line);
                let cut = format.example.len() * line.len() / 60;
                let _ = (format.probe)(&format.example.as_bytes()[..cut]);
            }
        }
    }
}
