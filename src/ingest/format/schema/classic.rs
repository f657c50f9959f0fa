//! Fields that are computed from others when they are asked for.
//!
//! *Derived* fields belong to the event (`url.path` of an access log) and are part of documents
//! and outputs. *Classic* names are those of Logstash's patterns and of Kibana's sample data; they
//! serve queries only and never leave the machine. Both exist only where the documents have no
//! field or object of that name.

use crate::event::FieldType;

/// How a field is made from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// The same value.
    Same,
    /// The value, if it is an IP address.
    Address,
    /// A URL's path: up to `?` or `#`.
    Path,
    /// A URL's query: between `?` and `#`.
    Query,
    /// The ending of a URL's last path segment, without the dot.
    Extension,
    /// The name of a syslog severity (`3` is `err`).
    Severity,
    /// The name of a bunyan or pino level (`50` is `error`).
    Bunyan,
}

impl Make {
    /// Whether the value is the other value or a part of it, as it stands there.
    #[must_use]
    pub fn is_part(self) -> bool {
        !matches!(self, Self::Severity | Self::Bunyan)
    }
}

/// What is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// A part of the text.
    Part(std::ops::Range<usize>),
    /// A fixed name.
    Name(&'static str),
}

/// One computed field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Computed {
    /// Its name.
    pub name: &'static str,
    /// The field that it is made from.
    pub from: &'static str,
    /// How.
    pub make: Make,
    /// Its type; `Text` has a `.keyword` beside it when it is classic.
    pub kind: FieldType,
    /// Whether it is one of the classic names (else it is part of the document).
    pub classic: bool,
}

const fn derived(name: &'static str, from: &'static str, make: Make, kind: FieldType) -> Computed {
    Computed { name, from, make, kind, classic: false }
}

const fn classic(name: &'static str, from: &'static str, make: Make, kind: FieldType) -> Computed {
    Computed { name, from, make, kind, classic: true }
}

/// Every computed field, in the order in which they are made: the table says all there is to say.
/// A field exists in each format whose events have the field that it is made from. Of several
/// rows with one name the first that applies holds.
pub const COMPUTED: &[Computed] = &[
    // The journal's own names.
    derived("message", "MESSAGE", Make::Same, FieldType::Text),
    derived("host.hostname", "_HOSTNAME", Make::Same, FieldType::Keyword),
    derived("process.name", "SYSLOG_IDENTIFIER", Make::Same, FieldType::Keyword),
    derived("process.name", "_COMM", Make::Same, FieldType::Keyword),
    derived("process.pid", "_PID", Make::Same, FieldType::Long),
    derived("process.pid", "SYSLOG_PID", Make::Same, FieldType::Long),
    derived("log.level", "PRIORITY", Make::Severity, FieldType::Keyword),
    derived("systemd.unit", "_SYSTEMD_UNIT", Make::Same, FieldType::Keyword),
    // bunyan and pino write levels as numbers and texts as `msg`.
    derived("log.level", "level", Make::Bunyan, FieldType::Keyword),
    derived("source.ip", "source.address", Make::Address, FieldType::Ip),
    derived("url.path", "url.original", Make::Path, FieldType::Keyword),
    derived("url.query", "url.original", Make::Query, FieldType::Keyword),
    derived("url.extension", "url.original", Make::Extension, FieldType::Keyword),
    classic("clientip", "source.address", Make::Address, FieldType::Ip),
    classic("clientip", "source.ip", Make::Same, FieldType::Ip),
    classic("verb", "http.request.method", Make::Same, FieldType::Text),
    classic("request", "url.original", Make::Same, FieldType::Text),
    classic("httpversion", "http.version", Make::Same, FieldType::Text),
    classic("response", "http.response.status_code", Make::Same, FieldType::Text),
    classic("bytes", "http.response.body.bytes", Make::Same, FieldType::Long),
    classic("referrer", "http.request.referrer", Make::Same, FieldType::Text),
    classic("referer", "http.request.referrer", Make::Same, FieldType::Keyword),
    classic("agent", "user_agent.original", Make::Same, FieldType::Text),
    classic("extension", "url.original", Make::Extension, FieldType::Text),
    classic("request", "url.path", Make::Same, FieldType::Text),
    classic("extension", "url.path", Make::Extension, FieldType::Text),
    classic("host", "url.domain", Make::Same, FieldType::Text),
    classic("program", "process.name", Make::Same, FieldType::Text),
    classic("pid", "process.pid", Make::Same, FieldType::Text),
];

/// What the field holds, from the text of the other; `None` if it has no value.
#[must_use]
pub fn make(how: Make, value: &[u8]) -> Option<Made> {
    match how {
        Make::Severity => severity(std::str::from_utf8(value).ok()?.parse().ok()?),
        Make::Bunyan => None,
        _ => part(how, value).map(Made::Part),
    }
}

/// What the field holds, from the number of the other.
#[must_use]
pub fn make_number(how: Make, value: i64) -> Option<Made> {
    match how {
        Make::Same => Some(Made::Part(0..0)),
        Make::Severity => severity(value),
        Make::Bunyan => Some(Made::Name(match value {
            10 => "trace",
            20 => "debug",
            30 => "info",
            40 => "warn",
            50 => "error",
            60 => "fatal",
            _ => return None,
        })),
        Make::Address | Make::Path | Make::Query | Make::Extension => None,
    }
}

fn severity(number: i64) -> Option<Made> {
    const NAMES: [&str; 8] =
        ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
    NAMES.get(usize::try_from(number).ok()?).map(|name| Made::Name(name))
}

fn part(how: Make, value: &[u8]) -> Option<std::ops::Range<usize>> {
    match how {
        Make::Same => Some(0..value.len()),
        Make::Address => std::str::from_utf8(value)
            .ok()?
            .parse::<std::net::IpAddr>()
            .ok()
            .map(|_| 0..value.len()),
        Make::Path => {
            let range = path(value);
            (!range.is_empty()).then_some(range)
        }
        Make::Query => {
            let end = memchr::memchr(b'#', value).unwrap_or(value.len());
            let start = memchr::memchr(b'?', &value[..end])? + 1;
            (start < end).then_some(start..end)
        }
        Make::Extension => {
            let path = path(value);
            let name = memchr::memrchr(b'/', &value[path.clone()])
                .map_or(path.start, |at| path.start + at + 1);
            let dot = name + memchr::memrchr(b'.', &value[name..path.end])?;
            let ending = &value[dot + 1..path.end];
            let plausible =
                (1..=10).contains(&ending.len()) && ending.iter().all(u8::is_ascii_alphanumeric);
            plausible.then_some(dot + 1..path.end)
        }
        Make::Severity | Make::Bunyan => None,
    }
}

/// The path of a request target; absolute URLs (of proxies) without scheme and host.
fn path(value: &[u8]) -> std::ops::Range<usize> {
    let end = value.iter().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(value.len());
    let start = match memchr::memmem::find(&value[..end], b"://") {
        Some(at) if !value[..at].contains(&b'/') => {
            memchr::memchr(b'/', &value[at + 3..end]).map_or(end, |slash| at + 3 + slash)
        }
        _ => 0,
    };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(how: Make, value: &str, expected: Option<&str>) {
        let got = make(how, value.as_bytes()).map(|made| match made {
            Made::Part(range) => &value[range],
            Made::Name(name) => name,
        });
        assert_eq!(got, expected, "{how:?} of {value}");
    }

    #[test]
    fn parts_of_a_url() {
        check(Make::Path, "/a/b.css?x=1#f", Some("/a/b.css"));
        check(Make::Path, "http://host/a?b", Some("/a"));
        check(Make::Path, "http://host", None);
        check(Make::Path, "/go?to=http://host/a", Some("/go"));
        check(Make::Path, "*", Some("*"));
        check(Make::Query, "/a?x=1&y=2#f", Some("x=1&y=2"));
        check(Make::Query, "/a?", None);
        check(Make::Query, "/a", None);
        check(Make::Extension, "/a.d/b.css?x=1.png", Some("css"));
        check(Make::Extension, "/a.d/b", None);
        check(Make::Extension, "/opensearch-1.0.0.tar.gz", Some("gz"));
        check(Make::Extension, "/wp-login.phpwithaverylongname", None);
    }

    #[test]
    fn levels() {
        check(Make::Severity, "3", Some("err"));
        check(Make::Severity, "9", None);
        check(Make::Severity, "x", None);
        assert_eq!(make_number(Make::Bunyan, 50), Some(Made::Name("error")));
        assert_eq!(make_number(Make::Bunyan, 3), None);
    }

    #[test]
    fn addresses() {
        check(Make::Address, "10.0.0.1", Some("10.0.0.1"));
        check(Make::Address, "::1", Some("::1"));
        check(Make::Address, "www.example.org", None);
    }
}
